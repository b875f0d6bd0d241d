"""The city as data: areas, units, categories, responsibility rules, routing terms and staff.

A `City` is immutable and always valid: it is only ever made by `casework.catalogue.build`
(from CSV files or from a stored document), which refuses every fault with file, line and
reason. Look-ups by code are dict look-ups; nothing here does I/O.

A *reference* to a unit, as categories and rules hold it, is a unit code or one of

    @street    the street or town of the case's area; where that is not known, its district
    @district  the district government of the case's area
    @person    nobody by rule: a person decides (1702: the unit above the one complained about)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from casework.catalogue.routing import RoutingRule
from casework.catalogue.staff import Staff, grouped
from casework.clock.office import OFFICE, Office
from schemas.names import EvidenceKind, Role

LEVELS = ("city", "district", "street", "community")
KINDS = ("city", "department", "district", "street", "office")
PARTY = "党务"
LINES = (PARTY, "政务", "服务")
EVERYWHERE = "*"
BY_PERSON = "@person"
BY_AREA: Mapping[str, tuple[str, ...]] = {
    "@street": ("street", "district"),
    "@district": ("district",),
}

Row = dict[str, str]
T = TypeVar("T")


class UnknownCode(KeyError):
    """A code that the city's catalogue does not have; `zh` and `en` say so to people."""

    def __init__(self, sort: str, code: str) -> None:
        super().__init__(code)
        self.sort, self.code = sort, code
        name = {"area": "行政区划", "unit": "承办单位", "category": "事项分类"}[sort]
        self.zh = f"没有代码为“{code}”的{name}，请从目录接口 /v1/catalogue 里选一个。"
        self.en = f"There is no {sort} with the code “{code}”; choose one from /v1/catalogue."

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Area:
    """行政区划: a node of the GB/T 2260 tree (6 digits, streets 9, communities 12)."""

    code: str
    name: str
    name_en: str
    parent: str | None
    level: str


@dataclass(frozen=True, slots=True)
class Unit:
    """承办单位: who can hold a case. `integrates`: it has a queue of its own.

    `retired` is the day since which it takes nothing more; it stays in the catalogue, since
    old cases name it, but no category and no rule may. `hours`: when it is open on working days
    (办公时间), None: as the unit above it.
    """

    code: str
    name: str
    name_en: str
    parent: str | None
    area: str
    kind: str
    line: str
    integrates: bool = False
    retired: date | None = None
    hours: Office | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """事项分类: a four-digit code, the first two digits its domain.

    `evidence`: of these (photo, document) a reply that says resolved or partly brings at least
    one; empty where the city asks for none.
    """

    code: str
    domain: str
    domain_en: str
    name: str
    name_en: str
    lead: str | None
    assisting: tuple[str, ...]
    scope: str
    line: str
    evidence: tuple[EvidenceKind, ...] = ()

    @property
    def domain_code(self) -> str:
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Rule:
    """归口承办: `category` (a code or a domain's two digits) in `area` is for `unit`."""

    category: str
    area: str
    unit: str

    def __str__(self) -> str:
        return f"{self.category} @ {self.area} → {self.unit}"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who is responsible by which rule; `unit` is None where a person must decide."""

    unit: str | None
    rule: Rule


@dataclass(frozen=True, eq=False)
class City:
    """The whole catalogue. Made by `casework.catalogue.build`, compared by identity."""

    areas: Mapping[str, Area]
    units: Mapping[str, Unit]
    categories: Mapping[str, Category]
    rules: tuple[Rule, ...]
    terms: Mapping[str, tuple[str, ...]]
    staff: Mapping[str, Staff]
    """By account; empty in a city that keeps no list of them."""
    routing: tuple[RoutingRule, ...] = ()
    """In their order: the first that applies counts (`casework.routing.rules`)."""
    shapes: Mapping[str, str] = field(default_factory=dict)
    """Outlines by area code, packed; unpacked where a point is asked for (`casework.routing.places`)."""

    @staticmethod
    def from_document(document: Mapping[str, list[Row]]) -> City:
        """Read what `document()` wrote. Raises CityError with every fault at once."""
        from casework.catalogue.build import tables_of_document, valid_city

        return valid_city(tables_of_document(document))

    def document(self) -> dict[str, list[Row]]:
        """The catalogue as JSON-ready sections, one for an item of the settings table."""
        from casework.catalogue.build import document_of

        return document_of(self)

    # -- look-ups -------------------------------------------------------------------------

    def area(self, code: str) -> Area:
        """The area of this code; raises UnknownCode."""
        return _known(self.areas, "area", code)

    def unit(self, code: str) -> Unit:
        """The unit of this code, retired ones included; raises UnknownCode."""
        return _known(self.units, "unit", code)

    def category(self, code: str) -> Category:
        """The category of this code; raises UnknownCode."""
        return _known(self.categories, "category", code)

    @cached_property
    def root(self) -> Area:
        """The city itself."""
        return next(area for area in self.areas.values() if area.parent is None)

    # -- people ---------------------------------------------------------------------------

    def staff_of(self, unit: str) -> tuple[Staff, ...]:
        """Everybody of this very unit, by account."""
        return self._by_unit.get(unit, ())

    def staff_as(self, role: Role) -> tuple[Staff, ...]:
        """Everybody with this role, by account."""
        return self._by_role.get(role, ())

    @cached_property
    def _by_unit(self) -> Mapping[str, tuple[Staff, ...]]:
        return grouped(self.staff.values(), lambda one: one.unit)

    @cached_property
    def _by_role(self) -> Mapping[Role, tuple[Staff, ...]]:
        return grouped(self.staff.values(), lambda one: one.role)

    # -- trees ----------------------------------------------------------------------------

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        """Each unit's parent, None for a root."""
        return {unit.code: unit.parent for unit in self.units.values()}

    @cached_property
    def _area_parents(self) -> Mapping[str, str | None]:
        return {area.code: area.parent for area in self.areas.values()}

    def ancestors(self, unit: str) -> tuple[str, ...]:
        """The units above, nearest first, without the unit itself."""
        self.unit(unit)
        return tuple(_upwards(self.parents, unit))[1:]

    def subtree(self, unit: str) -> frozenset[str]:
        """The unit and every unit below it."""
        self.unit(unit)
        return _below(self.parents, unit)

    def above(self, unit: str) -> str | None:
        """The nearest unit above that is in service; None for a root. Raises UnknownCode."""
        in_service = (one for one in self.ancestors(unit) if self.units[one].retired is None)
        return next(in_service, None)

    def area_path(self, area: str) -> tuple[str, ...]:
        """The area itself and the areas around it, up to the city."""
        self.area(area)
        return tuple(_upwards(self._area_parents, area))

    def area_subtree(self, area: str) -> frozenset[str]:
        """The area and every area inside it."""
        self.area(area)
        return _below(self._area_parents, area)

    # -- office hours ---------------------------------------------------------------------

    def office(self, unit: str | None) -> Office:
        """办公时间: the unit's own, else those of the nearest unit above; for None, and where nobody
        says any, the city's."""
        line = _upwards(self.parents, unit) if unit and unit in self.units else ()
        stated = (self.units[one].hours for one in line)
        return next((hours for hours in stated if hours), self._usual)

    @cached_property
    def _usual(self) -> Office:
        """Of the first unit without one above it that says them."""
        roots = (unit.hours for unit in self.units.values() if unit.parent is None)
        return next((hours for hours in roots if hours), OFFICE)

    # -- responsibility -------------------------------------------------------------------

    def responsible(self, category: str, area: str | None) -> str | None:
        """The unit that leads, or None where a person must decide. Raises UnknownCode."""
        return self.responsibility(category, area).unit

    def responsibility(self, category: str, area: str | None) -> Responsibility:
        """The unit that leads and the rule that says so.

        The nearest area up the tree with a rule decides, a rule for the category before one
        for its domain; then the city's: the category's own lead, which counts as its rule
        for everywhere. So a rule for a whole domain in a district stands above the city's
        rule for one category: an exception inside it takes a line of its own.
        """
        self.category(category)
        places = (*(self.area_path(area) if area else ()), EVERYWHERE)
        for place in places:
            for key in (category, category[:2]):
                rule = self._rules.get((key, place))
                if rule is not None:
                    return Responsibility(self.unit_for(rule.unit, area), rule)
        raise AssertionError(f"a valid city has a rule for every category, not for {category}")

    def assisting(self, category: str, area: str | None) -> tuple[str, ...]:
        """协办: the units that help the lead here; those that hang on an unknown area drop out."""
        lead = self.responsible(category, area)
        found = (self.unit_for(one, area) for one in self.category(category).assisting)
        return tuple(dict.fromkeys(unit for unit in found if unit and unit != lead))

    def district_of(self, area: str | None) -> str | None:
        """The district government in office over this area; None above the districts."""
        return self.unit_for("@district", area)

    def unit_for(self, reference: str, area: str | None) -> str | None:
        """The unit that a reference stands for in an area; None where a person must decide."""
        if not reference.startswith("@"):
            return reference
        path = self.area_path(area) if area else ()
        for kind in BY_AREA.get(reference, ()):
            for place in path:
                unit = self._governing.get((kind, place))
                if unit is not None:
                    return unit
        return None

    # -- lines ----------------------------------------------------------------------------

    def line(self, category: str | None) -> str | None:
        """线条: one of LINES; None for a case that has no category yet. Raises UnknownCode."""
        return self.category(category).line if category else None

    def may_lead(self, unit: str, category: str | None) -> bool:
        """Whether the lines agree: party affairs are for party units, all else for the others.

        What has no category yet is not party affairs. Raises UnknownCode.
        """
        return (self.unit(unit).line == PARTY) == (self.line(category) == PARTY)

    @cached_property
    def _rules(self) -> Mapping[tuple[str, str], Rule]:
        leads = (Rule(c.code, EVERYWHERE, c.lead) for c in self.categories.values() if c.lead)
        return {(rule.category, rule.area): rule for rule in (*leads, *self.rules)}

    @cached_property
    def _governing(self) -> Mapping[tuple[str, str], str]:
        """(kind, area) -> the unit in office there, for the references that go by area."""
        return {
            (unit.kind, unit.area): unit.code
            for unit in self.units.values()
            if unit.kind in ("street", "district") and unit.retired is None
        }


def _known(table: Mapping[str, T], sort: str, code: str) -> T:
    try:
        return table[code]
    except KeyError:
        raise UnknownCode(sort, code) from None


def _upwards(parents: Mapping[str, str | None], code: str) -> Iterator[str]:
    step: str | None = code
    while step is not None:
        yield step
        step = parents[step]


def _below(parents: Mapping[str, str | None], top: str) -> frozenset[str]:
    return frozenset(code for code in parents if top in _upwards(parents, code))
