"""Fifty at once over HTTP, on the stack as a person runs it: nothing lost, nothing twice."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from infra.local.gateway import Headers, Response
from tests.stack.people import Person, fresh_key, good, refused
from tests.stack.town import STALLS, Town

CROWD = 50
PATIENCE = 60.0
"""Seconds in which a served stack must come to rest; it takes five or so."""


@dataclass(frozen=True)
class Wire:
    """Requests over HTTP, each by a connection of its own."""

    port: int

    def request(
        self, method: str, path: str, headers: Headers | None = None, body: str | None = None
    ) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {name: str(value) for name, value in (headers or {}).items()}
            connection.request(method, path, body and body.encode(), sent)
            answer = connection.getresponse()
            return Response(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town().open() as town:
        yield town


@pytest.fixture(scope="module")
def wire(town: Town) -> Wire:
    return Wire(town.stack.serve())


def all_at_once(asks: list[Callable[[], Response]]) -> list[Response]:
    with ThreadPoolExecutor(len(asks)) as pool:
        return [answer.result() for answer in [pool.submit(ask) for ask in asks]]


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "the stack does not come to rest"
        time.sleep(0.1)


def test_fifty_filings_at_once_and_fifty_claims_by_two_rivals_each(town: Town, wire: Wire) -> None:
    # fifty citizens file at once, ten of them twice because they are impatient
    stranger = Person(wire, {})
    keys = [fresh_key() for _ in range(CROWD)]
    bodies = {key: {"text": f"{STALLS}第{number}处。"} for number, key in enumerate(keys)}

    def filing(key: str) -> Callable[[], Response]:
        return lambda: stranger.post("/v1/cases", bodies[key], key)

    answers = all_at_once([filing(key) for key in [*keys, *keys[:10]]])

    receipts = [good(answer, 201) for answer in answers]
    numbers = [receipt["case_number"] for receipt in receipts[:CROWD]]
    assert receipts[:10] == receipts[CROWD:]
    assert len(set(numbers)) == CROWD
    assert sorted(town.numbers()) == sorted(numbers)

    # the stack gives them all to the department by itself
    until(lambda: all(town.case(number).state == "ASSIGNED" for number in numbers))
    for number, key in zip(numbers, keys, strict=True):
        assert town.dossier(number).body.text == bodies[key]["text"]
        assert town.count(number, "dispatched") == 1

    # two officers want each of them at the same moment
    li, zhao = (replace(town.officer(subject=name), client=wire) for name in ("li", "zhao"))

    def claim(number: str, officer: Person) -> Callable[[], Response]:
        return lambda: officer.post(f"/v1/desk/cases/{number}/claim", {})

    answers = all_at_once([claim(number, one) for number in numbers for one in (li, zhao)])

    for number, of_li, of_zhao in zip(numbers, answers[::2], answers[1::2], strict=True):
        winner = "li" if of_li.status == 200 else "zhao"
        good(of_li if winner == "li" else of_zhao)
        problem = refused(of_zhao if winner == "li" else of_li, 409, "state")
        assert problem["state"] == "HANDLING"
        assert town.case(number).officer == winner
        assert town.count(number, "claimed") == 1

    until(lambda: len(town.assignments("chengguan", numbers[-1])) > 0)
    assigned = Counter(
        one["case_number"] for number in numbers for one in town.assignments("chengguan", number)
    )
    assert assigned == dict.fromkeys(numbers, 1)
    for queue in ("DispatchDeadLetters", "RelayDeadLetters", "StreamDeadLetters"):
        assert town.take(queue) == []
