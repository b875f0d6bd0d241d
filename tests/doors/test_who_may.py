"""Access codes, tokens and roles at the doors."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from casework.cases.number import check_digit
from casework.store.table import Unavailable
from tests.doors.driving import TEXT, Api
from tests.doors.refusing import refused
from tests.support.faults import StepTable
from tests.support.issuer import ec_key
from tests.support.world import MemoryWorld

OWN_ROUTES = ["messages", "urges", "withdrawal", "reopening", "objection", "rating"]
BODIES: dict[str, Any] = {
    "messages": {"text": "补充"},
    "urges": {},
    "withdrawal": {"reason": "solved"},
    "reopening": {"text": "又坏了"},
    "objection": {"text": "不同意"},
    "rating": {"contacted": True, "resolved": "yes", "overall": 5},
}


def raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


# -- case numbers -----------------------------------------------------------------------------


@pytest.fixture
def calls(world: MemoryWorld) -> list[str]:
    """What the doors ask of the cases table."""
    made: list[str] = []
    world.cases_table = StepTable(
        world.memory, lambda name, moment: made.append(name) if moment == "before" else None
    )
    return made


def test_a_wrong_check_digit_is_no_question_for_the_table(api: Api, calls: list[str]) -> None:
    # given a case, and its number with each of its digits wrong
    case = api.file()
    calls.clear()
    for place in range(16):
        wrong = str((int(case.number[place]) + 1) % 10)
        number = case.number[:place] + wrong + case.number[place + 1 :]

        # when somebody asks for it in any way
        for method, path, body in [
            ("GET", f"/v1/cases/{number}", None),
            ("POST", f"/v1/cases/{number}/messages", raw({"text": "喂"})),
            ("POST", f"/v1/cases/{number}/rating", raw(BODIES["rating"])),
        ]:
            refused(api, method, path, 404, "not_found", headers=case.opened, **_with(body))
        desk = f"/v1/desk/cases/{number}"
        refused(api, "GET", desk, 404, "not_found", headers=api.bearer("dispatcher"))

    # then the table was never asked
    assert calls == []


def _with(body: bytes | None) -> dict[str, Any]:
    return {} if body is None else {"raw": body}


@pytest.mark.parametrize(
    "written",
    ["1", "x", "18172093556172061", "0000000000000000", "%00", "1817-2093", "%F0%9F%98%80"],
)
def test_what_is_no_case_number(api: Api, calls: list[str], written: str) -> None:
    refused(api, "GET", f"/v1/cases/{written}", 404, "not_found", headers={"Access-Code": "123456"})

    assert calls == []


def test_a_number_that_nobody_has(api: Api) -> None:
    digits = "1" + "0" * 14
    path = f"/v1/cases/{digits + check_digit(digits)}"

    refused(api, "GET", path, 404, "not_found", headers={"Access-Code": "123456"})


def test_a_number_as_people_write_it(api: Api) -> None:
    # given a case, whose number reaches the door percent-encoded, as REST APIs hand it over
    case = api.file()
    groups = [case.number[i : i + 4] for i in range(0, 16, 4)]
    wide = case.number.translate({ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789"})
    encoded = "".join(f"%{byte:02X}" for byte in wide.encode())

    for written in ("%20".join(groups), "-".join(groups), encoded, wide):
        # then it is found, however it is written
        assert api.get(f"/v1/cases/{written}", headers=case.opened).status == 200


# -- access codes -----------------------------------------------------------------------------


def wrong_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_without_any_credentials(api: Api) -> None:
    case = api.file()

    refused(api, "GET", case.path, 401, "credentials_missing")
    for route in OWN_ROUTES:
        path = f"{case.path}/{route}"
        answer = refused(api, "POST", path, 401, "credentials_missing", raw=raw(BODIES[route]))
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "六位数字", "1234567", "0" * 5_000])
def test_what_is_no_access_code(api: Api, code: str) -> None:
    case = api.file()

    answer = api.get(case.path, headers={"Access-Code": code})

    assert answer.status == (403 if code else 401)


def test_an_access_code_in_full_width_digits(api: Api) -> None:
    case = api.file()
    wide = case.code.translate({ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789"})

    assert api.get(case.path, headers={"Access-Code": wide}).status == 200


def test_a_code_that_can_open_nothing_is_no_try(api: Api) -> None:
    case = api.file()

    for code in ("12345", "abcdef", "六位数字", "1234567", "12345６７") * 2:
        refused(api, "GET", case.path, 403, "wrong_code", headers={"Access-Code": code})

    assert api.get(case.path, headers=case.opened).status == 200


def test_wrong_codes_slow_down_and_lock_whoever_tries(api: Api, world: MemoryWorld) -> None:
    # given a case, and somebody who guesses
    case = api.file()
    guess = {"Access-Code": wrong_code(case.code)}
    for _ in range(3):
        answer = api.get(case.path, headers=guess, source="198.51.100.9")
        assert (answer.status, answer.body["code"]) == (403, "wrong_code")

    # when they try again, then they wait, even with the right code, and are told how long
    locked = refused(
        *(api, "GET", case.path, 429, "locked"), headers=case.opened, source="198.51.100.9"
    )
    seconds = int(locked.headers["Retry-After"])
    assert seconds > 0
    assert str(seconds) in locked.body["detail"]
    refused(
        *(api, "POST", f"{case.path}/messages", 429, "locked"),
        raw=raw({"text": "喂"}),
        headers=case.opened,
        source="198.51.100.9",
    )

    # and the citizen, who asks from elsewhere, is not locked out
    assert api.get(case.path, headers=case.opened, source="203.0.113.7").status == 200

    # and after the wait the right code opens, while a wrong one costs more than before
    world.now.advance(seconds=seconds)
    assert api.get(case.path, headers=case.opened, source="198.51.100.9").status == 200
    assert api.get(case.path, headers=guess, source="198.51.100.9").status == 403
    again = api.get(case.path, headers=guess, source="198.51.100.9")
    assert int(again.headers["Retry-After"]) > seconds


def test_a_wrong_code_changes_nothing_but_the_count(api: Api) -> None:
    case = api.file()
    before = api.stored()

    answer = api.post(
        f"{case.path}/messages",
        {"text": "喂"},
        headers={"Access-Code": wrong_code(case.code)},
    )

    assert answer.status == 403
    new = [item for item in api.stored() if item not in before]
    assert [item["sk"].partition("#")[0] for item in new] == ["LOCK"]


# -- tokens -----------------------------------------------------------------------------------


def tokens(world: MemoryWorld) -> dict[str, tuple[str, str]]:
    """Tokens that are not accepted: name → (token, code)."""
    issuer, now = world.issuer, int(world.now().timestamp())
    claims = issuer.claims("dispatcher", "zhao")
    forged = jwt.encode(claims, ec_key(), algorithm="ES256", headers={"kid": "first"})
    unsigned = jwt.encode(claims, key="", algorithm="none", headers={"kid": "first"})
    shared = jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": "first"})
    return {
        "expired": (issuer.token("dispatcher", exp=now - 60), "token_expired"),
        "not yet valid": (issuer.token("dispatcher", nbf=now + 600), "token_expired"),
        "of another issuer": (issuer.token("dispatcher", iss="https://evil.test"), "token_issuer"),
        "for another service": (issuer.token("dispatcher", aud="other"), "token_audience"),
        "of an unknown role": (issuer.token("mayor"), "token_claims"),
        "of the machine itself": (issuer.token("system"), "token_claims"),
        "of no role": (issuer.sign(claims | {"role": None}), "token_claims"),
        "of nobody": (issuer.token("dispatcher", ""), "token_claims"),
        "signed by somebody else": (forged, "token_key"),
        "signed by nobody": (unsigned, "token_key"),
        "signed with a shared secret": (shared, "token_key"),
        "cut off": (issuer.token("dispatcher")[:-20], "token_malformed"),
        "garbage": ("a.b.c", "token_malformed"),
        "no token": ("xyz", "token_malformed"),
        "too long": ("a" * 9_000, "token_malformed"),
    }


@pytest.mark.parametrize("name", list(tokens(MemoryWorld())))
def test_a_token_that_is_not_accepted(api: Api, world: MemoryWorld, name: str) -> None:
    case = api.file()
    token, code = tokens(world)[name]
    headers = {"Authorization": f"Bearer {token}"}

    desk = refused(api, "GET", case.desk_path, 401, code, headers=headers)
    refused(api, "POST", f"{case.desk_path}/claim", 401, code, headers=headers)
    refused(api, "GET", "/v1/cases", 401, code, headers=headers)
    refused(api, "POST", "/v1/cases", 401, code, raw=raw({"text": "喂"}), headers=headers)

    assert desk.headers["WWW-Authenticate"].startswith("Bearer")
    assert token not in desk.text


@pytest.mark.parametrize("written", ["Basic YTpi", "Bearer", "Bearer  ", "token"])
def test_another_scheme_than_bearer(api: Api, written: str) -> None:
    headers = {"Authorization": written}

    refused(api, "GET", "/v1/desk/worklist", 401, "token_scheme", headers=headers)


def test_no_token_at_the_desk(api: Api) -> None:
    case = api.file()

    for method, path in [
        ("GET", "/v1/desk/worklist"),
        ("GET", case.desk_path),
        ("POST", f"{case.desk_path}/claim"),
    ]:
        answer = refused(api, method, path, 401, "token_missing")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/v1/desk/worklist", "{desk}", "{desk}/claim"])
def test_a_citizen_at_the_desk(api: Api, path: str) -> None:
    where = path.replace("{desk}", api.file().desk_path)
    method = "POST" if where.endswith("claim") else "GET"

    answer = refused(api, method, where, 403, "role", headers=api.bearer("citizen"))

    assert "诉求人" in answer.body["detail"], "names the role as people say it"


@pytest.mark.parametrize("role", ["officer", "head", "dispatcher", "auditor", "integration"])
def test_staff_on_the_citizens_routes(api: Api, role: str) -> None:
    case = api.file()
    headers = api.bearer(role)

    refused(api, "GET", case.path, 403, "role", headers=headers)
    refused(api, "GET", "/v1/cases", 403, "role", headers=headers)
    refused(api, "POST", f"{case.path}/support", 403, "role", headers=headers)
    refused(
        api, "POST", f"{case.path}/urges", 403, "role", raw=raw(BODIES["urges"]), headers=headers
    )


def test_another_citizens_token(api: Api) -> None:
    # given a case of one citizen, another who is signed in
    mine = api.bearer("citizen", subject="me")
    number = api.post("/v1/cases", {"text": "路灯坏了"}, headers=mine).body["case_number"]
    other = api.bearer("citizen", subject="somebody else")

    # then the case is the one's and not the other's
    assert api.get(f"/v1/cases/{number}", headers=mine).status == 200
    refused(api, "GET", f"/v1/cases/{number}", 403, "not_readable", headers=other)
    refused(
        *(api, "POST", f"/v1/cases/{number}/urges", 403, "not_yours"),
        raw=raw({}),
        headers=other,
    )
    assert [case["case_number"] for case in api.get("/v1/cases", headers=mine).body["items"]] == [
        number
    ]
    assert api.get("/v1/cases", headers=other).body["items"] == []


def test_a_unit_that_does_not_hold_the_case(api: Api) -> None:
    case = api.file().dispatched()
    stranger = api.bearer("officer", department="shuiwu")

    refused(api, "GET", case.desk_path, 403, "not_readable", headers=stranger)
    refused(api, "POST", f"{case.desk_path}/claim", 403, "not_yours", headers=stranger)


def test_when_the_table_is_too_busy(api: Api, world: MemoryWorld) -> None:
    def busy(name: str, moment: str) -> None:
        raise Unavailable("throttled")

    world.cases_table = StepTable(world.memory, busy)

    answer = refused(api, "POST", "/v1/cases", 503, "busy", raw=raw({"text": "路灯"}))

    assert answer.headers["Retry-After"] == "2"
    assert "Idempotency-Key" in answer.body["detail"], "says that repeating is safe"


def test_a_fault_of_our_own_tells_nothing_of_the_citizen(
    api: Api, world: MemoryWorld, said: Any
) -> None:
    def broken(name: str, moment: str) -> None:
        raise RuntimeError(TEXT)

    world.cases_table = StepTable(world.memory, broken)

    answer = refused(api, "POST", "/v1/cases", 500, "internal", raw=raw({"text": "月亮河"}))

    assert "月亮河" not in answer.text
    assert "RuntimeError" in said.getvalue(), "but it is recorded what broke"
