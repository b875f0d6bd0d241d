"""Suspension (挂账): blocked for an objective reason, approved outside the unit, resumed by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from casework.cases.access import By
from casework.cases.rules import Refusal, Rules
from casework.clock.limits import Limit
from schemas import events as e
from schemas.commands import (
    AskSuspension,
    AskTermination,
    Claim,
    DecideExtension,
    DecideSuspension,
    Delegate,
    LiftSuspension,
    RecordContact,
    Recount,
    Reply,
    SendMessage,
    Tick,
    Urge,
    Withdraw,
)
from tests.cases.telling import (
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    EXTENSION_ASKED,
    HANDLING,
    HEAD,
    LEADER,
    LI,
    MACHINE,
    MODERATOR,
    NAN,
    NORTH_HANDLES,
    OTHER_SUPERVISOR,
    POLICE,
    REDO,
    RULES,
    SUPERVISOR,
    SUSPENDED,
    SUSPENSION_ASKED,
    WANG,
    YU,
    Steps,
    Story,
    given,
    on,
    second_handling,
    staff,
    under,
)

ASK = AskSuspension(reason="season", until=date(2026, 10, 20), text="冻土不能开挖，回暖后复工。")
REVIEW = on("2026-10-21 00:00")
YES = DecideSuspension(approve=True)
NO = DecideSuspension(approve=False, text="并无客观障碍。")
LIFT = LiftSuspension(text="气温回升，提前复工。")
PROMISE = on("2026-10-28 00:00")
RESUMED = e.Resumed(why="review_date", as_of=REVIEW)


def handled() -> Story:
    """Claimed, and the citizen called: only the promise runs."""
    return given(*HANDLING).when(RecordContact(how="phone", result="reached"), by=LI)


def asked() -> Story:
    return handled().when(ASK, by=LI)


def suspended(at: str = "2026-10-09 10:00", story: Story | None = None) -> Story:
    return (story or asked()).when(YES, by=SUPERVISOR, at=at).leaves("SUSPENDED")


# -- asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [LI, WANG, HEAD])
def test_the_holder_asks_with_a_plan_and_a_review_date_and_the_case_is_handled_on(by: By) -> None:
    story = handled().when(ASK, by=by)
    story.then(e.SuspensionAsked(reason="season", until=REVIEW)).leaves("HANDLING")
    assert story.clock("suspension").due == on("2026-10-10 00:00")
    assert story.case.asides == {"approvals": on("2026-10-10 00:00")}
    assert story.clock("resolve") == handled().clock("resolve")


def test_who_may_not_ask() -> None:
    given(*HANDLING).when(ASK, by=POLICE).refused("not_yours")
    given(*HANDLING).when(ASK, by=staff("integration", "roads-system", "roads")).refused("role")
    given(*ASSIGNED).when(ASK, by=LI).refused("state")
    given(*REDO).when(ASK, by=WANG).refused("state")


def test_a_review_date_lies_ahead_and_at_most_half_a_year() -> None:
    past = ASK.model_copy(update={"until": date(2026, 9, 29)})
    handled().when(past, by=LI).refused("past", "/until")
    today = ASK.model_copy(update={"until": date(2026, 9, 30)})
    handled().when(today, by=LI).leaves("HANDLING")
    last = ASK.model_copy(update={"until": date(2027, 3, 29)})
    handled().when(last, by=LI).leaves("HANDLING")
    beyond = ASK.model_copy(update={"until": date(2027, 3, 30)})
    told = handled().when(beyond, by=LI).refused("too_far", "/until")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"until": "2027-03-30", "limit": "180D", "latest": "2027-03-29"}


def test_one_is_decided_before_another_is_asked_for() -> None:
    asked().when(ASK, by=HEAD).refused("asked_already")
    assert "ask-suspension" not in asked().may(LI)


# -- decided ---------------------------------------------------------------------------------------


def test_a_supervisor_approves_and_the_promise_stands_still() -> None:
    story = suspended()
    story.then(e.Suspended(reason="season", until=REVIEW))
    assert story.clock("resolve").paused == on("2026-10-09 10:00")
    assert story.clock("review_date").due == REVIEW
    assert set(story.case.clocks) == {"resolve", "review_date"}
    assert story.case.next_due == story.case.due == REVIEW
    assert story.case.queue == "unit:roads"
    assert story.case.asides == {}


def test_it_is_decided_outside_the_handling_unit_by_another_person() -> None:
    for by in (HEAD, DISPATCHER, MODERATOR, LEADER):
        asked().when(YES, by=by).refused("role")
    inside = staff("supervisor", "sun", "roads")
    asked().when(YES, by=inside).refused("own_unit")
    assert "decide-suspension" not in asked().may(inside)
    moved = asked().when(YES, by=staff("supervisor", "li")).refused("same_person")
    assert moved.case == asked().case


def test_a_refusal_says_why_and_changes_no_clock() -> None:
    story = asked().when(NO, by=SUPERVISOR).then(e.SuspensionRefused()).leaves("HANDLING")
    assert story.case.clocks == handled().case.clocks
    story.when(ASK, by=LI).leaves("HANDLING")
    with pytest.raises(ValidationError, match="text_says_why"):
        DecideSuspension(approve=False)


def test_where_nothing_was_asked_nothing_is_decided() -> None:
    given(*HANDLING).when(YES, by=SUPERVISOR).refused("nothing_asked")
    given(*EXTENSION_ASKED).when(YES, by=SUPERVISOR).refused("nothing_asked")
    given(*SUSPENSION_ASKED).when(DecideExtension(approve=True), by=SUPERVISOR).refused(
        "nothing_asked"
    )


def test_silence_escalates_and_never_approves() -> None:
    silent = asked().tick("2026-10-10 00:00").leaves("HANDLING")
    assert e.Overdue(clock="suspension") in silent.happened
    assert silent.clock("resolve").paused is None
    assert silent.tick("2026-10-28 00:00").clock("resolve").late


def test_what_is_decided_after_the_review_date_can_only_be_refused() -> None:
    late = asked().at("2026-10-21 00:00")
    late.when(YES, by=SUPERVISOR).refused("expired")
    late.when(NO, by=SUPERVISOR).then(e.SuspensionRefused())


def test_a_case_is_suspended_twice_at_most() -> None:
    story = handled()
    for day in (9, 13):
        ask = ASK.model_copy(update={"until": date(2026, 10, 30)})
        story = story.when(ask, by=LI, at=f"2026-10-{day:02} 09:00").when(YES, by=SUPERVISOR)
        story = story.when(LIFT, by=LI, at=f"2026-10-{day + 1} 09:00").leaves("HANDLING")
    story.when(ASK, by=LI).refused("granted_already")
    assert "ask-suspension" not in story.may(LI)


# -- the pause -------------------------------------------------------------------------------------


def test_nothing_of_the_promise_is_told_while_it_stands_still() -> None:
    story = suspended()
    story.tick("2026-10-20 23:59").then()


def test_it_resumes_by_itself_at_the_review_date_its_working_days_made_up() -> None:
    """Two of fifteen were used, 8 and 9 October; thirteen are left after the 21st: up to
    9 November."""
    story = suspended().tick("2026-10-21 00:00")
    assert RESUMED in story.happened
    story.leaves("HANDLING")
    clock = story.clock("resolve")
    assert (clock.due, clock.paused, clock.late) == (on("2026-11-10 00:00"), None, False)
    assert "review_date" not in story.case.clocks
    assert story.case.officer == "li"


@pytest.mark.parametrize("found", ["2026-10-21 00:01", "2026-10-21 23:59", "2026-11-05 09:00"])
def test_the_pause_ends_at_the_review_date_however_late_the_machine_comes_round(found: str) -> None:
    """An outage over midnight gives the unit no day."""
    story = suspended().tick(found)
    assert RESUMED in story.happened
    clock = story.clock("resolve")
    assert (clock.due, clock.stood[-1].until) == (on("2026-11-10 00:00"), REVIEW)
    recounted = story.when(Recount(), by=MACHINE)
    assert recounted.clock("resolve").due == clock.due


def test_what_has_come_between_the_review_date_and_that_look_is_found_by_it() -> None:
    story = suspended().tick("2026-11-11 09:00")
    assert e.Overdue(clock="resolve") in story.happened
    assert story.happened[-1] == e.CallBackDue()
    assert story.case.next_due is not None
    assert story.case.next_due > story.now


def test_a_clock_that_starts_when_it_goes_on_starts_at_the_review_date() -> None:
    rules = RULES.policy.clocks
    contact = replace(rules["first_contact"], restarts_on=frozenset({"resumed"}))
    story = suspended(
        story=given(*HANDLING, rules=under(clocks={**rules, "first_contact": contact})).when(
            ASK, by=LI
        )
    ).tick("2026-10-22 09:00")
    assert story.clock("first_contact").since == REVIEW


def test_a_holiday_between_is_no_working_day_and_is_not_made_up() -> None:
    """From 30 September to 3 October nobody works: the holiday was never the unit's."""
    story = suspended("2026-09-30 11:00")
    lifted = story.when(LIFT, by=LI, at="2026-10-03 10:00")
    assert lifted.clock("resolve").due == PROMISE
    short = ASK.model_copy(update={"until": date(2026, 10, 8)})
    over = suspended("2026-09-30 11:00", handled().when(short, by=LI)).tick("2026-10-09 00:00")
    assert over.clock("resolve").due == on("2026-10-30 00:00")  # the 8th and the 9th


def test_a_pause_of_a_few_hours_gains_nothing() -> None:
    lifted = suspended("2026-10-09 10:00").when(LIFT, by=LI, at="2026-10-09 17:00")
    assert lifted.clock("resolve").due == PROMISE


def natural() -> Rules:
    rule = replace(RULES.policy.clocks["resolve"], limit={"any": Limit.parse("20D")})
    return under(clocks={**RULES.policy.clocks, "resolve": rule})


def test_a_limit_in_natural_days_is_moved_by_the_days_of_the_pause() -> None:
    story = given(*HANDLING, rules=natural())
    assert story.clock("resolve").due == on("2026-10-21 00:00")
    still = story.when(ASK, by=LI).when(YES, by=SUPERVISOR, at="2026-10-05 10:00")
    lifted = still.when(LIFT, by=LI, at="2026-10-07 16:00")
    assert lifted.clock("resolve").due == on("2026-10-23 00:00")


def test_what_has_fired_has_fired_and_the_next_rung_lies_ahead() -> None:
    half = asked().tick("2026-10-16 12:00")
    story = suspended("2026-10-16 13:00", half).tick("2026-10-21 00:00")
    clock = story.clock("resolve")
    assert clock.fired == 1
    assert story.now < clock.next < clock.due


def test_what_was_late_before_is_late_after() -> None:
    ask = ASK.model_copy(update={"until": date(2026, 12, 1)})
    over = handled().when(ask, by=LI).tick("2026-10-28 00:00")
    paused = suspended("2026-11-02 10:00", over)
    resumed = paused.when(LIFT, by=LI, at="2026-11-02 18:00")
    assert resumed.clock("resolve").late
    assert resumed.clock("resolve").due == PROMISE
    assert resumed.case.level == 1


def late_and_suspended(until: str | None = None, *, at_close: bool = False) -> Story:
    """Overdue since midnight (or the close of offices), and suspended ten hours later."""
    filed = {"until": on(until)} if until else {}
    story = given(*HANDLING, rules=under(at_close=at_close), **filed)
    due = story.clock("resolve").due
    ask = ASK.model_copy(update={"until": date(2026, 11, 2)})
    story = replace(story.when(ask, by=LI), now=due).when(Tick(), by=MACHINE)
    assert e.Overdue(clock="resolve") in story.happened
    paused = replace(story, now=due + timedelta(hours=10)).when(YES, by=SUPERVISOR)
    return paused.leaves("SUSPENDED")


SATURDAY = "2026-10-31 00:00"


@pytest.mark.parametrize(
    "story",
    [late_and_suspended(), late_and_suspended(SATURDAY), late_and_suspended(at_close=True)],
    ids=["on a working day", "on a Saturday", "after hours"],
)
def test_no_pause_takes_back_that_the_promise_was_missed(story: Story) -> None:
    """Sitting on a case gains nothing: what was late when it stopped is late when it goes on."""
    by_itself = story.tick("2026-11-03 00:00")
    lifted = story.when(LIFT, by=LI, at="2026-11-02 09:00")
    for after in (story, by_itself, lifted, lifted.when(Recount(), by=MACHINE)):
        clock = after.clock("resolve")
        assert (clock.late, after.case.level) == (True, 1)
        assert clock.due <= after.now
    assert e.Overdue(clock="resolve") not in by_itself.happened


def test_the_level_and_the_second_promise_stand_still_too() -> None:
    down = given(*NORTH_HANDLES).when(Delegate(unit="elm-street"), by=NAN, at="2026-10-08 10:00")
    street = down.when(Claim(), by=YU).when(ASK, by=YU)
    paused = suspended("2026-10-09 10:00", street)
    assert {n for n, c in paused.case.clocks.items() if c.paused} == {"resolve", "level"}
    up = paused.tick("2026-10-21 00:00")
    assert up.clock("level").due == on("2026-10-28 00:00")  # up to the 14th, 9 made up
    again = suspended("2026-10-08 10:00", given(*second_handling()).when(ASK, by=WANG))
    assert {n for n, c in again.case.clocks.items() if c.paused} == {"redo"}
    assert again.tick("2026-10-21 00:00").clock("redo").due == on("2026-10-24 00:00")


@pytest.mark.parametrize("by", [LI, HEAD, SUPERVISOR, OTHER_SUPERVISOR, LEADER])
def test_it_may_be_lifted_before(by: By) -> None:
    story = suspended().when(LIFT, by=by, at="2026-10-13 09:00").then(e.Resumed(why="lifted"))
    story.leaves("HANDLING")
    assert "review_date" not in story.case.clocks


def test_who_may_not_lift_it() -> None:
    suspended().when(LIFT, by=DISPATCHER).refused("role")
    suspended().when(LIFT, by=POLICE).refused("not_yours")
    given(*HANDLING).when(LIFT, by=LI).refused("state")


def test_the_citizen_may_write_urge_and_withdraw_and_the_clock_stands_still() -> None:
    story = suspended()
    for command in (SendMessage(text="还要等多久？"), Urge()):
        told = story.when(command, by=CITIZEN).leaves("SUSPENDED")
        assert told.case.unread
        assert told.case.clocks == story.case.clocks
    answered = story.when(SendMessage(text="开春复工。"), by=LI).leaves("SUSPENDED")
    assert answered.case.clocks == story.case.clocks
    assert story.when(Withdraw(reason="solved"), by=CITIZEN).case.clocks == {}


@pytest.mark.parametrize(
    "command", [Reply(outcome="resolved", text="已修好。"), Claim(), Delegate(unit="police")]
)
def test_what_is_suspended_is_not_handled(command: Reply) -> None:
    suspended().when(command, by=LI).refused("state")


def test_an_extension_that_was_asked_for_falls_away() -> None:
    both = given(*EXTENSION_ASKED).when(ASK, by=LI)
    story = suspended(story=both)
    assert story.case.asks == {}
    assert "extension" not in story.case.clocks


def test_a_wish_to_end_it_lets_the_clock_go_on() -> None:
    """Else a unit could sit on a termination that nobody decides."""
    end = AskTermination(reason="matter_gone", text="路已拆除。")
    story = suspended().when(end, by=LI, at="2026-10-13 10:00").leaves("TERMINATION_ASKED")
    clock = story.clock("resolve")
    assert (clock.paused, clock.due) == (None, on("2026-10-31 00:00"))  # 10, 12, 13 made up
    assert "review_date" not in story.case.clocks


@pytest.mark.parametrize("past", [SUSPENDED, SUSPENSION_ASKED])
def test_it_is_never_without_an_alarm(past: Steps) -> None:
    story = given(*past)
    assert story.case.next_due is not None
    assert story.case.next_due > story.now
