"""Times as people read them, and deadlines with their working."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from casework.cases.clocks import limit_of, office_of
from casework.cases.parts import Clock
from casework.cases.rules import Rules
from casework.cases.state import PROMISES, Case
from casework.views.names import clock_name
from casework.words import Language, pick
from schemas.views import Deadline, SkippedDay, Working

if TYPE_CHECKING:
    from casework.clock.calendar import Calendar
    from casework.clock.limits import Limit
    from casework.clock.office import Office
    from casework.clock.words import Words

ON_HOLD = "暂缓办理（含恢复当日）", "on hold, the day it went on included"


def local(at: datetime, calendar: Calendar) -> str:
    """ISO 8601 in the city's zone: `2026-11-23T13:16:51+08:00`."""
    return calendar.wall(at).isoformat(timespec="seconds")


def deadlines(
    case: Case, rules: Rules, language: Language, now: datetime, *, owners: frozenset[str]
) -> list[Deadline]:
    """The running clocks, nearest first, of those that must act in the ways of `owners`."""
    shown = []
    rules = rules.of(case)
    for name, clock in sorted(case.clocks.items(), key=lambda pair: pair[1].due):
        rule = rules.policy.rule(name)
        limit = limit_of(rule, case, rules) if rule else None
        if rule is None or not (limit or clock.decided):
            continue
        if rule.owner in owners or name in PROMISES:
            office = office_of(name, case, rules)
            shown.append(_deadline(name, clock, limit, office, rules, language, now))
    return shown


def _deadline(
    name: str,
    clock: Clock,
    limit: Limit | None,
    office: Office,
    rules: Rules,
    language: Language,
    now: datetime,
) -> Deadline:
    """A level's time is cut where the citizen's promise ends, a decided one reaches to its own date;
    and the working with it."""
    last = rules.calendar.local(clock.due - datetime.resolution)
    days = _days(clock, limit, office, rules.calendar, last)
    return Deadline(
        clock=name,
        name=clock_name(name, rules, language),
        limit=str(limit) if limit else None,
        since=local(clock.since, rules.calendar),
        due_at=local(clock.due, rules.calendar),
        due_on=last.isoformat(),
        decided=clock.decided,
        paused_since=local(clock.paused, rules.calendar) if clock.paused else None,
        provisional=rules.calendar.provisional(last) if limit and limit.working else False,
        late=(clock.paused or now) >= clock.due,
        working=Working(
            counted=[on.isoformat() for on, note in days if note is None],
            skipped=[
                SkippedDay(date=on.isoformat(), reason=pick(note, language))
                for on, note in days
                if note is not None
            ],
        ),
    )


def _days(
    clock: Clock, limit: Limit | None, office: Office, calendar: Calendar, last: date
) -> list[tuple[date, Words | None]]:
    """Every day of a limit up to the last, with why it is not counted; none for hours and minutes.

    A limit in days does not count the day of its start; one in working hours does, if that day was
    worked any more.
    """
    if limit is None or not (limit.working or limit.in_days):
        return []
    first = calendar.local(clock.since)
    days = (first + timedelta(n) for n in range(limit.in_days, (last - first).days + 1))
    from casework.clock.limits import AFTER_HOURS
    from casework.clock.words import Words

    def why_not(on: date) -> Words | None:
        if limit.working and (off := calendar.reason(on)):
            return off
        if limit.in_days:
            held = any(
                calendar.local(pause.since) < on <= calendar.local(pause.until)
                for pause in clock.stood
            )
            return Words(*ON_HOLD) if held else None
        worked = office.on(on, clock.since, clock.due, calendar)
        stood = (office.on(on, pause.since, pause.until, calendar) for pause in clock.stood)
        if not worked:
            return AFTER_HOURS
        return Words(*ON_HOLD) if worked <= sum(stood, timedelta(0)) else None

    return [(on, why_not(on)) for on in days]
