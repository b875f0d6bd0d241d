"""Which clocks an event starts and stops, and what a tick finds due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from casework.cases.evolve import evolve_all
from casework.cases.rules import Rules
from casework.cases.state import HEARTBEAT, PROMISES, Case, Clock
from schemas import events as e
from schemas.events import Actor, ClockSet, Event

if TYPE_CHECKING:
    from casework.clock.limits import Deadline
    from casework.clock.policy import ClockRule

_LEAST = timedelta(seconds=1)
_C = TypeVar("_C")


def with_clocks(
    case: Case | None,
    happened: Sequence[Event],
    number: str,
    by: Actor,
    rules: Rules,
    now: datetime,
) -> list[Event]:
    """The events, and one more that says which clocks they started and stopped."""
    after = evolve_all(case, happened, number, by, now)
    running = dict(case.clocks) if case else {}
    types = [event.type for event in happened]
    started: dict[str, ClockSet] = {}
    runs: set[str] = set()
    for rule in _widest_first(rules) if after.is_open else ():
        if rule.delegated and after.delegator is None:
            continue
        moved = _outer(rule, started)
        since = _since(rule, types, running.get(rule.name), now, moved is not None)
        deadline = since and rules.policy.deadline(rule.name, after.kind, since, rules.calendar)
        if deadline:
            runs.add(rule.name)
            if outer := moved or _outer(rule, running):
                deadline = _no_later(deadline, outer.due, rules)
            if not _same(running.get(rule.name), deadline):
                started[rule.name] = _clock_set(rule, deadline, rules, now)
    stopped = [name for name in running if name not in runs and _stops(name, types, after, rules)]
    if not started and not stopped:
        return list(happened)
    return [*happened, e.ClocksChanged(started=started, stopped=tuple(stopped))]


def _widest_first(rules: Rules) -> list[ClockRule]:
    """Clocks that others stay within come before those."""
    return sorted(rules.policy.clocks.values(), key=lambda rule: rule.within is not None)


def _outer(rule: ClockRule, clocks: Mapping[str, _C]) -> _C | None:
    """The clock among these within which this one stays.

    In a second handling its own limit is what the citizen was promised.
    """
    if rule.within is None:
        return None
    around = PROMISES if rule.within in PROMISES else (rule.within,)
    return next((clocks[name] for name in around if name in clocks), None)


def _no_later(deadline: Deadline, at: datetime, rules: Rules) -> Deadline:
    if deadline.at <= at:
        return deadline
    return replace(deadline, at=at, on=rules.calendar.local(at - datetime.resolution))


def _since(
    rule: ClockRule, types: Sequence[str], running: Clock | None, now: datetime, moved: bool
) -> datetime | None:
    """From when a clock that these events set counts; None where they set none going.

    `moved`: they have set the clock around this one, so that it is counted anew.
    """
    since: datetime | None = None
    runs = running is not None
    for kind in types:
        if kind in rule.stops_on:
            since, runs = None, False
        elif kind in rule.restarts_on or (kind in rule.starts_on and not runs):
            since, runs = now, True
        elif kind in rule.recounts_on and runs:
            since = since or (running.since if running else now)
    if moved and running and runs:
        since = since or running.since
    return since


def _same(running: Clock | None, deadline: Deadline) -> bool:
    """Whether a recount leaves the clock as it is: then what has fired has fired."""
    return running is not None and (running.since, running.due) == (deadline.start, deadline.at)


def _stops(name: str, types: Sequence[str], after: Case, rules: Rules) -> bool:
    rule = rules.policy.clocks.get(name)
    if rule is None or rule.limit_for(after.kind) is None or not after.is_open:
        return True
    if rule.delegated and after.delegator is None:
        return True
    return any(kind in rule.stops_on for kind in types)


def _clock_set(rule: ClockRule, deadline: Deadline, rules: Rules, now: datetime) -> ClockSet:
    first = rule.ladder.due_rungs(deadline, (), deadline.start, rules.calendar).next
    # A recount can put rungs into the past: the next tick then records them at once.
    upcoming = min(first or deadline.at, deadline.at)
    upcoming = max(upcoming, now + _LEAST)
    return ClockSet(since=deadline.start, due=deadline.at, next=_whole_second(upcoming))


def _whole_second(at: datetime) -> datetime:
    """The same or the next whole second: an alarm is stored to the second, and never rings early."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + _LEAST


def due_now(case: Case, rules: Rules, now: datetime) -> list[Event]:
    """What a tick at `now` records: every rung reached, every due time passed, each once."""
    happened: list[Event] = []
    for name, clock in case.clocks.items():
        rule = rules.policy.clocks.get(name)
        if rule is None or clock.next > now:
            continue
        deadline = rules.policy.deadline(name, case.kind, clock.since, rules.calendar)
        if deadline is None:
            continue
        deadline = _no_later(deadline, clock.due, rules)
        if now >= clock.due and not clock.late:
            happened.append(e.Overdue(clock=name))
        happened.append(_reminded(name, clock, rule, deadline, rules, now))
        if now >= clock.due and rule.closes:
            closed = e.Closed(how="no_answer" if case.state == "NEEDS_INFO" else "unrated")
            return [*happened, closed]
    if not happened and case.is_open and case.next_due is not None and case.next_due <= now:
        return [e.Checked()]
    return happened


def _reminded(
    name: str, clock: Clock, rule: ClockRule, deadline: Deadline, rules: Rules, now: datetime
) -> e.Reminded:
    found = rule.ladder.due_rungs(deadline, range(clock.fired), now, rules.calendar)
    rungs = [rule.ladder.rungs[i] for i in found.rungs]
    cards = [rung.card for rung in rungs if rung.card]
    upcoming = found.next
    if now < clock.due and (upcoming is None or clock.due < upcoming):
        upcoming = clock.due
    return e.Reminded(
        clock=name,
        rungs=found.rungs,
        who=tuple(dict.fromkeys(role for rung in rungs for role in rung.who)),
        level=max((rung.level for rung in rungs), default=0),
        card=cards[-1] if cards else None,
        next=_whole_second(upcoming or now + HEARTBEAT),
    )
