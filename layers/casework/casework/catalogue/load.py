"""Reads a city's catalogue from a directory of CSV files, as a spreadsheet saves them.

areas.csv, units.csv, categories.csv and responsibility.csv must be there; terms.csv, officers.csv,
deciders.csv, routing.csv and areas.geojson (the areas' outlines) may be; the columns are those of `casework.catalogue.tables.COLUMNS`. Lines that start with # are
comments. A byte-order mark is tolerated, another encoding than UTF-8 is refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from casework.cases import deciders
from casework.catalogue.build import valid_city
from casework.catalogue.city import City
from casework.catalogue.shapes import read_shapes
from casework.catalogue.tables import COLUMNS, OPTIONAL, CityError, Fault, Line, Tables

FILES = {
    "areas": "areas.csv",
    "units": "units.csv",
    "categories": "categories.csv",
    "rules": "responsibility.csv",
    "terms": "terms.csv",
    "staff": "officers.csv",
    "routing": "routing.csv",
}
NOT_REQUIRED = {"terms", "staff", "routing"}
SHAPES = "areas.geojson"
DECIDERS = "deciders.csv"


def read_city(directory: Path, routing: Path | None = None) -> City:
    """The city of a directory; with `routing`, with the rules of dispatch of another file.

    Raises CityError with every fault of every file at once.
    """
    tables = Tables()
    for section, name in FILES.items():
        path = routing if routing and section == "routing" else directory / name
        if path.is_file():
            tables.sections[section] = _lines(path, COLUMNS[section], tables.faults)
        elif section not in NOT_REQUIRED:
            tables.faults.append(
                Fault(name, 0, "缺少这个文件，请补上。", "This file is missing; add it.")
            )
    if (directory / SHAPES).is_file():
        tables.sections["shapes"] = read_shapes(directory / SHAPES, tables.faults)
    return valid_city(tables)


def read_deciders(directory: Path) -> tuple[Line, ...]:
    """What the city changes of who decides; nothing if it says nothing. Raises CityError."""
    path = directory / DECIDERS
    if not path.is_file():
        return ()
    faults: list[Fault] = []
    lines = _lines(path, deciders.COLUMNS, faults)
    if faults:
        raise CityError(faults)
    deciders.decided(lines)
    return tuple(lines)


def _lines(path: Path, columns: Sequence[str], faults: list[Fault]) -> list[Line]:
    """The rows of a file; see `lines_of`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        zh, en = "不是 UTF-8 编码，请另存为“CSV UTF-8”。", "Save it as CSV UTF-8."
        faults.append(Fault(path.name, 0, zh, en))
        return []
    return lines_of(path.name, text, columns, faults)


def lines_of(name: str, text: str, columns: Sequence[str], faults: list[Fault]) -> list[Line]:
    """The rows of a CSV text with their line numbers; blank and comment lines passed over.

    What is wrong with the file itself is added to `faults`.
    """
    try:
        rows = list(_rows(text))
    except _BrokenError as broken:
        faults.append(Fault(name, broken.line, f"读不懂：{broken}", f"Unreadable: {broken}"))
        return []
    if not rows:
        faults.append(Fault(name, 0, "文件是空的。", "The file is empty."))
        return []
    number, header = rows[0]
    if header_faults := _header_faults(name, number, header, columns):
        faults += header_faults
        return []
    lines = []
    for number, cells in rows[1:]:
        if len(cells) > len(header):
            zh, en = "单元格比表头多，含逗号的要加引号。", "Too many cells; quote what has a comma."
            faults.append(Fault(name, number, zh, en))
        lines.append(Line(name, number, dict(zip(header, cells, strict=False))))
    return lines


class _BrokenError(Exception):
    """The csv module's complaint, with its line."""

    def __init__(self, line: int, reason: object) -> None:
        super().__init__(str(reason))
        self.line = line


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not cells[0].startswith("#"):
                yield reader.line_num, cells
    except csv.Error as error:
        raise _BrokenError(reader.line_num, error) from None


def _header_faults(
    file: str, number: int, header: Sequence[str], columns: Sequence[str]
) -> list[Fault]:
    missing = [one for one in columns if one not in header and one not in OPTIONAL]
    strange = [one for one in header if one not in columns]
    if not missing and not strange and len(set(header)) == len(header):
        return []
    expected = ",".join(columns)
    return [Fault(file, number, f"表头应是：{expected}。", f"The header must be {expected}.")]
