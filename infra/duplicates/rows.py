"""Messages to be compared, from a CSV file as offices keep them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra.cli.saying import Stop

COLUMNS = ("id", "title", "body")
"""Must be there; `area` and `time` may be."""
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


@dataclass(frozen=True)
class Row:
    """A message. `area`: as the file writes it, for two to be the same or not."""

    id: str
    title: str
    body: str
    area: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Table:
    """The messages of a file, whether it says where they are, and what was passed over, by why."""

    rows: list[Row]
    says_areas: bool
    passed_over: Counter[str]


def read_rows(path: Path) -> Table:
    """Read UTF-8, with a BOM or not, or GB 18030. Raises Stop for what cannot be read at all."""
    if not path.is_file():
        raise Stop(f"没有文件 {path}。", f"There is no file {path}.", 2)
    text, passed_over = _decoded(path)
    lines = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    rows: dict[str, Row] = {}
    try:
        columns = [name.strip() for name in lines.fieldnames or ()]
        lines.fieldnames = columns
        if missing := [name for name in COLUMNS if name not in columns]:
            raise Stop(
                f"{path} 缺少列：{', '.join(missing)}。第一行应是列名，至少有 {', '.join(COLUMNS)}。",
                f"{path} lacks columns: {', '.join(missing)}."
                f" Its first line must name at least {', '.join(COLUMNS)}.",
                2,
            )
        for cells in lines:
            row = _row(cells, passed_over)
            if row is not None and row.id in rows:
                passed_over["repeated_id"] += 1
            elif row is not None:
                rows[row.id] = row
    except csv.Error as fault:
        at = lines.reader.line_num
        raise Stop(
            f"{path} 第 {at} 行不合 CSV 格式（引号没有配对，或一格过长），请改正后再试。",
            f"{path}, line {at}: no proper CSV ({fault}). Mend the quotes there and try again.",
            2,
        ) from fault
    return Table(list(rows.values()), "area" in columns, passed_over)


def _decoded(path: Path) -> tuple[str, Counter[str]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), Counter([encoding] if encoding == "gb18030" else [])
        except UnicodeDecodeError:
            continue
    raise Stop(
        f"{path} 既不是 UTF-8 也不是 GBK 文本，请另存为 UTF-8 的 CSV。",
        f"{path} is neither UTF-8 nor GBK text. Save it as CSV in UTF-8.",
        2,
    )


def _row(cells: dict[str, str], passed_over: Counter[str]) -> Row | None:
    """The row as a message; None, and counted, if it is broken or says nothing."""
    if "" in cells or None in cells.values():
        passed_over["broken"] += 1
        return None
    name, body = cells["id"].strip(), cells["body"].strip()
    if not name or not body:
        passed_over["no_body" if name else "no_id"] += 1
        return None
    at = _time(cells.get("time", ""))
    if at is None and cells.get("time", "").strip():
        passed_over["time"] += 1
    return Row(name, cells["title"].strip(), body, cells.get("area", "").strip(), at)


def _time(written: str) -> datetime | None:
    """A local time as boards write it, or ISO 8601; only how far apart two are counts."""
    plain = written.strip().replace("/", "-")
    for form in _TIMES:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        at = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
