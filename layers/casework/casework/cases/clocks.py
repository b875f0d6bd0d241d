"""Which clocks an event starts, moves, pauses and stops, and what a tick finds due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from casework.cases.access import line_of
from casework.cases.evolve import evolve_all
from casework.cases.parts import Clock, Stood
from casework.cases.rules import Rules
from casework.cases.spreading import spread
from casework.cases.state import HEARTBEAT, PROMISES, Case
from schemas import events as e
from schemas.events import Actor, ClockSet, Event

if TYPE_CHECKING:
    from casework.clock.limits import Deadline, Limit
    from casework.clock.office import Office
    from casework.clock.policy import ClockRule

LEAST = timedelta(seconds=1)


def with_clocks(
    case: Case | None,
    happened: Sequence[Event],
    number: str,
    by: Actor,
    rules: Rules,
    now: datetime,
    *,
    again: bool = False,
) -> list[Event]:
    """The events, and one more that says which clocks they started, paused and stopped.

    `again`: whoever asks looks at once at what is due then; a next rung may lie in the past.
    """
    after = evolve_all(case, happened, number, by, now)
    before, rules = rules.of(case).policy if case else None, rules.of(after)
    running = dict(case.clocks) if case else {}
    # Another policy counts otherwise, and another unit by its own office hours.
    other_rules = before is not rules.policy or (case is not None and case.unit != after.unit)
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
        anew = moved is not None or other_rules
        found = _found(clock, present, events, after, rules, now, anew=anew)
        if found is None:
            continue
        outer = moved or _outer(clock.rule, running)
        if outer and outer.due > found.deadline.start:  # what had passed by then bounds nothing
            found = found.no_later(outer.due, rules)
        known = before.rule(clock.name) if before else None
        earliest = found.deadline.start if again else now + LEAST
        start = found.set(clock.rule, known or clock.rule, number, rules, now, earliest)
        if present is None or found.resumed or _differs(start, present):
            started[clock.name] = start
    kept = {clock.name for clock in runs if not clock.stopped(happened)} | started.keys()
    stopped = tuple(name for name in running if name not in kept)
    if not (started or stopped or paused):
        return list(happened)
    as_of = next((event.as_of for event in happened if isinstance(event, e.Resumed)), None)
    changed = e.ClocksChanged(started=started, stopped=stopped, paused=tuple(paused), as_of=as_of)
    return [*happened, changed]


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
    """From when a clock counts and when it is due; `going`: it has run since then already."""

    deadline: Deadline
    going: Clock | None = None
    decided: bool = False
    resumed: bool = False

    def no_later(self, at: datetime, rules: Rules) -> _Found:
        if self.deadline.at <= at:
            return self
        return replace(self, deadline=_cut(self.deadline, at, rules))

    def set(
        self,
        rule: ClockRule,
        before: ClockRule,
        number: str,
        rules: Rules,
        now: datetime,
        earliest: datetime,
    ) -> ClockSet:
        """What is set going by a rule; `before` is the one that it has run by until now."""
        deadline = _whole(self.deadline, rules)
        late, fired, level = self._reached(rule, before, now)
        found = rule.ladder.due_rungs(deadline, range(fired), deadline.start, rules.calendar)
        first = deadline.start if found.rungs else found.next
        if late:
            first = first or now + HEARTBEAT
        else:
            first = min(first or deadline.at, deadline.at)
            first = spread(first, fired + len(found.rungs), rule, deadline, number, rules)
        # A recount can put rungs into the past: the next tick then records them at once.
        return ClockSet(
            since=deadline.start,
            due=deadline.at,
            next=whole_second(max(first, earliest)),
            fired=fired,
            decided=self.decided,
            late=late,
            level=level,
        )

    def _reached(self, rule: ClockRule, before: ClockRule, now: datetime) -> tuple[bool, int, int]:
        """(late, rungs fired, level): nobody is reminded twice, and what has fired stays so, but for
        what a due time takes back that lies ahead again."""
        if self.going is None:
            return False, 0, 0
        ladder, fired = rule.ladder, self.going.fired
        level = self.going.level_at(self.deadline.at, now)
        if level is not None:
            # A due time that comes back had told what there is to tell by then.
            return True, ladder.climbed(fired, level, late=not self.going.late), level
        fired = min(before.ladder.reminders(fired), ladder.reminders(len(ladder.rungs)))
        return False, fired, max((rung.level for rung in ladder.rungs[:fired]), default=0)


def _differs(start: ClockSet, present: Clock) -> bool:
    """Whether a clock that is counted anew comes out otherwise; what merely rings later does not."""
    return start.next < present.next or any(
        getattr(start, name) != getattr(present, name)
        for name in ("since", "due", "fired", "decided", "late", "level")
    )


def _running(rule: ClockRule, after: Case, rules: Rules) -> Iterator[_Running]:
    if not (after.is_open or rule.beside):
        return
    keys = sorted(after.under_way(rule.during)) if rule.during else [""]
    if keys and runs_for(rule, after, rules):
        yield from (_Running(rule, key) for key in keys)


def limit_of(rule: ClockRule, case: Case, rules: Rules) -> Limit | None:
    """The clock's limit for such a case; None: it has none."""
    return rule.limit_for(case.kind, line_of(case.category, rules), case.urgency)


def acting_unit(clock: str, case: Case, rules: Rules) -> str | None:
    """The unit that has to act while a clock (by its full name) runs; None: the city's own desk."""
    rule, key = rules.policy.rule(clock), clock.partition(":")[2]
    if rule is not None and rule.owner == "hotline":
        # What a level above has delegated, it decides on itself.
        unit = case.delegator if rule.name == "return" else None
    elif order := case.order(key):
        unit = order.unit
    else:
        unit = key or case.unit
    return unit if unit in rules.city.units else None


def office_of(clock: str, case: Case, rules: Rules) -> Office:
    """The office hours by which a clock counts: of who has to act. What the citizen is promised, or
    has to do, counts by the city's, whoever has the case."""
    rule = rules.policy.rule(clock)
    citizens = clock in PROMISES or (rule is not None and rule.owner == "citizen")
    office = rules.city.office(None if citizens else acting_unit(clock, case, rules))
    return office.ending_at_close if rules.policy.at_close else office


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
    anew: bool,
) -> _Found | None:
    """How these events leave the clock; None where they leave it as it is, or set none going.

    `anew`: they have set the clock around this one, or put the case under another policy or unit.
    """
    rule = clock.rule
    since, recounted = _since(rule, events, present, now)
    dated = _dated(rule, events)
    if since is None:
        return None
    limit, office = limit_of(rule, after, rules), office_of(clock.name, after, rules)
    going = present if present and present.since == since else None
    if going and going.paused is not None:
        if not _has(events, rule.resumes_on):
            return None
        last = Stood(since=going.paused, until=_resumed(events, now))
        if limit is None or going.decided:
            due = _after_pause(going.due, limit, last, office, rules)
            return _Found(_deadline(since, due, office, rules), going, decided=True, resumed=True)
        stood = (*going.stood, last)
        return _Found(_counted(since, limit, stood, office, rules), going, resumed=True)
    if dated is not None:
        return _Found(_deadline(since, dated, office, rules), going, decided=True)
    if going and (going.decided or not (recounted or anew)):
        return None
    if limit is None:
        return None
    stood = going.stood if going else ()
    return _Found(_counted(since, limit, stood, office, rules), going)


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
            since, recounted = _resumed([event], now), True
        elif since is not None and event.type in (*rule.recounts_on, "rules-changed"):
            recounted = True
    return since, recounted


def _dated(rule: ClockRule, events: Iterable[Event]) -> datetime | None:
    """The due time that one of these events says."""
    said = [getattr(event, "until", None) for event in events if event.type in rule.dated_by]
    return next((at for at in reversed(said) if at is not None), None)


def _resumed(events: Iterable[Event], now: datetime) -> datetime:
    """When these events happened: a review date that has passed is the end of the pause, whenever
    somebody looks."""
    said = (event.as_of for event in events if isinstance(event, e.Resumed))
    return next((at for at in said if at is not None), now)


def _has(events: Iterable[Event], kinds: frozenset[str]) -> bool:
    return any(event.type in kinds for event in events)


def _counted(
    since: datetime, limit: Limit, stood: Iterable[Stood], office: Office, rules: Rules
) -> Deadline:
    """The deadline of a limit, moved by the times in which it stood still."""
    from casework.clock.limits import due

    deadline = due(since, limit, rules.calendar, office)
    at = deadline.at
    for pause in stood:
        at = _after_pause(at, limit, pause, office, rules)
    return deadline if at == deadline.at else _cut(deadline, at, rules)


def _after_pause(
    due: datetime, limit: Limit | None, pause: Stood, office: Office, rules: Rules
) -> datetime:
    """A due time moved by a pause as the limit counts; one without a limit by the clock.

    What had passed before the pause has passed when it is over: sitting on a case gains nothing.
    """
    from casework.clock.limits import after_pause

    if limit is None:
        return due + (pause.until - pause.since)
    moved = after_pause(due, limit, pause.since, pause.until, rules.calendar, office)
    return moved if pause.since < due else min(moved, pause.until)


def _deadline(since: datetime, at: datetime, office: Office, rules: Rules) -> Deadline:
    """A deadline that was decided: shares of it are counted in natural time."""
    from casework.clock.limits import Deadline, Limit, Unit

    at = max(at, since + LEAST)
    days = max(1, (at - since).days)
    on = rules.calendar.local(at - datetime.resolution)
    return Deadline(Limit(min(days, 9999), Unit.DAYS), since, at, on, False, office)


def _whole(deadline: Deadline, rules: Rules) -> Deadline:
    return replace(deadline, on=rules.calendar.local(deadline.at - datetime.resolution))


def whole_second(at: datetime) -> datetime:
    """The same or the next whole second: an alarm is stored to the second, and never rings early."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + LEAST


def deadline_of(name: str, clock: Clock, case: Case, rules: Rules) -> Deadline:
    """The deadline by which a running clock's ladder is climbed."""
    rule = rules.policy.rule(name)
    limit = limit_of(rule, case, rules) if rule else None
    office = office_of(name, case, rules)
    if clock.decided or limit is None:
        return _deadline(clock.since, clock.due, office, rules)
    deadline = _counted(clock.since, limit, clock.stood, office, rules)
    return deadline if deadline.at == clock.due else _cut(deadline, clock.due, rules)


def _cut(deadline: Deadline, at: datetime, rules: Rules) -> Deadline:
    """One that ends otherwise, as with the clock around it: shares are of the time there is."""
    return replace(_deadline(deadline.start, at, deadline.office, rules), at=at)
