"""When the people of the sample city do what `infra/city/cases.toml` says of each case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Any

from casework.clock.calendar import Calendar

Row = Mapping[str, Any]
"""One [[case]] of cases.toml."""

_HOURS = {  # after the step before it
    "file": 0.0,
    "request_info": 3.0,
    "info": 20.0,
    "decline": 22.0,
    "assign": 1.2,
    "claim": 2.5,
    "contact": 3.0,
    "message": 4.0,
    "response": 17.0,
    "note": 2.0,
    "urge": 40.0,
    "return": 20.0,
    "reply": 46.0,
    "review": 4.0,
    "second_review": 4.0,
    "rate": 26.0,
    "redo": 7.0,
    "claim_again": 5.0,
    "second_reply": 30.0,
    "second_rate": 20.0,
    "close": 18.0,
    "object": 25.0,
    "reopen": 70.0,
    "withdraw": 9.0,
}
_BY_CITIZENS = {
    "file", "info", "response", "urge", "rate", "second_rate", "object", "reopen", "withdraw",
}  # fmt: skip
_SETTLED_BY = {  # what stage a step brought about lately, and how long it may have been put off
    "return_asked": ("return", timedelta(days=3)),
    "reply_review": ("reply", timedelta(days=8)),
    "follow_up": ("rate", timedelta(days=13)),
    "redo": ("rate", timedelta(days=13)),
    "extended": ("then-1", timedelta(days=6)),
    "ordered": ("then-1", timedelta(days=26)),
    "objection": ("object", timedelta(days=4)),
    "reopened": ("reopen", timedelta(days=20)),
    "withdrawn": ("withdraw", timedelta(days=3)),
}
_LATEST = timedelta(minutes=25)
"""How long before now the last step of a case was, at the least."""
_AWAKE = time(7, 30), time(22, 0)
_AT_WORK = time(8, 40), time(17, 40)


_THEN = re.compile("then-([0-9]+)")
_USUALLY = 5.0
"""Hours after the step before it at which one of the [[case.then]] is taken, unless it says."""


@dataclass(frozen=True)
class Step:
    """One thing that somebody does with a case, and when."""

    at: datetime
    name: str


def plan(row: Row, place: int, now: datetime, calendar: Calendar) -> list[Step]:
    """The steps of a case that bring it to its stage by `now`; `place` is its place in the file.

    Staff acts in working hours and citizens when they are awake, unless there is no time for it.
    What made the present stage is recent, as far as deadlines allow.
    """
    steps = _spread(row, place, now, calendar)
    last = now - _LATEST - timedelta(minutes=place % 17)
    if steps[-1].at > last:
        return _squeezed(steps, last)
    name, most = _SETTLED_BY.get(row["stage"], (None, timedelta()))
    if row["stage"] == "objection" and "rate" in row:
        name, most = _SETTLED_BY["follow_up"]
    if name is None:
        return steps
    later = min(last - timedelta(hours=2) - steps[-1].at, most)
    first = next(i for i, step in enumerate(steps) if step.name == name)
    moved = [
        replace(step, at=_back(step.at + later, step.name, calendar)) for step in steps[first:]
    ]
    times = accumulate((step.at for step in steps[:first] + moved), max)
    return [replace(step, at=at) for step, at in zip(steps, times, strict=True)]


def names(row: Row) -> Iterator[str]:
    """The names of a case's steps, in their order."""
    yield "file"
    if row["stage"] in ("submitted", "triage", "answered"):
        return
    yield from (name for name in ("request_info", "info", "decline") if name in row)
    if "unit" in row:
        yield "assign"
        if any(name in row for name in ("contact", "message", "note", "reply")):
            yield "claim"
        yield from (
            name
            for name in ("contact", "note", "message", "response", "urge", "return")
            if name in row
        )
        if "reply" in row:
            yield "reply"
        if "reply" in row and row["stage"] != "reply_review":
            yield "review"
        yield from (name for name in ("rate", "redo") if name in row)
        if "second_reply" in row:
            yield from ("claim_again", "second_reply", "second_review", "second_rate")
    yield from (name for name in ("close", "object", "reopen", "withdraw") if name in row)
    yield from (f"then-{i + 1}" for i in range(len(row.get("then", ()))))


def then(row: Row, name: str) -> Mapping[str, Any] | None:
    """What the [[case.then]] of this name says; None if it is one of the usual steps."""
    place = _THEN.fullmatch(name)
    found: Mapping[str, Any] | None = row["then"][int(place[1]) - 1] if place else None
    return found


def _hours(row: Row, name: str) -> float:
    step = then(row, name)
    return _HOURS[name] if step is None else float(step.get("after", _USUALLY))


def _spread(row: Row, place: int, now: datetime, calendar: Calendar) -> list[Step]:
    at = _filed(row, place, now, calendar)
    steps = []
    for name in names(row):
        at = _on(at + timedelta(hours=_hours(row, name)), name, calendar)
        steps.append(Step(at, name))
    return steps


def _filed(row: Row, place: int, now: datetime, calendar: Calendar) -> datetime:
    """By day, spread over the day; today's within the last hours."""
    if row["days_ago"] == 0:
        return now - timedelta(minutes=50 + place * 13 % 120)
    wall = calendar.wall(now) - timedelta(days=row["days_ago"])
    minutes = 8 * 60 + place * 97 % 600
    return wall.replace(hour=minutes // 60, minute=minutes % 60, second=0).astimezone(now.tzinfo)


def _squeezed(steps: list[Step], last: datetime) -> list[Step]:
    """The same steps in less time, whatever the hour: there is none to lose."""
    first = min(steps[0].at, last)
    whole = steps[-1].at - steps[0].at
    share = (last - first) / whole if whole else 0.0
    return [replace(step, at=first + (step.at - steps[0].at) * share) for step in steps]


def _on(at: datetime, name: str, calendar: Calendar) -> datetime:
    """This moment, or the next at which such people act."""
    wall = calendar.wall(at)
    opens, shuts = _AWAKE if name in _BY_CITIZENS else _AT_WORK
    if wall.time() > shuts:
        wall = _at(wall + timedelta(days=1), opens)
    elif wall.time() < opens:
        wall = _at(wall, opens)
    while name not in _BY_CITIZENS and not calendar.is_working(wall.date()):
        wall = _at(wall + timedelta(days=1), opens)
    return wall.astimezone(at.tzinfo)


def _back(at: datetime, name: str, calendar: Calendar) -> datetime:
    """This moment, or the last before it at which such people act."""
    wall = calendar.wall(at)
    opens, shuts = _AWAKE if name in _BY_CITIZENS else _AT_WORK
    if wall.time() > shuts:
        wall = _at(wall, shuts)
    elif wall.time() < opens:
        wall = _at(wall - timedelta(days=1), shuts)
    while name not in _BY_CITIZENS and not calendar.is_working(wall.date()):
        wall = _at(wall - timedelta(days=1), shuts)
    return wall.astimezone(at.tzinfo)


def _at(wall: datetime, moment: time) -> datetime:
    return wall.replace(hour=moment.hour, minute=moment.minute, second=0, microsecond=0)
