"""Spreading: what falls on one moment for a whole day's cases comes at a moment of each case's own.

And what holds of all alarms, spread or not: nothing early, nothing twice, nothing missed, and after
a tick nothing is due.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st

from casework.cases.clocks import deadline_of
from casework.cases.rules import Refusal, Rules
from casework.cases.state import HEARTBEAT
from casework.clock.limits import due
from casework.clock.policy import Policy, preset_text
from casework.clock.words import ClockError
from schemas import events as e
from schemas.commands import RecordContact, SendMessage, Tick, Urge
from schemas.events import Commit
from tests.cases.telling import (
    ASSIGNED,
    CITIZEN,
    HANDLING,
    LI,
    MACHINE,
    NEEDS_INFO,
    PASTS,
    REPLIED,
    RULES,
    START,
    SUBMITTED,
    Steps,
    Story,
    given,
    on,
    step,
    under,
)

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
SPREAD = under(spread=HALF_HOUR)
NUMBERS = st.integers(0, 10**14 - 1).map(lambda digits: f"1{digits:014d}0")
EARLIEST, MIDDLE, LATEST = "1000000000000000", "1500000000000000", "1999999999999990"


def waiting(past: Steps, clock: str, number: str, rules: Rules = SPREAD) -> timedelta:
    """By how much this case's next look at a clock comes after the policy's own time for it."""
    spread, plain = (given(*past, rules=each, number=number) for each in (rules, RULES))
    return spread.clock(clock).next - plain.clock(clock).next


# -- what is spread ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("past", "clock"), [(HANDLING, "resolve"), (REPLIED, "rating"), (ASSIGNED, "claim")]
)
def test_the_first_reminder_comes_at_the_cases_own_moment_of_the_half_hour(
    past: Steps, clock: str
) -> None:
    assert waiting(past, clock, EARLIEST) == timedelta(0)
    assert waiting(past, clock, MIDDLE) == HALF_HOUR / 2
    assert waiting(past, clock, LATEST) == HALF_HOUR - SECOND


def test_a_day_of_reminders_is_spread_evenly() -> None:
    """Case numbers are drawn as a keyed hash; here a thousand from a hat."""
    numbers = [f"1{(i * 7_368_787_001_339) % 10**14:014d}0" for i in range(1, 1001)]
    minutes = Counter(waiting(HANDLING, "resolve", each) // MINUTE for each in numbers)

    assert minutes.keys() == set(range(30))
    assert max(minutes.values()) <= 2 * 1000 / 30


@pytest.mark.parametrize("past", [REPLIED, NEEDS_INFO], ids=["rating", "info"])
def test_a_closing_comes_within_the_half_hour_after_its_time_and_is_shown_at_its_time(
    past: Steps,
) -> None:
    plain, story = given(*past), given(*past, rules=SPREAD, number=LATEST)
    (clock,) = {"rating", "info"} & set(story.case.clocks)
    assert story.clock(clock).due == plain.clock(clock).due

    story = at(story, story.case.next_due or START)
    ends = story.clock(clock).due
    for moment in (ends, ends + HALF_HOUR - 2 * SECOND):
        assert at(story, moment).case.is_open
    closed = at(story, ends + HALF_HOUR - SECOND)
    assert closed.case.state == "CLOSED"
    assert e.Overdue(clock=clock) in closed.happened


def at(story: Story, moment: datetime) -> Story:
    """The machine looks at this instant."""
    return replace(story, now=moment).when(Tick(), by=MACHINE)


# -- what is not ---------------------------------------------------------------------------------


def test_overdue_marks_and_levels_come_on_the_second() -> None:
    story = given(*HANDLING, rules=SPREAD, number=LATEST)
    story = story.when(RecordContact(how="phone", result="reached"), by=LI)
    resolve = story.clock("resolve")
    for moment in (resolve.next, on("2026-10-23 00:30")):
        story = at(story, moment)
    assert story.clock("resolve").next == resolve.due == on("2026-10-28 00:00")

    late = at(story, resolve.due)

    assert e.Overdue(clock="resolve") in late.happened
    assert late.case.level == 1
    assert late.clock("resolve").next == on("2026-10-31 00:00"), "and so does the next level"


def test_what_counts_in_hours_and_minutes_is_not_spread() -> None:
    assert waiting(SUBMITTED, "dispatch", LATEST) == timedelta(0)
    alarmed = (step(e.AlertRaised(kind="violence", alert="violence-2")),)
    for rules in (RULES, SPREAD):
        story = given(*alarmed, rules=rules, number=LATEST)
        assert story.clock("alert:violence-2").next == START + 5 * MINUTE


def test_a_date_from_above_on_the_same_day_is_not_spread() -> None:
    """Whatever the policy's limit: somebody counts on the hour."""
    for hours, spread in ((6, timedelta(0)), (48, HALF_HOUR - SECOND)):
        until = START + timedelta(hours=hours)
        plain, later = (
            given(number=LATEST, rules=rules, until=until).clock("resolve").next
            for rules in (RULES, SPREAD)
        )
        assert later - plain == spread


def test_a_city_may_do_without_and_say_how_wide() -> None:
    assert waiting(HANDLING, "resolve", LATEST, under(spread=timedelta(0))) == timedelta(0)
    six = under(spread=timedelta(hours=6))
    assert waiting(HANDLING, "resolve", LATEST, six) > timedelta(hours=5, minutes=59)


@pytest.mark.parametrize(
    ("text", "length"), [("none", 0), ("1M", 1), ("45M", 45), ("6H", 360), (None, 30)]
)
def test_the_policy_says_over_how_long(text: str | None, length: int) -> None:
    document = tomllib.loads(preset_text())
    document.pop("spread")
    document |= {"spread": text} if text else {}
    assert Policy.parse(document).spread == length * MINUTE


@pytest.mark.parametrize("text", ["7H", "361M", "1D", "1WD", "0M", "-5M", "soon", "", 30, []])
def test_a_width_that_makes_no_sense_is_refused(text: Any) -> None:
    with pytest.raises(ClockError, match="spread"):
        Policy.parse({**tomllib.loads(preset_text()), "spread": text})


# -- what always holds ---------------------------------------------------------------------------

FEW = settings(max_examples=150, deadline=None)


@FEW
@whatever(
    past=st.sampled_from(sorted(PASTS)),
    number=NUMBERS,
    minutes=st.integers(0, 360),
)
def test_no_alarm_comes_early_nor_after_the_next_rung(past: str, number: str, minutes: int) -> None:
    rules = under(spread=minutes * MINUTE)
    story, unspread = given(*PASTS[past], rules=rules, number=number), given(*PASTS[past])
    for name, clock in story.case.clocks.items():
        plain = unspread.clock(name)
        assert (clock.since, clock.due) == (plain.since, plain.due)
        assert plain.next <= clock.next <= plain.next + minutes * MINUTE
        rule = rules.policy.rule(name)
        assert rule is not None
        deadline = deadline_of(name, clock, story.case, rules)
        later = rule.ladder.due_rungs(deadline, (), plain.next, rules.calendar).next
        assert later is None or clock.next < later
        if plain.next < plain.due:
            assert clock.next < plain.due


class Lived:
    """A case to which ticks and commands come at any time, in any order, more than once."""

    def __init__(self, past: Steps, rules: Rules, number: str) -> None:
        self.story = given(*past, rules=rules, number=number)
        self.rung: Counter[tuple[str, datetime, int]] = Counter()
        """How often each rung of a clock to one due time was recorded."""

    def tick(self) -> None:
        before = self.story
        self.story = before.when(Tick(), by=MACHINE)
        self._count(before)
        left = self.story.case.next_due
        assert left is None or left > self.story.now, "an accepted tick leaves nothing due"
        again = self.story.when(Tick(), by=MACHINE)
        assert again.last == (), "a repeated tick does nothing"
        self._complete()

    def somebody(self, command: Any, by: Any) -> None:
        after = self.story.when(command, by=by)
        if not isinstance(after.last, Refusal):
            self.story = after

    def _count(self, before: Story) -> None:
        if self.story.case is before.case:
            return
        for event in self.story.journal[-1].events:
            if isinstance(event, e.Reminded) and event.clock in before.case.clocks:
                due = before.case.clocks[event.clock].due
                for rung in event.rungs:
                    self.rung[event.clock, due, rung] += 1
                    assert self.rung[event.clock, due, rung] == 1

    def _complete(self) -> None:
        """No rung is missed: what has come is recorded, but for what still waits its half hour."""
        rules = self.story.rules
        for name, clock in self.story.case.clocks.items():
            rule = rules.policy.rule(name)
            limit = rule.limit_for(self.story.case.kind) if rule else None
            if rule is None or limit is None or clock.paused or clock.decided or rule.within:
                continue
            come = self.story.now - rules.policy.spread
            deadline = due(clock.since, limit, rules.calendar)
            if clock.stood:  # a share of a limit that was moved is one of the time there is
                deadline = deadline_of(name, clock, self.story.case, rules)
            rungs = rule.ladder.due_rungs(deadline, (), come, rules.calendar).rungs
            assert clock.fired >= len(rungs), (name, clock)
            assert clock.late == (self.story.now >= clock.due) or rule.at_due == "close"


WAITS = st.sampled_from([0, 1, 59, 61, 1_799, 3_600, 43_200, 86_399, 3 * 86_400 + 1, 9 * 86_400])
STEPS = st.lists(
    st.tuples(WAITS, st.sampled_from(["tick", "tick", "alarm", "message", "urge", "contact"])),
    min_size=1,
    max_size=12,
)


@FEW
@whatever(
    past=st.sampled_from(sorted(PASTS)), number=NUMBERS, steps=STEPS, minutes=st.integers(0, 360)
)
def test_each_rung_is_recorded_once_whatever_comes_when(
    past: str, number: str, steps: list[tuple[int, str]], minutes: int
) -> None:
    lived = Lived(PASTS[past], under(spread=minutes * MINUTE), number)
    for wait, what in steps:
        lived.story = replace(lived.story, now=lived.story.now + timedelta(seconds=wait))
        match what:
            case "tick":
                lived.tick()
            case "alarm":
                lived.story = replace(
                    lived.story, now=max(lived.story.now, lived.story.case.next_due or START)
                )
                lived.tick()
            case "message":
                lived.somebody(SendMessage(text="还没有消息"), CITIZEN)
            case "urge":
                lived.somebody(Urge(), CITIZEN)
            case _:
                lived.somebody(RecordContact(how="phone", result="reached"), LI)
    lived.tick()


MOVES = st.sampled_from([None, "close", "resume", "break", "district"])


@FEW
@whatever(
    past=st.sampled_from(sorted(PASTS)),
    number=NUMBERS,
    moves=st.lists(MOVES, min_size=len(RULES.policy.clocks), max_size=len(RULES.policy.clocks)),
    days=st.floats(0, 200),
)
def test_whatever_a_policy_does_by_itself_a_tick_leaves_nothing_due(
    past: str, number: str, moves: list[Any], days: float
) -> None:
    """Several clocks that each move the case may come due in one tick."""
    clocks = {
        name: replace(rule, at_due=move)
        for (name, rule), move in zip(RULES.policy.clocks.items(), moves, strict=True)
    }
    rules = under(clocks=clocks, spread=HALF_HOUR)
    story = given(*PASTS[past], rules=rules, number=number)

    after = at(story, story.now + timedelta(seconds=int(days * 86_400)))

    left = after.case.next_due
    assert left is None or after.now < left <= after.now + max(HEARTBEAT, 60 * DAY)
    assert after.when(Tick(), by=MACHINE).last == ()
    assert_one_story(after.journal)


def assert_one_story(journal: Iterable[Commit]) -> None:
    """In one run of a clock nothing is overdue twice; of a closed case runs what is beside it."""
    happened = [event for commit in journal for event in commit.events]
    overdue = Counter(event.clock for event in happened if isinstance(event, e.Overdue))
    assert set(overdue.values()) <= {1}
    kinds = [type(event) for event in happened]
    ended = kinds.index(e.Closed) if e.Closed in kinds else len(kinds)
    for event in happened[ended:]:
        if isinstance(event, e.Reminded):
            rule = RULES.policy.rule(event.clock)
            assert rule is not None
            assert rule.beside
