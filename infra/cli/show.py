"""`lianxin case`: a case as a person would like to read it in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from casework.catalogue.load import read_city
from casework.words import Language, pick
from infra.cli import beside
from infra.cli.client import doors
from infra.cli.reckoning import counted_words, days_by_reason, due_words, limit_words
from infra.cli.saying import CITY, Stop, misuse
from infra.local.issuer import who
from infra.local.people import Doors, RefusedError
from schemas.base import half_width

Case = Mapping[str, Any]

_CAUSES = {"invitation": "invited"}
"""The event that a kind of notice tells the citizen of."""


def show(
    number: str, port: int, role: str, department: str | None, code: str | None, language: Language
) -> None:
    """Print a case as this role sees it; with its access code, as its citizen does. Raises Stop."""
    try:
        case = _fetch(doors(port, language), number, role, department, code)
    except RefusedError as refused:
        said = str(refused.problem.get("detail", refused))
        raise Stop(said, f"(HTTP {refused.status})") from refused
    Console(highlight=False).print(Page(case, language).whole())


def _fetch(here: Doors, number: str, role: str, department: str | None, code: str | None) -> Case:
    if code is not None:
        return cast(Case, here.get(f"/v1/cases/{quote(number)}", code=_digits(code)))
    if role == "citizen":
        raise Stop(
            "以诉求人身份查看请给出查询码：--code 123456；其他角色如 --as agent。",
            "To look as the citizen does, give the access code: --code 123456; or --as agent.",
            2,
        )
    with misuse():
        person = who(read_city(CITY), role, department)
    return cast(Case, here.get(f"/v1/desk/cases/{quote(number)}", person))


def _digits(code: str) -> str:
    """An access code however it was typed: in full-width digits, in groups. Raises Stop."""
    digits = re.sub(r"[\s-]", "", half_width(code))
    if not re.fullmatch("[0-9]{6}", digits):
        raise Stop(
            f"查询码是回执里的 6 位数字，不是“{code}”。",
            f"The access code is the receipt's 6 digits, not “{code}”.",
            2,
        )
    return digits


class Page:
    """A case on a terminal: what it is about, where it stands, its deadlines, its story."""

    def __init__(self, case: Case, language: Language) -> None:
        self._case, self._language = case, language

    def whole(self) -> RenderableType:
        """Everything, top down."""
        case = self._case
        head = Text.assemble(
            (case["case_number_spoken"], "bold"), "  ", (case["status_text"], "bold cyan")
        )
        return Group(
            Panel(self._about(), title=head, title_align="left", padding=(1, 2)),
            *self._deadlines(),
            *self._timeline(),
            *self._next(),
        )

    def _say(self, zh: str, en: str) -> str:
        return pick((zh, en), self._language)

    def _about(self) -> RenderableType:
        facts = Table.grid(padding=(0, 2))
        for name, value in self._facts():
            facts.add_row(Text(name, style="dim"), Text(value))
        case = self._case
        return Group(Text(case["title"], style="bold"), Text(case["text"]), Text(), facts)

    def _facts(self) -> Iterator[tuple[str, str]]:
        case, say = self._case, self._say
        yield say("类型", "Kind"), case["kind"]["name"]
        named = {
            "category": say("事项", "Category"),
            "area": say("区域", "Area"),
            "department": say("承办单位", "Department"),
        }
        for key, title in named.items():
            if found := case.get(key):
                yield title, f"{found['name']} ({found['code']})"
        if case.get("address"):
            yield say("地址", "Address"), case["address"]
        yield from beside.source(case, say)
        if contact := case.get("contact"):
            reached = " ".join(contact[key] for key in ("name", "phone") if key in contact)
            yield say("诉求人", "Citizen"), reached
        yield from beside.people(case, say)
        yield say("提交", "Filed"), _time(case["filed_at"])
        if case.get("officer"):
            yield say("承办人", "Officer"), case["officer"]
        yield from beside.units(case, say)
        if case.get("level"):
            yield (
                say("督办级别", "Supervision"),
                say(f"{case['level']} 级", f"level {case['level']}"),
            )
        yield from beside.under_way(case, say)
        yield from beside.related(case, say)
        if case["status"] == "TRIAGE":
            for one in case.get("choices", []):
                choice = f"{one['category']} → {one.get('unit') or '?'} ({one['score']:.2f})"
                yield say("候选", "Choice"), choice
        if case.get("supports"):
            yield say("附议", "Supporters"), str(case["supports"])

    def _deadlines(self) -> Iterator[RenderableType]:
        if not self._case["deadlines"]:
            return
        say = self._say
        table = Table(title=say("时限", "Deadlines"), title_justify="left", title_style="bold")
        table.add_column(say("时限", "For"))
        table.add_column(say("到期", "Due"))
        table.add_column(say("从何时起", "Since"))
        table.add_column(say("怎样算", "Counted"), overflow="fold")
        for one in self._case["deadlines"]:
            table.add_row(
                "\n".join([one["name"], *self._limit(one.get("limit"))]),
                "\n".join([due_words(one["due_on"], one["due_at"]), *self._notes(one)]),
                _time(one["since"]),
                "\n".join(self._working(one["working"])),
                style="red" if one["late"] else "",
            )
        yield table

    def _notes(self, deadline: Mapping[str, Any]) -> Iterator[str]:
        """What is to be known of a due date: late, decided by somebody, standing still."""
        say = self._say
        if deadline["late"]:
            yield say("已超期", "overdue")
        if deadline["decided"]:
            yield say("经批准或指定", "as decided")
        if since := deadline.get("paused_since"):
            yield say(f"{since[:10]} 起暂停计时", f"stands still since {since[:10]}")
        if deadline["provisional"]:
            yield say("日历暂定", "provisional")

    def _limit(self, limit: str | None) -> Iterator[str]:
        """`7WD` as `7 个工作日`; nothing of a clock that runs to a stated day."""
        if limit is not None:
            yield limit_words(limit, self._language)

    def _working(self, working: Mapping[str, Any]) -> Iterator[str]:
        """The first and the last day that count, and those passed over, by reason."""
        yield from counted_words(working["counted"], self._language)
        skipped = ((one["date"], one["reason"]) for one in working["skipped"])
        for days in days_by_reason(skipped):
            yield f"{self._say('不计', 'not')} {days}"

    def _timeline(self) -> Iterator[RenderableType]:
        yield Text(self._say("\n经过", "\nTimeline"), style="bold")
        day = ""
        for entry in self._told():
            on, clock = _time(entry["at"]).split(" ")
            if on != day:
                yield Text(on, style="dim")
                day = on
            words, by = (entry["words"], "bold"), (entry["by"], "dim")
            yield Padding(Text.assemble((clock, "cyan"), "  ", words, "  ", by), (0, 0, 0, 2))
            if text := entry.get("text"):
                yield Padding(Text(text), (0, 4, 0, 9))
            if reasons := entry.get("reasons"):
                yield Padding(Text("  ".join(reasons), style="dim"), (0, 4, 0, 9))

    def _told(self) -> list[Mapping[str, Any]]:
        """The timeline with the notices among it: of one second, next to what they tell of."""
        told: list[Mapping[str, Any]] = list(self._case["timeline"])
        label = self._say("通知", "Notice")
        for notice in self._case["notices"]:
            earlier = [i for i, one in enumerate(told) if one["at"] < notice["at"]]
            causes = [
                i
                for i, one in enumerate(told)
                if (one["at"], one.get("event")) == (notice["at"], _CAUSES.get(notice["kind"]))
            ]
            place = max(causes or earlier, default=-1) + 1
            told.insert(
                place, {"at": notice["at"], "words": label, "by": "", "text": notice["words"]}
            )
        return told

    def _next(self) -> Iterator[RenderableType]:
        if self._case["next"]:
            yield Text(self._say("\n现在可以", "\nPossible now"), style="bold")
            said = " · ".join(f"{one['name']} ({one['command']})" for one in self._case["next"])
            yield Padding(Text(said), (0, 0, 0, 2))


def _time(at: str) -> str:
    return datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M")
