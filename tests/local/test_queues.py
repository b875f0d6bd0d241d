"""Queues: every message is handled or ends in the dead letters, whatever the others do."""

from __future__ import annotations

import json

import pytest

from infra.local.functions import FunctionError
from infra.local.sources import failures
from infra.local.stack import Stack
from tests.local import ledger
from tests.local.conftest import NewStack, bodies, file


def send(stack: Stack, queue: str, *texts: str) -> None:
    for text in texts:
        stack.cloud.client("sqs").send_message(QueueUrl=stack.url(queue), MessageBody=text)


def case(number: str) -> str:
    return json.dumps({"case_number": number})


def test_a_poison_message_ends_in_the_dead_letters_and_the_others_are_handled(
    stack: Stack,
) -> None:
    send(stack, "DispatchQueue", case("1"), case("sour"), case("2"))

    stack.drain()

    assert sorted(ledger.noted("dispatched")) == ["1", "2"]
    assert bodies(stack, "DispatchDeadLetters") == [case("sour")]
    assert bodies(stack, "DispatchQueue") == []


def test_it_was_tried_five_times_and_knew_it(stack: Stack) -> None:
    send(stack, "DispatchQueue", case("sour"))

    stack.drain()

    tries = [one["attributes"]["ApproximateReceiveCount"] for (one,) in ledger.noted("dispatch")]
    assert tries == ["1", "2", "3", "4", "5"]


def test_a_function_that_raises_fails_its_whole_batch(stack: Stack) -> None:
    send(stack, "DispatchQueue", "no json", case("1"))

    stack.drain()

    assert ledger.noted("dispatched").count("1") <= 5
    assert sorted(bodies(stack, "DispatchDeadLetters")) == ["no json", case("1")]


def test_the_event_has_lambdas_shape(stack: Stack) -> None:
    file(stack, "1", "ACCEPTED")

    stack.drain()

    ((record,),) = ledger.noted("dispatch")
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].endswith(stack.url("DispatchQueue").rpartition("/")[2])
    assert record["awsRegion"] == "us-east-1"
    assert record["messageAttributes"]["state"] == {
        "stringValue": "ACCEPTED",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }
    assert record.keys() >= {"messageId", "receiptHandle", "body", "attributes", "md5OfBody"}


def test_every_event_can_be_delivered_twice(new_stack: NewStack) -> None:
    stack = new_stack(deliveries=2)
    file(stack, "1")

    stack.drain()

    # Twice by the stream makes two messages, and each of these comes twice.
    assert ledger.noted("published") == ["1", "1"]
    assert ledger.noted("dispatched") == ["1"] * 4


def test_a_batch_is_as_large_as_the_mapping_says(stack: Stack) -> None:
    send(stack, "SweepQueue", *"0123")
    send(stack, "FeedbackQueue", *(str(number) for number in range(12)))

    stack.drain()

    assert [len(batch) for batch in ledger.noted("swept")] == [1, 1, 1, 1]
    assert [len(batch) for batch in ledger.noted("invited")] == [10, 2]


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{}]}, {"a", "b"}),
    ],
)
def test_the_answer_to_a_batch_is_read_as_lambda_reads_it(answer: object, failed: set[str]) -> None:
    assert failures(answer, ["a", "b"], partial=True) == failed
    assert failures(answer, ["a", "b"], partial=False) == set()


def test_invoking_by_name_gives_the_answer_or_the_error(stack: Stack) -> None:
    assert stack.invoke("Sweep", {"Records": []}) is None
    with pytest.raises(FunctionError, match="Dispatch: KeyError"):
        stack.invoke("Dispatch", {})
