"""Automatic dispatch by the city's own rules and by where the matter is, through the service."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.catalogue.city import City
from casework.dispatching import Dispatcher
from casework.outcomes import Request
from schemas import commands as c
from tests.support.soundness import sound
from tests.support.stories import DISPATCHER, SUPERVISOR, file
from tests.support.world import MemoryWorld, rules_of, staff, yunting

BRIDGE = {"text": "听雨大桥上的护栏断了一截，晚上骑车很危险，请来修。"}
SPOILT = {"text": "白色垃圾没人清运，环境卫生很差，垃圾桶满了三天，请清运垃圾。"}


@cache
def with_rules(*rules: tuple[tuple[str, str], ...]) -> Rules:
    document = {**yunting().document(), "routing": [dict(rule) for rule in rules]}
    return replace(rules_of(), city=City.from_document(document))


def rule(name: str, **cells: str) -> tuple[tuple[str, str], ...]:
    return (("name", name), *cells.items())


def routed(world: MemoryWorld, **filing: Any) -> Case:
    number = file(world.service, **filing).number
    Dispatcher(world.service).route(number)
    return sound(world.service, number).head.case


# -- the city's rules ---------------------------------------------------------------------


def test_the_citys_rule_goes_before_the_words_and_before_what_was_chosen() -> None:
    for chosen in (None, "0205"):
        case = routed(MemoryWorld(), category=chosen, **BRIDGE)

        assert (case.state, case.unit, case.category) == ("ASSIGNED", "jiaotong", "0405")


def test_where_a_rule_asks_for_a_person_its_finding_is_the_first_guess() -> None:
    rules = with_rules(rule("人定", words="听雨大桥", to_category="0405", person="true"))

    case = routed(MemoryWorld(rules=rules), **BRIDGE)

    assert case.state == "TRIAGE"
    assert (case.choices[0].category, case.choices[0].unit) == ("0405", None)


def test_a_rule_that_names_who_is_complained_about_goes_to_a_person() -> None:
    case = routed(MemoryWorld(), about=["jiaotong"], **BRIDGE)

    assert case.state == "TRIAGE"
    assert case.choices[0].unit is None


def test_a_rule_of_urgency_changes_the_clocks_and_not_the_unit() -> None:
    rules = with_rules(rule("护栏", words="垃圾", urgency="utilities"))

    usual, urgent = routed(MemoryWorld(), **SPOILT), routed(MemoryWorld(rules=rules), **SPOILT)

    assert (urgent.unit, urgent.urgency) == (usual.unit, "utilities")


def test_departments_that_return_it_to_each_other_meet_in_arbitration() -> None:
    """By a rule to A, by a person to B, by a person back to A: there it ends, whoever wants what."""
    world = MemoryWorld()
    number = file(world.service, **BRIDGE).number
    dispatcher = Dispatcher(world.service)
    dispatcher.route(number)
    assert returned(world, number, "jiaotong").state == "ACCEPTED"

    assert dispatcher.route(number) == "person", "the rule does not send it there once more"
    done(world, number, c.Dispatch(unit="chengguan"), DISPATCHER)
    returned(world, number, "chengguan", back_to="jiaotong")

    case = sound(world.service, number).head.case
    assert (case.state, case.parties) == ("ARBITRATION", ("jiaotong", "chengguan"))


def test_what_a_second_rule_sends_on_meets_in_arbitration_too() -> None:
    """The category is corrected between two returns, so that another rule has its turn."""
    rules = with_rules(
        rule("路桥", category="04", to_unit="jiaotong"),
        rule("城管", category="02", to_unit="chengguan"),
    )
    world = MemoryWorld(rules=rules)
    number = file(world.service, category="0405", **BRIDGE).number
    dispatcher = Dispatcher(world.service)
    dispatcher.route(number)
    returned(world, number, "jiaotong")
    done(world, number, c.Reclassify(category="0204"), SUPERVISOR)

    assert dispatcher.route(number) == "automatic"
    assert returned(world, number, "chengguan").state == "ACCEPTED"
    assert dispatcher.route(number) == "person"

    assert sound(world.service, number).head.case.state == "ARBITRATION"


def returned(world: MemoryWorld, number: str, unit: str, back_to: str | None = None) -> Case:
    done(
        world,
        number,
        c.Return(reason="not_our_duty", text="不归我们。"),
        staff("officer", unit, unit),
    )
    return done(world, number, c.DecideReturn(approve=True, unit=back_to), DISPATCHER)


def done(world: MemoryWorld, number: str, command: c.Command, by: Any) -> Case:
    world.now.advance(minutes=5)
    request = Request(by, f"{command} {world.now()}")
    return world.service.change(number, command, request).case


# -- where it is --------------------------------------------------------------------------

LIULANG = "990102002"


@pytest.mark.parametrize(
    ("place", "area"),
    [
        (c.Place(lon=150.09, lat=30.05), LIULANG),
        (c.Place(address="柳浪街道堤西路8号"), LIULANG),
        (c.Place(lon=116.4, lat=39.9), None),
        (None, None),
    ],
    ids=["a point", "an address", "another city", "nothing"],
)
def test_the_place_tells_the_area_and_with_it_the_unit(
    place: c.Place | None, area: str | None
) -> None:
    case = routed(MemoryWorld(), category="0203", place=place, **SPOILT)

    assert case.area == area
    assert case.unit == yunting().responsible("0203", area)


def test_the_text_itself_tells_the_area_by_its_whole_name() -> None:
    case = routed(MemoryWorld(), category="0203", text="柳浪街道的垃圾没人清运。")

    assert (case.area, case.unit) == (LIULANG, "tingnan-chengguan")


def test_what_the_citizen_chose_is_made_more_exact_and_moved_nowhere() -> None:
    here, there = c.Place(lon=150.09, lat=30.05), c.Place(lon=150.09, lat=30.15)

    exact = routed(MemoryWorld(), area="990102", place=here, **SPOILT)
    chosen = routed(MemoryWorld(), area="990102", place=there, **SPOILT)

    assert (exact.area, chosen.area) == (LIULANG, "990102")
