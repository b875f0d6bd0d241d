"""Messages to be compared, from a CSV file as offices keep them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra.cli.tables import Row as SheetRow
from infra.cli.tables import read_sheet

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
    """The messages of a CSV file. Raises Stop for what cannot be read at all."""
    sheet = read_sheet(path, COLUMNS)
    passed_over = Counter(["gb18030"] if sheet.encoding == "gb18030" else [])
    rows: dict[str, Row] = {}
    for found in sheet.rows:
        row = _row(found, passed_over)
        if row is not None and row.id in rows:
            passed_over["repeated_id"] += 1
        elif row is not None:
            rows[row.id] = row
    return Table(list(rows.values()), "area" in sheet.columns, passed_over)


def _row(row: SheetRow, passed_over: Counter[str]) -> Row | None:
    """The row as a message; None, and counted, if it is broken or says nothing."""
    if not row.whole:
        passed_over["broken"] += 1
        return None
    cells = {column: cell.strip() for column, cell in row.cells.items()}
    name, body = cells["id"], cells["body"]
    if not name or not body:
        passed_over["no_body" if name else "no_id"] += 1
        return None
    at = _time(cells.get("time", ""))
    if at is None and cells.get("time"):
        passed_over["time"] += 1
    return Row(name, cells["title"], body, cells.get("area", ""), at)


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
