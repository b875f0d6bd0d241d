"""What a refusal tells: names instead of codes, and what to do next."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from tests.doors.driving import TEXT, Answer, Api, Case
from tests.doors.refusing import refused
from tests.support.issuer import ec_key
from tests.support.world import MemoryWorld

FILE = ("POST", "/v1/cases")


def raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def claimed_again(case: Case, language: str, role: str = "officer") -> Answer:
    headers = case.api.bearer(role, subject="second", department=case.unit)
    return case.api.post(f"{case.desk_path}/claim", headers=headers, language=language)


# -- what is possible instead -----------------------------------------------------------------


def test_what_may_be_done_instead_is_told_by_its_names(api: Api) -> None:
    case = api.file().dispatched()
    body = {"outcome": "resolved", "text": "好了"}
    path, headers = f"{case.desk_path}/reply", api.bearer("officer", department=case.unit)

    chinese = api.post(path, body, headers=headers, language="zh-CN").body
    english = api.post(path, body, headers=headers, language="en").body

    assert chinese["allowed"] == [
        *("claim", "return", "ask-assistance"),
        *("raise-alert", "reveal", "note"),
    ]
    assert (
        "现在可以：认领、申请退单、请求协办（吹哨）、发出警情提示、查看联系方式、内部备注。"
        in chinese["detail"]
    )
    assert english["detail"].endswith(
        "What is possible now: claim, ask for a return, call for assistance, raise an alert, "
        "see the contact, note."
    )
    assert "allowed" not in chinese["detail"]


def test_where_nothing_is_possible_it_says_so(api: Api, world: MemoryWorld) -> None:
    # given a case that its citizen has withdrawn, too long ago to take it up again
    case = api.file().dispatched()
    assert case.citizen("withdrawal", {"reason": "solved"}).status == 200
    world.now.advance(days=10)
    path, body = f"{case.path}/withdrawal", {"reason": "solved"}

    chinese = api.post(path, body, headers=case.opened, language="zh-CN").body
    english = api.post(path, body, headers=case.opened, language="en").body

    assert chinese["allowed"] == []
    assert chinese["detail"].endswith("现在可以：查看。")
    assert english["detail"].endswith("What is possible now: reading it.")


def test_the_second_to_claim_reads_who_was_first(api: Api) -> None:
    case = api.file().dispatched()
    assert case.desk("claim", subject="chen.yu").status == 200

    assert "（chen.yu 已认领）" in claimed_again(case, "zh-CN").body["detail"]
    assert "(claimed by chen.yu)" in claimed_again(case, "en").body["detail"]


def test_the_officers_account_is_for_the_desk_alone(api: Api) -> None:
    # given a case in the hands of an officer, and a citizen who rates too early
    case = api.file().dispatched()
    assert case.desk("claim", subject="chen.yu").status == 200
    rating = raw({"contacted": True, "resolved": "yes", "overall": 5})

    answer = refused(
        *(api, "POST", f"{case.path}/rating", 409, "state"), raw=rating, headers=case.opened
    )

    assert "chen.yu" not in answer.text


# -- names --------------------------------------------------------------------------------------


def test_a_unit_is_told_by_its_name(api: Api) -> None:
    case = api.file().claimed()
    body = {"reason": "not_our_duty", "unit": case.unit, "text": "不归我们"}
    unit = api.world.rules.city.units[case.unit or ""]

    chinese = case.desk("return", body)
    english = api.post(
        f"{case.desk_path}/return",
        body,
        headers=api.bearer("officer", department=case.unit),
        language="en",
    )

    assert f"“{unit.name}”" in chinese.body["detail"]
    assert f"“{unit.name_en}”" in english.body["detail"]
    assert unit.code not in chinese.body["detail"]


def test_who_stands_inside_the_unit_reads_its_name(api: Api) -> None:
    case = api.file().answered()
    unit = api.world.rules.city.units[case.unit or ""]
    rating = {"contacted": True, "resolved": "no", "overall": 1}
    assert case.citizen("rating", rating).body["status"] == "FOLLOW_UP"

    answer = refused(
        *(api, "POST", f"{case.desk_path}/close", 409, "own_unit"),
        raw=raw({"explanation": "lawful", "text": "合法"}),
        headers=api.bearer("supervisor", department=case.unit),
    )

    assert f"“{unit.name}”" in answer.body["detail"]


def test_a_unit_that_was_dissolved_is_told_by_its_name_and_another_asked_for(api: Api) -> None:
    case = api.file(text="这件事不知道该找谁，请告诉我。")
    unit = api.world.rules.city.units["yuanlin"]
    body = {"unit": unit.code, "category": "0101"}
    path, headers = f"{case.desk_path}/dispatch", api.bearer("dispatcher")

    chinese = refused(api, "POST", path, 422, "retired_unit", raw=raw(body), headers=headers)
    english = api.post(path, body, headers=headers, language="en")

    assert f"“{unit.name}”" in chinese.body["detail"]
    assert f"“{unit.name_en}”" in english.body["detail"]
    assert "choose another" in english.body["detail"]


def test_a_status_is_told_to_its_citizen_and_of_the_citizen_to_the_desk(api: Api) -> None:
    # given a case that waits for its citizen's words
    case = api.file(text="你好")
    api.world.dispatcher.route(case.number)
    moderator = api.bearer("moderator")
    asked = case.desk("request-info", {"text": "您想反映什么？"}, role="moderator")

    # then its citizen is spoken to, and the desk reads of the citizen
    own, seen = {"headers": case.opened}, {"headers": moderator}
    assert asked.body["status_text"] == "待诉求人补充信息"
    assert api.get(case.path, **own).body["status_text"] == "待您补充信息"
    assert api.get(case.path, language="en", **own).body["status_text"] == "Waiting for your answer"
    assert api.get(case.desk_path, **seen).body["status_text"] == "待诉求人补充信息"
    english = api.get(case.desk_path, language="en", **seen).body
    assert english["status_text"] == "Waiting for the citizen"

    # and so in a refusal
    again = raw({"text": "还有什么？"})
    path = f"{case.desk_path}/request-info"
    told = refused(api, "POST", path, 409, "state", raw=again, headers=moderator)
    assert "待诉求人补充信息" in told.body["detail"]


def test_an_answered_case_waits_for_a_rating_that_only_the_citizen_is_asked_for(api: Api) -> None:
    case = api.file().answered()
    officer = api.bearer("officer", department=case.unit)

    mine = api.get(case.path, headers=case.opened, language="en").body
    desk = api.get(case.desk_path, headers=officer, language="en").body

    assert mine["status_text"] == "Answered, please rate"
    assert desk["status_text"] == "Answered, awaiting rating"


# -- what to do next ----------------------------------------------------------------------------


def test_a_unit_that_nobody_knows_is_looked_up(api: Api) -> None:
    case = api.file(text="这件事不知道该找谁，请告诉我。")

    answer = refused(
        *(api, "POST", f"{case.desk_path}/dispatch", 422, "unknown_unit"),
        raw=raw({"unit": "nobody", "category": "0101"}),
        headers=api.bearer("dispatcher"),
    )

    assert "/v1/catalogue" in answer.body["detail"]
    assert "departments" in answer.body["detail"]


AGAIN = ("请重新登录；仍不行请联系管理员", "sign in again, and if that does not help")
NEXT_STEPS: dict[str, tuple[str, str]] = {
    "unknown_command": ("见诉求的 next", "the case's `next`"),
    "not_readable": ("请用查询码", "uses the access code"),
    "not_yours": ("请找派单员改派", "ask a dispatcher"),
    "no_consent": ("提交时填写（publishable）", "when filing (`publishable`)"),
    "if_match_invalid": ("请先 GET 诉求，用答复的 ETag", "GET the case and send its ETag"),
    "token_issuer": AGAIN,
    "token_audience": AGAIN,
    "token_key": AGAIN,
    "token_claims": AGAIN,
    "wrong_code": ("提交回执里的 6 位数字", "the 6 digits on the receipt"),
    "locked": ("由话务员核实", "call 12345"),
}


@pytest.mark.parametrize("code", NEXT_STEPS)
def test_a_refusal_says_what_to_do_next(api: Api, code: str) -> None:
    case = api.file().dispatched()
    method, path, headers = provoking(case, code)
    send = api.get if method == "GET" else api.post

    for language, step in zip(("zh-CN", "en"), NEXT_STEPS[code], strict=True):
        problem = send(path, headers=headers, language=language).body
        assert problem["code"] == code
        assert step in problem["detail"]


def provoking(case: Case, code: str) -> tuple[str, str, dict[str, str]]:
    """A request that is refused with this code: method, path, headers."""
    api = case.api
    stranger = api.bearer("officer", department="shuiwu")
    wrong = {"Access-Code": f"{(int(case.code) + 1) % 1_000_000:06d}"}
    if code.startswith("token_"):
        claims = {"token_issuer": {"iss": "https://evil.test"}, "token_audience": {"aud": "other"}}
        role = "mayor" if code == "token_claims" else "dispatcher"
        headers = api.bearer(role, **claims.get(code, {}))
        if code == "token_key":
            forged = jwt.encode(
                api.world.issuer.claims("dispatcher", "zhao"),
                ec_key(),
                algorithm="ES256",
                headers={"kid": "first"},
            )
            headers = {"Authorization": f"Bearer {forged}"}
        return "GET", case.desk_path, headers
    if code == "locked":
        for _ in range(3):
            api.get(case.path, headers=wrong)
    own = api.bearer("officer", department=case.unit)
    return {
        "unknown_command": ("POST", f"{case.desk_path}/approve", own),
        "not_readable": ("GET", case.desk_path, stranger),
        "not_yours": ("POST", f"{case.desk_path}/claim", stranger),
        "no_consent": ("POST", f"{case.desk_path}/publish", api.bearer("moderator")),
        "if_match_invalid": ("POST", f"{case.desk_path}/claim", own | {"If-Match": "latest"}),
        "wrong_code": ("GET", case.path, wrong),
        "locked": ("GET", case.path, wrong),
    }[code]


def test_half_a_character_is_to_be_removed(api: Api) -> None:
    body = rb'{"text": "\ud800"}'

    chinese = refused(api, *FILE, 422, "invalid", ["/text"], raw=body)
    english = api.post("/v1/cases", raw=body, language="en")

    assert "删除" in chinese.body["errors"][0]["detail"]
    assert "remove" in english.body["errors"][0]["detail"]


@pytest.mark.parametrize("written", ["{token}", "Token {token}", "Bearer", "Bearer  "])
def test_a_token_without_its_scheme(api: Api, world: MemoryWorld, written: str) -> None:
    token = world.issuer.token("dispatcher")
    headers = {"Authorization": written.format(token=token)}

    answer = refused(
        *(api, "GET", "/v1/desk/worklist", 401, "token_scheme"),
        headers=headers,
        query={"queue": "triage"},
    )

    assert "Bearer 和一个空格" in answer.body["detail"]
    assert token not in answer.text


def test_a_channel_that_staff_fill_in_is_to_be_left_out(api: Api) -> None:
    body = raw({"text": TEXT, "channel": "hotline"})

    answer = refused(api, *FILE, 403, "channel_staff_only", ["/channel"], raw=body)

    assert "hotline" in answer.body["detail"]
    assert "去掉 channel" in answer.body["detail"]


# -- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"place": {"lon": 180.1, "lat": 31}}, "不能大于 180"),
        ({"place": {"lon": 120, "lat": -90.5}}, "不能小于 -90"),
        (
            {
                "kind": "enquiry",
                "answer": {"article": "KB-1", "article_version": 1_000_001, "text": "好"},
            },
            "不能大于 1000000",
        ),
    ],
)
def test_a_limit_is_a_plain_number(api: Api, body: dict[str, Any], said: str) -> None:
    answer = refused(api, *FILE, 422, "invalid", raw=raw({"text": TEXT} | body))

    assert [fault["detail"] for fault in answer.body["errors"]] == [said]


# -- times --------------------------------------------------------------------------------------


def test_a_receipt_tells_the_citys_time_as_the_case_does(api: Api) -> None:
    receipt = api.post("/v1/cases", {"text": TEXT}).body

    opened = {"Access-Code": receipt["access_code"]}
    case = api.get(f"/v1/cases/{receipt['case_number']}", headers=opened).body

    assert receipt["filed_at"] == case["filed_at"]
    assert receipt["filed_at"].endswith("+08:00")
