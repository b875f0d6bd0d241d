"""依法不予支持，并且说清楚: a refusal that is lawful and explained."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import clocks, entry, texts, told
from tests.support.world import rules_of

HOUSING = "我申请公租房被退回来了，我家是有一套农村老宅，可是早就不能住人了。"
DEBT = "邻居欠我五万元，法院判了他也不还，请政府帮我要回来。"
BY_LAW = "《云汀市公共租赁住房管理办法》第九条"


def test_a_refusal_that_is_lawful_and_explained(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    officer, supervisor = city.officer("zhujian"), city.staff("supervisor", "shen")
    citizen = city.files(HOUSING, kind="complaint", category="0103")
    number = citizen.number
    officer.does(number, "claim")
    officer.does(number, "contact", how="visit", result="reached", text="已到老宅现场查看。")

    # 不予支持，要写明依据；不写，系统不收
    no = {"outcome": "not_supported", "text": "您名下有宅基地住房，不符合申请条件。"}
    assert officer.refused(number, "reply", **no) == "invalid"
    officer.does(number, "reply", **no, policy=BY_LAW)
    seen = citizen.sees()
    assert BY_LAW in str(entry(seen, "replied")["text"])
    assert seen["status"] == "AWAITING_RATING"

    # 市民不满意：由热线办跟进，承办单位不能自己了结
    rated = citizen.rates(1, "no", reasons=["unresolved"], text="老宅没有屋顶了。")
    assert rated["status"] == "FOLLOW_UP"
    assert number in supervisor.list(queue="follow_up")
    assert clocks(supervisor.sees(number))["follow_up"]["due_on"] == "2026-10-14"
    why = {"explanation": "lawful", "text": "经复核，认定符合规定；危房改造可向街道申请。"}
    assert officer.refused(number, "close", **why) == "role"
    inside = city.staff("supervisor", "xu", "zhujian")
    assert inside.refused(number, "close", **why) == "own_unit"

    # 由单位以外的人签字说明后办结；市民看得到说明，也知道还能怎么办
    supervisor.does(number, "close", **why)
    seen = citizen.sees()
    assert seen["status"] == "CLOSED"
    assert why["text"] in texts(seen)
    assert {"object", "reopen"} <= {one["command"] for one in seen["next"]}

    # 五个工作日内可以提一次异议，换一个人来定
    citizen.does("objection", text="应当派人鉴定房屋。")
    assert number in supervisor.list(queue="objections")
    grounds = {"grant": False, "text": "已有2026年鉴定报告，维持说明。"}
    assert supervisor.refused(number, "decide-objection", **grounds) == "same_person"
    city.staff("supervisor", "wu", "hotline").does(number, "decide-objection", **grounds)
    seen = citizen.sees()
    assert seen["status"] == "CLOSED"
    assert grounds["text"] in texts(seen)
    assert citizen.asks("objection", text="再提一次。").body["code"] == "objected_already"
    city.sound(number)


def test_what_is_for_the_courts_is_not_taken_and_says_where_to_go(town: Founded) -> None:
    """不予受理也是指路 (BJ 11)."""
    city = town("2026-10-12 09:00", rules_of(review="all"))
    moderator, second = city.staff("moderator", "wen"), city.staff("moderator", "qi")
    citizen = city.files(DEBT, kind="help")
    assert citizen.sees()["status"] == "IN_REVIEW"
    assert citizen.number in moderator.list(queue="review")

    reason = {"reason": "judicial", "text": "已进入执行程序，请向执行法院申请。"}
    assert moderator.refused(citizen.number, "decline", **reason) == "invalid", "the path is a must"
    moderator.does(citizen.number, "decline", **reason, path="court")

    for language, court in (("zh-CN", "法院"), ("en", "court")):
        seen = citizen.sees(language)
        assert seen["status"] == "DECLINED"
        declined = entry(seen, "declined")
        assert court in declined["words"].lower()
        assert declined["text"] == reason["text"]
    assert citizen.sees()["deadlines"] == []
    assert told(citizen.sees())[-1] == "declined"

    # 提出异议：不由不予受理的那个人来定；成立，就受理
    citizen.does("objection", text="我说的是另一件事：他家占了楼道。")
    granted = {"grant": True, "text": "占用楼道属城管，予以受理。"}
    assert moderator.refused(citizen.number, "decide-objection", **granted) == "same_person"
    second.does(citizen.number, "decide-objection", **granted)
    assert citizen.sees()["status"] not in ("DECLINED", "OBJECTED")
    assert clocks(citizen.sees())["resolve"]["since"] == "2026-10-12T09:00:00+08:00"
    city.sound(citizen.number)
