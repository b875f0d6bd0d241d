"""Who may see a case, and who its citizen is: the accused, sealed and hidden citizens, closed lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.doors.driving import NAME, PHONE, Api, Case
from tests.doors.refusing import refused
from tests.support.world import MemoryWorld

ADDRESS = "云汀路 17 号 302 室"
PLACE = {"address": ADDRESS, "lon": 118.5, "lat": 31.2}
UNIT = "chengguan"


def raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def report(api: Api, **changed: Any) -> Case:
    """A report that a person has dispatched, and an officer has claimed."""
    body = {"kind": "report", "place": PLACE, "category": "0205"} | changed
    return given(api.file(**body))


def given(case: Case) -> Case:
    case.api.world.service.tick(case.number)
    sent = case.desk("dispatch", {"unit": UNIT, "category": "0205"}, role="dispatcher")
    assert sent.status == 200, sent.text
    assert case.desk("claim").status == 200
    return case


def numbers(api: Api, query: dict[str, str], headers: dict[str, str]) -> set[str]:
    """The cases of a worklist, as whoever reads it finds them."""
    found = api.get("/v1/desk/worklist", query=query, headers=headers)
    assert found.status == 200, found.text
    return {item["case_number"] for item in found.body["items"]}


# -- whom it is about ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "department"),
    [
        *(("officer", "tingnan"), ("head", "tingnan"), ("officer", "tingyu")),
        *(("supervisor", "tingnan"), ("dispatcher", "tingnan-chengguan"), ("auditor", "tingnan")),
    ],
)
def test_nobody_of_the_accused_learns_that_a_case_is_there(
    api: Api, role: str, department: str
) -> None:
    # given a complaint about a district that waits to be dispatched
    case = api.file(text="这件事不知道该找谁，请告诉我。", category=None, about=["tingnan"])
    api.world.dispatcher.route(case.number)
    headers = api.bearer(role, department=department, subject="theirs")

    # then for its people, below it too, whatever else they are, there is none
    refused(api, "GET", case.desk_path, 404, "not_found", headers=headers)
    for command, body in (
        ("note", {"text": "看看"}),
        ("claim", {}),
        ("raise-alert", {"kind": "group"}),
    ):
        path = f"{case.desk_path}/{command}"
        refused(api, "POST", path, 404, "not_found", raw=raw(body), headers=headers)
    if role not in ("officer", "head"):
        assert numbers(api, {"queue": "triage"}, headers) == set()

    # and everybody else finds it
    others = api.bearer("dispatcher", department="hotline")
    assert numbers(api, {"queue": "triage"}, others) == {case.number}


def test_a_unit_that_turns_out_to_be_accused_loses_the_case_at_once(api: Api) -> None:
    case = api.file().claimed()
    unit = case.unit
    assert unit is not None
    theirs = api.bearer("officer", department=unit)
    assert numbers(api, {}, theirs) == {case.number}

    named = case.desk("name-subjects", {"units": [unit]}, role="dispatcher")

    assert (named.status, named.body["status"]) == (200, "ACCEPTED")
    refused(api, "GET", case.desk_path, 404, "not_found", headers=theirs)
    assert numbers(api, {}, theirs) == set()
    # and it can go neither there nor below
    refused(
        *(api, "POST", f"{case.desk_path}/dispatch", 409, "subject_unit", ["/unit"]),
        raw=raw({"unit": unit}),
        headers=api.bearer("dispatcher"),
    )


def test_an_accused_officer_is_the_only_one_of_the_unit_who_sees_nothing(api: Api) -> None:
    case = api.file().claimed()
    me = api.bearer("officer", department=case.unit, subject="me")
    colleague = api.bearer("officer", department=case.unit, subject="colleague")

    assert case.desk("name-subjects", {"persons": ["me"]}, role="agent").status == 200

    refused(api, "GET", case.desk_path, 404, "not_found", headers=me)
    assert numbers(api, {}, me) == set()
    assert numbers(api, {}, colleague) == {case.number}
    refused(
        *(api, "POST", f"{case.desk_path}/assign-officer", 409, "subject_person", ["/officer"]),
        raw=raw({"officer": "me"}),
        headers=api.bearer("head", department=case.unit),
    )


@pytest.mark.parametrize("command", ["merge", "mark-repeat", "mark-recurrence"])
def test_a_case_about_oneself_is_not_to_be_found_by_naming_it(api: Api, command: str) -> None:
    # given a case about a supervisor, who tries its number on another case
    about_me, other = api.file(), api.file(text="另一件事，路灯坏了。").dispatched()
    named = about_me.desk("name-subjects", {"persons": ["me"]}, role="agent")
    assert named.status == 200

    refused(
        *(api, "POST", f"{other.desk_path}/{command}", 422, "unknown_case", ["/case"]),
        raw=raw({"case": about_me.number} | ({"text": "同"} if command == "mark-repeat" else {})),
        headers=api.bearer("supervisor", subject="me"),
    )


# -- sealed -------------------------------------------------------------------------------------


def test_of_a_sealed_citizen_the_handler_sees_nothing_but_the_words(api: Api) -> None:
    case = report(
        api,
        on_behalf_of={
            "relation": "neighbour",
            "consent": True,
            "name": "欧阳邻居",
            "phone": "19900001111",
        },
        needs=["hearing"],
    )
    for role, department in (("officer", UNIT), ("head", UNIT), ("supervisor", "supervision")):
        shown = api.get(case.desk_path, headers=api.bearer(role, department=department))

        assert shown.body["contact"] == {}
        assert not {"address", "lon", "lat"} & shown.body.keys()
        assert shown.body["speaker"]["identity"] == {"code": "sealed", "name": "保密"}
        # what is needed to talk tells nobody who it is
        assert [need["code"] for need in shown.body["speaker"]["needs"]] == ["hearing"]
        for secret in (NAME, PHONE, "欧阳", "19900001111", ADDRESS):
            assert secret not in shown.text


def test_a_sealed_citizen_is_seen_by_leave_of_a_second_person_for_a_day(
    api: Api, world: MemoryWorld
) -> None:
    # given a report, and its handlers who cannot see who it is
    case = report(api)
    path, reason = f"{case.desk_path}/reveal", raw({"reason": "visit"})

    def head() -> dict[str, str]:
        return api.bearer("head", department=UNIT, subject="head")

    refused(api, "POST", path, 403, "unmasking_needed", raw=reason, headers=head())

    # when the head asks, then nobody of the unit decides, and a supervisor does
    wish = {"reason": "visit", "text": "要上门取证"}
    assert case.desk("ask-unmasking", wish, subject="head", role="head").status == 200
    refused(api, "POST", path, 403, "unmasking_needed", raw=reason, headers=head())
    decide, yes = f"{case.desk_path}/decide-unmasking", raw({"approve": True})
    own = api.bearer("supervisor", department=UNIT, subject="theirs")
    refused(api, "POST", decide, 409, "own_unit", raw=yes, headers=own)
    granted = case.desk("decide-unmasking", {"approve": True}, role="supervisor")
    assert granted.status == 200

    # then who asked sees it all, by a recorded look; a colleague does not
    seen = api.post(path, {"reason": "visit"}, headers=head())
    assert seen.body["contact"] == {"name": NAME, "phone": PHONE, "address": ADDRESS}
    colleague = api.bearer("officer", department=UNIT, subject="colleague")
    refused(api, "POST", path, 403, "unmasking_needed", raw=reason, headers=colleague)
    page = api.get(case.desk_path, headers=head())
    assert "revealed" in [entry["event"] for entry in page.body["timeline"]]
    assert NAME not in page.text, "the page itself stays masked"

    # and a day later it takes leave again
    world.now.advance(days=2)
    world.service.tick(case.number)
    refused(api, "POST", path, 403, "unmasking_needed", raw=reason, headers=head())


def test_not_every_office_of_the_city_reads_what_is_sealed(api: Api) -> None:
    sealed = api.file(text="这件事不知道该找谁，请告诉我。", category=None, kind="report")
    plain = api.file(text="也不知道该找谁。", category=None)
    for case in (sealed, plain):
        api.world.dispatcher.route(case.number)

    for role in ("agent", "admin"):
        headers = api.bearer(role, department="hotline")
        refused(api, "GET", sealed.desk_path, 403, "not_readable", headers=headers)
        assert numbers(api, {"queue": "triage"}, headers) == {plain.number}
    for role in ("moderator", "dispatcher", "supervisor", "leader", "auditor"):
        headers = api.bearer(role, department="hotline")
        assert api.get(sealed.desk_path, headers=headers).status == 200
        assert numbers(api, {"queue": "triage"}, headers) == {sealed.number, plain.number}


def test_party_affairs_are_read_by_those_in_confidence_and_by_their_unit(api: Api) -> None:
    case = api.file(text="反映选人用人的问题。", category="1705").dispatched()
    assert case.unit == "zuzhibu"

    refused(api, "GET", case.desk_path, 403, "not_readable", headers=api.bearer("agent"))
    assert (
        api.get(case.desk_path, headers=api.bearer("officer", department="zuzhibu")).status == 200
    )
    assert numbers(api, {"department": "zuzhibu"}, api.bearer("admin")) == set()
    assert numbers(api, {"department": "zuzhibu"}, api.bearer("moderator")) == {case.number}
    # and no unit of the government can have it
    refused(
        *(api, "POST", f"{case.desk_path}/dispatch", 409, "wrong_line", ["/unit"]),
        raw=raw({"unit": "zhujian"}),
        headers=api.bearer("supervisor"),
    )


# -- hidden, anonymous, spoken for --------------------------------------------------------------


def test_a_hidden_citizen_is_hidden_from_the_unit_and_not_from_the_hotline(api: Api) -> None:
    case = api.file(identity="hidden", place=PLACE).claimed()
    officer = api.bearer("officer", department=case.unit)

    assert api.get(case.desk_path, headers=officer).body["contact"] == {}
    shown = api.get(case.desk_path, headers=api.bearer("agent")).body
    assert (
        shown["contact"] == {"name": "欧*", "phone": "199****7788"}
        or "*" in shown["contact"]["name"]
    )
    assert shown["address"] == ADDRESS
    refused(
        *(api, "POST", f"{case.desk_path}/reveal", 403, "unmasking_needed"),
        raw=raw({"reason": "contact"}),
        headers=officer,
    )
    # what is not hidden from an agent needs no leave
    seen = case.desk("reveal", {"reason": "contact"}, role="agent")
    assert seen.body["contact"]["phone"] == PHONE
    refused(
        *(api, "POST", f"{case.desk_path}/ask-unmasking", 409, "not_hidden"),
        raw=raw({"reason": "contact", "text": "想打电话"}),
        headers=api.bearer("moderator"),
    )


def test_an_anonymous_citizen_is_talked_to_through_the_case_alone(api: Api) -> None:
    case = api.file(identity="anonymous", contact=None).claimed()
    officer = api.bearer("officer", department=case.unit, subject="li")

    for command, body in (("reveal", {"reason": "contact"}),):
        path = f"{case.desk_path}/{command}"
        refused(api, "POST", path, 409, "anonymous", raw=raw(body), headers=officer)
    refused(
        *(api, "POST", f"{case.desk_path}/ask-unmasking", 409, "anonymous"),
        raw=raw({"reason": "contact", "text": "想打电话"}),
        headers=api.bearer("head", department=case.unit),
    )
    assert case.desk("message", {"text": "请问是几号楼？"}).status == 200
    assert case.citizen("messages", {"text": "三号楼。"}).status == 200
    page = api.get(case.desk_path, headers=officer).body
    assert page["contact"] == {}
    assert [entry["text"] for entry in page["timeline"][-2:]] == ["请问是几号楼？", "三号楼。"]


def test_an_anonymous_filing_of_a_signed_in_citizen_is_on_nobodys_list(api: Api) -> None:
    me = api.bearer("citizen", subject="me")
    filed = api.post("/v1/cases", {"text": "路灯坏了", "identity": "anonymous"}, headers=me)

    assert filed.status == 201
    assert api.get("/v1/cases", headers=me).body["items"] == []
    refused(
        *(api, "GET", f"/v1/cases/{filed.body['case_number']}", 403, "not_readable"), headers=me
    )
    opened = {"Access-Code": filed.body["access_code"]}
    assert api.get(f"/v1/cases/{filed.body['case_number']}", headers=opened).status == 200


def test_who_speaks_for_the_citizen_is_told_to_the_desk_and_masked(api: Api) -> None:
    case = api.file(
        contact={"name": "欧阳奶奶", "phone": PHONE},
        on_behalf_of={
            "relation": "family",
            "consent": True,
            "name": "欧阳小妹",
            "phone": "19900003333",
        },
        contact_mode="visit",
        needs=["hearing", "mobility"],
        language="wuu",
        minor=False,
        reply_wanted=False,
    ).claimed()
    officer = api.bearer("officer", department=case.unit)

    shown = api.get(case.desk_path, headers=officer, language="en")

    assert shown.body["speaker"] == {
        "identity": {"code": "open", "name": "open"},
        "reply_wanted": False,
        "minor": False,
        "contact_mode": {"code": "visit", "name": "visit"},
        "language": "wuu",
        "needs": [
            {"code": "hearing", "name": "hard of hearing"},
            {"code": "mobility", "name": "hard of moving"},
        ],
        "represented_by": {"code": "family", "name": "family"},
    }
    assert shown.body["contact"].keys() == {"name", "phone", "speaker_name", "speaker_phone"}
    for secret in ("奶奶", "小妹", PHONE, "19900003333"):
        assert secret not in shown.text
    # and by a recorded look, in full
    seen = case.desk("reveal", {"reason": "visit"}).body["contact"]
    assert (seen["speaker_name"], seen["speaker_phone"]) == ("欧阳小妹", "19900003333")
