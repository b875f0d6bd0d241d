"""Functions die at random, again and again, and every event comes twice: the lives stay whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from infra.local.cloud import Call
from infra.local.gateway import Response
from tests.stack.faults import Crash
from tests.stack.people import PHOTO, Citizen, Staff, fresh_key, good
from tests.stack.town import STALLS, Town

DEADLY = 0.04
"""How many of the moments before and after AWS calls are the last of their process."""
LIVES = 6
QUEUES = ("Dispatch", "Feedback", "Sweep", "Relay")


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(deliveries=2).open() as town:
        yield town


def insisted(ask: Callable[[], Response]) -> dict[str, Any]:
    """What a client is told in the end who repeats what was not answered."""
    for _ in range(50):
        answer = ask()
        if answer.status < 500:
            break
    return good(answer, answer.status if answer.status in (200, 201) else 200)


def rest(town: Town) -> None:
    """Drain, and send again what had died too often for its queue, until nothing is left."""
    while True:
        town.drain()
        letters = [(queue, town.take(f"{queue}DeadLetters")) for queue in QUEUES]
        if not any(found for _, found in letters):
            return
        for queue, found in letters:
            town.send(f"{queue}Queue", *found)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lives_among_dying_processes_are_whole(town: Town, seed: int) -> None:
    dice, deaths = random.Random(seed), []

    def die(call: Call) -> None:
        if call.function is not None and dice.random() < DEADLY:
            deaths.append(call)
            raise Crash

    with town.stack.listening(die, die):
        lives = [begin(town, number) for number in range(LIVES)]
        rest(town)
        for citizen in lives:
            handle(town, citizen)
        rest(town)
        for citizen in lives[1:]:
            rate(citizen)
        rest(town)
        for _ in range(4):  # past the rating's window, and the half hour over which closings spread
            town.stack.advance(timedelta(days=6))
            rest(town)

    assert len(deaths) > 20
    assert town.take("StreamDeadLetters") == []
    silent, *_ = lives  # closed by time, the others by their rating
    for citizen in lives:
        journal = town.journal(citizen.number)
        for once in ("filed", "accepted", "dispatched", "claimed", "replied", "closed"):
            assert journal.count(once) == 1, once
        said = ["请问几点出摊？", "已劝离。", *(["好"] if citizen is not silent else [])]
        assert town.texts(citizen.number) == dict.fromkeys(said, 1)
        assert len(citizen.see()["notices"]) == 1
        sent = town.assignments("chengguan", citizen.number)
        assert sent, "an assignment was lost"
        assert all(one["commit"] == sent[0]["commit"] for one in sent)


def begin(town: Town, number: int) -> Citizen:
    key, body = town.key_of_number(sampled=False), {"text": f"{STALLS}第{number}处。"}
    filed = insisted(lambda: town.stranger().post("/v1/cases", body, key))
    return Citizen(town.client, {"Access-Code": filed["access_code"]}, filed["case_number"])


def handle(town: Town, citizen: Citizen) -> None:
    officer: Staff = town.officer()
    for command, body in (
        ("claim", {}),
        ("message", {"text": "请问几点出摊？"}),
        ("reply", {"outcome": "resolved", "text": "已劝离。", "evidence": [PHOTO]}),
    ):
        key = fresh_key()
        insisted(lambda: officer.act(citizen.number, command, body, key=key))  # noqa: B023


def rate(citizen: Citizen) -> None:
    key, rating = fresh_key(), {"contacted": True, "resolved": "yes", "overall": 5, "text": "好"}
    insisted(lambda: citizen.ask("rating", rating, key))
