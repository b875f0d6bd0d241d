"""`lianxin duplicates`: which messages of a file say the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table as Shown

from infra.cli.progress import progress
from infra.cli.saying import Stop
from infra.cli.tables import as_csv, write_whole
from infra.duplicates.pairs import ALL_PAIRS, Found, find_pairs
from infra.duplicates.rows import read_rows

NOTES = {
    "gb18030": ("不是 UTF-8，已按 GBK 读取", "not UTF-8: read as GBK"),
    "broken": ("列数不对的行，跳过", "rows with too few or too many cells, passed over"),
    "no_id": ("没有编号的行，跳过", "rows without an id, passed over"),
    "no_body": ("没有正文的行，跳过", "rows without a body, passed over"),
    "repeated_id": ("编号重复的行，跳过", "rows with an id seen before, passed over"),
    "time": ("无法识别的时间，按未知处理", "times that cannot be read, taken as unknown"),
}


def run(source: Path, target: Path, least: float) -> None:
    """Compare the messages of `source`, write the pairs to `target`. Raises Stop."""
    if target.resolve() == source.resolve():
        raise Stop("输出不能覆盖输入。", "The output would overwrite the input.", 2)
    if not target.resolve().parent.is_dir():
        raise Stop(
            f"没有文件夹 {target.parent}，请先建好。",
            f"There is no directory {target.parent}. Make it first.",
            2,
        )
    table = read_rows(source)
    with progress("查找重复 · looking for duplicates") as report:
        found = find_pairs(table.rows, least, by_place=table.says_areas, report=report)
    pairs = ((pair.a, pair.b, f"{pair.score:.2f}") for pair in found.pairs)
    write_whole(target, as_csv(("id_a", "id_b", "score"), pairs))
    _tell(found, len(table.rows), table.passed_over, target)


def _tell(found: Found, messages: int, notes: Counter[str], target: Path) -> None:
    same = sum(pair.same_body for pair in found.pairs)
    table = Shown(title="重复留言 Duplicates", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("留言 · messages", str(messages))
    table.add_row("不同的内容 · different texts", str(found.texts))
    table.add_row("正文相同的对 · pairs with the same body", str(same))
    table.add_row("内容相近的对 · pairs of near copies", str(len(found.pairs) - same))
    table.add_section()
    table.add_row("签名，条/秒 · signed a second", _rate(messages, found.signing))
    table.add_row("查找，条/秒 · looked up a second", _rate(messages, found.looking_up))
    if notes:
        table.add_section()
    for name, (zh, en) in NOTES.items():
        if notes[name]:
            table.add_row(f"{zh} · {en}", str(notes[name]))
    out = Console(highlight=False, width=None if Console().is_terminal else 120)
    out.print(table)
    out.print(f"已写入 · written to {target}", markup=False, soft_wrap=True)
    for size in found.chained.values():
        out.print(
            f"{size} 条内容相同，超过 {ALL_PAIRS} 条，只列出前后相邻的对。\n"
            f"{size} messages say the same, more than {ALL_PAIRS}: of these each is paired with the next only."
        )
    if found.crowded:
        out.print(
            f"有些内容套用同一格式，比较时略去了 {found.crowded} 次较早的内容。\n"
            f"Many texts follow one form: {found.crowded} times an earlier one was not compared."
        )


def _rate(number: int, seconds: float) -> str:
    return f"{number / seconds:,.0f}" if seconds else "-"
