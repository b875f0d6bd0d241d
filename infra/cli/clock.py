"""The commands about time: `lianxin due`, `lianxin calendar`, `lianxin policy`, `lianxin deadlines`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Json, Lang, Language, Port
from infra.cli.saying import both

if TYPE_CHECKING:
    from casework.words import Language as Words


class Haste(StrEnum):
    """How urgent a case is: schemas.names.Urgency."""

    LIFE_AND_SAFETY = "life_and_safety"
    UTILITIES = "utilities"
    ORDINARY = "ordinary"
    COMPLEX = "complex"


deadlines_app = typer.Typer(no_args_is_help=True, help=both("时限", "deadlines"))
policy_app = typer.Typer(no_args_is_help=True, help=both("时限政策", "a city's policies"))
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
Cases = Annotated[
    str | None,
    typer.Option(
        help=both("诉求表；给出则清点受影响的诉求", "cases table; if given, cases are counted")
    ),
]
Shards = Annotated[
    int, typer.Option(min=1, max=256, help=both("参数 AlarmShards", "parameter AlarmShards"))
]
Zone = Annotated[str, typer.Option(help=both("参数 CityTimeZone", "parameter CityTimeZone"))]
Urgency = Annotated[Haste, typer.Option(help=both("紧急程度", "how urgent it is"))]


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
    urgency: Urgency = Haste.ORDINARY,
    calendar: Annotated[
        list[Path] | None,
        typer.Option(help=both("另用的年历文件，可多次", "further calendar files, repeatable")),
    ] = None,
    hours: Annotated[
        str | None,
        typer.Option(
            help=both(
                "办公时间，如 09:00-12:00 13:30-17:30", "office hours, 09:00-12:00 13:30-17:30"
            )
        ),
    ] = None,
    lang: Language = Lang.ZH,
    as_json: Json = False,
) -> None:
    """The command `lianxin due`."""
    from infra.cli.due import run

    run(policy, kind, urgency.value, start, calendar or [], hours, _words(lang), as_json)


def _words(lang: Lang) -> Words:
    return "en" if lang is Lang.EN else "zh-CN"


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
    cases: Cases = None,
    shards: Shards = 16,
    zone: Zone = "Asia/Shanghai",
    provisional_again: Annotated[
        bool,
        typer.Option(
            "--provisional-again",
            help=both("允许把正式年历改回暂定", "let a year with its notice be provisional again"),
        ),
    ] = False,
) -> None:
    from infra.cli.settings import Deployed
    from infra.cli.years import enter

    enter(file, Deployed(table, cases, shards, zone) if table else port, again=provisional_again)


@policy_app.command(
    "list",
    help=both(
        "列出内置政策及出处；给出设置表则列出已生效的",
        "the packaged policies with their sources; of a settings table, those in force",
    ),
)
def policy_list(table: Table = None, lang: Language = Lang.ZH) -> None:
    from infra.cli.policies import in_force
    from infra.cli.policy_page import print_list

    if table:
        in_force(table)
    else:
        print_list(_words(lang))


@policy_app.command("show", help=both("完整显示一项政策", "print a policy whole"))
def policy_show(
    name: Annotated[
        str,
        typer.Argument(help=both("内置政策名或 TOML 文件", "a packaged policy, or a TOML file")),
    ] = "12345-general",
    urgency: Urgency = Haste.ORDINARY,
    lang: Language = Lang.ZH,
) -> None:
    from infra.cli.policy_page import print_policy

    print_policy(name, urgency.value, _words(lang))


@policy_app.command(
    "check",
    help=both("检查政策文件或其所在目录", "check policy files, or the directory they stand in"),
)
def policy_check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help=both("目录，或 TOML、CSV 文件", "a directory, or TOML and CSV files"),
        ),
    ],
    table: Table = None,
) -> None:
    from infra.cli.policies import check

    check(paths, table)


@policy_app.command(
    "load",
    help=both(
        "把目录中的政策录入运行中的本机服务（--port）或已部署的设置表（--table），取代现有的",
        "enter a directory's policies into the running local stack (--port) or a deployment"
        " (--table), in place of those that are there",
    ),
)
def policy_load(
    directory: Annotated[
        Path,
        typer.Argument(help=both("政策目录，或城市目录", "directory of policies, or of the city")),
    ],
    port: Port = 8000,
    table: Table = None,
    cases: Cases = None,
    shards: Shards = 16,
    zone: Zone = "Asia/Shanghai",
) -> None:
    from infra.cli.policies import load
    from infra.cli.settings import Deployed

    load(directory, Deployed(table, cases, shards, zone) if table else port)


@deadlines_app.command(
    "replay",
    help=both(
        "用真实工单的受理、应办、办结时间，在模拟时钟上走一遍到期检查",
        "drive real cases through the sweep on a simulated clock",
    ),
)
def deadlines_replay(
    cases: Annotated[Path, typer.Argument(help="CSV(.gz): open_dt, target_dt, closed_dt")],
    interval: Annotated[
        int, typer.Option(min=1, help=both("每几分钟检查一次", "minutes between two sweeps"))
    ] = 1,
    outage: Annotated[
        tuple[str, str] | None,
        typer.Option(help=both("停机的起止时间", "from when till when no sweep comes")),
    ] = None,
    shuffle: Annotated[
        int | None,
        typer.Option(
            help=both("打乱次序并重复，随机种子", "tick in random order and some twice; a seed")
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help=both("只取前 N 件", "the first N only"))
    ] = None,
    as_json: Json = False,
) -> None:
    from infra.deadlines.command import run

    raise SystemExit(run(cases, interval, outage or (), shuffle, limit, as_json=as_json))
