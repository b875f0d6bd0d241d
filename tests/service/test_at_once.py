"""Several write at once, in every order there is: for two each one is tried, for three many.

Acts run in threads that hold a baton and give it up at each store call, so an order is exact and
comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from random import Random
from typing import Any

import pytest

from casework.cases.access import By
from casework.outcomes import Changed, Filed, KeyReused, Refused, Request, WrongCode
from casework.service import Service
from casework.store.cases import CaseStore
from schemas import commands as c
from tests.support.faults import Baton, Killed, StepTable
from tests.support.soundness import sound
from tests.support.stories import (
    DISPATCH,
    HANDLED,
    OFFICER,
    REPLY,
    STORIES,
    SUPERVISOR,
    UNIT,
    UNSURE,
    Story,
    file,
    filing,
)
from tests.support.world import CITIZEN, MemoryWorld, staff

Act = Callable[[Service], Any]
MOST_ORDERS = 5_000


class Orders:
    """Every order in which acts can go, one after another: a walk through the tree of choices."""

    def __init__(self) -> None:
        self._path: list[list[int]] = []

    def __iter__(self) -> Iterator[Callable[[Sequence[int]], int]]:
        for _ in range(MOST_ORDERS):
            depth = count()
            yield lambda alive, depth=depth: self._choose(next(depth), alive)  # type: ignore[misc]
            while self._path and len(self._path[-1]) == 1:
                self._path.pop()
            if not self._path:
                return
            self._path[-1].pop(0)
        raise AssertionError("more orders than a test should try")

    def _choose(self, depth: int, alive: Sequence[int]) -> int:
        if depth == len(self._path):
            self._path.append(list(alive))
        return self._path[depth][0]


def play(world: MemoryWorld, baton: Baton, *acts: Act) -> list[Any]:
    """Let the acts meet on the world's table, each with a service of its own."""
    table = StepTable(world.memory, baton.step)

    def one(act: Act) -> Callable[[], Any]:
        service = Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)
        return lambda: act(service)

    return baton.run(*(one(act) for act in acts))


def gives(command: c.Command, by: By, number: str, request_id: str = "at once") -> Act:
    return lambda service: service.change(number, command, Request(by, request_id))


def ticks(number: str) -> Act:
    return lambda service: service.tick(number)


# -- two at once, in every order -----------------------------------------------------------


def test_of_two_officers_who_claim_at_once_one_wins_and_the_other_sees_the_state() -> None:
    story = Story((UNSURE, DISPATCH), c.Claim(), OFFICER)
    other = staff("officer", "officer-2", UNIT)
    orders = 0
    for choose in Orders():
        world, number = story.begin()
        results = play(
            world,
            Baton(choose),
            gives(c.Claim(), OFFICER, number),
            gives(c.Claim(), other, number),
        )
        won, lost = sorted(results, key=lambda result: isinstance(result, Refused))
        assert isinstance(won, Changed)
        assert isinstance(lost, Refused)
        assert lost.refusal.code == "state"
        assert lost.refusal.details["state"] == "HANDLING"
        assert lost.case is not None
        assert lost.case.version == won.case.version
        assert sound(world.service, number).head.case.officer == won.case.officer
        orders += 1
    assert orders >= 20


def test_a_message_and_a_reply_at_once_are_both_kept() -> None:
    story = Story(HANDLED, *REPLY)
    versions = set()
    for choose in Orders():
        world, number = story.begin()
        results = play(
            world,
            Baton(choose),
            gives(*REPLY, number),
            gives(c.SendMessage(text="还没好。"), CITIZEN, number),
        )
        assert all(isinstance(result, Changed) for result in results)
        dossier = sound(world.service, number)
        assert len(dossier.journal) == 6
        versions.add(tuple(result.case.version for result in results))
    assert versions == {(5, 6), (6, 5)}, "each was first in some order"


@pytest.mark.parametrize(
    "name", [name for name, story in STORIES.items() if not isinstance(story.command, c.Tick)]
)
def test_a_request_that_comes_twice_at_once_is_carried_out_once(name: str) -> None:
    """A client that lost patience repeats while its first try is still on its way."""
    story = STORIES[name]
    world, number = story.begin()
    before = len(sound(world.service, number).journal)
    for choose in Orders():
        world, number = story.begin()
        act = gives(story.command, story.by, number)
        results = play(world, Baton(choose), act, act)
        assert [type(result) for result in results] == [Changed, Changed], results
        assert sorted(result.repeated for result in results) == [False, True]
        assert len(sound(world.service, number).journal) == before + 1


def test_of_two_messages_under_one_key_at_once_one_is_kept_whole() -> None:
    story = Story(HANDLED, *REPLY)
    for choose in Orders():
        world, number = story.begin()
        texts = ("路灯还是不亮。", "路灯亮了，谢谢。")
        results = play(
            world,
            Baton(choose),
            *(gives(c.SendMessage(text=text), CITIZEN, number) for text in texts),
        )
        assert sorted(type(result).__name__ for result in results) == ["Changed", "KeyReused"]
        dossier = sound(world.service, number)
        kept = texts[0 if isinstance(results[0], Changed) else 1]
        assert dossier.head.commit.text is not None
        assert dossier.texts[dossier.head.commit.text] == kept


def test_two_ticks_at_once_remind_once() -> None:
    story = STORIES["tick, overdue"]
    for choose in Orders():
        world, number = story.begin()
        play(world, Baton(choose), ticks(number), ticks(number))
        journal = sound(world.service, number).journal
        overdue = [e.clock for commit in journal for e in commit.events if e.type == "overdue"]
        assert overdue
        assert len(overdue) == len(set(overdue))


def test_the_same_filing_at_once_is_one_case_with_one_answer() -> None:
    for choose in Orders():
        world = MemoryWorld()
        results = play(world, Baton(choose), file, file)
        assert all(isinstance(result, Filed) for result in results), results
        first, second = results
        assert first.case == second.case
        assert (first.number, first.access_code) == (second.number, second.access_code)
        sound(world.service, first.number)


def test_of_two_filings_with_one_key_at_once_one_is_a_case() -> None:
    for choose in Orders():
        world = MemoryWorld()
        texts = (filing().text, "另外一件事：垃圾没有人收。")
        results = play(
            world,
            Baton(choose),
            *((lambda service, text=text: file(service, text=text)) for text in texts),
        )
        assert sorted(type(result).__name__ for result in results) == ["Filed", "KeyReused"]
        filed = next(result for result in results if isinstance(result, Filed))
        body = sound(world.service, filed.number).body
        assert body.text == texts[results.index(filed)]


# -- three at once, in many orders, and some die -------------------------------------------

PEOPLE: tuple[By, ...] = (CITIZEN, OFFICER, SUPERVISOR)


def _wish(random: Random, by: By, place: int) -> c.Command:
    """Something this person might ask of a case that is handled."""
    text = f"第{place}句。"
    mine: dict[str, list[c.Command]] = {
        "citizen": [c.SendMessage(text=text), c.Urge(), c.Urge(text=text)],
        "officer": [
            c.SendMessage(text=text),
            c.RecordContact(how="phone", result="reached"),
            c.Reveal(reason="visit"),
            REPLY[0],
            c.Return(reason="other_leads", text=text),
        ],
        "supervisor": [c.Note(text=text), c.Reveal(reason="verify")],
    }
    return random.choice(mine[by.actor.role])


@pytest.mark.parametrize("seed", range(150))
def test_three_who_write_and_die_at_random_leave_a_sound_case(seed: int) -> None:
    """Each has two wishes; some processes die on the way; in the end everybody asks again."""
    random = Random(seed)
    story = Story(HANDLED, *REPLY)
    world, number = story.begin()
    wishes = [
        (command, by, f"wish-{place}")
        for by in PEOPLE
        for place in range(2)
        for command in [_wish(random, by, place)]
    ]
    acts = [gives(command, by, number, key) for command, by, key in wishes]
    baton = Baton(lambda alive: _next(random, baton, alive))
    outcomes = play(world, baton, *acts)
    sound(world.service, number)

    for outcome, (command, by, key) in zip(outcomes, wishes, strict=True):
        again = play(world, Baton(lambda alive: alive[0]), gives(command, by, number, key))[0]
        if isinstance(outcome, Changed):
            assert isinstance(again, Changed), "what was done is answered again, whatever the state"
            assert again.repeated
        elif isinstance(again, Refused):
            assert again.refusal.code == "state"
        else:
            assert isinstance(again, Changed)
    assert not any(isinstance(outcome, KeyReused | WrongCode) for outcome in outcomes)
    sound(world.service, number)


def _next(random: Random, baton: Baton, alive: Sequence[int]) -> int:
    act = random.choice(alive)
    if random.random() < 0.05:
        baton.kill(act)
    return act


def test_acts_that_die_are_among_the_random_ones() -> None:
    """The test above would be worth less if its deaths never came."""
    random = Random(7)
    world, number = STORIES["urge"].begin()
    baton = Baton(lambda alive: _next(random, baton, alive))
    outcomes = play(
        world, baton, *(gives(c.Urge(), CITIZEN, number, str(place)) for place in range(12))
    )

    assert any(isinstance(outcome, Killed) for outcome in outcomes)
