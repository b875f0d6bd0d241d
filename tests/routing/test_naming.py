"""Which of the city's units a text names: by their longest names, with the city's or without."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.catalogue.city import City
from casework.catalogue.load import read_city
from casework.routing.finding import Message, find
from casework.routing.model import WORDS
from casework.routing.naming import named_units
from casework.routing.router import route
from schemas.names import Kind
from tests.routing.test_router import city_with

YUNTING = Path("infra/city")


@pytest.fixture(scope="module")
def yunting() -> City:
    return read_city(YUNTING)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("城管局的人态度恶劣", ("chengguan",)),
        ("汀南区城管局的人态度恶劣", ("tingnan-chengguan",)),
        ("先找住建局，又找城管局", ("zhujian", "chengguan")),
        ("城管局，还是城管局", ("chengguan",)),
        ("城 管 局", ("chengguan",)),
        ("窗口的人态度恶劣", ()),
        ("", ()),
    ],
)
def test_units_are_known_by_their_longest_names(
    yunting: City, text: str, units: tuple[str, ...]
) -> None:
    assert named_units(text, yunting) == units


def test_a_retired_unit_is_named_no_more() -> None:
    city = city_with()
    assert city.units["parks"].retired
    assert named_units("园林处的人", city) == ()


@given(st.text(max_size=200))
def test_any_text_names_units_of_the_city_or_none(yunting: City, text: str) -> None:
    assert set(named_units(text, yunting)) <= yunting.units.keys()


# -- a complaint about an office goes to the one above it -----------------------------------


@pytest.fixture(scope="module")
def city() -> City:
    return city_with(("1702", "态度恶劣"))


def test_a_complaint_about_a_named_office_goes_to_the_one_above(city: City) -> None:
    proposal = route("态度恶劣", "榆树街道办的窗口态度恶劣，态度恶劣！", None, city)

    assert (proposal.category, proposal.unit) == ("1702", "north")
    assert proposal.subjects == ("elm-street",)
    assert "to the unit above it" in " ".join(proposal.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "窗口的人态度恶劣",
        "市政处说找榆树街道办，态度恶劣",
        "Test City Government 态度恶劣",
        "感谢市政处的帮助，但镇政府的工作人员态度恶劣",
        "市政处让我来反映：派出所的人态度恶劣",
        "我在市政处上班，国土局的人态度恶劣",
    ],
    ids=[
        "no office named", "two named", "nobody stands above it", "thanks to it",
        "it sent the citizen here", "one works there",
    ],
)  # fmt: skip
def test_in_doubt_about_whom_a_person_decides(city: City, text: str) -> None:
    proposal = route("态度恶劣", text, None, city)

    assert (proposal.unit, proposal.subjects, proposal.confident) == (None, (), False)


@pytest.mark.parametrize("kind", ["enquiry", "praise"])
def test_who_asks_or_thanks_accuses_nobody_without_a_person(city: City, kind: Kind) -> None:
    text = "榆树街道办的窗口态度恶劣，态度恶劣！"
    complaint = find(Message("态度恶劣", text, "complaint"), city, WORDS)
    other = find(Message("态度恶劣", text, kind), city, WORDS)

    assert (complaint.confident, complaint.subjects) == (True, ("elm-street",))
    assert (other.confident, other.subjects) == (False, ())


def test_an_office_of_the_partys_is_not_given_to_the_party_by_the_machine(yunting: City) -> None:
    """What is no party matter is not led by a party unit: nobody is proposed who could not have it."""
    proposal = route("作风问题", "组织部的工作人员态度恶劣，作风粗暴", None, yunting)

    assert proposal.category == "1702"
    assert (proposal.unit, proposal.subjects) == (None, ())


def test_the_office_above_that_has_returned_it_is_not_chosen_again(city: City) -> None:
    text = "榆树街道办的窗口态度恶劣"
    proposal = route("态度恶劣", text, None, city, frozenset({"north"}))

    assert proposal.unit is None
    assert proposal.subjects == ()
