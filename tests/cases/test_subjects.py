"""Whom a case is about: none of their people sees it, holds it, helps with it or decides on it.

Sources: 信访工作条例 art. 30 (回避), 济南市12345市民服务热线条例 art. 32.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from casework.cases.access import By, may_read
from casework.cases.rules import Refusal
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
    DropSubjects,
    IssueOrder,
    NameSubjects,
    Note,
    PassOn,
    RaiseAlert,
    Route,
)
from tests.cases.telling import (
    ACCEPTED,
    ARBITRATION,
    ASSIGNED,
    CITIZEN,
    CLOSED,
    DISPATCHER,
    EXTENSION_ASKED,
    FOLLOW_UP,
    HANDLING,
    HEAD,
    HU,
    LED,
    LI,
    MERGED,
    MODERATOR,
    NAN,
    NORTH_HANDLES,
    POLICE,
    PROMISED,
    REDO,
    REPLIED,
    REPLY_REVIEW,
    RETURN_ASKED,
    RULES,
    STREET_HANDLES,
    SUPERVISOR,
    SUSPENSION_ASKED,
    TRIAGE,
    UNMASKING,
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
BROKEN: Steps = (*PROMISED, step(e.PromiseBroken(), at="2026-11-01 00:00"))
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


@pytest.mark.parametrize(
    "command",
    [Note(text="我看过。"), NameSubjects(), DropSubjects(persons=["su"], text="与我无关。")],
)
def test_nobody_takes_oneself_off_the_list_or_does_anything_else(command: Command) -> None:
    story = given(*HANDLING).when(NameSubjects(persons=["su"]), by=MODERATOR)
    story.when(command, by=SUPERVISOR).refused("not_yours")


def test_the_head_of_a_unit_above_that_is_accused_itself_reads_nothing_below() -> None:
    story = given(*STREET_HANDLES, about=("north",))
    assert not may_read(story.case, HU, story.rules)
    assert not may_read(story.case, YU, story.rules), "the street stands below the district"


def test_a_complaint_about_the_citys_own_office_accuses_its_people_and_not_the_whole_city() -> None:
    """Else nobody could handle it, nor even answer an alert."""
    story = given(*NORTH_HANDLES, about=("gov",))
    for accused in (staff("head", "guo", "gov"), staff("officer", "gu", "gov"), AT_GOV):
        assert not may_read(story.case, accused, story.rules)
        assert story.may(accused) == set()
    for other in (HU, NAN, OUTSIDE):
        assert may_read(story.case, other, story.rules)
    taken = given(*TRIAGE, about=("gov",)).when(
        Dispatch(unit="police", category="0204"), by=DISPATCHER
    )
    taken.leaves("ASSIGNED").when(Claim(), by=POLICE).leaves("HANDLING")


@pytest.mark.parametrize("unit", sorted(RULES.city.units))
def test_whatever_unit_a_case_is_about_somebody_answers_its_alert(unit: str) -> None:
    desk = [staff("agent", "fang"), staff("dispatcher", "fei"), staff("supervisor", "fu", "police")]
    story = given(*TRIAGE, step(e.SubjectsNamed(units=(unit,))))
    story = story.when(RaiseAlert(kind="hazard", text="燃气味很重。"), by=desk[0])
    answering = [by for by in desk if "acknowledge-alert" in story.may(by)]
    assert len(answering) >= 2


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


def test_naming_adds_to_those_named_and_takes_nobody_off() -> None:
    story = given(*TRIAGE, about=("roads",)).when(NameSubjects(units=["police"]), by=MODERATOR)
    story.then(e.SubjectsNamed(units=("roads", "police")))
    story = story.when(NameSubjects(persons=["zhao"]), by=DISPATCHER)
    story.then(e.SubjectsNamed(units=("roads", "police"), persons=("zhao",)))
    again = NameSubjects(units=["police"], persons=["zhao"])
    story.when(again, by=MODERATOR).refused("nothing_changes")
    story.when(NameSubjects(), by=MODERATOR).refused("nothing_changes")
    for accused in (LI, POLICE, staff("supervisor", "zhao")):
        assert not may_read(story.case, accused, story.rules)


def test_the_same_unit_named_twice_is_named_once() -> None:
    story = given(*ACCEPTED).when(NameSubjects(units=["roads", "roads"]), by=MODERATOR)
    story.then(e.SubjectsNamed(units=("roads",)))


def test_a_case_is_about_ten_units_and_ten_persons_at_most() -> None:
    story = given(*TRIAGE, step(e.SubjectsNamed(persons=tuple(f"p{n}" for n in range(8)))))
    ten = story.when(NameSubjects(persons=["p8", "p9", "p0"]), by=MODERATOR)
    assert ten.case.subjects is not None
    assert len(ten.case.subjects.persons) == 10
    told = ten.when(NameSubjects(persons=["p10"]), by=MODERATOR).refused("too_many_subjects")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"most": 10}
    ten.when(NameSubjects(units=["roads"]), by=MODERATOR).leaves("TRIAGE")
    units = tuple(f"u{n}" for n in range(10))
    full = given(*TRIAGE, step(e.SubjectsNamed(units=units)))
    full.when(NameSubjects(units=["roads"]), by=MODERATOR).refused("too_many_subjects")


# -- taken off the list ------------------------------------------------------------------------

OFF = DropSubjects(units=["roads"], text="经核实，说的是另一个单位。")


def test_what_was_named_in_error_another_person_takes_off() -> None:
    """XF 30: nobody takes off alone what was named."""
    story = given(*TRIAGE, about=("police",)).when(ROADS, by=OUTSIDE)
    story.when(OFF, by=OUTSIDE).refused("same_person")
    assert "drop-subjects" not in story.may(OUTSIDE)
    for by in (MODERATOR, DISPATCHER, LI):
        story.when(OFF, by=by).refused("role")
    dropped = story.when(OFF, by=AT_GOV).then(e.SubjectsNamed(units=("police",)))
    police, roads = (Dispatch(unit=unit, category="0204") for unit in ("police", "roads"))
    dropped.when(police, by=DISPATCHER).refused("subject_unit", "/unit")
    at_roads = dropped.when(roads, by=DISPATCHER).leaves("ASSIGNED")
    assert may_read(at_roads.case, LI, at_roads.rules)


def test_the_last_that_is_taken_off_leaves_a_case_about_nobody() -> None:
    story = given(*TRIAGE, about=("roads",)).when(OFF, by=OUTSIDE).then(e.SubjectsNamed())
    assert story.case.subjects is None
    assert "drop-subjects" not in story.may(AT_GOV)


def test_of_units_and_persons_only_those_said_are_taken_off() -> None:
    both = step(e.SubjectsNamed(units=("roads", "police"), persons=("zhao", "qian")))
    some = DropSubjects(units=["police"], persons=["zhao"], text="录入有误。")
    story = given(*TRIAGE, both).when(some, by=OUTSIDE)
    story.then(e.SubjectsNamed(units=("roads",), persons=("qian",)))


@pytest.mark.parametrize(
    "command",
    [
        DropSubjects(text="都不对。"),
        DropSubjects(units=["police"], text="没有说它。"),
        DropSubjects(units=["roads"], persons=["zhao"], text="没有说他。"),
    ],
    ids=["nobody", "a unit not named", "a person not named"],
)
def test_who_is_not_on_the_list_is_not_taken_off(command: DropSubjects) -> None:
    story = given(*TRIAGE, about=("roads",)).when(command, by=OUTSIDE)
    story.refused("nothing_changes")
    given(*TRIAGE).when(command, by=OUTSIDE).refused("nobody_named")


def test_taking_off_says_why() -> None:
    with pytest.raises(ValidationError):
        DropSubjects.model_validate({"units": ["roads"]})


# -- what a person had in hand -----------------------------------------------------------------

IN_HAND: dict[str, Steps] = {
    "a wish for more time": EXTENSION_ASKED,
    "a wish for a pause": SUSPENSION_ASKED,
    "a wish to end it": TERMINATION_ASKED,
    "a return": RETURN_ASKED,
    "a draft": REPLY_REVIEW,
    "an answer to be rated": REPLIED,
    "an answer that is followed up": FOLLOW_UP,
    "an answer that is objected to": OBJECTED,
    "a promise": PROMISED,
    "an answer that others wait for": (*LED, *REDO[-2:]),
}
"""What Li has asked or answered, and others are about to go by."""


@pytest.mark.parametrize("what", IN_HAND)
def test_what_the_accused_person_had_in_hand_nobody_goes_by_any_more(what: str) -> None:
    before = given(*IN_HAND[what])
    story = before.when(NameSubjects(persons=["li"]), by=DISPATCHER).leaves("ACCEPTED")
    assert e.TakenAway() in story.happened
    case = story.case
    assert (case.unit, case.draft, case.asks, case.to_pass_on) == (None, None, {}, None)
    assert case.leases == before.case.leases, "who follows it waits for another answer"
    assert case.clocks.keys() & {"resolve", "redo", "promise"}
    story.when(Dispatch(unit="roads", category="0204"), by=DISPATCHER).leaves("ASSIGNED")


@pytest.mark.parametrize("what", IN_HAND)
def test_what_somebody_else_had_in_hand_goes_on(what: str) -> None:
    before = given(*IN_HAND[what])
    story = before.when(NameSubjects(persons=["wang"]), by=DISPATCHER)
    story.then(e.SubjectsNamed(persons=("wang",))).leaves(before.case.state)


def test_the_moderator_who_answered_an_enquiry_is_no_longer_its_author() -> None:
    answered = step(e.Answered(article="A1", article_version=3), e.Invited(), by=MODERATOR)
    story = given(answered, kind="enquiry").when(NameSubjects(persons=["mo"]), by=DISPATCHER)
    story.leaves("ACCEPTED")
    assert set(story.case.clocks) == {"dispatch", "resolve"}


def test_who_asked_to_know_the_citizen_loses_nothing_of_the_units_work() -> None:
    story = given(*HANDLING, *UNMASKING).when(NameSubjects(persons=["li"]), by=DISPATCHER)
    story.leaves("HANDLING")


# -- beside others -----------------------------------------------------------------------------


@pytest.mark.parametrize("named", [ROADS, NameSubjects(persons=["zhao"])], ids=["unit", "person"])
def test_a_follower_that_turns_out_to_be_about_somebody_goes_on_by_itself(
    named: NameSubjects,
) -> None:
    """Its lead may be with those it is about."""
    before = given(*MERGED)
    story = before.when(named, by=MODERATOR).leaves("ACCEPTED")
    assert story.happened[-1] == e.Unmerged(why="decided")
    assert story.case.follows is None
    assert story.clock("resolve") == before.clock("resolve")
    assert "dispatch" in story.case.clocks


def test_what_the_accused_answered_is_not_passed_on() -> None:
    story = given(*LED).when(ROADS, by=MODERATOR).leaves("ACCEPTED")
    assert story.case.to_pass_on is None
    assert "pass_on" not in story.case.clocks
    story.when(PassOn(), by=OUTSIDE).refused("nothing_to_pass_on")
    assert story.case.followers == 1


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
