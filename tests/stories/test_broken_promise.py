"""答应了年底修好: a promise that was not kept."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import clocks, entry, told

GARAGE = "地下车库一下雨就渗水，物业和建设单位互相推。"


def test_a_promise_that_was_not_kept(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    officer, supervisor = city.officer("zhujian"), city.staff("supervisor", "shen")
    other = city.staff("leader", "gu", "yunting")
    citizen = city.files(GARAGE, kind="complaint", category="0102")
    number = citizen.number
    officer.does(number, "claim")

    # 承诺要有日期，不能是过去，也不能无限远
    promise = {"outcome": "promised", "text": "防水层重做，需等雨季过后施工。"}
    assert officer.refused(number, "reply", **promise, until="2026-10-01") == "past"
    assert officer.refused(number, "reply", **promise, until="2031-01-01") == "too_far"
    officer.does(number, "reply", **promise, until="2026-11-30")

    # 承诺等于延期，由单位以外的人审过才算数
    assert citizen.sees()["status"] == "REPLY_REVIEW"
    assert number in supervisor.list(queue="replies")
    inside = city.staff("supervisor", "xu", "zhujian")
    assert inside.refused(number, "decide-reply", approve=True) == "own_unit"
    supervisor.does(number, "decide-reply", approve=True)
    seen = citizen.sees()
    assert seen["status"] == "PROMISED"
    assert clocks(seen)["promise"]["due_on"] == "2026-11-30"
    assert clocks(seen)["promise"]["decided"]
    assert "resolve" not in clocks(seen)
    assert "2026-11-30" in str(entry(seen, "promised"))
    assert "rating" not in [one["command"] for one in seen["next"]], "nothing to judge yet"
    assert number in officer.list(), "it stays open, on the unit's own list"

    # 到期前提醒；到期那天没有办成：重新办理，亮黄牌，市民看得到
    city.until("2026-11-29 12:00")
    assert "reminded" in told(supervisor.sees(number))
    assert citizen.sees()["status"] == "PROMISED"
    city.until("2026-12-01 00:01")
    seen, page = citizen.sees(), supervisor.sees(number)
    assert seen["status"] == "HANDLING"
    assert {"overdue", "promise-broken"} <= set(told(seen))
    assert clocks(seen)["promise"]["late"]
    assert page["level"] == 1
    cards = [one["details"].get("card") for one in page["timeline"] if one["event"] == "reminded"]
    assert cards[-1] == "yellow"

    # 过三个工作日还没有动静：红牌；督办人员下督办单
    city.until("2026-12-04 00:01")
    page = supervisor.sees(number)
    cards = [one["details"].get("card") for one in page["timeline"] if one["event"] == "reminded"]
    assert cards[-1] == "red"
    assert page["level"] == 2
    supervisor.does(number, "issue-order", level=3, due="2026-12-08", text="请说明为何失约。")
    (order,) = supervisor.sees(number)["orders"]
    assert supervisor.sees(number)["level"] == 3
    assert order["department"]["code"] == "zhujian"

    # 单位交代并办成；督办单由别人核实才算了结
    officer.does(number, "respond-order", order=order["order"], text="施工队退场，已另请。")
    assert number in supervisor.list(queue="orders")
    verified = {"order": order["order"], "accept": True, "text": "属实。"}
    assert inside.refused(number, "verify-order", **verified) == "own_unit"
    other.does(number, "verify-order", order=order["order"], accept=True, text="已到场核实。")
    assert number not in supervisor.list(queue="orders")
    assert supervisor.sees(number)["level"] == 2, "the missed promise is still missed"
    officer.does(number, "reply", outcome="resolved", text="防水层已重做，连下两场雨未渗。")
    seen = citizen.sees()
    assert seen["status"] == "AWAITING_RATING"
    assert "promise" not in clocks(seen)
    assert supervisor.sees(number)["level"] == 0
    assert citizen.rates(3)["status"] == "CLOSED"
    city.sound(number)


def test_a_promise_that_was_kept_is_reported_done_before_its_date(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    officer = city.officer("zhujian")
    citizen = city.files(GARAGE, kind="complaint", category="0102")
    officer.does(citizen.number, "claim")
    officer.does(
        citizen.number, "reply", outcome="promised", until="2026-11-30", text="月底前完工。"
    )
    city.staff("moderator", "gu").does(citizen.number, "decide-reply", approve=True)

    city.until("2026-11-20 15:00")
    officer.does(citizen.number, "keep-promise", text="已完工，请查看。")

    seen = citizen.sees()
    assert seen["status"] == "AWAITING_RATING"
    assert "promise-broken" not in told(seen)
    assert citizen.rates(5)["status"] == "CLOSED"
    city.sound(citizen.number)
