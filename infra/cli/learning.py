"""The commands about reading messages: `lianxin train`, `lianxin classify`, `lianxin bench routing`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.options import Json
from infra.cli.saying import CITY, both

Model = Annotated[Path, typer.Option(help=both("模型文件", "the model"))]
MESSAGES = Path("../shared/data/messages")
"""Where the measuring data lies beside a checkout; it is not part of the project."""


def train(
    source: Annotated[
        Path,
        typer.Option(
            "--input",
            help=both(
                "已标注的 CSV：id、title、body、标签，可有 weight",
                "labelled CSV: id, title, body, label, and weight if you like",
            ),
        ),
    ],
    target: Annotated[Path, typer.Option("--output", help=both("写出的模型", "model to write"))],
    label_column: Annotated[
        str, typer.Option(help=both("标签所在的列", "the column with the label"))
    ] = "label",
    as_json: Json = False,
) -> None:
    from infra.training.command import train as run

    run(source, target, label_column, as_json=as_json)


def classify(
    model: Model,
    source: Annotated[
        Path, typer.Option("--input", help=both("CSV：id、title、body", "CSV: id, title, body"))
    ],
    target: Annotated[
        Path,
        typer.Option(
            "--output", help=both("写出的 CSV：id、label、confidence", "CSV: id, label, confidence")
        ),
    ],
) -> None:
    from infra.training.command import classify as run

    run(model, source, target)


def bench(
    learned: Annotated[
        Path, typer.Option("--train", help=both("训练用的 CSV", "CSV to train on"))
    ] = MESSAGES / "domain7_train.csv",
    measured: Annotated[
        Path, typer.Option("--test", help=both("检验用的 CSV", "CSV to measure on"))
    ] = MESSAGES / "domain7_dev.csv",
    label_column: Annotated[
        str, typer.Option(help=both("标签所在的列", "the column with the label"))
    ] = "label",
    as_json: Json = False,
) -> None:
    from infra.bench.routing import main as measure

    raise SystemExit(measure(learned, measured, label_column, as_json))


def route(
    source: Annotated[
        Path, typer.Option("--input", help="CSV: id, title, body [area, lon, lat, address]")
    ],
    target: Annotated[Path, typer.Option("--output", help="CSV")],
    city: Annotated[
        Path,
        typer.Option("--city", help=both("城市目录的 CSV 所在", "directory of the city's CSV")),
    ] = CITY,
) -> None:
    """The command `lianxin route`."""
    from infra.cli.route import run

    run(source, target, city)
