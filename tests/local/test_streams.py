"""The table's stream: in order, filtered, nothing skipped but what was given up and reported."""

from __future__ import annotations

import json

from infra.local.patterns import matches
from infra.local.stack import Stack
from tests.local import ledger
from tests.local.conftest import bodies, file


def test_only_heads_reach_the_function_in_lambdas_shape(stack: Stack) -> None:
    file(stack, "1")

    stack.drain()

    ((record,),) = ledger.noted("stream")
    assert record["dynamodb"]["Keys"] == {"pk": {"S": "1"}, "sk": {"S": "#HEAD"}}
    assert record["dynamodb"]["NewImage"]["state"] == {"S": "SUBMITTED"}
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], int)
    assert record["eventName"] == "INSERT"
    assert record["eventSourceARN"].startswith("arn:aws:dynamodb:us-east-1:")


def test_removing_a_head_wakes_nobody(stack: Stack) -> None:
    file(stack, "1")
    stack.drain()
    stack.cloud.client("dynamodb").delete_item(
        TableName=stack.environment["CASES_TABLE"], Key={"pk": {"S": "1"}, "sk": {"S": "#HEAD"}}
    )

    stack.drain()

    assert len(ledger.noted("stream")) == 1


def test_a_binary_value_arrives_once_encoded(stack: Stack) -> None:
    stack.cloud.client("dynamodb").put_item(
        TableName=stack.environment["CASES_TABLE"],
        Item={
            "pk": {"S": "1"},
            "sk": {"S": "#HEAD"},
            "state": {"S": "-"},
            "secret": {"B": b"\x00\xff"},
            "nested": {"M": {"secret": {"B": b"\x00\xff"}}},
        },
    )

    stack.drain()

    ((record,),) = ledger.noted("stream")
    assert record["dynamodb"]["NewImage"]["secret"] == {"B": "AP8="}
    assert record["dynamodb"]["NewImage"]["nested"] == {"M": {"secret": {"B": "AP8="}}}


def test_a_record_that_always_fails_is_given_up_alone_and_reported(stack: Stack) -> None:
    for number in ("1", "2", "poison", "3", "4"):
        file(stack, number)

    stack.drain()

    assert ledger.noted("published") == ["1", "2", "3", "4"]
    (report,) = bodies(stack, "StreamDeadLetters")
    batch = json.loads(report)["DDBStreamBatchInfo"]
    assert batch["batchSize"] == 1
    assert batch["startSequenceNumber"] == batch["endSequenceNumber"]


def test_a_record_that_makes_the_function_raise_is_found_by_halving(stack: Stack) -> None:
    for number in ("1", "2", "crash", "3"):
        file(stack, number)

    stack.drain()

    # At least once each, and what came later was not lost behind the bad one.
    assert set(ledger.noted("published")) == {"1", "2", "3"}
    assert len(bodies(stack, "StreamDeadLetters")) == 1


def test_a_filter_pattern_takes_what_it_lists_and_nothing_else() -> None:
    pattern = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "#"}]}}}}

    assert matches(pattern, {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "#HEAD"}}}})
    assert not matches(pattern, {"eventName": "INSERT", "dynamodb": {"Keys": {"sk": {"S": "B"}}}})
    assert not matches(pattern, {"eventName": "REMOVE", "dynamodb": {"Keys": {"sk": {"S": "#"}}}})
    assert not matches(pattern, {"eventName": "INSERT", "dynamodb": None})
