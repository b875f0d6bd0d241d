"""What another calendar changes: the days that are worked or free otherwise, and which due dates
had counted them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casework.clock.calendar import Calendar
from casework.clock.limits import Limit


@dataclass(frozen=True, slots=True)
class Changes:
    """From one calendar to another, over the days that both know; ascending."""

    working: tuple[date, ...]
    """Days off that become working days."""
    free: tuple[date, ...]
    """Working days that become days off."""
    settled: tuple[int, ...]
    """Provisional years that have their notice now: what is due in them is so no more."""
    added: tuple[int, ...]
    """Years that were not known."""
    unsettled: tuple[int, ...]
    """Years that have had their notice and would be provisional again."""

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that changes; ascending."""
        return tuple(sorted(self.working + self.free))

    def shown(self) -> dict[str, list[str] | list[int]]:
        """As JSON: the days in ISO form, the years as numbers."""
        return {
            "working": [day.isoformat() for day in self.working],
            "free": [day.isoformat() for day in self.free],
            "settled": list(self.settled),
            "added": list(self.added),
            "unsettled": list(self.unsettled),
        }

    def may_move(self, limit: Limit, since: datetime, due: datetime, calendar: Calendar) -> bool:
        """Whether a limit that counts from `since` up to `due` has passed over a day that changes."""
        if not limit.working:
            return False
        first, last = calendar.local(since), calendar.local(due - datetime.resolution)
        if limit.in_days:  # does not count the day of its start
            first += timedelta(1)
        return any(first <= day <= last for day in self.days)


def changes(before: Calendar, after: Calendar) -> Changes:
    """What changes from one calendar to the other, which must know at least the same years."""
    length = (before.last - before.first).days + 1
    days = [before.first + timedelta(n) for n in range(length)]
    changed = [day for day in days if before.is_working(day) is not after.is_working(day)]
    known = {year.year: year.provisional for year in before.years}
    return Changes(
        working=tuple(day for day in changed if after.is_working(day)),
        free=tuple(day for day in changed if before.is_working(day)),
        settled=tuple(
            year.year for year in after.years if not year.provisional and known.get(year.year)
        ),
        added=tuple(year.year for year in after.years if year.year not in known),
        unsettled=tuple(
            year.year for year in after.years if year.provisional and known.get(year.year) is False
        ),
    )
