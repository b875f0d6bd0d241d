"""三十日晚上的爆管: a main bursts on the evening before the longest holiday of the year."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import clocks, entry, told

BURST = "听雨街道大学路口的自来水主管爆管了，水冒起两米高，整条街停水。"
WORSE = "水漫进小区配电房了，一直冒火花，怕漏电伤人！"


def test_a_burst_main_on_the_evening_of_30_september(town: Founded) -> None:
    city = town("2026-09-30 19:10")
    he, duty = city.staff("agent", "he", "hotline"), city.staff("agent", "tong", "duty")
    crew = city.officer("gongshui", "shui")

    # 一位市民打来电话，话务员记下；系统按内容交给供水公司
    citizen = city.files(
        BURST,
        he.headers,
        channel="hotline",
        kind="help",
        category="0301",
        area="990102001",
        contact={"name": "欧阳清和", "phone": "19912345678"},
    )
    assert citizen.sees()["department"]["code"] == "gongshui"
    assert [one.commit.events[-2].type for one in city.given_to("gongshui")] == ["dispatched"]
    assert citizen.number in crew.list()

    # 承诺的期限跳过整个国庆假期，节后调休的星期六算工作日
    promise = clocks(citizen.sees())["resolve"]
    assert (promise["limit"], promise["due_on"]) == ("7WD", "2026-10-15")
    assert promise["working"]["counted"][:3] == ["2026-10-08", "2026-10-09", "2026-10-10"]
    skipped = {day["date"] for day in promise["working"]["skipped"]}
    assert {f"2026-10-0{day}" for day in range(1, 8)} <= skipped
    assert "国庆" in str(promise["working"]["skipped"])

    # 爆管本身就是险情：值班台十分钟内要答复，放假前夜也一样；承办单位照办，互不等待
    (burst,) = duty.sees(citizen.number)["alerts"]
    assert (burst["kind"]["code"], burst["acknowledged"]) == ("hazard", False)
    assert duty.list(queue="alerts")[citizen.number]["due_at"] == "2026-09-30T19:20:00+08:00"
    answer_by = f"alert:{burst['alert']}"
    assert clocks(duty.sees(citizen.number))[answer_by]["due_at"] == "2026-09-30T19:20:00+08:00"
    assert answer_by not in clocks(citizen.sees()), "the duty desk's clock is none of the citizen's"
    city.until("2026-09-30 19:16")
    duty.does(citizen.number, "acknowledge-alert", alert=burst["alert"])
    handed_on = duty.list(queue="alerts")[citizen.number]["due_at"]
    assert handed_on == "2026-09-30T21:10:00+08:00", "within two hours somebody has taken it over"

    # 半小时后市民再次来电：更危险了。又是一个险情，又是十分钟
    city.until("2026-09-30 19:40")
    citizen.does("messages", text=WORSE)
    citizen.does("messages", text=WORSE)
    first, second = duty.sees(citizen.number)["alerts"]
    assert [first["acknowledged"], second["acknowledged"]] == [True, False], "said twice, rung once"
    assert duty.list(queue="alerts")[citizen.number]["due_at"] == "2026-09-30T19:50:00+08:00"

    # 值班台确认，供电公司接手，留下回执
    city.until("2026-09-30 19:46")
    duty.does(citizen.number, "acknowledge-alert", alert=second["alert"])
    city.until("2026-09-30 20:05")
    for alert in (first, second):
        duty.does(
            citizen.number,
            "resolve-alert",
            alert=alert["alert"],
            service="utility",
            receipt="GD-0930-17",
            text="供电公司已断电，现场无人受伤。",
        )
    assert citizen.number not in duty.list(queue="alerts")
    assert duty.sees(citizen.number)["alerts"] == []

    # 抢修队当晚签收、联系、修好、答复
    crew.does(citizen.number, "claim")
    crew.does(citizen.number, "contact", how="phone", result="reached", text="约十点前通水。")
    city.until("2026-09-30 23:40")
    crew.does(citizen.number, "reply", outcome="resolved", text="23点20分已通水，路面明早恢复。")
    seen = citizen.sees()
    assert seen["status"] == "AWAITING_RATING"
    assert entry(seen, "replied")["text"] == "23点20分已通水，路面明早恢复。"
    assert [notice["kind"] for notice in seen["notices"]] == ["invitation"]
    assert citizen.number not in crew.list()

    # 国庆当天市民评价满意；什么都没有逾期，案子上没有闹钟了
    city.until("2026-10-01 09:00")
    assert citizen.rates(5)["status"] == "CLOSED"
    done = duty.sees(citizen.number)
    assert "overdue" not in told(done)
    assert done["level"] == 0
    assert done["deadlines"] == []
    city.sound(citizen.number)


def test_a_danger_that_nobody_answers_is_told_to_those_above_in_minutes(town: Founded) -> None:
    city = town("2026-09-30 23:50")
    duty = city.staff("agent", "tong", "duty")
    citizen = city.files(WORSE, kind="help", area="990102001")
    city.until("2026-10-01 00:11")

    page = duty.sees(citizen.number)
    reminders = [one for one in page["timeline"] if one["event"] == "reminded"]
    assert "overdue" in told(page)
    assert {who for one in reminders for who in one["details"]["who"]} >= {
        "duty_desk",
        "supervision_office",
        "leader",
    }
    assert page["level"] == 2
    assert duty.list(queue="alerts")[citizen.number]["level"] == 2
    city.sound(citizen.number)
