"""`lianxin routing train`: the models that a router works by, and what they reach."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casework.routing.model import Model
from infra.cli.city import read
from infra.cli.progress import progress
from infra.cli.tables import write_whole
from infra.training.packaged import Packaged, make
from infra.training.reading import read_labelled

FILES = ("category.model", "kind.model", "thresholds.json")


def run(
    sources: Sequence[Path], target: Path, directory: Path, *, precision: float, as_json: bool
) -> None:
    """Learn from files and write the models and thresholds into a directory. Raises Stop."""
    city = read(directory)[0]
    messages = read_labelled(sources, city)
    with progress("routing train") as told:
        made = make(messages, city, told, precision)
    target.mkdir(parents=True, exist_ok=True)
    chosen = (
        json.dumps(made.thresholds, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    )
    for name, data in zip(FILES, (made.category.model, made.kind.model, chosen), strict=True):
        write_whole(target / name, data)
    figures = reached(made)
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    print(f"{target}: {', '.join(FILES)}", file=sys.stderr)
    for name, value in figures.items():
        print(f"{name}: {value}")


def reached(made: Packaged) -> dict[str, Any]:
    """What the models reach on messages that they had not learned from (cross-validation)."""
    chosen = made.thresholds
    model = Model(threshold=chosen["default"], thresholds=chosen["categories"])
    sure = [one for one in made.decisions if one.confidence >= model.enough(one.category)]
    return {
        "messages": len(made.decisions),
        "category_accuracy": made.category.figures.accuracy,
        "category_macro_f1": made.category.figures.macro_f1,
        "kind_accuracy": made.kind.figures.accuracy,
        "kind_macro_f1": made.kind.figures.macro_f1,
        "department_acceptable": _share([one.right for one in made.decisions]),
        "automatic": round(len(sure) / len(made.decisions), 4),
        "automatic_acceptable": _share([one.right for one in sure]),
        "bytes": {"category": len(made.category.model), "kind": len(made.kind.model)},
    }


def _share(right: list[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0
