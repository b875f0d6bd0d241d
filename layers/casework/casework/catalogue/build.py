"""From rows to a valid `City`, or to the whole list of what is wrong with them.

Rows come from CSV files (`load.py`) or from a stored document; either way each knows the
file and line that a person must open to mend it. All faults are reported at once, since a
catalogue is edited in a spreadsheet and one fault at a time would cost a round for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar, cast

from casework.catalogue import check
from casework.catalogue.city import Area, Category, City, Row, Rule, Unit
from casework.catalogue.routing import RoutingRule
from casework.catalogue.shapes import PACKED
from casework.catalogue.staff import Staff
from casework.catalogue.tables import COLUMNS, LIST_MARK, CityError, Line, Tables, listed
from casework.clock.office import Office
from casework.clock.words import OfficeError
from schemas.names import EVIDENCE, Channel, EvidenceKind, Kind, Role, Urgency

T = TypeVar("T")
Note = Callable[[str, str], None]
"""Takes down a fault of the present line, in Chinese and in English."""

_AREA = re.compile(r"\d{6}(\d{3}){0,2}")
_CATEGORY = re.compile(r"\d{4}")
# A unit's code becomes part of a queue's name, hence the narrow alphabet.
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
_ACCOUNT = re.compile(r"\S{1,128}")


def tables_of_document(document: Mapping[str, list[Row]]) -> Tables:
    """The rows of a stored document; the section stands for the file, the row for the line."""
    tables = Tables()
    for section in COLUMNS:
        rows = document.get(section, [])
        tables.sections[section] = [Line(section, n, row) for n, row in enumerate(rows, 1)]
    return tables


def document_of(city: City) -> dict[str, list[Row]]:
    """The city as sections of rows of strings, empty cells left out."""
    entries: dict[str, Iterable[object]] = {
        "areas": city.areas.values(),
        "units": city.units.values(),
        "categories": city.categories.values(),
        "rules": city.rules,
        "staff": city.staff.values(),
        "routing": city.routing,
    }
    document = {name: [_row(name, entry) for entry in entries[name]] for name in entries}
    # A category's terms share a row: a section is one stored item, and reads bill by size.
    document["terms"] = [
        {"category": category, "term": LIST_MARK.join(terms)}
        for category, terms in city.terms.items()
    ]
    document["shapes"] = [{"code": code, "rings": rings} for code, rings in city.shapes.items()]
    return document


def _row(section: str, entry: object) -> Row:
    cells = ((column, _cell(getattr(entry, column))) for column in COLUMNS[section])
    return {column: text for column, text in cells if text}


def _cell(value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "true"
        case tuple():
            return LIST_MARK.join(value)
        case _:
            return str(value)


def valid_city(tables: Tables) -> City:
    """The city of these rows. Raises CityError with every fault of every section."""
    if tables.faults:  # a file is missing or unreadable: whatever refers to it would look wrong
        raise CityError(tables.faults)
    city = City(
        areas=_keyed(tables, "areas", _area),
        units=_keyed(tables, "units", _unit),
        categories=_keyed(tables, "categories", _category),
        rules=tuple(_rule(line) for line in tables.complete("rules")),
        terms=_terms(tables.complete("terms")),
        staff=_keyed(tables, "staff", _staff),
        routing=tuple(_routing(line, tables) for line in tables.complete("routing", key="name")),
        shapes=_keyed(tables, "shapes", _shape),
    )
    tables.faults += check.faults(city, tables)
    if tables.faults:
        raise CityError(tables.faults)
    return city


def _keyed(tables: Tables, section: str, make: Callable[[Row, Note], T]) -> dict[str, T]:
    """Entries by code; a cell that cannot be read and a code given twice are faults."""
    entries: dict[str, T] = {}
    first: dict[str, int] = {}
    for line in tables.complete(section, key="code"):
        code = line.cells["code"]

        note = _noting(line, tables)
        where = first.setdefault(code, line.number)
        if where != line.number:
            note(
                f"代码 {code} 与第 {where} 行重复，请删去一行。",
                f"The code {code} is taken by line {where}; remove one of them.",
            )
        else:
            entries[code] = make(line.cells, note)
    return entries


def _noting(line: Line, tables: Tables) -> Note:
    return lambda zh, en: tables.faults.append(line.fault(zh, en))


def _area(cells: Row, note: Note) -> Area:
    _code_like(_AREA, cells, note, "应是 6、9 或 12 位数字", "6, 9 or 12 digits")
    return Area(
        code=cells["code"],
        name=cells.get("name", ""),
        name_en=cells.get("name_en", ""),
        parent=cells.get("parent") or None,
        level=cells.get("level", ""),
    )


def _unit(cells: Row, note: Note) -> Unit:
    _code_like(
        _SLUG,
        cells,
        note,
        "应是 2 至 32 位小写字母、数字和连字符，以字母开头",
        "2 to 32 lower-case letters, digits and hyphens, a letter first",
    )
    return Unit(
        code=cells["code"],
        name=cells.get("name", ""),
        name_en=cells.get("name_en", ""),
        parent=cells.get("parent") or None,
        area=cells.get("area", ""),
        kind=cells.get("kind", ""),
        line=cells.get("line", ""),
        integrates=_flag("integrates", cells, note),
        retired=_day(cells.get("retired", ""), note),
        hours=_hours(cells.get("hours", ""), note),
    )


def _category(cells: Row, note: Note) -> Category:
    _code_like(_CATEGORY, cells, note, "应是 4 位数字", "4 digits")
    return Category(
        code=cells["code"],
        domain=cells.get("domain", ""),
        domain_en=cells.get("domain_en", ""),
        name=cells.get("name", ""),
        name_en=cells.get("name_en", ""),
        lead=cells.get("lead") or None,
        assisting=listed(cells.get("assisting", "")),
        scope=cells.get("scope", ""),
        line=cells.get("line", ""),
        evidence=_evidence(cells, note),
    )


def _evidence(cells: Row, note: Note) -> tuple[EvidenceKind, ...]:
    given = listed(cells.get("evidence", ""))
    for one in sorted(set(given) - set(EVIDENCE)):
        choices = ", ".join(EVIDENCE)
        note(
            f"evidence 不能是“{one}”，只能是：{choices}，几种之间用 {LIST_MARK} 隔开。",
            f"evidence cannot be “{one}”; it is any of {choices}, with {LIST_MARK} between them.",
        )
    return tuple(one for one in EVIDENCE if one in given)


def _staff(cells: Row, note: Note) -> Staff:
    _code_like(_ACCOUNT, cells, note, "应是登录账号，不含空格", "an account, without blanks")
    return Staff(
        code=cells["code"],
        name=cells.get("name", ""),
        role=cast(Role, cells.get("role", "")),  # an unknown one is a fault of `check`
        unit=cells.get("unit", ""),
        area=cells.get("area") or None,
        duty=_flag("duty", cells, note),
    )


def _code_like(pattern: re.Pattern[str], cells: Row, note: Note, zh: str, en: str) -> None:
    code = cells["code"]
    if not pattern.fullmatch(code):
        note(f"代码“{code}”不对：{zh}。", f"The code “{code}” is wrong: it must be {en}.")


def _flag(column: str, cells: Row, note: Note) -> bool:
    value = cells.get(column) or "false"
    if value not in ("true", "false"):
        note(
            f"{column} 只能写 true 或 false,不能写“{value}”。",
            f"{column} is true or false, not “{value}”.",
        )
    return value == "true"


def _day(text: str, note: Note) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        note(
            f"retired“{text}”不是日期，请写成 2026-01-31。",
            f"retired “{text}” is no date; write it as 2026-01-31.",
        )
        return None


def _hours(text: str, note: Note) -> Office | None:
    try:
        return Office.parse(text) if text else None
    except OfficeError as fault:
        note(f"{fault.words.zh}。", f"{fault.words.en}.")
        return None


def _rule(line: Line) -> Rule:
    return Rule(**{column: line.cells[column] for column in COLUMNS["rules"]})


def _routing(line: Line, tables: Tables) -> RoutingRule:
    """Codes that are none are faults of `check_routing`."""
    cells, several = line.cells, {column: listed(text) for column, text in line.cells.items()}
    return RoutingRule(
        name=cells["name"],
        words=several.get("words", ()),
        without=several.get("without", ()),
        category=several.get("category", ()),
        area=several.get("area", ()),
        kind=cast(tuple[Kind, ...], several.get("kind", ())),
        channel=cast(tuple[Channel, ...], several.get("channel", ())),
        to_category=cells.get("to_category") or None,
        to_unit=cells.get("to_unit") or None,
        urgency=cast(Urgency | None, cells.get("urgency") or None),
        person=_flag("person", cells, _noting(line, tables)),
        note=cells.get("note", ""),
    )


def _shape(cells: Row, note: Note) -> str:
    rings = cells.get("rings", "")
    if not PACKED.fullmatch(rings):
        note(
            f"{cells['code']} 的边界读不出来，请重新载入 areas.geojson。",
            f"The outline of {cells['code']} cannot be read; load areas.geojson again.",
        )
    return rings


def _terms(lines: Iterable[Line]) -> dict[str, tuple[str, ...]]:
    terms: dict[str, tuple[str, ...]] = {}
    for line in lines:
        category = line.cells["category"]
        terms[category] = (*terms.get(category, ()), *listed(line.cells["term"]))
    return terms
