"""`lianxin city`: check a city's catalogue with its policies, load it into a deployed settings table."""

from __future__ import annotations

from pathlib import Path

import typer

from casework.catalogue.city import City
from casework.catalogue.load import read_city, read_deciders
from casework.catalogue.policies import Policies, policies_of, read_policies
from casework.catalogue.tables import CityError, Line
from casework.policies import summary
from infra.cli.policies import say_policies
from infra.cli.saying import Stop
from infra.cli.settings import deployed_table, written


def check(directory: Path) -> tuple[City, tuple[Line, ...], Policies | None]:
    """Read a city and say how much there is of what. Raises Stop with every fault."""
    city, deciders, policies = read(directory)
    typer.echo(
        f"目录有效：{city.root.name}，{len(city.areas)} 个区域，{len(city.units)} 个单位，"
        f"{len(city.categories)} 个事项分类，{len(deciders)} 项决定权调整\n"
        f"Valid: {city.root.name_en}, {len(city.areas)} areas, {len(city.units)} units, "
        f"{len(city.categories)} categories, {len(deciders)} changes of who decides"
    )
    if policies is not None:
        say_policies(summary(policies))
    return city, deciders, policies


def load(directory: Path, table: str) -> None:
    """Store a valid catalogue in a settings table. Raises Stop if AWS refuses."""
    from casework.store.settings import write_city

    city, deciders, policies = check(directory)
    with written(table):
        write_city(deployed_table(table), city, deciders, policies)
    typer.echo(
        f"已载入 {table}，5 分钟内生效。\nLoaded into {table}; in force within five minutes."
    )


def read(directory: Path) -> tuple[City, tuple[Line, ...], Policies | None]:
    if not directory.is_dir():
        raise Stop(f"没有目录 {directory}。", f"There is no directory {directory}.", 2)
    try:
        city, texts = read_city(directory), read_policies(directory)
        return city, read_deciders(directory), policies_of(texts, city) if texts else None
    except CityError as fault:
        raise Stop("目录有错，请逐条改正：", f"The catalogue has faults:\n{fault}") from fault
