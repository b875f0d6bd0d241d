"""The stack on a port: it moves by itself, and ends when told."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.stack import Stack
from infra.local.web import PortTakenError
from tests.local import ledger


def call(port: int, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """A request over HTTP: status and JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=data,
        method=method,
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def until(true: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_case_filed_over_http_is_dispatched_without_being_pushed(stack: Stack) -> None:
    port = stack.serve()

    status, answer = call(port, "POST", "/v1/cases", {"number": "1"})

    assert (status, answer["case_number"]) == (201, "1")
    until(lambda: ledger.noted("dispatched") == ["1"])


def test_a_failed_message_comes_again_by_itself(stack: Stack) -> None:
    port = stack.serve()

    call(port, "POST", "/v1/cases", {"number": "sour"})

    until(lambda: len(ledger.noted("dispatch")) >= 2)


def test_schedules_fire_when_the_clock_moves(stack: Stack) -> None:
    stack.serve()
    stack.advance(timedelta(minutes=2))

    until(lambda: ledger.noted("swept") == [["0"]])


def test_refusals_and_paths_come_through_the_server_unchanged(stack: Stack) -> None:
    port = stack.serve()

    assert call(port, "GET", "/v1/nowhere")[0] == 404
    assert call(port, "GET", "/v1/cases/18%2017")[1] == {"case_number": "18%2017"}


def test_a_body_over_the_limit_is_refused_by_its_announced_length(stack: Stack) -> None:
    port = stack.serve()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"POST /v1/cases HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_pages_stand_beside_the_api(stack: Stack) -> None:
    port = stack.serve(pages={"/": lambda: ("text/html; charset=utf-8", "<h1>连心</h1>")})

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        assert answer.read().decode() == "<h1>连心</h1>"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_taken_port_gets_one_clear_sentence(stack: Stack) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTakenError, match=f"Port {port} is taken.*--port {port + 1}"):
            stack.serve(port)


def test_after_the_end_nobody_answers_on_the_port(stack: Stack) -> None:
    port = stack.serve()
    call(port, "GET", "/v1/cases/1")
    stack.stop()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)


def test_code_that_cannot_be_loaded_is_told_at_once_and_the_port_given_back(
    root: Path, stack: Stack
) -> None:
    (root / "functions" / "desk" / "app.py").write_text("import nothing_of_this_name")

    with pytest.raises(ModuleNotFoundError):
        stack.serve()
    stack.stop()
