"""举报到了本单位: a report against an officer of the very unit that would handle it."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import clocks, told

REPORT = "城管局执法队的副队长收摊主的红包，给了钱就不查。我就在那条街上摆摊。"


def test_nobody_of_the_unit_that_is_complained_about_ever_sees_the_report(town: Founded) -> None:
    city = town("2026-09-28 09:00")
    moderator, dispatcher = city.staff("moderator", "wen"), city.staff("dispatcher", "sang")
    agent = city.staff("agent", "he", "hotline")
    accused = (
        city.officer("chengguan", "fu-duizhang"),
        city.head("chengguan"),
        city.staff("integration", "system", "chengguan"),
        city.staff("supervisor", "shen", "chengguan"),
    )

    # 市民举报，写明是哪个单位的人；举报默认密封
    citizen = city.files(
        REPORT,
        kind="report",
        category="0201",
        about=["chengguan"],
        contact={"name": "鲁直", "phone": "19900001111"},
    )
    number = citizen.number
    assert "department" not in citizen.sees(), "not given to whom the rule would name"

    # 被反映单位的任何人都不知道有这件事，也不能从列表里看出来
    for one in accused:
        assert one.looks(number).status == 404
        assert one.refused(number, "note", text="看一下") == "not_found"
    assert accused[0].list() == {}
    assert number not in accused[3].list(queue="triage")
    assert city.given_to("chengguan") == []
    # 接线员也看不到密封的举报；负责派单的人看得到，但看不到是谁举报的
    assert agent.looks(number).body["code"] == "not_readable"
    assert number not in agent.list(queue="triage")
    page = dispatcher.sees(number)
    assert page["contact"] == {}
    assert page["speaker"]["identity"]["code"] == "sealed"
    assert "鲁直" not in str(page)
    assert "19900001111" not in str(page)

    # 派单员不能派给被反映单位；也不能让它协办
    assert number in dispatcher.list(queue="triage")
    assert dispatcher.refused(number, "dispatch", unit="chengguan") == "subject_unit"
    dispatcher.does(number, "dispatch", unit="zhengfuban", category="1702")
    handler = city.officer("zhengfuban", "zheng")
    assert list(handler.list()) == [number]
    handler.does(number, "claim")
    assert (
        city.head("zhengfuban").refused(
            number, "ask-assistance", units=["chengguan"], text="请说明情况。"
        )
        == "subject_unit"
    )

    # 查到具体的人，也写上；他即使调到别处也看不到
    moderator.does(number, "name-subjects", units=["chengguan"], persons=["fu-duizhang"])
    moved = city.staff("officer", "fu-duizhang", "zhengfuban")
    assert moved.looks(number).status == 404

    # 办理人和举报人只通过平台说话
    handler.does(number, "message", text="请问大约是哪几天？")
    citizen.does("messages", text="都是星期五晚上。")
    assert "都是星期五晚上。" in str(handler.sees(number))
    assert handler.sees(number)["contact"] == {}
    assert handler.refused(number, "reveal", reason="contact") == "unmasking_needed"

    # 举报不能撤回，不能公示，不能并单
    assert citizen.asks("withdrawal", reason="mistaken").body["code"] == "reports_stay"
    assert moderator.refused(number, "publish") == "reports_are_secret"
    other = city.files("夜里十点还在占道摆摊。", category="0201", kind="complaint")
    assert moderator.refused(number, "merge", case=other.number) == "sealed_apart"

    # 答复后举报人评价；案卷里没有任何一步出自被反映单位
    handler.does(number, "reply", outcome="resolved", text="已查实并移交，退还所收款项。")
    assert citizen.rates(5)["status"] == "CLOSED"
    for one in accused:
        assert one.looks(number).status == 404
    journal = moderator.sees(number)["timeline"]
    assert not any("fu-duizhang" in step["by"] or "城管局" in step["by"] for step in journal)
    city.sound(number)


def test_a_unit_that_turns_out_to_be_complained_about_loses_the_case_at_once(
    town: Founded,
) -> None:
    city = town("2026-09-28 09:00")
    moderator = city.staff("moderator", "wen")
    officer = city.officer("bailu-chengguan", "qiao")
    citizen = city.files(
        "执法的人态度很差，还推搡老人。", kind="complaint", category="0201", area="990103"
    )
    assert citizen.sees()["department"]["code"] == "bailu-chengguan"
    officer.does(citizen.number, "claim")
    promised = clocks(citizen.sees())["resolve"]["due_on"]

    # 第二天听录音才发现：说的正是承办单位
    city.until("2026-09-29 11:00")
    moderator.does(citizen.number, "name-subjects", units=["bailu-chengguan"])

    assert officer.looks(citizen.number).status == 404
    assert citizen.number not in officer.list()
    assert "taken-away" in told(moderator.sees(citizen.number))
    seen = citizen.sees()
    assert "taken-away" not in told(seen), "what went wrong inside stays inside"
    assert clocks(seen)["resolve"]["due_on"] == promised, "and costs the citizen no time"
    assert citizen.number in moderator.list(queue="triage"), "a person chooses now"
    city.sound(citizen.number)
