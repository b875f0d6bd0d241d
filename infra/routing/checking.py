"""`lianxin routing check`: whether a city's rules of dispatch and outlines can be used, and what they say."""

from __future__ import annotations

from pathlib import Path

from casework.catalogue.city import City
from casework.catalogue.routing import RoutingRule
from infra.routing.trying import valid


def run(directory: Path) -> None:
    """Say what the rules do, in their order. Raises Stop with every fault."""
    from rich.console import Console
    from rich.table import Table

    city = valid(directory)
    out = Console(highlight=False, width=None if Console().is_terminal else 120)
    out.print(
        f"有效：{len(city.routing)} 条派单规则，{len(city.shapes)} 个区划的边界\n"
        f"Valid: {len(city.routing)} rules of dispatch, outlines of {len(city.shapes)} areas\n"
    )
    if not city.routing:
        return
    table = Table("", "规则 rule", "条件 if", "结果 then", box=None, pad_edge=False)
    for place, rule in enumerate(city.routing, 1):
        table.add_row(str(place), rule.name, _conditions(rule, city), _outcome(rule, city))
    out.print(table)


def _conditions(rule: RoutingRule, city: City) -> str:
    areas = (city.areas[code].name for code in rule.area)
    said = (
        ("词", " | ".join(rule.words)),
        ("没有", " | ".join(rule.without)),
        ("分类", " | ".join(rule.category)),
        ("区划", " | ".join(areas)),
        ("类型", " | ".join(rule.kind)),
        ("渠道", " | ".join(rule.channel)),
    )
    return "；".join(f"{name} {entries}" for name, entries in said if entries) or "一切 any"


def _outcome(rule: RoutingRule, city: City) -> str:
    unit = city.units.get(rule.to_unit or "")
    category = city.categories.get(rule.to_category or "")
    said = (
        f"{category.code} {category.name}" if category else "",
        f"→ {unit.name}" if unit else (f"→ {rule.to_unit}" if rule.to_unit else ""),
        rule.urgency or "",
        "由人判断 a person" if rule.person else "",
    )
    return " ".join(part for part in said if part)
