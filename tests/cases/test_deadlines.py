"""Clocks of a case: which run in which state, and when they are due around National Day 2026."""

from dataclasses import replace

import pytest

from casework.clock.ladder import Ladder
from schemas import events as e
from schemas.commands import (
    Claim,
    DecideReturn,
    Note,
    Redo,
    Reply,
    Return,
    SendMessage,
    Urge,
)
from tests.cases.telling import (
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    FOLLOW_UP,
    HANDLING,
    HISTORIES,
    IN_REVIEW,
    LI,
    OBJECTED,
    REDO,
    REPLIED,
    REPLY_REVIEW,
    RETURN_ASKED,
    RULES,
    SUBMITTED,
    SUPERVISOR,
    TRIAGE,
    Steps,
    given,
    on,
    under,
)

# -- golden dates: filed on Wednesday 30 September 2026 at 10:00 --------------------------------


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("enquiry", "2026-10-11 00:00"),  # 3WD: 8, 9 and the worked Saturday 10 October
        ("help", "2026-10-16 00:00"),  # 7WD: … 12, 13, 14, 15
        ("suggestion", "2026-10-16 00:00"),
        ("praise", "2026-10-16 00:00"),
        ("complaint", "2026-10-28 00:00"),  # 15WD: … 27
        ("report", "2026-10-28 00:00"),
    ],
)
def test_the_citizens_promise_runs_from_submission(kind: str, due: str) -> None:
    assert given(kind=kind).clock("resolve").due == on(due)


@pytest.mark.parametrize(
    ("past", "clock", "due", "first"),
    [
        (SUBMITTED, "dispatch", "2026-09-30 12:00", "2026-09-30 11:36"),
        (IN_REVIEW, "review", "2026-10-09 00:00", "2026-10-08 19:12"),
        (HISTORIES["NEEDS_INFO"], "info", "2026-10-14 00:00", "2026-10-10 12:00"),
        (TRIAGE, "triage", "2026-10-09 00:00", "2026-10-08 19:12"),
        (ASSIGNED, "claim", "2026-10-09 00:00", "2026-10-08 19:12"),
        (ASSIGNED, "first_contact", "2026-10-09 00:00", "2026-10-08 19:12"),
        (RETURN_ASKED, "return", "2026-10-10 00:00", "2026-10-09 14:24"),
        (REPLY_REVIEW, "reply_review", "2026-10-09 00:00", "2026-10-08 19:12"),
        (REPLIED, "rating", "2026-10-16 00:00", "2026-10-08 05:00"),
        (FOLLOW_UP, "follow_up", "2026-10-10 00:00", "2026-10-09 14:24"),
        (REDO, "redo", "2026-10-11 00:00", "2026-10-09 12:00"),
        (OBJECTED, "objection", "2026-10-14 00:00", "2026-10-13 00:00"),
    ],
)
def test_every_other_clock_has_its_limit_and_its_first_rung(
    past: Steps, clock: str, due: str, first: str
) -> None:
    running = given(*past).clock(clock)
    assert (running.due, running.next) == (on(due), on(first))


@pytest.mark.parametrize(
    ("state", "clocks"),
    [
        ("SUBMITTED", {"dispatch", "resolve"}),
        ("IN_REVIEW", {"review", "resolve"}),
        ("NEEDS_INFO", {"info", "resolve"}),
        ("ACCEPTED", {"dispatch", "resolve"}),
        ("TRIAGE", {"triage", "resolve"}),
        ("ASSIGNED", {"claim", "first_contact", "resolve"}),
        ("HANDLING", {"first_contact", "resolve"}),
        ("RETURN_ASKED", {"return", "claim", "first_contact", "resolve"}),
        ("REPLY_REVIEW", {"reply_review", "first_contact", "resolve"}),
        ("AWAITING_RATING", {"rating"}),
        ("FOLLOW_UP", {"follow_up"}),
        ("REDO", {"redo", "claim", "first_contact"}),
        ("OBJECTED", {"objection"}),
        ("CLOSED", set()),
        ("DECLINED", set()),
        ("HANDED_OVER", set()),
        ("WITHDRAWN", set()),
    ],
)
def test_in_each_state_these_clocks_run(state: str, clocks: set[str]) -> None:
    story = given(*dict(HISTORIES)[state])  # type: ignore[index]
    assert set(story.case.clocks) == clocks
    assert (story.case.next_due is None) == (not clocks)


def test_the_alarm_is_set_to_whatever_comes_first() -> None:
    assert given().case.next_due == on("2026-09-30 11:36")  # 80% of the dispatcher's two hours
    assert given(*ASSIGNED).case.next_due == on("2026-10-08 19:12")


def test_the_due_time_rings_even_where_the_ladder_has_no_rung_there() -> None:
    ladder = Ladder.parse([{"at": "50%", "do": "remind"}, {"at": "due + 3WD", "do": "level 1"}])
    policy = RULES.policy
    clocks = {**policy.clocks, "claim": replace(policy.clocks["claim"], ladder=ladder)}
    story = given(*ASSIGNED, rules=under(clocks=clocks)).tick("2026-10-08 12:00")
    assert story.clock("claim").next == on("2026-10-09 00:00")
    late = story.tick("2026-10-09 00:00")
    assert e.Overdue(clock="claim") in late.happened
    assert late.clock("claim").next == on("2026-10-13 00:00")


# -- sitting on a case gains nothing -------------------------------------------------------------


def test_returning_a_case_gains_the_citizen_no_delay() -> None:
    story = given(*ASSIGNED)
    told = story.when(
        Return(reason="not_our_area", text="不在辖区"), by=LI, at="2026-10-09 17:00"
    ).when(DecideReturn(approve=True, unit="north-roads"), by=DISPATCHER, at="2026-10-10 09:00")
    assert told.clock("resolve").due == story.clock("resolve").due
    assert told.clock("claim").since == on("2026-10-10 09:00")


def test_a_return_asked_late_does_not_wipe_out_that_nobody_claimed() -> None:
    asked = given(*ASSIGNED).when(
        Return(reason="not_our_duty", text="不归我们"), by=LI, at="2026-10-08 23:00"
    )
    late = asked.tick("2026-10-09 00:00")
    assert e.Overdue(clock="claim") in late.happened


def test_a_reply_sent_to_review_at_the_last_minute_still_runs_late() -> None:
    story = given(*HANDLING, rules=under(reply_review="all"))
    drafted = story.when(Reply(outcome="resolved", text="已修好"), by=LI, at="2026-10-27 23:59")
    late = drafted.tick("2026-10-28 00:00")
    assert e.Overdue(clock="resolve") in late.happened
    assert late.case.level == 1


def test_notes_urges_and_messages_move_no_alarm() -> None:
    story = given(*HANDLING)
    for command, by in (
        (Note(text="查看中"), LI),
        (Urge(), CITIZEN),
        (SendMessage(text="?"), CITIZEN),
    ):
        assert story.when(command, by=by, at="2026-10-07 10:00").case.next_due == (
            story.case.next_due
        )


# -- claims and second handlings -----------------------------------------------------------------


def test_a_second_handling_has_a_short_limit_of_its_own() -> None:
    story = given(*FOLLOW_UP).when(Redo(text="重办"), by=SUPERVISOR, at="2026-10-08 10:00")
    assert story.clock("redo").due == on("2026-10-13 00:00")  # 3WD: 9, 10 (a Saturday), 12
    assert story.clock("claim").since == on("2026-10-08 10:00")
    assert story.case.due == story.clock("redo").due


def test_a_claim_in_the_night_before_a_holiday_is_in_time() -> None:
    story = given(*ASSIGNED).when(Claim(), by=LI, at="2026-10-08 23:59")
    assert "claim" not in story.case.clocks
