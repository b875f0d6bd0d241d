"""Rules of dispatch and outlines that cannot be used are refused with their line; nothing is dropped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from casework.catalogue import shapes
from casework.catalogue.city import City
from casework.catalogue.load import read_city
from casework.catalogue.shapes import read_shapes
from casework.catalogue.tables import COLUMNS, CityError, Fault
from tests.catalogue.small_city import small_city
from tests.support.world import ROOT, yunting

CITY = ROOT / "infra" / "city"
Cells = dict[str, str]

POLICE = {"to_unit": "police"}


def faults_of(*rules: Cells) -> tuple[Fault, ...]:
    document = small_city()
    document["units"].append(
        {
            "code": "party",
            "name": "市委",
            "name_en": "Party Committee",
            "area": "990100",
            "kind": "city",
            "line": "党务",
        }
    )
    document["routing"] = [{"name": f"r{n}", **cells} for n, cells in enumerate(rules, 1)]
    try:
        City.from_document(document)
    except CityError as refusal:
        return refusal.faults
    return ()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"words": "井盖"}, "does nothing"),
        ({"words": "井", **POLICE}, "“井” is too short"),
        ({"without": "a", **POLICE}, "“a” is too short"),
        ({"category": "0203;9999", **POLICE}, "category 9999"),
        ({"category": "77", **POLICE}, "category 77"),
        ({"area": "990199", **POLICE}, "area 990199"),
        ({"kind": "help;rant", **POLICE}, "kind cannot be “rant”"),
        ({"channel": "fax", **POLICE}, "channel cannot be “fax”"),
        ({"urgency": "at once"}, "urgency cannot be “at once”"),
        ({"person": "yes"}, "person is true or false"),
        ({"to_category": "9999"}, "category 9999"),
        ({"to_unit": "nobody"}, "unit nobody"),
        ({"to_unit": "parks"}, "retired on 2025-12-31"),
        ({"to_unit": "@person"}, "write true under person"),
        ({"to_unit": "@river"}, "@street, @district"),
        ({"to_unit": "party", "to_category": "0203"}, "cannot be led by party"),
        ({"to_unit": "party", "category": "02"}, "cannot be led by party"),
        ({"words": "路灯;大路灯杆", "without": "路灯", **POLICE}, "can never apply"),
        ({"name": "", **POLICE}, "name is empty"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_its_line(rule: Cells, said: str) -> None:
    good = {"words": "人行道", **POLICE}

    found = faults_of(good, rule)

    assert {(fault.file, fault.line) for fault in found} == {("routing", 2)}
    assert any(said in fault.en for fault in found)


def test_a_name_is_given_once() -> None:
    (fault,) = faults_of(
        {"name": "x", "words": "井盖", **POLICE}, {"name": "x", "words": "路灯", **POLICE}
    )

    assert (fault.line, "taken by line 1" in fault.en) == (2, True)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {"words": "井盖"}),
        ({"words": "井盖"}, {"words": "井盖"}),
        ({"words": "井盖;路灯"}, {"words": "井盖松动;路灯杆"}),
        ({"category": "02"}, {"category": "0203"}),
        ({"area": "990102"}, {"area": "990102001", "words": "井盖"}),
        ({"kind": "help;report"}, {"kind": "help"}),
        ({"without": "路灯杆"}, {"words": "井盖", "without": "路灯"}),
        ({"words": "App"}, {"words": "app", "channel": "web"}),
    ],
)
def test_a_rule_behind_one_that_takes_all_is_never_reached(earlier: Cells, later: Cells) -> None:
    (fault,) = faults_of({**earlier, **POLICE}, {**later, "to_unit": "gov"})

    assert fault.line == 2
    assert "never be reached: line 1" in fault.en


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"words": "井盖"}, {}),
        ({"words": "井盖松动"}, {"words": "井盖"}),
        ({"words": "井盖"}, {"words": "井盖;路灯"}),
        ({"words": "app"}, {"words": "happy"}),
        ({"category": "0203"}, {"category": "02"}),
        ({"area": "990102001"}, {"area": "990102"}),
        ({"without": "路灯"}, {"words": "井盖"}),
        ({"without": "路灯"}, {"without": "路灯杆"}),
        ({"kind": "help"}, {"words": "井盖"}),
    ],
)
def test_a_rule_that_is_reached_now_and_then_stays(earlier: Cells, later: Cells) -> None:
    assert faults_of({**earlier, **POLICE}, {**later, "to_unit": "gov"}) == ()


def test_yunting_has_rules_and_outlines_that_come_back_as_they_were_stored() -> None:
    again = City.from_document(json.loads(json.dumps(yunting().document())))

    assert len(yunting().routing) >= 3
    assert again.routing == yunting().routing
    assert again.shapes == yunting().shapes
    streets = {
        code for code, area in yunting().areas.items() if area.level in ("district", "street")
    }
    assert set(yunting().shapes) == streets


def test_the_rules_of_another_file_are_tried_with_the_city(tmp_path: Path) -> None:
    other = tmp_path / "neu.csv"
    other.write_text(",".join(COLUMNS["routing"]) + "\n桥,大桥,,,,,,0405,jiaotong,,,\n", "utf-8")

    assert [rule.name for rule in read_city(CITY, other).routing] == ["桥"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("name,words\na,井盖\n", 1, "The header must be name,words,without"),
        (",".join((*COLUMNS["routing"], "prio")) + "\n", 1, "The header must be"),
        ("# c\n" + ",".join(COLUMNS["routing"]) + "\n\nx,井盖,,,,,,,nobody,,,\n", 4, "unit nobody"),
    ],
)
def test_a_file_of_rules_is_refused_with_its_line(
    text: str, line: int, said: str, tmp_path: Path
) -> None:
    shutil.copytree(CITY, tmp_path / "city")
    (tmp_path / "city" / "routing.csv").write_text(text, "utf-8")

    with pytest.raises(CityError) as refusal:
        read_city(tmp_path / "city")

    (fault,) = refusal.value.faults
    assert (fault.file, fault.line) == ("routing.csv", line)
    assert said in fault.en


# -- outlines -----------------------------------------------------------------------------

SQUARE = [[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1], [120.0, 30.0]]


def feature(code: Any = "990102", coordinates: Any = None, kind: str = "Polygon") -> dict[str, Any]:
    coordinates = [SQUARE] if coordinates is None else coordinates
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def read(tmp_path: Path, *features: Any) -> tuple[dict[str, str], list[Fault]]:
    path, faults = tmp_path / "areas.geojson", list[Fault]()
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    lines = read_shapes(path, faults)
    return {line.cells["code"]: line.cells["rings"] for line in lines}, faults


def test_features_of_one_area_are_joined_and_a_number_is_a_code_too(tmp_path: Path) -> None:
    rings, faults = read(tmp_path, feature(990102), feature("990102"), feature("990103"))

    assert faults == []
    assert {code: len(text.split()) for code, text in rings.items()} == {"990102": 2, "990103": 1}


SWAPPED = [[[lat, lon] for lon, lat in SQUARE]]
BEYOND = [[[10.0, 120.0], [10.1, 120.0], [10.1, 120.1], [10.0, 120.0]]]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("no feature", "need a code"),
        (feature(""), "need a code"),
        ({**feature(), "properties": None}, "need a code"),
        ({**feature(), "geometry": None}, "must be a Polygon"),
        (feature(kind="Point", coordinates=[120, 30]), "must be a Polygon"),
        (feature(coordinates=[]), "no coordinates"),
        (feature(coordinates=SQUARE), "two numbers|nested"),
        (feature(coordinates=[SQUARE[:-1]]), "not closed"),
        (feature(coordinates=[SQUARE[:3]]), "not closed"),
        (feature(coordinates=[[["120", "30"]] * 4]), "two numbers"),
        (feature(coordinates=SWAPPED), "longitude comes first"),
        (feature(coordinates=BEYOND), "longitude comes first"),
        (feature(coordinates=[[[39512345.0, 3412345.0]] * 4]), "no degrees"),
    ],
)
def test_a_faulty_feature_is_named_by_its_number(bad: Any, said: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path, feature(), bad, feature("990103"))

    (fault,) = faults
    assert (fault.file, fault.line) == ("areas.geojson", 2)
    assert "Feature 2:" in fault.en
    assert any(one in fault.en for one in said.split("|"))


@pytest.mark.parametrize(
    ("data", "line"),
    [(b'{\n"type": ', 2), (b"\xb0\xa1", 0), (b"[]", 0), (b'{"type": "Feature"}', 0)],
)
def test_a_file_that_is_no_geojson_is_refused(data: bytes, line: int, tmp_path: Path) -> None:
    path, faults = tmp_path / "areas.geojson", list[Fault]()
    path.write_bytes(data)

    assert read_shapes(path, faults) == []
    assert [fault.line for fault in faults] == [line]


def test_outlines_that_no_item_could_hold_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "LARGEST", 100)

    _, faults = read(tmp_path, feature("990102"), feature("990103"), feature("990121"))

    assert "simplify" in faults[0].en


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"code": "990199", "rings": "????????"}, "area 990199"),
        ({"code": "990102", "rings": "山"}, "load areas.geojson again"),
        ({"code": "990102"}, "rings is empty"),
    ],
)
def test_a_stored_outline_that_is_damaged_is_refused(row: Cells, said: str) -> None:
    document = small_city()
    document["shapes"] = [row]

    with pytest.raises(CityError, match=said):
        City.from_document(document)
