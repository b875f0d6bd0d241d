"""A started stack with throw-away functions, and a few things to do with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.gateway import Response
from infra.local.stack import Stack
from tests.local import ledger, town

BEGIN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
NewStack = Callable[..., Stack]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return town.build(tmp_path)


@pytest.fixture
def new_stack(root: Path) -> Iterator[NewStack]:
    """Starts stacks on a clock that stands still; stops the last one."""
    ledger.clear()
    started: list[Stack] = []

    def start(**options: Any) -> Stack:
        stack = Stack(root, clock=lambda: BEGIN, **options)
        started.append(stack)
        stack.start()
        return stack

    yield start
    for stack in started:
        stack.stop()


@pytest.fixture
def stack(new_stack: NewStack) -> Stack:
    return new_stack()


def file(stack: Stack, number: str, state: str = "SUBMITTED") -> Response:
    """File a case over HTTP."""
    body = json.dumps({"number": number, "state": state})
    return stack.request("POST", "/v1/cases", {"Content-Type": "application/json"}, body)


def bodies(stack: Stack, queue: str) -> list[str]:
    """What lies in a queue, without taking it away."""
    sqs = stack.cloud.client("sqs")
    found = sqs.receive_message(
        QueueUrl=stack.url(queue), MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [message["Body"] for message in found.get("Messages", [])]
