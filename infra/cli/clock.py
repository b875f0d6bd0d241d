"""The commands about time: `lianxin due`, `lianxin calendar`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.cli.options import Json, Lang, Language, Port
from infra.cli.saying import both

calendar_app = typer.Typer(no_args_is_help=True, help=both("年历", "the working calendar"))

Files = Annotated[
    list[Path], typer.Argument(help=both("年历文件（JSON）", "calendar files (JSON)"))
]
Table = Annotated[
    str | None,
    typer.Option(
        help=both("已部署的设置表（堆栈输出）", "settings table of a deployment (an output)")
    ),
]


def due(
    policy: Annotated[
        str, typer.Option(help=both("内置政策名或 TOML 文件", "a packaged policy, or a TOML file"))
    ],
    kind: Annotated[str, typer.Option(help=both("诉求类型，如 help", "kind, such as help"))],
    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="TIME",
            help=both("起算时间，带时区", "when it starts, with zone: 2026-02-13T10:00+08:00"),
        ),
    ],
    calendar: Annotated[
        list[Path] | None,
        typer.Option(help=both("另用的年历文件，可多次", "further calendar files, repeatable")),
    ] = None,
    lang: Language = Lang.ZH,
    as_json: Json = False,
) -> None:
    """The command `lianxin due`."""
    from infra.cli.due import run

    run(policy, kind, start, calendar or [], "en" if lang is Lang.EN else "zh-CN", as_json)


@calendar_app.command(
    "check",
    help=both("检查年历文件，并列出会变的日子", "check calendar files, and say what would change"),
)
def calendar_check(files: Files, table: Table = None) -> None:
    from infra.cli.years import check

    check(files, table)


@calendar_app.command(
    "import",
    help=both(
        "把一年的年历录入运行中的本机服务（--port）或已部署的设置表（--table）",
        "enter a year's calendar into the running local stack (--port) or a deployment (--table)",
    ),
)
def calendar_import(
    file: Annotated[Path, typer.Argument(help=both("年历文件（JSON）", "calendar file (JSON)"))],
    port: Port = 8000,
    table: Table = None,
    cases: Annotated[
        str | None,
        typer.Option(
            help=both("诉求表；给出则清点受影响的诉求", "cases table; if given, cases are counted")
        ),
    ] = None,
    shards: Annotated[
        int, typer.Option(min=1, max=256, help=both("参数 AlarmShards", "parameter AlarmShards"))
    ] = 16,
    zone: Annotated[
        str, typer.Option(help=both("参数 CityTimeZone", "parameter CityTimeZone"))
    ] = "Asia/Shanghai",
) -> None:
    from infra.cli.years import Deployed, enter

    enter(file, Deployed(table, cases, shards, zone) if table else port)
