"""`lianxin train` and `lianxin classify`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from casework.routing.artefact import ModelError
from casework.routing.classifier import Classifier
from infra.cli.progress import progress
from infra.cli.saying import Stop
from infra.cli.tables import as_csv, read_sheet, write_whole
from infra.training.examples import BROKEN, COLUMNS, Examples, Words, read_examples

if TYPE_CHECKING:
    from infra.training.train import Trained

SHOWN = 5
"""Lines that are named of those that cannot be used."""


def train(source: Path, target: Path, label_column: str, *, as_json: bool) -> None:
    """Learn from a file, write the model, say what it reaches. Raises Stop."""
    examples = read_examples(source, label_column)
    _say_encoding(source, examples.encoding)
    _say_unusable(source, examples.unusable)
    learn = _learn()
    began = perf_counter()
    with progress("train") as told:
        trained = learn(examples.usable, told)
    write_whole(target, trained.model)
    if as_json:
        print(json.dumps(_plain(examples, trained), ensure_ascii=False))
    else:
        _tell(trained, target, perf_counter() - began)


def classify(model: Path, source: Path, target: Path) -> None:
    """Label the messages of a file: id, label, confidence (0..1). Raises Stop."""
    classifier = load(model)
    sheet = read_sheet(source, COLUMNS)
    _say_encoding(source, sheet.encoding)
    _say_unusable(source, [(row.line, BROKEN) for row in sheet.broken])
    rows = [row.cells for row in sheet.rows if row.whole]
    with progress("classify") as told:
        labelled = []
        for done, cells in enumerate(rows, 1):
            found = classifier.probabilities(cells["title"], cells["body"])
            label = max(found, key=lambda one: found[one])
            labelled.append((cells["id"], label, f"{found[label]:.4f}"))
            told(done, len(rows))
    write_whole(target, as_csv(("id", "label", "confidence"), labelled))
    _note(f"已写 {len(rows)} 行到 {target}。", f"{len(rows)} rows written to {target}.")


def load(path: Path) -> Classifier:
    """The model in a file. Raises Stop where there is none that can be used."""
    try:
        return Classifier.load(path.read_bytes())
    except FileNotFoundError as fault:
        raise Stop(f"没有模型文件 {path}。", f"There is no model {path}.", 2) from fault
    except OSError as fault:
        raise Stop(f"读不了 {path}：{fault}", f"Cannot read {path}: {fault}", 2) from fault
    except ModelError as fault:
        raise Stop(f"{path}：{fault.zh}", f"{path}: {fault.en}", 2) from fault


def _learn() -> Any:
    try:
        from infra.training.train import train as learn
    except ModuleNotFoundError as fault:
        raise Stop(
            f"训练需要 {fault.name}，请先运行 make setup。",
            f"Training needs {fault.name}; run make setup first.",
        ) from fault
    return learn


def _note(zh: str, en: str) -> None:
    print(f"{zh}\n{en}", file=sys.stderr)


def _say_encoding(path: Path, encoding: str) -> None:
    if encoding != "utf-8":
        name = encoding.upper()
        _note(f"{path} 按 {name} 读取。", f"{path} was read as {name}.")


def _say_unusable(path: Path, unusable: Sequence[tuple[int, Words]]) -> None:
    """Which lines are left out, and why."""
    reasons: dict[Words, list[int]] = {}
    for line, why in unusable:
        reasons.setdefault(why, []).append(line)
    for why, lines in reasons.items():
        some = ", ".join(map(str, lines[:SHOWN])) + (" …" if len(lines) > SHOWN else "")
        _note(
            f"{path} 有 {len(lines)} 行不用，{why.zh}：第 {some} 行。",
            f"{path}: {len(lines)} rows are left out, {why.en}: lines {some}.",
        )


def _plain(examples: Examples, trained: Trained) -> dict[str, Any]:
    return trained.card | {
        "bytes": len(trained.model),
        "temperature": trained.temperature,
        "unmeasured": trained.unmeasured,
        "unusable": [{"line": line, "reason": why.en} for line, why in examples.unusable],
    }


def _tell(trained: Trained, target: Path, seconds: float) -> None:
    from rich.console import Console
    from rich.table import Table

    out, found, card = Console(highlight=False), trained.figures, trained.card
    out.print(
        f"{target}：{len(trained.model) / 1000:.0f} KB，{seconds:.0f} s\n"
        f"样本 examples {card['examples']}，去重后 different {card['different']}\n"
        "交叉验证，近似的留言在同一折 · Cross-validation, near-duplicates in one fold:"
    )
    for zh, en, value in (
        ("宏平均 F1", "macro-F1", found.macro_f1),
        ("正确率", "accuracy", found.accuracy),
        ("前二含正确", "right among the first two", found.first_two),
        ("校准误差", "calibration error", found.calibration_error),
    ):
        out.print(f"  {zh} {en}: {value:.4f}")
    table = Table("标签 label", "样本 examples", "F1", box=None, pad_edge=False)
    for label, count in card["labels"].items():
        f1 = found.f1.get(label)
        table.add_row(label, str(count), "—" if label in trained.unmeasured else f"{f1:.3f}")
    out.print(table)
    for line in _confused(trained):
        out.print(line, markup=False)


def _confused(trained: Trained) -> Iterator[str]:
    if trained.unmeasured:
        names = ", ".join(trained.unmeasured)
        yield f"样本太少，未检验 too few examples to be measured: {names}"
    if trained.figures.confusions:
        yield "最常混淆 most often confused:"
    for one in trained.figures.confusions:
        yield f"  {one.label} → {one.given}: {one.count}"
