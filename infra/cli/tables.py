"""CSV files as people have them: read whole or refused in one sentence, written whole or not at all."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.cli.saying import Stop

ENCODINGS = ("utf-8-sig", "gb18030")
"""What files are in: UTF-8, or what Chinese Windows and its spreadsheets write."""


@dataclass(frozen=True)
class Row:
    """A row by its columns, with the line that it ends on; `whole` unless cells lack or are left over."""

    line: int
    cells: dict[str, str]
    whole: bool


@dataclass(frozen=True)
class Sheet:
    """The rows of a file and the encoding that it turned out to be in."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str

    @property
    def broken(self) -> tuple[Row, ...]:
        """The rows with fewer or more cells than the file has columns."""
        return tuple(row for row in self.rows if not row.whole)


def read_sheet(path: Path, needed: Sequence[str]) -> Sheet:
    """A CSV file (.csv or .csv.gz) in UTF-8, with a BOM or without, or in GB18030 (GBK).

    Raises Stop where it is not there, cannot be read, lacks a column or is no CSV.
    """
    text, encoding = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = tuple(name.strip() for name in next(reader, ()))
        missing = [name for name in needed if name not in columns]
        if missing:
            lacking = ", ".join(missing)
            raise Stop(
                f"{path} 缺少列：{lacking}。", f"{path} lacks columns: it needs {lacking}.", 2
            )
        return Sheet(columns, tuple(_rows(reader, columns)), encoding)
    except csv.Error as fault:
        raise Stop(
            f"{path} 第 {reader.line_num} 行不是有效的 CSV，请改正（常见原因：引号没有成对）。",
            f"{path}, line {reader.line_num}, is no valid CSV ({fault}); correct it.",
            2,
        ) from fault


def write_whole(path: Path, data: bytes) -> None:
    """Write a file through a neighbour that is renamed: never half of it. Raises Stop."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise Stop(
            f"写不了 {path}：{fault.strerror}。", f"Cannot write {path}: {fault.strerror}.", 2
        ) from fault


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file in UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue().encode()


def _text(path: Path) -> tuple[str, str]:
    if not path.is_file():
        raise Stop(f"没有文件 {path}。", f"There is no file {path}.", 2)
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as fault:
        raise Stop(f"读不了 {path}：{fault}", f"Cannot read {path}: {fault}", 2) from fault
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Stop(
        f"{path} 既不是 UTF-8，也不是 GB18030（GBK）的 CSV，请另存为 UTF-8。",
        f"{path} is no CSV in UTF-8 or GB18030 (GBK); save it as UTF-8.",
        2,
    )


def _rows(reader: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Row]:
    for cells in reader:
        if cells:
            whole = len(cells) == len(columns)
            filled = [*cells, *[""] * (len(columns) - len(cells))]
            line: int = reader.line_num  # type: ignore[attr-defined]
            yield Row(line, dict(zip(columns, filled, strict=False)), whole)
