"""Levels and arbitration over HTTP: a district and its street, and a case that nobody wants."""

from __future__ import annotations

from typing import Any

from tests.stack.faults import fuses
from tests.stack.people import PHOTO, Citizen, Staff, events_of, refused
from tests.stack.town import UNCLEAR, Town


def in_english(person: Staff | Citizen, town: Town, number: str) -> Any:
    """The same person, reading English."""
    credentials = {**person.credentials, "Accept-Language": "en"}
    if isinstance(person, Citizen):
        return Citizen(town.client, credentials, number).see()
    return Staff(town.client, credentials).sees(number)


def words_of(case: dict[str, Any]) -> list[str]:
    """What happened, but for like cases: others of this module are."""
    return [entry["words"] for entry in case["timeline"] if entry["event"] != "similar-found"]


def at_the_district(town: Town) -> Citizen:
    """A case that a person has given to Tingnan District."""
    citizen = town.file(UNCLEAR, kind="complaint")
    town.drain()
    town.staff("dispatcher").does(citizen.number, "dispatch", unit="tingnan", category="0205")
    town.drain()
    return citizen


def test_a_district_delegates_to_its_street_which_returns_it_and_the_district_recalls_it(
    town: Town,
) -> None:
    citizen = at_the_district(town)
    number, district, street = citizen.number, town.officer("tingnan"), town.officer("tingyu")

    # one level down, along the tree, and by who has it
    refused(district.act(number, "delegate", {"unit": "dukou"}), 422, "not_below")
    refused(street.act(number, "delegate", {"unit": "liulang"}), 403, "not_yours")
    delegated = district.does(number, "delegate", unit="tingyu", text="请三日内到现场。")
    assert delegated["department"] == "听雨街道办事处"
    assert {"level", "claim", "resolve"} <= {one["clock"] for one in delegated["deadlines"]}
    assert [one["command"] for one in delegated["next"]] == ["recall"]
    town.drain()
    assert street.finds(number)
    assert district.finds(number) is None, "but it can be opened"
    assert [unit["code"] for unit in district.sees(number)["chain"]] == ["tingnan", "tingyu"]
    assert citizen.see()["department"]["code"] == "tingyu"

    # the street has nobody below it; it asks to give the case back
    refused(street.act(number, "delegate", {"unit": "liulang"}), 409, "nobody_below")
    street.does(number, "claim")
    street.does(number, "return", reason="needs_several", text="管线不归街道。")
    asked = [one["command"] for one in district.sees(number)["next"]]
    assert asked == ["decide-return", "recall"]

    # the district takes it back without a word on the return, and answers the citizen
    recalled = district.does(number, "recall", text="由区里直接办理。")
    assert (recalled["status"], recalled["department"]) == ("HANDLING", "汀南区人民政府")
    refused(street.act(number, "claim"), 403, "not_yours")
    assert "level" not in {one["clock"] for one in recalled["deadlines"]}
    district.does(number, "contact", how="phone", result="reached")
    district.does(number, "reply", outcome="resolved", text="路灯已修复。", evidence=[PHOTO])
    town.drain()
    assert citizen.rate(5)["status"] == "CLOSED"

    # the citizen reads who had it; what the units said stays inside
    assert events_of(citizen.see()) == [
        *("filed", "accepted", "dispatched", "delegated", "claimed", "contacted"),
        *("replied", "invited", "rated", "closed"),
    ]
    assert words_of(citizen.see())[2:4] == [
        "已交汀南区人民政府办理（路灯照明）",
        "已交听雨街道办事处具体办理",
    ]
    assert words_of(in_english(citizen, town, number))[2:4] == [
        "Given to Tingnan District People's Government (Street lighting)",
        "Given on to Tingyu Subdistrict Office",
    ]
    assert not [said for said in ("三日内", "管线", "区里") if said in str(citizen.see())]
    town.sound(number)


def test_a_return_that_the_district_approves_comes_one_level_up_to_be_claimed_again(
    town: Town,
) -> None:
    citizen = at_the_district(town)
    number, district, street = citizen.number, town.officer("tingnan"), town.officer("tingyu")
    district.does(number, "delegate", unit="tingyu")
    street.does(number, "return", reason="not_our_duty", text="不归街道。")

    district.does(number, "decide-return", approve=True, text="同意。")
    town.drain()

    assert district.finds(number)
    assert street.finds(number) is None
    assert district.does(number, "claim")["status"] == "HANDLING"
    assert words_of(district.sees(number))[-2:] == [
        "同意退单，由上级单位办理",
        "承办单位已认领",
    ]
    town.sound(number)


def bounced(town: Town) -> Citizen:
    """A case that two departments have returned, one after the other."""
    citizen, dispatcher = town.assigned(kind="complaint"), town.staff("dispatcher")
    for unit in ("chengguan", "gongshui"):
        if town.case(citizen.number).unit != unit:
            dispatcher.does(citizen.number, "dispatch", unit=unit)
        town.officer(unit).does(citizen.number, "return", reason="not_our_duty", text="不归我们。")
        dispatcher.does(citizen.number, "decide-return", approve=True)
        town.drain()
    return citizen


def test_a_case_bounced_twice_is_heard_and_designated_binding(town: Town) -> None:
    citizen = bounced(town)
    number, supervisor = citizen.number, town.staff("supervisor")
    first, second = town.officer("chengguan"), town.officer("gongshui")

    # both units find it on their worklists, and so does who decides
    for line in (first.finds(number), second.finds(number)):
        assert line is not None
        assert (line["status"], line["status_text"]) == ("ARBITRATION", "会商中")
    assert supervisor.finds(number, "queue=arbitration")
    assert [one["code"] for one in first.sees(number)["parties"]] == ["chengguan", "gongshui"]

    # each is heard once, and has then nothing more to do
    first.does(number, "state-position", text="水管漏水在先。")
    town.drain()
    assert first.finds(number) is None
    assert second.finds(number)
    refused(first.act(number, "state-position", {"text": "再说一遍。"}), 403, "not_yours")
    second.does(number, "state-position", text="摊贩不归我们。")
    town.drain()
    assert second.finds(number) is None
    assert len(supervisor.sees(number)["heard"]) == 2

    # one is designated, and that binds
    refused(first.act(number, "designate", {"unit": "gongshui", "text": "他们。"}), 403, "role")
    supervisor.does(number, "designate", unit="chengguan", text="占道经营由城管局承办。")
    town.drain()
    assert first.finds(number)
    assert supervisor.finds(number, "queue=arbitration") is None
    assert first.sees(number)["binding"]
    body = {"reason": "not_our_duty", "text": "还是不归我们。"}
    problem = refused(first.act(number, "return", body), 409, "binding")
    assert "return" not in problem["allowed"]
    assert [one["commit"]["version"] for one in town.assignments("chengguan", number)] == [2, 12]
    town.sound(number)


def test_the_dispute_stands_in_the_desks_timeline_and_not_in_the_citizens(town: Town) -> None:
    citizen = bounced(town)
    number, officer, supervisor = citizen.number, town.officer(), town.staff("supervisor")
    officer.does(number, "state-position", text="水管漏水在先。")
    supervisor.does(number, "designate", unit="chengguan", text="占道经营由城管局承办。")
    town.drain()

    assert words_of(officer.sees(number))[-3:] == [
        "提请会商（两个单位先后退单）：城管局、供水公司",
        "城管局陈述了意见",
        "指定城管局承办（占道经营）",
    ]
    assert words_of(in_english(officer, town, number))[-3:] == [
        "To arbitration (two units have returned it): Urban Management Bureau, "
        "Water Supply Company",
        "Urban Management Bureau stated its position",
        "Urban Management Bureau designated (Street vending)",
    ]
    assert words_of(citizen.see()) == [
        *("诉求已提交", "已受理", "已交城管局办理（占道经营）"),
        *("已交供水公司办理（占道经营）", "已交城管局办理（占道经营）"),
    ]
    assert words_of(in_english(citizen, town, number)) == [
        *("Request filed", "Accepted", "Given to Urban Management Bureau (Street vending)"),
        "Given to Water Supply Company (Street vending)",
        "Given to Urban Management Bureau (Street vending)",
    ]
    assert not [entry for entry in citizen.see()["timeline"] if "text" in entry]


def test_units_are_shown_a_disputed_case_wherever_relay_dies(town: Town) -> None:
    points = 0
    for fuse in fuses("Relay"):
        citizen, dispatcher = town.file(UNCLEAR), town.staff("dispatcher")
        town.drain()
        units = ["chengguan", "gongshui"]
        dispatcher.does(citizen.number, "arbitrate", units=units, text="各执一词。")
        town.cold()
        with fuse.lit(town.stack):
            town.drain()
        for unit in units:
            assert town.officer(unit).finds(citizen.number), fuse.burnt
        points += 1
    assert points >= 2 * 5 + 1, "HEAD, the entries there are, one for each unit, the topic"
    assert town.take("StreamDeadLetters") == []


def test_a_disputed_case_that_its_citizen_withdraws_is_nobodys_to_argue_about(town: Town) -> None:
    citizen = bounced(town)
    assert town.officer("gongshui").finds(citizen.number)

    assert citizen.ask("withdrawal", {"reason": "solved"}).status == 200
    town.drain()

    for unit in ("chengguan", "gongshui"):
        assert town.officer(unit).finds(citizen.number) is None
    assert town.staff("supervisor").finds(citizen.number, "queue=arbitration") is None
