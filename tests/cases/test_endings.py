"""Ends, the ways back, and the public board: withdraw, reopen, object, publish."""

import pytest

from casework.cases.access import By
from schemas import events as e
from schemas.commands import (
    Command,
    DecideObjection,
    DecideReply,
    DecideReturn,
    Decline,
    Dispatch,
    Object,
    Publish,
    Reclassify,
    Redact,
    Reopen,
    Reveal,
    Unpublish,
    Withdraw,
)
from tests.cases.telling import (
    AGENT,
    ANSWERED,
    CITIZEN,
    CLOSED,
    DECLINED,
    DISPATCHER,
    FOLLOW_UP,
    HANDED_OVER,
    HANDLING,
    IN_REVIEW,
    LEADING,
    LI,
    MODERATOR,
    OBJECTED,
    OTHER_MODERATOR,
    REPLIED,
    REPLY_REVIEW,
    RETURN_ASKED,
    SUPERVISOR,
    TRIAGE,
    WITHDRAWN,
    Steps,
    given,
    on,
    staff,
    step,
    under,
)

SOLVED = Withdraw(reason="solved")
NEWS = Reopen(text="灯又坏了。")
WRONG = Object(text="我不同意。")
GRANT, REFUSE = (DecideObjection(grant=grant, text="理由如下。") for grant in (True, False))

# -- withdrawal ----------------------------------------------------------------------------------


def test_the_citizen_withdraws_and_all_clocks_stop() -> None:
    story = given(*HANDLING).when(SOLVED, by=CITIZEN).then(e.Withdrawn(reason="solved"))
    story.leaves("WITHDRAWN")
    assert story.case.clocks == {}
    assert story.case.queue is None


def test_a_withdrawn_case_leaves_the_public_board() -> None:
    story = given(*HANDLING, publishable=True).when(Publish(), by=MODERATOR)
    story.when(SOLVED, by=CITIZEN).then(e.Withdrawn(reason="solved"), e.Unpublished())


def test_what_is_declined_leaves_the_public_board() -> None:
    story = given(*IN_REVIEW, publishable=True).when(Publish(), by=MODERATOR)
    declined = story.when(Decline(reason="malicious", path="other", text="无事实"), by=SUPERVISOR)
    declined.then(e.Declined(reason="malicious", path="other"), e.Unpublished())


@pytest.mark.parametrize("past", [REPLY_REVIEW, RETURN_ASKED])
def test_nobody_decides_on_what_the_own_unit_did(past: Steps) -> None:
    inside = staff("supervisor", "xu", "roads")
    told = DecideReply(approve=True) if past is REPLY_REVIEW else DecideReturn(approve=True)
    given(*past).when(told, by=inside).refused("own_unit")
    given(*past).when(told, by=SUPERVISOR).leaves(
        "AWAITING_RATING" if past is REPLY_REVIEW else "ACCEPTED"
    )


def test_while_an_objection_is_decided_nothing_is_withdrawn() -> None:
    given(*OBJECTED).when(SOLVED, by=CITIZEN).refused("state")


def test_a_report_is_not_withdrawn() -> None:
    given(*HANDLING, kind="report").when(SOLVED, by=CITIZEN).refused("reports_stay")
    assert "withdraw" not in given(*HANDLING, kind="report").may(CITIZEN)


def test_nobody_withdraws_for_the_citizen() -> None:
    given(*HANDLING).when(SOLVED, by=AGENT).refused("role")


def test_a_withdrawal_can_be_taken_back_for_three_days() -> None:
    story = given(*WITHDRAWN)
    story.when(NEWS, by=CITIZEN, at="2026-10-03 23:59").then(e.Reopened()).leaves("IN_REVIEW")
    story.when(NEWS, by=CITIZEN, at="2026-10-04 00:00").refused("window_over")


# -- reopening -----------------------------------------------------------------------------------


def test_a_closed_case_is_reopened_with_new_facts_for_thirty_days() -> None:
    story = given(*CLOSED)
    opened = story.when(NEWS, by=CITIZEN, at="2026-10-30 23:59").leaves("IN_REVIEW")
    assert opened.case.unread
    assert set(opened.case.clocks) == {"review", "resolve"}
    assert opened.clock("resolve").since == on("2026-10-30 23:59")
    story.when(NEWS, by=CITIZEN, at="2026-10-31 00:00").refused("window_over")


def test_a_case_is_reopened_at_most_twice() -> None:
    closed = step(e.Closed(how="explained", explanation="lawful"), by=SUPERVISOR)
    twice = given(*CLOSED, step(e.Reopened()), closed, step(e.Reopened()), closed)
    twice.when(NEWS, by=CITIZEN).refused("reopening_used_up")
    assert "reopen" not in twice.may(CITIZEN)


@pytest.mark.parametrize(
    "back",
    [
        (step(e.Reopened()),),
        (step(e.Objected()), step(e.ObjectionGranted(), e.Accepted())),
    ],
    ids=["reopened", "objection granted"],
)
def test_who_handled_it_does_not_hold_it_any_more_until_it_is_dispatched_anew(back: Steps) -> None:
    story = given(*CLOSED, *back)
    assert story.case.unit is None
    story.when(Reveal(reason="contact"), by=LI).refused("not_yours")


@pytest.mark.parametrize("past", [DECLINED, HANDED_OVER])
def test_what_was_never_handled_is_objected_to_and_not_reopened(past: Steps) -> None:
    given(*past).when(NEWS, by=CITIZEN).refused("state")
    assert "object" in given(*past).may(CITIZEN)


# -- objection -----------------------------------------------------------------------------------


@pytest.mark.parametrize("past", [DECLINED, HANDED_OVER, CLOSED])
def test_every_end_but_the_citizens_own_can_be_objected_to(past: Steps) -> None:
    story = given(*past).when(WRONG, by=CITIZEN, at="2026-10-13 23:59").then(e.Objected())
    story.leaves("OBJECTED")
    assert story.case.queue == "objections"
    assert set(story.case.clocks) == {"objection"}


def test_an_objection_comes_within_five_working_days() -> None:
    given(*DECLINED).when(WRONG, by=CITIZEN, at="2026-10-14 00:00").refused("window_over")


def test_what_the_citizen_withdrew_is_not_objected_to() -> None:
    given(*WITHDRAWN).when(WRONG, by=CITIZEN).refused("state")


def test_a_granted_objection_brings_the_case_to_dispatch() -> None:
    story = given(*OBJECTED).when(GRANT, by=OTHER_MODERATOR)
    story.then(e.ObjectionGranted(), e.Accepted()).leaves("ACCEPTED")
    assert set(story.case.clocks) == {"dispatch", "resolve"}
    assert story.case.end is None


@pytest.mark.parametrize(
    ("past", "back"), [(DECLINED, "DECLINED"), (HANDED_OVER, "HANDED_OVER"), (CLOSED, "CLOSED")]
)
def test_a_refused_objection_leaves_the_end_as_it_was(past: Steps, back: str) -> None:
    ended = given(*past)
    story = given(*past, step(e.Objected())).when(REFUSE, by=OTHER_MODERATOR)
    story.then(e.ObjectionRefused())
    assert story.case.state == back
    assert story.case.end == ended.case.end
    assert story.case.next_due is None


def test_an_end_is_objected_to_once() -> None:
    refused = given(*OBJECTED, step(e.ObjectionRefused()))
    refused.when(WRONG, by=CITIZEN).refused("objected_already")
    assert "object" not in refused.may(CITIZEN)


def test_another_end_can_be_objected_to_anew() -> None:
    """LIFECYCLE: every end of a case can be objected to once."""
    again = given(
        *OBJECTED,
        step(e.ObjectionGranted(), e.Accepted()),
        step(e.Queued()),
        step(e.Declined(reason="other", path="other"), by=DISPATCHER),
    )
    again.when(WRONG, by=CITIZEN).then(e.Objected())


def test_another_decides_than_who_ended_the_case() -> None:
    given(*OBJECTED).when(GRANT, by=MODERATOR).refused("same_person")
    assert "decide-objection" not in given(*OBJECTED).may(MODERATOR)
    given(*OBJECTED).when(REFUSE, by=SUPERVISOR).leaves("DECLINED")


def test_another_decides_than_who_gave_the_answer_that_is_objected_to() -> None:
    """The clock closed it, but the answer was a moderator's."""
    answered = step(e.Answered(article="A1", article_version=3), e.Invited(), by=MODERATOR)
    story = given(answered, step(e.Closed(how="unrated")), step(e.Objected()), kind="enquiry")
    story.when(REFUSE, by=MODERATOR).refused("same_person")
    story.when(REFUSE, by=OTHER_MODERATOR).leaves("CLOSED")


# -- the public board ----------------------------------------------------------------------------


@pytest.mark.parametrize("past", [HANDLING, CLOSED])
def test_a_moderator_publishes_what_the_citizen_agreed_to(past: Steps) -> None:
    story = given(*past, publishable=True).when(Publish(), by=MODERATOR).then(e.Published())
    assert story.case.public
    story.when(Publish(), by=MODERATOR).refused("published_already")


def test_without_consent_nothing_is_published() -> None:
    """PIPL art. 25."""
    given(*CLOSED).when(Publish(), by=MODERATOR).refused("no_consent")


def test_a_report_is_never_published_whatever_was_agreed() -> None:
    given(*CLOSED, kind="report", publishable=True).when(Publish(), by=MODERATOR).refused(
        "reports_are_secret"
    )


@pytest.mark.parametrize("past", [HANDLING, DECLINED, WITHDRAWN])
def test_a_case_is_taken_off_the_board_at_any_time(past: Steps) -> None:
    story = given(step(e.Published()), *past, publishable=True)
    assert not story.when(Unpublish(), by=SUPERVISOR).then(e.Unpublished()).case.public
    given(*past).when(Unpublish(), by=SUPERVISOR).refused("not_published")


def test_a_case_that_turns_out_to_be_a_report_leaves_the_board_at_once() -> None:
    public = given(step(e.Published()), *HANDLING, publishable=True)
    found = public.when(Reclassify(kind="report"), by=DISPATCHER)
    found.then(e.Reclassified(kind="report"), e.Unpublished())
    assert not found.case.public
    waiting = given(step(e.Published()), *TRIAGE, publishable=True)
    sent = waiting.when(Dispatch(unit="gov", category="1702", kind="report"), by=DISPATCHER)
    assert not sent.leaves("ASSIGNED").case.public


@pytest.mark.parametrize(
    ("past", "found", "by"),
    [
        (HANDLING, Reclassify(kind="report"), DISPATCHER),
        (TRIAGE, Dispatch(unit="gov", category="1702", kind="report"), DISPATCHER),
    ],
    ids=["reclassified", "dispatched"],
)
def test_what_turns_out_to_be_a_report_lets_those_that_follow_it_go(
    past: Steps, found: Command, by: By
) -> None:
    """Its answer is none to them, and they are none of its secret."""
    lead = given(*past, *LEADING, step(e.Published()), publishable=True)
    story = lead.when(found, by=by)
    kept = [ev.type for ev in story.happened if ev.type not in ("reclassified", "dispatched")]
    assert kept == ["unpublished", "followers-released"]
    assert story.happened[-1] == e.FollowersReleased(followers=lead.case.led_by_it)
    assert (story.case.public, story.case.followers) == (False, 0)


def test_what_stays_open_keeps_its_followers_and_its_place_on_the_board() -> None:
    lead = given(*HANDLING, *LEADING, step(e.Published()), publishable=True)
    story = lead.when(Reclassify(kind="help"), by=DISPATCHER).then(e.Reclassified(kind="help"))
    assert (story.case.public, story.case.followers) == (True, 1)


def test_whoever_is_not_of_the_board_does_not_publish() -> None:
    for by in (CITIZEN, AGENT, DISPATCHER, staff("head", "he", "roads")):
        given(*CLOSED, publishable=True).when(Publish(), by=by).refused("role")


@pytest.mark.parametrize("by", [CITIZEN, AGENT])
@pytest.mark.parametrize("past", [CLOSED, WITHDRAWN])
def test_an_agent_reopens_for_a_citizen_who_calls(past: Steps, by: By) -> None:
    given(*past).when(NEWS, by=by).leaves("IN_REVIEW")


def test_a_follow_up_can_be_withdrawn_by_who_asked_for_it() -> None:
    given(*FOLLOW_UP).when(SOLVED, by=CITIZEN).leaves("WITHDRAWN")


def test_what_is_open_is_neither_reopened_nor_objected_to() -> None:
    for past in (HANDLING, REPLIED, ANSWERED):
        given(*past, kind="enquiry", rules=under()).when(NEWS, by=CITIZEN).refused("state")
        given(*past, kind="enquiry").when(WRONG, by=CITIZEN).refused("state")


# -- taking out what should not stand anywhere (PIPL art. 47) ---------------------------------------


@pytest.mark.parametrize("part", ["body", "contact", "address", "1", "3"])
def test_a_part_that_is_there_may_be_taken_out_and_nothing_moves(part: str) -> None:
    before = given(*HANDLING)
    after = before.when(Redact(part=part, text="（已隐去）"), by=MODERATOR)
    after.then(e.Redacted(part=part)).leaves("HANDLING")
    assert after.case.clocks.keys() >= {"resolve"}
    assert after.case.reachable == (part != "contact")


@pytest.mark.parametrize("part", ["0", "4", "999999"])
def test_a_version_that_has_not_been_is_not_taken_out(part: str) -> None:
    given(*HANDLING).when(Redact(part=part), by=MODERATOR).refused("unknown_version", "/part")


def test_who_has_no_way_to_be_reached_any_more_is_not_waited_for() -> None:
    story = given(*HANDLING).when(Redact(part="contact"), by=MODERATOR)
    assert "first_contact" not in story.case.clocks
