"""`lianxin case`: a case as a person would like to read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from casework.catalogue.load import read_city
from infra.cli.client import doors
from infra.cli.saying import CITY, Stop, misuse
from infra.local.issuer import who
from infra.local.people import RefusedError
from schemas.names import STAFF

Case = Mapping[str, Any]


def show(number: str, port: int, role: str, department: str | None, code: str | None) -> None:
    """Print a case as this role sees it; with its access code, as its citizen does."""
    here = doors(port)
    try:
        if code is not None:
            case = here.get(f"/v1/cases/{quote(number)}", code=code)
        else:
            with misuse():
                person = who(read_city(CITY), role, department)
            if role not in STAFF:
                raise Stop(
                    "以诉求人身份查看请给出查询码：--code 123456。",
                    "To look as the citizen does, give the access code: --code 123456.",
                    2,
                )
            case = here.get(f"/v1/desk/cases/{quote(number)}", person)
    except RefusedError as refused:
        raise Stop(str(refused.problem.get("detail", refused)), f"({refused.status})") from refused
    Console(highlight=False).print(page(case))


def page(case: Case) -> RenderableType:
    """The whole case: what it is about, where it stands, its deadlines, its story."""
    return Group(
        Panel(_about(case), title=_head(case), title_align="left", padding=(1, 2)),
        *_deadlines(case),
        *_timeline(case),
        *_next(case),
    )


def _head(case: Case) -> Text:
    return Text.assemble(
        (case["case_number_spoken"], "bold"), "  ", (case["status_text"], "bold cyan")
    )


def _about(case: Case) -> RenderableType:
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(case):
        facts.add_row(Text(name, style="dim"), Text(value))
    return Group(Text(case["title"], style="bold"), Text(case["text"]), Text(), facts)


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    yield "类型", case["kind"]["name"]
    for name, key in (("事项", "category"), ("区域", "area"), ("承办单位", "department")):
        if named := case.get(key):
            yield name, f"{named['name']}（{named['code']}）"
    if case.get("address"):
        yield "地址", case["address"]
    if contact := case.get("contact"):
        yield "诉求人", " ".join(contact[key] for key in ("name", "phone") if key in contact)
    yield "提交", _time(case["filed_at"])
    if case.get("officer"):
        yield "承办人", case["officer"]
    if case.get("level"):
        yield "督办", f"{case['level']} 级"
    for choice in case.get("choices") or []:
        # While a person has to choose: what the router found.
        if case["status"] == "TRIAGE":
            yield "候选", f"{choice['category']} → {choice.get('unit') or '?'}（{choice['score']:.2f}）"
    if case.get("supports"):
        yield "附议", f"{case['supports']} 人"


def _deadlines(case: Case) -> Iterator[RenderableType]:
    if not case["deadlines"]:
        return
    table = Table(title="时限 Deadlines", title_justify="left", title_style="bold", expand=False)
    for column in ("时限", "到期", "从何时起", "怎样算"):
        table.add_column(column, overflow="fold")
    for one in case["deadlines"]:
        style = "red" if one["late"] else ""
        due = _time(one["due_at"]) + (" 已超期" if one["late"] else "")
        table.add_row(
            f"{one['name']}\n{_limit(one['limit'])}",
            due + (" 暂定" if one["provisional"] else ""),
            _time(one["since"]),
            _working(one["working"]),
            style=style,
        )
    yield table


_UNITS = {"WD": "个工作日", "D": "天", "H": "小时", "M": "分钟"}


def _limit(limit: str) -> str:
    """`7WD` as `7 个工作日`."""
    digits = limit.rstrip("WDHM")
    return f"{digits} {_UNITS.get(limit[len(digits) :], '')}"


def _working(working: Mapping[str, Any]) -> str:
    """Which days count, in runs, and which were passed over, with the reason."""
    counted = working["counted"]
    if not counted:
        return ""
    days = [f"第 1 天 {_day(counted[0])}"]
    if len(counted) > 1:
        days.append(f"第 {len(counted)} 天 {_day(counted[-1])}")
    by_reason: dict[str, list[str]] = {}
    for skipped in working["skipped"]:
        by_reason.setdefault(skipped["reason"], []).append(_day(skipped["date"]))
    skips = [f"不计 {reason} {'、'.join(dates)}" for reason, dates in by_reason.items()]
    return "\n".join(["，".join(days), *skips])


def _timeline(case: Case) -> Iterator[RenderableType]:
    yield Text("\n经过 Timeline", style="bold")
    day = ""
    for entry in case["timeline"]:
        on, at = _time(entry["at"]).split(" ")
        if on != day:
            yield Text(on, style="dim")
            day = on
        yield Padding(
            Text.assemble((at, "cyan"), "  ", (entry["words"], "bold"), "  ", (entry["by"], "dim")),
            (0, 0, 0, 2),
        )
        if entry.get("text"):
            yield Padding(Text(entry["text"]), (0, 4, 0, 9))
    for notice in case["notices"]:
        yield Padding(
            Text.assemble((_time(notice["at"]), "cyan"), "  ", notice["words"]), (0, 0, 0, 2)
        )


def _next(case: Case) -> Iterator[RenderableType]:
    if case["next"]:
        yield Text("\n现在可以 Next", style="bold")
        said = "，".join(f"{one['name']}（{one['command']}）" for one in case["next"])
        yield Padding(Text(said), (0, 0, 0, 2))


def _time(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M")


def _day(date: str) -> str:
    """`2026-10-01` as `10-01`."""
    return date[5:]
