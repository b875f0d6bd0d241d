"""Whom a case is about: none of their people sees it, holds it, helps with it or decides on it.

Sources: 信访工作条例 art. 30 (回避), 济南市12345市民服务热线条例 art. 32.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.cases.access import By, may_read
from schemas import events as e
from schemas.commands import (
    Arbitrate,
    AskAssistance,
    AssignOfficer,
    Claim,
    Command,
    DecideReturn,
    Delegate,
    Designate,
    Dispatch,
    IssueOrder,
    NameSubjects,
    Note,
    Route,
)
from tests.cases.telling import (
    ACCEPTED,
    ARBITRATION,
    ASSIGNED,
    CITIZEN,
    CLOSED,
    DISPATCHER,
    FOLLOW_UP,
    HANDLING,
    HEAD,
    HU,
    LI,
    MODERATOR,
    NAN,
    NORTH_HANDLES,
    POLICE,
    REDO,
    REPLIED,
    REPLY_REVIEW,
    RETURN_ASKED,
    STREET_HANDLES,
    SUPERVISOR,
    TRIAGE,
    WANG,
    YU,
    Steps,
    given,
    on,
    retired,
    staff,
    step,
)

AT_GOV = SUPERVISOR
OUTSIDE = staff("supervisor", "sun")
_UNTIL = on("2026-11-30 00:00")
SUSPENDED: Steps = (
    *HANDLING,
    step(e.SuspensionAsked(reason="season", until=_UNTIL), by=LI),
    step(e.Suspended(reason="season", until=_UNTIL), by=OUTSIDE),
)
TERMINATION_ASKED: Steps = (
    *HANDLING,
    step(e.TerminationAsked(reason="matter_gone"), by=LI),
)
PROMISED: Steps = (*HANDLING, step(e.Promised(until=_UNTIL), by=LI))
BROKEN: Steps = (*PROMISED, step(e.PromiseBroken(), at="2026-11-30 00:00"))
OBJECTED: Steps = (*CLOSED, step(e.Objected()))
HELD: dict[str, Steps] = {
    "ASSIGNED": ASSIGNED,
    "HANDLING": HANDLING,
    "RETURN_ASKED": RETURN_ASKED,
    "ARBITRATION": ARBITRATION,
    "SUSPENDED": SUSPENDED,
    "TERMINATION_ASKED": TERMINATION_ASKED,
    "PROMISED": PROMISED,
    "HANDLING, a promise broken": BROKEN,
    "REPLY_REVIEW": REPLY_REVIEW,
    "AWAITING_RATING": REPLIED,
    "FOLLOW_UP": FOLLOW_UP,
    "REDO": REDO,
    "OBJECTED": OBJECTED,
}
ROADS = NameSubjects(units=["roads"], text="来电人说的就是这个单位。")


# -- who may read ------------------------------------------------------------------------------


@pytest.mark.parametrize("past", [TRIAGE, ASSIGNED, HANDLING, REPLIED, CLOSED])
def test_nobody_of_the_accused_unit_reads_the_case_whoever_holds_it(past: Steps) -> None:
    story = given(*past, about=("roads",))
    for accused in (LI, WANG, HEAD, staff("integration", "machine", "roads")):
        assert not may_read(story.case, accused, story.rules)
        assert story.may(accused) == set()
    assert may_read(story.case, CITIZEN, story.rules)
    assert may_read(story.case, MODERATOR, story.rules)


def test_the_whole_subtree_of_the_accused_is_accused() -> None:
    story = given(*STREET_HANDLES, about=("north",))
    for accused in (HU, NAN, YU, staff("officer", "nr", "north-roads")):
        assert not may_read(story.case, accused, story.rules)


def test_the_unit_above_the_accused_reads_it() -> None:
    story = given(*TRIAGE, about=("roads",)).when(
        Dispatch(unit="gov", category="1702"), by=DISPATCHER
    )
    assert may_read(story.case, staff("head", "guo", "gov"), story.rules)


@pytest.mark.parametrize("role", ["moderator", "dispatcher", "supervisor", "leader", "auditor"])
def test_working_for_the_whole_city_opens_nothing_to_the_accused(role: str) -> None:
    named = NameSubjects(units=["police"], persons=["zhao"])
    story = given(*HANDLING).when(named, by=MODERATOR)
    for accused in (staff(role, "zhao"), staff(role, "qian", "police")):  # type: ignore[arg-type]
        assert not may_read(story.case, accused, story.rules)
        assert story.may(accused) == set()
    assert may_read(story.case, staff(role, "qian"), story.rules)  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [Note(text="我看过。"), NameSubjects()])
def test_nobody_takes_oneself_off_the_list_or_does_anything_else(command: Command) -> None:
    story = given(*HANDLING).when(NameSubjects(persons=["su"]), by=MODERATOR)
    story.when(command, by=SUPERVISOR).refused("not_yours")


def test_the_head_of_a_unit_above_that_is_accused_itself_reads_nothing_below() -> None:
    story = given(*NORTH_HANDLES, about=("gov",))
    assert not may_read(story.case, staff("head", "guo", "gov"), story.rules)
    assert not may_read(story.case, HU, story.rules), "the district stands below the city"


# -- who may be given the case -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "command", "by", "pointer"),
    [
        (TRIAGE, Dispatch(unit="north", category="0204"), DISPATCHER, "/unit"),
        (TRIAGE, Dispatch(unit="elm-street", category="0204"), DISPATCHER, "/unit"),
        (TRIAGE, Arbitrate(units=["roads", "north-roads"], text="…"), DISPATCHER, "/units/1"),
        (ARBITRATION, Designate(unit="north", category="0204", text="…"), OUTSIDE, "/unit"),
        (RETURN_ASKED, DecideReturn(approve=True, unit="north"), DISPATCHER, "/unit"),
        (HANDLING, AskAssistance(units=["police", "elm-street"], text="…"), HEAD, "/units/1"),
        (HANDLING, IssueOrder(unit="north", text="…"), OUTSIDE, "/unit"),
    ],
)
def test_nothing_is_given_to_the_accused(
    past: Steps, command: Command, by: By, pointer: str
) -> None:
    given(*past, about=("north",)).when(command, by=by).refused("subject_unit", pointer)


def test_nothing_is_delegated_to_the_accused() -> None:
    story = given(*NORTH_HANDLES, about=("elm-street",))
    story.when(Delegate(unit="elm-street"), by=NAN).refused("subject_unit", "/unit")
    story.when(Delegate(unit="north-roads"), by=NAN).leaves("ASSIGNED")


def test_what_is_about_the_unit_that_the_rule_names_waits_for_a_person() -> None:
    sure = Route(category="0204", unit="roads", confidence=1.0, confident=True)
    given(about=("roads",)).when(sure, by=staff("system", "router")).then(
        e.Accepted(), e.Queued()
    ).leaves("TRIAGE")


def test_the_accused_officer_handles_nothing_of_it_and_a_colleague_does() -> None:
    story = given(*ASSIGNED).when(NameSubjects(persons=["li"]), by=MODERATOR)
    story.when(Claim(), by=LI).refused("not_yours")
    story.when(AssignOfficer(officer="li"), by=HEAD).refused("subject_person", "/officer")
    story.when(AssignOfficer(officer="wang"), by=HEAD).leaves("HANDLING")


def test_an_officer_who_turns_out_to_be_accused_loses_the_case_and_the_unit_keeps_it() -> None:
    story = given(*HANDLING).when(NameSubjects(persons=["li"]), by=MODERATOR)
    story.then(e.SubjectsNamed(persons=("li",))).leaves("HANDLING")
    assert story.case.officer is None
    assert story.case.unit == "roads"
    assert not may_read(story.case, LI, story.rules)
    assert may_read(story.case, WANG, story.rules)


# -- named later -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HELD)
def test_a_unit_that_turns_out_to_be_accused_loses_the_case_wherever_it_stands(name: str) -> None:
    """It goes back to dispatch with its promise running, and nothing of the unit's work is left."""
    story = given(*HELD[name]).when(ROADS, by=MODERATOR)

    story.leaves("ACCEPTED")
    assert e.TakenAway() in story.happened
    case = story.case
    assert (case.chain, case.officer, case.parties, case.copies) == ((), None, (), ())
    assert (case.draft, case.before, case.end, case.asks, case.aids) == (None, None, None, {}, ())
    promise = case.clocks.keys() & {"resolve", "redo", "promise"}
    assert promise
    assert all(case.clocks[clock].paused is None for clock in promise), "time goes on"
    assert case.clocks.keys() - promise == {"dispatch"}, "and of the others no clock is left"
    assert not may_read(case, LI, story.rules)


def test_the_citizens_time_is_not_given_back_to_the_city() -> None:
    before = given(*HANDLING)
    after = before.when(ROADS, by=MODERATOR, at="2026-10-12 10:00")
    assert after.clock("resolve").due == before.clock("resolve").due


def test_what_was_paused_for_the_accused_runs_again_moved_by_the_pause() -> None:
    before = given(*SUSPENDED)
    assert before.clock("resolve").due == on("2026-10-28 00:00")
    after = before.when(ROADS, by=MODERATOR, at="2026-10-12 10:00")
    # it stood still over four working days: the 8th, 9th, 10th and 12th of October
    assert after.clock("resolve").due == on("2026-11-03 00:00")


def test_a_unit_called_to_help_that_is_accused_helps_no_more() -> None:
    story = given(*HANDLING, step(e.AssistanceAsked(unit="police"), by=HEAD))
    story = story.when(NameSubjects(units=["police"]), by=MODERATOR)
    story.then(e.SubjectsNamed(units=("police",)), e.AssistanceReleased(unit="police"))
    story.leaves("HANDLING")
    assert not [clock for clock in story.case.clocks if clock.startswith("assist")]
    assert "unit:police" not in story.case.asides
    assert not may_read(story.case, POLICE, story.rules)


def test_an_order_to_the_accused_is_lifted() -> None:
    story = given(*HANDLING).when(IssueOrder(unit="police", level=2, text="…"), by=OUTSIDE)
    order = story.case.orders[0].id
    story = story.when(NameSubjects(units=["police"]), by=MODERATOR)
    story.then(e.SubjectsNamed(units=("police",)), e.OrderLifted(order=order))
    assert story.case.orders == ()
    assert f"order:{order}" not in story.case.clocks


def test_naming_replaces_the_list_and_nobody_named_means_nobody_accused() -> None:
    story = given(*TRIAGE, about=("roads",)).when(NameSubjects(units=["police"]), by=MODERATOR)
    assert story.case.subjects is not None
    assert story.case.subjects.units == ("police",)
    cleared = story.when(NameSubjects(), by=MODERATOR).then(e.SubjectsNamed())
    assert cleared.case.subjects is None
    cleared.when(Dispatch(unit="police", category="0204"), by=DISPATCHER).leaves("ASSIGNED")


def test_the_same_unit_named_twice_is_named_once() -> None:
    story = given(*ACCEPTED).when(NameSubjects(units=["roads", "roads"]), by=MODERATOR)
    story.then(e.SubjectsNamed(units=("roads",)))


@pytest.mark.parametrize(
    ("named", "code", "pointer"),
    [
        (NameSubjects(), "nothing_changes", None),
        (NameSubjects(units=["police", "moon"]), "unknown_unit", "/units/1"),
        (NameSubjects(units=["gone"]), "retired_unit", "/units/0"),
    ],
)
def test_what_cannot_be_named_is_refused(
    named: NameSubjects, code: str, pointer: str | None
) -> None:
    story = replace(given(*HANDLING), rules=retired("gov", "2026-09-01"))
    refused = story.when(named, by=MODERATOR).refused(code, pointer)
    assert refused.case == story.case


@pytest.mark.parametrize("by", [LI, HEAD, CITIZEN])
def test_the_unit_itself_does_not_say_whom_the_case_is_about(by: By) -> None:
    given(*HANDLING).when(ROADS, by=by).refused("role")
