"""Crashes and outages at any AWS call of a function, and a count of what there is to crash."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from infra.local.cloud import Call
from infra.local.gateway import Response
from infra.local.stack import Stack

_OF_THE_CLIENT = {"ThrottlingException", "ProvisionedThroughputExceededException"}
"""Errors that come with the status 400, though the caller is not at fault."""

Ask = Callable[[], Response]


class Crash(BaseException):
    """The process dies here. No handler catches it."""


@dataclass
class Fuse:
    """Once lit, lets a function pass `lasts` moments and crashes it at the next, once.

    An invocation with k AWS calls has 2k moments: before and after each call takes effect. With
    the fuse that never burns that makes 2k+1 runs of a test.
    """

    function: str
    lasts: int
    burnt: str | None = None
    """The moment of the crash, in words; None if there was none."""
    _passed: int = field(default=0, repr=False)

    @contextmanager
    def lit(self, stack: Stack) -> Iterator[None]:
        def before(call: Call) -> None:
            self._pass("before", call)

        def after(call: Call) -> None:
            self._pass("after", call)

        with stack.listening(before, after):
            yield

    def _pass(self, moment: str, call: Call) -> None:
        if call.function != self.function or self.burnt is not None:
            return
        if self._passed == self.lasts:
            self.burnt = f"{moment} {call.service} {call.operation}"
            raise Crash(self.burnt)
        self._passed += 1


def fuses(function: str) -> Iterator[Fuse]:
    """For each moment of the function's calls, a fuse that crashes it there; the last one, which
    is too long, does not. Each turn of the loop does the same from the start."""
    for moment in range(1000):
        fuse = Fuse(function, moment)
        yield fuse
        if fuse.burnt is None:
            return
    raise AssertionError(f"{function} never comes to an end")


@contextmanager
def away(
    stack: Stack, wanted: Callable[[Call], bool], times: int | None = None, *, code: str
) -> Iterator[list[Call]]:
    """Answer the chosen calls with an error of AWS, the first `times` of them or all; as botocore
    gives it up in the end, after its own retries."""
    status = 400 if code in _OF_THE_CLIENT else 503
    refused: list[Call] = []
    lock = threading.Lock()

    def refuse(call: Call) -> None:
        with lock:
            if wanted(call) and (times is None or len(refused) < times):
                refused.append(call)
                raise ClientError(
                    {
                        "Error": {"Code": code, "Message": "not now"},
                        "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item]
                    },
                    call.operation,
                )

    with stack.listening(refuse):
        yield refused


@contextmanager
def meanwhile(
    stack: Stack, moment: Callable[[Call], bool], act: Callable[[], object]
) -> Iterator[None]:
    """Let somebody else act just before the first call that is this moment."""
    done: list[Call] = []

    def interrupt(call: Call) -> None:
        if not done and moment(call):
            done.append(call)
            act()

    with stack.listening(interrupt):
        yield
    assert done, "the moment never came"


def puts(call: Call, sk: str) -> bool:
    """Whether the call stores an item whose sort key begins like this."""
    return call.operation == "PutItem" and call.request["Item"]["sk"]["S"].startswith(sk)


class Meeting:
    """Lets two threads wait for each other, each before the `place`-th call (from 0) that a
    function makes for it. Who has come to the end without is not waited for."""

    def __init__(self, function: str, place: int) -> None:
        self._function, self._place = function, place
        self._both = threading.Barrier(2)
        self._passed = threading.local()
        self.met = False

    def _wait(self, call: Call) -> None:
        if call.function != self._function:
            return
        passed = getattr(self._passed, "calls", 0)
        self._passed.calls = passed + 1
        if passed == self._place:
            with suppress(threading.BrokenBarrierError):
                self._both.wait(timeout=30)
                self.met = True

    def both(self, stack: Stack, first: Ask, second: Ask) -> list[Response]:
        """Both answers, of requests that met on their way."""

        def run(ask: Ask) -> Response:
            try:
                return ask()
            finally:
                self._both.abort()

        with stack.listening(self._wait), ThreadPoolExecutor(2) as pool:
            return [one.result() for one in [pool.submit(run, first), pool.submit(run, second)]]


@contextmanager
def answers_lost(
    stack: Stack, wanted: Callable[[str], bool], times: int | None = None
) -> Iterator[list[str]]:
    """Let each chosen call take effect, but lose its answer on the wire, the first `times` or all.

    botocore then sends it again by itself, as it does in the cloud, and gets that answer.
    `wanted` gets the operation.
    """
    lost: list[str] = []
    answer = stack.cloud._process

    def lossy(process: Callable[[Any], Any], request: Any) -> Any:
        result = answer(process, request)
        target = request.headers.get("X-Amz-Target", b"")
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        again = "attempt=1" not in str(request.headers.get("amz-sdk-request", ""))
        if wanted(operation) and not again and (times is None or len(lost) < times):
            lost.append(operation)
            raise ReadTimeoutError(endpoint_url=request.url)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stack.cloud, "_process", lossy)
        patch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
        yield lost
