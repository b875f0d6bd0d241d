"""`lianxin routing learn`: gather what people decided, learn from it, show the change, ask, store."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from casework.catalogue.city import City
from casework.learning import Lesson, lessons
from casework.routing.beliefs import beliefs
from casework.routing.model import packaged
from infra.cli.progress import progress
from infra.cli.saying import Stop
from infra.cli.settings import deployed_table, written
from infra.cli.tables import read_sheet
from infra.routing.trying import valid

if TYPE_CHECKING:
    from infra.routing.learning import Base, Learned

LESSONS_DOOR, MODEL_DOOR = "/lessons", "/model"
"""Where a running local stack gives its lessons and takes a model: PUT."""
SHOWN = 10
"""Categories and cases that are named."""


@dataclass(frozen=True)
class Where:
    """Where lessons come from and a model goes to: a deployment's tables, or a local stack's port.

    With `examples`, a CSV file (title, body, label), lessons come from it alone.
    """

    settings: str | None
    cases: str | None
    shards: int
    zone: str
    port: int | None
    examples: Path | None
    directory: Path


def run(where: Where, *, yes: bool, as_json: bool) -> None:
    """Learn and, if a person says so or `yes`, put the model in force. Raises Stop."""
    city, found = _gathered(where)
    learned = _learned(found, city)
    if as_json:
        typer.echo(json.dumps(_plain(learned, len(found)), ensure_ascii=False, indent=1))
    elif learned is not None:
        _tell(learned, city)
    if learned is None:
        return
    if learned.model is None:
        _say(
            "内置模型单独更好，什么也没有换。",
            "The packaged model is better alone; nothing was changed.",
        )
    elif where.settings is None and where.port is None:
        _say(
            "只看不换：要启用请加 --table 设置表名，或 --port 本机端口。",
            "Nothing was changed: to put it in force give --table, or --port.",
        )
    elif _agreed(learned, yes=yes):
        _say_stored(_stored(where, learned.model))
    else:
        _say("没有换。", "Nothing was changed.")


def forget(where: Where) -> None:
    """Put the packaged model alone in force. Raises Stop."""
    if where.settings is None:
        from infra.cli.client import put

        was = put(_port(where), MODEL_DOOR, {"forget": True})["changed"]
    else:
        from casework.store.models import Models

        with written(where.settings):
            was = Models(deployed_table(where.settings)).forget()
    if was:
        _say(
            "已停用自学的模型，5 分钟内生效。",
            "What was learned is out of force within five minutes.",
        )
    else:
        _say("本来就没有自学的模型。", "There was no model of the city's own.")


# -- where lessons come from --------------------------------------------------------------


def _gathered(where: Where) -> tuple[City, list[Lesson]]:
    if where.examples is not None:
        city = valid(where.directory)
        return city, read_lessons(where.examples, city)
    if where.settings is not None:
        return _of_deployment(where)
    from infra.cli.client import put

    found = put(_port(where), LESSONS_DOOR, {})
    return valid(where.directory), [Lesson(**one) for one in found["lessons"]]


def _of_deployment(where: Where) -> tuple[City, list[Lesson]]:
    from casework.runtime import utc_now
    from casework.store.cases import CaseStore
    from casework.store.settings import read_rules

    if where.cases is None:
        raise Stop(
            "还缺诉求表：请加 --cases 诉求表名（堆栈输出）。",
            "The cases table is missing; give --cases (an output of the stack).",
            2,
        )
    with written(where.settings or ""), progress("lessons") as told:
        rules = read_rules(deployed_table(where.settings or ""), where.zone)
        store = CaseStore(deployed_table(where.cases), where.shards)
        return rules.city, lessons(store, rules, utc_now(), told=told)


def read_lessons(path: Path, city: City) -> list[Lesson]:
    """The lessons of a CSV file (title, body, label; id if there is one), in its order.

    Rows that are broken, empty or of no category of the city are left out. Raises Stop.
    """
    sheet = read_sheet(path, ("title", "body", "label"))
    found = [
        Lesson(row.cells.get("id") or f"{path.name}:{row.line}", title, body, label)
        for row in sheet.rows
        for title, body, label in [[row.cells[name].strip() for name in ("title", "body", "label")]]
        if row.whole and (title or body) and label in city.categories
    ]
    if left_out := len(sheet.rows) - len(found):
        _say(
            f"{path} 有 {left_out} 行不用：残缺、没有内容，或分类不在本市目录里。",
            f"{path}: {left_out} rows are left out: broken, empty, or of no category of this city.",
        )
    return found


def router_of(city: City) -> Base:
    """What the router answers by itself, as how likely each category is: what it does not know, all are
    alike."""

    def answer(title: str, body: str) -> Mapping[str, float]:
        shares = beliefs(title, body, city, packaged()).shares
        rest = max(1.0 - sum(shares.values()), 0.0) / len(city.categories)
        return {code: shares.get(code, 0.0) + rest for code in city.categories}

    return answer


# -- learning, and what is said of it -----------------------------------------------------


def _learned(found: list[Lesson], city: City) -> Learned | None:
    """None, and said so, where there is too little to learn from. Raises Stop without scikit-learn."""
    try:
        from infra.routing.learning import FEWEST, TooFewError, learn
    except ModuleNotFoundError as fault:
        raise Stop(
            f"学习需要 {fault.name}，请先运行 make setup。",
            f"Learning needs {fault.name}; run make setup first.",
        ) from fault
    try:
        with progress("routing learn") as told:
            return learn(found, router_of(city), told)
    except TooFewError as few:
        _say(
            f"只有 {few.lessons} 件样本（其中 {few.categories} 个分类有两件以上不同的），至少要 {FEWEST} "
            "件、两个分类；什么也没有换。人工派单和同意的退单会自动成为样本。",
            f"There are {few.lessons} examples, {few.categories} categories with two different ones;"
            f" it takes {FEWEST} of two. Nothing was changed. Each dispatch by a person and each"
            " approved return becomes one by itself.",
        )
        return None


def _plain(learned: Learned | None, count: int) -> dict[str, Any]:
    if learned is None:
        return {"lessons": count, "enough": False}
    shown = asdict(learned) | {"bytes": len(learned.model or b""), "better": learned.better}
    del shown["model"]
    return shown | {"enough": True}


def _tell(learned: Learned, city: City) -> None:
    from rich.console import Console
    from rich.table import Table

    out = Console(highlight=False, width=None if Console().is_terminal else 120)
    before, after = learned.before, learned.after
    out.print(
        f"样本 {learned.lessons} 件，自学的模型占 {learned.share:.0%}。未参与学习的留言上：\n"
        f"{learned.lessons} examples; the city's model counts {learned.share:.0%}. On messages left out:\n"
        f"  正确率 accuracy          {before.accuracy:.4f} → {after.accuracy:.4f}\n"
        f"  对数似然 log-likelihood  {before.likelihood:.4f} → {after.likelihood:.4f}\n"
    )
    table = Table("分类 category", "件 examples", "原对 before", "现对 after", box=None)
    changed = sorted(
        learned.by_category.items(), key=lambda item: (-abs(item[1][2] - item[1][1]), item[0])
    )
    for code, counts in changed[:SHOWN]:
        name = city.categories[code].name if code in city.categories else ""
        table.add_row(f"{code} {name}", *map(str, counts))
    out.print(table)
    out.print(f"\n换了分类的 · Categories that change: {len(learned.flips)}")
    for flip in learned.flips[:SHOWN]:
        mark = {flip.after: "✓", flip.before: "✗"}.get(flip.right, "·")
        out.print(
            f"  {mark} {flip.number}: {flip.before} → {flip.after} ({flip.right})", markup=False
        )


def _agreed(learned: Learned, *, yes: bool) -> bool:
    if yes:
        if not learned.better:
            _say("换了会更差，--yes 不换。", "It would be worse; --yes does not replace it.")
        return learned.better
    if not sys.stdin.isatty():
        raise Stop(
            "要启用请在终端里确认，或加 --yes。",
            "To put it in force answer on a terminal, or give --yes.",
        )
    return typer.confirm("启用自学的模型吗？Put it in force?", default=False, err=True)


# -- where the model goes -----------------------------------------------------------------


def _stored(where: Where, model: bytes) -> int:
    from casework.routing.artefact import ModelError

    if where.settings is None:
        from infra.cli.client import put

        document = {"model": base64.b64encode(model).decode()}
        return int(put(_port(where), MODEL_DOOR, document)["version"])
    from casework.store.models import Models

    try:
        with written(where.settings):
            return Models(deployed_table(where.settings)).put(model)
    except ModelError as fault:
        raise Stop(fault.zh, fault.en) from fault


def _say_stored(version: int) -> None:
    _say(
        f"已启用（第 {version} 版），5 分钟内生效；要回到内置模型：lianxin routing learn --forget",
        f"In force within five minutes (version {version}); back to the packaged model: "
        "lianxin routing learn --forget",
    )


def _port(where: Where) -> int:
    if where.port is None:
        raise Stop(
            "请说明从哪里学：--table 和 --cases（已部署的城市）、--port（本机服务）或 --examples（文件）。",
            "Say where to learn from: --table and --cases (a deployment), --port (a local stack) or"
            " --examples (a file).",
            2,
        )
    return where.port


def _say(zh: str, en: str) -> None:
    print(f"{zh}\n{en}", file=sys.stderr)
