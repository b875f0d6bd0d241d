"""Two cases are never changed in one step, and yet they agree: whoever else acts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

from casework.outcomes import Changed, Refused
from casework.service import Service
from casework.store.cases import CaseStore
from schemas import commands as c
from tests.support.faults import Baton, Killed, StepTable
from tests.support.orders import Orders
from tests.support.relatives import (
    Act,
    agree,
    asks,
    case_of,
    copied,
    follow,
    give,
    gives,
    handled,
    merges,
    play,
)
from tests.support.stories import (
    DISPATCHER,
    MODERATOR,
    REPLY,
    SUPERVISOR,
)
from tests.support.world import CITIZEN, MemoryWorld


@pytest.fixture(scope="module")
def three() -> tuple[MemoryWorld, str, str, str]:
    world = MemoryWorld()
    return world, handled(world, "1"), handled(world, "2"), handled(world, "3")


def test_two_merges_at_once_in_opposite_directions_end_well(
    three: tuple[MemoryWorld, str, str, str],
) -> None:
    told, one, two, _ = three
    ends: set[tuple[str, str]] = set()
    orders = Orders()
    for run in orders:
        world = copied(told)
        results = play(world, run, merges(one, two), merges(two, one))
        assert all(isinstance(result, Changed | Refused) for result in results), results
        follows = agree(world, one, two)
        assert len([lead for lead in follows.values() if lead]) <= 1
        ends.add((type(results[0]).__name__, type(results[1]).__name__))
        # and whoever was refused and asks again is told why, or has it
        for act in (merges(one, two), merges(two, one)):
            assert asks(act, world.service) in (
                *(None, "leads_others", "follows_another", "state"),
            )
        assert len([lead for lead in agree(world, one, two).values() if lead]) == 1
    assert orders.tried > 50
    assert {("Changed", "Refused"), ("Refused", "Changed")} <= ends


RIVALS: dict[str, Callable[[str, str, str], tuple[Act, Act]]] = {
    "into two leads": lambda one, two, three: (
        merges(one, two),
        merges(one, three, SUPERVISOR),
    ),
    "in a chain": lambda one, two, three: (merges(one, two), merges(two, three)),
    "the same twice": lambda one, two, three: (merges(one, two), merges(one, two)),
    "the same by two": lambda one, two, three: (merges(one, two), merges(one, two, SUPERVISOR)),
    "and the lead is withdrawn": lambda one, two, three: (
        merges(one, two),
        gives(two, c.Withdraw(reason="solved"), CITIZEN),
    ),
    "and the follower is withdrawn": lambda one, two, three: (
        merges(one, two),
        gives(one, c.Withdraw(reason="solved"), CITIZEN),
    ),
    "and the lead is replied to": lambda one, two, three: (merges(one, two), gives(two, *REPLY)),
    "and the follower is sealed": lambda one, two, three: (
        merges(one, two),
        gives(one, c.Reclassify(kind="report"), DISPATCHER),
    ),
}


@pytest.mark.parametrize("name", RIVALS)
def test_a_merge_and_another_at_once(name: str, three: tuple[MemoryWorld, str, str, str]) -> None:
    told, one, two, third = three
    orders = Orders()
    for run in orders:
        world = copied(told)
        results = play(world, run, *RIVALS[name](one, two, third))
        assert all(isinstance(result, Changed | Refused) for result in results), results
        follow(world.service, one, two, third)
        agree_or_wait(world, one, two, third)
    assert orders.tried >= 4


def agree_or_wait(world: MemoryWorld, *cases: str) -> None:
    """They agree, once what waits to be passed on has been."""
    for number in cases:
        if case_of(world, number).to_pass_on:
            give(world, number, c.PassOn(), MODERATOR)
            follow(world.service, number)
    agree(world, *cases)


@pytest.mark.parametrize("seed", range(60))
def test_three_merges_in_a_ring_some_of_which_die_make_no_ring(
    seed: int, three: tuple[MemoryWorld, str, str, str]
) -> None:
    told, *ring = three
    world, random = copied(told), Random(seed)
    acts = [merges(a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]

    def choose(alive: Sequence[int]) -> int:
        act = random.choice(alive)
        if random.random() < 0.03:
            baton.kill(act)
        return act

    baton = Baton(choose)
    table = StepTable(world.memory, baton.step)
    service = Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)
    results = baton.run(*((lambda act=act: act(service)) for act in acts))
    assert all(isinstance(result, Changed | Refused | Killed) for result in results), results

    for act in acts:
        asks(act, world.new_service())
    assert any(agree(world, *ring).values())
