"""Access codes: six digits that open one case, and locks that bear on whoever guesses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from casework.opening import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT
from casework.outcomes import Locked, NotFound, WrongCode
from tests.service.test_at_once import Orders, play
from tests.support.faults import Baton
from tests.support.stories import file
from tests.support.world import MemoryWorld

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()


@pytest.fixture
def number(world: MemoryWorld) -> str:
    return file(world.service).number


def wrong_codes(world: MemoryWorld, number: str) -> Iterator[str]:
    right = world.service.keys.access_code(number)
    return (code for code in (f"{n:06d}" for n in range(10**6)) if code != right)


def test_the_code_opens_its_case_and_no_other(world: MemoryWorld, number: str) -> None:
    code = world.service.keys.access_code(number)
    other = file(world.service, "another").number

    assert world.service.open_by_code(number, code, HOME).case.number == number
    with pytest.raises(WrongCode):
        world.service.open_by_code(other, code, HOME)


def test_opening_stores_nothing(world: MemoryWorld, number: str) -> None:
    stored = world.stored()

    world.service.open_by_code(number, world.service.keys.access_code(number), HOME)

    assert world.stored() == stored


@pytest.mark.parametrize("code", ["", "1", "12345", "1234567", "abcdef", "１２３４５６", "😀"])
def test_what_is_no_code_is_wrong(world: MemoryWorld, number: str, code: str) -> None:
    with pytest.raises(WrongCode):
        world.service.open_by_code(number, code, HOME)


def test_a_number_that_is_none_is_not_found_and_locks_nobody(world: MemoryWorld) -> None:
    with pytest.raises(NotFound):
        world.service.open_by_code("1000000000000001", "123456", HOME)

    assert world.stored() == []


def test_each_wrong_code_beyond_the_free_ones_doubles_the_wait_up_to_a_day(
    world: MemoryWorld, number: str
) -> None:
    codes = wrong_codes(world, number)
    waits = []
    for _ in range(FREE_TRIES + 20):
        with pytest.raises(WrongCode):
            world.service.open_by_code(number, next(codes), HOME)
        try:
            world.service.open_by_code(number, world.service.keys.access_code(number), HOME)
            waits.append(timedelta())
        except Locked as locked:
            waits.append(locked.until - world.now())
            world.now.now = locked.until

    doubled = [FIRST_WAIT * 2**n for n in range(21)]
    expected = [timedelta()] * (FREE_TRIES - 1) + [min(one, LONGEST_WAIT) for one in doubled]
    assert waits == expected
    assert waits[-1] == LONGEST_WAIT


def test_while_locked_not_even_the_right_code_opens_and_it_is_not_told(
    world: MemoryWorld, number: str
) -> None:
    lock(world, number, HOME)

    for code in (world.service.keys.access_code(number), "000000"):
        with pytest.raises(Locked):
            world.service.open_by_code(number, code, HOME)


def test_the_citizen_gets_in_from_elsewhere_while_somebody_guesses(
    world: MemoryWorld, number: str
) -> None:
    lock(world, number, HOME)

    opened = world.service.open_by_code(number, world.service.keys.access_code(number), ELSEWHERE)

    assert opened.case.number == number


def test_a_lock_on_one_case_is_none_on_another(world: MemoryWorld, number: str) -> None:
    lock(world, number, HOME)
    other = file(world.service, "another").number

    opened = world.service.open_by_code(other, world.service.keys.access_code(other), HOME)
    assert opened.case.number == other


def test_after_the_wait_the_right_code_opens(world: MemoryWorld, number: str) -> None:
    lock(world, number, HOME)
    world.now.advance(seconds=FIRST_WAIT.total_seconds())

    opened = world.service.open_by_code(number, world.service.keys.access_code(number), HOME)
    assert opened.case.number == number


def lock(world: MemoryWorld, number: str, address: str) -> None:
    codes = wrong_codes(world, number)
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongCode):
            world.service.open_by_code(number, next(codes), address)


def test_a_whole_network_counts_as_one_source(world: MemoryWorld, number: str) -> None:
    """A household has more IPv6 addresses than there are codes."""
    codes = wrong_codes(world, number)
    for place in range(FREE_TRIES):
        with pytest.raises(WrongCode):
            world.service.open_by_code(number, next(codes), f"2001:db8:7:{place:x}::{place:x}")

    with pytest.raises(Locked):
        world.service.open_by_code(number, next(codes), "2001:db8:7:ffff::1")
    with pytest.raises(WrongCode):
        world.service.open_by_code(number, next(codes), "2001:db8:8::1")


def test_no_address_is_stored(world: MemoryWorld, number: str) -> None:
    lock(world, number, HOME)
    lock(world, number, "2001:db8:7::1")

    assert HOME not in repr(world.stored())
    assert "2001:db8" not in repr(world.stored())


def test_wrong_codes_that_are_tried_at_once_are_all_counted() -> None:
    """Else a burst of a thousand would count as one, and a day would hold thousands of tries."""
    for choose in Orders():
        world = MemoryWorld()
        number = file(world.service).number
        codes = wrong_codes(world, number)
        tries = [next(codes) for _ in range(2)]
        results = play(
            world,
            Baton(choose),
            *(
                lambda service, code=code, number=number: service.open_by_code(number, code, HOME)
                for code in tries
            ),
        )
        assert all(isinstance(result, WrongCode) for result in results)
        with pytest.raises(WrongCode):
            world.service.open_by_code(number, next(codes), HOME)
        with pytest.raises(Locked):
            world.service.open_by_code(number, next(codes), HOME)


def test_a_burst_of_wrong_codes_locks_for_long() -> None:
    world = MemoryWorld()
    number = file(world.service).number
    codes = wrong_codes(world, number)
    tries = [next(codes) for _ in range(7)]
    turns = iter(range(10_000))
    play(
        world,
        Baton(lambda alive: alive[next(turns) % len(alive)]),
        *(lambda service, code=code: service.open_by_code(number, code, HOME) for code in tries),
    )

    with pytest.raises(Locked) as locked:
        world.service.open_by_code(number, world.service.keys.access_code(number), HOME)
    assert locked.value.until - world.now() >= FIRST_WAIT * 2 ** (7 - FREE_TRIES)
