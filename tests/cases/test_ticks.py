"""Ticks: what the machine records when time has passed, and what closes by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.cases.state import HEARTBEAT, Case
from schemas import events as e
from schemas.commands import (
    CallBack,
    RecordContact,
    Reply,
    RequestInfo,
    SendMessage,
    Tick,
)
from schemas.events import Choice
from tests.cases.telling import (
    AGENT,
    ANSWERED,
    ASSIGNED,
    CITIZEN,
    CLOSED,
    FOLLOW_UP,
    HANDLING,
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
    TRIAGE,
    Steps,
    Story,
    given,
    on,
    returned_by,
    step,
    under,
)


def reminded(story: Story) -> list[tuple[str, tuple[int, ...]]]:
    """Which rungs of which clocks the last tick recorded."""
    return [(ev.clock, ev.rungs) for ev in story.happened if isinstance(ev, e.Reminded)]


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
        e.CallBackDue(),
    )
    assert due.clock("resolve").late

    called = due.when(CallBack(result="reached"), by=AGENT)
    red = called.tick("2026-10-31 00:00")
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
    late = given(*HANDLING).tick("2026-12-01 09:00")
    story = late.when(CallBack(result="reached"), by=AGENT)
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


def test_a_bad_rating_is_not_closed_by_a_citys_clock_that_nothing_stops() -> None:
    rating = replace(RULES.policy.clocks["rating"], stops_on=frozenset())
    story = given(*FOLLOW_UP, rules=under(clocks={**RULES.policy.clocks, "rating": rating}))
    story.tick("2026-10-16 00:00").leaves("FOLLOW_UP")


def test_the_city_gains_a_new_clock_with_each_question_and_the_promise_runs_on() -> None:
    story = given(*IN_REVIEW).when(RequestInfo(text="哪里？"), by=MODERATOR)
    late = story.when(SendMessage(text="这里"), by=CITIZEN, at="2026-10-09 10:00")
    assert late.clock("review").since == on("2026-10-09 10:00")
    assert late.clock("resolve").since == on("2026-09-30 10:00")


# -- what lies in triage falls to the district (BJ 12) -------------------------------------------

_CHOICE = Choice(category="0204", unit="roads", score=0.4)
LIES: Steps = (step(e.Accepted(), e.Queued(choices=(_CHOICE,)), by=MACHINE),)
DAY_OVER = "2026-10-09 00:00"


@pytest.mark.parametrize("area", ["990102", "990102001", "990102001001"])
def test_what_nobody_dispatches_in_time_the_district_takes(area: str) -> None:
    story = given(*LIES, area=area)
    story.tick("2026-10-08 23:59").leaves("TRIAGE")
    fallen = story.tick(DAY_OVER).leaves("ASSIGNED")
    assert fallen.happened[-1] == e.Dispatched(unit="north", category="0204")
    assert e.Overdue(clock="triage") in fallen.happened
    assert fallen.case.unit == "north"
    assert "triage" not in fallen.case.clocks
    assert fallen.clock("claim").since == on(DAY_OVER)
    assert fallen.clock("resolve") == story.clock("resolve")


def test_the_category_that_a_person_gave_goes_before_the_routers_guess() -> None:
    fallen = given(*LIES, area="990102", category="0208").tick(DAY_OVER)
    assert fallen.happened[-1] == e.Dispatched(unit="north", category="0208")


def returned_by_north() -> Steps:
    """North has had it and given it back; nobody has dispatched it since."""
    return (
        *returned_by("north"),
        step(e.Queued(choices=(_CHOICE,)), by=MACHINE),
    )


@pytest.mark.parametrize(
    ("past", "filed"),
    [
        (LIES, {}),
        (LIES, {"area": "990103"}),
        (LIES, {"area": "990100"}),
        (TRIAGE, {"area": "990102"}),
        ((*LIES, step(e.SubjectsNamed(units=("north",)))), {"area": "990102"}),
        (returned_by_north(), {"area": "990102"}),
    ],
    ids=[
        "no area",
        "a district without a government",
        "the whole city",
        "no category",
        "the district is accused",
        "the district has returned it",
    ],
)
def test_where_no_district_can_take_it_a_person_still_has_to(
    past: Steps, filed: dict[str, Any]
) -> None:
    late = given(*past, **filed).tick(DAY_OVER).leaves("TRIAGE")
    assert e.Overdue(clock="triage") in late.happened
    assert late.case.level == 1
    assert late.case.queue == "triage"
    assert late.case.next_due is not None
    assert late.case.next_due > late.now


def test_what_is_about_the_citys_own_office_the_district_can_take() -> None:
    about_gov = (*LIES, step(e.SubjectsNamed(units=("gov",))))
    given(*about_gov, area="990102").tick(DAY_OVER).leaves("ASSIGNED")


# -- a policy that the city changes --------------------------------------------------------------


def test_a_clock_that_the_city_no_longer_has_is_put_away_at_its_next_tick() -> None:
    story = given(*REDO)
    policy = story.rules.policy
    clocks = {name: rule for name, rule in policy.clocks.items() if name != "redo"}
    without = replace(story, rules=under(clocks=clocks)).tick("2026-10-09 12:00")
    assert "redo" not in without.case.clocks
    assert without.case.next_due is not None
    assert without.case.next_due > without.now


def test_a_clock_that_no_longer_runs_for_this_kind_is_put_away_and_rings_no_more() -> None:
    reached = RecordContact(how="phone", result="reached")
    story = given(*HANDLING, kind="praise").when(reached, by=LI)
    resolve = RULES.policy.clocks["resolve"]
    limit = {kind: limit for kind, limit in resolve.limit.items() if kind != "praise"}
    clocks = {**RULES.policy.clocks, "resolve": replace(resolve, limit=limit)}
    story = replace(story, rules=under(clocks=clocks)).tick("2026-10-31 09:00")
    assert "resolve" not in story.case.clocks
    assert story.case.next_due == story.now + HEARTBEAT
    story.tick("2026-10-31 09:01").then()
    story.tick("2026-11-07 09:00").then(e.Checked())


def test_a_case_without_a_clock_is_looked_at_every_week() -> None:
    rules = under(clocks={})
    story = given(*HANDLING, rules=rules)
    assert story.case.next_due == story.case.changed_at + timedelta(days=7)
    assert story.tick("2026-10-07 10:00").then(e.Checked()).case.next_due == on("2026-10-14 10:00")
