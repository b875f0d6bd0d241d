"""The catalogue answers who is where in the city and who is responsible for what."""

from __future__ import annotations

import json

import pytest

from casework.catalogue.city import City, UnknownCode
from tests.catalogue.small_city import small_city, small_staff


@pytest.fixture(scope="module")
def city() -> City:
    return City.from_document(small_city())


# -- look-ups -----------------------------------------------------------------------------


def test_a_code_finds_its_entry(city: City) -> None:
    assert city.unit("roads").name == "市政处"
    assert city.area("990102001").level == "street"
    assert city.category("0204").name == "市政道路"
    assert city.root.code == "990100"


@pytest.mark.parametrize(("sort", "code"), [("unit", "nope"), ("area", "1"), ("category", "9999")])
def test_an_unknown_code_is_named_in_both_languages(city: City, sort: str, code: str) -> None:
    with pytest.raises(UnknownCode) as refusal:
        getattr(city, sort)(code)

    assert code in refusal.value.zh
    assert code in refusal.value.en
    assert isinstance(refusal.value, KeyError)


# -- trees --------------------------------------------------------------------------------


def test_ancestors_come_nearest_first_and_without_the_unit_itself(city: City) -> None:
    assert city.ancestors("elm-street") == ("north", "gov")
    assert city.ancestors("gov") == ()


def test_a_subtree_holds_the_unit_and_everything_below(city: City) -> None:
    assert city.subtree("north") == {"north", "elm-street", "north-roads"}
    assert city.subtree("elm-street") == {"elm-street"}


def test_an_area_knows_its_way_up_and_what_lies_inside(city: City) -> None:
    assert city.area_path("990102001001") == ("990102001001", "990102001", "990102", "990100")
    assert city.area_subtree("990102") == {"990102", "990102001", "990102001001"}


def test_the_level_above_is_one_that_is_in_service(city: City) -> None:
    """Given a parks office that is retired, as was its own section before it."""
    document = small_city()
    retired = {**document["units"][3], "code": "trees", "parent": "parks", "retired": "2020-01-01"}
    document["units"].append(retired)
    city = City.from_document(document)

    assert city.above("elm-street") == "north"
    assert city.above("parks") == "gov"
    assert city.above("trees") == "gov"
    assert city.above("gov") is None


def test_every_place_inside_a_district_has_its_district_government(city: City) -> None:
    assert city.district_of("990102001001") == "north"
    assert city.district_of("990102") == "north"


def test_there_is_no_district_government_above_the_districts_or_where_none_is_in_office(
    city: City,
) -> None:
    """Given a South that the small city has no government for, and a North whose went."""
    assert city.district_of(None) is None
    assert city.district_of("990100") is None
    assert city.district_of("990103") is None

    document = small_city()
    for row in document["units"]:
        if row["area"].startswith("990102"):
            row["retired"] = "2026-01-01"
    document["rules"] = document["rules"][3:]
    assert City.from_document(document).district_of("990102001") is None


@pytest.mark.parametrize("area", ["123456", "99010"])
def test_no_district_is_made_up_for_an_unknown_area(city: City, area: str) -> None:
    with pytest.raises(UnknownCode):
        city.district_of(area)


# -- people -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def staffed() -> City:
    return City.from_document({**small_city(), "staff": small_staff()})


def test_a_city_may_keep_no_list_of_its_staff(city: City) -> None:
    assert city.staff == {}
    assert city.staff_of("roads") == city.staff_as("head") == ()


def test_the_staff_is_found_by_unit_and_by_role(staffed: City) -> None:
    assert [one.code for one in staffed.staff_of("elm-street")] == ["yu", "zhou"]
    assert [one.code for one in staffed.staff_as("head")] == ["guo", "he", "hu"]
    assert staffed.staff["nan"].area == "990102"
    assert staffed.staff["li"].area is None


def test_those_on_duty_are_marked(staffed: City) -> None:
    assert {one.code for one in staffed.staff.values() if one.duty} == {"deng", "lv"}


def test_whoever_comes_first_in_the_list_is_found_no_earlier(staffed: City) -> None:
    other = City.from_document({**small_city(), "staff": small_staff()[::-1]})

    assert other.staff_of("roads") == staffed.staff_of("roads")
    assert other.staff_as("officer") == staffed.staff_as("officer")


def test_the_staff_survives_the_way_through_json(staffed: City) -> None:
    document = json.loads(json.dumps(staffed.document()))

    assert City.from_document(document).staff == staffed.staff
    assert document["staff"][0] == {
        "code": "dai",
        "name": "戴云",
        "role": "dispatcher",
        "unit": "gov",
    }


# -- lines --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_party() -> City:
    document = small_city()
    committee = {"code": "party", "name": "市委", "name_en": "Party", "area": "990100"}
    document["units"].append({**committee, "kind": "city", "line": "党务"})
    document["categories"][-1] |= {"line": "党务"}
    return City.from_document(document)


def test_the_line_of_a_case_is_that_of_its_category(with_party: City) -> None:
    assert with_party.line("1702") == "党务"
    assert with_party.line("0204") == "政务"
    assert with_party.line(None) is None
    with pytest.raises(UnknownCode):
        with_party.line("9999")


@pytest.mark.parametrize(
    ("unit", "category", "may"),
    [
        ("party", "1702", True),
        ("party", "0204", False),
        ("party", None, False),
        ("police", "1702", False),
        ("police", "0204", True),
        ("police", None, True),
    ],
)
def test_party_units_lead_party_affairs_and_nobody_else_does(
    with_party: City, unit: str, category: str | None, may: bool
) -> None:
    assert with_party.may_lead(unit, category) is may


# -- responsibility -----------------------------------------------------------------------


def test_without_an_area_the_citys_own_lead_is_responsible(city: City) -> None:
    assert city.responsible("0204", None) == "roads"


def test_the_nearest_area_with_a_rule_decides(city: City) -> None:
    """Given rules for a district and for one of its streets, the street's is nearer."""
    assert city.responsible("0204", "990102") == "north-roads"
    assert city.responsible("0204", "990102001") == "elm-street"
    assert city.responsible("0204", "990102001001") == "elm-street"
    assert city.responsible("0204", "990103") == "roads"


def test_a_rule_for_a_domain_covers_its_categories_in_that_area(city: City) -> None:
    assert city.responsible("0203", "990102") == "north-roads"
    assert str(city.responsibility("0203", "990102").rule) == "02 @ 990102 → north-roads"


def test_in_one_area_the_category_comes_before_its_domain(city: City) -> None:
    assert city.responsible("0208", "990102") == "police"


def test_a_domains_rule_for_everywhere_serves_a_category_without_a_lead(city: City) -> None:
    assert city.responsible("0501", None) == "gov"


def test_what_is_for_the_street_falls_to_the_district_where_the_street_is_unknown(
    city: City,
) -> None:
    assert city.responsible("1407", "990102001001") == "elm-street"
    assert city.responsible("1407", "990102") == "north"


def test_what_goes_by_area_needs_an_area(city: City) -> None:
    assert city.responsible("1407", None) is None
    assert city.responsible("1407", "990100") is None


def test_what_a_person_must_decide_has_no_unit_anywhere(city: City) -> None:
    assert city.responsible("1702", "990102001") is None


def test_assisting_units_go_by_area_too_and_never_repeat_the_lead(city: City) -> None:
    """0203 names the police, the street and the roads office, which leads it everywhere else."""
    assert city.assisting("0203", "990102001") == ("police", "elm-street", "roads")
    assert city.assisting("0203", "990103") == ("police",)
    assert city.assisting("0203", None) == ("police",)


def test_an_unknown_area_is_refused_and_not_taken_for_the_whole_city(city: City) -> None:
    with pytest.raises(UnknownCode):
        city.responsible("0204", "123456")


# -- as a document ------------------------------------------------------------------------


def test_a_city_survives_the_way_through_json(city: City) -> None:
    document = json.loads(json.dumps(city.document()))

    again = City.from_document(document)

    assert again.document() == city.document()
    assert again.units == city.units
    assert again.categories == city.categories
    assert again.category("0208").evidence == ("photo", "document")
    assert again.unit("parks").retired == city.unit("parks").retired is not None
    assert again.responsible("0204", "990102001") == "elm-street"
