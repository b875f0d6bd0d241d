"""Cases that belong together: what merging, splitting, repeating and recurring ask for and do to one
case. How two cases are changed together is told in `tests/service/test_relations.py`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from casework.cases.access import By
from casework.cases.acts.relations import LEADS
from casework.cases.decide import file
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import events as e
from schemas import names
from schemas.commands import (
    Answer,
    Command,
    File,
    FollowLead,
    MarkRecurrence,
    MarkRepeat,
    Merge,
    Part,
    PassOn,
    Publish,
    Rate,
    Redo,
    ReleaseLead,
    SendMessage,
    SplitCase,
    TakeLead,
    Unmerge,
    Withdraw,
)
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    ASSIGNED,
    CITIZEN,
    CLOSED,
    DISPATCHER,
    HANDLING,
    LI,
    MACHINE,
    MODERATOR,
    NEEDS_INFO,
    NUMBER,
    OBJECTED,
    PROMISED,
    REPLIED,
    RULES,
    SEALED,
    SUPERVISOR,
    SUSPENDED,
    TRIAGE,
    Steps,
    Story,
    given,
    on,
    second_handling,
    staff,
    step,
    under,
)
from tests.cases.together import OTHER_NUMBER, relate

THIRD = "1817209355617226"
INTO = Merge(case=OTHER_NUMBER)
LED: Steps = (*HANDLING, step(e.LeadTaken(follower=NUMBER)))
FOLLOWING: Steps = (*ASSIGNED, step(e.Merged(into=OTHER_NUMBER), by=MODERATOR))
_ANSWER = FollowLead(
    lead=OTHER_NUMBER, outcome="resolved", by="wang", unit="roads", category="0204", text="修好了。"
)


def other(*steps: object, **filed: object) -> Story:
    """The case that is named."""
    return given(*steps, number=OTHER_NUMBER, **filed)  # type: ignore[arg-type]


# -- merge: who may follow whom ----------------------------------------------------------------


@pytest.mark.parametrize("past", [ACCEPTED, TRIAGE, ASSIGNED, HANDLING])
def test_a_case_that_is_merged_is_held_by_nobody_and_keeps_its_promise(past: Steps) -> None:
    before = given(*past)
    lead = other(*HANDLING)
    story = relate(before, INTO, MODERATOR, lead)

    story.then(e.Merged(into=OTHER_NUMBER, version=lead.case.version)).leaves("FOLLOWING")
    assert story.case.follows == OTHER_NUMBER
    assert (story.case.unit, story.case.officer, story.case.asks) == (None, None, {})
    assert story.case.clocks == {"resolve": before.clock("resolve")}
    assert story.case.next_due == before.clock("resolve").next
    assert story.case.queue is None, "its lead is handled, not it"


@pytest.mark.parametrize(
    ("named", "lead", "code", "pointer"),
    [
        (Merge(case=NUMBER), None, "itself", "/case"),
        (INTO, None, "unknown_case", "/case"),
        (INTO, other(*ASSIGNED, step(e.Merged(into=THIRD))), "follows_another", "/case"),
        (INTO, other(*HANDLING, identity="sealed"), "sealed_apart", "/case"),
    ],
    ids=["with itself", "with nothing", "with a follower", "with a sealed one"],
)
def test_what_nothing_can_follow(named: Merge, lead: Story | None, code: str, pointer: str) -> None:
    before = given(*HANDLING)
    story = relate(before, named, MODERATOR, lead).refused(code, pointer)
    assert story.case == before.case


@pytest.mark.parametrize("state", sorted(names.STATES))
def test_a_lead_is_one_that_can_still_bring_an_answer(state: names.State) -> None:
    lead = other(*HANDLING)
    lead = replace(lead, case=lead.case.model_copy(update={"state": state}))
    story = relate(given(*ASSIGNED), INTO, DISPATCHER, lead)
    if state in LEADS:
        story.leaves("FOLLOWING")
    else:
        story.refused("no_lead", "/case")
    assert not LEADS & names.ENDS


@pytest.mark.parametrize("past", [ASSIGNED, HANDLING])
def test_nobody_of_the_unit_that_has_it_rids_it_of_the_case(past: Steps) -> None:
    """Neither by merging it into another's, nor as a repeat."""
    inside, same = staff("dispatcher", "xu", "roads"), MarkRepeat(case=OTHER_NUMBER, text="同一件")
    story = given(*past, citizen="c")
    lead = other(*HANDLING, citizen="c")
    relate(story, INTO, inside, lead).refused("own_unit")
    assert not {"merge", "mark-repeat"} & story.may(inside)
    elsewhere = staff("dispatcher", "pu", "police")
    relate(story, INTO, elsewhere, lead).leaves("FOLLOWING")
    if past is ASSIGNED:
        relate(story, same, inside, lead).refused("own_unit")
        relate(story, same, elsewhere, lead).leaves("CLOSED")


def test_what_leads_others_follows_nobody() -> None:
    story = given(*LED)
    relate(story, INTO, MODERATOR, other(*HANDLING)).refused("leads_others")
    assert "merge" not in story.may(MODERATOR)


def test_what_is_sealed_follows_nobody() -> None:
    story = given(*HANDLING, identity="sealed")
    relate(story, INTO, MODERATOR, other(*HANDLING)).refused("sealed_apart")
    assert "merge" not in story.may(MODERATOR)


def test_nobodys_case_is_answered_by_whom_it_is_about() -> None:
    about_roads = given(*TRIAGE, about=("roads",))
    relate(about_roads, INTO, MODERATOR, other(*HANDLING)).refused("subject_unit", "/case")
    relate(given(*TRIAGE, about=("police",)), INTO, MODERATOR, other(*HANDLING)).leaves("FOLLOWING")


@pytest.mark.parametrize("number", ["", "12", "2817209355617200", "18172093556172001"])
def test_a_case_is_named_by_its_sixteen_digits(number: str) -> None:
    for shape in (Merge, MarkRecurrence):
        with pytest.raises(ValidationError):
            shape(case=number)
    assert Merge(case="1817-2093-5561-7218").case == OTHER_NUMBER


# -- the lead ----------------------------------------------------------------------------------


def test_the_lead_takes_the_earliest_due_date() -> None:
    lead = given(*HANDLING)
    sooner = "2026-10-12T16:00:00+00:00"
    story = lead.when(TakeLead(follower=THIRD, due=sooner), by=MACHINE)
    story.then(e.LeadTaken(follower=THIRD, until=on("2026-10-13 00:00")))
    assert story.clock("resolve").due == on("2026-10-13 00:00")
    assert story.clock("resolve").since == lead.clock("resolve").since

    later = story.when(TakeLead(follower=OTHER_NUMBER, due="2026-12-01T00:00:00Z"), by=MACHINE)
    later.then(e.LeadTaken(follower=OTHER_NUMBER))
    assert later.clock("resolve").due == on("2026-10-13 00:00")
    assert later.case.followers == 2


def test_a_lead_in_its_second_handling_takes_the_earliest_due_date_too() -> None:
    lead = given(*second_handling())
    story = lead.when(TakeLead(follower=THIRD, due="2026-10-08T16:00:00Z"), by=MACHINE)
    story.then(e.LeadTaken(follower=THIRD, until=on("2026-10-09 00:00")))
    assert story.clock("redo").due == on("2026-10-09 00:00")
    assert story.clock("redo").since == lead.clock("redo").since
    later = lead.when(TakeLead(follower=THIRD, due="2026-10-20T16:00:00Z"), by=MACHINE)
    later.then(e.LeadTaken(follower=THIRD))
    assert later.clock("redo") == lead.clock("redo")


def test_a_lead_that_has_promised_a_date_keeps_to_it() -> None:
    """Its own citizen has been told that day; the follower's earlier one is watched with it."""
    lead = given(*PROMISED)
    story = lead.when(TakeLead(follower=THIRD, due="2026-10-12T16:00:00Z"), by=MACHINE)
    story.then(e.LeadTaken(follower=THIRD)).leaves("PROMISED")
    assert story.case.clocks == lead.case.clocks


def test_a_lead_that_is_suspended_stays_so() -> None:
    until = on("2026-12-01 00:00")
    suspended = given(
        *HANDLING,
        step(e.SuspensionAsked(reason="season", until=until), by=LI),
        step(e.Suspended(reason="season", until=until), by=SUPERVISOR),
    )
    story = suspended.when(TakeLead(follower=THIRD, due="2026-10-12T16:00:00Z"), by=MACHINE)
    story.then(e.LeadTaken(follower=THIRD))
    assert story.clock("resolve") == suspended.clock("resolve")


def test_a_follower_that_leaves_is_counted_out_and_none_is_counted_twice() -> None:
    story = given(*LED).when(ReleaseLead(follower=NUMBER), by=MACHINE)
    story.then(e.LeadReleased(follower=NUMBER))
    assert story.case.followers == 0
    story.when(ReleaseLead(follower=NUMBER), by=MACHINE).then()


@pytest.mark.parametrize("by", [MODERATOR, SUPERVISOR, LI, CITIZEN])
@pytest.mark.parametrize(
    "command", [TakeLead(follower=THIRD), ReleaseLead(follower=THIRD), _ANSWER]
)
def test_only_the_machine_tells_the_other_case(command: Command, by: By) -> None:
    given(*LED).when(command, by=by).refused("role")


def test_a_reply_to_the_lead_waits_to_be_checked_before_it_goes_on() -> None:
    story = given(*LED, step(e.Replied(outcome="resolved"), e.Invited()))
    story.leaves("AWAITING_RATING")
    assert story.case.to_pass_on == "resolved"
    assert story.case.asides == {"followers": story.clock("pass_on").due}
    assert "pass-on" in story.may(MODERATOR)
    assert "pass-on" not in story.may(LI), "whoever replied does not judge its privacy"
    for same in (staff("moderator", "li"), staff("moderator", "xu", "roads")):
        code = "own_unit" if same.actor.unit else "same_person"
        story.when(PassOn(), by=same).refused(code)
        assert "pass-on" not in story.may(same)

    told = story.when(PassOn(), by=MODERATOR)
    told.then(
        e.PassedOn(outcome="resolved", followers=(NUMBER,), by="li", unit="roads", category="0204")
    )
    assert (told.case.followers, told.case.to_pass_on) == (0, None)
    assert "pass_on" not in told.case.clocks
    told.when(PassOn(), by=MODERATOR).refused("nothing_to_pass_on")


def test_an_enquiry_that_is_answered_at_once_answers_those_that_follow_it_too() -> None:
    led = given(*TRIAGE, step(e.LeadTaken(follower=THIRD)), kind="enquiry")
    story = led.when(Answer(article="A1", article_version=1, text="周一至周五。"), by=AGENT)
    assert story.case.to_pass_on == "explained"
    assert "pass_on" in story.case.clocks
    story.when(PassOn(), by=MODERATOR).then(
        e.PassedOn(outcome="explained", followers=(THIRD,), by="an", category=None)
    )


def test_what_waits_to_be_passed_on_has_its_alarm_even_when_the_lead_has_ended() -> None:
    rated = e.Rated(contacted=True, resolved="yes", overall=5)
    story = given(
        *LED,
        step(e.Replied(outcome="resolved"), e.Invited()),
        step(rated, e.Closed(how="rated"), by=CITIZEN),
    )
    story.leaves("CLOSED")
    assert story.case.next_due is not None
    late = story.tick("2026-10-09 00:00")
    assert e.Overdue(clock="pass_on") in late.happened
    done = late.when(PassOn(), by=MODERATOR)
    assert done.case.next_due is None


def test_what_is_confidential_by_now_is_not_passed_on() -> None:
    sealed = given(*LED, step(e.Replied(outcome="resolved"), e.Invited()), *SEALED)
    sealed.when(PassOn(), by=MODERATOR).refused("sealed_apart")
    assert "pass-on" not in sealed.may(MODERATOR)


@pytest.mark.parametrize("past", [HANDLING, REPLIED])
def test_a_case_that_nobody_follows_has_nothing_to_pass_on(past: Steps) -> None:
    given(*past).when(PassOn(), by=MODERATOR).refused("nothing_to_pass_on")


def test_once_the_last_follower_has_left_nothing_waits_to_be_passed_on() -> None:
    story = given(*LED, step(e.Replied(outcome="resolved"), e.Invited()))
    story = story.when(ReleaseLead(follower=NUMBER), by=MACHINE)
    assert story.case.to_pass_on is None
    assert "pass_on" not in story.case.clocks


# -- the follower ------------------------------------------------------------------------------


def test_the_leads_answer_is_the_followers_own_and_is_rated_by_its_own_citizen() -> None:
    story = given(*FOLLOWING).when(_ANSWER, by=MACHINE)
    taken = e.ReplyTaken(
        lead=OTHER_NUMBER, outcome="resolved", by="wang", unit="roads", category="0204"
    )
    story.then(taken, e.Invited()).leaves("AWAITING_RATING")
    assert set(story.case.clocks) == {"rating"}
    assert (story.case.follows, story.case.unit) == (None, "roads")
    assert story.case.replied_by == "wang"


def test_a_follower_that_wants_no_answer_ends_with_it() -> None:
    given(*FOLLOWING, reply_wanted=False).when(_ANSWER, by=MACHINE).leaves("CLOSED")


def test_a_follower_in_its_second_handling_takes_no_old_clock_along() -> None:
    second = (
        *REPLIED,
        step(e.Rated(contacted=False, resolved="no", overall=1), by=CITIZEN),
        step(e.RedoOrdered(reason="follow_up")),
        step(e.Claimed(officer="wang")),
        step(e.Merged(into=OTHER_NUMBER), by=MODERATOR),
    )
    story = given(*second)
    assert set(story.case.clocks) == {"redo"}, "what it was promised last"
    assert set(story.when(_ANSWER, by=MACHINE).case.clocks) == {"rating"}


def test_the_answer_of_whom_it_is_about_is_no_answer() -> None:
    story = given(*FOLLOWING, about=("roads",)).when(_ANSWER, by=MACHINE)
    story.then(e.Unmerged(why="lead_ended")).leaves("ACCEPTED")


def test_a_lead_that_ended_without_an_answer_lets_its_followers_go_on() -> None:
    story = given(*FOLLOWING).when(FollowLead(lead=OTHER_NUMBER), by=MACHINE)
    story.then(e.Unmerged(why="lead_ended")).leaves("ACCEPTED")
    assert set(story.case.clocks) == {"dispatch", "resolve"}
    assert story.clock("resolve").since == on("2026-09-30 10:00"), "the citizen has waited long"


@pytest.mark.parametrize("lead", [NUMBER, THIRD])
def test_what_another_case_says_changes_nothing(lead: str) -> None:
    story = given(*FOLLOWING).when(_ANSWER.model_copy(update={"lead": lead}), by=MACHINE)
    story.then().leaves("FOLLOWING")


def test_what_was_said_to_those_who_followed_before_is_not_said_to_it() -> None:
    late = step(e.Merged(into=OTHER_NUMBER, version=7), by=MODERATOR)
    for version, state in ((7, "FOLLOWING"), (8, "ACCEPTED")):
        told = FollowLead(lead=OTHER_NUMBER, version=version)
        assert given(*ASSIGNED, late).when(told, by=MACHINE).case.state == state


def test_an_answer_of_no_unit_that_does_not_satisfy_is_dispatched() -> None:
    answer = FollowLead(lead=OTHER_NUMBER, outcome="explained", by="an", text="周一至周五。")
    story = given(*FOLLOWING, kind="enquiry").when(answer, by=MACHINE).leaves("AWAITING_RATING")
    bad = Rate(contacted=True, resolved="no", overall=1)
    story.when(bad, by=CITIZEN).leaves("ACCEPTED")


def test_a_follower_is_taken_out_again() -> None:
    story = given(*FOLLOWING).when(Unmerge(text="是另一盏灯。"), by=DISPATCHER)
    story.then(e.Unmerged(why="decided")).leaves("ACCEPTED")
    assert story.case.follows is None
    assert set(story.case.clocks) == {"dispatch", "resolve"}
    story.when(Unmerge(text="再来一次。"), by=DISPATCHER).refused("state")


def test_a_followers_own_word_is_seen() -> None:
    story = given(*FOLLOWING)
    assert story.case.queue is None
    told = story.when(SendMessage(text="我家门口也一样。"), by=CITIZEN)
    assert told.case.queue == "followers"


def test_a_followers_own_promise_is_watched() -> None:
    story = given(*FOLLOWING).tick("2026-10-28 00:00")
    assert e.Overdue(clock="resolve") in story.happened
    assert story.case.queue == "followers"
    assert story.case.level == 1


def test_a_followers_promise_is_what_it_was_promised_last() -> None:
    """Not always the first promise: a second handling has its own."""
    merged = given(*second_handling(), step(e.Merged(into=OTHER_NUMBER), by=MODERATOR))
    assert set(merged.case.clocks) == {"redo"}
    assert merged.case.queue is None
    late = merged.tick("2026-10-11 00:00")
    assert e.Overdue(clock="redo") in late.happened
    assert late.case.queue == "followers"


def test_the_end_of_a_published_lead_takes_it_off_the_board_and_lets_all_go() -> None:
    story = given(*LED, publishable=True).when(Publish(), by=MODERATOR)
    story.when(Withdraw(reason="solved"), by=CITIZEN).then(
        e.Withdrawn(reason="solved"), e.Unpublished(), e.FollowersReleased(followers=(NUMBER,))
    )


# -- split -------------------------------------------------------------------------------------


def test_a_case_is_split_into_parts_and_goes_on() -> None:
    part = SplitCase(parts=[Part(text="另外，井盖也坏了。", category="0204")])
    story = relate(given(*HANDLING), part, DISPATCHER, made=(THIRD,))
    story.then(e.Split(into=(THIRD,))).leaves("HANDLING")


def test_a_split_into_nothing_is_none() -> None:
    with pytest.raises(ValidationError):
        SplitCase(parts=[])
    with pytest.raises(ValidationError):
        SplitCase(parts=[Part(text="多")] * 6)
    with pytest.raises(ValidationError):
        Part(text="  ")


def test_a_part_of_an_unknown_category_is_refused() -> None:
    part = SplitCase(parts=[Part(text="好"), Part(text="另一件", category="9999")])
    before = given(*HANDLING)
    story = relate(before, part, DISPATCHER).refused("unknown_category", "/parts/1/category")
    assert story.case == before.case


@pytest.mark.parametrize("past", [REPLIED, CLOSED, FOLLOWING])
def test_what_has_been_answered_is_not_split(past: Steps) -> None:
    part = SplitCase(parts=[Part(text="另外，井盖也坏了。")])
    relate(given(*past), part, DISPATCHER).refused("state")


@pytest.mark.parametrize("past", [REPLIED, CLOSED, FOLLOWING])
def test_parts_that_were_filed_before_it_moved_on_are_recorded_by_the_machine(past: Steps) -> None:
    part = SplitCase(parts=[Part(text="另外，井盖也坏了。")])
    before = given(*past)
    story = relate(before, part, MACHINE, made=(THIRD,)).then(e.Split(into=(THIRD,)))
    assert story.case.clocks == before.case.clocks
    story.leaves(before.case.state)


def the_part_of(whole: Story, at: str = "2026-10-12 10:00") -> Case:
    """The case filed for a part, at this time."""
    filing = File(text="另外，井盖也坏了。", category="0204")
    now = on(at)
    events = file(THIRD, filing, "complaint", MACHINE, whole.rules, now, split_from=whole.case)
    assert not isinstance(events, Refusal)
    return evolve_all(None, events, THIRD, MACHINE.actor, now)


def test_a_part_is_due_when_the_whole_is() -> None:
    """Nothing is gained by splitting late."""
    whole = given(*HANDLING)
    part = the_part_of(whole)
    assert part.clocks["resolve"].due == whole.clock("resolve").due == on("2026-10-28 00:00")
    again = given(*second_handling())
    assert the_part_of(again, at="2026-10-09 10:00").clocks["resolve"].due == on("2026-10-11 00:00")
    late = the_part_of(whole, at="2026-10-28 09:00").clocks["resolve"]
    assert late.due <= on("2026-10-28 09:01"), "what is late is split into what is late"
    assert the_part_of(given(*SUSPENDED)).clocks["resolve"].due == on("2026-11-03 00:00")


def test_a_part_is_about_whom_the_whole_is_about_however_many() -> None:
    units = tuple(sorted(RULES.city.units))[:6]
    named = e.SubjectsNamed(units=units, persons=("zhao",))
    subjects = the_part_of(given(*TRIAGE, step(named))).subjects
    assert subjects is not None
    assert (subjects.units, subjects.persons) == (units, ("zhao",))
    by_the_citizen = the_part_of(given(*TRIAGE, about=("police",))).subjects
    assert by_the_citizen is not None
    assert by_the_citizen.units == ("police",)


# -- repeats and recurrences -------------------------------------------------------------------

SAME = MarkRepeat(case=OTHER_NUMBER, text="同一件事，昨天刚报过。")


def test_a_repeat_of_the_citizens_own_open_case_ends() -> None:
    story = relate(given(*TRIAGE, citizen="c"), SAME, MODERATOR, other(*HANDLING, citizen="c"))
    story.then(e.RepeatFound(of=OTHER_NUMBER), e.Closed(how="repeat")).leaves("CLOSED")
    assert "object" in story.may(CITIZEN), "a person has decided it, and another can be asked"


@pytest.mark.parametrize(
    ("mine", "command", "named", "code", "pointer"),
    [
        ("c", SAME, other(*HANDLING, citizen="d"), "another_citizen", "/case"),
        (None, SAME, other(*HANDLING), "another_citizen", "/case"),
        ("c", SAME, other(*CLOSED, citizen="c"), "not_open", "/case"),
        ("c", SAME, other(*NEEDS_INFO, citizen="c"), "not_open", "/case"),
        ("c", SAME, other(*OBJECTED, citizen="c"), "not_open", "/case"),
        ("c", SAME, None, "unknown_case", "/case"),
        ("c", MarkRepeat(case=NUMBER, text="…"), None, "itself", "/case"),
    ],
    ids=[
        "another's",
        "nobody's",
        "an ended one",
        "one that may end unheard",
        "one that is objected to",
        "none",
        "itself",
    ],
)
def test_what_is_no_repeat(
    mine: str | None, command: MarkRepeat, named: Story | None, code: str, pointer: str
) -> None:
    story = relate(given(*TRIAGE, citizen=mine), command, MODERATOR, named)
    story.refused(code, pointer)


def test_what_others_follow_is_not_ended_as_a_repeat() -> None:
    lead = given(*ASSIGNED, step(e.LeadTaken(follower=THIRD)), citizen="c")
    relate(lead, SAME, MODERATOR, other(*HANDLING, citizen="c")).refused("leads_others")


def test_what_has_happened_again_is_a_new_case_that_names_the_old() -> None:
    again = MarkRecurrence(case=OTHER_NUMBER)
    before = given(*HANDLING)
    relate(before, again, MODERATOR, other(*CLOSED)).then(
        e.RecurrenceFound(of=OTHER_NUMBER)
    ).leaves("HANDLING")
    relate(before, again, MODERATOR, other(*HANDLING)).refused("still_open", "/case")
    relate(before, again, MODERATOR).refused("unknown_case", "/case")
    relate(before, MarkRecurrence(case=NUMBER), MODERATOR).refused("itself", "/case")


@pytest.mark.parametrize(
    ("mine", "old"),
    [((*HANDLING, *SEALED), CLOSED), (HANDLING, (*CLOSED, *SEALED))],
    ids=["the new one", "the old one"],
)
def test_what_is_confidential_is_named_by_no_other_case(mine: Steps, old: Steps) -> None:
    again = MarkRecurrence(case=OTHER_NUMBER)
    relate(given(*mine), again, MODERATOR, other(*old)).refused("sealed_apart", "/case")


def test_what_is_handled_again_after_the_leads_answer_is_another_officers() -> None:
    bad = e.Rated(contacted=True, resolved="no", overall=1)
    story = given(*FOLLOWING, rules=under(reply_review="none")).when(_ANSWER, by=MACHINE)
    story = story._committed([bad, e.FollowUpBegun(reason="unresolved")], CITIZEN)
    story = story.when(Redo(text="他家没修。"), by=SUPERVISOR).leaves("REDO")
    assert story.case.unit == "roads"
    assert "claim" in story.may(LI)
