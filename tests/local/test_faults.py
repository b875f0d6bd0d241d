"""What tests of the city need: crashes at any call, and two requests truly at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.cloud import Call, Listener
from infra.local.stack import Stack
from tests.local import ledger
from tests.local.conftest import NewStack, file


class Crash(BaseException):
    """The process dies here. No `except Exception` may catch it."""


def crash_at(operation: str, table_key: str) -> Listener:
    def listen(call: Call) -> None:
        key = call.request.get("Item", {}).get("sk", {}).get("S")
        if call.function and call.operation == operation and key == table_key:
            raise Crash

    return listen


def items(stack: Stack) -> set[str]:
    found = stack.cloud.client("dynamodb").scan(TableName=stack.environment["CASES_TABLE"])
    return {item["sk"]["S"] for item in found["Items"]}


def test_a_crash_before_a_call_leaves_it_undone(stack: Stack) -> None:
    with stack.listening(before=crash_at("PutItem", "#HEAD")):
        assert file(stack, "1").status == 502

    assert items(stack) == {"BODY"}


def test_a_crash_after_a_call_leaves_it_done(stack: Stack) -> None:
    with stack.listening(after=crash_at("PutItem", "#HEAD")):
        assert file(stack, "1").status == 502

    assert items(stack) == {"BODY", "#HEAD"}


def test_after_a_crash_the_next_request_finds_a_fresh_environment(stack: Stack) -> None:
    file(stack, "1")
    assert file(stack, "2").json()["handled"] == 2
    with stack.listening(before=crash_at("PutItem", "BODY")):
        file(stack, "3")

    assert file(stack, "4").json()["handled"] == 1


def test_a_crash_behind_a_queue_or_stream_is_made_good_by_the_next_delivery(stack: Stack) -> None:
    file(stack, "1")
    crashed = iter([True])

    def once(call: Call) -> None:
        if call.operation == "Publish" and next(crashed, False):
            raise Crash

    with stack.listening(before=once):
        stack.drain()

    assert ledger.noted("dispatched") == ["1"]


def test_a_ctrl_c_goes_through(stack: Stack) -> None:
    def interrupt(call: Call) -> None:
        raise KeyboardInterrupt

    with stack.listening(before=interrupt), pytest.raises(KeyboardInterrupt):
        file(stack, "1")


def test_each_call_is_told_with_the_function_that_made_it(stack: Stack) -> None:
    calls: list[Call] = []
    with stack.listening(before=calls.append):
        file(stack, "1")
        stack.drain()

    by_function = {(call.function, call.service, call.operation) for call in calls}
    assert {
        ("Intake", "dynamodb", "PutItem"),
        ("Relay", "sns", "Publish"),
        (None, "sqs", "ReceiveMessage"),
    } <= by_function
    assert not any(call.function == "Dispatch" for call in calls)
    first = next(call for call in calls if call.operation == "PutItem")
    assert first.request["TableName"] == stack.environment["CASES_TABLE"]


def test_two_requests_at_once_meet_between_read_and_write_and_one_wins(stack: Stack) -> None:
    file(stack, "1")
    both_have_read = threading.Barrier(2, timeout=10)

    def wait_for_the_other(call: Call) -> None:
        if call.operation == "GetItem":
            both_have_read.wait()

    with stack.listening(after=wait_for_the_other), ThreadPoolExecutor(2) as people:
        urges = [people.submit(stack.request, "POST", "/v1/cases/1/urges") for _ in range(2)]
        answers = sorted(one.result().status for one in urges)

    assert answers == [200, 409]


def test_many_at_once_lose_nothing(new_stack: NewStack) -> None:
    stack = new_stack(environments=4)

    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda number: file(stack, str(number)).status, range(50)))
    stack.drain()

    assert answers == [201] * 50
    assert sorted(ledger.noted("dispatched"), key=int) == [str(number) for number in range(50)]
