"""A catalogue that cannot be used is refused with file, line and reason, all faults at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casework.catalogue.city import City, Row
from casework.catalogue.load import FILES, read_city
from casework.catalogue.tables import COLUMNS, CityError, Fault
from tests.catalogue.small_city import small_city, small_staff

Document = dict[str, list[Row]]


def faults_of(document: Document) -> tuple[Fault, ...]:
    with pytest.raises(CityError) as refusal:
        City.from_document(document)
    return refusal.value.faults


def entry(document: Document, section: str, code: str) -> Row:
    return next(row for row in document[section] if row["code"] == code)


def add(section: str, **cells: str) -> Callable[[Document], None]:
    return lambda document: document[section].append(dict(cells))


def change(section: str, code: str, **cells: str) -> Callable[[Document], None]:
    return lambda document: entry(document, section, code).update(cells)


SPOILT: dict[str, tuple[Callable[[Document], None], str, int, str]] = {
    "an unknown parent of a unit": (change("units", "police", parent="x"), "units", 3, "parent x"),
    "a unit that is above itself": (change("units", "gov", parent="roads"), "units", 1, "circle"),
    "a unit in no known area": (change("units", "police", area="990199"), "units", 3, "990199"),
    "a unit of an unknown kind": (change("units", "police", kind="army"), "units", 3, "army"),
    "a unit of an unknown line": (change("units", "police", line="公务"), "units", 3, "公务"),
    "a code that no queue could have": (
        add(
            "units",
            code="Water Works",
            name="水厂",
            name_en="Water",
            area="990100",
            kind="department",
            line="服务",
        ),
        "units",
        8,
        "Water Works",
    ),
    "a word where yes or no is asked": (
        change("units", "police", integrates="yes"),
        "units",
        3,
        "true or false",
    ),
    "office hours that are none": (
        change("units", "police", hours="9-17"),
        "units",
        3,
        "13:30-17:30",
    ),
    "office hours out of order": (
        change("units", "police", hours="13:30-17:30 09:00-12:00"),
        "units",
        3,
        "ascending",
    ),
    "a day that is none": (change("units", "parks", retired="去年"), "units", 4, "去年"),
    "a unit below a retired one": (change("units", "police", parent="parks"), "units", 3, "2025"),
    "two governments of one area": (
        change("units", "north-roads", kind="district"),
        "units",
        6,
        "already has north",
    ),
    "an area given twice": (
        lambda document: document["areas"].append(document["areas"][1]),
        "areas",
        6,
        "line 2",
    ),
    "an unknown parent of an area": (
        change("areas", "990103", parent="990199"),
        "areas",
        3,
        "parent 990199",
    ),
    "two cities": (change("areas", "990103", parent=""), "areas", 3, "no parent"),
    "a district inside a street": (
        change("areas", "990103", parent="990102001"),
        "areas",
        3,
        "below street",
    ),
    "areas in a circle": (
        change("areas", "990102", parent="990102001001"),
        "areas",
        2,
        "circle",
    ),
    "an area code of five digits": (
        add("areas", code="99010", name="西区", name_en="West", parent="990100", level="district"),
        "areas",
        6,
        "99010",
    ),
    "a category with nobody responsible": (
        change("categories", "0203", lead=""),
        "categories",
        1,
        "no responsible unit",
    ),
    "evidence of a kind that nobody can bring": (
        change("categories", "0204", evidence="photo;video"),
        "categories",
        2,
        "cannot be “video”; it is any of photo, document",
    ),
    "party affairs led by the government": (
        change("categories", "0203", line="党务"),
        "categories",
        1,
        "0203 is of line 党务 and cannot be led by roads",
    ),
    "party affairs led by whoever governs the street": (
        change("categories", "1407", line="党务"),
        "categories",
        5,
        "cannot be led by @street",
    ),
    "a party unit that leads what the government does": (
        change("units", "police", line="党务"),
        "categories",
        3,
        "0208 is of line 政务 and cannot be led by police",
    ),
    "a rule that gives party affairs to the government": (
        change("categories", "0204", line="党务", lead="@person"),
        "rules",
        3,
        "0204 is of line 党务 and cannot be led by elm-street",
    ),
    "a domain's rule that takes party affairs along": (
        change("categories", "0204", line="党务", lead="@person"),
        "rules",
        1,
        "give an exception in a domain its own row",
    ),
    "an unknown lead": (change("categories", "0203", lead="x"), "categories", 1, "unit x"),
    "an unknown assisting unit": (
        change("categories", "0203", assisting="police;x"),
        "categories",
        1,
        "unit x",
    ),
    "a reference by area that does not exist": (
        change("categories", "0203", lead="@village"),
        "categories",
        1,
        "@village",
    ),
    "a lead that is retired": (change("categories", "0203", lead="parks"), "categories", 1, "succ"),
    "one domain with two names": (
        change("categories", "0208", domain="城管"),
        "categories",
        3,
        "already named",
    ),
    "a rule for an unknown category": (
        add("rules", category="0299", area="*", unit="roads"),
        "rules",
        5,
        "category 0299",
    ),
    "a rule for an unknown area": (
        add("rules", category="0203", area="990199", unit="roads"),
        "rules",
        5,
        "area 990199",
    ),
    "a rule for an unknown unit": (
        add("rules", category="0203", area="990103", unit="x"),
        "rules",
        5,
        "unit x",
    ),
    "a rule for a retired unit": (
        add("rules", category="0203", area="990103", unit="parks"),
        "rules",
        5,
        "2025-12-31",
    ),
    "a rule given twice": (
        add("rules", category="02", area="990102", unit="roads"),
        "rules",
        5,
        "line 1",
    ),
    "a rule that writes the city as an area": (
        add("rules", category="0203", area="990100", unit="roads"),
        "rules",
        5,
        "write *",
    ),
    "a rule that competes with the lead": (
        add("rules", category="0203", area="*", unit="gov"),
        "rules",
        5,
        "keep one",
    ),
    "a term of one character": (add("terms", category="0204", term="路"), "terms", 3, "too short"),
    "a term given twice": (add("terms", category="0203", term="垃圾桶"), "terms", 3, "twice"),
    "a term of an unknown category": (add("terms", category="99", term="月亮"), "terms", 3, "99"),
    "staff of a role that only citizens have": (
        change("staff", "li", role="citizen"),
        "staff",
        11,
        "role cannot be “citizen”; it is one of agent, moderator",
    ),
    "staff of an unknown unit": (change("staff", "li", unit="x"), "staff", 11, "unit x"),
    "staff of a retired unit": (change("staff", "li", unit="parks"), "staff", 11, "2025-12-31"),
    "staff of an unknown area": (change("staff", "nan", area="990199"), "staff", 17, "990199"),
    "staff on duty now and then": (
        change("staff", "lv", duty="sometimes"),
        "staff",
        13,
        "duty is true or false, not “sometimes”",
    ),
    "an account given twice": (
        lambda document: document["staff"].append(document["staff"][0]),
        "staff",
        20,
        "line 1",
    ),
    "an account with a blank in it": (
        add("staff", code="li ming", name="李明", role="officer", unit="roads"),
        "staff",
        20,
        "without blanks",
    ),
    "staff without a name": (change("staff", "li", name=""), "staff", 11, "name is empty"),
    "an empty name": (change("units", "police", name=""), "units", 3, "name is empty"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_one_thing_wrong_is_named_where_it_stands(what: str) -> None:
    spoil, section, line, words = SPOILT[what]
    document = {**small_city(), "staff": small_staff()}

    spoil(document)

    found = [fault for fault in faults_of(document) if (fault.file, fault.line) == (section, line)]
    assert any(words in fault.en for fault in found), found
    assert all(fault.zh for fault in found)


def test_an_empty_city_is_refused_and_says_what_is_missing() -> None:
    assert any("There is no city" in fault.en for fault in faults_of({}))


def test_faults_of_every_section_are_told_together() -> None:
    document = small_city()
    change("areas", "990103", parent="990199")(document)
    change("units", "police", integrates="yes")(document)
    change("categories", "0203", lead="x")(document)
    add("rules", category="0299", area="*", unit="roads")(document)

    told = faults_of(document)

    assert {fault.file for fault in told} == {"areas", "units", "categories", "rules"}


def test_a_spoilt_cell_brings_no_faults_about_what_refers_to_its_row() -> None:
    document = small_city()
    change("units", "roads", name="", kind="")(document)

    assert [fault.en for fault in faults_of(document)] == ["name, kind is empty; fill it in."]


def test_party_affairs_may_stand_in_a_domain_of_the_government_with_rows_of_their_own() -> None:
    """Given a domain's rule for a district, and the party category's own exception from it."""
    document = small_city()
    change("units", "parks", line="党务", retired="")(document)
    change("categories", "0203", line="党务", lead="parks")(document)
    add("rules", category="0203", area="990102", unit="@person")(document)

    city = City.from_document(document)

    assert city.responsible("0203", "990103") == "parks"
    assert city.responsible("0203", "990102") is None
    assert city.responsible("0204", "990102") == "north-roads"


# -- files --------------------------------------------------------------------------------


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for section, rows in {**small_city(), "staff": small_staff()}.items():
        columns = COLUMNS[section]
        lines = [",".join(row.get(column, "") for column in columns) for row in rows]
        text = "\n".join(["# 说明", ",".join(columns), *lines, ""])
        (tmp_path / FILES[section]).write_text(text, encoding="utf-8")
    return tmp_path


def faults_in(directory: Path) -> tuple[Fault, ...]:
    with pytest.raises(CityError) as refusal:
        read_city(directory)
    return refusal.value.faults


def test_files_read_as_the_document_does(directory: Path) -> None:
    document = {**small_city(), "staff": small_staff()}
    assert read_city(directory).document() == City.from_document(document).document()


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated(directory: Path) -> None:
    path = directory / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert read_city(directory).unit("roads").integrates


def test_terms_and_staff_may_be_absent_and_nothing_else(directory: Path) -> None:
    (directory / "terms.csv").unlink()
    (directory / "officers.csv").unlink()
    assert read_city(directory).terms == {}
    assert read_city(directory).staff == {}

    (directory / "units.csv").unlink()
    assert [(fault.file, fault.line) for fault in faults_in(directory)] == [("units.csv", 0)]


def test_a_circle_of_units_is_named_in_each_of_its_lines(directory: Path) -> None:
    """Given the police below a street that is, two steps up, below the police."""
    path = directory / "units.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("police,公安局,Police,gov", "police,公安局,Police,elm-street")
    text = text.replace("north,北区政府,North Government,gov", "north,北区政府,North,police")
    path.write_text(text, encoding="utf-8")

    told = faults_in(directory)

    assert [(fault.file, fault.line) for fault in told] == [("units.csv", n) for n in (5, 7, 9)]
    assert "police → elm-street → north → police" in told[0].en


def test_the_column_of_evidence_may_be_missing(directory: Path) -> None:
    """Given a catalogue of a city that has not yet heard of it."""
    path = directory / "categories.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    older = [rows[0], *(row.rpartition(",")[0] for row in rows[1:])]
    path.write_text("\n".join(older), encoding="utf-8")

    city = read_city(directory)

    assert city.category("0204").line == "政务"
    assert not any(category.evidence for category in city.categories.values())


def test_the_column_of_duty_may_be_missing_and_then_nobody_is_on_duty(directory: Path) -> None:
    path = directory / "officers.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    older = [rows[0], *(row.rpartition(",")[0] for row in rows[1:])]
    path.write_text("\n".join(older), encoding="utf-8")

    staff = read_city(directory).staff

    assert len(staff) == len(small_staff())
    assert not any(one.duty for one in staff.values())


def test_a_fault_among_the_staff_is_told_with_the_line_of_its_file(directory: Path) -> None:
    path = directory / "officers.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("莫愁,moderator", "莫愁,judge"), "utf-8"
    )

    assert [(fault.file, fault.line) for fault in faults_in(directory)] == [("officers.csv", 4)]


def test_the_line_named_is_the_line_of_the_file(directory: Path) -> None:
    """Given a comment and a header above it, the third unit stands in line 5."""
    path = directory / "units.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("police,公安局", "police,"), "utf-8")

    assert [(fault.file, fault.line) for fault in faults_in(directory)] == [("units.csv", 5)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("代码,名称\nx,y\n".encode("gbk"), "UTF-8"),
        (b"", "empty"),
        (b"code,name\nx,y\n", "header must be"),
        (b'code,name,name_en,parent,level\n"990100,x\n', "Unreadable"),
        (b"code,name,name_en,parent,level\n990100,x,x,,city,more\n", "Too many cells"),
    ],
    ids=["GBK", "nothing", "another header", "an open quote", "too many cells"],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    directory: Path, content: bytes, words: str
) -> None:
    (directory / "areas.csv").write_bytes(content)

    told = faults_in(directory)

    assert {fault.file for fault in told} == {"areas.csv"}
    assert words in str(told[0])
