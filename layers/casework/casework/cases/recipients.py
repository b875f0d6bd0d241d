"""Who is told when rungs of a ladder are reached: people of the city's staff, never nobody in silence.

A rung names levels (`casework.clock.ladder.ROLES`), and the tree of units says who they are. Where a
level has nobody the next one up is told, and the level is recorded as a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from casework.cases.access import CITY_WIDE, By, accused, confidential, may_read
from casework.cases.clocks import acting_unit
from casework.cases.rules import Rules
from casework.cases.state import Case
from schemas.events import Actor
from schemas.names import ROLES

if TYPE_CHECKING:
    from casework.catalogue.staff import Staff

Group = tuple["Staff", ...]

MOST = 20
"""So many accounts at most are told of one clock at once."""
NEXT_UP = {
    "officer": "head",
    "head": "supervision_office",
    "duty_desk": "supervision_office",
    "supervision_office": "leader",
}


@dataclass(frozen=True)
class Told:
    """The accounts that are told, and the levels at which nobody was found."""

    accounts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def told(roles: Iterable[str], clock: str, case: Case, rules: Rules, now: datetime) -> Told:
    """Who is told of a clock (by its full name) at these levels; the citizen has no account here.

    At least one of each level, else of the next above that has anybody, else a gap at every level up
    to the leader. What is urgent, and what comes by night or on a day off, reaches the unit's duty staff
    too.
    Nobody whom the case is about is told, and of a confidential one nobody who may not read it.
    """
    levels = dict.fromkeys(role for role in roles if role != "citizen")
    people = _People.of(clock, case, rules)
    groups: list[Group] = []
    gaps: list[str] = []
    for role in levels:
        level: str | None = role
        while level is not None and not (found := people.at(level)):
            gaps.append(level)
            level = NEXT_UP.get(level)
        if level is not None:
            groups.append(found)
    any_hour = _at_any_hour(people.unit, case, rules, now)
    if any_hour and not levels.keys().isdisjoint(("officer", "head")):
        groups.append(people.on_duty)
    return Told(_fairly(groups), tuple(dict.fromkeys(gaps)))


def _at_any_hour(unit: str | None, case: Case, rules: Rules, now: datetime) -> bool:
    """Whether those on duty are told as well. Of a day beyond the calendar nobody knows: they are."""
    from casework.clock.policy import URGENT

    calendar, today = rules.calendar, rules.calendar.local(now)
    known = calendar.first <= today <= calendar.last
    return case.urgency in URGENT or not known or not rules.city.office(unit).is_day(now, calendar)


def _fairly(groups: Sequence[Group]) -> tuple[str, ...]:
    """The first of each group before the second of any, so that none is crowded out."""
    in_turn = chain.from_iterable(zip_longest(*groups))
    return tuple(dict.fromkeys(one.code for one in in_turn if one is not None))[:MOST]


@dataclass(frozen=True)
class _People:
    """Those who can be told of a clock. `unit` has to act; None: the city's own desk has."""

    unit: str | None
    case: Case
    rules: Rules

    @classmethod
    def of(cls, clock: str, case: Case, rules: Rules) -> _People:
        return cls(acting_unit(clock, case, rules), case, rules)

    def at(self, level: str) -> Group:
        """The people of one level; nobody at a level that does not exist."""
        match level:
            case "officer":
                return self._officers
            case "head":
                return self._heads
            case "duty_desk":
                return self._across_the_city(one for one in self._city_wide if one.duty)
            case "supervision_office":
                found = self.rules.city.staff_as("supervisor")
                return self._across_the_city(s for s in found if s.unit not in self._units)
            case "leader":
                return self._leaders
            case _:
                return ()

    @property
    def on_duty(self) -> Group:
        """The roster of the unit, or that of the city's desk."""
        if self.unit is None:
            return self.at("duty_desk")
        return self._may_be_told(one for one in self.rules.city.staff_of(self.unit) if one.duty)

    @property
    def _officers(self) -> Group:
        """Who handles the case, else every officer of the unit; at the desk, who reviews and dispatches."""
        if self.unit is None:
            return self._desk
        staff = self._may_be_told(self.rules.city.staff_of(self.unit))
        # A connected system may have claimed the case; it reads no reminders.
        people = [one for one in staff if one.role in ("officer", "head")]
        named = tuple(one for one in people if one.code == self.case.officer)
        return named or tuple(one for one in people if one.role == "officer")

    @property
    def _heads(self) -> Group:
        """The unit's, else those of the nearest unit above that has one."""
        found = (self._nearest("head", self._upwards(unit)) for unit in self._units)
        return tuple(chain.from_iterable(found))

    @property
    def _leaders(self) -> Group:
        """Those of the nearest unit above that has one, else those of the city itself."""
        city = self.rules.city
        above = self._upwards(self.unit)[1:] if self.unit else ()
        roots = (one for one in city.staff_as("leader") if city.parents[one.unit] is None)
        return self._nearest("leader", above) or self._may_be_told(roots)

    def _nearest(self, role: str, units: Iterable[str]) -> Group:
        """Those with this role in the first of the units that has any."""
        staff_of = self.rules.city.staff_of
        there = (
            self._may_be_told(one for one in staff_of(unit) if one.role == role) for unit in units
        )
        return next(filter(None, there), ())

    def _upwards(self, unit: str) -> tuple[str, ...]:
        return (unit, *self.rules.city.ancestors(unit))

    @cached_property
    def _desk(self) -> Group:
        city = self.rules.city
        return self._across_the_city((*city.staff_as("dispatcher"), *city.staff_as("moderator")))

    @property
    def _units(self) -> tuple[str, ...]:
        """Those that have to act, and are supervised."""
        units = (one.unit for one in self._desk) if self.unit is None else (self.unit,)
        return tuple(dict.fromkeys(units))

    @property
    def _city_wide(self) -> Iterator[Staff]:
        staff_as = self.rules.city.staff_as
        return (one for role in ROLES if role in CITY_WIDE for one in staff_as(role))

    def _across_the_city(self, staff: Iterable[Staff]) -> Group:
        """Of people who belong to no unit of the case, those who look after its area."""
        city, area = self.rules.city, self.case.area
        around = city.area_path(area) if area and area in city.areas else ()
        return self._may_be_told(one for one in staff if one.area is None or one.area in around)

    def _may_be_told(self, staff: Iterable[Staff]) -> Group:
        return tuple(one for one in staff if self._may(one))

    def _may(self, one: Staff) -> bool:
        case, rules = self.case, self.rules
        actor = Actor(id=one.code, role=one.role, unit=one.unit)
        if accused(case, actor, rules):
            return False
        if not confidential(case.identity, case.category, rules):
            return True
        return may_read(case, By(actor), rules)
