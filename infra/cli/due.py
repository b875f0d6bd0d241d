"""`lianxin due`: when each clock of a policy is due, counted from one start, with its working."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import typer

from casework.clock.book import Pair, pair_of, presets
from casework.clock.calendar import Calendar, aware
from casework.clock.limits import Day, Deadline, Limit, working
from casework.clock.office import OFFICE, Office
from casework.clock.policy import ClockRule, Policy
from casework.clock.words import ClockError
from casework.views.names import clock_kind
from casework.words import Language, pick
from infra.cli.reckoning import counted_words, days_by_reason, due_words, limit_words
from infra.cli.saying import Stop
from infra.cli.years import read_year
from schemas.names import Kind, Urgency

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Due:
    """One clock of a policy: its limit, its deadline and the days up to it."""

    clock: str
    limit: Limit
    deadline: Deadline
    days: tuple[Day, ...]


def run(
    policy: str,
    kind: str,
    urgency: Urgency,
    start: str,
    files: Sequence[Path],
    hours: str | None,
    language: Language,
    as_json: bool,
) -> None:
    """Print the clocks. Raises Stop for what cannot be read or counted."""
    if kind not in get_args(Kind):
        kinds = ", ".join(get_args(Kind))
        raise Stop(
            f"没有诉求类型“{kind}”，可用：{kinds}。",
            f"There is no kind “{kind}”; use one of {kinds}.",
            2,
        )
    rules, began = policy_named(policy).of(urgency), _instant(start)
    try:
        calendar = Calendar.seeded().with_years(*(read_year(file)[0] for file in files))
        office = Office.parse(hours) if hours else OFFICE
        found = list(reckon(rules, kind, urgency, began, calendar, office))
    except ClockError as fault:
        raise Stop(*fault.words, 2) from fault
    except OverflowError as fault:
        raise Stop(
            f"从 {start} 起算超出了日期的范围，请核对时间。",
            f"From {start} the dates run out; check the time.",
            2,
        ) from fault
    shown = {
        "policy": rules.name,
        "kind": kind,
        "urgency": urgency,
        "from": calendar.wall(began).isoformat(),
        "clocks": [_shown(one, calendar, language) for one in found],
    }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _print(shown, language)


def reckon(
    policy: Policy,
    kind: str,
    urgency: Urgency,
    start: datetime,
    calendar: Calendar,
    office: Office = OFFICE,
) -> Iterator[Due]:
    """The clocks that run for this kind and urgency, in the policy's order, as if all started at `start`.

    One that stays within another (a level within the citizen's promise) ends no later than that.
    Raises ClockError.
    """
    office = office.ending_at_close if policy.at_close else office
    for rule in policy.clocks.values():
        limit = rule.limit_for(kind, urgency=urgency)
        if limit is None:
            continue
        counted = working(start, limit, calendar, office)
        outer = _outer(policy, rule, kind, urgency)
        if outer is not None:
            around = working(start, outer, calendar, office)
            counted = min(counted, around, key=lambda one: one.deadline.at)
        yield Due(rule.name, limit, counted.deadline, counted.days)


def _outer(policy: Policy, rule: ClockRule, kind: str, urgency: Urgency) -> Limit | None:
    return policy.clocks[rule.within].limit_for(kind, urgency=urgency) if rule.within else None


def policy_named(name: str) -> Pair:
    """A packaged policy by its name, or the one in a TOML file. Raises Stop."""
    packaged = presets()
    file = Path(name)
    try:
        if name in packaged:
            return pair_of({"extends": name, "name": name}, {})
        if file.is_file():
            document = _document(file)
            return pair_of(document, _bases(document, file.parent))
    except ClockError as fault:
        raise Stop(f"{name}：{fault.words.zh}", f"{name}: {fault.words.en}") from fault
    known = ", ".join(packaged)
    raise Stop(
        f"没有政策“{name}”，也没有这个文件。内置政策：{known}。",
        f"There is no policy “{name}” and no such file. Packaged: {known}.",
        2,
    )


def _bases(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """What a policy builds on that stands beside it, by name."""
    found: dict[str, Any] = {}
    while (name := document.get("extends")) and name not in (*found, *presets()):
        file = folder / f"{name}.toml"
        if not file.is_file():
            break
        document = found[name] = _document(file)
    return found


def _document(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Stop(
            f"{file} 不是有效的 TOML（UTF-8）文件，请改正：{fault}",
            f"{file} is no valid TOML: {fault}",
        ) from fault


def _instant(text: str) -> datetime:
    try:
        return aware(datetime.fromisoformat(text)).astimezone(UTC)
    except ClockError as fault:
        raise Stop(f"--from：{fault.words.zh}", f"--from: {fault.words.en}", 2) from fault
    except (ValueError, OverflowError) as fault:
        raise Stop(
            f"--from 的“{text}”不是时间，请写成 2026-02-13T10:00:00+08:00 的样子。",
            f"“{text}” in --from is no time; write it like 2026-02-13T10:00:00+08:00.",
            2,
        ) from fault


def _shown(one: Due, calendar: Calendar, language: Language) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "name": clock_kind(one.clock, language),
        "limit": str(one.limit),
        "due_on": one.deadline.on.isoformat(),
        "due_at": calendar.wall(one.deadline.at).isoformat(),
        "provisional": one.deadline.provisional,
        "working": [_day(day, language) for day in one.days],
    }


def _day(day: Day, language: Language) -> dict[str, Any]:
    """`minutes` is what the day took of a limit in working hours."""
    return {
        "date": day.on.isoformat(),
        "number": day.number,
        "reason": pick(day.note, language) if day.note else None,
    } | ({"minutes": day.worked // MINUTE} if day.worked else {})


def _print(shown: dict[str, Any], language: Language) -> None:
    from rich.console import Console
    from rich.table import Table

    def say(zh: str, en: str) -> str:
        return pick((zh, en), language)

    began = datetime.fromisoformat(shown["from"]).strftime("%Y-%m-%d %H:%M")
    table = Table(
        title=f"{shown['policy']} · {shown['kind']} · {say('起算', 'from')} {began}",
        title_justify="left",
    )
    for heading in (say("时限", "For"), say("到期", "Due"), say("怎样算", "Counted")):
        table.add_column(heading, overflow="fold")
    for one in shown["clocks"]:
        due = [due_words(one["due_on"], one["due_at"])]
        due += [say("日历暂定", "provisional")] if one["provisional"] else []
        table.add_row(
            f"{one['name']} {one['clock']}\n{limit_words(one['limit'], language)}",
            "\n".join(due),
            "\n".join(_lines(one["working"], language)),
        )
    Console(highlight=False).print(table)


def _lines(days: list[dict[str, Any]], language: Language) -> Iterator[str]:
    """First and last day counted, then the weekends worked and the days passed over, with why."""
    yield from counted_words([day["date"] for day in days if day["number"]], language)
    for said, counts in ((("计入", "with"), True), (("不计", "not"), False)):
        noted = (
            (day["date"], day["reason"])
            for day in days
            if day["reason"] and bool(day["number"]) is counts
        )
        for line in days_by_reason(noted):
            yield f"{pick(said, language)} {line}"
