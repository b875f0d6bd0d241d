"""`lianxin route`: what the router finds of the messages of a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from casework.catalogue.city import BY_PERSON, City
from casework.routing.finding import Finding, Message, find
from casework.routing.kind import guess_kind
from casework.routing.model import Model, packaged, packaged_kinds
from casework.routing.urgency import guess_urgency
from casework.views.names import kind_name
from infra.cli.city import read
from infra.cli.progress import progress
from infra.cli.tables import Row, as_csv, read_sheet, write_whole
from infra.routing.history import point

NEEDED = ("id", "title", "body")
COLUMNS = (
    "id", "code", "alternatives", "kind", "urgency", "department", "assisting", "confidence",
    "decision", "reasons",
)  # fmt: skip
UNPLACED = {"@street": "街道乡镇", "@district": "区县政府", BY_PERSON: "上级主管部门"}
"""How a department is called of which nobody knows yet which one it is."""
NO_POINT = "坐标无效，没有使用 / the coordinates are none and were passed over"


def run(source: Path, target: Path, directory: Path) -> None:
    """Route each message of a file by a city's catalogue and write what was found. Raises Stop."""
    sheet = read_sheet(source, NEEDED)
    city, model = read(directory)[0], packaged()
    if sheet.broken:
        lines = ", ".join(str(row.line) for row in sheet.broken[:5])
        _note(
            f"{source} 有 {len(sheet.broken)} 行单元格数与表头不符，不处理：第 {lines} 行起。",
            f"{source}: {len(sheet.broken)} rows have too few or too many cells and are left out: "
            f"lines {lines}.",
        )
    rows = [row for row in sheet.rows if row.whole]
    found: list[tuple[str, ...]] = []
    with progress("route") as told:
        for done, row in enumerate(rows, 1):
            found.append(tuple(routed(row, city, model)))
            told(done, len(rows))
    write_whole(target, as_csv(COLUMNS, found))
    automatic = sum(row[8] == "auto" for row in found)
    _note(
        f"已写 {len(found)} 行到 {target}，其中 {automatic} 行可自动派单。",
        f"{len(found)} rows written to {target}; {automatic} would be dispatched without a person.",
    )


def routed(row: Row, city: City, model: Model) -> Iterator[str]:
    """The cells of COLUMNS for a row. A point that is none is passed over, and said so."""
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    title, body = cells["title"], cells["body"]
    kind = guess_kind(title, body, packaged_kinds())
    area = cells.get("area", "")
    at = point(cells)
    lon, lat = at or (None, None)
    known = area if area in city.areas else None
    address = " ".join(filter(None, (None if known else area, cells.get("address"))))
    message = Message(title, body, kind, area=known, lon=lon, lat=lat, address=address or None)
    finding = find(message, city, model)
    yield cells["id"]
    yield finding.category or ""
    yield ";".join(code for code, _, _ in finding.proposal.alternatives)
    yield kind_name(kind, "zh-CN")
    ruled = finding.urgency
    yield ruled if ruled != "ordinary" else guess_urgency(title, body)
    yield _department(finding, city)
    yield ";".join(city.unit(unit).name for unit in _assisting(finding, city))
    yield f"{finding.confidence:.3f}"
    yield "auto" if finding.confident and finding.unit else "person"
    unusable = at is None and (cells.get("lon") or cells.get("lat"))
    yield " | ".join((*finding.reasons, *([NO_POINT] if unusable else ())))


def _department(finding: Finding, city: City) -> str:
    if finding.unit is not None:
        return city.unit(finding.unit).name
    lead = city.category(finding.category).lead if finding.category else None
    return UNPLACED.get(lead or "", "")


def _assisting(finding: Finding, city: City) -> tuple[str, ...]:
    return city.assisting(finding.category, finding.place.area) if finding.category else ()


def _note(zh: str, en: str) -> None:
    print(f"{zh}\n{en}", file=sys.stderr)
