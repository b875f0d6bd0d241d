"""Clocks of a case: which run, when they are due around National Day 2026, what a tick records."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.cases.state import HEARTBEAT, Case
from casework.clock.ladder import Ladder
from casework.clock.policy import Policy, preset_text
from schemas import events as e
from schemas.commands import (
    Claim,
    DecideReturn,
    Note,
    RecordContact,
    Redo,
    Reply,
    RequestInfo,
    Return,
    SendMessage,
    Tick,
    Urge,
)
from tests.cases.telling import (
    ANSWERED,
    ASSIGNED,
    CITIZEN,
    CLOSED,
    DISPATCHER,
    FOLLOW_UP,
    HANDLING,
    HISTORIES,
    IN_REVIEW,
    LI,
    MACHINE,
    MODERATOR,
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
    Story,
    given,
    on,
    under,
)


def reminded(story: Story) -> list[tuple[str, tuple[int, ...]]]:
    """Which rungs of which clocks the last tick recorded."""
    return [(ev.clock, ev.rungs) for ev in story.happened if isinstance(ev, e.Reminded)]


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


# -- ticks ---------------------------------------------------------------------------------------


def test_before_its_time_a_tick_does_nothing() -> None:
    story = given(*HANDLING).when(RecordContact(how="phone", result="reached"), by=LI)
    assert story.case.next_due == on("2026-10-16 12:00")  # 50% of 15 working days
    story.tick("2026-10-16 11:59").then()


def test_the_ladder_of_the_promise_rung_by_rung() -> None:
    story = given(*HANDLING).when(RecordContact(how="phone", result="reached"), by=LI)

    half = story.tick("2026-10-16 12:00")
    half.then(
        e.Reminded(clock="resolve", rungs=(0,), who=("officer",), next=on("2026-10-23 00:00"))
    )

    most = half.tick("2026-10-23 00:00")
    most.then(
        e.Reminded(
            clock="resolve", rungs=(1,), who=("officer", "head"), next=on("2026-10-28 00:00")
        )
    )
    assert most.case.level == 0

    due = most.tick("2026-10-28 00:00")
    due.then(
        e.Overdue(clock="resolve"),
        e.Reminded(
            clock="resolve",
            rungs=(2,),
            who=("head", "supervision_office"),
            level=1,
            card="yellow",
            next=on("2026-10-31 00:00"),
        ),
    )
    assert due.clock("resolve").late

    red = due.tick("2026-10-31 00:00")
    red.then(
        e.Reminded(
            clock="resolve",
            rungs=(3,),
            who=("supervision_office", "leader"),
            level=2,
            card="red",
            next=on("2026-11-11 00:00"),
        )
    )

    summoned = red.tick("2026-11-11 00:00")
    assert reminded(summoned) == [("resolve", (4,))]
    assert summoned.case.level == 3


def test_after_the_last_rung_a_slow_heartbeat_remains() -> None:
    story = given(*HANDLING).tick("2026-12-01 09:00")
    assert story.case.next_due == on("2026-12-01 09:00") + HEARTBEAT
    story.tick("2026-12-08 08:59").then()
    beat = story.tick("2026-12-08 09:00")
    assert beat.case.next_due == on("2026-12-15 09:00")
    assert beat.case.level == 3


def test_ticks_that_were_missed_are_made_up_for_at_once() -> None:
    story = given(*HANDLING).tick("2026-10-31 09:00")
    assert dict(reminded(story)) == {"first_contact": (0, 1), "resolve": (0, 1, 2, 3)}
    assert story.case.level == 2
    overdue = {event.clock for event in story.happened if isinstance(event, e.Overdue)}
    assert overdue == {"first_contact", "resolve"}


def test_a_repeated_tick_does_nothing() -> None:
    story = given(*HANDLING).tick("2026-10-31 09:00")
    again = story.tick("2026-10-31 09:00").then()
    assert again.case == story.case


def test_a_tick_of_a_closed_case_does_nothing() -> None:
    given(*CLOSED).tick("2027-06-01 09:00").then()


def test_a_share_that_falls_between_two_seconds_is_told_once() -> None:
    """Half of a limit that starts at an odd second: stored times are whole seconds."""
    invited = replace(
        given(*HANDLING, rules=under(reply_review="none")), now=on("2026-10-08 09:30:01")
    )
    story = invited.when(Reply(outcome="resolved", text="已修好"), by=LI)
    stored = Case.model_validate(story.case.model_dump(), strict=False)
    assert stored == story.case
    told = replace(story, case=stored, now=stored.next_due or story.now).when(Tick(), by=MACHINE)
    assert reminded(told) == [("rating", (0,))]


def test_a_good_reply_lifts_the_supervision() -> None:
    late = given(*HANDLING, rules=under(reply_review="none")).tick("2026-10-31 09:00")
    assert late.case.level == 2
    replied = late.when(Reply(outcome="resolved", text="已修好"), by=LI)
    assert replied.case.level == 0


@pytest.mark.parametrize(
    ("past", "clock", "due"),
    [
        (SUBMITTED, "dispatch", "2026-09-30 12:00"),
        (IN_REVIEW, "review", "2026-10-09 00:00"),
        (TRIAGE, "triage", "2026-10-09 00:00"),
        (ASSIGNED, "claim", "2026-10-09 00:00"),
        (RETURN_ASKED, "return", "2026-10-10 00:00"),
        (REPLY_REVIEW, "reply_review", "2026-10-09 00:00"),
        (FOLLOW_UP, "follow_up", "2026-10-10 00:00"),
        (REDO, "redo", "2026-10-11 00:00"),
        (OBJECTED, "objection", "2026-10-14 00:00"),
    ],
)
def test_whoever_lets_their_time_pass_is_recorded_and_the_case_stays_where_it_is(
    past: Steps, clock: str, due: str
) -> None:
    story = given(*past)
    late = story.tick(due)
    assert e.Overdue(clock=clock) in late.happened
    assert late.case.state == story.case.state
    assert late.case.level == 1


# -- what closes by itself -----------------------------------------------------------------------


def test_a_rating_that_nobody_gives_closes_the_case_unrated() -> None:
    asked = given(*REPLIED).tick("2026-10-08 05:00")
    asked.then(
        e.Reminded(clock="rating", rungs=(0,), who=("citizen",), next=on("2026-10-16 00:00"))
    )
    asked.tick("2026-10-15 23:59").then()
    closed = asked.tick("2026-10-16 00:00").leaves("CLOSED")
    assert closed.happened[-1] == e.Closed(how="unrated")
    assert closed.case.next_due is None
    assert closed.case.end is not None
    assert closed.case.end.by == "clock"


def test_an_answer_to_an_enquiry_that_nobody_rates_closes_too() -> None:
    answered = given(*ANSWERED, kind="enquiry").tick("2026-10-16 00:00").leaves("CLOSED")
    assert answered.happened[-1] == e.Closed(how="unrated")


def test_the_city_gains_a_new_clock_with_each_question_and_the_promise_runs_on() -> None:
    story = given(*IN_REVIEW).when(RequestInfo(text="哪里？"), by=MODERATOR)
    late = story.when(SendMessage(text="这里"), by=CITIZEN, at="2026-10-09 10:00")
    assert late.clock("review").since == on("2026-10-09 10:00")
    assert late.clock("resolve").since == on("2026-09-30 10:00")


# -- claims and second handlings -----------------------------------------------------------------


def test_a_second_handling_has_a_short_limit_of_its_own() -> None:
    story = given(*FOLLOW_UP).when(Redo(text="重办"), by=SUPERVISOR, at="2026-10-08 10:00")
    assert story.clock("redo").due == on("2026-10-13 00:00")  # 3WD: 9, 10 (a Saturday), 12
    assert story.clock("claim").since == on("2026-10-08 10:00")
    assert story.case.due == story.clock("redo").due


def test_a_claim_in_the_night_before_a_holiday_is_in_time() -> None:
    story = given(*ASSIGNED).when(Claim(), by=LI, at="2026-10-08 23:59")
    assert "claim" not in story.case.clocks


# -- a policy that the city changes --------------------------------------------------------------


def changed(story: Story, text: str, by: str) -> Story:
    """The city changes one line of its policy while the case is open."""
    import tomllib

    document = preset_text()
    assert document.count(text) == 1
    policy = Policy.parse(tomllib.loads(document.replace(text, by)))
    return replace(story, rules=replace(RULES, policy=policy))


def test_a_clock_that_the_city_no_longer_has_is_put_away_at_its_next_tick() -> None:
    story = given(*REDO)
    policy = story.rules.policy
    clocks = {name: rule for name, rule in policy.clocks.items() if name != "redo"}
    without = replace(story, rules=under(clocks=clocks)).tick("2026-10-09 12:00")
    assert "redo" not in without.case.clocks
    assert without.case.next_due is not None
    assert without.case.next_due > without.now


def test_a_clock_that_no_longer_runs_for_this_kind_is_put_away_and_rings_no_more() -> None:
    story = changed(
        given(*HANDLING, kind="praise").when(RecordContact(how="phone", result="reached"), by=LI),
        ', praise = "7WD"}',
        "}",
    ).tick("2026-10-31 09:00")
    assert "resolve" not in story.case.clocks
    assert story.case.next_due == story.now + HEARTBEAT
    story.tick("2026-10-31 09:01").then()
    story.tick("2026-11-07 09:00").then(e.Checked())


def test_a_case_without_a_clock_is_looked_at_every_week() -> None:
    rules = under(clocks={})
    story = given(*HANDLING, rules=rules)
    assert story.case.next_due == story.case.changed_at + timedelta(days=7)
    assert story.tick("2026-10-07 10:00").then(e.Checked()).case.next_due == on("2026-10-14 10:00")
