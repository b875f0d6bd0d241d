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

ASKED = {"reason": "complex", "text": "材料未到"}
PHOTO = {"kind": "photo", "reference": "P-1"}
PROVEN = {"outcome": "resolved", "text": "好了"}


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
        # dates
        ("ask-extension", ASKED | {"until": "2026-02-30"}, ["/until"]),
        ("ask-extension", ASKED | {"until": "2026-10-30T08:00:00Z"}, ["/until"]),
        ("ask-extension", ASKED | {"until": 20261030}, ["/until"]),
        ("ask-extension", ASKED | {"until": "３０ Oct"}, ["/until"]),
        ("ask-extension", ASKED | {"until": None}, ["/until"]),
        ("ask-suspension", {"reason": "rain", "until": "2026-10-30", "text": "雨"}, ["/reason"]),
        ("issue-order", {"due": "tomorrow", "text": "办"}, ["/due"]),
        ("promise", {"until": "0000-00-00", "text": "好"}, ["/until"]),
        ("promise", {"until": "9999-12-31", "text": "好"}, ["/until"]),
        # what goes together
        ("decide-extension", {"approve": False}, [""]),
        ("decide-suspension", {"approve": False}, [""]),
        ("decide-unmasking", {"approve": False}, [""]),
        ("decide-termination", {"approve": True}, ["/text"]),
        ("ask-termination", {"reason": "reason_to_decline", "text": "已立案"}, [""]),
        ("reply", {"outcome": "promised", "text": "会修"}, [""]),
        ("reply", {"outcome": "resolved", "text": "好", "until": "2026-10-30"}, [""]),
        ("reply", {"outcome": "not_supported", "text": "不行"}, [""]),
        ("reply", {"outcome": "resolved", "text": "好", "policy": "〔2020〕1号"}, [""]),
        ("keep-promise", {"outcome": "adopted", "text": "好"}, ["/outcome"]),
        ("resolve-alert", {"alert": "hazard-3", "service": "119", "text": "去了"}, [""]),
        # lists
        ("reply", PROVEN | {"evidence": [PHOTO] * 21}, ["/evidence"]),
        (
            "reply",
            PROVEN | {"evidence": [{"kind": "film", "reference": "A"}]},
            ["/evidence/0/kind"],
        ),
        (
            "reply",
            PROVEN | {"evidence": [{"kind": "photo", "reference": "A B"}]},
            ["/evidence/0/reference"],
        ),
        ("ask-assistance", {"units": [], "text": "来"}, ["/units"]),
        ("ask-assistance", {"units": ["shuiwu"] * 9, "text": "来"}, ["/units"]),
        ("ask-assistance", {"units": "shuiwu", "text": "来"}, ["/units"]),
        ("name-subjects", {"units": ["shuiwu"] * 6}, ["/units"]),
        ("name-subjects", {"persons": ["a b"]}, ["/persons/0"]),
        ("split", {"parts": []}, ["/parts"]),
        ("split", {"parts": [{"text": "一"}] * 6}, ["/parts"]),
        ("split", {"parts": [{"text": " "}]}, ["/parts/0/text"]),
        # numbers and names of what is there
        ("merge", {"case": "12345"}, ["/case"]),
        ("merge", {"case": 1902481914976595}, ["/case"]),
        ("mark-repeat", {"case": "1902481914976595"}, ["/text"]),
        ("respond-order", {"order": "the first", "text": "好"}, ["/order"]),
        ("verify-order", {"order": "order-5", "accept": "yes", "text": "好"}, ["/accept"]),
        ("acknowledge-alert", {"alert": "../etc"}, ["/alert"]),
        ("raise-alert", {"kind": "ufo"}, ["/kind"]),
        ("issue-order", {"level": 4, "text": "办"}, ["/level"]),
        ("issue-order", {"level": "2", "text": "办"}, ["/level"]),
        ("redact", {"part": "everything"}, ["/part"]),
        ("redact", {"part": "-1"}, ["/part"]),
        ("ask-unmasking", {"reason": "curious", "text": "想看"}, ["/reason"]),
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


@pytest.mark.parametrize(
    ("command", "body", "role", "status", "code", "pointers"),
    [
        # dates that cannot be kept
        *(
            ("ask-extension", ASKED | {"until": day}, "officer", 422, code, ["/until"])
            for day, code in (
                ("2026-09-01", "no_later"),
                ("2026-10-20", "no_later"),
                ("2027-10-20", "too_far"),
            )
        ),
        *(
            (
                "ask-suspension",
                {"reason": "season", "text": "汛期", "until": day},
                "head",
                422,
                code,
                ["/until"],
            )
            for day, code in (("2026-09-27", "past"), ("2028-01-01", "too_far"))
        ),
        *(
            (
                "reply",
                {"outcome": "promised", "text": "会修", "until": day},
                "officer",
                422,
                code,
                ["/until"],
            )
            for day, code in (("2026-09-27", "past"), ("2028-01-01", "too_far"))
        ),
        ("issue-order", {"due": "2026-09-27", "text": "办"}, "leader", 422, "past", ["/due"]),
        ("issue-order", {"due": "2199-12-31", "text": "办"}, "leader", 422, "too_far", ["/due"]),
        # units that cannot help
        (
            "ask-assistance",
            {"units": ["nobody"], "text": "来"},
            "head",
            422,
            "unknown_unit",
            ["/units/0"],
        ),
        (
            "ask-assistance",
            {"units": ["shuiwu", "yuanlin"], "text": "来"},
            "head",
            422,
            "retired_unit",
            ["/units/1"],
        ),
        (
            "ask-assistance",
            {"units": ["zhujian"], "text": "来"},
            "head",
            409,
            "same_unit",
            ["/units/0"],
        ),
        (
            "ask-assistance",
            {"units": ["shuiwu", "shuiwu"], "text": "来"},
            "head",
            409,
            "same_unit",
            ["/units/1"],
        ),
        ("name-subjects", {"units": ["nobody"]}, "agent", 422, "unknown_unit", ["/units/0"]),
        ("name-subjects", {}, "agent", 422, "nothing_changes", None),
        # what nobody has asked for, ordered or raised
        ("decide-extension", {"approve": True}, "supervisor", 409, "nothing_asked", None),
        ("decide-suspension", {"approve": True}, "supervisor", 409, "nothing_asked", None),
        ("decide-unmasking", {"approve": True}, "supervisor", 409, "nothing_asked", None),
        (
            "decide-assistance",
            {"unit": "shuiwu", "uphold": True, "text": "去"},
            "dispatcher",
            409,
            "nothing_asked",
            None,
        ),
        (
            "verify-order",
            {"order": "order-5", "accept": True, "text": "好"},
            "leader",
            409,
            "no_order",
            None,
        ),
        ("lift-order", {"order": "order-5", "text": "算了"}, "leader", 409, "no_order", None),
        ("acknowledge-alert", {"alert": "hazard-3"}, "agent", 409, "no_alert", None),
        (
            "resolve-alert",
            {"alert": "hazard-3", "service": "119", "receipt": "1", "text": "去了"},
            "agent",
            409,
            "no_alert",
            None,
        ),
        ("pass-on", {}, "moderator", 409, "nothing_to_pass_on", None),
        # another case that there is none
        *(
            (command, {"case": "1902481914976595"}, "dispatcher", 422, "unknown_case", ["/case"])
            for command in ("merge", "mark-recurrence")
        ),
        ("redact", {"part": "99"}, "moderator", 422, "unknown_version", ["/part"]),
        (
            "split",
            {"parts": [{"text": "一", "category": "9999"}]},
            "dispatcher",
            422,
            "unknown_category",
            None,
        ),
        # outcomes
        (
            "reply",
            {"outcome": "adopted", "text": "采纳"},
            "officer",
            422,
            "only_suggestions",
            ["/outcome"],
        ),
    ],
)
def test_what_the_whole_life_refuses(
    api: Api,
    command: str,
    body: dict[str, Any],
    role: str,
    status: int,
    code: str,
    pointers: list[str] | None,
) -> None:
    case = api.file(kind="complaint").claimed()
    claims = {"department": case.unit} if role in ("officer", "head") else {}

    refused(
        *(api, "POST", f"{case.desk_path}/{command}", status, code, pointers),
        raw=raw(body),
        headers=api.bearer(role, subject="somebody", **claims),
    )


def test_a_case_cannot_be_merged_with_itself(api: Api) -> None:
    case = api.file().claimed()

    for command in ("merge", "mark-recurrence"):
        refused(
            *(api, "POST", f"{case.desk_path}/{command}", 422, "itself", ["/case"]),
            raw=raw({"case": case.number}),
            headers=api.bearer("dispatcher"),
        )


def test_a_reply_without_the_evidence_that_its_category_asks_for(api: Api) -> None:
    case = api.file(category="0204", text="井盖破了").claimed()
    reply = {"outcome": "resolved", "text": "已换新井盖"}
    path, headers = f"{case.desk_path}/reply", api.bearer("officer", department=case.unit)

    said = refused(
        api, "POST", path, 422, "evidence_needed", ["/evidence"], raw=raw(reply), headers=headers
    )
    english = api.post(path, reply, headers=headers, language="en").body

    assert "照片" in said.body["detail"]
    assert "photo" in english["detail"]
    # and the same photo twice is one
    assert case.desk("reply", reply | {"evidence": [PHOTO, PHOTO]}).status == 200
    timeline = api.get(case.desk_path, headers=headers).body["timeline"]
    (replied,) = [entry for entry in timeline if entry["event"] == "replied"]
    assert replied["details"]["evidence"] == [PHOTO]


def test_an_order_that_is_not_there_is_told_by_those_that_are(api: Api) -> None:
    case = api.file().claimed()
    assert case.desk("issue-order", {"text": "节前办完"}, role="leader").status == 200
    order = {"order": "order-99", "text": "算了"}

    answer = refused(
        *(api, "POST", f"{case.desk_path}/lift-order", 422, "unknown_order", ["/order"]),
        raw=raw(order),
        headers=api.bearer("leader", subject="another"),
    )

    assert "order-4" in answer.body["detail"]


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
