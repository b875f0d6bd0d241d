"""HTTP in front of the functions, as API Gateway would have it."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.gateway import LARGEST_BODY, LARGEST_EVENT
from infra.local.stack import Stack
from tests.local import ledger
from tests.local.conftest import BEGIN


def shown(stack: Stack, path: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    """The request as the door saw it."""
    assert stack.request("GET", path, headers).status == 200
    request: dict[str, Any] = ledger.noted("show")[-1]
    return request


def test_path_parameters_stay_encoded_and_the_query_is_decoded(stack: Stack) -> None:
    request = shown(stack, "/v1/cases/1817%202093?lang=%E4%B8%AD%E6%96%87&x=1&x=2&empty=")

    assert request["uri_params"] == {"case_number": "1817%202093"}
    assert request["query_params"] == {"lang": "中文", "x": "2", "empty": ""}


def test_the_request_context_says_route_source_and_the_stacks_time(stack: Stack) -> None:
    stack.request("GET", "/v1/cases/1", {"User-Agent": "a browser"}, source_ip="192.0.2.7")

    context = ledger.noted("show")[-1]["context"]
    assert context["resourcePath"] == "/v1/cases/{case_number}"
    assert context["identity"]["sourceIp"] == "192.0.2.7"
    assert context["identity"]["userAgent"] == "a browser"
    assert context["requestTimeEpoch"] == BEGIN.timestamp() * 1000
    assert context["stage"] == "live"


def test_a_literal_segment_goes_before_a_parameter(stack: Stack) -> None:
    assert stack.request("POST", "/v1/desk/cases/1/claim").json() == {"command": "claim"}
    assert stack.request("GET", "/v1/desk/cases/1").json() == {"case_number": "1"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/nowhere"),
        ("DELETE", "/v1/cases/1"),
        ("GET", "/v1/cases/1/urges"),
        ("GET", "/v1/cases//urges"),
        ("POST", "/v1/cases/1/urges/2"),
    ],
)
def test_an_unknown_path_or_method_is_refused_before_any_function(
    stack: Stack, method: str, path: str
) -> None:
    answer = stack.request(method, path)

    assert answer.status == 404
    assert answer.header("content-type") == "application/problem+json"
    assert "没有这个地址" in answer.json()["title"]
    assert "No such address" in answer.json()["title"]


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, LARGEST_EVENT + 1])
def test_a_body_over_the_limit_is_refused_in_the_templates_words(stack: Stack, size: int) -> None:
    answer = stack.request("POST", "/v1/cases", {}, b"x" * size)

    assert answer.status == answer.json()["status"] == 413


def test_a_function_that_raises_makes_a_fault_on_our_side(stack: Stack) -> None:
    # Chalice turns what a view raises into an answer of its own.
    assert stack.request("GET", "/v1/catalogue").status == 500


def test_an_answer_that_is_none_makes_a_fault_on_our_side(stack: Stack) -> None:
    answer = stack.request("GET", "/v1/desk/worklist")

    assert answer.status == 502
    assert "系统暂时出错" in answer.json()["title"]


def test_binary_answers_and_repeated_headers_arrive_whole(stack: Stack) -> None:
    answer = stack.request("GET", "/v1/health", {"Accept": "image/png"})

    assert answer.body == b"\x00\xff"
    assert [value for name, value in answer.headers if name == "X-Two"] == ["a", "b"]


def test_a_body_that_is_no_text_reaches_the_function_as_replaced_text(stack: Stack) -> None:
    answer = stack.request("POST", "/v1/cases", {"Content-Type": "application/json"}, b'{"\xff')

    assert answer.status == 400
