"""Help (协办; 吹哨报到): a holder calls other units, a street its departments; each on its own time."""

import pytest
from pydantic import ValidationError

from casework.cases.access import By, may_read
from casework.cases.rules import Refusal
from schemas import events as e
from schemas.commands import (
    AnswerAssistance,
    AskAssistance,
    Claim,
    DecideAssistance,
    DecideReturn,
    Delegate,
    Dispatch,
    DisputeAssistance,
    NameSubjects,
    RaiseAlert,
    Recount,
    Reply,
    ReportIn,
    Return,
)
from tests.cases.telling import (
    ACCEPTED,
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    HANDLING,
    HEAD,
    HU,
    LI,
    MACHINE,
    MODERATOR,
    NAN,
    NORTH_HANDLES,
    OTHER_SUPERVISOR,
    POLICE,
    POLICE_HEAD,
    PROMISED,
    REPLIED,
    STREET_HANDLES,
    SUPERVISOR,
    SUSPENDED,
    WANG,
    YU,
    Steps,
    Story,
    given,
    on,
    retired,
    staff,
    step,
    under,
)

WHISTLE = AskAssistance(units=["police", "roads", "north-roads"], text="夜市占道，请到现场。")
CALL = AskAssistance(units=["police"], text="请维持秩序。")
THERE = ReportIn()
HELPED = AnswerAssistance(text="已疏导车辆。")
NOT_OURS = DisputeAssistance(text="占道经营归城管。")
MUST = DecideAssistance(unit="police", uphold=True, text="请到场维持秩序。")
NEED_NOT = DecideAssistance(unit="police", uphold=False, text="不必到场。")
POLICE_SYSTEM = staff("integration", "police-system", "police")


def whistled() -> Story:
    """The street has called three departments."""
    return given(*STREET_HANDLES).when(WHISTLE, by=YU)


def called() -> Story:
    return given(*HANDLING).when(CALL, by=LI)


def disputed() -> Story:
    return called().when(NOT_OURS, by=POLICE, at="2026-10-08 10:00")


# -- called ----------------------------------------------------------------------------------------


def test_a_street_calls_departments_and_each_has_its_own_entry_and_its_own_time() -> None:
    story = whistled()
    story.then(
        e.AssistanceAsked(unit="police"),
        e.AssistanceAsked(unit="roads"),
        e.AssistanceAsked(unit="north-roads"),
    ).leaves("HANDLING")
    for unit in WHISTLE.units:
        assert story.clock(f"assist_report:{unit}").due == on("2026-10-09 00:00")
        assert story.clock(f"assist:{unit}").due == on("2026-10-11 00:00")
    # What is due first stands on each worklist: to report in.
    assert story.case.asides == {f"unit:{unit}": on("2026-10-09 00:00") for unit in WHISTLE.units}
    there = story.when(THERE, by=POLICE)
    assert there.case.asides["unit:police"] == on("2026-10-11 00:00")
    assert story.case.queue == "unit:elm-street"


@pytest.mark.parametrize("by", [LI, HEAD, DISPATCHER, SUPERVISOR])
@pytest.mark.parametrize("past", [ASSIGNED, HANDLING, SUSPENDED, PROMISED])
def test_the_holder_or_the_hotline_office_calls(past: Steps, by: By) -> None:
    story = given(*past).when(CALL, by=by).then(e.AssistanceAsked(unit="police"))
    assert story.case.state == given(*past).case.state


def test_who_is_called_when_the_promise_has_passed_gets_the_whole_of_their_own_time() -> None:
    """What is broken already bounds nothing: else they would have a second."""
    late = given(*HANDLING).tick("2026-10-28 00:00").when(CALL, by=LI, at="2026-10-28 10:00")
    assert late.clock("assist:police").due == on("2026-11-03 00:00")
    assert late.when(Recount(), by=MACHINE).clock("assist:police").due == on("2026-11-03 00:00")


def test_who_was_called_before_stays_within_the_promise_when_it_has_passed() -> None:
    story = given(*HANDLING).when(CALL, by=LI, at="2026-10-27 10:00")
    assert story.clock("assist:police").due == on("2026-10-28 00:00")
    after = story.tick("2026-10-29 10:00").when(Recount(), by=MACHINE)
    assert after.clock("assist:police").due == on("2026-10-28 00:00")


def test_who_may_not_call() -> None:
    given(*HANDLING).when(CALL, by=POLICE).refused("not_yours")
    given(*HANDLING).when(CALL, by=MODERATOR).refused("role")
    given(*ACCEPTED).when(CALL, by=DISPATCHER).refused("state")
    given(*REPLIED).when(CALL, by=LI).refused("state")


@pytest.mark.parametrize(
    ("units", "code", "pointer"),
    [
        (["roads"], "same_unit", "/units/0"),
        (["police", "police"], "same_unit", "/units/1"),
        (["police", "nobody"], "unknown_unit", "/units/1"),
        (["police", "parks"], "retired_unit", "/units/1"),
    ],
    ids=["itself", "twice", "unknown", "dissolved"],
)
def test_who_is_called_exists_and_is_another(units: list[str], code: str, pointer: str) -> None:
    told = given(*HANDLING).when(AskAssistance(units=units, text="请到场。"), by=LI)
    assert told.refused(code, pointer).case == given(*HANDLING).case


def test_nobody_is_called_to_what_is_about_them() -> None:
    """XF 30: never to the accused."""
    accused = step(e.SubjectsNamed(units=("police",)))
    given(*HANDLING, accused).when(CALL, by=LI).refused("subject_unit", "/units/0")
    above = step(e.SubjectsNamed(units=("north",)))
    street = AskAssistance(units=["elm-street"], text="请到场。")
    given(*HANDLING, above).when(street, by=DISPATCHER).refused("subject_unit", "/units/0")


def test_a_unit_dissolved_yesterday_is_not_called() -> None:
    story = given(*HANDLING, rules=retired("gov", "2026-09-29"))
    gone = AskAssistance(units=["gone"], text="请到场。")
    story.when(gone, by=LI).refused("retired_unit", "/units/0")


def test_who_has_been_called_is_not_called_again_while_it_helps() -> None:
    called().when(CALL, by=LI).refused("same_unit", "/units/0")


def test_at_most_eight_help_at_once() -> None:
    with pytest.raises(ValidationError):
        AskAssistance(units=[f"u{n}" for n in range(9)], text="都来。")
    others = tuple(e.AssistanceAsked(unit=f"u{n}") for n in range(7))
    seven = given(*HANDLING, step(*others))
    two = AskAssistance(units=["police", "north"], text="请到场。")
    seven.when(two, by=LI).refused("too_many_called", "/units")
    eight = seven.when(CALL, by=LI).leaves("HANDLING")
    eight.when(AskAssistance(units=["north"], text="请到场。"), by=LI).refused("too_many_called")
    assert "ask-assistance" not in eight.may(LI)


# -- reported in, answered -------------------------------------------------------------------------


@pytest.mark.parametrize("by", [POLICE, POLICE_HEAD, POLICE_SYSTEM])
def test_who_is_called_reports_in_and_answers(by: By) -> None:
    there = called().when(THERE, by=by, at="2026-10-08 10:00").then(e.ReportedIn(unit="police"))
    assert "assist_report:police" not in there.case.clocks
    assert there.clock("assist:police") == called().clock("assist:police")
    done = there.when(HELPED, by=by).then(e.AssistanceAnswered(unit="police"))
    assert not [name for name in done.case.clocks if name.startswith("assist")]
    assert done.case.asides == {}
    assert done.case.state == "HANDLING"
    done.when(HELPED, by=by).refused("aid_state")
    done.when(THERE, by=by).refused("aid_state")


def test_an_answer_needs_no_report_before_it() -> None:
    done = called().when(HELPED, by=POLICE)
    assert not [name for name in done.case.clocks if name.startswith("assist")]


def test_each_unit_answers_for_itself_alone() -> None:
    story = whistled().when(THERE, by=POLICE).when(HELPED, by=POLICE)
    assert set(story.case.asides) == {"unit:roads", "unit:north-roads"}
    assert {n for n in story.case.clocks if ":" in n} == {
        "assist:roads",
        "assist:north-roads",
        "assist_report:roads",
        "assist_report:north-roads",
    }
    story.when(HELPED, by=LI).then(e.AssistanceAnswered(unit="roads"))


def test_who_is_not_called_has_nothing_to_report() -> None:
    for command in (THERE, HELPED, NOT_OURS):
        called().when(command, by=NAN).refused("not_yours")
        called().when(command, by=LI).refused("not_yours")
        called().when(command, by=DISPATCHER).refused("role")
    called().when(NOT_OURS, by=POLICE_SYSTEM).refused("role")


def test_who_is_called_reads_the_case_and_handles_nothing_of_it() -> None:
    story = called()
    assert may_read(story.case, POLICE, story.rules)
    assert story.may(POLICE) == {
        "report-in",
        "answer-assistance",
        "dispute-assistance",
        "raise-alert",
    }
    for command in (Reply(outcome="resolved", text="好了。"), Claim(), Delegate(unit="north")):
        story.when(command, by=POLICE).refused("not_yours")
    story.when(RaiseAlert(kind="hazard", text="有燃气味。"), by=POLICE).leaves("HANDLING")


def test_who_helped_goes_on_reading_until_the_work_is_over() -> None:
    done = called().when(HELPED, by=POLICE)
    assert may_read(done.case, POLICE, done.rules)
    back = done.when(Return(reason="other_leads", text="由公安办理。"), by=LI)
    gone = back.when(DecideReturn(approve=True), by=DISPATCHER).leaves("ACCEPTED")
    assert gone.case.aids == ()
    assert not may_read(gone.case, POLICE, gone.rules)


def test_whoever_does_not_come_is_told_and_the_case_is_supervised() -> None:
    late = called().tick("2026-10-09 00:00").leaves("HANDLING")
    assert e.Overdue(clock="assist_report:police") in late.happened
    assert late.case.level == 1
    later = late.tick("2026-10-11 00:00")
    assert e.Overdue(clock="assist:police") in later.happened
    answered = later.when(HELPED, by=POLICE)
    assert answered.case.level == 1, "the first contact is late as well"
    assert answered.clock("first_contact").late


def test_help_is_due_inside_the_citizens_promise() -> None:
    story = given(*HANDLING).when(CALL, by=LI, at="2026-10-26 10:00")
    assert story.clock("assist:police").due == story.clock("resolve").due


# -- disputed --------------------------------------------------------------------------------------


def test_who_disputes_it_waits_for_the_hotline_office() -> None:
    story = disputed().then(e.AssistanceDisputed(unit="police")).leaves("HANDLING")
    assert {n for n in story.case.clocks if n.startswith("assist")} == {"assist_dispute:police"}
    assert story.clock("assist_dispute:police").due == on("2026-10-10 00:00")
    assert story.case.asides == {"approvals": on("2026-10-10 00:00")}
    story.when(THERE, by=POLICE).refused("aid_state")
    story.when(HELPED, by=POLICE).refused("aid_state")
    story.when(NOT_OURS, by=POLICE).refused("aid_state")


def test_a_dispute_that_is_not_upheld_lets_the_unit_go() -> None:
    story = disputed().when(NEED_NOT, by=DISPATCHER)
    story.then(e.AssistanceReleased(unit="police")).leaves("HANDLING")
    assert (story.case.aids, story.case.asides) == ((), {})
    assert not may_read(story.case, POLICE, story.rules)


def test_who_has_been_heard_helps_and_disputes_no_more() -> None:
    story = disputed().when(MUST, by=SUPERVISOR, at="2026-10-09 10:00")
    story.then(e.AssistanceUpheld(unit="police"))
    assert {n for n in story.case.clocks if n.startswith("assist")} == {"assist:police"}
    assert story.clock("assist:police").due == on("2026-10-14 00:00"), "three days from then"
    assert story.case.asides == {"unit:police": on("2026-10-14 00:00")}
    story.when(NOT_OURS, by=POLICE).refused("aid_state")
    story.when(HELPED, by=POLICE).then(e.AssistanceAnswered(unit="police"))


def test_neither_who_disputes_nor_who_called_decides() -> None:
    story = disputed()
    story.when(MUST, by=staff("dispatcher", "peng")).refused("same_person")
    story.when(NEED_NOT, by=staff("supervisor", "pu", "police")).refused("own_unit")
    caller = staff("supervisor", "lu", "roads")
    story.when(MUST, by=caller).refused("own_unit")
    assert "decide-assistance" not in story.may(caller)
    for by in (LI, POLICE_HEAD, MODERATOR, CITIZEN):
        story.when(MUST, by=by).refused("role")


def test_a_supervisor_who_called_for_help_leaves_the_dispute_to_another() -> None:
    story = given(*HANDLING).when(CALL, by=SUPERVISOR).when(NOT_OURS, by=POLICE)
    story.when(MUST, by=SUPERVISOR).refused("same_person")
    story.when(NEED_NOT, by=SUPERVISOR).refused("same_person")
    assert "decide-assistance" not in story.may(SUPERVISOR)
    story.when(MUST, by=OTHER_SUPERVISOR).then(e.AssistanceUpheld(unit="police"))


def test_nor_does_a_unit_decide_that_delegated_the_case_to_who_called() -> None:
    story = whistled().when(NOT_OURS, by=POLICE)
    story.when(MUST, by=staff("supervisor", "lin", "north")).refused("own_unit")
    story.when(MUST, by=SUPERVISOR).then(e.AssistanceUpheld(unit="police"))


def test_who_called_is_kept_through_all_that_becomes_of_it() -> None:
    """Upheld once, it cannot be disputed again; but who asked is still known."""
    story = disputed().when(MUST, by=SUPERVISOR)
    (aid,) = story.case.aids
    assert (aid.asked_by, aid.state) == ("li", "reported_in")
    (aid,) = story.when(HELPED, by=POLICE).case.aids
    assert (aid.asked_by, aid.state) == ("li", "answered")


def test_only_what_is_disputed_is_decided() -> None:
    called().when(MUST, by=DISPATCHER).refused("nothing_asked")
    elsewhere = DecideAssistance(unit="north", uphold=True, text="请到场。")
    told = disputed().when(elsewhere, by=DISPATCHER).refused("not_disputed", "/unit")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"unit": "north"}
    assert "decide-assistance" not in called().may(DISPATCHER)


def test_silence_releases_nobody() -> None:
    silent = disputed().tick("2026-10-10 00:00").leaves("HANDLING")
    assert e.Overdue(clock="assist_dispute:police") in silent.happened
    assert [aid.state for aid in silent.case.aids] == ["disputed"]


def test_of_two_disputes_each_is_decided_by_itself() -> None:
    story = whistled().when(NOT_OURS, by=POLICE).when(NOT_OURS, by=LI)
    of_police = staff("dispatcher", "pu", "police")
    for_roads = DecideAssistance(unit="roads", uphold=True, text="请到场。")
    story.when(for_roads, by=of_police).then(e.AssistanceUpheld(unit="roads"))
    story.when(MUST, by=of_police).refused("own_unit")


# -- over ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (Reply(outcome="resolved", text="已疏导。"), LI),
        (Dispatch(unit="north", category="0204"), SUPERVISOR),
    ],
)
def test_help_is_over_when_the_case_leaves_who_called(command: Reply | Dispatch, by: By) -> None:
    story = given(*HANDLING, rules=under(reply_review="none")).when(CALL, by=LI)
    gone = story.when(command, by=by)
    assert (gone.case.aids, gone.case.asides) == ((), {})
    assert not [name for name in gone.case.clocks if name.startswith("assist")]
    gone.when(THERE, by=POLICE).refused("not_yours")
    assert "unit:police" in gone.case.shown_to, "its worklist is told that it is over"


def test_help_goes_on_while_a_level_below_takes_over() -> None:
    story = given(*NORTH_HANDLES).when(CALL, by=NAN).when(Delegate(unit="elm-street"), by=NAN)
    assert [aid.unit for aid in story.case.aids] == ["police"]
    story.when(THERE, by=POLICE).then(e.ReportedIn(unit="police"))


def test_a_helper_that_turns_out_to_be_accused_is_let_go_in_the_same_commit() -> None:
    named = NameSubjects(units=["police"])
    story = called().when(named, by=MODERATOR)
    story.then(e.SubjectsNamed(units=("police",)), e.AssistanceReleased(unit="police")).leaves(
        "HANDLING"
    )
    assert not may_read(story.case, POLICE, story.rules)
    assert "assist:police" not in story.case.clocks


def test_a_colleague_and_the_head_above_do_as_well() -> None:
    called().when(THERE, by=POLICE_HEAD).then(e.ReportedIn(unit="police"))
    called().when(THERE, by=HU).refused("not_yours")
    given(*HANDLING).when(CALL, by=WANG).then(e.AssistanceAsked(unit="police"))
