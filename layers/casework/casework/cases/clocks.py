"""Which clocks an event starts, moves, pauses and stops, and what a tick finds due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from casework.cases.access import line_of
from casework.cases.evolve import evolve_all
from casework.cases.parts import Clock
from casework.cases.rules import Rules
from casework.cases.spreading import spread
from casework.cases.state import PROMISES, Case
from schemas import events as e
from schemas.events import Actor, ClockSet, Event

if TYPE_CHECKING:
    from casework.clock.limits import Deadline, Limit
    from casework.clock.policy import ClockRule

LEAST = timedelta(seconds=1)


def with_clocks(
    case: Case | None,
    happened: Sequence[Event],
    number: str,
    by: Actor,
    rules: Rules,
    now: datetime,
) -> list[Event]:
    """The events, and one more that says which clocks they started, paused and stopped."""
    after = evolve_all(case, happened, number, by, now)
    rules = rules.of(after)
    running = dict(case.clocks) if case else {}
    runs = [each for rule in _widest_first(rules) for each in _running(rule, after, rules)]
    started: dict[str, ClockSet] = {}
    paused: list[str] = []
    for clock in runs:
        present = running.get(clock.name)
        events = [event for event in happened if clock.concerned(event)]
        if present and present.paused is None and _has(events, clock.rule.pauses_on):
            paused.append(clock.name)
            continue
        moved = _outer(clock.rule, started)
        found = _found(clock, present, events, after, rules, now, moved=moved is not None)
        if found is None:
            continue
        outer = moved or _outer(clock.rule, running)
        if outer:
            found = found.no_later(outer.due)
        if present is None or found.differs(present):
            started[clock.name] = found.set(clock.rule, number, rules, now)
    kept = {clock.name for clock in runs if not clock.stopped(happened)} | started.keys()
    stopped = tuple(name for name in running if name not in kept)
    if not (started or stopped or paused):
        return list(happened)
    return [*happened, e.ClocksChanged(started=started, stopped=stopped, paused=tuple(paused))]


@dataclass(frozen=True)
class _Running:
    """A clock that may run: a rule, and for which of what is under way."""

    rule: ClockRule
    key: str

    @property
    def name(self) -> str:
        return f"{self.rule.name}:{self.key}" if self.key else self.rule.name

    def concerned(self, event: Event) -> bool:
        """Whether the event is about this one, or names none."""
        named = getattr(event, self.rule.per, None) if self.rule.per else None
        return named in (None, self.key)

    def stopped(self, happened: Iterable[Event]) -> bool:
        stops = False
        for event in happened:
            if self.concerned(event):
                stops = event.type in self.rule.stops_on or (stops and not _starts(self, event))
        return stops


def _starts(clock: _Running, event: Event) -> bool:
    return event.type in clock.rule.starts_on | clock.rule.restarts_on


@dataclass(frozen=True)
class _Found:
    """From when a clock counts and when it is due; what of its ladder stays reached."""

    deadline: Deadline
    fired: int = 0
    decided: bool = False
    resumed: bool = False

    def no_later(self, at: datetime) -> _Found:
        if self.deadline.at <= at:
            return self
        return replace(self, deadline=replace(self.deadline, at=at))

    def differs(self, present: Clock) -> bool:
        """A recount that leaves a clock as it is changes nothing: what has fired has fired."""
        return (
            self.resumed
            or (present.since, present.due) != (self.deadline.start, self.deadline.at)
            or present.decided != self.decided
        )

    def set(self, rule: ClockRule, number: str, rules: Rules, now: datetime) -> ClockSet:
        deadline = _whole(self.deadline, rules)
        found = rule.ladder.due_rungs(deadline, range(self.fired), deadline.start, rules.calendar)
        first = min(found.next or deadline.at, deadline.at)
        first = spread(first, self.fired + len(found.rungs), rule, deadline, number, rules)
        # A recount can put rungs into the past: the next tick then records them at once.
        upcoming = max(first, now + LEAST)
        return ClockSet(
            since=deadline.start,
            due=deadline.at,
            next=whole_second(upcoming),
            fired=self.fired,
            decided=self.decided,
        )


def _running(rule: ClockRule, after: Case, rules: Rules) -> Iterator[_Running]:
    if not (after.is_open or rule.beside) or not runs_for(rule, after, rules):
        return
    for key in sorted(after.under_way(rule.during)) if rule.during else ("",):
        yield _Running(rule, key)


def limit_of(rule: ClockRule, case: Case, rules: Rules) -> Limit | None:
    """The clock's limit for such a case; None: it has none."""
    return rule.limit_for(case.kind, line_of(case.category, rules), case.urgency)


def runs_for(rule: ClockRule, case: Case, rules: Rules) -> bool:
    """Whether there is such a clock for this kind of request and this line at all."""
    return limit_of(rule, case, rules) is not None or (bool(rule.dated_by) and not rule.limit)


def _widest_first(rules: Rules) -> list[ClockRule]:
    """Clocks that others stay within come before those."""
    return sorted(rules.policy.clocks.values(), key=lambda rule: rule.within is not None)


def _outer(rule: ClockRule, clocks: Mapping[str, Clock | ClockSet]) -> Clock | ClockSet | None:
    """The clock among these within which this one stays.

    In a second handling its own limit is what the citizen was promised.
    """
    if rule.within is None:
        return None
    around = PROMISES if rule.within in PROMISES else (rule.within,)
    found = (clocks[name] for name in around if name in clocks)
    return next((clock for clock in found if getattr(clock, "paused", None) is None), None)


def _found(
    clock: _Running,
    present: Clock | None,
    events: Sequence[Event],
    after: Case,
    rules: Rules,
    now: datetime,
    *,
    moved: bool,
) -> _Found | None:
    """How these events leave the clock; None where they leave it as it is, or set none going.

    `moved`: they have set the clock around this one, so that it is counted anew.
    """
    rule = clock.rule
    since, recounted = _since(rule, events, present, now)
    dated = _dated(rule, events)
    if since is None:
        return None
    limit = limit_of(rule, after, rules)
    going = present if present and present.since == since else None
    if going and going.paused is not None:
        if not _has(events, rule.resumes_on):
            return None
        due = _after_pause(going, going.paused, rule, after, rules, now)
        return _Found(_deadline(since, due, rules), going.fired, decided=True, resumed=True)
    if dated is not None:
        fired = _before_due(rule, going.fired) if going else 0
        return _Found(_deadline(since, dated, rules), fired, decided=True)
    if going and (going.decided or not (recounted or moved)):
        return None
    if limit is None:
        return None
    from casework.clock.limits import due as due_of

    deadline = due_of(since, limit, rules.calendar)
    if going is None:
        return _Found(deadline)
    # Nobody is reminded twice: what has fired stays so, but for what a later due time takes back.
    later = deadline.at > going.due
    return _Found(deadline, _before_due(rule, going.fired) if later else going.fired)


def _since(
    rule: ClockRule, events: Iterable[Event], present: Clock | None, now: datetime
) -> tuple[datetime | None, bool]:
    """From when the clock counts after these events, and whether it is to be counted anew."""
    since = present.since if present else None
    recounted = False
    for event in events:
        if event.type in rule.stops_on:
            since = None
        if event.type in rule.restarts_on or (event.type in rule.starts_on and since is None):
            since, recounted = now, True
        elif since is not None and event.type in (*rule.recounts_on, "rules-changed"):
            recounted = True
    return since, recounted


def _dated(rule: ClockRule, events: Iterable[Event]) -> datetime | None:
    """The due time that one of these events says."""
    said = [getattr(event, "until", None) for event in events if event.type in rule.dated_by]
    return next((at for at in reversed(said) if at is not None), None)


def _has(events: Iterable[Event], kinds: frozenset[str]) -> bool:
    return any(event.type in kinds for event in events)


def _after_pause(
    clock: Clock, paused: datetime, rule: ClockRule, case: Case, rules: Rules, now: datetime
) -> datetime:
    """The due time moved by the pause, as the limit counts; one without a limit by the clock."""
    from casework.clock.limits import after_pause

    limit = limit_of(rule, case, rules)
    if limit is None:
        return clock.due + (now - paused)
    return after_pause(clock.due, limit, paused, now, rules.calendar)


def _before_due(rule: ClockRule, fired: int) -> int:
    """How many of the rungs reached stay so when the due time moves: the reminders before it."""
    return sum(rung.point.before_due for rung in rule.ladder.rungs[:fired])


def _deadline(since: datetime, at: datetime, rules: Rules) -> Deadline:
    """A deadline that was decided: shares of it are counted in natural time."""
    from casework.clock.limits import Deadline, Limit, Unit

    at = max(at, since + LEAST)
    days = max(1, (at - since).days)
    on = rules.calendar.local(at - datetime.resolution)
    return Deadline(Limit(min(days, 9999), Unit.DAYS), since, at, on, provisional=False)


def _whole(deadline: Deadline, rules: Rules) -> Deadline:
    return replace(deadline, on=rules.calendar.local(deadline.at - datetime.resolution))


def whole_second(at: datetime) -> datetime:
    """The same or the next whole second: an alarm is stored to the second, and never rings early."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + LEAST


def deadline_of(name: str, clock: Clock, case: Case, rules: Rules) -> Deadline:
    """The deadline by which a running clock's ladder is climbed."""
    from casework.clock.limits import due

    rule = rules.policy.rule(name)
    limit = limit_of(rule, case, rules) if rule else None
    if clock.decided or limit is None:
        return _deadline(clock.since, clock.due, rules)
    deadline = due(clock.since, limit, rules.calendar)
    return _whole(replace(deadline, at=min(deadline.at, clock.due)), rules)
