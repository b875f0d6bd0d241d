"""The working calendar: which days count, and where the city's days begin.

Working days are the State Council's: Monday to Friday without the holidays, with the Saturdays
and Sundays that make up for them (调休). Years are data (`years/*.json`); a city may replace one.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casework.clock.words import CalendarError, ClockError, Words
from casework.clock.year import SATURDAY, Year

YEARS = Path(__file__).with_name("years")
SHANGHAI = "Asia/Shanghai"
WEEKEND = Words("周末", "weekend")


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Consecutive years in one time zone; immutable, so share it freely.

    Dates are local dates of `zone`. Every method that takes one raises CalendarError
    when it lies outside the known years.
    """

    years: tuple[Year, ...]
    zone: str = SHANGHAI
    _zone: tzinfo = field(init=False, repr=False)
    _begins: int = field(init=False, repr=False)  # ordinals: the first known day,
    _ends: int = field(init=False, repr=False)  # the day after the last known,
    _working: tuple[int, ...] = field(init=False, repr=False)  # every working day, ascending
    _provisional: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        years = tuple(sorted(self.years, key=lambda year: year.year))
        _consecutive(years)
        derived = {
            "years": years,
            "_zone": _zone(self.zone),
            "_begins": date(years[0].year, 1, 1).toordinal(),
            "_ends": date(years[-1].year + 1, 1, 1).toordinal(),
            "_working": tuple(day for year in years for day in _working_days(year)),
            "_provisional": frozenset(year.year for year in years if year.provisional),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @classmethod
    def seeded(cls, zone: str = SHANGHAI) -> "Calendar":
        """The packaged years, 2004 on; read once a process and zone."""
        return _seeded(zone)

    def replacing(self, document: object, name: str = "") -> "Calendar":
        """This calendar with the year of `document` (see casework.clock.year) put in or added.

        Raises CalendarError, and this calendar stays as it is, when the document is faulty
        or would leave a year out in between.
        """
        return self.with_years(Year.read(document, name))

    def with_years(self, *new: Year) -> "Calendar":
        """This calendar with these years put in or added. Raises CalendarError as `replacing`."""
        replaced = {year.year for year in new}
        kept = (year for year in self.years if year.year not in replaced)
        return Calendar((*kept, *new), self.zone)

    def prolonged(self, until: date) -> "Calendar":
        """This calendar, reaching at least to the end of that year: weeks without any holiday, for
        years that nobody has entered. Rather a date that moves than a reminder that is lost."""
        new = range(self.last.year + 1, until.year + 1)
        return self.with_years(*(Year(year, True, {}, {}, "") for year in new)) if new else self

    @property
    def first(self) -> date:
        """The first known day."""
        return date.fromordinal(self._begins)

    @property
    def last(self) -> date:
        """The last known day: working days cannot be counted beyond it."""
        return date.fromordinal(self._ends - 1)

    def days_left(self, now: datetime) -> int:
        """How many days lie between today and the last known one; negative once it has passed."""
        return (self.last - self.local(now)).days

    def is_working(self, day: date) -> bool:
        """Whether offices work on this local date."""
        ordinal = self._ordinal(day)
        place = bisect_left(self._working, ordinal)
        return place < len(self._working) and self._working[place] == ordinal

    def reason(self, day: date) -> Words | None:
        """Why nobody works on this day: the festival or the weekend; None on a working day."""
        if self.is_working(day):
            return None
        return self._year(day).holidays.get(day, WEEKEND)

    def makeup(self, day: date) -> Words | None:
        """Why this Saturday or Sunday is worked; None on every other day."""
        self._ordinal(day)
        festival = self._year(day).workdays.get(day)
        if festival is None:
            return None
        return Words(f"{festival.zh}调休上班", f"make-up working day for {festival.en}")

    def provisional(self, day: date, until: date | None = None) -> bool:
        """Whether the year of `day` (or a year up to `until`) still waits for its notice.

        The notice of a year has also moved days of the December before (2005, 2006, 2007, 2011,
        2018): those come with a replaced document of that year and are not announced here.
        """
        self._ordinal(day)
        if until is None:
            return day.year in self._provisional
        self._ordinal(until)
        return not self._provisional.isdisjoint(range(day.year, until.year + 1))

    def add(self, day: date, working_days: int) -> date:
        """The n-th working day after `day`, or before it when n is negative; `day` itself for 0."""
        ordinal, working = self._ordinal(day), self._working
        if working_days == 0:
            return day
        if working_days > 0:
            place = bisect_right(working, ordinal) + working_days - 1
        else:
            place = bisect_left(working, ordinal) + working_days
        if 0 <= place < len(working):
            return date.fromordinal(working[place])
        raise CalendarError(
            f"{day} 起 {working_days} 个工作日超出已有年历（{self.first} 至 {self.last}），"
            "请补充所缺年份的年历",
            f"{working_days} working days from {day} reach beyond the known years"
            f" ({self.first} to {self.last}); add a calendar for the missing year",
        )

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and with `until`; 0 where it is earlier."""
        begin, end = self._ordinal(after), self._ordinal(until)
        return max(0, bisect_right(self._working, end) - bisect_right(self._working, begin))

    def working_days_of(self, year: int) -> int:
        """How many working days a known year has."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return self.is_working(first) + self.working_days(first, last)

    def local(self, instant: datetime) -> date:
        """The city's date at an instant (any aware datetime). Raises ClockError on a naive one."""
        return aware(instant).astimezone(self._zone).date()

    def wall(self, instant: datetime) -> datetime:
        """The same instant on the city's clock on the wall. Raises ClockError on a naive one."""
        return aware(instant).astimezone(self._zone)

    def midnight(self, day: date) -> datetime:
        """The instant, in UTC, at which this local date begins (00:00)."""
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)

    def at(self, day: date, since_midnight: timedelta) -> datetime:
        """The instant, in UTC, at which the clock on the wall shows this time of a local date."""
        wall = datetime.combine(day, time.min) + since_midnight
        return wall.replace(tzinfo=self._zone).astimezone(UTC)

    def ends(self, day: date) -> datetime:
        """24:00 of a local date, in UTC."""
        return self.midnight(day + timedelta(1))

    def shift(self, instant: datetime, days: int) -> datetime:
        """The instant, in UTC, so many days away at the same time of the city's day."""
        return (aware(instant).astimezone(self._zone) + timedelta(days)).astimezone(UTC)

    def _year(self, day: date) -> Year:
        return self.years[day.year - self.years[0].year]

    def _ordinal(self, day: date) -> int:
        if isinstance(day, datetime):  # is a date to Python, but of which place?
            raise ClockError(
                f"{day} 是时刻而不是日期，请先用 Calendar.local 换算",
                f"{day} is an instant, not a date; convert it by Calendar.local first",
            )
        ordinal = day.toordinal()
        if self._begins <= ordinal < self._ends:
            return ordinal
        raise CalendarError(
            f"{day} 超出已有年历（{self.first} 至 {self.last}），请补充 {day.year} 年的年历",
            f"{day} lies outside the known years ({self.first} to {self.last});"
            f" add a calendar for {day.year}",
        )


def aware(instant: datetime) -> datetime:
    """The instant itself. Raises ClockError when it is naive: it could be any city's."""
    if instant.utcoffset() is None:
        raise ClockError(
            f"时刻 {instant} 没有时区，请写成 {instant.isoformat()}+08:00 的样子",
            f"the time {instant} has no zone; write it like {instant.isoformat()}+08:00",
        )
    return instant


def _consecutive(years: tuple[Year, ...]) -> None:
    if not years:
        raise CalendarError("至少需要一年的年历", "a calendar needs at least one year")
    for before, after in pairwise(years):
        if after.year == before.year:
            raise CalendarError(
                f"{after.year} 年的年历有两份，请删去其一",
                f"there are two calendars for {after.year}; remove one of the two",
            )
        if after.year != before.year + 1:
            raise CalendarError(
                f"{before.year} 年与 {after.year} 年之间缺少年历，请补充 {before.year + 1} 年",
                f"years are missing between {before.year} and {after.year};"
                f" add a calendar for {before.year + 1}",
            )


def _working_days(year: Year) -> Iterable[int]:
    off = {day.toordinal() for day in year.holidays}
    on = {day.toordinal() for day in year.workdays}
    days = range(date(year.year, 1, 1).toordinal(), date(year.year + 1, 1, 1).toordinal())
    # ordinal 1 (0001-01-01) was a Monday
    return (day for day in days if day in on or ((day - 1) % 7 < SATURDAY and day not in off))


@cache
def _seeded(zone: str) -> Calendar:
    files = sorted(YEARS.glob("*.json"))
    return Calendar(
        tuple(Year.read(json.loads(file.read_text("utf-8")), file.name) for file in files), zone
    )


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if name == SHANGHAI:
            # A slim host without tzdata: UTC+8 all year since 1991, so exact for every known year.
            return timezone(timedelta(hours=8), name)
        raise CalendarError(
            f"找不到时区 {name!r}：请改用如 Asia/Shanghai 的名称，或在主机上安装 tzdata",
            f"there is no time zone {name!r}: use a name like Asia/Shanghai,"
            " or install tzdata on this host",
        ) from error
