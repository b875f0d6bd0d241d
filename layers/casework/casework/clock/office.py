"""Office hours: when on a working day people are at work, for limits in working hours.

Spans are half-open on the city's clock on the wall: 09:00 is worked, 12:00 no more. A limit that is
used up exactly at a closing time is due then and not at the next opening, so that a due time lies
in closed hours never but at their very beginning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from casework.clock.words import OfficeError

if TYPE_CHECKING:
    from casework.clock.calendar import Calendar

Instants = tuple[datetime, datetime]

_SPAN = re.compile(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])")
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Office:
    """The spans of a working day in which offices are open, as times since its midnight.

    They ascend and do not touch. The calendar says which days are working days.
    """

    spans: tuple[tuple[timedelta, timedelta], ...]
    day_ends: timedelta = _DAY
    """When on its last day a limit in working days is used up: 24:00, or when offices close."""

    def __post_init__(self) -> None:
        bounds = [bound for span in self.spans for bound in span]
        ascending = all(before < after for before, after in pairwise(bounds))
        if not bounds or not ascending or bounds[0] < timedelta(0) or bounds[-1] > _DAY:
            raise OfficeError(
                f"办公时间 {self} 应至少有一段，按先后排列，互不相接，在 00:00 至 24:00 之间",
                f"the office hours {self} must be one span or more, ascending and apart,"
                " between 00:00 and 24:00",
            )

    @classmethod
    def parse(cls, text: str) -> "Office":
        """Read "09:00-12:00 13:30-17:30". Raises OfficeError."""
        found = [_SPAN.fullmatch(span) for span in text.split()]
        if not found or not all(found):
            raise OfficeError(
                f"办公时间 {text!r} 无法识别，请写成 09:00-12:00 13:30-17:30",
                f"{text!r} are no office hours; write 09:00-12:00 13:30-17:30",
            )
        times = [[int(part) for part in match.groups()] for match in found if match]
        return cls(
            tuple(
                (timedelta(hours=h, minutes=m), timedelta(hours=to_h, minutes=to_m))
                for h, m, to_h, to_m in times
            )
        )

    @property
    def ending_at_close(self) -> "Office":
        """The same, with limits in working days that end when it closes."""
        return replace(self, day_ends=self.spans[-1][1])

    def __str__(self) -> str:
        return " ".join(f"{_wall(opens)}-{_wall(closes)}" for opens, closes in self.spans)

    def of_day(self, day: date, calendar: "Calendar") -> Iterator[Instants]:
        """The opening and closing instants (UTC) of a day; none of a day off."""
        if calendar.is_working(day):
            for opens, closes in self.spans:
                yield calendar.at(day, opens), calendar.at(day, closes)

    def is_day(self, at: datetime, calendar: "Calendar") -> bool:
        """Whether it is between the first opening and the last closing of a working day: who is at
        table comes back. Raises ClockError for a naive time, CalendarError beyond the known years."""
        spans = [*self.of_day(calendar.local(at), calendar)]
        return bool(spans) and spans[0][0] <= at < spans[-1][1]

    def after(self, start: datetime, amount: timedelta, calendar: "Calendar") -> datetime:
        """The first instant by which so much working time (not negative) has passed since `start`.

        Raises ClockError for a naive start, CalendarError beyond the known years.
        """
        day, start, left = calendar.local(start), start.astimezone(UTC), amount
        while left:
            for opens, closes in self.of_day(day, calendar):
                begins = max(opens, start)
                if closes - begins >= left:
                    return begins + left
                left -= max(closes - begins, timedelta(0))
            day = calendar.add(day, 1)
        return start

    def before(self, end: datetime, amount: timedelta, calendar: "Calendar") -> datetime:
        """The last instant from which so much working time (not negative) passes until `end`.

        Raises as `after` does.
        """
        day, end, left = calendar.local(end), end.astimezone(UTC), amount
        while left:
            for opens, closes in reversed([*self.of_day(day, calendar)]):
                ends = min(closes, end)
                if ends - opens >= left:
                    return ends - left
                left -= max(ends - opens, timedelta(0))
            day = calendar.add(day, -1)
        return end

    def between(self, start: datetime, end: datetime, calendar: "Calendar") -> timedelta:
        """The working time from `start` up to `end`; none where that is earlier. Raises as `after`."""
        day, last, total = calendar.local(start), calendar.local(end), timedelta(0)
        while day <= last:
            total += self.on(day, start, end, calendar)
            day += _DAY
        return total

    def on(self, day: date, start: datetime, end: datetime, calendar: "Calendar") -> timedelta:
        """The working time of one day that lies between two instants."""
        spans = self.of_day(day, calendar)
        lengths = (min(closes, end) - max(opens, start) for opens, closes in spans)
        return sum((max(length, timedelta(0)) for length in lengths), timedelta(0))


def _wall(since_midnight: timedelta) -> str:
    hours, minutes = divmod(since_midnight // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"


OFFICE = Office.parse("09:00-12:00 13:30-17:30")
"""The hours of an office that has set none of its own."""
