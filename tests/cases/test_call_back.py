"""The overdue call-back (超期回访, BJ 23): when the promise passes without a reply, somebody outside
the unit calls the citizen, while the handling goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casework.cases.access import By
from schemas import events as e
from schemas import names
from schemas.commands import (
    AskSuspension,
    AskTermination,
    CallBack,
    Claim,
    DecideReply,
    DecideSuspension,
    DecideTermination,
    NameSubjects,
    Promise,
    Recount,
    Reply,
    Return,
    Withdraw,
)
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    ANSWERED,
    ARBITRATION,
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    FOLLOW_UP,
    HANDLING,
    HEAD,
    LEAD,
    LEADER,
    LI,
    MACHINE,
    MERGED,
    MODERATOR,
    OTHER_AGENT,
    POLICE,
    PROMISED,
    REDO,
    REPLIED,
    RULES,
    SUPERVISOR,
    SUSPENDED,
    TRIAGE,
    Steps,
    Story,
    given,
    known_until,
    on,
    staff,
    step,
    under,
    with_days_off,
)

DUE = "2026-10-28 00:00"
REACHED = CallBack(result="reached", contacted=False, call_id="rec-7", text="说至今没人联系。")
NOBODY = CallBack(result="no_answer")
OUT = under(reply_review="none")


def overdue(*past: Steps, **filed: Any) -> Story:
    """It is handled, and the day of the promise is over."""
    return given(*(past[0] if past else HANDLING), rules=OUT, **filed).tick(DUE)


# -- when ----------------------------------------------------------------------------------------


def test_the_promise_passes_and_the_citizen_is_to_be_called_while_the_unit_handles_on() -> None:
    story = given(*HANDLING, rules=OUT)
    assert not story.tick("2026-10-27 23:59").case.call_back

    late = story.tick(DUE).leaves("HANDLING")

    assert late.happened.count(e.CallBackDue()) == 1
    assert late.case.queue == "unit:roads"
    assert late.case.asides == {"follow_up": on("2026-10-31 00:00")}
    assert late.clock("call_back").due == on("2026-10-31 00:00"), "within two working days"
    assert "claim" not in late.may(LI)
    assert "reply" in late.may(LI)


@pytest.mark.parametrize(
    "past",
    [ASSIGNED, TRIAGE, ACCEPTED, ARBITRATION, HANDLING, MERGED],
    ids=["assigned", "triage", "accepted", "arbitration", "handling", "following"],
)
def test_wherever_it_lies_unanswered(past: Steps) -> None:
    late = overdue(past)
    assert late.case.call_back
    assert "follow_up" in late.case.asides
    assert "call-back" in late.may(AGENT)


@pytest.mark.parametrize(
    "past",
    [REPLIED, ANSWERED, FOLLOW_UP, REDO, PROMISED, SUSPENDED],
    ids=["replied", "answered", "follow-up", "redo", "promised", "suspended"],
)
def test_not_where_an_answer_has_gone_out_nor_while_the_promise_stands_still(past: Steps) -> None:
    late = given(*past, rules=OUT).tick("2026-10-20 09:00").tick("2026-10-20 10:00")
    assert not late.case.call_back
    assert "call-back" not in late.may(AGENT)


@pytest.mark.parametrize("filed", [{"reachable": False}, {"reply_wanted": False}])
def test_nor_is_somebody_called_who_left_no_number_or_wants_no_answer(
    filed: dict[str, bool],
) -> None:
    late = overdue(HANDLING, **filed)
    assert late.clock("resolve").late
    assert not late.case.call_back


def test_once_for_each_due_time() -> None:
    story = overdue()
    for day in ("2026-10-28 00:01", "2026-10-31 00:00", "2026-11-11 00:00", "2026-12-01 00:00"):
        story = story.tick(day)
        assert e.CallBackDue() not in story.happened


# -- by whom -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [AGENT, OTHER_AGENT, MODERATOR, SUPERVISOR])
def test_the_hotline_office_calls_and_keeps_what_the_citizen_said(by: By) -> None:
    called = overdue().when(REACHED, by=by, at="2026-10-28 10:00").leaves("HANDLING")
    called.then(e.CalledBack(result="reached", contacted=False, call_id="rec-7"))
    assert not called.case.call_back
    assert called.case.asides == {}
    assert "call_back" not in called.case.clocks
    assert called.clock("resolve").late, "it is no less overdue"


@pytest.mark.parametrize("by", [LI, HEAD, POLICE, CITIZEN, LEADER, DISPATCHER])
def test_never_the_handling_unit_nor_anybody_else(by: By) -> None:
    overdue().when(REACHED, by=by).refused("role")


def test_nor_whoever_of_the_desk_belongs_to_the_unit() -> None:
    story = overdue()
    story.when(REACHED, by=staff("agent", "an", "roads")).refused("own_unit")
    assert "call-back" not in story.may(staff("supervisor", "su", "roads"))


def test_nor_whom_the_case_is_about() -> None:
    named = overdue().when(NameSubjects(persons=["an"]), by=MODERATOR)
    named.when(REACHED, by=AGENT).refused("not_yours")


def test_nobody_calls_about_a_delay_that_there_is_not() -> None:
    given(*HANDLING).when(REACHED, by=AGENT).refused("nothing_asked")
    overdue().when(REACHED, by=AGENT).when(REACHED, by=AGENT).refused("nothing_asked")


# -- what comes of it ----------------------------------------------------------------------------


def test_whom_nobody_reached_is_called_again() -> None:
    tried = overdue().when(NOBODY, by=AGENT)
    assert tried.case.call_back
    assert tried.clock("call_back").due == on("2026-10-31 00:00"), "in the same two days"
    assert not tried.when(REACHED, by=OTHER_AGENT).case.call_back


@pytest.mark.parametrize("result", ["refused", "wrong_number"])
def test_who_does_not_want_to_talk_or_cannot_be_called_is_not(result: names.ContactResult) -> None:
    assert not overdue().when(CallBack(result=result), by=AGENT).case.call_back


def test_a_call_that_nobody_makes_is_supervised() -> None:
    story = overdue().tick("2026-10-30 14:24")
    assert [event.clock for event in story.happened if isinstance(event, e.Reminded)] == [
        "call_back"
    ]
    late = story.tick("2026-10-31 00:00")
    assert e.Overdue(clock="call_back") in late.happened
    assert late.case.call_back


REPLY = Reply(outcome="resolved", text="已修好。")
PROMISE = Reply(outcome="promised", until=on("2026-12-31 12:00").date(), text="年底前完工。")


@pytest.mark.parametrize("reply", [REPLY, PROMISE], ids=["replied", "promised"])
def test_the_reply_ends_it(reply: Reply) -> None:
    story = overdue().when(reply, by=LI)
    if story.case.state == "REPLY_REVIEW":  # a date for it is agreed to outside the unit
        story = story.when(DecideReply(approve=True), by=MODERATOR)
    assert not story.case.call_back
    assert "call_back" not in story.case.clocks
    assert "call-back" not in story.may(AGENT)


def test_a_draft_does_not() -> None:
    """The citizen has read nothing yet."""
    story = given(*HANDLING, rules=under(reply_review="all")).tick(DUE).when(REPLY, by=LI)
    assert story.leaves("REPLY_REVIEW").case.call_back


def test_every_end_ends_it() -> None:
    withdrawn = overdue().when(Withdraw(reason="solved"), by=CITIZEN)
    ask = AskTermination(reason="refuses_to_cooperate", text="三次约见均拒绝。")
    terminated = (
        overdue()
        .when(ask, by=LI)
        .when(DecideTermination(approve=True, text="同意。"), by=SUPERVISOR)
    )
    for ended in (withdrawn, terminated):
        assert not ended.case.is_open
        assert not ended.case.call_back
        assert ended.case.next_due is None


def test_the_leads_reply_ends_the_followers_too() -> None:
    follower = overdue((*MERGED,))
    assert follower.case.call_back
    taken = step(e.ReplyTaken(lead=LEAD, outcome="resolved", by="li", unit="roads"), e.Invited())
    story = given(*MERGED, step(e.CallBackDue()), taken)
    assert not story.case.call_back


def test_it_waits_on_through_a_return_a_new_unit_and_a_pause() -> None:
    story = overdue(ASSIGNED)
    returned = story.when(Return(reason="not_our_duty", text="不归我们管。"), by=LI)
    assert returned.case.call_back
    ask = AskSuspension(reason="season", until=on("2027-03-01 12:00").date(), text="开春复工。")
    paused = (
        story.when(Claim(), by=LI)
        .when(ask, by=LI)
        .when(DecideSuspension(approve=True), by=SUPERVISOR)
    )
    assert paused.leaves("SUSPENDED").case.call_back
    assert "call-back" in paused.may(AGENT)


def test_a_promise_after_the_follow_up_brings_no_call_of_its_own() -> None:
    """It is the promise that is broken then, and the case is handled again."""
    promise = Promise(until=on("2026-12-31 12:00").date(), text="年底前完工。")
    story = given(*FOLLOW_UP).when(promise, by=SUPERVISOR).tick("2027-01-01 00:00")
    assert story.leaves("HANDLING").happened.count(e.CallBackDue()) == 0


def test_where_the_calendar_ends_with_the_promise_it_is_overdue_all_the_same() -> None:
    """The call is due beyond the last known year: in plain weeks, until somebody enters it."""
    last = known_until(2026)
    story = given(*HANDLING, rules=last, until=on("2027-01-01 00:00"))
    late = story.tick("2027-01-01 00:00")
    assert e.Overdue(clock="resolve") in late.happened
    assert e.CallBackDue() in late.happened
    assert late.case.level == 1
    assert late.clock("call_back").due == on("2027-01-06 00:00")  # Monday and Tuesday
    assert late.case.next_due is not None
    assert late.case.next_due > late.now

    entered = replace(late, rules=with_days_off("2027-01-04", rules=RULES))
    assert entered.when(Recount(), by=MACHINE).clock("call_back").due == on("2027-01-07 00:00")


def test_and_what_climbs_there_is_told_year_after_year() -> None:
    last = known_until(2026)
    story = given(*HANDLING, rules=last, until=on("2027-01-01 00:00")).tick("2027-01-01 00:00")
    called = story.tick("2027-01-06 00:00")
    assert e.Overdue(clock="call_back") in called.happened
    assert story.tick("2027-01-16 00:00").case.level == 3
    assert story.tick("2029-06-01 00:00").case.level == 3
