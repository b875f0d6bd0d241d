"""Messages labelled by reading, from a CSV file, for `lianxin routing train`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casework.catalogue.city import City
from infra.cli.saying import Stop
from infra.cli.tables import Row, read_sheet
from infra.routing.history import KINDS
from infra.training.packaged import Read

COLUMNS = ("id", "title", "body", "code", "kind")


def read_labelled(path: Path, city: City) -> list[Read]:
    """The messages of a file: id, title, body, code, kind (Chinese or English); and if they are there
    alt_codes (joined by ;), weight, kind_weight.

    Raises Stop with every line that is wrong: a label nobody has is no label.
    """
    sheet = read_sheet(path, COLUMNS)
    faults: list[tuple[str, str]] = []
    found = [one for row in sheet.rows for one in _read(row, city, faults)]
    if faults:
        zh, en = zip(*faults, strict=True)
        raise Stop("\n".join((f"{path}：", *zh)), "\n".join((f"{path}:", *en)), 2)
    return found


def _read(row: Row, city: City, faults: list[tuple[str, str]]) -> Iterator[Read]:
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    codes = [cells["code"], *filter(None, cells.get("alt_codes", "").split(";"))]
    unknown = [code for code in codes if code not in city.categories]
    weights = [_weight(cells.get(name, "")) for name in ("weight", "kind_weight")]
    if not row.whole:
        faults.append(
            (f"第 {row.line} 行单元格数不对", f"line {row.line}: too many or too few cells")
        )
    elif unknown:
        names = ", ".join(unknown)
        faults.append(
            (f"第 {row.line} 行没有分类 {names}", f"line {row.line}: there is no category {names}")
        )
    elif cells["kind"] not in KINDS:
        said = cells["kind"]
        faults.append(
            (f"第 {row.line} 行没有诉求类型“{said}”", f"line {row.line}: there is no kind “{said}”")
        )
    elif None in weights:
        faults.append(
            (f"第 {row.line} 行权重不是正数", f"line {row.line}: a weight is no number above 0")
        )
    else:
        weight, kind_weight = (one or 1.0 for one in weights)
        yield Read(
            title=cells["title"],
            body=cells["body"],
            code=codes[0],
            acceptable=frozenset(codes[1:]),
            kind=KINDS[cells["kind"]],
            weight=weight,
            kind_weight=kind_weight,
        )


def _weight(written: str) -> float | None:
    try:
        weight = float(written or 1)
    except ValueError:
        return None
    return weight if 0 < weight < 1e6 else None
