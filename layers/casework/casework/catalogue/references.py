"""What a cell of a catalogue may refer to: codes that exist, units in service, a tree, a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casework.catalogue.city import BY_AREA, BY_PERSON, PARTY, Category, City
from casework.catalogue.tables import Fault, Line


def same_line(city: City, line: Line, category: Category, named: str) -> Iterator[Fault]:
    """党务 is led by a 党务 unit, which leads nothing else. What goes by area is government."""
    unit = city.units.get(named)
    if unit is None and named not in BY_AREA:
        return  # a person decides, or the code is unknown and has its fault
    if (unit is not None and unit.line == PARTY) != (category.line == PARTY):
        yield line.fault(
            f"{category.code} 属{category.line}，不能由 {named} 主办：党务分类只能归党务单位"
            f"（或 {BY_PERSON}），党务单位也只办党务；请改 line 或换单位，"
            "领域规则的例外另写一行。",
            f"{category.code} is of line {category.line} and cannot be led by {named}: "
            f"{PARTY} (party affairs) is for {PARTY} units or {BY_PERSON}, and they lead nothing "
            "else; change the line or the unit, and give an exception in a domain its own row.",
        )


def one_of(line: Line, column: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    value = line.cells.get(column)
    if value and value not in allowed:  # an empty cell has its fault already
        choices = ", ".join(allowed)
        yield line.fault(
            f"{column} 不能是“{value}”，只能是：{choices}。",
            f"{column} cannot be “{value}”; it is one of {choices}.",
        )


_TABLE_OF = {
    "area": ("行政区划", "areas"),
    "unit": ("单位", "units"),
    "category": ("分类", "categories"),
}


def unknown(line: Line, sort: str, code: str) -> Fault:
    zh, table = _TABLE_OF[sort]
    return line.fault(
        f"{zh} {code} 不存在，请先写进 {table} 表，或改正代码。",
        f"The {sort} {code} does not exist; add it to {table} or correct the code.",
    )


def in_tree(line: Line, parents: Mapping[str, str | None]) -> Iterator[Fault]:
    """A parent that is unknown, or a chain of parents that comes back to where it began."""
    code = line.cells["code"]
    parent = parents[code]
    if parent is not None and parent not in parents:
        yield line.fault(
            f"上级 {parent} 不存在，请先写上它的那一行。",
            f"The parent {parent} does not exist; add its line.",
        )
    chain = [code]
    while parent is not None and parent in parents and parent not in chain:
        chain.append(parent)
        parent = parents[parent]
    if parent == code:
        circle = " → ".join([*chain, code])
        yield line.fault(
            f"上下级成了一个圈：{circle}，请断开一处。",
            f"The parents run in a circle: {circle}; cut it somewhere.",
        )


def reference(city: City, line: Line, named: str) -> Iterator[Fault]:
    if named.startswith("@"):
        choices = (*BY_AREA, BY_PERSON)
        if named not in choices:
            yield line.fault(
                f"“{named}”不是单位，可以写：{', '.join(choices)}。",
                f"“{named}” is no unit; there are {', '.join(choices)}.",
            )
    else:
        yield from in_service(city, line, named)


def in_service(city: City, line: Line, unit: str) -> Iterator[Fault]:
    if unit not in city.units:
        yield unknown(line, "unit", unit)
    elif retired := city.units[unit].retired:
        yield line.fault(
            f"单位 {unit} 已于 {retired} 撤销，请写承接它的单位。",
            f"The unit {unit} was retired on {retired}; name its successor.",
        )
