"""Where a matter is: chosen, by coordinates, by an address; what contradicts is said, never guessed."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.catalogue.city import City
from casework.catalogue.shapes import Point, Ring, pack, unpack
from casework.routing.outlines import inside
from casework.routing.places import CONTRADICTED, Place, place
from tests.catalogue.small_city import small_city
from tests.support.world import yunting

TINGNAN, BAILU, QINGLAN = "990102", "990103", "990121"
LIULANG, SHILIU, BEIYAO = "990102002", "990102003", "990103002"
DAOXIANG, CHALONG = "990121100", "990121101"
IN_LIULANG, IN_SHILIU, IN_BEIYAO = (150.09, 30.05), (150.16, 30.05), (150.09, 30.15)


def found(
    chosen: str | None = None,
    at: Point | tuple[None, None] = (None, None),
    address: str | None = None,
    text: str = "",
    city: City | None = None,
) -> Place:
    lon, lat = at
    return place(city or yunting(), chosen, lon, lat, address, text)


def test_without_a_hint_no_area_is_made_up() -> None:
    assert found() == Place(None, None, 0.0, ())
    assert found(address="门口的路灯").area is None


# -- one hint -----------------------------------------------------------------------------


def test_the_chosen_area_counts() -> None:
    told = found(LIULANG)

    assert (told.area, told.how, told.certainty) == (LIULANG, "chosen", 1.0)
    assert "柳浪街道" in told.reasons[0]


@pytest.mark.parametrize("code", ["990100", "990199"], ids=["the whole city", "unknown"])
def test_a_choice_that_says_nothing_is_passed_over(code: str) -> None:
    assert found(code, IN_LIULANG).area == LIULANG


@pytest.mark.parametrize(
    ("at", "area"),
    [
        (IN_LIULANG, LIULANG),
        (IN_BEIYAO, BEIYAO),
        ((150.23, 30.03), DAOXIANG),
        ((150.29, 30.10), CHALONG),
        ((150.38, 30.03), CHALONG),
    ],
    ids=["a street", "across the river", "a town", "in the hole of another", "a second part"],
)
def test_a_point_lies_in_the_deepest_area_around_it(at: Point, area: str) -> None:
    told = found(at=at)

    assert (told.area, told.how) == (area, "point")


def test_a_point_outside_the_city_is_told() -> None:
    told = found(at=(116.4, 39.9))

    assert told.area is None
    assert "in no area" in told.reasons[0]


def test_a_city_without_outlines_makes_nothing_of_a_point() -> None:
    city = City.from_document(small_city())

    assert found(at=(116.4, 39.9), city=city) == Place(None, None, 0.0, ())


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("云汀市汀南区柳浪街道堤西路8号", LIULANG),
        ("柳浪街道", LIULANG),
        ("汀南柳浪那边", LIULANG),
        ("汀南区渡口路5号", TINGNAN),
        ("渡口路5号", None),
        ("荷風社區3號樓", "990102002001"),
        ("Liulang Subdistrict, building 3", LIULANG),
        ("汀南区、柳浪街道与石榴街道交界", TINGNAN),
        ("白鹭区柳浪街道", None),
        ("柳浪街道办到北窑街道办的公交", None),
    ],
)
def test_an_address_tells_the_area_by_the_names_in_it(address: str, area: str | None) -> None:
    assert found(address=address).area == area


def test_a_whole_name_is_surer_than_a_short_one_and_both_than_the_text() -> None:
    whole, short = found(address="柳浪街道"), found(address="柳浪那边")
    text = found(text="柳浪街道的路灯坏了，找渡口的电工修")

    assert [whole.area, short.area, text.area] == [LIULANG] * 3
    assert whole.certainty > text.certainty > short.certainty
    assert text.how == "text"


def test_the_text_is_looked_at_only_where_the_address_tells_nothing() -> None:
    told = found(address="石榴街道18号", text="我从柳浪街道搬来")

    assert (told.area, told.how) == (SHILIU, "address")


def two_of_a_name() -> City:
    """和平街道 in the north and in the south."""
    document = small_city()
    for parent in ("990102", "990103"):
        document["areas"].append(
            {
                "code": f"{parent}009",
                "name": "和平街道",
                "name_en": f"Heping {parent}",
                "parent": parent,
                "level": "street",
            }
        )
    return City.from_document(document)


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("和平街道3号", None),
        ("和平3号", None),
        ("南区和平街道3号", "990103009"),
        ("北区和平街道3号", "990102009"),
        ("和平街道（北区）", "990102009"),
    ],
)
def test_a_name_that_two_areas_share_counts_beside_its_parent(
    address: str, area: str | None
) -> None:
    assert found(address=address, city=two_of_a_name()).area == area


# -- several hints ------------------------------------------------------------------------


def test_a_point_inside_the_chosen_area_makes_it_more_exact() -> None:
    told = found(TINGNAN, IN_LIULANG)

    assert (told.area, told.how, told.certainty) == (LIULANG, "point", 1.0)
    assert len(told.reasons) == 2


def test_a_point_elsewhere_does_not_move_what_was_chosen_and_is_told() -> None:
    told = found(LIULANG, IN_BEIYAO)

    assert (told.area, told.how, told.certainty) == (LIULANG, "chosen", CONTRADICTED)
    assert "contradict" in told.reasons[-1]


@pytest.mark.parametrize(
    ("at", "address", "area"),
    [
        (IN_LIULANG, "荷风社区", "990102002001"),
        (IN_LIULANG, "汀南区", LIULANG),
        (IN_LIULANG, "石榴街道", TINGNAN),
        (IN_LIULANG, "北窑街道", None),
        ((116.4, 39.9), "石榴街道", SHILIU),
    ],
    ids=["more exact", "wider", "in one district", "in two districts", "from far away"],
)
def test_point_and_address_that_contradict_leave_what_holds_both(
    at: Point, address: str, area: str | None
) -> None:
    assert found(at=at, address=address).area == area


@given(
    st.sampled_from([None, "990100", "990199", *yunting().areas]),
    st.tuples(st.floats(149.9, 150.5), st.floats(29.9, 30.3)),
    st.lists(st.sampled_from(["汀南区", "柳浪", "渡口", "路", "荷风社区", "x", "，"])).map("".join),
    st.text(max_size=50),
)
def test_any_hints_have_an_answer_within_what_was_chosen(
    chosen: str | None, at: Point, address: str, text: str
) -> None:
    told = found(chosen, at, address, text)

    assert told.area is None or told.area in yunting().areas
    assert (told.area is None) == (told.certainty == 0.0)
    if chosen in yunting().areas and chosen != "990100":
        assert chosen in yunting().area_path(told.area or "")


# -- points and polygons ------------------------------------------------------------------

coordinates = st.integers(0, 8)
points = st.tuples(coordinates, coordinates)


def ring_of(corners: list[tuple[int, int]]) -> Ring:
    return tuple((float(x), float(y)) for x, y in [*corners, corners[0]])


rings = st.lists(points, min_size=3, max_size=7).map(ring_of)


def crossings(ring: Ring, x: Fraction, y: Fraction) -> int:
    """How many edges a ray to the east crosses, in exact numbers: the rule by its definition."""
    count = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        low, high = min(y1, y2), max(y1, y2)
        if low <= y < high:
            slope = Fraction(x2 - x1) / Fraction(y2 - y1)
            count += Fraction(x1) + (y - Fraction(y1)) * slope > x
    return count


@given(st.lists(rings, min_size=1, max_size=3), st.tuples(st.integers(-2, 18), st.integers(-2, 18)))
@example([ring_of([(0, 0), (4, 0), (4, 4), (0, 4)])], (0, 0))
@example([ring_of([(0, 0), (4, 0), (4, 4), (0, 4)])], (8, 4))
def test_a_point_is_inside_by_the_even_odd_rule(
    shape: list[Ring], doubled: tuple[int, int]
) -> None:
    x, y = Fraction(doubled[0], 2), Fraction(doubled[1], 2)

    exact = sum(crossings(ring, x, y) for ring in shape) % 2 == 1

    assert inside(shape, float(x), float(y)) == exact


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0.1, 9.9), st.floats(-3, 3))
def test_neighbours_share_every_point_out_between_them(
    lon: float, lat: float, cut: float, lean: float
) -> None:
    """Whatever way the border between two areas leans, each point of it is in exactly one."""
    south, north = (cut, 0.0), (cut + lean, 10.0)
    west = ((-20.0, 0.0), south, north, (-20.0, 10.0), (-20.0, 0.0))
    east = ((30.0, 10.0), north, south, (30.0, 0.0), (30.0, 10.0))

    held = inside([west], lon, lat) + inside([east], lon, lat)

    assert held == (1 if 0 <= lat < 10 else 0)


@given(
    st.lists(
        st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=6),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_packed_comes_back_to_the_metre(shape: list[list[Point]]) -> None:
    back = unpack(pack(shape))

    assert [len(ring) for ring in back] == [len(ring) for ring in shape]
    for ring, same in zip(shape, back, strict=True):
        for point, again in zip(ring, same, strict=True):
            assert again == pytest.approx(point, abs=0.51e-5)
