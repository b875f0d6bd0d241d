"""Dispatch through the running stack: by the city's rules, by where it is, and what people teach it."""

from __future__ import annotations

from casework import runtime
from casework.learning import lessons
from tests.stack.town import UNCLEAR, Town

BRIDGE = "听雨大桥上的护栏断了一截，晚上骑车很危险，请来修。"
STALLS = "柳浪街道路口每天傍晚占道经营的摊贩很多，人行道走不过去。"


def test_a_rule_of_the_city_sends_a_case_and_its_return_goes_to_a_person(town: Town) -> None:
    citizen = town.file(BRIDGE)
    town.drain()
    assert town.case(citizen.number).unit == "jiaotong"

    officer, dispatcher = town.officer("jiaotong"), town.staff("dispatcher")
    officer.does(citizen.number, "return", reason="not_our_duty", text="桥面归城管。")
    dispatcher.does(citizen.number, "decide-return", approve=True)
    town.drain()

    case = town.case(citizen.number)
    assert case.state == "TRIAGE", "the rule does not send it where it came from"
    assert case.returned_by == ("jiaotong",)


def test_the_area_is_found_by_the_place_and_decides_the_unit(town: Town) -> None:
    by_point = town.file(place={"lon": 150.09, "lat": 30.05})
    by_name = town.file(STALLS)
    town.drain()

    for citizen in (by_point, by_name):
        case = town.case(citizen.number)
        assert (case.area, case.unit) == ("990102002", "tingnan-chengguan")


def test_what_people_decide_and_send_back_is_learned_from_with_its_text(town: Town) -> None:
    citizen = town.file(UNCLEAR)
    town.drain()
    dispatcher, number = town.staff("dispatcher"), citizen.number
    dispatcher.does(number, "dispatch", unit="chengguan", category="0205")
    town.officer().does(number, "return", reason="not_our_duty", text="不是路灯。")
    dispatcher.does(number, "decide-return", approve=True)
    town.drain()
    dispatcher.does(number, "dispatch", unit="zhujian", category="0101")
    town.drain()

    world = runtime.world()
    found = lessons(world.service.store, world.service.rules(), town.stack.now())

    taught = {lesson.number: lesson for lesson in found}
    assert (taught[number].category, taught[number].body) == ("0101", UNCLEAR)
