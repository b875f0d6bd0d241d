"""What the citizen reads of more time, pauses, promises and parts: the new date and why (BJ 15, JN 24)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.clock.policy import ReplyReview
from tests.doors.driving import Api, Case
from tests.doors.test_queues import done
from tests.support.world import MemoryWorld, rules_of

INSIDE = "只给单位看的话"


def page(case: Case, language: str = "zh-CN") -> Any:
    answer = case.api.get(case.path, headers=case.opened, language=language)
    assert answer.status == 200
    return answer.body


def last(case: Case, language: str = "zh-CN") -> dict[str, Any]:
    entry: dict[str, Any] = page(case, language)["timeline"][-1]
    return entry


def deadline(case: Case, clock: str) -> dict[str, Any]:
    (found,) = [one for one in page(case)["deadlines"] if one["clock"] == clock]
    return dict(found)


def test_an_extension_is_told_with_its_reason_and_the_new_date(api: Api) -> None:
    case = api.file(kind="complaint").claimed()
    before = deadline(case, "resolve")
    ask = {"reason": "works_under_way", "until": "2026-10-30", "text": INSIDE}

    done(case, "ask-extension", ask, "officer")
    assert last(case)["event"] == "claimed", "what is only asked for is the city's own"
    done(case, "decide-extension", {"approve": True, "text": INSIDE})

    assert last(case)["words"] == "办理期限延至 2026-10-30：施工正在进行"
    assert last(case, "en")["words"] == "Extended to 2026-10-30: works are under way"
    after = deadline(case, "resolve")
    assert (before["decided"], after["decided"]) == (False, True)
    assert before["due_on"] < after["due_on"] == "2026-10-30"
    assert after["working"]["counted"][-1] == "2026-10-30"
    assert INSIDE not in str(page(case))


def test_a_suspension_is_told_and_the_clock_stands_still_until_it_goes_on(
    api: Api, world: MemoryWorld
) -> None:
    case = api.file(kind="complaint").claimed()
    due = deadline(case, "resolve")["due_on"]
    ask = {"reason": "season", "until": "2026-10-16", "text": INSIDE}
    done(case, "ask-suspension", ask, "head")
    done(case, "decide-suspension", {"approve": True, "text": INSIDE})

    assert page(case)["status_text"] == "因客观原因暂缓办理"
    assert last(case)["words"] == "暂缓办理，2026-10-16 复核：受季节或天气限制"
    assert last(case, "en")["words"] == "On hold until 2026-10-16: season or weather"
    assert deadline(case, "resolve")["paused_since"].startswith("2026-09-28")
    assert deadline(case, "resolve")["late"] is False

    # when the review date has come, it goes on by itself, and the date has moved by the pause
    world.now.advance(days=19)
    world.service.tick(case.number)
    assert page(case)["status"] == "HANDLING"
    assert "复核日已到" in last(case)["words"]
    assert deadline(case, "resolve")["due_on"] > due
    assert "paused_since" not in deadline(case, "resolve")
    assert INSIDE not in str(page(case))


@pytest.mark.parametrize("reviewed", ["none", "all"])
def test_a_promise_is_told_in_the_units_words_with_its_date(
    api: Api, world: MemoryWorld, reviewed: ReplyReview
) -> None:
    # given a city that lets replies out unread, or one that reads them all
    world.rules = rules_of(reply_review=reviewed)
    case = api.file().claimed()
    body = {"outcome": "promised", "until": "2026-10-20", "text": "配件到货后十月二十日前修好。"}
    done(case, "reply", body, "officer")
    # then in both somebody outside the unit has to let a promise out: it is more time
    assert page(case)["status_text"] == "答复审核中"
    done(case, "decide-reply", {"approve": True, "text": INSIDE}, "moderator")

    assert page(case)["status_text"] == "已承诺限期解决"
    told = last(case)
    assert (told["words"], told["text"]) == ("承诺于 2026-10-20 前解决", body["text"])
    assert deadline(case, "promise")["due_on"] == "2026-10-20"
    assert INSIDE not in str(page(case))

    # broken, it says so, and the promise stays on the page as late
    world.now.advance(days=23)
    world.service.tick(case.number)
    said = {entry["event"]: entry["words"] for entry in page(case)["timeline"]}
    assert said["promise-broken"] == "承诺期限已过，转入督办"
    assert page(case)["status"] == "HANDLING"
    assert deadline(case, "promise")["late"] is True


def test_a_termination_is_told_with_its_reason_and_can_be_objected_to(api: Api) -> None:
    case = api.file().claimed()
    ask = {"reason": "reason_to_decline", "path": "court", "text": INSIDE}
    done(case, "ask-termination", ask, "head")
    assert page(case)["status_text"] == "办理中"
    done(case, "decide-termination", {"approve": True, "text": "法院已立案，请按通知参加诉讼。"})

    told = last(case)
    assert told["words"].startswith("终止办理：")
    assert "人民法院" in told["words"]
    assert told["text"] == "法院已立案，请按通知参加诉讼。"
    assert "object" in [one["command"] for one in page(case)["next"]]
    assert INSIDE not in str(page(case))


def test_the_parts_of_a_split_case_are_found_with_their_access_codes(api: Api) -> None:
    case = api.file(text="电梯坏了；另外垃圾没人收。").dispatched()
    parts = [
        {"text": "垃圾没人收。", "category": "0203"},
        {"text": "垃圾桶也破了。", "kind": "help"},
    ]
    done(case, "split", {"parts": parts}, "dispatcher")

    related = page(case)["related"]
    assert [one["relation"] for one in related] == ["split_into", "split_into"]
    for one, part in zip(related, parts, strict=True):
        opened = {"Access-Code": one["access_code"]}
        found = api.get(f"/v1/cases/{one['case_number']}", headers=opened)
        assert found.status == 200
        assert found.body["text"] == part["text"]
        (whole,) = found.body["related"]
        assert (whole["relation"], whole["case_number"]) == ("split_from", case.number)
        assert "access_code" not in whole
    # the desk reads which, and opens none with a code
    shown = api.get(case.desk_path, headers=api.bearer("supervisor")).body["related"]
    assert [one["case_number"] for one in shown] == [one["case_number"] for one in related]
    assert not [one for one in shown if "access_code" in one]


def test_of_another_citizens_case_neither_number_nor_words_are_told(
    api: Api, world: MemoryWorld
) -> None:
    # given a case that is merged into a neighbour's, and one about what an ended case was about
    lead, follower = api.file().claimed(), api.file(text="我家的电梯也是。").dispatched()
    done(follower, "merge", {"case": lead.number}, "dispatcher")
    again = api.file(text="又停了。").dispatched()
    ended = api.file(text="很久以前的那次。")
    assert ended.citizen("withdrawal", {"reason": "solved"}).status == 200
    done(again, "mark-recurrence", {"case": ended.number}, "dispatcher")

    for mine, other in ((follower, lead), (lead, follower), (again, ended)):
        shown = str(page(mine))
        assert other.number not in shown
        assert " ".join(other.number[i : i + 4] for i in range(0, 16, 4)) not in shown
    assert page(follower)["status_text"] == "与同类诉求一并办理"
    assert last(again)["words"] == "此前的问题再次发生"

    # and the reply that is passed on comes in its own words, with its own rating
    done(lead, "reply", {"outcome": "resolved", "text": "三号楼李女士家的电梯修好了"}, "officer")
    done(lead, "pass-on", {"text": "您楼里的电梯已修好。"}, "moderator")
    head = world.service.store.head(lead.number)
    assert head is not None
    world.followers.follow(lead.number, head.case.version)
    assert page(follower)["rating_open"] is True
    texts = [entry.get("text") for entry in page(follower)["timeline"]]
    assert "您楼里的电梯已修好。" in texts
    assert "李女士" not in str(page(follower))


def test_what_is_redacted_is_gone_from_every_page(api: Api) -> None:
    case = api.file(text="三号楼王某某每晚敲墙。").claimed()
    assert case.citizen("messages", {"text": "王某某的电话是某某某。"}).status == 200
    version = page(case)["version"]
    for part in ("body", str(version), "contact"):
        gone = {"part": part, "text": "（已去除他人姓名）"}
        done(case, "redact", gone | ({"text": None} if part == "contact" else {}), "moderator")

    for shown in (page(case), api.get(case.desk_path, headers=api.bearer("supervisor")).body):
        assert "王某某" not in str(shown)
        assert shown["text"] == "（已去除他人姓名）"
    assert "王某某" not in str(api.stored())
    assert api.get(case.desk_path, headers=api.bearer("agent")).body["contact"] == {}
