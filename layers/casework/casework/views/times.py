"""Times as people read them, and deadlines with their working."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from casework.cases.rules import Rules
from casework.cases.state import Case, Clock
from casework.views.names import clock_name
from casework.words import Language, pick
from schemas.views import Deadline, SkippedDay, Working

if TYPE_CHECKING:
    from casework.clock.calendar import Calendar
    from casework.clock.limits import Limit


def local(at: datetime, calendar: Calendar) -> str:
    """ISO 8601 in the city's zone: `2026-11-23T13:16:51+08:00`."""
    return calendar.wall(at).isoformat(timespec="seconds")


def deadlines(
    case: Case, rules: Rules, language: Language, now: datetime, *, owners: frozenset[str]
) -> list[Deadline]:
    """The running clocks, nearest first, of those that must act in the ways of `owners`."""
    shown = []
    for name, clock in sorted(case.clocks.items(), key=lambda pair: pair[1].due):
        rule = rules.policy.clocks.get(name)
        limit = rule.limit_for(case.kind) if rule else None
        if rule and limit and (rule.owner in owners or name == "resolve"):
            shown.append(_deadline(name, clock, limit, rules.calendar, language, now))
    return shown


def _deadline(
    name: str, clock: Clock, limit: Limit, calendar: Calendar, language: Language, now: datetime
) -> Deadline:
    from casework.clock.limits import working

    worked = working(clock.since, limit, calendar)
    # A level's time is cut where the citizen's promise ends, and its working with it.
    last = calendar.local(clock.due - datetime.resolution)
    return Deadline(
        clock=name,
        name=clock_name(name, language),
        limit=str(limit),
        since=local(clock.since, calendar),
        due_at=local(clock.due, calendar),
        due_on=last.isoformat(),
        provisional=worked.deadline.provisional,
        late=now >= clock.due,
        working=Working(
            counted=[day.on.isoformat() for day in worked.counted if day.on <= last],
            skipped=[
                SkippedDay(
                    date=day.on.isoformat(), reason=pick(day.note, language) if day.note else ""
                )
                for day in worked.skipped
                if day.on <= last
            ],
        ),
    )
