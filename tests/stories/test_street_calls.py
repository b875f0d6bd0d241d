"""街道吹哨，部门报到: a street calls three departments to its night market."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import PHOTO, clocks, told

MARKET = "檐下社区夜市天天到凌晨两点，油烟大、占道、卖的东西没有证，居民睡不了觉。"
CALLED = ["tingnan-chengguan", "shichang", "gongan"]


def test_a_street_calls_three_departments(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    dispatcher = city.staff("dispatcher", "sang")
    street, district = city.head("tingyu"), city.officer("tingnan")
    inspectors, market, police = (city.officer(unit) for unit in CALLED)

    # 派给街道，抄送区里
    citizen = city.files(MARKET, kind="complaint", area="990102001001", category="0503")
    number = citizen.number
    city.staff("supervisor", "shen").does(number, "dispatch", unit="tingyu", category="0201")
    assert [unit["code"] for unit in district.sees(number)["copies"]] == ["tingnan"]
    city.officer("tingyu").does(number, "claim")
    promised = clocks(citizen.sees())["resolve"]["due_on"]
    for one in (inspectors, market):
        assert one.looks(number).status == 403, "not theirs before they are called"

    # 街道吹哨：三家各有各的列表和期限
    assert street.refused(number, "ask-assistance", units=["tingyu"], text="…") == "same_unit"
    street.does(number, "ask-assistance", units=CALLED, text="今晚八点到夜市口联合执法。")
    for one, unit in zip((inspectors, market, police), CALLED, strict=True):
        assert one.list()[number]["due_at"] == "2026-10-14T00:00:00+08:00", "reports in, a day"
        due = {name: clock["due_on"] for name, clock in clocks(one.sees(number)).items()}
        assert (due[f"assist_report:{unit}"], due[f"assist:{unit}"]) == ("2026-10-13", "2026-10-15")
        assert one.refused(number, "reply", outcome="resolved", text="…") == "not_yours"
    seen = citizen.sees()
    assert seen["department"]["code"] == "tingyu", "who answers the citizen has not changed"
    assert clocks(seen)["resolve"]["due_on"] == promised
    assert "assistance-asked" not in told(seen)

    # 城管报到并办完；市场监管说不归它；公安没有声音
    inspectors.does(number, "report-in")
    assert inspectors.list()[number]["due_at"] == "2026-10-16T00:00:00+08:00", "now answers"
    inspectors.does(number, "answer-assistance", text="占道摊点已清理十二处。")
    assert number not in inspectors.list()
    market.does(number, "dispute-assistance", text="无证摊贩归城管。")
    state = {aid["department"]["code"]: aid["state"] for aid in street.sees(number)["assisting"]}
    assert [state[unit] for unit in CALLED] == ["answered", "disputed", "requested"]
    assert number in dispatcher.list(queue="approvals")
    assert number not in market.list()

    # 谁吹的哨、谁不来，都不能自己裁定；热线办裁定要来
    inside = city.staff("supervisor", "xu", "shichang")
    upheld = {"unit": "shichang", "uphold": True, "text": "食品经营许可归你局，请到场。"}
    assert inside.refused(number, "decide-assistance", **upheld) == "own_unit"
    dispatcher.does(number, "decide-assistance", **upheld)
    assert number in market.list()
    assert market.refused(number, "dispute-assistance", text="还是不归我们。") == "aid_state"

    # 公安过了报到期限：主管被提醒，案件亮一级；街道的期限不因此延长
    city.until("2026-10-14 00:01")
    page = street.sees(number)
    late = [one["details"]["clock"] for one in page["timeline"] if one["event"] == "overdue"]
    assert late == ["assist_report:gongan"]
    assert page["level"] == 1
    assert police.list()[number]["late"]
    assert clocks(citizen.sees())["resolve"]["due_on"] == promised
    police.does(number, "answer-assistance", text="已警告噪声摊主三人。")
    assert street.sees(number)["level"] == 0

    # 街道汇总答复；还没办完的协办随之了结
    city.officer("tingyu").does(
        number,
        "reply",
        outcome="resolved",
        text="夜市限时到晚十点，占道和无证摊点已清理。",
        evidence=[PHOTO],
    )
    assert citizen.sees()["status"] == "AWAITING_RATING"
    for one in (inspectors, market, police):
        assert number not in one.list()
    assert street.sees(number)["assisting"] == []
    assert [name for name in clocks(street.sees(number)) if name.startswith("assist")] == []
    assert citizen.rates(4)["status"] == "CLOSED"
    city.sound(number)
