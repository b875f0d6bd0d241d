"""CSV files as people have them: any of the usual encodings, whole or refused, written whole."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from infra.cli.saying import Stop
from infra.cli.tables import as_csv, read_sheet, write_whole

TEXT = "id,title,body\n1,路灯,“不亮”\n2,井盖,丢了\n"


def written(tmp_path: Path, data: bytes, name: str = "some.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.replace("\n", "\r\n").encode("gb18030"), "gb18030"),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, data: bytes, encoding: str) -> None:
    sheet = read_sheet(written(tmp_path, data), ("id", "body"))
    assert sheet.encoding == encoding
    assert [row.cells["body"] for row in sheet.rows] == ["“不亮”", "丢了"]


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(TEXT.encode()), "some.csv.gz")
    assert len(read_sheet(path, ("id",)).rows) == 2


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, b'id,body\n1,"a\nb"\n\n2,c\n'), ("id",))
    assert [row.line for row in sheet.rows] == [3, 5]


def test_rows_with_other_numbers_of_cells_are_known_as_broken(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, b"id,body\n1\n2,b\n3,c,d\n"), ("id",))
    assert [row.line for row in sheet.broken] == [2, 4]
    assert sheet.rows[0].cells == {"id": "1", "body": ""}


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"", "缺少列：id, body", "lacks columns"),
        (b"id,title\n1,a\n", "缺少列：body", "lacks columns"),
        (b'id,body\n1,"a\n2,b\n', "第 3 行", "line 3"),
        (b"\x89PNG\xff\xff\x00", "UTF-8", "no CSV in UTF-8"),
    ],
)
def test_what_is_no_such_file_gets_one_sentence(
    tmp_path: Path, data: bytes, zh: str, en: str
) -> None:
    with pytest.raises(Stop) as stopped:
        read_sheet(written(tmp_path, data), ("id", "body"))
    chinese, english = str(stopped.value).split("\n")
    assert (zh in chinese, en in english, stopped.value.code) == (True, True, 2)


def test_a_file_that_is_not_there_or_not_packed_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="There is no file"):
        read_sheet(tmp_path / "none.csv", ("id",))
    with pytest.raises(Stop, match="Cannot read"):
        read_sheet(written(tmp_path, b"plain", "some.csv.gz"), ("id",))


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_whole(path, as_csv(("id", "body"), [("1", '说“好”,\n"x"')]))
    assert read_sheet(path, ("id",)).rows[0].cells == {"id": "1", "body": '说“好”,\n"x"'}


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(Stop, match="Cannot write"):
        write_whole(folder, b"new")
    with pytest.raises(Stop, match="Cannot write"):
        write_whole(tmp_path / "none" / "out.csv", b"new")
    assert list(tmp_path.iterdir()) == [folder]
