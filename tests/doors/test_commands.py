"""Commands at the doors: which are refused, and how a repeat and a version are taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas import commands as c
from schemas.names import STAFF
from tests.doors.driving import Api
from tests.doors.refusing import refused
from tests.support.world import MemoryWorld, rules_of


def raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def test_a_command_that_the_state_does_not_allow(api: Api) -> None:
    # given a case that waits for its department to take it
    case = api.file().dispatched()
    officer = api.bearer("officer", department=case.unit)

    # when the reply comes before the claim
    answer = refused(
        *(api, "POST", f"{case.desk_path}/reply", 409, "state"),
        raw=raw({"outcome": "resolved", "text": "好了"}),
        headers=officer,
    )

    # then it says where the case is and what may be done instead
    assert answer.body["state"] == "ASSIGNED"
    assert answer.body["version"] == 2
    assert "claim" in answer.body["allowed"]
    assert "reply" not in answer.body["allowed"]
    assert "已交办" in answer.body["detail"]
    assert "答复" in answer.body["detail"]


def test_a_rating_before_there_is_an_answer(api: Api) -> None:
    case = api.file().dispatched()

    answer = refused(
        *(api, "POST", f"{case.path}/rating", 409, "state"),
        raw=raw({"contacted": True, "resolved": "yes", "overall": 5}),
        headers=case.opened,
    )

    assert {"message", "urge", "withdraw"} <= set(answer.body["allowed"])


def test_two_officers_claim_and_one_is_told(api: Api) -> None:
    case = api.file().dispatched()
    assert case.desk("claim", subject="first").status == 200
    second = api.bearer("officer", subject="second", department=case.unit)

    answer = refused(api, "POST", f"{case.desk_path}/claim", 409, "state", headers=second)

    assert answer.body["state"] == "HANDLING"


@pytest.mark.parametrize("name", ["approve", "rate", "file", "tick", "route", "CLAIM", "claim%20"])
def test_a_command_that_there_is_none(api: Api, name: str) -> None:
    case = api.file()
    headers = api.bearer("dispatcher")

    refused(api, "POST", f"{case.desk_path}/{name}", 404, "unknown_command", headers=headers)


@pytest.mark.parametrize(
    ("command", "body", "pointers"),
    [
        ("decline", {"reason": "judicial", "text": "已立案"}, ["/path"]),
        ("decline", {"reason": "rude", "path": "court", "text": "不"}, ["/reason"]),
        ("request-info", {}, ["/text"]),
        ("request-info", {"text": "\u0007"}, ["/text"]),
        ("hand-over", {"service": "911", "receipt": "A1"}, ["/service"]),
        ("hand-over", {"service": "119", "receipt": ""}, ["/receipt"]),
        ("answer", {"article": "KB 1", "article_version": 1, "text": "好"}, ["/article"]),
        ("answer", {"article": "KB1", "article_version": "1", "text": "好"}, ["/article_version"]),
        ("dispatch", {}, ["/unit"]),
        ("dispatch", {"unit": "城管"}, ["/unit"]),
        ("reclassify", {}, [""]),
        ("delegate", {}, ["/unit"]),
        ("delegate", {"unit": "听雨街道"}, ["/unit"]),
        ("recall", {"unit": "tingyu"}, ["/unit"]),
        ("assign-officer", {"officer": ""}, ["/officer"]),
        ("assign-officer", {"officer": "x" * 129}, ["/officer"]),
        ("arbitrate", {"units": ["chengguan"], "text": "争"}, ["/units"]),
        ("arbitrate", {"units": list("abcdefg"), "text": "争"}, ["/units"]),
        ("arbitrate", {"units": ["chengguan", "gongshui"]}, ["/text"]),
        ("state-position", {"text": "  "}, ["/text"]),
        ("designate", {"unit": "chengguan"}, ["/text"]),
        ("claim", {"officer": "me"}, ["/officer"]),
        ("return", {"reason": "not_our_duty"}, ["/text"]),
        ("decide-return", {"approve": "yes"}, ["/approve"]),
        ("decide-return", {"approve": 1}, ["/approve"]),
        ("contact", {"how": "pigeon", "result": "reached"}, ["/how"]),
        ("message", {"text": "字" * 5_001}, ["/text"]),
        ("note", {"text": None}, ["/text"]),
        ("reveal", {"reason": "curious"}, ["/reason"]),
        ("reply", {"outcome": "done", "text": "好"}, ["/outcome"]),
        ("decide-reply", {"approve": False}, [""]),
        ("close", {"explanation": "lawful"}, ["/text"]),
        ("decide-objection", {"grant": None, "text": "不"}, ["/grant"]),
    ],
)
def test_a_faulty_body(api: Api, command: str, body: dict[str, Any], pointers: list[str]) -> None:
    case = api.file()

    refused(
        *(api, "POST", f"{case.desk_path}/{command}", 422, "invalid", pointers),
        raw=raw(body),
        headers=api.bearer("supervisor"),
    )


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/contacted", "/resolved", "/overall"]),
        ({"contacted": 1, "resolved": "yes", "overall": 5}, ["/contacted"]),
        ({"contacted": True, "resolved": "maybe", "overall": 5}, ["/resolved"]),
        ({"contacted": True, "resolved": "yes", "overall": 0}, ["/overall"]),
        ({"contacted": True, "resolved": "yes", "overall": 6}, ["/overall"]),
        ({"contacted": True, "resolved": "yes", "overall": 4.5}, ["/overall"]),
        ({"contacted": True, "resolved": "yes", "overall": "5"}, ["/overall"]),
        (
            {"contacted": True, "resolved": "yes", "overall": 5, "stars": {"speed": 9}},
            ["/stars/speed"],
        ),
        (
            {"contacted": True, "resolved": "no", "overall": 1, "reasons": ["late", "x"]},
            ["/reasons/1"],
        ),
        (
            {"contacted": True, "resolved": "no", "overall": 1, "reasons": ["late"] * 8},
            ["/reasons"],
        ),
    ],
)
def test_a_faulty_rating(api: Api, body: dict[str, Any], pointers: list[str]) -> None:
    case = api.file().answered()

    refused(
        *(api, "POST", f"{case.path}/rating", 422, "invalid", pointers),
        raw=raw(body),
        headers=case.opened,
    )


@pytest.mark.parametrize(
    ("body", "code", "pointers"),
    [
        ({"unit": "nobody", "category": "0101"}, "unknown_unit", ["/unit"]),
        ({"unit": "yuanlin", "category": "0101"}, "retired_unit", ["/unit"]),
        ({"unit": "zhujian", "category": "9999"}, "unknown_category", ["/category"]),
        ({"unit": "zhujian"}, "category_needed", ["/category"]),
    ],
)
def test_a_dispatch_to_nowhere(
    api: Api, body: dict[str, str], code: str, pointers: list[str]
) -> None:
    # given a case that a person must dispatch, without a category
    case = api.file(text="这件事不知道该找谁，请告诉我。", category=None)
    api.world.dispatcher.route(case.number)

    refused(
        *(api, "POST", f"{case.desk_path}/dispatch", 422, code, pointers),
        raw=raw(body),
        headers=api.bearer("dispatcher"),
    )


def test_a_return_to_the_unit_that_asks(api: Api) -> None:
    case = api.file().claimed()

    refused(
        *(api, "POST", f"{case.desk_path}/return", 409, "same_unit", ["/unit"]),
        raw=raw({"reason": "not_our_duty", "unit": case.unit, "text": "不归我们"}),
        headers=api.bearer("officer", department=case.unit),
    )


def test_whoever_drafted_the_reply_does_not_let_it_out(api: Api, world: MemoryWorld) -> None:
    # given a city that reviews every reply, and somebody with two roles
    world.rules = rules_of(reply_review="all")
    case = api.file().claimed()
    assert case.desk("reply", {"outcome": "resolved", "text": "好了"}, subject="two").status == 200
    both = api.bearer("supervisor", subject="two")

    refused(
        *(api, "POST", f"{case.desk_path}/decide-reply", 409, "same_person"),
        raw=raw({"approve": True}),
        headers=both,
    )


@pytest.mark.parametrize(
    ("command", "role"),
    [
        *(("urge", role) for role in sorted(STAFF - {"agent"})),
        *(("close", role) for role in sorted(STAFF - {"supervisor"})),
        *(("answer", role) for role in sorted(STAFF - {"agent", "moderator", "dispatcher"})),
    ],
)
def test_a_role_without_the_command(api: Api, role: str, command: str) -> None:
    case = api.file().dispatched()
    example = {
        "close": {"explanation": "lawful", "text": "合法"},
        "answer": {"article": "KB1", "article_version": 1, "text": "好"},
        "urge": {},
    }[command]

    refused(
        *(api, "POST", f"{case.desk_path}/{command}", 403, "role"),
        raw=raw(example),
        headers=api.bearer(role, department=case.unit),
    )


def test_support_for_what_is_not_public(api: Api) -> None:
    case = api.file()

    refused(
        *(api, "POST", f"{case.path}/support", 409, "not_public"),
        headers=api.bearer("citizen", subject="neighbour"),
    )


def test_support_for_ones_own_case(api: Api) -> None:
    # given one's own case on the public board
    mine = api.bearer("citizen", subject="me")
    body = {"text": "路灯坏了", "category": "0205", "publishable": True, "kind": "complaint"}
    number = api.post("/v1/cases", body, headers=mine).body["case_number"]
    api.world.dispatcher.route(number)
    publish = f"/v1/desk/cases/{number}/publish"
    assert api.post(publish, headers=api.bearer("moderator")).status == 200

    refused(api, "POST", f"/v1/cases/{number}/support", 409, "own_case", headers=mine)

    # and a neighbour counts once, however often
    neighbour = api.bearer("citizen", subject="neighbour")
    for _ in range(2):
        answer = api.post(f"/v1/cases/{number}/support", headers=neighbour)
        assert answer.body["supports"] == 1


# -- repeats and versions ---------------------------------------------------------------------


@pytest.mark.parametrize("written", ["abc", '"x"', '"1", "2"', "-1", "1.5", '"9999999999"', "１"])
def test_an_if_match_that_is_no_version(api: Api, written: str) -> None:
    case = api.file().dispatched()
    headers = api.bearer("officer", department=case.unit) | {"If-Match": written}

    refused(
        *(api, "POST", f"{case.desk_path}/claim", 400, "if_match_invalid", ["If-Match"]),
        headers=headers,
    )


def test_a_stale_version(api: Api) -> None:
    case = api.file().dispatched()
    headers = api.bearer("officer", department=case.unit) | {"If-Match": '"1"'}

    answer = refused(api, "POST", f"{case.desk_path}/claim", 412, "stale", headers=headers)

    assert answer.body["version"] == 2
    assert answer.body["state"] == "ASSIGNED"


@pytest.mark.parametrize("written", ['"2"', "2", 'W/"2"', "*", None])
def test_a_version_that_fits(api: Api, written: str | None) -> None:
    case = api.file().dispatched()
    headers = api.bearer("officer", department=case.unit) | {"If-Match": written}

    answer = api.post(f"{case.desk_path}/claim", headers=headers)

    assert answer.status == 200
    assert answer.headers["ETag"] == '"3"'


def test_a_repeat_is_known_before_its_version_is_looked_at(api: Api) -> None:
    # given a claim whose answer was lost
    case = api.file().dispatched()
    headers = api.bearer("officer", department=case.unit)
    headers |= {"If-Match": '"2"', "Idempotency-Key": "lost"}
    first = api.post(f"{case.desk_path}/claim", headers=headers)
    stored = api.stored()

    # when it is sent again, word for word
    again = api.post(f"{case.desk_path}/claim", headers=headers)

    # then it is answered as before, and nothing happens twice
    assert (again.status, again.body) == (200, first.body)
    assert api.stored() == stored


def test_a_key_that_another_command_has_used(api: Api) -> None:
    case = api.file().claimed()
    headers = api.bearer("officer", department=case.unit, subject="li")
    headers |= {"Idempotency-Key": "once"}
    first = api.post(f"{case.desk_path}/note", {"text": "一"}, headers=headers)
    assert first.status == 200

    refused(
        *(api, "POST", f"{case.desk_path}/note", 422, "key_reused"),
        raw=raw({"text": "二"}),
        headers=headers,
    )
    refused(
        *(api, "POST", f"{case.desk_path}/reply", 422, "key_reused"),
        raw=raw({"outcome": "resolved", "text": "一"}),
        headers=headers,
    )


def test_every_command_needs_a_key(api: Api) -> None:
    case = api.file()
    headers = api.bearer("supervisor") | {"Idempotency-Key": None}

    for command in c.DESK_COMMANDS:
        path = f"{case.desk_path}/{command}"
        refused(api, "POST", path, 400, "key_missing", ["Idempotency-Key"], headers=headers)
