"""Past cases from a CSV file, as they would come to automatic dispatch today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast, get_args

from casework.cases.state import Case
from casework.catalogue.city import City
from casework.routing.kind import guess_kind
from casework.store.items import Body
from casework.views.names import kind_name
from infra.cli.tables import Row, read_sheet
from schemas.base import TEXT_LIMIT, TITLE_LIMIT, clean
from schemas.names import Channel, Kind

NEEDED = ("id", "title", "body")
"""area, lon, lat, address, kind, channel, category and department may be there too."""
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
"""When a case was filed means nothing to dispatch."""
KINDS: dict[str, Kind] = {
    name: kind for kind in get_args(Kind) for name in (kind, kind_name(kind, "zh-CN"))
}


@dataclass(frozen=True)
class Past:
    """A past case. `department` is the unit that had it, as a code or a name; empty if not known."""

    id: str
    case: Case
    body: Body
    department: str


@dataclass(frozen=True)
class History:
    """The cases of a file, how it is encoded, and the lines that cannot be used."""

    cases: tuple[Past, ...]
    encoding: str
    unusable: tuple[int, ...]


def read_history(path: Path, city: City) -> History:
    """The cases of a file. Raises Stop for a file that cannot be read or lacks a column.

    A code that this city does not have counts as not given: past cases may be another year's.
    """
    sheet = read_sheet(path, NEEDED)
    cases, unusable = [], []
    for row in sheet.rows:
        past = _past(row, city)
        if past is None:
            unusable.append(row.line)
        else:
            cases.append(past)
    return History(tuple(cases), sheet.encoding, tuple(unusable))


def _past(row: Row, city: City) -> Past | None:
    """The row as a case; None for a broken one, and for one that says nothing."""
    cells = {name: str(clean(cell)) for name, cell in row.cells.items()}
    title, body = cells["title"][:TITLE_LIMIT], cells["body"][:TEXT_LIMIT]
    if not row.whole or not (title or body):
        return None
    category, area = cells.get("category"), cells.get("area")
    kind = KINDS.get(cells.get("kind", ""))
    channel = cells.get("channel")
    lon, lat = point(cells) or (None, None)
    case = Case(
        number="",
        version=1,
        state="ACCEPTED",
        kind=kind or guess_kind(title, body),
        channel=cast(Channel, channel) if channel in get_args(Channel) else "web",
        filed_at=_THEN,
        changed_at=_THEN,
        category=category if category in city.categories else None,
        area=area if area in city.areas else None,
    )
    filed = Body(
        number="",
        at="",
        identity="",
        content="",
        title=title,
        text=body,
        salts={},
        address=cells.get("address") or None,
        lon=lon,
        lat=lat,
    )
    return Past(cells["id"], case, filed, cells.get("department", ""))


def point(cells: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude in degrees; None where one is not given or is none."""
    lon, lat = _degrees(cells.get("lon"), 180), _degrees(cells.get("lat"), 90)
    return (lon, lat) if lon is not None and lat is not None else None


def _degrees(written: str | None, most: float) -> float | None:
    try:
        degrees = float(written or "")
    except ValueError:
        return None
    return degrees if -most <= degrees <= most else None
