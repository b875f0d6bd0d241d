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
    sources: Annotated[
        list[Path],
        typer.Option(
            "--input",
            help=both("可多次", "repeatable")
            + ", CSV: id, title, body [code, kind, alt_codes, weight, kind_weight]",
        ),
    ],
    target: Annotated[Path, typer.Option("--output", help=both("目录", "a directory"))],
    precision: Annotated[
        float,
        typer.Option(
            min=0.5,
            max=0.999,
            help=both(
                "自动派单中应派对的比例", "of what goes without a person, the share to be right"
            ),
        ),
    ] = 0.95,
    city: Directory = CITY,
    as_json: Json = False,
) -> None:
    from infra.training.models import run

    run(sources, target, city, precision=precision, as_json=as_json)


@routing_app.command(
    "learn",
    help=both(
        "从人工派单和退单里学：先看在未学过的诉求上有何变化，同意了才换",
        "learn from what people decided: shows the change on cases left out, and asks before it replaces",
    ),
)
def routing_learn(
    table: Annotated[
        str | None,
        typer.Option(
            help=both("已部署的设置表（堆栈输出）", "settings table of a deployment (an output)")
        ),
    ] = None,
    cases: Annotated[
        str | None,
        typer.Option(help=both("已部署的诉求表（堆栈输出）", "its cases table (an output)")),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help=both("本机服务的端口", "port of the local stack")),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(help=both("样本文件", "a file of examples") + ", CSV: title, body, label"),
    ] = None,
    city: Directory = CITY,
    forget: Annotated[
        bool, typer.Option("--forget", help=both("停用自学的模型", "go back to the packaged model"))
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help=both("不问，变好才换", "do not ask; replace if it is better")),
    ] = False,
    shards: Annotated[
        int, typer.Option(min=1, max=256, help=both("参数 AlarmShards", "parameter AlarmShards"))
    ] = 16,
    zone: Annotated[
        str, typer.Option(help=both("参数 CityTimeZone", "parameter CityTimeZone"))
    ] = "Asia/Shanghai",
    as_json: Json = False,
) -> None:
    from infra.routing import teaching

    where = teaching.Where(table, cases, shards, zone, port, examples, city)
    if forget:
        teaching.forget(where)
    else:
        teaching.run(where, yes=yes, as_json=as_json)
