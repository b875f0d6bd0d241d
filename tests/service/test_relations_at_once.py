"""Two cases are never changed in one step, and yet they agree: whoever else acts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

from casework.cases.access import By
from casework.outcomes import Changed, NotFound, Refused, Request, Stale
from casework.service import Service
from casework.store.cases import CaseStore
from schemas import commands as c
from schemas import events as e
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
    split_parts,
)
from tests.support.soundness import sound
from tests.support.stories import (
    DISPATCHER,
    MODERATOR,
    REPLY,
    SUPERVISOR,
    filing,
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


# -- repeats that cross -------------------------------------------------------------------------


def of_one_citizen(world: MemoryWorld, *names: str) -> list[str]:
    by = By(CITIZEN.actor)
    return [world.service.file(filing(), by, name, subject="li").number for name in names]


def is_repeat(number: str, of: str, by: By = MODERATOR) -> Act:
    """The same request each time it is made."""
    return gives(number, c.MarkRepeat(case=of, text="同一盏灯。"), by, f"repeat {number}")


def open_ones(world: MemoryWorld, *cases: str) -> list[str]:
    return [number for number in cases if sound(world.service, number).head.case.is_open]


def test_two_cases_marked_as_repeats_of_each_other_at_once_are_never_both_closed() -> None:
    told = MemoryWorld()
    one, two = of_one_citizen(told, "1", "2")
    left: set[str] = set()
    crossed = 0
    orders = Orders()
    for run in orders:
        world = copied(told)
        results = play(world, run, is_repeat(one, two), is_repeat(two, one, SUPERVISOR))

        assert all(isinstance(result, Changed | Refused) for result in results), results
        (goes_on,) = open_ones(world, one, two)
        left.add(goes_on)
        reopened = [x for _, x in sound(world.service, goes_on).events if isinstance(x, e.Reopened)]
        assert len(reopened) <= 1
        crossed += len(reopened)
        # and its citizen may still take it up again as often as anybody
        assert case_of(world, goes_on).reopened == 0
        # nor does asking again bring the other back
        for act in (is_repeat(one, two), is_repeat(two, one, SUPERVISOR)):
            asks(act, world.new_service())
        assert len(open_ones(world, one, two)) == 1
    assert left == {one, two}
    assert crossed
    assert orders.tried > 20


def test_a_case_that_was_reopened_as_often_as_may_be_goes_on_all_the_same() -> None:
    """What the machine mends is no reopening of the citizen's, and needs no window."""
    told = MemoryWorld()
    one, two = of_one_citizen(told, "1", "2")
    for number in (one, two):
        for _ in range(told.rules.policy.times["reopening"]):
            told.now.advance(minutes=1)
            give(told, number, c.Withdraw(reason="solved"), CITIZEN, f"end {told.now()}")
            give(told, number, c.Reopen(text="还是不亮。"), CITIZEN, f"again {told.now()}")
    for run in Orders():
        world = copied(told)
        play(world, run, is_repeat(one, two), is_repeat(two, one, SUPERVISOR))
        assert len(open_ones(world, one, two)) == 1


@pytest.mark.parametrize("seed", range(60))
def test_a_ring_of_repeats_is_broken_even_where_processes_die(seed: int) -> None:
    told = MemoryWorld()
    ring = of_one_citizen(told, *"123"[: 2 + seed % 2])
    acts = [is_repeat(a, b) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
    world, random = told, Random(seed)

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

    # when those who had no answer ask again
    for act in acts:
        asks(act, world.new_service())

    assert open_ones(world, *ring), "at least one of them goes on"


# -- a case that moves on while it is split -----------------------------------------------------

PARTS = c.SplitCase(parts=[c.Part(text="路灯坏了三天。"), c.Part(text="井盖也响。")])
MEANWHILE: dict[str, tuple[c.Command, By]] = {
    "the citizen withdraws it": (c.Withdraw(reason="solved"), CITIZEN),
    "somebody notes something": (c.Note(text="请关注。"), SUPERVISOR),
    "it is answered": REPLY,
    "it is about who splits it": (c.NameSubjects(persons=[DISPATCHER.actor.id]), MODERATOR),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_parts_that_were_filed_are_recorded_whatever_becomes_of_the_whole(
    name: str, three: tuple[MemoryWorld, str, str, str]
) -> None:
    told, number, _, _ = three
    version = case_of(told, number).version

    def splits(service: Service) -> Changed:
        request = Request(DISPATCHER, "split", if_match=version)
        return service.change(number, PARTS, request)

    ends: set[int] = set()
    for run in Orders():
        world = copied(told)
        results = play(world, run, splits, gives(number, *MEANWHILE[name]))
        again = splits_again(splits, world)

        parts = split_parts(world, number)
        splitting = [x for _, x in sound(world.service, number).events if isinstance(x, e.Split)]
        assert [set(event.into) for event in splitting] == ([set(parts)] if parts else [])
        if isinstance(results[0], Changed):
            assert parts
            assert again is None or (again == "NotFound" and "about" in name)
        ends.add(len(parts))
    assert ends == {0, 2}, "it came too late, or in time"


def splits_again(act: Act, world: MemoryWorld) -> str | None:
    """What the sender is told who asks again: nothing new, or why not."""
    try:
        assert act(world.new_service()).repeated
    except (NotFound, Refused, Stale) as error:
        return type(error).__name__
    return None
