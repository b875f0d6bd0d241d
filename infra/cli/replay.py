"""`lianxin replay`: real messages through the running stack, each to its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.cli.client import doors
from infra.cli.life import Ending, Life
from infra.cli.messages import Message, read_messages
from infra.cli.progress import progress
from infra.local.people import Doors, RefusedError

AT_ONCE = 6
SHOWN = 10
"""So many of those that failed are named."""

ENDS = {
    "satisfied": ("诉求人满意，办结", "closed, citizen satisfied"),
    "satisfied_after_redo": ("二次办理后满意，办结", "closed, satisfied after a second handling"),
    "explained": ("回访说明后办结", "closed with an explanation"),
    "unrated": ("逾期未评价，办结", "closed, nobody rated"),
    "no_answer": ("未补充信息，办结", "closed, no answer from the citizen"),
    "declined": ("不予受理", "not accepted"),
    "withdrawn": ("已撤回", "withdrawn"),
    "handed_over": ("已转紧急渠道", "handed over"),
    "left_over": ("没有走完", "left over"),
    "failed": ("出错", "failed"),
}
WAYS = {
    "automatic": ("自动派单", "dispatched automatically"),
    "person": ("人工派单", "dispatched by a person"),
    "none": ("未派单", "not dispatched"),
}
CUTS = {
    "title": ("标题过长，已缩短", "titles shortened"),
    "body": ("正文过长，已截短", "texts cut"),
    "reply": ("答复过长，已截短", "replies cut"),
    "no_id": ("没有编号，跳过", "without an id, passed over"),
    "no_body": ("没有正文，跳过", "without a text, passed over"),
    "no_reply": ("没有答复，跳过", "without a reply, passed over"),
    "repeated": ("编号重复，跳过", "with an id seen before, passed over"),
}


def run(path: Path, limit: int | None, port: int) -> int:
    """Replay the first `limit` messages of a file; 0 if every one came to an end, else 1."""
    messages, cuts = read_messages(path, limit)
    began = time.monotonic()
    here = doors(port)
    here.get("/v1/health")
    endings = _replay(messages, here)
    _tell(endings, cuts, time.monotonic() - began)
    return 0 if all(one.good for one in endings.values()) else 1


def _replay(messages: list[Message], here: Doors) -> dict[str, Ending]:
    """The end of each message, by its id. All are filed before the first is waited for."""
    lives = {message.id: Life(here, message) for message in messages}
    endings: dict[str, Ending] = {}
    with (
        progress("重放留言 · replaying") as report,
        ThreadPoolExecutor(AT_ONCE, "replay") as pool,
    ):
        try:
            filed = {pool.submit(life.file): name for name, life in lives.items()}
            for future in as_completed(filed):
                try:
                    future.result()
                except RefusedError as refused:
                    endings[filed[future]] = Ending("failed", why=str(refused))
            rest = {
                pool.submit(life.finish): name
                for name, life in lives.items()
                if name not in endings
            }
            for future_ending in as_completed(rest):
                endings[rest[future_ending]] = future_ending.result()
                report(len(endings), len(messages))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return endings


def _tell(endings: dict[str, Ending], cuts: Counter[str], seconds: float) -> None:
    out = Console(highlight=False)
    found = endings.values()
    table = Table(title="重放结果 Replay", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    _rows(table, ENDS, Counter(one.end for one in found))
    if "left_over" not in {one.end for one in found}:
        table.add_row("没有走完 · left over", "0")
    table.add_section()
    _rows(table, WAYS, Counter(one.way for one in found if one.good))
    if reviewed := sum(one.reviewed for one in found):
        table.add_row("其中先经审核 · of these reviewed before acceptance", str(reviewed))
    if cuts:
        table.add_section()
        _rows(table, CUTS, cuts)
    table.add_section()
    table.add_row("共 · in all", f"[bold]{len(endings)}[/]")
    table.add_row("用时（秒）· seconds", f"{seconds:.0f}")
    out.print(table)
    bad = [(name, one) for name, one in endings.items() if not one.good]
    for name, one in bad[:SHOWN]:
        out.print(f"{name}: {one.end} {one.why}", markup=False)
    if len(bad) > SHOWN:
        out.print(f"……另有 {len(bad) - SHOWN} 件 · and {len(bad) - SHOWN} more")


def _rows(table: Table, names: dict[str, tuple[str, str]], counted: Iterable[str]) -> None:
    tally = Counter(counted) if not isinstance(counted, Counter) else counted
    for name, (zh, en) in names.items():
        if tally[name]:
            table.add_row(f"{zh} · {en}", str(tally[name]))
