"""The commands about dispatch: `lianxin routing`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.options import Json
from infra.cli.saying import CITY, both

routing_app = typer.Typer(no_args_is_help=True, help=both("派单规则与模型", "rules of dispatch"))

Directory = Annotated[
    Path, typer.Option("--city", help=both("城市目录的 CSV 所在", "directory of the city's CSV"))
]


@routing_app.command(
    "check", help=both("检查派单规则和区划边界", "check rules of dispatch and outlines of areas")
)
def routing_check(
    directory: Annotated[Path, typer.Argument(help=both("CSV 所在目录", "directory of CSV files"))],
) -> None:
    from infra.routing.checking import run

    run(directory)


@routing_app.command(
    "try",
    help=both(
        "试算：换上这些规则，过去的哪些诉求会派往别处；什么也不改",
        "a dry run: which past cases these rules would send elsewhere; nothing is changed",
    ),
)
def routing_try(
    rules: Annotated[Path, typer.Argument(help=both("规则文件", "a file such as routing.csv"))],
    history: Annotated[
        Path,
        typer.Option(
            help="CSV: id, title, body [area, lon, lat, address, kind, channel, category, department]"
        ),
    ],
    city: Directory = CITY,
    as_json: Json = False,
) -> None:
    from infra.routing.trying import run

    run(rules, history, city, as_json=as_json)


@routing_app.command(
    "train",
    help=both(
        "用读过并标好的留言训练分类与诉求类型的模型，并选定自动派单的门槛",
        "train the models of categories and kinds, and choose from when on they are believed",
    ),
)
def routing_train(
    source: Annotated[
        Path,
        typer.Option(
            "--input",
            help="CSV: id, title, body, code, kind [alt_codes, weight, kind_weight]",
        ),
    ],
    target: Annotated[Path, typer.Option("--output", help=both("目录", "a directory"))],
    city: Directory = CITY,
    as_json: Json = False,
) -> None:
    from infra.training.models import run

    run(source, target, city, as_json=as_json)
