"""`lianxin calendar`: check the calendar of a year, say what it changes, enter it into a city."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import typer

from casework.clock.calendar import Calendar
from casework.clock.changes import changes
from casework.clock.words import CalendarError
from casework.clock.year import Year
from infra.cli.reckoning import runs
from infra.cli.saying import Stop
from infra.cli.settings import Deployed, deployed_table, say_cases, written

DOOR = "/calendar"
AGAIN = "/provisional-again"
"""Where a running local stack takes a year: PUT, with the file's name as `?name=`."""
ENOUGH = 400
"""So many days of known calendar an operator should have: a limit of a year is counted to its end."""


def read_year(file: Path) -> tuple[Year, Any]:
    """A year and its document, from a JSON file. Raises Stop, or CalendarError naming file and day."""
    try:
        document = json.loads(file.read_text("utf-8"), object_pairs_hook=_each_once)
    except OSError as fault:
        raise Stop(
            f"没有文件 {file}，或不可读。", f"There is no file {file} to read.", 2
        ) from fault
    except _TwiceError as twice:
        raise CalendarError(
            f"{file.name}：{twice} 写了两次，请删去其一",
            f"{file.name}: {twice} stands there twice; remove one of the two",
        ) from twice
    except (ValueError, RecursionError) as fault:
        raise Stop(
            f"{file} 不是有效的 JSON（UTF-8）文件，请改正：{fault}",
            f"{file} is no valid JSON: {fault}",
        ) from fault
    return Year.read(document, file.name), document


class _TwiceError(ValueError):
    """A key that an object has twice, of which JSON would keep the last without a word."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found


def check(files: Sequence[Path], table: str | None) -> None:
    """Say what the files would change, in the packaged calendar or in that of a deployed city.

    Raises Stop with what is wrong, file by file.
    """
    present = _of_city(table) if table else Calendar.seeded()
    years, faults = [], []
    for file in files:
        try:
            years.append(read_year(file)[0])
        except CalendarError as fault:
            faults.append(fault)
    try:
        after = present.with_years(*years)
    except CalendarError as fault:
        faults.append(fault)
    if faults:
        zh = "\n".join(f"  {fault.words.zh}" for fault in faults)
        en = "\n".join(f"  {fault.words.en}" for fault in faults)
        raise Stop(f"年历有错，请改正：\n{zh}", f"The calendar has faults:\n{en}")
    changed = changes(present, after)
    for year in sorted(years, key=lambda one: one.year):
        days = after.working_days_of(year.year)
        zh, en = ("（暂定）", " (provisional)") if year.provisional else ("", "")
        typer.echo(f"年历有效：{year.year} 年{zh}，{days} 个工作日")
        typer.echo(f"Valid: {year.year}{en}, {days} working days")
    _say_changes(changed.shown())
    _say_end(after, datetime.now(UTC))


def enter(file: Path, where: Deployed | int, *, again: bool = False) -> None:
    """Enter a year into a deployed city, or into the local stack on a port. Raises Stop.

    `again`: a year that has had its notice may become provisional.
    """
    try:
        _, document = read_year(file)
        entered = (
            _into_local(document, file.name, where, again=again)
            if isinstance(where, int)
            else _into_table(document, file.name, where, again=again)
        )
    except CalendarError as fault:
        raise Stop(*fault.words) from fault
    year, days = entered["year"], entered["working_days"]
    typer.echo(f"已录入 {year} 年的年历（{days} 个工作日），5 分钟内生效。")
    typer.echo(
        f"Entered the calendar of {year} ({days} working days); in force within five minutes."
    )
    _say_changes(entered)
    say_cases(
        entered["open_cases"],
        ("{} 件的到期日可能变动", "dates of {} may move"),
        entered["may_move"],
        ("年历", "calendar"),
    )


def _into_table(document: Any, name: str, city: Deployed, *, again: bool) -> dict[str, Any]:
    from casework.calendars import enter as enter_year

    with written(city.settings):
        settings, cases = deployed_table(city.settings), city.open_cases()
        entered = enter_year(document, name, settings, city.zone, cases, provisional_again=again)
        return entered.shown()


def _into_local(document: Any, name: str, port: int, *, again: bool) -> dict[str, Any]:
    from infra.cli.client import put

    return put(port, f"{DOOR}{AGAIN if again else ''}?name={quote(name)}", document)


def _of_city(table: str) -> Calendar:
    from casework.store.settings import read_rules

    with written(table):
        return read_rules(deployed_table(table), "Asia/Shanghai").calendar


def _say_changes(changed: dict[str, Any]) -> None:
    """What changes against the calendar before, a line each, Chinese and English."""
    said = (
        ("added", "新增年份", "new years"),
        ("settled", "由暂定转为正式", "provisional no more"),
        ("unsettled", "由正式改回暂定", "provisional again"),
        ("working", "改为上班", "become working days"),
        ("free", "改为放假", "become days off"),
    )
    found = [(zh, en, changed[key]) for key, zh, en in said if changed[key]]
    for zh, en, what in found:
        typer.echo(f"  {zh} {en}: {_listed(what)}")
    if not found:
        typer.echo("  与现有年历相同 the same as the present calendar")


def _say_end(calendar: Calendar, now: datetime) -> None:
    """How far the calendar is known: beyond its end no working day can be counted."""
    last, days = calendar.last, calendar.days_left(now)
    typer.echo(f"  年历已知至 {last}，还有 {days} 天 known to {last}: {days} days left")
    if days < ENOUGH:
        typer.echo(f"  不足 {ENOUGH} 天，请尽快录入后续年份。")
        typer.echo(f"  That is under {ENOUGH}: enter the years that follow.")


def _listed(what: list[Any]) -> str:
    """Years as they are, days in runs under their year."""
    if isinstance(what[0], int):
        return ", ".join(map(str, what))
    years = sorted({day[:4] for day in what})
    return "; ".join(
        f"{year}: {' '.join(runs([day for day in what if day[:4] == year]))}" for year in years
    )
