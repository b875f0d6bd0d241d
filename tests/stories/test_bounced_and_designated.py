"""两次退单，一次指定: a leaning pole that is nobody's, until somebody says whose."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import clocks, names, told

POLE = "小区门口这根杆子歪了，不知道归谁管，怕倒下来。"


def test_a_case_bounced_twice_and_designated(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    dispatcher, supervisor = city.staff("dispatcher", "sang"), city.staff("supervisor", "shen")
    power, city_works = city.officer("gongdian"), city.officer("chengguan")

    citizen = city.files(POLE, kind="complaint", category="0302")
    number, promised = citizen.number, clocks(citizen.sees())["resolve"]
    assert citizen.sees()["department"]["code"] == "gongdian"

    # 供电公司退单：要说理由，由热线办定；退单的人自己不能批
    power.does(number, "return", reason="not_our_duty", unit="chengguan", text="是路灯杆。")
    assert number in dispatcher.list(queue="returns")
    assert number not in power.list(), "it waits for a decision"
    assert power.refused(number, "decide-return", approve=True) == "not_yours"
    city.until("2026-10-13 09:00")
    dispatcher.does(number, "decide-return", approve=True, unit="chengguan", text="请城管局核实。")

    # 城管局也退：两家都退过，不再自动派，转会商，两家都要说
    assert number in city_works.list()
    city_works.does(number, "return", reason="not_our_duty", text="杆上只有电缆，没有灯。")
    dispatcher.does(number, "decide-return", approve=True)
    page = supervisor.sees(number)
    assert page["status"] == "ARBITRATION"
    assert names(page["parties"]) == ["gongdian", "chengguan"]
    assert number in supervisor.list(queue="arbitration")
    for party in (power, city_works):
        assert number in party.list()
        party.does(number, "state-position", text="见现场照片。")
        assert number not in party.list(), "it has been heard"
    assert names(supervisor.sees(number)["heard"]) == ["gongdian", "chengguan"]

    # 指定有约束力；被听取的单位的人不能来指定
    chosen = {"unit": "gongdian", "category": "0302", "text": "线缆产权在供电公司，由其牵头。"}
    assert (
        city.staff("supervisor", "xu", "chengguan").refused(number, "designate", **chosen)
        == "own_unit"
    )
    supervisor.does(number, "designate", **chosen)
    power.does(number, "claim")
    assert power.sees(number)["binding"]
    again = {"reason": "not_our_duty", "text": "还是不归我们。"}
    assert power.refused(number, "return", **again) == "binding"
    rivals = ["gongdian", "zhujian"]
    assert dispatcher.refused(number, "arbitrate", units=rivals, text="再议。") == "state"

    # 市民只看到谁在办；推来推去的两天没有从他的期限里扣
    seen = citizen.sees()
    assert seen["department"]["code"] == "gongdian"
    assert not {"returned", "return-asked", "arbitration-begun", "position-given"} & set(told(seen))
    assert clocks(seen)["resolve"]["due_at"] == promised["due_at"]
    assert clocks(seen)["resolve"]["since"] == promised["since"]
    power.does(number, "contact", how="phone", result="reached")
    power.does(number, "reply", outcome="resolved", text="已扶正加固，线缆入管。")
    assert citizen.rates(5)["status"] == "CLOSED"
    city.sound(number)


def test_silence_on_a_return_approves_nothing(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    power, supervisor = city.officer("gongdian"), city.staff("supervisor", "shen")
    citizen = city.files(POLE, kind="complaint", category="0302")
    power.does(citizen.number, "return", reason="not_our_duty", text="不归我们。")

    city.until("2026-10-15 00:01")

    page = supervisor.sees(citizen.number)
    assert page["status"] == "RETURN_ASKED"
    assert page["department"]["code"] == "gongdian", "it leads until somebody decides otherwise"
    assert page["level"] == 1
    assert supervisor.list(queue="returns")[citizen.number]["level"] == 1
