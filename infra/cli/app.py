"""`lianxin`: the command line. Each command imports what it needs when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from infra.cli import clock, learning
from infra.cli.options import Json, Lang, Language, Port
from infra.cli.routing import routing_app
from infra.cli.saying import Stop, both

app = typer.Typer(
    name="lianxin",
    help=both("连心：城市诉求服务", "Lianxin: the back end of a city's citizen-request service"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
city_app = typer.Typer(no_args_is_help=True, help=both("城市目录", "a city's catalogue"))
bench_app = typer.Typer(no_args_is_help=True, help=both("测量", "measurements"))
app.add_typer(city_app, name="city")
app.add_typer(clock.calendar_app, name="calendar")
app.add_typer(clock.policy_app, name="policy")
app.add_typer(clock.deadlines_app, name="deadlines")
app.add_typer(routing_app, name="routing")
app.add_typer(bench_app, name="bench")
app.command(help=both("计算各时限的到期时间与算法", "due times, with their working"))(clock.due)
app.command(help=both("用已标注的留言训练分类模型", "train a classifier on labelled messages"))(
    learning.train
)
app.command(help=both("给留言分类", "label messages"))(learning.classify)
app.command(help=both("为留言找承办单位，并说明理由", "find each message its department, and why"))(
    learning.route
)
bench_app.command("routing", help=both("分类的准与快", "how right and how fast classifying is"))(
    learning.bench
)


def main() -> None:
    """The entry point of `lianxin`."""
    try:
        raise SystemExit(_run())
    except Stop as stop:
        print(stop, file=sys.stderr)
        raise SystemExit(stop.code) from None


def _run() -> object:
    """The exit code of the command. Raises Stop if it is used wrongly."""
    try:
        return app(standalone_mode=False)
    except TyperException as wrong:
        if not wrong.format_message():  # a command of several, without one: its help was shown
            return 2
        from infra.cli.usage import misused

        raise misused(wrong) from None


@app.command(
    help=both(
        "在本机运行整座城市，按 Ctrl-C 结束", "run the whole city on this machine, until Ctrl-C"
    )
)
def local(
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, help=both("端口，0 为任意空闲端口", "port; 0 takes any free one")
        ),
    ] = 8000,
    seed: Annotated[
        bool,
        typer.Option(
            "--seed/--no-seed",
            help=both("载入 71 件示例诉求", "bring in the 71 cases of the sample city"),
        ),
    ] = True,
    ready_file: Annotated[
        Path | None,
        typer.Option(
            help=both(
                "服务就绪后写入端口、进程号和令牌", "written when it answers: port, pid, tokens"
            )
        ),
    ] = None,
) -> None:
    from infra.cli.local import run

    raise SystemExit(run(port, seed, ready_file))


@app.command(help=both("签发一个本机用的登录令牌", "print a token for the local stack"))
def token(
    role: Annotated[str, typer.Option(help=both("角色，如 officer", "role, such as officer"))],
    department: Annotated[
        str | None, typer.Option(help=both("单位代码", "code of the department"))
    ] = None,
    area: Annotated[str | None, typer.Option(help=both("区域代码", "code of the area"))] = None,
    subject: Annotated[str, typer.Option(help=both("账号", "account"))] = "",
    hours: Annotated[
        float,
        typer.Option(min=0.01, max=8760, help=both("有效小时数", "hours that it is good for")),
    ] = 12,
    phone: Annotated[
        str | None, typer.Option(help=both("已核实的手机号", "a phone number, as verified"))
    ] = None,
    email: Annotated[
        str | None, typer.Option(help=both("已核实的邮箱", "a mail address, as verified"))
    ] = None,
) -> None:
    from infra.cli.token import made

    typer.echo(made(role, department, area, subject, hours, phone, email))


@app.command(help=both("查看一件诉求：经过与时限", "show a case with its timeline and deadlines"))
def case(
    number: Annotated[
        list[str],
        typer.Argument(
            help=both("诉求编号，可以分成四组写", "case number, in four groups if you like")
        ),
    ],
    port: Port = 8000,
    role: Annotated[
        str, typer.Option("--as", help=both("以什么角色查看", "the role that looks"))
    ] = "supervisor",
    department: Annotated[
        str | None, typer.Option(help=both("单位代码", "code of the department"))
    ] = None,
    code: Annotated[
        str | None,
        typer.Option(
            help=both("查询码：以诉求人身份查看", "access code: look as the citizen does")
        ),
    ] = None,
    lang: Language = Lang.ZH,
) -> None:
    from infra.cli.show import show

    show("".join(number), port, role, department, code, "en" if lang is Lang.EN else "zh-CN")


@app.command(
    help=both(
        "把真实留言送过运行中的服务，直到每件都有结果",
        "drive real messages through the running stack, each to its end",
    )
)
def replay(
    messages: Annotated[
        Path,
        typer.Argument(help="CSV: id, user, title, time, body, reply, reply_time"),
    ],
    limit: Annotated[
        int | None, typer.Option(min=1, help=both("只取前 N 件", "the first N only"))
    ] = None,
    port: Port = 8000,
) -> None:
    from infra.cli.replay import run

    raise SystemExit(run(messages, limit, port))


@app.command(
    help=both("从 CSV 中找出内容重复的留言", "find the messages of a CSV file that say the same")
)
def duplicates(
    source: Annotated[
        Path,
        typer.Option(
            "--input",
            help=both(
                "CSV：id,title,body，可有 area,time", "CSV: id, title, body; area and time if known"
            ),
        ),
    ],
    target: Annotated[
        Path,
        typer.Option("--output", help=both("写入 id_a,id_b,score", "gets id_a, id_b, score")),
    ],
    least: Annotated[
        float,
        typer.Option(
            min=0.5,
            max=1.0,
            help=both(
                "相似度下限；正文相同的总会列出", "least score; same bodies are always named"
            ),
        ),
    ] = 0.75,
) -> None:
    from infra.cli.duplicates import run

    run(source, target, least)


@app.command(help=both("生成接口契约", "generate the contracts"))
def contracts(
    check: Annotated[
        bool, typer.Option("--check", help=both("只检查是否最新", "only see if they are fresh"))
    ] = False,
) -> None:
    from infra.contracts import main as generate

    raise SystemExit(generate(check))


@app.command(
    help=both("生成“谁来决定”的文档", "generate the pages of who decides and where it leads")
)
def decisions(
    check: Annotated[
        bool, typer.Option("--check", help=both("只检查是否最新", "only see if they are fresh"))
    ] = False,
) -> None:
    from infra.decisions import main as generate

    raise SystemExit(generate(check))


@city_app.command("check", help=both("检查城市目录", "check a city's catalogue"))
def city_check(
    directory: Annotated[Path, typer.Argument(help=both("CSV 所在目录", "directory of CSV files"))],
) -> None:
    from infra.cli.city import check

    check(directory)


@city_app.command(
    "load", help=both("把目录载入已部署的设置表", "load a catalogue into a deployed settings table")
)
def city_load(
    directory: Annotated[Path, typer.Argument(help=both("CSV 所在目录", "directory of CSV files"))],
    table: Annotated[
        str,
        typer.Option(
            help=both("设置表的名称（堆栈输出）", "name of the settings table (an output)")
        ),
    ],
) -> None:
    from infra.cli.city import load

    load(directory, table)


@bench_app.command("cost", help=both("一件诉求的云费用", "what one case costs in the cloud"))
def bench_cost(as_json: Json = False) -> None:
    from infra.bench.cost import main as measure

    raise SystemExit(measure(as_json))


@bench_app.command("deadlines", help=both("期限巡检的成本", "what watching the deadlines costs"))
def bench_deadlines(
    as_json: Json = False,
    model: Annotated[
        bool,
        typer.Option("--model", help=both("附一城一国的推算", "add a city's and a country's sum")),
    ] = False,
    largest: Annotated[
        int, typer.Option(min=1000, help=both("最多的在办件", "the most open cases"))
    ] = 1_000_000,
) -> None:
    from infra.bench.deadlines import main as measure

    raise SystemExit(measure(as_json, model, largest))


@bench_app.command("imports", help=both("各函数的加载耗时", "what each function costs to import"))
def bench_imports(as_json: Json = False) -> None:
    from infra.bench.imports import main as measure

    raise SystemExit(measure(as_json))


@bench_app.command("calendar", help=both("年历运算的耗时", "what counting working days costs"))
def bench_calendar(as_json: Json = False) -> None:
    from infra.bench.calendar import main as measure

    raise SystemExit(measure(as_json))


@bench_app.command("duplicates", help=both("查重的速度与成本", "how fast duplicates are found"))
def bench_duplicates(
    as_json: Json = False,
    messages: Annotated[
        int, typer.Option(min=1000, help=both("留言条数", "how many messages"))
    ] = 100_000,
) -> None:
    from infra.bench.duplicates import main as measure

    raise SystemExit(measure(as_json, messages))
