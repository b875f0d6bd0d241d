"""两百户和一个搅拌站: two hundred households and one mixing plant, one of them unsatisfied."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import clocks, entry, names, texts, told

HOUSEHOLDS = 200
DUST = "青石路的混凝土搅拌站天天扬尘，窗户不敢开。我家住{}号楼，电话199{:08}。"
ANSWER = "已责令搅拌站停产整改，加装围挡和喷淋。3号楼张先生家的检测报告另行寄送。"
FOR_ALL = "已责令搅拌站停产整改，加装围挡和喷淋，十月底前验收。"


def test_two_hundred_households_and_one_mixing_plant(town: Founded) -> None:
    city = town("2026-09-28 08:00")
    moderator = city.staff("moderator", "wen")
    officer, colleague = (city.officer("shengtai", name) for name in ("sheng", "tai"))

    # 一个上午，两百户反映同一件事；其中一户来得早，期限也早
    first = city.files(DUST.format(1, 1), kind="help", category="0504")
    city.until("2026-09-28 09:00")
    others = [
        city.files(DUST.format(n % 30, n), kind="complaint", category="0504")
        for n in range(2, HOUSEHOLDS + 1)
    ]
    lead, *followers = [others[0], first, *others[1:]]
    assert len(officer.list()) == HOUSEHOLDS
    officer.does(lead.number, "claim")
    own_promise = clocks(lead.sees())["resolve"]["due_on"]

    # 审核员并单：其余各件跟随一件，各自的编号、期限、答复和评价都还在
    for one in followers:
        assert moderator.does(one.number, "merge", case=lead.number)["status"] == "FOLLOWING"
    page = officer.sees(lead.number)
    assert page["followers"] == HOUSEHOLDS - 1
    assert list(officer.list()) == [lead.number], "one case for the officer, not two hundred"
    assert clocks(first.sees())["resolve"]["due_on"] < own_promise
    assert clocks(page)["resolve"]["due_on"] == clocks(first.sees())["resolve"]["due_on"], (
        "the lead takes the earliest date"
    )
    for one in (first, followers[7]):
        seen = one.sees()
        assert told(seen)[-1] == "merged"
        assert lead.number not in str(seen), "another citizen's case is nobody's business"
    assert moderator.refused(lead.number, "merge", case=first.number) == "leads_others"
    assert moderator.refused(lead.number, "merge", case=lead.number) == "leads_others"

    # 一户后来说的是另一家厂，取出来单办
    apart = followers.pop()
    moderator.does(apart.number, "unmerge", text="他家说的是对面的石材厂。")
    assert apart.sees()["department"]["code"] == "shengtai"
    assert officer.sees(lead.number)["followers"] == HOUSEHOLDS - 2

    # 答复先给主单的市民；给其余各户之前，要有人查一遍别人的个人信息
    city.until("2026-10-08 10:00")
    officer.does(lead.number, "reply", outcome="resolved", text=ANSWER)
    assert lead.sees()["status"] == "AWAITING_RATING"
    assert first.sees()["status"] == "FOLLOWING"
    waiting = moderator.list(queue="followers")[lead.number]
    assert waiting["due_at"] == "2026-10-10T00:00:00+08:00"
    assert officer.refused(lead.number, "pass-on") == "role", "not by whoever wrote it"
    moderator.does(lead.number, "pass-on", text=FOR_ALL)

    # 每户都收到自己的答复和邀请，里面没有别人的名字
    for one in followers:
        seen = one.sees()
        assert seen["status"] == "AWAITING_RATING"
        assert entry(seen, "reply-taken")["text"] == FOR_ALL
        assert "张先生" not in str(seen)
        assert [notice["kind"] for notice in seen["notices"]] == ["invitation"]
    assert apart.sees()["status"] == "ASSIGNED"
    assert lead.number not in moderator.list(queue="followers")

    # 各评各的：一户不满意，重新办理，换一个人；其余的结案
    unsatisfied, *satisfied = followers
    for one in satisfied:
        assert one.rates(5)["status"] == "CLOSED"
    assert lead.rates(4)["status"] == "CLOSED"
    assert unsatisfied.rates(1, "no", text="我家窗台上还是灰。")["status"] == "FOLLOW_UP"
    assert names([moderator.sees(unsatisfied.number)["department"]]) == ["shengtai"]
    city.staff("supervisor", "shen").does(unsatisfied.number, "redo", text="请到他家看一看。")
    assert officer.refused(unsatisfied.number, "claim") == "same_person"
    colleague.does(unsatisfied.number, "claim")
    again = clocks(unsatisfied.sees())["redo"]
    assert (again["limit"], again["due_on"]) == ("3WD", "2026-10-12")
    colleague.does(
        unsatisfied.number, "reply", outcome="resolved", text="已为您家清洗窗台，复测达标。"
    )
    assert texts(unsatisfied.sees())[-1] == "已为您家清洗窗台，复测达标。"
    assert unsatisfied.rates(5)["status"] == "CLOSED"

    for one in (lead, unsatisfied, apart, satisfied[0]):
        city.sound(one.number)
