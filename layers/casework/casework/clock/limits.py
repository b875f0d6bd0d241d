"""Limits ("15WD") and the due times they give.

Intervals are half-open: a case is in time while now < at and late from `at` on. Limits in days
do not count the day they start on (day 1 is the day after) and end at 24:00 of their last day; those
in working days can end when offices close instead (`Office.day_ends`).
Limits in working hours run while offices are open (see casework.clock.office), from the first open
moment at or after the start.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count

from casework.clock.calendar import Calendar, aware
from casework.clock.office import OFFICE, Office
from casework.clock.words import CalendarError, LimitError, Words


class Unit(StrEnum):
    """What a limit is counted in; all but the first two run through nights and holidays."""

    WORKING_DAYS = "WD"
    WORKING_HOURS = "WH"
    DAYS = "D"
    HOURS = "H"
    MINUTES = "M"


AFTER_HOURS = Words("起算时已下班", "started after office hours")
_TEXT = re.compile(r"(-?[0-9]{1,9})(WD|WH|D|H|M)")
# How much time of its own kind one unit is: of working hours the time that offices are open, of
# the rest any. Working days have none: between two may lie a night or a week of holidays.
LENGTH: Mapping[Unit, timedelta] = {
    Unit.WORKING_HOURS: timedelta(hours=1),
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
        """Read "7WD", "4WH", "15D", "2H" or "10M". Raises LimitError."""
        if match := _TEXT.fullmatch(text):
            return cls(int(match[1]), Unit(match[2]))
        raise LimitError(
            f"时限 {text!r} 无法识别，请写成 7WD（工作日）、4WH（工作小时）、15D（自然日）、"
            "2H（小时）或 10M（分钟）",
            f"{text!r} is no limit; write 7WD (working days), 4WH (working hours),"
            " 15D (natural days), 2H (hours) or 10M (minutes)",
        )

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def working(self) -> bool:
        """Whether it counts working time only, so that it depends on the calendar."""
        return self.unit in (Unit.WORKING_DAYS, Unit.WORKING_HOURS)

    @property
    def in_days(self) -> bool:
        return self.unit in (Unit.WORKING_DAYS, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due.

    `start` and `at` are UTC; `on` is the local date of the last moment in time, so that for
    limits in days `at` is the end of `on`. `provisional`: it counted days of a year without notice
    and may move when the notice comes. `office`: the hours by which working time was counted.
    """

    limit: Limit
    start: datetime
    at: datetime
    on: date
    provisional: bool
    office: Office = OFFICE

    def late(self, now: datetime) -> bool:
        """Whether it has passed at `now` (aware)."""
        return aware(now) >= self.at


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the working: `number` when counted (1 is the day after the start), else None.

    `note` says why a day is skipped, or why a Saturday or Sunday is counted. `worked` is how much
    of a limit in working hours the day took; its day 1 is the first that took any.
    """

    on: date
    number: int | None
    note: Words | None
    worked: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """A deadline and how it came about: every day after the start up to `on`, exactly once.

    Limits in working hours show the day of the start too, those in hours and minutes no days.
    """

    deadline: Deadline
    days: tuple[Day, ...]

    @property
    def counted(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.number is not None)

    @property
    def skipped(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.number is None)


def due(start: datetime, limit: Limit, calendar: Calendar, office: Office = OFFICE) -> Deadline:
    """The deadline of a limit that starts at an instant (aware, any zone).

    Raises ClockError for a naive start, CalendarError for a start before the calendar's first year
    or working time beyond its last. Natural limits never need the years to come: an emergency's
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
        at = calendar.at(on, office.day_ends)
        return Deadline(limit, start, at, on, provisional, office)
    if limit.unit is Unit.DAYS:
        on = began + timedelta(limit.amount)
        return Deadline(limit, start, calendar.ends(on), on, provisional=False, office=office)
    length = LENGTH[limit.unit] * limit.amount
    at = office.after(start, length, calendar) if limit.working else start + length
    on = calendar.local(at - datetime.resolution)
    provisional = limit.working and calendar.provisional(began, on)
    return Deadline(limit, start, at, on, provisional, office)


def working(start: datetime, limit: Limit, calendar: Calendar, office: Office = OFFICE) -> Working:
    """The deadline with its working, for people to check. Raises as `due` does."""
    deadline = due(start, limit, calendar, office)
    if limit.unit is Unit.WORKING_DAYS:
        days = _working_days(deadline, calendar)
    elif limit.unit is Unit.WORKING_HOURS:
        days = _working_hours(deadline, calendar)
    elif limit.unit is Unit.DAYS:
        days = (Day(on, n, None) for n, on in enumerate(_days(deadline, calendar), 1))
    else:
        days = iter(())
    return Working(deadline, tuple(days))


def _days(deadline: Deadline, calendar: Calendar) -> Iterator[date]:
    """Every day after the start up to the last."""
    began = calendar.local(deadline.start)
    return (began + timedelta(n) for n in range(1, (deadline.on - began).days + 1))


def _working_days(deadline: Deadline, calendar: Calendar) -> Iterator[Day]:
    number = count(1)
    for on in _days(deadline, calendar):
        off = calendar.reason(on)
        yield Day(on, None, off) if off else Day(on, next(number), calendar.makeup(on))


def _working_hours(deadline: Deadline, calendar: Calendar) -> Iterator[Day]:
    number = count(1)
    for on in (calendar.local(deadline.start), *_days(deadline, calendar)):
        worked = deadline.office.on(on, deadline.start, deadline.at, calendar)
        if worked:
            yield Day(on, next(number), calendar.makeup(on), worked)
        else:
            yield Day(on, None, calendar.reason(on) or AFTER_HOURS)


def after_pause(
    at: datetime,
    limit: Limit,
    paused: datetime,
    resumed: datetime,
    calendar: Calendar,
    office: Office = OFFICE,
) -> datetime:
    """The due time `at` (UTC), moved by a pause as the limit counts: what was left of it is left.

    In days the time of day stays, and as many days of the limit's kind as lie after the day of the
    pause up to that of its end are added; in hours the time of the pause is. Raises as `due` does.
    """
    if limit.unit is Unit.WORKING_HOURS:
        return office.after(at, office.between(paused, resumed, calendar), calendar)
    if not limit.in_days:
        return at + (resumed - paused)
    stood, goes_on = calendar.local(paused), calendar.local(resumed)
    if limit.unit is Unit.DAYS:
        return calendar.shift(at, (goes_on - stood).days)
    last = calendar.local(at - datetime.resolution)
    missed = calendar.working_days(stood, goes_on)
    return calendar.shift(at, (calendar.add(last, missed) - last).days)
