"""Rows of a file of real cases: when each was opened, due and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from casework.clock.calendar import Calendar
from infra.cli.tables import read_sheet

COLUMNS = ("open_dt", "target_dt", "closed_dt")
Words = tuple[str, str]

NO_OPENING: Words = ("没有受理时间", "it has no opening time")
NO_TARGET: Words = ("没有应办结时间", "it has no due time")
TARGET_FIRST: Words = ("应办结时间不晚于受理时间", "it is due before it was opened")
CLOSED_FIRST: Words = ("办结时间早于受理时间", "it was closed before it was opened")
UNREADABLE: Words = ("时间无法识别", "a time cannot be read")
BEYOND: Words = ("受理时间在年历之外", "it was opened outside the calendar")
AHEAD = timedelta(days=60)
"""So far beyond its opening the calendar must know the days."""


@dataclass(frozen=True)
class Row:
    """A case as it really went. Times are UTC; `closed` None: it is still open."""

    line: int
    opened: datetime
    target: datetime
    closed: datetime | None


@dataclass(frozen=True)
class Unusable:
    """A row that cannot be replayed, and why."""

    line: int
    why: Words


def read(path: Path, calendar: Calendar) -> tuple[list[Row], list[Unusable]]:
    """The rows of a CSV file (.csv or .csv.gz), oldest first; times without a zone are the city's.

    Raises Stop where the file cannot be read or lacks a column.
    """
    rows, unusable = [], []
    for found in read_sheet(path, COLUMNS).rows:
        row = _row(found.line, found.cells, calendar)
        if isinstance(row, Row):
            rows.append(row)
        else:
            unusable.append(row)
    return sorted(rows, key=lambda row: (row.opened, row.line)), unusable


def _row(line: int, cells: dict[str, str], calendar: Calendar) -> Row | Unusable:
    try:
        zone = ZoneInfo(calendar.zone)
        opened, target, closed = (_time(cells.get(column), zone) for column in COLUMNS)
    except (ValueError, OverflowError):
        return Unusable(line, UNREADABLE)
    if opened is None:
        return Unusable(line, NO_OPENING)
    if not calendar.first <= calendar.local(opened) <= calendar.last - AHEAD:
        return Unusable(line, BEYOND)
    if target is None:
        return Unusable(line, NO_TARGET)
    if target <= opened:
        return Unusable(line, TARGET_FIRST)
    if closed is not None and closed < opened:
        return Unusable(line, CLOSED_FIRST)
    return Row(line, opened, target, closed)


def _time(written: str | None, zone: tzinfo) -> datetime | None:
    if written is None or not written.strip():
        return None
    at = datetime.fromisoformat(written.strip())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
