"""`lianxin routing try`: which past cases other rules of dispatch would send elsewhere. Writes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer

from casework.cases.rules import Rules
from casework.catalogue.city import City
from casework.catalogue.load import read_city
from casework.catalogue.tables import CityError
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy
from casework.dispatching import find_out
from casework.routing.finding import Finding
from casework.routing.model import packaged
from infra.cli.progress import progress
from infra.cli.saying import Stop
from infra.routing.history import History, Past, read_history

PERSON = "@person"
"""Where a case goes that no unit is found for with confidence."""
EXAMPLES = 5
"""Cases that are named of each move."""


@dataclass(frozen=True)
class Move:
    """Cases that would go from one unit (or a person) to another; some of them by id."""

    before: str
    after: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """What the new rules would change of `cases` past ones.

    `by_rule` counts the cases that each new rule takes, in the rules' order; `right_before` and
    `right_after` those that go to the department that had them, of `known` for which it is known.
    """

    cases: int
    moved: int
    other_category: int
    other_urgency: int
    by_rule: tuple[tuple[str, int], ...]
    moves: tuple[Move, ...]
    known: int
    right_before: int
    right_after: int


@dataclass(frozen=True)
class _Sent:
    unit: str
    category: str | None
    urgency: str | None
    rule: str | None


def compare(
    cases: Sequence[Past], before: City, after: City, told: Callable[[int, int], None]
) -> Tried:
    """Dispatch each case twice, by the rules in force and by the new ones; as dispatch itself does."""
    pairs: list[tuple[Past, _Sent, _Sent]] = []
    by = (_rules(before), _rules(after))
    for done, past in enumerate(cases, 1):
        old, new = (_sent(find_out(past.case, past.body, rules, packaged())) for rules in by)
        pairs.append((past, old, new))
        told(done, len(cases))
    taken = Counter(new.rule for _, _, new in pairs)
    known = [(past, old, new) for past, old, new in pairs if past.department]
    return Tried(
        cases=len(pairs),
        moved=sum(old.unit != new.unit for _, old, new in pairs),
        other_category=sum(old.category != new.category for _, old, new in pairs),
        other_urgency=sum(old.urgency != new.urgency for _, old, new in pairs),
        by_rule=tuple((rule.name, taken[rule.name]) for rule in after.routing),
        moves=_moves((past.id, old.unit, new.unit) for past, old, new in pairs),
        known=len(known),
        right_before=sum(_had(past, old, before) for past, old, _ in known),
        right_after=sum(_had(past, new, after) for past, _, new in known),
    )


def _rules(city: City) -> Rules:
    return Rules(policy=Policy.preset(), calendar=Calendar.seeded(), city=city)


def _sent(found: Finding) -> _Sent:
    unit = found.unit if found.confident and found.category else None
    ruled = found.ruled.rule if found.ruled else None
    return _Sent(unit or PERSON, found.category, found.urgency, ruled)


def _had(past: Past, sent: _Sent, city: City) -> bool:
    unit = city.units.get(sent.unit)
    return unit is not None and past.department in (unit.code, unit.name, unit.name_en)


def _moves(went: Iterable[tuple[str, str, str]]) -> tuple[Move, ...]:
    ids: dict[tuple[str, str], list[str]] = {}
    for id_, before, after in went:
        if before != after:
            ids.setdefault((before, after), []).append(id_)
    ordered = sorted(ids.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Move(*way, len(of), tuple(of[:EXAMPLES])) for way, of in ordered)


# -- the command --------------------------------------------------------------------------


def run(rules: Path, history: Path, directory: Path, *, as_json: bool) -> None:
    """Try a file of rules on past cases and say what would change. Raises Stop."""
    if not rules.is_file():
        raise Stop(f"没有文件 {rules}。", f"There is no file {rules}.", 2)
    before, after = valid(directory), valid(directory, rules)
    past = read_history(history, before)
    with progress("routing try") as told:
        tried = compare(past.cases, before, after, told)
    if as_json:
        typer.echo(json.dumps(_plain(tried, past), ensure_ascii=False, indent=1))
    else:
        _tell(tried, past, after)


def valid(directory: Path, rules: Path | None = None) -> City:
    """A city, with other rules of dispatch if a file of them is given. Raises Stop with every fault."""
    if not directory.is_dir():
        raise Stop(f"没有目录 {directory}。", f"There is no directory {directory}.", 2)
    try:
        return read_city(directory, rules)
    except CityError as fault:
        raise Stop(
            "有错，请逐条改正；正在用的规则不变：",
            f"There are faults; the rules in force stay:\n{fault}",
        ) from fault


def _plain(tried: Tried, past: History) -> dict[str, Any]:
    by_rule = [{"rule": name, "count": count} for name, count in tried.by_rule]
    read = {"encoding": past.encoding, "unusable_lines": list(past.unusable)}
    return asdict(tried) | {"by_rule": by_rule} | read


def _tell(tried: Tried, past: History, city: City) -> None:
    from rich.console import Console
    from rich.table import Table

    out = Console(highlight=False, width=None if Console().is_terminal else 120)
    if past.unusable:
        lines = ", ".join(map(str, past.unusable[:EXAMPLES]))
        out.print(
            f"{len(past.unusable)} 行不用（残缺或没有内容）：第 {lines} 行…\n"
            f"{len(past.unusable)} rows are left out, broken or empty: lines {lines} …"
        )
    out.print(
        f"{tried.cases} 件中 {tried.moved} 件会去别处，{tried.other_category} 件换分类，"
        f"{tried.other_urgency} 件换紧急程度；什么也没有改。\n"
        f"Of {tried.cases} cases {tried.moved} would go elsewhere, {tried.other_category} have"
        f" another category, {tried.other_urgency} another urgency. Nothing was changed.\n"
    )
    table = Table("原派 from", "改派 to", "件 cases", "例 for instance", box=None, pad_edge=False)
    for move in tried.moves:
        names = (_name(code, city) for code in (move.before, move.after))
        table.add_row(*names, str(move.count), ", ".join(move.examples))
    if tried.moves:
        out.print(table)
    out.print("\n各条规则拿走的 · Taken by each rule:")
    for name, count in tried.by_rule:
        out.print(f"  {count:>6}  {name}", markup=False)
    if tried.known:
        out.print(
            f"\n与当时的承办单位一致 · As the department that had it: "
            f"{tried.right_before} → {tried.right_after} / {tried.known}"
        )


def _name(code: str, city: City) -> str:
    unit = city.units.get(code)
    return f"{unit.name} {unit.name_en}" if unit else "由人判断 a person"
