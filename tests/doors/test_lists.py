"""Worklists and one's own cases: which pages there are, and who may see them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.doors.driving import Api
from tests.doors.refusing import refused
from tests.support.world import MemoryWorld


@pytest.mark.parametrize(
    ("query", "status", "code", "pointers"),
    [
        ({"queue": "everything"}, 400, "parameter", ["queue"]),
        ({"queue": "triage", "limit": "0"}, 400, "parameter", ["limit"]),
        ({"queue": "triage", "limit": "101"}, 400, "parameter", ["limit"]),
        ({"queue": "triage", "limit": "-1"}, 400, "parameter", ["limit"]),
        ({"queue": "triage", "limit": "ten"}, 400, "parameter", ["limit"]),
        ({"queue": "triage", "limit": "１０"}, 400, "parameter", ["limit"]),
        ({"queue": "triage", "limit": "9" * 5_000}, 400, "parameter", ["limit"]),
        ({"queue": "triage", "cursor": "x" * 2_000}, 400, "parameter", ["cursor"]),
        ({"queue": "triage", "cursor": "tomorrow"}, 400, "parameter", ["cursor"]),
        ({}, 400, "parameter", ["queue"]),
        ({"department": "nobody"}, 422, "unknown_unit", ["department"]),
    ],
)
def test_a_worklist_parameter(
    api: Api, query: dict[str, str], status: int, code: str, pointers: list[str]
) -> None:
    headers = api.bearer("dispatcher")

    refused(
        *(api, "GET", "/v1/desk/worklist", status, code, pointers), headers=headers, query=query
    )


@pytest.mark.parametrize(
    ("claims", "query"),
    [
        ({"role": "officer", "department": "shuiwu"}, {"queue": "triage"}),
        ({"role": "officer", "department": "shuiwu"}, {"department": "zhujian"}),
        ({"role": "head", "department": "tingnan"}, {"department": "zhujian"}),
        ({"role": "integration", "department": "gongshui"}, {"department": "shuiwu"}),
    ],
)
def test_somebody_elses_worklist(api: Api, claims: dict[str, str], query: dict[str, str]) -> None:
    headers = api.bearer(**claims)

    answer = refused(
        *(api, "GET", "/v1/desk/worklist", 403, "list_not_readable"), headers=headers, query=query
    )

    assert "本单位的工作台" in answer.body["detail"]


def test_an_officer_without_a_unit_has_no_worklist(api: Api) -> None:
    answer = refused(
        *(api, "GET", "/v1/desk/worklist", 403, "list_not_readable"), headers=api.bearer("officer")
    )

    assert "请联系管理员" in answer.body["detail"]


EVERY = (
    "review, triage, returns, arbitration, approvals, alerts, orders, followers, replies, "
    "follow_up, objections"
)


@pytest.mark.parametrize(
    ("role", "queues"),
    [
        ("dispatcher", "triage, returns, approvals, alerts, followers, follow_up"),
        ("moderator", "review, alerts, followers, replies, follow_up, objections"),
        ("supervisor", EVERY),
        ("leader", "orders"),
        ("agent", "alerts"),
        ("auditor", EVERY),
        ("admin", EVERY),
    ],
)
def test_who_works_for_the_whole_city_names_a_list(api: Api, role: str, queues: str) -> None:
    """Also with an office of their own, whose empty list would look like no work."""
    for claims in ({}, {"department": "chengguan"}):
        answer = refused(
            *(api, "GET", "/v1/desk/worklist", 400, "parameter", ["queue"]),
            headers=api.bearer(role, **claims),
        )

        assert f"请指明 queue（{queues}）或 department" in answer.body["detail"]
        for queue in queues.split(", "):
            found = api.get(
                "/v1/desk/worklist", headers=api.bearer(role, **claims), query={"queue": queue}
            )
            assert found.status == 200


@pytest.mark.parametrize(
    ("query", "chinese", "english"),
    [
        ({"queue": "foo"}, f"只能是 {EVERY}", f"one of {EVERY}"),
        ({"queue": "triage", "limit": "500"}, "应为 1 到 100", "must be 1 to 100"),
    ],
)
def test_a_worklist_parameter_is_told_what_it_may_be(
    api: Api, query: dict[str, str], chinese: str, english: str
) -> None:
    dispatcher = api.bearer("dispatcher")

    for language, said in (("zh-CN", chinese), ("en", english)):
        answer = api.get("/v1/desk/worklist", headers=dispatcher, query=query, language=language)
        assert said in answer.body["detail"]


def test_a_worklist_page_by_page(api: Api) -> None:
    # given five cases of one unit
    cases = [api.file(text=f"电梯坏了 {i}").dispatched() for i in range(5)]
    headers = api.bearer("officer", department=cases[0].unit)

    # when it is read two at a time
    pages, query = [], {"limit": "2"}
    while True:
        page = api.get("/v1/desk/worklist", headers=headers, query=query).body
        pages.append([item["case_number"] for item in page["items"]])
        if "cursor" not in page:
            break
        query["cursor"] = page["cursor"]

    # then each comes once
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {number for page in pages for number in page} == {case.number for case in cases}


@pytest.mark.parametrize("cursor", ["x" * 2_000, "yesterday", "2026-09-28"])
def test_a_cursor_of_ones_own_cases_that_never_was(api: Api, cursor: str) -> None:
    refused(
        *(api, "GET", "/v1/cases", 400, "parameter", ["cursor"]),
        headers=api.bearer("citizen"),
        query={"cursor": cursor},
    )


def test_ones_own_cases_page_by_page(api: Api, world: MemoryWorld) -> None:
    mine, filed = api.bearer("citizen", subject="me"), []
    for i in range(23):
        world.now.advance(minutes=1)
        filed.append(api.post("/v1/cases", {"text": f"第{i}件"}, headers=mine).body["case_number"])

    first = api.get("/v1/cases", headers=mine).body
    second = api.get("/v1/cases", headers=mine, query={"cursor": first["cursor"]}).body

    assert "cursor" not in second
    got = [case["case_number"] for case in (*first["items"], *second["items"])]
    assert got == filed[::-1]


def test_the_list_of_a_unit_that_left_the_catalogue_is_still_found(api: Api) -> None:
    case = api.file().dispatched()
    unit = case.unit
    assert unit is not None
    city = api.world.rules.city
    api.world.rules = replace(
        api.world.rules,
        city=replace(city, units={code: one for code, one in city.units.items() if code != unit}),
    )
    answer = api.get(
        "/v1/desk/worklist", query={"department": unit}, headers=api.bearer("supervisor")
    )
    assert [item["case_number"] for item in answer.body["items"]] == [case.number]
