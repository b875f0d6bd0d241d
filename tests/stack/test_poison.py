"""One message that nobody can handle: it ends in its dead-letter queue, the others are handled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from casework import sweeping
from tests.stack.people import PHOTO
from tests.stack.town import Town

POISON = (
    "not JSON at all",
    "{}",
    "[]",
    json.dumps({"case_number": "1000000000000000", "version": 1, "shard": "north"}),
)


def test_poison_in_the_dispatch_queue(town: Town) -> None:
    citizens = [town.file() for _ in range(4)]
    town.send("DispatchQueue", *POISON)

    town.drain()

    assert [town.case(citizen.number).state for citizen in citizens] == ["ASSIGNED"] * 4
    assert sorted(town.take("DispatchDeadLetters")) == sorted(POISON)
    assert town.take("DispatchQueue") == []


def test_poison_in_the_feedback_queue(town: Town) -> None:
    citizens = [town.handled() for _ in range(3)]
    for citizen in citizens:
        town.officer().does(
            citizen.number, "reply", outcome="resolved", text="已处理。", evidence=[PHOTO]
        )
    town.send("FeedbackQueue", *POISON)

    town.drain()

    assert [len(citizen.see()["notices"]) for citizen in citizens] == [1, 1, 1]
    assert sorted(town.take("FeedbackDeadLetters")) == sorted(POISON)


def test_poison_in_the_sweep_queue(town: Town) -> None:
    citizen = town.assigned()
    due = town.case(citizen.number).next_due
    assert due is not None
    town.send("SweepQueue", *POISON)

    town.stack.advance(due - town.stack.now())

    assert town.count(citizen.number, "reminded") == 2, "claim and first contact"
    assert sorted(town.take("SweepDeadLetters")) == sorted(POISON)


def test_poison_in_the_relay_queue(town: Town) -> None:
    citizen = town.file()
    good_one = json.dumps({"case_number": citizen.number, "version": 1})
    unknown = json.dumps({"case_number": citizen.number, "version": 99})
    town.send("RelayQueue", *POISON, unknown, good_one)

    town.drain()

    assert town.case(citizen.number).state == "ASSIGNED"
    assert sorted(town.take("RelayDeadLetters")) == sorted([*POISON, unknown])


@pytest.mark.parametrize("spoilt", [{}, {"version": {"S": "one"}}, {"commit": {"S": "gone"}}])
def test_poison_in_the_stream(town: Town, spoilt: dict[str, Any]) -> None:
    """A HEAD that somebody wrote past the service: put aside after its retries, the rest goes on."""
    image = {"pk": {"S": "1000000000000000"}, "sk": {"S": "#HEAD"}, **spoilt}
    table = town.stack.environment["CASES_TABLE"]
    before = town.file()
    town.stack.cloud.client("dynamodb").put_item(TableName=table, Item=image)
    after = town.file()

    town.drain()

    assert town.case(before.number).state == town.case(after.number).state == "ASSIGNED"
    (report,) = [json.loads(one) for one in town.take("StreamDeadLetters")]
    assert report["DDBStreamBatchInfo"]["batchSize"] == 1
    town.stack.cloud.client("dynamodb").delete_item(
        TableName=table, Key={"pk": image["pk"], "sk": image["sk"]}
    )


def test_cases_that_cannot_be_read_do_not_hold_up_the_sweep(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are the most overdue of all, and so always the first that a sweep meets."""
    monkeypatch.setattr(sweeping, "PAGE", 5)
    dynamodb, table = town.stack.cloud.client("dynamodb"), town.stack.environment["CASES_TABLE"]
    spoilt = [f"1{number:015d}" for number in range(12)]
    for number in spoilt:
        item = {
            "pk": {"S": number},
            "sk": {"S": "#HEAD"},
            "alarm_shard": {"S": "0"},
            "next_due": {"S": "2026-01-01T00:00:00Z"},
        }
        dynamodb.put_item(TableName=table, Item=item)
    citizen = town.file()
    town.drain()

    town.stack.advance(town.case(citizen.number).clocks["claim"].due - town.stack.now())

    assert town.count(citizen.number, "overdue") == 2
    assert len(town.take("StreamDeadLetters")) == len(spoilt)
