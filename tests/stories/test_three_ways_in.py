"""短信提交，网上查询，电话评价: one citizen by three ways, and always the same one."""

from __future__ import annotations

from tests.doors.driving import Api
from tests.stories.conftest import Founded
from tests.stories.town import Citizen, entry, told

PHONE = "19912340099"
LIFT = "月亮河小区三号楼电梯停了两天，老人下不了楼。"


def test_a_citizen_files_by_sms_asks_by_web_and_rates_by_phone(town: Founded) -> None:
    city = town("2026-10-12 20:15")
    api: Api = city.api
    officer, agent = city.officer("zhujian"), city.staff("agent", "he", "hotline")

    # 发一条短信就算提交；只有电话，没有账号
    citizen = city.files(
        LIFT, channel="sms", kind="complaint", category="0101", contact={"phone": PHONE}
    )
    assert agent.sees(citizen.number)["channel"] == "sms"
    assert PHONE not in str(agent.sees(citizen.number)), "masked"

    # 回家上网，用核实过的手机号登录：短信提交的就在“我的诉求”里
    proven = {"phone_number": f"+86{PHONE}", "phone_number_verified": True}
    me = api.bearer("citizen", subject="ouyang", **proven)
    stranger = api.bearer("citizen", subject="someone else")
    assert api.get("/v1/cases", headers=me).body["items"] == []
    joined = api.post("/v1/me/bindings", {}, headers=me | {"Idempotency-Key": None})
    assert joined.status == 200, joined.text
    (own,) = api.get("/v1/cases", headers=me).body["items"]
    assert own["case_number"] == citizen.number
    assert api.get(citizen.path, headers=me).status == 200
    assert api.get(citizen.path, headers=stranger).status == 403
    assert api.get("/v1/cases", headers=stranger).body["items"] == []

    # 在网上问一句；承办人看到“有新消息”，联系以后就没有了
    officer.does(citizen.number, "claim")
    asked = api.post(f"{citizen.path}/messages", {"text": "今天有人来修吗？"}, headers=me)
    assert asked.status == 200, asked.text
    city.settle()
    assert officer.list()[citizen.number]["unread"]
    assert entry(officer.sees(citizen.number), "message-received")["text"] == "今天有人来修吗？"
    officer.does(citizen.number, "message", text="配件明早到，上午修好。")
    assert not officer.list()[citizen.number]["unread"]
    page = api.get(citizen.path, headers=me).body
    assert entry(page, "message-sent")["text"] == "配件明早到，上午修好。"

    # 修好答复；三天后话务员回访，替市民记下评价：写明是谁收集的
    officer.does(citizen.number, "reply", outcome="resolved", text="曳引机已更换。")
    city.until("2026-10-16 10:00")
    rating = {"contacted": True, "resolved": "yes", "overall": 4, "text": "来得还算快。"}
    refused = api.post(f"{citizen.path}/rating", rating, headers=officer.headers)
    assert refused.status == 403, "never collected by who is rated"
    rated = api.post(f"{citizen.path}/rating", rating, headers=agent.headers)
    assert (rated.status, rated.body["status"]) == (200, "CLOSED")

    # 三个渠道，同一件事，同一个结局
    me = api.bearer("citizen", subject="ouyang")
    by_code, by_account = citizen.sees(), api.get(citizen.path, headers=me).body
    assert by_code["status"] == by_account["status"] == "CLOSED"
    assert told(by_code) == told(by_account)
    desk = entry(agent.sees(citizen.number), "rated")
    assert desk["details"]["collected_by"] == "agent"
    assert desk["text"] == "来得还算快。"
    city.sound(citizen.number)


def test_what_is_said_twice_is_urged_and_not_counted_twice(town: Founded) -> None:
    """同一个人换个渠道再报一遍: a person has read both, and the first one is urged."""
    city = town("2026-10-12 20:15")
    moderator, officer = city.staff("moderator", "wen"), city.officer("zhujian")
    first, again = (
        city.files(LIFT, channel="sms", kind="complaint", category="0101", contact={"phone": PHONE})
        for _ in range(2)
    )
    assert isinstance(again, Citizen)
    stranger = city.files(LIFT, kind="complaint", category="0101")

    same = {"case": first.number, "text": "同一部电梯，前一件正在办。"}
    assert moderator.refused(stranger.number, "mark-repeat", **same) == "another_citizen"
    moderator.does(again.number, "mark-repeat", **same)

    seen = again.sees()
    assert seen["status"] == "CLOSED"
    assert [one["case_number"] for one in seen["related"]] == [first.number]
    assert "objection" in [one["path"].rpartition("/")[2] for one in seen["next"]]
    assert officer.list()[first.number]["unread"]
    assert told(officer.sees(first.number))[-1] == "urged"
    assert again.number not in officer.list()
    city.sound(again.number)
