"""Objection (异议) to every end, once, within five working days, before another decider.

Source: 信访工作条例 (2022); LIFECYCLE: "every end of a case can be objected to once".
"""

from __future__ import annotations

import pytest

from casework.cases.access import By
from schemas import events as e
from schemas.commands import DecideObjection, Object, Reclassify
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    CITIZEN,
    CLOSED,
    DECLINED,
    DISPATCHER,
    FOLLOW_UP,
    HANDED_OVER,
    HANDLING,
    HEAD,
    IN_REVIEW,
    LI,
    MODERATOR,
    OTHER_MODERATOR,
    REPLIED,
    REPLY_REVIEW,
    STRANGER,
    SUPERVISOR,
    WITHDRAWN,
    Steps,
    given,
    on,
    staff,
    step,
)

OUTSIDE = staff("supervisor", "sun")
WRONG = Object(text="与事实不符。")
GRANT, REFUSE = (DecideObjection(grant=grant, text="理由如下。") for grant in (True, False))
TERMINATED: Steps = (
    *HANDLING,
    step(e.TerminationAsked(reason="refuses_to_cooperate"), by=HEAD),
    step(e.Terminated(reason="refuses_to_cooperate"), by=SUPERVISOR),
)
EXPLAINED: Steps = (
    *FOLLOW_UP,
    step(e.Closed(how="explained", explanation="lawful"), by=SUPERVISOR),
)
UNRATED: Steps = (*REPLIED, step(e.Closed(how="unrated"), at="2026-10-16 00:00"))
SILENT: Steps = (*IN_REVIEW, step(e.InfoRequested()), step(e.Closed(how="no_answer")))
REPEATED: Steps = (
    *ACCEPTED,
    step(e.RepeatFound(of="1817209355617218"), e.Closed(how="repeat"), by=MODERATOR),
)
NO_REPLY: Steps = (
    *HANDLING,
    step(e.Replied(outcome="resolved"), e.Closed(how="no_reply_wanted")),
)
ENDS: dict[str, Steps] = {
    "declined": DECLINED,
    "handed over": HANDED_OVER,
    "terminated": TERMINATED,
    "closed, rated": CLOSED,
    "closed, explained": EXPLAINED,
    "closed, unrated": UNRATED,
    "closed, no answer": SILENT,
    "closed, a repeat": REPEATED,
    "closed, no reply wanted": NO_REPLY,
}


@pytest.mark.parametrize("name", ENDS)
@pytest.mark.parametrize("by", [CITIZEN, AGENT], ids=["the citizen", "an agent"])
def test_every_end_can_be_objected_to(name: str, by: By) -> None:
    story = given(*ENDS[name]).when(WRONG, by=by).then(e.Objected()).leaves("OBJECTED")
    assert set(story.case.clocks) == {"objection"}
    assert story.case.queue == "objections"
    assert story.case.next_due is not None


@pytest.mark.parametrize("name", ENDS)
def test_granted_it_begins_again_with_a_new_promise_and_nothing_of_the_old_handling(
    name: str,
) -> None:
    story = given(*ENDS[name]).when(WRONG, by=CITIZEN).when(GRANT, by=OUTSIDE)
    story.then(e.ObjectionGranted(), e.Accepted()).leaves("ACCEPTED")
    case = story.case
    assert set(case.clocks) == {"dispatch", "resolve"}
    assert case.clocks["resolve"].since == story.now
    assert (case.chain, case.officer, case.end, case.before) == ((), None, None, None)


@pytest.mark.parametrize("name", ENDS)
def test_refused_it_is_over_as_it_was_and_cannot_be_objected_to_again(name: str) -> None:
    ended = given(*ENDS[name])
    story = ended.when(WRONG, by=CITIZEN).when(REFUSE, by=OUTSIDE)
    story.then(e.ObjectionRefused()).leaves(ended.case.state)
    assert story.case.end == ended.case.end, "the window counts from the end, not from the refusal"
    assert story.case.clocks == {}
    assert story.case.next_due is None
    story.when(WRONG, by=CITIZEN).refused("objected_already")


def test_an_end_after_a_granted_objection_is_another_end() -> None:
    story = given(*DECLINED).when(WRONG, by=CITIZEN).when(GRANT, by=OUTSIDE)
    again = step(e.HandedOver(service="110", receipt="110-8"), by=AGENT)
    story = story._committed(list(again.events), AGENT)
    story.when(WRONG, by=CITIZEN).leaves("OBJECTED")


def test_what_the_citizen_withdrew_is_taken_back_and_not_objected_to() -> None:
    given(*WITHDRAWN).when(WRONG, by=CITIZEN).refused("state")


@pytest.mark.parametrize("by", [STRANGER, LI, MODERATOR, SUPERVISOR])
def test_nobody_else_objects(by: By) -> None:
    refused = given(*TERMINATED).when(WRONG, by=by)
    refused.refused("not_yours" if by is STRANGER else "role")


def test_the_window_is_five_working_days_over_the_holiday() -> None:
    # ended on 30 September; working days: 8, 9, 10, 12 and 13 October
    story = given(*TERMINATED)
    story.when(WRONG, by=CITIZEN, at="2026-10-13 23:59").leaves("OBJECTED")
    story.when(WRONG, by=CITIZEN, at="2026-10-14 00:00").refused("window_over")


# -- before another decider --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "by", "code"),
    [
        ("declined", MODERATOR, "same_person"),
        ("terminated", SUPERVISOR, "same_person"),
        ("closed, explained", SUPERVISOR, "same_person"),
        ("closed, a repeat", MODERATOR, "same_person"),
        ("closed, rated", staff("moderator", "li"), "same_person"),
        ("terminated", staff("supervisor", "xu", "roads"), "own_unit"),
        ("closed, unrated", staff("moderator", "xu", "roads"), "own_unit"),
    ],
)
@pytest.mark.parametrize("decision", [GRANT, REFUSE], ids=["granting", "refusing"])
def test_neither_who_ended_it_nor_who_answered_nor_their_unit_decides(
    name: str, by: By, code: str, decision: DecideObjection
) -> None:
    story = given(*ENDS[name]).when(WRONG, by=CITIZEN)
    story.when(decision, by=by).refused(code)
    assert "decide-objection" not in story.may(by)
    assert "decide-objection" in story.may(OUTSIDE)


def test_who_let_the_answer_out_does_not_decide_on_the_objection_to_it() -> None:
    passed = step(e.Replied(outcome="resolved", text="TEXT#li#1"), e.Invited(), by=MODERATOR)
    story = given(*REPLY_REVIEW, passed, step(e.Closed(how="unrated")))
    assert (story.case.replied_by, story.case.passed_by) == ("li", "mo")
    objected = story.when(WRONG, by=CITIZEN)
    objected.when(REFUSE, by=MODERATOR).refused("same_person")
    assert "decide-objection" not in objected.may(MODERATOR)
    objected.when(REFUSE, by=OTHER_MODERATOR).leaves("CLOSED")


def test_an_answer_that_nobody_read_first_was_let_out_by_nobody() -> None:
    read = step(e.Replied(outcome="resolved", text="TEXT#li#1"), e.Invited(), by=MODERATOR)
    bad = e.Rated(contacted=False, resolved="no", overall=1)
    unread = step(e.Replied(outcome="resolved"), e.Invited(), by=staff("officer", "wang", "roads"))
    redo = step(bad, e.RedoOrdered(reason="not_contacted"))
    story = given(*REPLY_REVIEW, read, redo, unread, step(e.Closed(how="unrated")))
    assert story.case.passed_by is None
    story.when(WRONG, by=CITIZEN).when(GRANT, by=MODERATOR).leaves("ACCEPTED")


def test_an_agent_who_handed_it_over_and_moderates_too_does_not_decide() -> None:
    story = given(*HANDED_OVER).when(WRONG, by=CITIZEN)
    story.when(GRANT, by=staff("moderator", "an")).refused("same_person")
    story.when(GRANT, by=OTHER_MODERATOR).leaves("ACCEPTED")


def test_silence_decides_nothing_and_is_supervised() -> None:
    story = given(*DECLINED).when(WRONG, by=CITIZEN).tick("2026-10-14 00:00")
    assert e.Overdue(clock="objection") in story.happened
    story.leaves("OBJECTED")
    assert story.case.level == 1
    later = story.tick("2026-12-01 00:00").leaves("OBJECTED")
    assert later.case.next_due is not None
    assert later.case.next_due > on("2026-12-01 00:00")


def test_while_it_is_decided_nothing_else_becomes_of_it() -> None:
    story = given(*TERMINATED).when(WRONG, by=CITIZEN)
    story.when(Reclassify(kind="help"), by=DISPATCHER).refused("state")
    assert story.may(CITIZEN) == {"message", "urge"}
