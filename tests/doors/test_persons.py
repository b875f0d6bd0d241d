"""One citizen by text message, on the web and by mail: whose cases are shown, and who is told what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.doors.driving import NAME, PHONE, TEXT, Api, Case
from tests.doors.refusing import refused
from tests.support.faults import StepTable
from tests.support.world import MemoryWorld

MAIL = "Muqing@Example.com"
VERIFIED = {"phone_number": f"+86 {PHONE}", "phone_number_verified": True}


def muqing(api: Api) -> dict[str, str]:
    """The citizen's sign-in, with the number that her sign-in service has verified."""
    return api.bearer("citizen", subject="muqing", **VERIFIED)


def by_text_message(api: Api, **changed: Any) -> Case:
    """Filed from the citizen's phone, without any account."""
    return api.file(channel="sms", **changed)


def own(api: Api, headers: dict[str, str]) -> list[str]:
    return [one["case_number"] for one in api.get("/v1/cases", headers=headers).body["items"]]


def join(api: Api, headers: dict[str, str]) -> Any:
    answer = api.post("/v1/me/bindings", {}, headers=headers | {"Idempotency-Key": None})
    assert answer.status == 200, answer.text
    return answer.body


def separate(api: Api, headers: dict[str, str], binding: str) -> Any:
    answer = api.post(
        "/v1/me/separation", {"binding": binding}, headers=headers | {"Idempotency-Key": None}
    )
    assert answer.status == 200, answer.text
    return answer.body


def phone_in(person: Any) -> Any:
    (found,) = [one for one in person["bindings"] if one["kind"] == "phone"]
    return found


# -- the stories ---------------------------------------------------------------------------


def test_a_citizen_files_by_text_message_and_asks_on_the_web(api: Api) -> None:
    # given a case that came by text message, and its citizen, who signs in on the web
    case = by_text_message(api)
    me = muqing(api)
    assert own(api, me) == []
    refused(api, "GET", case.path, 403, "not_readable", headers=me)

    # when she joins her number, which the sign-in service has verified
    person = join(api, me)

    # then the case is hers, also where she no longer sends the number along
    assert [one["kind"] for one in person["bindings"]] == ["account", "phone"]
    later = api.bearer("citizen", subject="muqing")
    assert own(api, later) == [case.number]
    shown = api.get(case.path, headers=later)
    assert shown.status == 200
    assert {one["command"] for one in shown.body["next"]} >= {"message", "urge", "withdraw"}

    # and she can ask, be answered, and rate
    case.claimed()
    assert api.post(f"{case.path}/urges", {"text": "修好了吗？"}, headers=later).status == 200
    said = case.desk("reply", {"outcome": "resolved", "text": "电梯已修好。"})
    assert said.status == 200
    rating = {"contacted": True, "resolved": "yes", "overall": 5}
    rated = api.post(f"{case.path}/rating", rating, headers=later)
    assert (rated.status, rated.body["status"]) == (200, "CLOSED")


def test_a_number_that_was_handed_out_again(api: Api, world: MemoryWorld) -> None:
    # given a citizen with a case by the number that is hers
    old = by_text_message(api)
    before, after = muqing(api), api.bearer("citizen", subject="somebody else", **VERIFIED)
    join(api, before)

    # when she has given it up, and its next owner proves it and files by it
    world.now.advance(days=300)
    before = muqing(api)
    after = api.bearer("citizen", subject="somebody else", **VERIFIED)
    told = join(api, after)
    world.now.advance(minutes=1)
    new = by_text_message(api, text="路灯不亮")

    # then each has the own case, and may not see the other's
    assert own(api, before) == [old.number]
    assert own(api, after) == [new.number]
    refused(api, "GET", old.path, 403, "not_readable", headers=after)
    refused(api, "GET", new.path, 403, "not_readable", headers=before)
    refused(
        *(api, "POST", f"{old.path}/withdrawal", 403, "not_yours"),
        headers=after,
        raw=b'{"reason": "solved"}',
    )

    # and both can read why
    assert "此刻起" in told["records"][-1]["words"]
    mine = api.get("/v1/me", headers=before).body
    assert not phone_in(mine)["current"]
    assert [one["event"] for one in mine["records"]] == ["joined", "passed_on"]
    assert "另一人" in mine["records"][-1]["words"]


def test_a_number_that_was_joined_by_mistake(api: Api) -> None:
    """The number of a mother, on the account of her daughter."""
    case = by_text_message(api)
    me = muqing(api)
    binding = phone_in(join(api, me))["id"]

    person = separate(api, me, binding)

    assert [one["kind"] for one in person["bindings"]] == ["account"]
    assert [one["event"] for one in person["records"]] == ["joined", "separated"]
    assert own(api, me) == []
    refused(api, "GET", case.path, 403, "not_readable", headers=me)
    assert api.get(case.path, headers=case.opened).status == 200, "the access code opens it still"

    # and again, without effect
    assert separate(api, me, binding) == person


def test_one_citizen_supports_once_and_never_the_own_case(api: Api) -> None:
    # given a published case that she filed by text message
    case = by_text_message(api, publishable=True, kind="complaint").dispatched()
    assert case.desk("publish", role="moderator").status == 200
    me = muqing(api)
    join(api, me)

    refused(api, "POST", f"{case.path}/support", 409, "own_case", headers=me)

    # and a neighbour with two bindings counts once, before and after joining
    mail = {"email": "n@example.com", "email_verified": True}
    neighbour = api.bearer("citizen", subject="neighbour", **mail)
    assert api.post(f"{case.path}/support", headers=neighbour).body["supports"] == 1
    join(api, neighbour)
    assert api.post(f"{case.path}/support", headers=neighbour).body["supports"] == 1


def test_cases_of_the_account_and_of_the_phone_come_in_one_list(
    api: Api, world: MemoryWorld
) -> None:
    # given cases filed in turn by text message and on the web, more than a page holds
    filed, me = [], muqing(api)
    for place in range(23):
        world.now.advance(minutes=1)
        if place % 2:
            answer = api.post("/v1/cases", {"text": f"第{place}件"}, headers=me)
            filed.append(answer.body["case_number"])
        else:
            filed.append(by_text_message(api, text=f"第{place}件").number)
    join(api, me)

    first = api.get("/v1/cases", headers=me).body
    second = api.get("/v1/cases", headers=me, query={"cursor": first["cursor"]}).body

    assert "cursor" not in second
    got = [one["case_number"] for one in (*first["items"], *second["items"])]
    assert got == filed[::-1]


# -- what a person is shown ----------------------------------------------------------------


def test_who_joined_nothing_is_the_account_alone(api: Api) -> None:
    person = api.get("/v1/me", headers=muqing(api)).body

    (account,) = person["bindings"]
    assert (account["kind"], account["how"], account["current"]) == ("account", "account", True)
    assert "joined_at" not in account
    assert person["records"] == []
    assert api.stored() == [], "looking stores nothing"


@pytest.mark.parametrize(
    ("language", "words", "name"),
    [
        ("zh-CN", "已绑定手机或电话号码（登录服务已核实）", "手机或电话号码"),
        ("en", "Joined: phone number (verified by the sign-in service)", "phone number"),
    ],
)
def test_a_binding_is_told_in_the_readers_language(
    api: Api, language: str, words: str, name: str
) -> None:
    me = muqing(api)
    join(api, me)

    person = api.get("/v1/me", headers=me, language=language).body

    phone = phone_in(person)
    assert phone["name"] == name
    assert phone["joined_at"] == person["records"][0]["at"] == "2026-09-28T10:00:00+08:00"
    assert person["records"][0]["words"].startswith(words)
    assert person["records"][0]["binding"] == phone["id"]


def test_a_number_and_an_address_are_joined_at_once_and_shown_nowhere(api: Api) -> None:
    me = api.bearer(
        "citizen", subject="muqing", email=MAIL, email_verified=True, name=NAME, **VERIFIED
    )

    person = join(api, me)

    assert [one["kind"] for one in person["bindings"][1:]] in (
        ["phone", "email"],
        ["email", "phone"],
    )
    told = json.dumps([person, api.stored()], ensure_ascii=False, default=repr)
    for secret in (PHONE, PHONE[-4:], "xample", "muqing", NAME):
        assert secret not in told


def test_joining_again_changes_nothing(api: Api) -> None:
    me = muqing(api)
    person = join(api, me)
    stored = api.stored()

    assert join(api, me) == person
    assert api.stored() == stored


def test_ones_own_case_costs_no_look_at_the_person(api: Api, world: MemoryWorld) -> None:
    """Recognition over several bindings is paid for by those who need it."""
    me = muqing(api)
    join(api, me)
    number = api.post("/v1/cases", {"text": TEXT}, headers=me).body["case_number"]
    calls: list[str] = []
    world.cases_table = StepTable(
        world.memory, lambda name, moment: calls.append(name) if moment == "before" else None
    )
    del world.service, world.persons

    assert api.get(f"/v1/cases/{number}", headers=me).status == 200
    assert calls == ["partition"]
    calls.clear()
    assert api.post(f"/v1/cases/{number}/urges", {}, headers=me).status == 200
    assert calls == ["get", "put_new", "put_at"]


# -- what is refused -----------------------------------------------------------------------

ROUTES = [("GET", "/v1/me"), ("POST", "/v1/me/bindings"), ("POST", "/v1/me/separation")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_who_is_not_signed_in(api: Api, method: str, path: str) -> None:
    refused(api, method, path, 401, "token_missing")


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("role", ["agent", "officer", "admin", "integration"])
def test_no_staff(api: Api, method: str, path: str, role: str) -> None:
    headers = api.bearer(role, department="shuiwu", **VERIFIED)

    refused(api, method, path, 403, "role", headers=headers)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"phone_number": PHONE},
        {"phone_number": PHONE, "phone_number_verified": False},
        {"phone_number": PHONE, "phone_number_verified": "true"},
        {"phone_number": "12345", "phone_number_verified": True},
        {"phone_number": [PHONE], "phone_number_verified": True},
        {"email": MAIL},
        {"email": MAIL, "email_verified": 1},
        {"email": "nobody", "email_verified": True},
        {"phone_number_verified": True, "email_verified": True},
    ],
)
def test_an_account_that_proves_nothing_is_told_where_to_prove_it(
    api: Api, claims: dict[str, Any]
) -> None:
    by_text_message(api)
    me = api.bearer("citizen", subject="muqing", **claims)

    answer = refused(api, "POST", "/v1/me/bindings", 409, "nothing_proven", headers=me)

    assert "登录服务" in answer.body["detail"]
    assert own(api, me) == []


@pytest.mark.parametrize("body", [{"binding": "nobody-has-this"}, {"binding": "PERSON"}])
def test_separating_what_is_not_ones_own(api: Api, body: dict[str, str]) -> None:
    me = muqing(api)
    join(api, me)

    refused(
        *(api, "POST", "/v1/me/separation", 422, "unknown_binding", ["/binding"]),
        raw=json.dumps(body).encode(),
        headers=me,
    )


def test_separating_another_citizens_number(api: Api) -> None:
    binding = phone_in(join(api, muqing(api)))["id"]
    other = api.bearer("citizen", subject="somebody else")

    refused(
        *(api, "POST", "/v1/me/separation", 422, "unknown_binding", ["/binding"]),
        raw=json.dumps({"binding": binding}).encode(),
        headers=other,
    )


def test_separating_the_account_itself(api: Api) -> None:
    me = muqing(api)
    (account,) = api.get("/v1/me", headers=me).body["bindings"]

    refused(
        *(api, "POST", "/v1/me/separation", 409, "own_account", ["/binding"]),
        raw=json.dumps({"binding": account["id"]}).encode(),
        headers=me,
    )


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"binding": 7}', 422, "invalid"),
        (b'{"binding": "' + b"x" * 41 + b'"}', 422, "invalid"),
        (b'{"binding": "x", "more": 1}', 422, "invalid"),
        (b"[", 400, "malformed"),
    ],
)
def test_a_separation_that_names_no_binding(api: Api, raw: bytes, status: int, code: str) -> None:
    refused(api, "POST", "/v1/me/separation", status, code, raw=raw, headers=muqing(api))


def test_a_number_that_two_people_tear_at(api: Api) -> None:
    me, other = muqing(api), api.bearer("citizen", subject="somebody else", **VERIFIED)
    for _ in range(10):
        join(api, me)
        join(api, other)

    answer = refused(api, "POST", "/v1/me/bindings", 409, "changed_too_often", headers=me)

    assert "20" in answer.body["detail"]
    assert "12345" in answer.body["detail"]


def test_more_bindings_than_a_person_has(api: Api) -> None:
    for place in range(20):
        number = {"phone_number": f"199000077{place:02d}", "phone_number_verified": True}
        join(api, api.bearer("citizen", subject="muqing", **number))
    number = {"phone_number": "19900008888", "phone_number_verified": True}

    refused(
        *(api, "POST", "/v1/me/bindings", 409, "too_many_bindings"),
        headers=api.bearer("citizen", subject="muqing", **number),
    )
