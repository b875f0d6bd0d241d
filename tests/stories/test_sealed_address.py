"""密封的诉求要上门: a sealed case whose handler needs an address."""

from __future__ import annotations

from tests.stories.conftest import Founded
from tests.stories.town import PHOTO, clocks, told

LOCKED = "楼上商户把消防通道锁了堆货。我在他那里上班，请千万保密。"
NAME, PHONE, ADDRESS = "钟守正", "19900003333", "听雨街道檐下社区7号楼2单元301"
SECRETS = (NAME, PHONE, ADDRESS)


def test_a_sealed_case_whose_handler_needs_an_address(town: Founded) -> None:
    city = town("2026-10-12 09:00")
    head, officer = city.head("xiaofang"), city.officer("xiaofang")
    supervisor = city.staff("supervisor", "shen", "supervision")
    citizen = city.files(
        LOCKED,
        kind="complaint",
        category="1104",
        identity="sealed",
        contact={"name": NAME, "phone": PHONE},
        place={"lon": 114.31, "lat": 30.52, "address": ADDRESS},
    )
    number = citizen.number
    officer.does(number, "claim")

    # 谁的页面上都没有这个人：姓名、电话、地址、位置
    for one in (officer, head, supervisor):
        page = one.sees(number)
        assert page["contact"] == {}
        assert not [secret for secret in SECRETS if secret in str(page)]
        assert "114.31" not in str(page)
    # 可以通过平台说话，不知道对面是谁
    officer.does(number, "message", text="通道锁在哪一层？")
    citizen.does("messages", text="四层到五层之间。")

    # 非上门不可：承办人写明理由申请，另一个人批；热线办四小时内要答复
    why = {"reason": "visit", "text": "需实地确认是哪个单元的通道。"}
    assert officer.refused(number, "reveal", reason="visit") == "unmasking_needed"
    officer.does(number, "ask-unmasking", **why)
    (asked,) = supervisor.sees(number)["asked"]
    assert (asked["what"], asked["by"]) == ("unmasking", officer.name)
    assert supervisor.list(queue="approvals")[number]["due_at"] == "2026-10-12T13:00:00+08:00"
    himself = city.staff("supervisor", officer.name)
    assert himself.refused(number, "decide-unmasking", approve=True) == "same_person"
    inside = city.staff("supervisor", "xu", "xiaofang")
    assert inside.refused(number, "decide-unmasking", approve=True) == "own_unit"
    supervisor.does(number, "decide-unmasking", approve=True, text="仅限本次上门。")
    assert number not in supervisor.list(queue="approvals")

    # 只有申请的人看得到，每看一次记一次；批的人、他的负责人也看不到
    shown = officer.does(number, "reveal", reason="visit")["contact"]
    assert shown == {"name": NAME, "phone": PHONE, "address": ADDRESS}
    for one in (head, supervisor):
        assert one.refused(number, "reveal", reason="visit") == "unmasking_needed"
    looks = [one for one in supervisor.sees(number)["timeline"] if one["event"] == "revealed"]
    assert [(one["details"]["reason"], officer.name in one["by"]) for one in looks] == [
        ("visit", True)
    ]
    assert NAME not in str(officer.sees(number)), "the page itself stays sealed"

    # 过了一天，准许就没有了
    city.until("2026-10-14 00:01")
    assert officer.refused(number, "reveal", reason="visit") == "unmasking_needed"

    # 市民看不到内部怎么商量的；答复、评价，和别的诉求一样
    seen = citizen.sees()
    assert not {"unmasking-asked", "unmasking-granted", "revealed"} & set(told(seen))
    done = {"outcome": "resolved", "text": "通道已打开，堆物清走，已立案。"}
    assert officer.refused(number, "reply", **done) == "evidence_needed"
    officer.does(number, "reply", **done, evidence=[PHOTO])
    assert citizen.rates(5)["status"] == "CLOSED"
    assert clocks(citizen.sees()) == {}
    city.sound(number)
