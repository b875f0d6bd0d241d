"""`lianxin policy`: check a city's policies, put them in force, say how many open cases they move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from casework.cases.rules import Rules
from casework.catalogue.city import City
from casework.catalogue.load import FILES, read_city
from casework.catalogue.policies import (
    BY_CATEGORY,
    OWN,
    policies_of,
    read_policies,
    read_texts,
)
from casework.catalogue.tables import CityError
from casework.clock.calendar import Calendar
from casework.clock.limits import due
from casework.clock.words import ClockError
from casework.policies import summary
from casework.runtime import utc_now
from infra.cli.saying import Stop
from infra.cli.settings import Deployed, deployed_table, say_cases, written
from infra.local.policies import FAULTY

DOOR = "/policies"
"""Where a running local stack takes policies: PUT, their texts by file name."""


def check(paths: Sequence[Path], table: str | None) -> None:
    """Say which policy would count for what. Raises Stop with each fault, its file and line.

    Categories are looked up in the city's directory or in a deployed settings table.
    """
    try:
        texts, city = _read(paths)
        calendar = Calendar.seeded()
        if table:
            rules = _rules_of(table)
            city, calendar = rules.city, rules.calendar
        found = summary(policies_of(texts, city, lambda limit: due(utc_now(), limit, calendar)))
    except CityError as faults:
        raise _stop(faults) from faults
    typer.echo(f"政策有效：{len(texts)} 个文件\nValid: {len(texts)} files")
    say_policies(found)
    if city is None and BY_CATEGORY in texts:
        typer.echo("  未核对分类代码；要核对请给出城市目录或 --table 设置表名。")
        typer.echo("  Categories were not looked up; give the city's directory, or --table.")


def load(directory: Path, where: Deployed | int) -> None:
    """Put a directory's policies in force, in a deployed city or the local stack. Raises Stop."""
    try:
        texts, _ = _read([directory])
        entered = _into_local(texts, where) if isinstance(where, int) else _into(texts, where)
    except CityError as faults:
        raise _stop(faults) from faults
    except ClockError as fault:
        raise Stop(*fault.words) from fault
    typer.echo("已录入政策，5 分钟内生效。\nEntered the policies; in force within five minutes.")
    say_policies(entered)
    say_cases(
        entered["open_cases"],
        ("{} 件将改期或改提醒时间", "{} get other dates or reminders"),
        entered["will_move"],
        ("政策", "policies"),
    )


def in_force(table: str) -> None:
    """Say which policy counts for what in a deployed city. Raises Stop."""
    book = _rules_of(table).book
    if book is not None:
        by_category = {key: pair.plain.name for key, pair in sorted(book.by_category.items())}
        say_policies({"default": book.default.plain.name, "by_category": by_category})


def say_policies(found: Mapping[str, Any]) -> None:
    """Which policy counts for all, which for what, and which for nothing yet."""
    typer.echo(f"  全部诉求 all: {found['default']}")
    for category, name in found["by_category"].items():
        sort = "领域 domain" if len(category) == 2 else "分类 category"
        typer.echo(f"  {sort} {category}: {name}")
    if unused := ", ".join(found.get("unused", ())):
        typer.echo(f"  没有用到 used for nothing: {unused}")


def _read(paths: Sequence[Path]) -> tuple[dict[str, str], City | None]:
    """The texts of a directory or of these files, and the city if the directory is one's."""
    city = None
    if len(paths) == 1 and paths[0].is_dir():
        texts = read_policies(paths[0])
        city = read_city(paths[0]) if (paths[0] / FILES["categories"]).is_file() else None
    else:
        for path in paths:
            if not path.is_file():
                raise Stop(f"没有文件或目录 {path}。", f"There is no file or directory {path}.", 2)
        texts = read_texts(paths)
    if not texts:
        raise Stop(
            f"{paths[0]} 里没有政策；请放入 {OWN}、其他 TOML 文件或 {BY_CATEGORY}。",
            f"{paths[0]} holds no policies; put {OWN}, other TOML files or {BY_CATEGORY} there.",
            2,
        )
    return texts, city


def _stop(faults: CityError) -> Stop:
    zh, en = FAULTY
    return Stop(zh, f"{en}\n{faults}")


def _into(texts: Mapping[str, str], city: Deployed) -> dict[str, Any]:
    from casework.policies import enter

    with written(city.settings):
        settings = deployed_table(city.settings)
        return enter(texts, settings, city.zone, utc_now(), city.open_cases()).shown()


def _into_local(texts: Mapping[str, str], port: int) -> dict[str, Any]:
    from infra.cli.client import put

    return put(port, DOOR, texts)


def _rules_of(table: str) -> Rules:
    from casework.store.settings import read_rules

    with written(table):
        return read_rules(deployed_table(table), "Asia/Shanghai")
