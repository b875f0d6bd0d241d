"""What makes a catalogue usable: whole trees, known references, a rule for every category."""

from __future__ import annotations

from collections.abc import Iterator

from casework.catalogue.check_routing import faults_of_rules
from casework.catalogue.city import (
    BY_PERSON,
    EVERYWHERE,
    KINDS,
    LEVELS,
    LINES,
    Category,
    City,
)
from casework.catalogue.references import (
    in_service,
    in_tree,
    one_of,
    reference,
    same_line,
    unknown,
)
from casework.catalogue.tables import COLUMNS, Fault, Line, Tables, listed
from schemas.names import ROLES, STAFF


def faults(city: City, tables: Tables) -> list[Fault]:
    """Everything wrong with the city, each with the line to mend; empty if it may be used."""

    def coded(section: str) -> list[Line]:
        return [line for line in tables.lines(section) if line.cells.get("code")]

    def whole(section: str) -> list[Line]:
        needed = COLUMNS[section]
        return [line for line in tables.lines(section) if all(map(line.cells.get, needed))]

    return [
        *_areas(city, coded("areas")),
        *_units(city, coded("units")),
        *_one_government_an_area(city, coded("units")),
        *_categories(city, coded("categories")),
        *_one_name_a_domain(coded("categories")),
        *_rules(city, whole("rules")),
        *_terms(city, whole("terms")),
        *_staff(city, coded("staff")),
        *faults_of_rules(city, tables.lines("routing")),
        *_shapes(city, coded("shapes")),
    ]


def _areas(city: City, lines: list[Line]) -> Iterator[Fault]:
    parents = {area.code: area.parent for area in city.areas.values()}
    roots = [line for line in lines if not line.cells.get("parent")]
    if not roots:
        file = lines[0].file if lines else "areas"
        yield Fault(file, 0, "没有城市这一级的区划，请加上。", "There is no city; add it.")
    for line in roots[1:]:
        yield line.fault(
            "只能有一个没有上级的区划(城市本身),请写上 parent。",
            "Only the city itself has no parent; fill in parent.",
        )
    for line in lines:
        area = city.areas[line.cells["code"]]
        yield from one_of(line, "level", LEVELS)
        broken = list(in_tree(line, parents))
        yield from broken
        if area.level not in LEVELS or broken:
            continue
        if area.parent is None and area.level != "city":
            yield line.fault("最上一级应是 city。", "The topmost area must be of level city.")
        elif area.parent and _rank(area.level) <= _rank(city.areas[area.parent].level):
            yield line.fault(
                f"{area.level} 不能放在 {city.areas[area.parent].level} 之下。",
                f"{area.level} cannot stand below {city.areas[area.parent].level}.",
            )


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def _units(city: City, lines: list[Line]) -> Iterator[Fault]:
    for line in lines:
        unit = city.units[line.cells["code"]]
        yield from one_of(line, "kind", KINDS)
        yield from one_of(line, "line", LINES)
        if unit.area and unit.area not in city.areas:
            yield unknown(line, "area", unit.area)
        yield from in_tree(line, city.parents)
        above = city.units.get(unit.parent or "")
        if above and above.retired and not unit.retired:
            yield line.fault(
                f"上级单位 {above.code} 已于 {above.retired} 撤销，请改换上级。",
                f"Its parent {above.code} was retired on {above.retired}; name another.",
            )


def _one_government_an_area(city: City, lines: list[Line]) -> Iterator[Fault]:
    """@street and @district must lead to one unit, or the choice would hang on row order."""
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        unit = city.units[line.cells["code"]]
        if unit.kind not in ("street", "district") or unit.retired:
            continue
        other = seen.setdefault((unit.kind, unit.area), unit.code)
        if other != unit.code:
            yield line.fault(
                f"区划 {unit.area} 已有 {unit.kind} 一级的单位 {other}。",
                f"The area {unit.area} already has {other} as its {unit.kind} unit.",
            )


def _categories(city: City, lines: list[Line]) -> Iterator[Fault]:
    everywhere = {rule.category for rule in city.rules if rule.area == EVERYWHERE}
    for line in lines:
        category = city.categories[line.cells["code"]]
        yield from one_of(line, "line", LINES)
        if category.lead:
            yield from reference(city, line, category.lead)
            yield from same_line(city, line, category, category.lead)
        elif not everywhere & {category.code, category.domain_code}:
            yield line.fault(
                f"{category.code} 没有主办单位：请填 lead，或在归口规则里加“{category.code},*,…”；"
                f"确需人工判断的写 {BY_PERSON}。",
                f"{category.code} has no responsible unit: fill in lead, or add a rule "
                f"“{category.code},*,…”; where a person must decide write {BY_PERSON}.",
            )
        for one in category.assisting:
            yield from reference(city, line, one)


def _one_name_a_domain(lines: list[Line]) -> Iterator[Fault]:
    names: dict[str, tuple[str, str]] = {}
    for line in lines:
        name = line.cells.get("domain", ""), line.cells.get("domain_en", "")
        prefix = line.cells["code"][:2]
        known = names.setdefault(prefix, name)
        if known != name:
            yield line.fault(
                f"领域 {prefix} 已叫“{known[0]}”({known[1]}),名称须一致。",
                f"Domain {prefix} is already named {known[1]} ({known[0]}); use one name.",
            )


def _rules(city: City, lines: list[Line]) -> Iterator[Fault]:
    domains = {category.domain_code for category in city.categories.values()}
    leads = {code for code, category in city.categories.items() if category.lead}
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        category, area = line.cells["category"], line.cells["area"]
        if category not in city.categories and category not in domains:
            yield unknown(line, "category", category)
        if area != EVERYWHERE and area not in city.areas:
            yield unknown(line, "area", area)
        elif area != EVERYWHERE and city.areas[area].parent is None:
            yield line.fault(f"全市请写 {EVERYWHERE}。", f"For the whole city write {EVERYWHERE}.")
        yield from reference(city, line, line.cells["unit"])
        for one in _ruled(city, category, area):
            yield from same_line(city, line, one, line.cells["unit"])
        if area == EVERYWHERE and category in leads:
            yield line.fault(
                f"{category} 在分类表里已有主办单位，两处只留一处。",
                f"{category} has its lead in the categories; keep one of the two.",
            )
        first = seen.setdefault((category, area), line.number)
        if first != line.number:
            yield line.fault(
                f"{category} 在 {area} 的规则与第 {first} 行重复。",
                f"There is a rule for {category} in {area} in line {first} already.",
            )


def _ruled(city: City, key: str, area: str) -> Iterator[Category]:
    """The categories for which a rule decides in its area: those without a nearer one there."""
    if key in city.categories:
        yield city.categories[key]
        return
    own = {rule.category for rule in city.rules if rule.area == area}
    for category in city.categories.values():
        led = area == EVERYWHERE and category.lead
        if category.domain_code == key and category.code not in own and not led:
            yield category


def _terms(city: City, lines: list[Line]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for line in lines:
        category = line.cells["category"]
        if category not in city.categories:
            yield unknown(line, "category", category)
        for term in listed(line.cells["term"]):
            if len(term) < 2:
                yield line.fault(
                    f"“{term}”太短，单个字会到处匹配。",
                    f"“{term}” is too short: it would match anywhere.",
                )
            if (category, term) in seen:
                yield line.fault(f"词语“{term}”重复。", f"The term “{term}” is there twice.")
            seen.add((category, term))


def _staff(city: City, lines: list[Line]) -> Iterator[Fault]:
    roles = tuple(role for role in ROLES if role in STAFF)
    for line in lines:
        yield from one_of(line, "role", roles)
        if unit := line.cells.get("unit"):
            yield from in_service(city, line, unit)
        area = line.cells.get("area")
        if area and area not in city.areas:
            yield unknown(line, "area", area)


def _shapes(city: City, lines: list[Line]) -> Iterator[Fault]:
    for line in lines:
        if line.cells["code"] not in city.areas:
            yield unknown(line, "area", line.cells["code"])
