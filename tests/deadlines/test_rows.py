"""Reading a file of real cases: every row is replayed, or said to be unusable and why."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.clock.calendar import Calendar
from infra.cli.saying import Stop
from infra.deadlines.rows import (
    BEYOND,
    CLOSED_FIRST,
    NO_OPENING,
    NO_TARGET,
    TARGET_FIRST,
    UNREADABLE,
    Row,
    Unusable,
    read,
)

CALENDAR = Calendar.seeded()
HEAD = "case,open_dt,target_dt,closed_dt,ontime"
OPENED, DUE, CLOSED = "2011-07-01 01:32:33", "2011-07-15 01:32:32", "2011-07-01 05:06:58"


def written(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    file = tmp_path / "cases.csv"
    file.write_text("\n".join([head, *lines]), "utf-8")
    return file


def rows_of(tmp_path: Path, *lines: str) -> tuple[list[Row], list[Unusable]]:
    return read(written(tmp_path, *lines), CALENDAR)


def at(text: str) -> datetime:
    """By the city's clock."""
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


def test_a_row_says_when_a_case_was_opened_due_and_closed(tmp_path: Path) -> None:
    rows, unusable = rows_of(tmp_path, f"1,{OPENED},{DUE},{CLOSED},ONTIME")
    assert rows == [Row(2, at(OPENED), at(DUE), at(CLOSED))]
    assert unusable == []


def test_one_without_a_closing_is_open(tmp_path: Path) -> None:
    (row,), _ = rows_of(tmp_path, f"1,{OPENED},{DUE},,")
    assert row.closed is None


def test_a_time_with_a_zone_is_that_instant(tmp_path: Path) -> None:
    (row,), _ = rows_of(tmp_path, "1,2011-07-01T01:00:00Z,2011-07-02T01:00:00-04:00,,")
    assert row.opened == datetime(2011, 7, 1, 1, tzinfo=UTC)
    assert row.target == datetime(2011, 7, 2, 5, tzinfo=UTC)


def test_they_come_in_the_order_in_which_they_were_opened(tmp_path: Path) -> None:
    rows, _ = rows_of(
        tmp_path,
        "1,2011-07-03 00:00,2011-07-15 00:00,,",
        "2,2011-07-01 00:00,2011-07-15 00:00,,",
        "3,2011-07-03 00:00,2011-07-14 00:00,,",
    )
    assert [row.line for row in rows] == [3, 2, 4]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"1,,{DUE},{CLOSED},", NO_OPENING),
        (f"1,{OPENED},,{CLOSED},", NO_TARGET),
        (f"1,{OPENED},  ,{CLOSED},", NO_TARGET),
        (f"1,{OPENED}", NO_TARGET),
        (f"1,{OPENED},{OPENED},{CLOSED},", TARGET_FIRST),
        (f"1,{DUE},{OPENED},{CLOSED},", TARGET_FIRST),
        (f"1,{OPENED},{DUE},2011-07-01 01:32:32,", CLOSED_FIRST),
        (f"1,yesterday,{DUE},{CLOSED},", UNREADABLE),
        (f"1,{OPENED},2011-02-30 00:00,{CLOSED},", UNREADABLE),
        (f"1,{OPENED},{DUE},01/07/2011,", UNREADABLE),
        ("1,0001-01-01T00:00:00+14:00,0001-01-02 00:00,,", UNREADABLE),
        ("1,2003-12-31 23:59:59,2004-02-01 00:00,,", BEYOND),
        ("1,2035-12-01 00:00,2035-12-24 00:00,,", BEYOND),
    ],
)
def test_a_row_that_cannot_be_replayed_is_named_with_the_reason(
    tmp_path: Path, line: str, why: tuple[str, str]
) -> None:
    rows, unusable = rows_of(tmp_path, line, f"2,{OPENED},{DUE},{OPENED},")
    assert unusable == [Unusable(2, why)]
    assert [row.line for row in rows] == [3], (
        "closed as it was opened; and it is taken all the same"
    )


def test_a_note_over_several_lines_is_one_row(tmp_path: Path) -> None:
    head = "note," + HEAD
    file = written(tmp_path, f'"first\nsecond",1,{OPENED},{DUE},,', f",2,{OPENED},,,", head=head)
    rows, unusable = read(file, CALENDAR)
    assert [row.line for row in rows] == [3]
    assert unusable == [Unusable(4, NO_TARGET)]


def test_a_packed_file_and_one_from_a_spreadsheet_are_read_too(tmp_path: Path) -> None:
    text = f"{HEAD}\r\n1,{OPENED},{DUE},{CLOSED},ONTIME\r\n".encode("utf-8-sig")
    plain, packed = tmp_path / "one.csv", tmp_path / "one.csv.gz"
    plain.write_bytes(text)
    packed.write_bytes(gzip.compress(text))
    assert read(plain, CALENDAR) == read(packed, CALENDAR)
    assert len(read(packed, CALENDAR)[0]) == 1


@pytest.mark.parametrize(
    ("head", "lacking"),
    [
        ("opened,due,closed", "open_dt, target_dt, closed_dt"),
        ("open_dt,target_dt", "closed_dt"),
        ("", "open_dt, target_dt, closed_dt"),
    ],
)
def test_a_file_without_the_columns_says_which(tmp_path: Path, head: str, lacking: str) -> None:
    with pytest.raises(Stop) as stopped:
        read(written(tmp_path, head=head), CALENDAR)
    assert lacking in str(stopped.value)


@pytest.mark.parametrize(
    ("name", "bytes_"),
    [
        ("gone.csv", None),
        ("gbk.csv", "受理,open_dt".encode("gbk")),
        ("half.csv.gz", gzip.compress(HEAD.encode() * 99)[:40]),
        ("bad.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03broken"),
        ("plain.csv.gz", HEAD.encode()),
        ("long.csv", f"{HEAD}\n{'x' * 200_000},{OPENED},{DUE},,".encode()),
    ],
    ids=["no file", "not UTF-8", "cut short", "spoilt", "not packed", "no CSV"],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, bytes_: bytes | None
) -> None:
    file = tmp_path / name
    if bytes_ is not None:
        file.write_bytes(bytes_)
    with pytest.raises(Stop) as stopped:
        read(file, CALENDAR)
    assert name in str(stopped.value)
    assert stopped.value.code == 2


def test_two_months_of_calendar_are_wanted_beyond_an_opening(tmp_path: Path) -> None:
    """The reminders of what is due in working days must know them."""
    last = CALENDAR.last - timedelta(days=60)
    for day, usable in ((last, 1), (last + timedelta(days=1), 0)):
        rows, _ = rows_of(tmp_path, f"1,{day} 12:00,2035-12-24 00:00,,")
        assert len(rows) == usable
