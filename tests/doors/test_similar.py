"""Like cases at the doors: what is offered before filing, and what the desk is shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.driving import Api
from tests.doors.refusing import refused
from tests.support.world import MemoryWorld

SIMILAR = "/v1/cases/similar"
LAMP = (
    "荷风社区东门外台阶旁的两盏路灯从上周五起不亮，台阶又陡，昨晚有位老人在那里绊倒，"
    "膝盖磕出了血。物业说灯不归他们管，请派人来修，修好以前能不能先挂一盏临时灯。"
)
ALIKE = "您好，" + LAMP.replace("昨晚有位老人", "前天有个孩子")
FILING = {"text": LAMP, "title": "东门路灯不亮", "area": "990102002001", "publishable": True}


def filed(api: Api, headers: dict[str, str] | None = None, **changes: Any) -> str:
    """The number of a case that was filed and brought to the dispatcher."""
    answer = api.post("/v1/cases", FILING | changes, headers=headers or {})
    number: str = answer.body["case_number"]
    api.world.dispatcher.route(number)
    return number


def published(api: Api, number: str) -> None:
    path = f"/v1/desk/cases/{number}/publish"
    assert api.post(path, {}, headers=api.bearer("moderator")).status == 200


def asked(api: Api, headers: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """What is there already; asking stores nothing and needs no Idempotency-Key."""
    before = api.world.stored()
    body = {"text": ALIKE, "area": "990102002001"} | changes
    answer = api.post(SIMILAR, body, headers={"Idempotency-Key": "", **(headers or {})})
    assert answer.status == 200, answer.text
    assert api.world.stored() == before
    found: dict[str, Any] = answer.body
    return found


def test_published_cases_are_offered_with_what_anybody_may_see(api: Api) -> None:
    number = filed(api, contact={"name": "欧阳慕晴", "phone": "19900007788"})
    assert asked(api) == {"public": [], "own": []}
    published(api, number)

    (found,) = asked(api)["public"]
    assert found["case_number"] == number
    assert found["title"] == "东门路灯不亮"
    assert found["area"] == {"code": "990102002001", "name": "荷风社区"}
    assert found["filed_on"] == "2026-09-28"
    assert found.keys() == {
        "case_number", "case_number_spoken", "title", "category", "area",
        "status", "status_text", "filed_on",
    }  # fmt: skip


def test_a_title_that_was_taken_out_is_not_offered(api: Api) -> None:
    number = filed(api)
    published(api, number)
    path = f"/v1/desk/cases/{number}/redact"
    assert api.post(path, {"part": "body"}, headers=api.bearer("moderator")).status == 200

    assert asked(api)["public"] == [], "there is nothing left by which it is like anything"


def test_a_case_that_left_the_board_is_offered_no_more(api: Api) -> None:
    number = filed(api)
    published(api, number)
    path = f"/v1/desk/cases/{number}/unpublish"
    assert api.post(path, {}, headers=api.bearer("moderator")).status == 200

    assert asked(api)["public"] == []


def test_at_most_five_are_offered(api: Api) -> None:
    for _ in range(7):
        published(api, filed(api))

    assert len(asked(api)["public"]) == 5


def test_a_citizen_is_shown_the_own_open_case_and_what_can_be_done(api: Api) -> None:
    lin, wang = api.bearer("citizen", subject="lin"), api.bearer("citizen", subject="wang")
    number = filed(api, lin)

    (own,) = asked(api, lin)["own"]
    assert own["case_number"] == number
    assert own["title"] == "东门路灯不亮"
    assert {action["command"]: action["path"] for action in own["next"]} == {
        "message": f"/v1/cases/{number}/messages",
        "urge": f"/v1/cases/{number}/urges",
    }
    assert asked(api, wang) == asked(api) == {"public": [], "own": []}


def test_ones_own_case_is_no_published_one_to_be_supported(api: Api) -> None:
    lin = api.bearer("citizen", subject="lin")
    number = filed(api, lin)
    published(api, number)

    found = asked(api, lin)
    assert [one["case_number"] for one in found["own"]] == [number]
    assert found["public"] == []


def test_another_matter_has_no_like(api: Api) -> None:
    published(api, filed(api))

    other = "请问居住证到期以后还能不能在网上续签，需要带哪些材料，多久可以拿到新的证件？"
    assert asked(api, text=other) == {"public": [], "own": []}


@pytest.mark.parametrize("text", ["👍👍👍", "。。。！！！", "啊" * 5_000, "ياخشىمۇسىز"])
def test_whatever_is_written_is_answered(api: Api, text: str) -> None:
    assert asked(api, text=text) == {"public": [], "own": []}


@pytest.mark.parametrize(
    ("body", "status", "code", "pointers"),
    [
        ({}, 422, "invalid", ["/text"]),
        ({"text": ""}, 422, "invalid", ["/text"]),
        ({"text": "啊" * 5_001}, 422, "invalid", ["/text"]),
        ({"text": LAMP, "contact": {"phone": "19900007788"}}, 422, "invalid", ["/contact"]),
        ({"text": LAMP, "area": "123456"}, 422, "unknown_area", ["/area"]),
        ({"text": LAMP, "place": {"lon": 113.0}}, 422, "invalid", ["/place"]),
    ],
)
def test_what_cannot_be_asked(
    api: Api, body: dict[str, Any], status: int, code: str, pointers: list[str]
) -> None:
    refused(api, "POST", SIMILAR, status, code, pointers, body=body)


def test_a_body_that_is_too_large(api: Api) -> None:
    refused(api, "POST", SIMILAR, 413, "too_large", body={"text": "a" * 131_072})


def test_the_desk_is_shown_like_cases_with_the_command_that_says_so(api: Api) -> None:
    first, second = filed(api), filed(api, text=ALIKE)
    path = f"/v1/desk/cases/{second}"

    (found,) = api.get(path, headers=api.bearer("dispatcher")).body["similar"]
    assert found["case_number"] == first
    assert found["relation"] == {"code": "same_matter", "name": "同一件事，可以并单"}
    assert [reason["code"] for reason in found["reasons"]] == [
        "like_words",
        "same_area",
        "same_days",
    ]
    assert found["action"]["path"] == f"{path}/merge"
    done = api.post(found["action"]["path"], {"case": first}, headers=api.bearer("dispatcher"))
    assert done.status == 200
    (after,) = api.get(path, headers=api.bearer("dispatcher")).body["similar"]
    assert "action" not in after


def test_the_citizen_is_not_shown_them(api: Api, world: MemoryWorld) -> None:
    filed(api)
    lin = api.bearer("citizen", subject="lin")
    second = filed(api, lin, text=ALIKE)

    case = api.get(f"/v1/cases/{second}", headers=lin).body
    assert "similar" not in case
    assert "similar-found" not in {entry["event"] for entry in case["timeline"]}
