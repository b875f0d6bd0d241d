"""Limits ("15WD") and the due times they give.

Intervals are half-open: a case is in time while now < at and late from `at` on. Limits in days
do not count the day they start on (day 1 is the day after) and end at 24:00 of their last day.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from casework.clock.calendar import Calendar, aware
from casework.clock.words import CalendarError, LimitError, Words


class Unit(StrEnum):
    """What a limit is counted in; all but working days run through nights and holidays."""

    WORKING_DAYS = "WD"
    DAYS = "D"
    HOURS = "H"
    MINUTES = "M"


_TEXT = re.compile(r"(-?[0-9]{1,9})(WD|D|H|M)")
# Working days have no length: between two of them may lie a night or a week of holidays.
LENGTH: Mapping[Unit, timedelta] = {
    Unit.DAYS: timedelta(days=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.MINUTES: timedelta(minutes=1),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as policies state it, from 1 to 9999 units."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= 9999:
            raise LimitError(
                f"时限 {self.amount}{self.unit} 应在 1 至 9999 之间",
                f"the limit {self.amount}{self.unit} must lie between 1 and 9999",
            )

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read "7WD", "15D", "2H" or "10M". Raises LimitError."""
        if match := _TEXT.fullmatch(text):
            return cls(int(match[1]), Unit(match[2]))
        raise LimitError(
            f"时限 {text!r} 无法识别，请写成 7WD（工作日）、15D（自然日）、2H（小时）"
            "或 10M（分钟）",
            f"{text!r} is no limit; write 7WD (working days), 15D (natural days), 2H (hours)"
            " or 10M (minutes)",
        )

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def working(self) -> bool:
        """Whether it counts working days only."""
        return self.unit is Unit.WORKING_DAYS

    @property
    def in_days(self) -> bool:
        return self.unit in (Unit.WORKING_DAYS, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due.

    `start` and `at` are UTC; `on` is the local date of the last moment in time, so that for
    limits in days `at` is 24:00 of `on`. `provisional`: it counted days of a year without notice
    and may move when the notice comes.
    """

    limit: Limit
    start: datetime
    at: datetime
    on: date
    provisional: bool

    def late(self, now: datetime) -> bool:
        """Whether it has passed at `now` (aware)."""
        return aware(now) >= self.at


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the working: `number` when counted (1 is the day after the start), else None.

    `note` says why a day is skipped, or why a Saturday or Sunday is counted.
    """

    on: date
    number: int | None
    note: Words | None


@dataclass(frozen=True, slots=True)
class Working:
    """A deadline and how it came about: every day after the start up to `on`, exactly once.

    Limits in hours and minutes have no days to show.
    """

    deadline: Deadline
    days: tuple[Day, ...]

    @property
    def counted(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.number is not None)

    @property
    def skipped(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.number is None)


def due(start: datetime, limit: Limit, calendar: Calendar) -> Deadline:
    """The deadline of a limit that starts at an instant (aware, any zone).

    Raises ClockError for a naive start, CalendarError for a start before the calendar's first year
    or working days beyond its last. Natural limits never need the years to come: an emergency's
    ten minutes run though nobody has entered next year's calendar.
    """
    began = calendar.local(start)
    if began < calendar.first:
        raise CalendarError(
            f"起算日 {began} 早于年历的第一天 {calendar.first}，请核对时间",
            f"the start {began} is before the calendar's first day {calendar.first}; check it",
        )
    start = start.astimezone(UTC)
    if limit.unit is Unit.WORKING_DAYS:
        on = calendar.add(began, limit.amount)
        provisional = calendar.provisional(began + timedelta(1), on)
        return Deadline(limit, start, calendar.ends(on), on, provisional)
    if limit.unit is Unit.DAYS:
        on = began + timedelta(limit.amount)
        return Deadline(limit, start, calendar.ends(on), on, provisional=False)
    at = start + LENGTH[limit.unit] * limit.amount
    return Deadline(limit, start, at, calendar.local(at - datetime.resolution), provisional=False)


def working(start: datetime, limit: Limit, calendar: Calendar) -> Working:
    """The deadline with its working, for people to check. Raises as `due` does."""
    deadline = due(start, limit, calendar)
    if limit.unit in (Unit.HOURS, Unit.MINUTES):
        return Working(deadline, ())
    began, number = calendar.local(start), 0
    days = []
    for offset in range(1, (deadline.on - began).days + 1):
        on, note = began + timedelta(offset), None
        if limit.unit is Unit.WORKING_DAYS:
            note = calendar.reason(on)
            if note is not None:
                days.append(Day(on, None, note))
                continue
            note = calendar.makeup(on)
        number += 1
        days.append(Day(on, number, note))
    return Working(deadline, tuple(days))
