"""What waits beside its holder's work stands on the worklist of whoever has to do it, until it is done."""

from __future__ import annotations

from typing import Any

import pytest

from casework.store.dynamo import typed
from tests.doors.driving import Api, Case
from tests.support.world import MemoryWorld

UNIT, HELPER = "zhujian", "chengguan"


def relayed(api: Api) -> None:
    """The stream has shown every case as it is now."""
    for item in api.stored():
        if item["sk"] == "#HEAD":
            api.world.relay.publish_image(typed(item))


def on_list(api: Api, case: Case, holder: str, role: str = "supervisor") -> Any:
    """The case's entry on a queue or on a unit's worklist, as it stands there; None if it does not."""
    relayed(api)
    department = holder.removeprefix("unit:")
    query = {"queue": holder} if department == holder else {"department": department}
    found = api.get("/v1/desk/worklist", query=query, headers=api.bearer(role))
    assert found.status == 200, found.text
    entries = [item for item in found.body["items"] if item["case_number"] == case.number]
    assert len(entries) <= 1
    return entries[0] if entries else None


def done(case: Case, command: str, body: Any = None, role: str = "supervisor", **who: Any) -> None:
    answer = case.desk(command, body, role, **who)
    assert answer.status == 200, (command, answer.text)


def by_helper(case: Case, command: str, body: Any = None) -> None:
    done(case, command, body, "officer", department=HELPER, subject="helper")


UNTIL = {"text": "材料未到", "until": "2026-10-27"}


@pytest.mark.parametrize(
    ("ask", "body", "decide", "due"),
    [
        ("ask-extension", UNTIL | {"reason": "complex"}, "decide-extension", "2026-09-30"),
        ("ask-suspension", UNTIL | {"reason": "season"}, "decide-suspension", "2026-10-01"),
        (
            *("ask-termination", {"reason": "matter_gone", "text": "已拆除"}),
            *("decide-termination", "2026-10-24"),
        ),
    ],
)
@pytest.mark.parametrize("approve", [True, False])
def test_what_is_asked_for_waits_among_the_approvals(
    api: Api, ask: str, body: dict[str, str], decide: str, due: str, approve: bool
) -> None:
    """An extension and a suspension with their own due date beside the unit's work; with a
    termination the case itself waits, by the citizen's date."""
    case = api.file(kind="complaint").claimed()
    assert on_list(api, case, "approvals") is None

    done(case, ask, body, "head")
    assert on_list(api, case, "approvals")["due_at"] == f"{due}T00:00:00+08:00"

    done(case, decide, {"approve": approve, "text": "看过"})
    assert on_list(api, case, "approvals") is None


def test_a_call_for_help_stands_with_each_unit_until_it_has_answered(api: Api) -> None:
    # given a unit that has called two others
    case = api.file().claimed()
    done(case, "ask-assistance", {"units": [HELPER, "gongdian"], "text": "请到现场"}, "head")
    entry = on_list(api, case, f"unit:{HELPER}")
    assert entry["due_at"] == "2026-09-30T00:00:00+08:00", "to report in"
    assert on_list(api, case, "unit:gongdian") is not None
    assert on_list(api, case, f"unit:{UNIT}") is not None, "and with its holder as before"

    # when one answers and the other disputes it, then neither has it, and the hotline decides
    by_helper(case, "report-in")
    entry = on_list(api, case, f"unit:{HELPER}")
    assert entry["due_at"] == "2026-10-09T00:00:00+08:00", "to answer"
    by_helper(case, "answer-assistance", {"text": "已查"})
    assert on_list(api, case, f"unit:{HELPER}") is None
    dispute = {"text": "不归我们"}
    done(case, "dispute-assistance", dispute, "officer", department="gongdian", subject="dian")
    assert on_list(api, case, "unit:gongdian") is None
    assert on_list(api, case, "approvals", role="dispatcher") is not None

    # and upheld, it is back
    done(
        case,
        "decide-assistance",
        {"unit": "gongdian", "uphold": True, "text": "要去"},
        "dispatcher",
    )
    assert on_list(api, case, "approvals") is None
    assert on_list(api, case, "unit:gongdian") is not None


def test_an_order_waits_with_its_unit_and_its_answer_with_the_supervisors(api: Api) -> None:
    case = api.file().claimed()
    done(case, "issue-order", {"unit": HELPER, "due": "2026-09-30", "text": "节前办完"}, "leader")
    (order,) = api.get(case.desk_path, headers=api.bearer("supervisor")).body["orders"]
    entry = on_list(api, case, f"unit:{HELPER}")
    assert entry["due_at"] == "2026-10-01T00:00:00+08:00"
    assert entry["level"] == 1
    assert on_list(api, case, "orders") is None

    by_helper(case, "respond-order", {"order": order["order"], "text": "办完了"})
    assert on_list(api, case, f"unit:{HELPER}") is None
    assert on_list(api, case, "orders") is not None

    verdict = {"order": order["order"], "accept": False, "text": "现场没有"}
    done(case, "verify-order", verdict)
    assert on_list(api, case, "orders") is None
    assert on_list(api, case, f"unit:{HELPER}") is not None
    done(case, "lift-order", {"order": order["order"], "text": "另行处理"}, "leader")
    assert on_list(api, case, f"unit:{HELPER}") is None


def test_a_danger_stands_with_the_duty_desk_even_when_the_case_has_ended(
    api: Api, world: MemoryWorld
) -> None:
    # given a case that its citizen closes with words of danger
    case = api.file().answered()
    rating = {"contacted": True, "resolved": "yes", "overall": 5, "text": "不想活了，我现在在楼顶"}
    assert case.citizen("rating", rating).body["status"] == "CLOSED"

    entry = on_list(api, case, "alerts", role="dispatcher")
    assert entry["due_at"] <= "2026-09-28T10:10:00+08:00", "in minutes"
    (alert,) = api.get(case.desk_path, headers=api.bearer("dispatcher")).body["alerts"]
    done(case, "acknowledge-alert", {"alert": alert["alert"]}, "dispatcher")
    assert on_list(api, case, "alerts") is not None, "until somebody has taken it over"
    over = {"alert": alert["alert"], "service": "110", "receipt": "JJ-1", "text": "民警已到"}
    done(case, "resolve-alert", over, "dispatcher")
    assert on_list(api, case, "alerts") is None


def test_an_unmasking_waits_among_the_approvals(api: Api) -> None:
    case = api.file(identity="hidden").claimed()

    done(case, "ask-unmasking", {"reason": "visit", "text": "上门"}, "head")
    assert on_list(api, case, "approvals") is not None
    done(case, "decide-unmasking", {"approve": False, "text": "先留言"})
    assert on_list(api, case, "approvals") is None


def test_a_leads_reply_waits_to_be_checked_before_it_goes_on(api: Api) -> None:
    # given two cases about one thing
    lead, follower = api.file().claimed(), api.file(text="也是三号楼的电梯。").dispatched()
    done(follower, "merge", {"case": lead.number}, "dispatcher")
    assert on_list(api, follower, f"unit:{UNIT}") is None, "handled with its lead"
    assert on_list(api, lead, "followers") is None

    # when the lead is answered
    done(lead, "reply", {"outcome": "resolved", "text": "电梯已修好"}, "officer")
    assert on_list(api, lead, "followers") is not None
    done(lead, "pass-on", {}, "moderator")
    assert on_list(api, lead, "followers") is None


def test_a_follower_whose_citizen_writes_is_seen(api: Api) -> None:
    lead, follower = api.file().claimed(), api.file(text="也是三号楼的电梯。").dispatched()
    done(follower, "merge", {"case": lead.number}, "dispatcher")

    assert follower.citizen("messages", {"text": "今天又停了。"}).status == 200

    assert on_list(api, follower, "followers")["unread"] is True
