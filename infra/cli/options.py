"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from infra.cli.saying import both

Port = Annotated[
    int,
    typer.Option(min=1, max=65535, help=both("本机服务的端口", "port of the local stack")),
]
Json = Annotated[bool, typer.Option("--json", help=both("输出 JSON", "print JSON"))]


class Lang(StrEnum):
    """A language of the output."""

    ZH = "zh"
    EN = "en"


Language = Annotated[Lang, typer.Option("--lang", help=both("语言", "language"))]
