"""`lianxin deadlines replay`: real cases on a simulated clock, and whether a reminder was missed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from multiprocessing import Manager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from casework.cases.rules import Rules
from casework.catalogue.load import read_city
from casework.clock.calendar import SHANGHAI, Calendar
from casework.clock.policy import Policy
from infra.cli.progress import progress
from infra.cli.saying import CITY, Stop
from infra.deadlines.replay import Replay, Report, Sweeps, parts
from infra.deadlines.rows import Row, Unusable, read

UNIT, CATEGORY = "chengguan", "0205"
"""Whose the cases are, in the invented city: any unit and any category do."""
SHOWN = 5


def run(
    path: Path,
    interval: int,
    outage: Sequence[str],
    shuffle: int | None,
    limit: int | None,
    *,
    as_json: bool,
) -> int:
    """Replay a file; 0 if no reminder was missed and none came twice, else 1. Raises Stop."""
    rows, unusable = read(path, ZoneInfo(SHANGHAI))
    rows = rows[:limit]
    if not rows:
        raise Stop("没有可用的行。", "No row can be used.", 2)
    sweeps = Sweeps(timedelta(minutes=interval), _outage(outage))
    report = _replayed(rows, sweeps, shuffle)
    if as_json:
        print(json.dumps(_plain(report, unusable), ensure_ascii=False))
    else:
        _tell(report, unusable)
    return 0 if report.missed == report.doubled == 0 else 1


def rules() -> Rules:
    """The invented city with the packaged policy, its replies sent unread."""
    preset = Policy.preset()
    # Some of the real due times lie decades ahead, further than a city would let anybody impose.
    caps = {name: limit for name, limit in preset.at_most.items() if name != "imposed"}
    policy = replace(preset, review="none", reply_review="none", at_most=caps)
    return Rules(policy, Calendar.seeded(), read_city(CITY))


def _replayed(rows: list[Row], sweeps: Sweeps, shuffle: int | None) -> Report:
    """The rows dealt out over the processors: no case minds another."""
    n = min(os.cpu_count() or 1, 8, max(1, len(rows) // 500))
    whole = Report()
    with Manager() as manager, progress("deadlines") as told, ProcessPoolExecutor(n) as pool:
        done = manager.dict(dict.fromkeys(range(n), 0))
        runs = [
            pool.submit(_one, part, replace(sweeps, disorder=_random(shuffle, k)), done, k)
            for k, part in enumerate(parts(rows, n))
        ]
        while any(not run.done() for run in runs):
            told(sum(done.values()), len(rows))
            _wait(runs)
        for run in runs:
            whole = whole.and_(run.result())
        told(len(rows), len(rows))
    return whole


def _one(rows: list[Row], sweeps: Sweeps, done: Any, k: int) -> Report:
    def told(share: float) -> None:
        done[k] = int(share * len(rows))

    return Replay(rows, rules(), UNIT, CATEGORY, sweeps).run(told)


def _wait(runs: Sequence[Any]) -> None:
    from concurrent.futures import wait

    wait(runs, timeout=1)


def _random(seed: int | None, k: int) -> random.Random | None:
    return None if seed is None else random.Random(seed * 100 + k)


def _outage(given: Sequence[str]) -> tuple[datetime, datetime] | None:
    if not given:
        return None
    try:
        begin, end = (datetime.fromisoformat(text) for text in given)
    except ValueError as fault:
        raise Stop(
            "--outage 要两个时间：2011-10-01T08:00+08:00 2011-10-01T23:00+08:00。",
            "--outage takes two times such as 2011-10-01T08:00+08:00 2011-10-01T23:00+08:00.",
            2,
        ) from fault
    if begin.tzinfo is None or end.tzinfo is None or end <= begin:
        raise Stop("停机时间要带时区，且止在起后。", "Both take a zone, and the end comes last.", 2)
    return begin, end


def _plain(report: Report, unusable: Sequence[Unusable]) -> dict[str, Any]:
    values = asdict(report)
    values.pop("on_time_lines")
    values["reminders"] = {str(level): n for level, n in report.reminders.items()}
    values["unusable"] = [{"line": row.line, "reason": row.why[1]} for row in unusable]
    return values


def _tell(report: Report, unusable: Sequence[Unusable]) -> None:
    out = Console(highlight=False)
    out.print(f"重放 {report.cases} 件 · {report.cases} cases replayed")
    for zh, en, n in (
        ("按期办结", "closed on time", report.closed_on_time),
        ("超期办结", "closed late", report.closed_late),
        ("未办结，已超期", "open and overdue", report.open_overdue),
        ("未办结，未到期", "open and in time", report.open_in_time),
    ):
        out.print(f"  {zh} {en}: {n}")
    levels = "，".join(f"{level} 级 {n}" for level, n in sorted(report.reminders.items()))
    out.print(f"催办与督办（按级别） reminders by level: {levels}")
    out.print(f"漏掉 missed: {report.missed}；重复 doubled: {report.doubled}")
    if unusable:
        reasons: dict[tuple[str, str], list[int]] = {}
        for row in unusable:
            reasons.setdefault(row.why, []).append(row.line)
        out.print(f"不能用的行 rows that cannot be used: {len(unusable)}")
        for (zh, en), lines in reasons.items():
            some = ", ".join(map(str, lines[:SHOWN])) + (" …" if len(lines) > SHOWN else "")
            out.print(f"  {zh} {en}: {len(lines)}（行 lines {some}）")
