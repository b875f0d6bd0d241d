"""Solved by a stated date (JN 24): stays open, has its alarm, is supervised if it is not kept."""

from datetime import date

import pytest
from pydantic import ValidationError

from casework.cases.access import By
from casework.cases.rules import Refusal
from schemas import events as e
from schemas.commands import (
    AskExtension,
    Claim,
    DecideReply,
    KeepPromise,
    Promise,
    RaiseAlert,
    Rate,
    Reclassify,
    Redo,
    Reopen,
    Reply,
    SendMessage,
    Withdraw,
)
from schemas.events import Evidence
from tests.cases.telling import (
    AGENT,
    ANSWERED,
    CITIZEN,
    DISPATCHER,
    FOLLOW_UP,
    HANDLING,
    HEAD,
    LI,
    MODERATOR,
    POLICE,
    PROMISED,
    REPLIED,
    SUPERVISOR,
    WANG,
    Story,
    given,
    known_until,
    on,
    second_handling,
    staff,
    step,
    under,
)

BY_JUNE = Reply(outcome="promised", until=date(2027, 6, 30), text="明年六月底前完成改造。")
THIS_MONTH = Reply(outcome="promised", until=date(2026, 10, 30), text="月底前完成。")
DUE = on("2026-10-31 00:00")
DONE = KeepPromise(text="已按期完成。")
PHOTO = Evidence(kind="photo", reference="IMG-7")
AGREED_TO = DecideReply(approve=True)
GOES_OUT = under(reply_review="none")
READ = under(reply_review="all")


def promised(by: By = LI, text: str = "TEXT#1") -> Story:
    """Read by a moderator, as every promise is."""
    drafted = given(*HANDLING, rules=GOES_OUT).when(THIS_MONTH, by=by, text=text)
    return drafted.when(AGREED_TO, by=MODERATOR)


# -- promised in a reply ---------------------------------------------------------------------------


def test_a_reply_may_promise_a_date_and_the_case_stays_open_until_then() -> None:
    story = promised().then(e.Promised(until=DUE, text="TEXT#1")).leaves("PROMISED")
    assert set(story.case.clocks) == {"promise"}
    assert story.case.due == story.clock("promise").due == DUE
    assert story.case.queue == "unit:roads"
    assert story.case.is_open


def test_a_date_goes_with_a_promise_and_with_nothing_else() -> None:
    with pytest.raises(ValidationError, match="until_with_promise"):
        Reply(outcome="promised", text="以后再说。")
    with pytest.raises(ValidationError, match="until_with_promise"):
        Reply(outcome="resolved", until=date(2026, 12, 1), text="好了。")


def test_a_promise_lies_ahead_and_not_beyond_a_year() -> None:
    story = given(*HANDLING, rules=GOES_OUT)
    story.when(BY_JUNE, by=LI).leaves("REPLY_REVIEW")
    past = THIS_MONTH.model_copy(update={"until": date(2026, 9, 29)})
    story.when(past, by=LI).refused("past", "/until")
    for day in (date(2026, 9, 30), date(2027, 9, 30)):
        story.when(THIS_MONTH.model_copy(update={"until": day}), by=LI).leaves("REPLY_REVIEW")
    beyond = THIS_MONTH.model_copy(update={"until": date(2027, 10, 1)})
    told = story.when(beyond, by=LI).refused("too_far", "/until")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"until": "2027-10-01", "limit": "365D", "latest": "2027-09-30"}


@pytest.mark.parametrize("reading", ["none", "sampled", "all"])
def test_a_promise_is_read_before_it_goes_out_whatever_the_city_reads_of_replies(
    reading: str,
) -> None:
    """JN 24: nobody gives themselves more time. The number is one that no sample draws."""
    rules = under(reply_review=reading, reply_sample=0)
    drafted = given(*HANDLING, rules=rules).when(THIS_MONTH, by=LI).leaves("REPLY_REVIEW")
    drafted.then(e.ReplyDrafted(outcome="promised", text="TEXT#1", until=DUE))
    assert drafted.clock("resolve") == given(*HANDLING).clock("resolve")
    drafted.when(AGREED_TO, by=staff("supervisor", "li")).refused("same_person")
    drafted.when(AGREED_TO, by=staff("supervisor", "sun", "roads")).refused("own_unit")
    story = drafted.when(AGREED_TO, by=MODERATOR)
    story.then(e.Promised(until=DUE, text="TEXT#1")).leaves("PROMISED")
    assert set(story.case.clocks) == {"promise"}
    back = drafted.when(DecideReply(approve=False, text="太久了。"), by=MODERATOR)
    back.leaves("HANDLING")
    assert "promise" not in back.case.clocks
    assert back.case.granted == {}, "what was not let out was not promised"


def test_a_promise_is_made_at_most_twice_and_then_kept() -> None:
    """Whether in a reply or at the end of a follow-up."""
    once = promised().tick("2026-10-31 00:00").leaves("HANDLING")
    later = Reply(outcome="promised", until=date(2026, 11, 30), text="再缓一个月。")
    twice = once.when(later, by=LI, text="TEXT#2").when(AGREED_TO, by=MODERATOR).leaves("PROMISED")
    late = twice.tick("2026-12-01 00:00").leaves("HANDLING")
    again = Reply(outcome="promised", until=date(2026, 12, 31), text="年底前。")
    told = late.when(again, by=LI).refused("promised_already")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"times": 2}
    late.when(Reply(outcome="resolved", text="已完成。"), by=LI).leaves("AWAITING_RATING")
    promises = (step(e.Promised(until=DUE)), step(e.PromiseBroken()), step(e.Promised(until=DUE)))
    replied = step(e.Replied(outcome="resolved"), e.Invited(), by=LI)
    followed = given(*HANDLING, *promises, replied, step(BAD, e.FollowUpBegun(reason="unresolved")))
    followed.leaves("FOLLOW_UP").when(AGREED, by=SUPERVISOR).refused("promised_already")


def test_what_is_reopened_may_be_promised_anew() -> None:
    kept = promised().when(DONE, by=LI).when(GOOD, by=CITIZEN).leaves("CLOSED")
    assert kept.case.granted == {"promise": 1}
    assert kept.when(Reopen(text="又坏了。"), by=CITIZEN).case.granted == {}


def test_a_promise_shows_nothing_yet_and_needs_no_evidence() -> None:
    cleaning = given(*HANDLING, rules=GOES_OUT).when(Reclassify(category="0203"), by=DISPATCHER)
    cleaning.when(Reply(outcome="resolved", text="已清扫。"), by=LI).refused(
        "evidence_needed", "/evidence"
    )
    cleaning.when(THIS_MONTH, by=LI).leaves("REPLY_REVIEW")


# -- promised at the end of a follow-up ------------------------------------------------------------

AGREED = Promise(until=date(2026, 10, 30), text="经回访约定，月底前完成。")
GOOD = Rate(contacted=True, resolved="yes", overall=5)
BAD = e.Rated(contacted=True, resolved="no", overall=1)


def test_a_follow_up_may_end_with_a_date() -> None:
    story = given(*FOLLOW_UP).when(AGREED, by=SUPERVISOR).then(e.Promised(until=DUE))
    story.leaves("PROMISED")
    assert set(story.case.clocks) == {"promise"}
    assert story.case.queue == "unit:roads"


def test_only_a_supervisor_promises_for_the_city_and_only_in_a_follow_up() -> None:
    for by in (MODERATOR, DISPATCHER, LI):
        given(*FOLLOW_UP).when(AGREED, by=by).refused("role")
    for barred, code in (
        (staff("supervisor", "sun", "roads"), "own_unit"),
        (staff("supervisor", "li"), "same_person"),
    ):
        given(*FOLLOW_UP).when(AGREED, by=barred).refused(code)
        assert "promise" not in given(*FOLLOW_UP).may(barred)
    given(*HANDLING).when(AGREED, by=SUPERVISOR).refused("state")
    past = AGREED.model_copy(update={"until": date(2026, 9, 1)})
    given(*FOLLOW_UP).when(past, by=SUPERVISOR).refused("past", "/until")
    beyond = AGREED.model_copy(update={"until": date(2027, 12, 31)})
    given(*FOLLOW_UP).when(beyond, by=SUPERVISOR).refused("too_far", "/until")


def test_where_no_unit_has_handled_it_nobody_can_keep_a_promise() -> None:
    nobodys = given(*ANSWERED, step(BAD, e.FollowUpBegun(reason="unresolved")), kind="enquiry")
    nobodys.when(AGREED, by=SUPERVISOR).refused("nobody_handled")
    nobodys.when(Redo(text="请办理"), by=SUPERVISOR).refused("nobody_handled")
    assert not {"promise", "redo"} & nobodys.may(SUPERVISOR)


# -- kept ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [LI, WANG, HEAD, staff("integration", "roads-system", "roads")])
def test_what_was_promised_is_done_and_the_citizen_judges(by: By) -> None:
    story = promised().when(DONE, by=by, at="2026-10-29 10:00")
    story.then(e.Replied(outcome="resolved"), e.Invited()).leaves("AWAITING_RATING")
    assert set(story.case.clocks) == {"rating"}
    assert story.case.replied_by == by.actor.id


def test_who_does_not_hold_it_keeps_no_promise() -> None:
    promised().when(DONE, by=POLICE).refused("not_yours")
    promised().when(DONE, by=SUPERVISOR).refused("role")
    given(*HANDLING).when(DONE, by=LI).refused("state")


def test_a_kept_promise_is_read_before_it_goes_out_where_replies_are() -> None:
    read = given(*PROMISED, rules=READ).when(DONE, by=LI).leaves("REPLY_REVIEW")
    assert {"promise", "reply_review"} == set(read.case.clocks)
    read.when(DecideReply(approve=True), by=MODERATOR).leaves("AWAITING_RATING")
    back = read.when(DecideReply(approve=False, text="没有照片。"), by=MODERATOR)
    back.leaves("PROMISED")
    assert back.clock("promise") == given(*PROMISED).clock("promise")


def test_what_comes_back_from_its_readers_after_the_date_is_no_promise_any_more() -> None:
    read = given(*PROMISED, rules=READ).when(DONE, by=LI, at="2026-10-31 22:00")
    late = read.tick("2026-11-01 00:00").leaves("REPLY_REVIEW")
    assert e.Overdue(clock="promise") in late.happened
    assert not any(isinstance(ev, e.PromiseBroken) for ev in late.happened)
    back = late.when(DecideReply(approve=False, text="没有照片。"), by=MODERATOR)
    back.leaves("HANDLING")
    assert back.clock("promise").late


def test_what_the_category_asks_for_shows_that_it_was_kept() -> None:
    cleaning = given(*PROMISED, rules=GOES_OUT).when(Reclassify(category="0203"), by=DISPATCHER)
    cleaning.when(DONE, by=LI).refused("evidence_needed", "/evidence")
    shown = KeepPromise(text="已完成。", evidence=[PHOTO])
    cleaning.when(shown, by=LI).then(e.Replied(outcome="resolved", evidence=(PHOTO,)), e.Invited())


def test_in_a_second_handling_another_officer_keeps_it() -> None:
    """JN 27."""
    story = given(*second_handling(), step(e.Promised(until=DUE), by=WANG), rules=GOES_OUT)
    assert set(story.case.clocks) == {"promise"}
    story.when(DONE, by=LI).refused("same_person")
    assert "keep-promise" not in story.may(LI)
    story.when(DONE, by=WANG).leaves("AWAITING_RATING")


# -- broken ----------------------------------------------------------------------------------------


def test_a_promise_that_was_not_kept_is_handled_again_and_supervised() -> None:
    story = promised()
    story.tick("2026-10-30 23:59").leaves("PROMISED")
    broken = story.tick("2026-10-31 00:00").leaves("HANDLING")
    assert broken.happened[-1] == e.PromiseBroken()
    assert e.Overdue(clock="promise") in broken.happened
    assert broken.case.level == 1
    assert broken.clock("promise").late
    assert broken.case.officer == "li"


def test_a_broken_promise_keeps_climbing_until_it_is_replied_to() -> None:
    """Three working days late: 2, 3 and 4 November."""
    broken = promised().tick("2026-10-31 00:00")
    assert broken.tick("2026-11-03 00:00").case.level in (1, 2)
    red = broken.tick("2026-11-05 00:00")
    assert red.case.level == 2
    replied = red.when(Reply(outcome="resolved", text="终于完成。"), by=LI)
    replied.leaves("AWAITING_RATING")
    assert replied.case.level == 0
    assert "promise" not in replied.case.clocks


def test_a_new_promise_takes_the_place_of_the_broken_one() -> None:
    broken = promised().tick("2026-10-31 00:00")
    later = Reply(outcome="promised", until=date(2026, 12, 31), text="年底前完成。")
    drafted = broken.when(later, by=LI, at="2026-11-02 09:00").leaves("REPLY_REVIEW")
    again = drafted.when(AGREED_TO, by=MODERATOR, at="2026-11-02 10:00").leaves("PROMISED")
    assert again.clock("promise").due == on("2027-01-01 00:00")
    assert again.clock("promise").since == on("2026-11-02 10:00")


def test_a_promise_for_the_last_known_day_keeps_nothing_back() -> None:
    """The calendar ends with 2027: what climbs beyond waits for the next, and nothing waits for it."""
    far = Reply(outcome="promised", until=date(2027, 12, 31), text="后年之前完成。")
    drafted = given(*HANDLING, rules=known_until(2027, GOES_OUT)).when(
        far, by=LI, at="2027-01-04 10:00"
    )
    story = drafted.when(AGREED_TO, by=MODERATOR).leaves("PROMISED")
    assert story.clock("promise").due == on("2028-01-01 00:00")
    alarmed = story.when(
        RaiseAlert(kind="hazard", text="燃气味。"), by=AGENT, at="2027-12-30 10:00"
    )
    (alert,) = alarmed.case.alerts
    rung = alarmed.tick("2027-12-30 10:05")
    assert f"alert:{alert.id}" in [
        ev.clock for ev in rung.happened if isinstance(ev, e.Reminded) and ev.rungs
    ], "beside it the danger is heard"
    broken = rung.tick("2028-01-01 00:00").leaves("HANDLING")
    assert e.Overdue(clock="promise") in broken.happened
    assert e.Overdue(clock=f"alert:{alert.id}") in broken.happened
    assert broken.case.next_due is not None
    assert broken.case.next_due > broken.now
    broken.tick("2028-01-01 00:00").then()


def test_a_promise_is_not_extended() -> None:
    ask = AskExtension(reason="other", until=date(2026, 12, 1), text="再缓缓。")
    promised().when(ask, by=LI).refused("state")


def test_nobody_else_handles_what_is_promised() -> None:
    promised().when(Claim(), by=WANG).refused("state")
    promised().when(Reply(outcome="resolved", text="好了。"), by=LI).refused("state")


def test_the_citizen_may_write_and_withdraw_meanwhile() -> None:
    story = promised()
    written = story.when(SendMessage(text="能早一点吗？"), by=CITIZEN).leaves("PROMISED")
    assert written.case.clocks == story.case.clocks
    story.when(Withdraw(reason="solved"), by=CITIZEN).leaves("WITHDRAWN")


def test_a_promise_is_not_rated_before_it_is_kept() -> None:
    promised().when(GOOD, by=CITIZEN).refused("state")
    given(*REPLIED).when(GOOD, by=CITIZEN).leaves("CLOSED")
