"""Lines (线条): party affairs stay among party units and the city's confidants, with limits of
their own."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from casework.cases.access import By, may_read
from casework.cases.rules import Rules
from casework.catalogue.city import City
from casework.clock.policy import Policy, preset_text
from schemas import events as e
from schemas.commands import (
    Arbitrate,
    AskAssistance,
    Claim,
    Command,
    DecideReturn,
    Designate,
    Dispatch,
    Merge,
    Publish,
    Reclassify,
    Return,
    Route,
)
from schemas.names import Role
from tests.cases.telling import (
    ARBITRATION,
    ASSIGNED,
    DISPATCHER,
    HANDLING,
    HEAD,
    LEADING,
    LI,
    MODERATOR,
    POLICE,
    RETURN_ASKED,
    RULES,
    SUPERVISOR,
    TRIAGE,
    Steps,
    given,
    on,
    staff,
    step,
)
from tests.cases.together import OTHER_NUMBER, relate
from tests.catalogue.small_city import small_city

OUTSIDE = staff("supervisor", "sun")
JIN = staff("officer", "jin", "discipline")
ROUTER = staff("system", "router")


def _with_a_party_committee() -> City:
    document = small_city()
    unit = next(row for row in document["units"] if row["code"] == "gov")
    party = {**unit, "code": "party", "name": "市委", "name_en": "Party Committee", "line": "党务"}
    discipline = {
        **party,
        "code": "discipline",
        "name": "纪检",
        "name_en": "Discipline Inspection",
        "parent": "party",
        "kind": "department",
    }
    category = next(row for row in document["categories"] if row["code"] == "0204")
    conduct = {
        **category,
        "code": "1801",
        "domain": "党建",
        "domain_en": "Party affairs",
        "name": "党员作风",
        "name_en": "Conduct of members",
        "lead": "discipline",
        "assisting": "",
        "scope": "",
        "line": "党务",
        "evidence": "",
    }
    document["units"] += [party, discipline]
    document["categories"].append(conduct)
    return City.from_document(document)


def _policy(**resolve: str) -> Policy:
    """The preset, with these limits of the citizen's promise beside its own."""
    document: dict[str, Any] = tomllib.loads(preset_text())
    document["clocks"]["resolve"]["limit"] |= resolve
    return Policy.parse(document)


BOTH = replace(RULES, city=_with_a_party_committee())
PARTY: Steps = (
    step(e.Accepted(), e.Dispatched(unit="discipline", category="1801"), by=DISPATCHER),
    step(e.Claimed(officer="jin"), by=JIN),
)


@pytest.mark.parametrize(
    ("past", "command", "by", "pointer"),
    [
        (TRIAGE, Dispatch(unit="roads", category="1801"), DISPATCHER, "/unit"),
        (TRIAGE, Dispatch(unit="discipline", category="0204"), DISPATCHER, "/unit"),
        (ARBITRATION, Designate(unit="roads", category="1801", text="…"), OUTSIDE, "/unit"),
        (ARBITRATION, Designate(unit="party", category="0204", text="…"), OUTSIDE, "/unit"),
        (RETURN_ASKED, DecideReturn(approve=True, unit="discipline"), DISPATCHER, "/unit"),
        (RETURN_ASKED, Arbitrate(units=["police", "party"], text="…"), DISPATCHER, "/units/1"),
        (HANDLING, Reclassify(category="1801"), DISPATCHER, "/category"),
        (PARTY, Reclassify(category="0204"), DISPATCHER, "/category"),
    ],
)
def test_what_is_of_one_line_is_not_led_by_a_unit_of_the_other(
    past: Steps, command: Command, by: By, pointer: str
) -> None:
    given(*past, rules=BOTH).when(command, by=by).refused("wrong_line", pointer)


def test_party_affairs_go_to_party_units() -> None:
    told = given(*TRIAGE, rules=BOTH).when(
        Dispatch(unit="discipline", category="1801"), by=DISPATCHER
    )
    told.then(e.Dispatched(unit="discipline", category="1801"))
    told.when(Claim(), by=JIN).leaves("HANDLING")


def test_the_machine_gives_nothing_across_the_line() -> None:
    astray = Route(category="1801", unit="roads", confidence=1.0, confident=True)
    given(rules=BOTH).when(astray, by=ROUTER).then(e.Accepted(), e.Queued()).leaves("TRIAGE")


def test_a_unit_of_another_line_may_help_and_then_reads_along() -> None:
    story = given(*PARTY, rules=BOTH)
    assert not may_read(story.case, POLICE, BOTH)
    head = staff("head", "ma", "discipline")
    story = story.when(AskAssistance(units=["police"], text="请配合核实。"), by=head)
    story.then(e.AssistanceAsked(unit="police"))
    assert may_read(story.case, POLICE, BOTH)


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        ("moderator", True),
        ("dispatcher", True),
        ("supervisor", True),
        ("leader", True),
        ("auditor", True),
        ("agent", False),
        ("admin", False),
    ],
)
def test_a_closed_line_is_for_the_citys_confidants_and_its_own_units(
    role: Role, reads: bool
) -> None:
    story = given(*PARTY, rules=BOTH)
    assert may_read(story.case, staff(role, "fang"), BOTH) == reads
    assert may_read(story.case, JIN, BOTH)
    assert may_read(story.case, staff("head", "ma", "party"), BOTH)
    for outside in (LI, HEAD, staff("head", "guo", "gov")):
        assert not may_read(story.case, outside, BOTH)


def test_which_lines_are_closed_is_the_citys_to_say() -> None:
    open_to_all = replace(BOTH, policy=replace(BOTH.policy, closed_lines=frozenset()))
    case = given(*PARTY, rules=open_to_all).case
    assert may_read(case, staff("agent", "an"), open_to_all)
    assert not may_read(case, staff("agent", "an"), BOTH)


def test_what_is_confidential_is_neither_published_nor_merged() -> None:
    story = given(*PARTY, rules=BOTH, publishable=True)
    story.when(Publish(), by=MODERATOR).refused("reports_are_secret")
    two = given(*ASSIGNED, rules=BOTH, number=OTHER_NUMBER)
    relate(two, Merge(case=story.case.number), MODERATOR, story).refused("sealed_apart", "/case")
    given_apart = given(
        step(e.Accepted(), e.Dispatched(unit="discipline", category="1801"), by=DISPATCHER),
        rules=BOTH,
    )
    relate(given_apart, Merge(case=OTHER_NUMBER), MODERATOR, two).refused("sealed_apart")


def test_what_turns_out_to_be_party_affairs_on_the_way_leaves_the_eyes_of_the_hotline() -> None:
    agent = staff("agent", "an")
    story = given(*TRIAGE, rules=BOTH)
    assert may_read(story.case, agent, BOTH)
    story = story.when(Reclassify(category="1801"), by=DISPATCHER)
    assert not may_read(story.case, agent, BOTH)
    assert may_read(story.case, DISPATCHER, BOTH)


@pytest.mark.parametrize(
    "command",
    [Reclassify(category="1801"), Dispatch(unit="discipline", category="1801")],
    ids=["reclassified", "dispatched"],
)
def test_what_comes_to_a_closed_line_leaves_the_board_and_those_that_follow_it(
    command: Command,
) -> None:
    led = given(*TRIAGE, *LEADING, step(e.Published()), rules=BOTH, publishable=True)
    story = led.when(command, by=DISPATCHER)
    assert story.happened[1:] == [
        e.Unpublished(),
        e.FollowersReleased(followers=led.case.led_by_it),
    ]
    assert (story.case.public, story.case.followers) == (False, 0)


# -- limits of a line --------------------------------------------------------------------------


def _under(policy: Policy) -> Rules:
    return replace(BOTH, policy=policy)


def test_a_line_may_have_a_limit_of_its_own_which_goes_before_the_kinds() -> None:
    own = _under(_policy(党务="30D"))
    assert given(category="1801", rules=own).clock("resolve").due == on("2026-10-31 00:00")
    assert given(category="0204", rules=own).clock("resolve").due == on("2026-10-28 00:00")
    assert given(category="1801", rules=BOTH).clock("resolve").due == on("2026-10-28 00:00")


def test_a_case_that_changes_its_line_is_counted_anew_from_its_own_start() -> None:
    story = given(*TRIAGE, rules=_under(_policy(党务="30D")))
    story = story.when(Reclassify(category="1801"), by=DISPATCHER, at="2026-10-09 10:00")
    assert story.clock("resolve").since == on("2026-09-30 10:00")
    assert story.clock("resolve").due == on("2026-10-31 00:00")


def test_a_party_unit_returns_what_it_can_give_on_within_its_line() -> None:
    asked = given(*PARTY, rules=BOTH).when(Return(reason="not_our_duty", text="…"), by=JIN)
    asked.when(DecideReturn(approve=True, unit="police"), by=SUPERVISOR).refused(
        "wrong_line", "/unit"
    )
    asked.when(DecideReturn(approve=True, unit="party"), by=SUPERVISOR).leaves("ASSIGNED")
