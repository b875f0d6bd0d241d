"""What the parser of the command line says of a misuse, in Chinese too."""

from __future__ import annotations

import re

from typer.exceptions import TyperException

from infra.cli.saying import Stop

_WRONG = (
    (r"Missing option '(.+)'\.", "还缺选项 {}"),
    (r"Missing argument '(.+)'\.", "还缺参数 {}"),
    (r"No such option: (\S+).*", "没有选项 {}"),
    (r"No such command '(.+)'\..*", "没有命令 {}"),
    (r"Option '(.+)' requires an argument\.", "选项 {} 后面要有值"),
    (r"Option '(.+)' does not take a value\.", "选项 {} 不带值"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多了 {}"),
    (r"Invalid value for '(.+)': .* valid integer.*", "{} 应为整数"),
    (r"Invalid value for '(.+)': .* valid number.*", "{} 应为数字"),
    (r"Invalid value for '(.+)': .* greater than or equal to (\S+)", "{} 不能小于 {}"),
    (r"Invalid value for '(.+)': .* less than or equal to (\S+)", "{} 不能大于 {}"),
    (r"Invalid value for '(.+)': .* is not one of (.+?)\.?", "{} 只能是 {}"),
    (r"Invalid value for '(.+)': .*", "{} 的值不对"),
)
"""The parser's sentences, which it has in English alone, and ours."""


def misused(wrong: TyperException) -> Stop:
    """The parser's complaint as a sentence in each language, with the way to the help page."""
    said = " ".join(wrong.format_message().split())
    context = getattr(wrong, "ctx", None)
    page = f"{context.command_path if context else 'lianxin'} -h"
    return Stop(
        f"{_in_chinese(said)}。用法见 {page}。", f"{said.rstrip('.')}. See {page}.", wrong.exit_code
    )


def _in_chinese(said: str) -> str:
    for pattern, chinese in _WRONG:
        if found := re.fullmatch(pattern, said):
            return chinese.format(*found.groups())
    return "命令写得不对"
