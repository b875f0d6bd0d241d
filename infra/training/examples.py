"""Messages to learn from and messages to label, from a CSV file."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from infra.cli.saying import Stop
from infra.cli.tables import Row, Sheet, read_sheet

COLUMNS = ("id", "title", "body")


class Words(NamedTuple):
    """Why a row cannot be used."""

    zh: str
    en: str


BROKEN = Words("单元格数与表头不符", "it has more or fewer cells than there are columns")
UNLABELLED = Words("没有标签", "it has no label")
EMPTY = Words("没有标题和正文", "it has neither title nor body")
WEIGHT = Words("权重不是正数", "its weight is no positive number")


@dataclass(frozen=True, slots=True)
class Example:
    """A message and the label that a person gave it; `weight` says how much it counts."""

    title: str
    body: str
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Examples:
    """What a file has to teach, and which of its lines nothing can be learned from."""

    usable: tuple[Example, ...]
    unusable: tuple[tuple[int, Words], ...]
    encoding: str


def read_examples(path: Path, label_column: str) -> Examples:
    """The labelled messages of a file; a column `weight` is heeded if there is one.

    Raises Stop for a file that cannot be read, lacks a column or teaches less than two labels.
    """
    sheet = read_sheet(path, (*COLUMNS, label_column))
    usable, unusable = [], []
    for row in sheet.rows:
        found = _example(row, label_column)
        if isinstance(found, Example):
            usable.append(found)
        else:
            unusable.append((row.line, found))
    labels = {example.label for example in usable}
    if len(labels) < 2:
        raise Stop(
            f"{path} 可用的 {len(usable)} 行里只有 {len(labels)} 种标签，至少要两种才能训练。",
            f"{path} has {len(labels)} labels in {len(usable)} usable rows; "
            "there must be two to tell apart.",
            2,
        )
    return Examples(tuple(usable), tuple(unusable), sheet.encoding)


def read_messages(path: Path) -> Sheet:
    """The messages of a file, to be labelled. Raises Stop."""
    return read_sheet(path, COLUMNS)


def _example(row: Row, label_column: str) -> Example | Words:
    if not row.whole:
        return BROKEN
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    weight = _weight(cells.get("weight", ""))
    if not cells[label_column]:
        return UNLABELLED
    if not cells["title"] and not cells["body"]:
        return EMPTY
    if weight is None:
        return WEIGHT
    return Example(cells["title"], cells["body"], cells[label_column], weight)


def _weight(written: str) -> float | None:
    try:
        weight = float(written or 1)
    except ValueError:
        return None
    return weight if isfinite(weight) and weight > 0 else None
