"""Whatever comes when: ticks, extensions, corrections, pauses, new rules, each repeated at will.

Each rung of a ladder is recorded at most once for a due time, none is left out, and an extension
never brings a date nearer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, settings
from hypothesis import given as whatever
from hypothesis import strategies as st

from casework.cases.clocks import LEAST, deadline_of
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.commands import Command
from tests.cases.telling import (
    ASSIGNED,
    DISPATCHER,
    HANDLING,
    LI,
    MACHINE,
    SUPERVISOR,
    Story,
    booked,
    given,
    on,
    with_days_off,
    with_days_worked,
)

CITY = booked(c0203="12345-flat5")
OTHER_DAYS = (
    CITY,
    with_days_off("2026-10-08", "2026-10-09", rules=CITY),
    with_days_worked("2026-10-06", "2026-10-07", rules=CITY),
)
MINUTE = timedelta(minutes=1)
Rung = tuple[str, datetime, datetime, str, int]
"""Of a clock, in one run of it, to one due time, on one ladder."""


def ladder_of(clock: str, rules: Rules) -> str:
    rule = rules.policy.rule(clock)
    assert rule is not None
    return "/".join(f"{rung.at} {rung.do}" for rung in rule.ladder.rungs)


@dataclass
class Lived:
    """A case as it lives, and what of its ladders has been recorded."""

    story: Story
    rungs: Counter[Rung] = field(default_factory=Counter)
    overdue: Counter[tuple[str, datetime, datetime]] = field(default_factory=Counter)

    def do(self, command: Command, by: Any) -> None:
        before = self.story
        self.story = before.when(command, by=by)
        if isinstance(self.story.last, Refusal) or self.story.case is before.case:
            return
        case: Case = before.case
        for event in self.story.journal[-1].events:
            self._count(case, event)
            case = evolve_all(case, (event,), case.number, by.actor, self.story.now)

    def _count(self, case: Case, event: e.Event) -> None:
        if not isinstance(event, e.Reminded | e.Overdue):
            return
        clock = case.clocks[event.clock]
        run = (event.clock, clock.since, clock.due)
        if isinstance(event, e.Overdue):
            self.overdue[run] += 1
            return
        ladder = ladder_of(event.clock, self.story.rules.of(case))
        self.rungs.update((*run, ladder, rung) for rung in event.rungs)

    def nothing_twice(self) -> None:
        assert set(self.rungs.values()) <= {1}, self.rungs.most_common(1)
        assert set(self.overdue.values()) <= {1}, self.overdue.most_common(1)

    def nothing_left_out(self) -> None:
        """After a tick every rung of a level has come that the present dates call for."""
        case, now = self.story.case, self.story.now
        rules = self.story.rules.of(case)
        for name, clock in case.clocks.items():
            rule = rules.policy.rule(name)
            assert rule is not None
            if clock.paused is not None:
                continue
            deadline = deadline_of(name, clock, case, rules)
            come = rule.ladder.due_rungs(deadline, (), now, rules.calendar).rungs
            level = max((rule.ladder.rungs[rung].level for rung in come), default=0)
            assert clock.level >= level, (name, clock)
            assert clock.late == (clock.due <= now), (name, clock)
            assert clock.next > now


WAITS = st.sampled_from([0, 1, 30, 61, 12 * 60, 24 * 60, 3 * 24 * 60, 9 * 24 * 60])
DOINGS: dict[str, tuple[Command, Any]] = {
    "tick": (c.Tick(), MACHINE),
    "recount": (c.Recount(), MACHINE),
    "grant": (c.DecideExtension(approve=True), SUPERVISOR),
    "pause": (c.DecideSuspension(approve=True), SUPERVISOR),
    "go on": (c.LiftSuspension(text="复工。"), LI),
    "claim": (c.Claim(), LI),
    "contact": (c.RecordContact(how="phone", result="reached"), LI),
    **{
        f"call it {urgency}": (c.Reclassify(urgency=urgency), DISPATCHER)
        for urgency in ("life_and_safety", "utilities", "ordinary")
    },
    **{
        f"make it {kind}": (c.Reclassify(kind=kind), DISPATCHER)
        for kind in ("enquiry", "help", "complaint")
    },
    **{
        f"move it to {category}": (c.Reclassify(category=category), DISPATCHER)
        for category in ("0203", "0204")
    },
}
ASKS = {"grant": "ask-extension", "pause": "ask-suspension"}
STEPS = st.lists(st.sampled_from(list(DOINGS)), min_size=1, max_size=4, unique=True).flatmap(
    lambda few: st.lists(
        st.tuples(WAITS, st.sampled_from([*few, "tick", "tick"]), st.integers(0, 2)),
        min_size=4,
        max_size=20,
    )
)
"""A few doings, again and again: what comes once in a while meets itself seldom."""


def asked(what: str, story: Story) -> Command:
    """More time, or a pause, in reach of what the policy grants."""
    if what == "grant":
        resolve = story.case.clocks.get("resolve")
        day = ((resolve.due if resolve else story.now) + timedelta(days=5)).date()
        return c.AskExtension(reason="complex", until=day, text="需要检测。")
    day = (story.now + timedelta(days=20)).date()
    return c.AskSuspension(reason="season", until=day, text="入冬停工。")


LIFE, CALM = "call it life_and_safety", "call it ordinary"
TO_AND_FRO = [
    *((0, LIFE, 0), (720, "tick", 0)),
    *((0, CALM, 0), (12960, "tick", 0)),
    *((0, LIFE, 0), (0, "tick", 0)),
]
FROM_ONE_LADDER_TO_ANOTHER = [(23 * 24 * 60, "tick", 0), (0, LIFE, 0), (1, "tick", 0)]


@settings(max_examples=200, deadline=None)
@example(past=ASSIGNED, steps=TO_AND_FRO)
@example(past=HANDLING, steps=FROM_ONE_LADDER_TO_ANOTHER)
@whatever(past=st.sampled_from([ASSIGNED, HANDLING]), steps=STEPS)
def test_each_rung_comes_once_and_none_is_left_out_in_any_order(
    past: Any, steps: list[tuple[int, str, int]]
) -> None:
    lived = Lived(given(*past, rules=CITY))
    for minutes, what, days in steps:
        lived.story = replace(lived.story, now=lived.story.now + minutes * MINUTE)
        if what == "recount":
            lived.story = replace(lived.story, rules=OTHER_DAYS[days])
        if what in ASKS:
            lived.do(asked(what, lived.story), LI)
        lived.do(*DOINGS[what])
        if what == "tick":
            # What was moved into the past in this very second is looked at in the next.
            lived.story = replace(lived.story, now=lived.story.now + LEAST)
            lived.do(*DOINGS["tick"])
            lived.nothing_left_out()
        lived.nothing_twice()
        assert lived.story.case.next_due is not None


@settings(max_examples=150, deadline=None)
@whatever(
    hours=st.integers(0, 27 * 24),
    days=st.integers(1, 60),
    wait=st.integers(0, 72),
    rules=st.sampled_from(OTHER_DAYS),
)
def test_an_extension_never_brings_a_date_nearer(
    hours: int, days: int, wait: int, rules: Rules
) -> None:
    """Whenever it is asked and decided, and whatever the calendar has become meanwhile."""
    story = given(*HANDLING, rules=CITY)
    story = replace(story, now=story.now + timedelta(hours=hours)).when(c.Tick(), by=MACHINE)
    was = story.clock("resolve").due
    until = (was + timedelta(days=days)).date()
    asked = story.when(c.AskExtension(reason="complex", until=until, text="需要检测。"), by=LI)
    later = replace(asked, rules=rules, now=asked.now + timedelta(hours=wait))
    granted = later.when(c.DecideExtension(approve=True), by=SUPERVISOR)

    if isinstance(granted.last, Refusal):
        assert granted.case.clocks == later.case.clocks
    else:
        assert granted.clock("resolve").due > was
    recounted = granted.when(c.Recount(), by=MACHINE)
    if granted.clock("resolve").decided:
        assert recounted.clock("resolve").due == granted.clock("resolve").due


def test_a_case_that_is_called_urgent_and_not_by_turns_is_counted_here() -> None:
    """The check of this file sees what it should: a rung that is recorded again."""
    lived = Lived(given(*HANDLING, rules=CITY))
    lived.story = replace(lived.story, now=on("2026-10-17 09:00"))
    lived.do(*DOINGS["tick"])
    rungs = dict(lived.rungs)
    assert rungs
    lived.rungs.update(rungs)
    with pytest.raises(AssertionError):
        lived.nothing_twice()
