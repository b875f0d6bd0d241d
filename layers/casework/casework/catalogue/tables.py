"""Rows of a catalogue with the place where each stands, and the faults found in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from casework.catalogue.city import Row

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "areas": ("code", "name", "name_en", "parent", "level"),
    "units": (
        "code",
        "name",
        "name_en",
        "parent",
        "area",
        "kind",
        "line",
        "integrates",
        "retired",
        "hours",
    ),
    "categories": (
        "code",
        "domain",
        "domain_en",
        "name",
        "name_en",
        "lead",
        "assisting",
        "scope",
        "line",
        "evidence",
    ),
    "rules": ("category", "area", "unit"),
    "terms": ("category", "term"),
    "staff": ("code", "name", "role", "unit", "area", "duty"),
    "routing": (
        *("name", "words", "without", "category", "area", "kind", "channel"),
        *("to_category", "to_unit", "urgency", "person", "note"),
    ),
    "shapes": ("code", "rings"),
}
"""The sections of a catalogue and their columns, in the order in which they are written."""

OPTIONAL = {
    *("parent", "integrates", "retired", "hours", "lead", "assisting", "scope", "evidence"),
    *("duty", "state", "different_person"),
}
EMPTY = {"staff": {"area"}, "routing": set(COLUMNS["routing"]) - {"name"}}
"""Columns of one section whose cells may be empty there, though not elsewhere."""
LIST_MARK = ";"
"""Between the entries of a cell that holds several (assisting, evidence, term)."""


def listed(cell: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in cell.split(LIST_MARK) if one.strip())


class Fault(NamedTuple):
    """One thing that is wrong, where it stands, and what to do about it."""

    file: str
    line: int
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.zh} / {self.en}"


class CityError(ValueError):
    """The catalogue cannot be used; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Line:
    """A row and where it stands."""

    file: str
    number: int
    cells: Row

    def fault(self, zh: str, en: str) -> Fault:
        return Fault(self.file, self.number, zh, en)


@dataclass(slots=True)
class Tables:
    """The rows of every section, and the faults met while reading them."""

    sections: dict[str, list[Line]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def lines(self, section: str) -> list[Line]:
        return self.sections.get(section, [])

    def complete(self, section: str, *, key: str | None = None) -> list[Line]:
        """The lines with every cell they need, and a fault for each of the others.

        With `key`, a line that has this cell is given all the same: entries that others
        refer to are kept, so that one empty cell does not bring faults all over the place.
        """
        spared = OPTIONAL | EMPTY.get(section, set())
        needed = [column for column in COLUMNS[section] if column not in spared]
        good = []
        for line in self.lines(section):
            empty = ", ".join(column for column in needed if not line.cells.get(column))
            if empty:
                self.faults.append(
                    line.fault(f"{empty} 不能为空，请补上。", f"{empty} is empty; fill it in.")
                )
            if not empty or (key and line.cells.get(key)):
                good.append(line)
        return good
