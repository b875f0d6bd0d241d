"""Termination (终止办理): asked by the unit, decided by the hotline office, told why (WF 21)."""

import pytest
from pydantic import ValidationError

from casework.cases.access import By, may_read
from schemas import events as e
from schemas.commands import (
    AskTermination,
    Claim,
    DecideTermination,
    Object,
    Reopen,
    Reply,
    Return,
    SendMessage,
    Withdraw,
)
from tests.cases.telling import (
    AGENT,
    ASSIGNED,
    CALLED,
    CITIZEN,
    DISPATCHER,
    EXTENSION_ASKED,
    HANDLING,
    HEAD,
    LEADING,
    LI,
    MODERATOR,
    ORDERED,
    OTHER_SUPERVISOR,
    POLICE,
    PUBLISHED,
    SUPERVISOR,
    SUSPENDED,
    TERMINATED,
    TERMINATION_ASKED,
    WANG,
    given,
    on,
    staff,
)

ASK = AskTermination(reason="refuses_to_cooperate", text="三次约见，均拒绝说明地点。")
LAWSUIT = AskTermination(reason="reason_to_decline", path="court", text="双方已诉至法院。")
YES = DecideTermination(approve=True, text="案件已由法院受理，请依法院裁判。")
NO = DecideTermination(approve=False, text="请再次约见。")


@pytest.mark.parametrize("by", [LI, WANG, HEAD])
def test_the_holder_asks_and_it_waits_for_the_hotline_office(by: By) -> None:
    story = given(*HANDLING).when(ASK, by=by)
    story.then(e.TerminationAsked(reason="refuses_to_cooperate")).leaves("TERMINATION_ASKED")
    assert story.case.queue == "approvals"
    assert story.clock("termination").due == on("2026-10-10 00:00")
    assert story.clock("resolve") == given(*HANDLING).clock("resolve")


def test_who_may_not_ask() -> None:
    given(*HANDLING).when(ASK, by=POLICE).refused("not_yours")
    given(*HANDLING).when(ASK, by=DISPATCHER).refused("role")
    given(*HANDLING).when(ASK, by=staff("integration", "roads-system", "roads")).refused("role")
    given(*ASSIGNED).when(ASK, by=LI).refused("state")


def test_a_reason_to_decline_names_the_lawful_path() -> None:
    """BJ 11: declining is routing."""
    with pytest.raises(ValidationError, match="path_needed"):
        AskTermination(reason="reason_to_decline", text="已进入诉讼。")
    story = given(*HANDLING).when(LAWSUIT, by=LI).when(YES, by=SUPERVISOR)
    story.then(e.Terminated(reason="reason_to_decline", path="court")).leaves("TERMINATED")


def test_approved_it_has_ended_with_all_its_clocks() -> None:
    story = given(*TERMINATION_ASKED).when(YES, by=SUPERVISOR)
    story.then(e.Terminated(reason="refuses_to_cooperate")).leaves("TERMINATED")
    assert (story.case.clocks, story.case.next_due, story.case.asks) == ({}, None, {})
    assert story.case.queue is None
    assert story.case.end is not None
    assert (story.case.end.by, story.case.end.state) == ("su", "TERMINATED")
    assert may_read(story.case, LI, story.rules), "its unit still sees what became of it"


def test_refused_it_is_handled_on_and_has_gained_no_time() -> None:
    story = given(*TERMINATION_ASKED).when(NO, by=SUPERVISOR, at="2026-10-09 10:00")
    story.then(e.TerminationRefused()).leaves("HANDLING")
    assert story.clock("resolve") == given(*HANDLING).clock("resolve")
    assert story.case.officer == "li"
    assert "termination" not in story.case.clocks


def test_it_is_decided_outside_the_unit_by_another_person() -> None:
    asked = given(*TERMINATION_ASKED)
    asked.when(YES, by=staff("supervisor", "li")).refused("same_person")
    inside = staff("supervisor", "sun", "roads")
    asked.when(YES, by=inside).refused("own_unit")
    assert "decide-termination" not in asked.may(inside)
    for by in (HEAD, DISPATCHER, MODERATOR):
        asked.when(YES, by=by).refused("role")
    given(*HANDLING).when(YES, by=SUPERVISOR).refused("state")


def test_silence_ends_nothing() -> None:
    silent = given(*TERMINATION_ASKED).tick("2026-10-10 00:00").leaves("TERMINATION_ASKED")
    assert e.Overdue(clock="termination") in silent.happened
    late = silent.tick("2026-10-28 00:00").leaves("TERMINATION_ASKED")
    assert e.Overdue(clock="resolve") in late.happened
    assert late.case.next_due is not None


def test_while_it_waits_nobody_handles_it() -> None:
    for command in (
        Reply(outcome="resolved", text="好了。"),
        Return(reason="not_our_duty", text="非。"),
    ):
        given(*TERMINATION_ASKED).when(command, by=LI).refused("state")
    given(*TERMINATION_ASKED).when(Claim(), by=WANG).refused("state")
    given(*TERMINATION_ASKED).when(ASK, by=LI).refused("state")


def test_the_citizen_is_heard_meanwhile() -> None:
    story = given(*TERMINATION_ASKED)
    assert story.when(SendMessage(text="我愿意配合。"), by=CITIZEN).case.unread
    story.when(Withdraw(reason="solved"), by=CITIZEN).leaves("WITHDRAWN")


def test_a_suspended_case_may_be_ended_too_and_refused_it_is_handled() -> None:
    story = given(*SUSPENDED).when(ASK, by=LI).leaves("TERMINATION_ASKED")
    assert story.clock("resolve").paused is None
    refused = story.when(NO, by=SUPERVISOR).leaves("HANDLING")
    assert "review_date" not in refused.case.clocks


def test_what_ran_beside_ends_with_it() -> None:
    story = given(*HANDLING, *CALLED, *ORDERED, *PUBLISHED, *LEADING).when(ASK, by=LI)
    assert "assist:police" in story.case.clocks
    ended = story.when(YES, by=SUPERVISOR)
    said = ["terminated", "unpublished", "followers-released"]
    assert [event.type for event in ended.happened] == said
    case = ended.case
    assert (case.aids, case.public, case.followers) == ((), False, 0)
    assert set(case.clocks) == {"order:order-9"}, "what was ordered is still to be answered"
    assert case.asides == {"unit:roads": case.clocks["order:order-9"].due}


def test_a_wish_for_more_time_falls_away() -> None:
    story = given(*EXTENSION_ASKED).when(ASK, by=LI)
    assert set(story.case.asks) == {"termination"}
    assert "extension" not in story.case.clocks


def test_the_citizen_may_object_within_five_working_days_before_another_decider() -> None:
    """Every end of a case can be objected to once. 8, 9, 10, 12 and 13 October."""
    objection = Object(text="我从未拒绝。")
    given(*TERMINATED).when(objection, by=CITIZEN, at="2026-10-13 23:59").leaves("OBJECTED")
    given(*TERMINATED).when(objection, by=CITIZEN, at="2026-10-14 00:00").refused("window_over")
    given(*TERMINATED).when(objection, by=AGENT).leaves("OBJECTED")
    given(*TERMINATED).when(Reopen(text="新的情况。"), by=CITIZEN).refused("state")


def test_a_second_termination_is_asked_and_decided_anew() -> None:
    story = given(*TERMINATION_ASKED).when(NO, by=SUPERVISOR).when(LAWSUIT, by=WANG)
    story.when(YES, by=OTHER_SUPERVISOR).leaves("TERMINATED")
