"""Messages labelled by reading, for `lianxin routing train`: in one file, or the labels apart.

The labels of the packaged models stand in `readings.csv`, each by the digest of its message: the
messages are their writers' and not ours to pass on. Whoever has them can train the models again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from casework.catalogue.city import City
from infra.cli.saying import Stop
from infra.cli.tables import Row, read_sheet
from infra.routing.history import KINDS
from infra.training.packaged import Read

COLUMNS = ("id", "title", "body")
LABELS = ("code", "kind")
READINGS = Path(__file__).with_name("readings.csv")

Cells = Mapping[str, str]


def read_labelled(paths: Sequence[Path], city: City) -> list[Read]:
    """The messages of some files that somebody has read: id, title, body, and in a file with columns
    code and kind (Chinese or English) by these, else by `readings.csv`.

    alt_codes (joined by ;), weight and kind_weight may be there too. Raises Stop with every line that
    is wrong: a label nobody has is no label.
    """
    readings = {row.cells["message"]: row.cells for row in read_sheet(READINGS, LABELS).rows}
    faults: list[tuple[str, str]] = []
    found: list[Read] = []
    for path in paths:
        sheet = read_sheet(path, COLUMNS)
        own = all(name in sheet.columns for name in LABELS)
        for row in sheet.rows:
            # Each reading once: a letter stands in several files.
            labels = row.cells if own else readings.pop(digest(row.cells), None)
            if labels is not None:
                found += _read(row, labels, city, path, faults)
    if faults:
        zh, en = zip(*faults, strict=True)
        raise Stop("\n".join(zh), "\n".join(en), 2)
    if not found:
        raise Stop(
            "这些文件里没有已标注的留言：需要 code 和 kind 两列，或 readings.csv 里读过的留言。",
            "There is no labelled message in these files: they need columns code and kind, or messages "
            "of readings.csv.",
            2,
        )
    return found


def digest(cells: Cells) -> str:
    """By what a message is known in `readings.csv`."""
    text = f"{cells['title'].strip()}\n{cells['body'].strip()}"
    return sha256(text.encode()).hexdigest()[:20]


def _read(
    row: Row, labels: Cells, city: City, path: Path, faults: list[tuple[str, str]]
) -> Iterator[Read]:
    def fault(zh: str, en: str) -> None:
        faults.append((f"{path} 第 {row.line} 行{zh}", f"{path}, line {row.line}: {en}"))

    codes = [code for code in (labels["code"], *labels.get("alt_codes", "").split(";")) if code]
    unknown = ", ".join(code for code in codes if code not in city.categories)
    weight, kind_weight = (_weight(labels.get(name, "")) for name in ("weight", "kind_weight"))
    if not row.whole:
        fault("单元格数不对", "too many or too few cells")
    elif unknown or not codes:
        fault(f"没有分类“{unknown}”", f"there is no category “{unknown}”")
    elif labels["kind"] not in KINDS:
        said = labels["kind"]
        fault(f"没有诉求类型“{said}”", f"there is no kind “{said}”")
    elif weight is None or kind_weight is None:
        fault("权重不是正数", "a weight is no number above 0")
    else:
        yield Read(
            title=row.cells["title"].strip(),
            body=row.cells["body"].strip(),
            code=codes[0],
            acceptable=frozenset(codes[1:]),
            kind=KINDS[labels["kind"]],
            weight=weight,
            kind_weight=kind_weight,
        )


def _weight(written: str) -> float | None:
    try:
        weight = float(written or 1)
    except ValueError:
        return None
    return weight if 0 < weight < 1e6 else None
