"""Persons and bindings as both stores keep them, and "my cases" over several bindings."""

from __future__ import annotations

from datetime import datetime

import pytest

from casework.cases.access import Bound, By
from casework.people.person import Binding, Person, join, separate
from casework.store.cases import CaseStore, Conflict
from casework.store.people import PeopleStore
from casework.store.table import INDEXES, Table
from tests.support.stories import filing
from tests.support.world import CITIZEN, START, FrozenClock, MemoryWorld


@pytest.fixture
def people(table: Table) -> PeopleStore:
    return PeopleStore(table)


def joined(people: PeopleStore, name: str, *keys: str) -> Person:
    before, found = people.person(name, dict.fromkeys(keys, "phone"))
    after = join(before, found, "issuer", START)
    assert isinstance(after, Person)
    people.save(before, after)
    return after


def test_who_joined_nothing_is_the_account_alone(people: PeopleStore) -> None:
    assert people.person("li") == (Person("li"), [])


def test_what_was_joined_and_separated_is_read_back_as_it_was(people: PeopleStore) -> None:
    after = joined(people, "li", "one", "two")
    assert people.person("li") == (after, [])

    apart = separate(after, "one", START)
    assert isinstance(apart, Person)
    people.save(after, apart)

    assert people.person("li") == (apart, [])


def test_a_binding_that_is_proven_comes_with_whoever_has_it(people: PeopleStore) -> None:
    mine = joined(people, "li", "one")

    other, found = people.person("wang", {"one": "phone", "new": "email"})

    assert other == Person("wang")
    assert found == [mine.bindings["one"], Binding("new", "email")]


def test_of_two_who_join_at_once_one_begins_anew(people: PeopleStore) -> None:
    # given two who have both seen that nobody has the number
    li, found = people.person("li", {"one": "phone"})
    wang, found_too = people.person("wang", {"one": "phone"})
    with_li, with_wang = (
        join(li, found, "issuer", START),
        join(wang, found_too, "issuer", START),
    )
    assert isinstance(with_li, Person)
    assert isinstance(with_wang, Person)

    people.save(li, with_li)
    with pytest.raises(Conflict):
        people.save(wang, with_wang)

    # then the number is the one's, though the other's list names it already
    kept, (binding,) = people.person("wang", {"one": "phone"})
    assert binding.holder == "li"
    assert kept.bounds == (Bound("wang"),)


def test_two_processes_of_one_person_lose_nothing(people: PeopleStore) -> None:
    first, found = people.person("li", {"one": "phone"})
    late, found_too = people.person("li", {"two": "phone"})
    after, too_late = join(first, found, "issuer", START), join(late, found_too, "issuer", START)
    assert isinstance(after, Person)
    assert isinstance(too_late, Person)
    people.save(first, after)

    with pytest.raises(Conflict):
        people.save(late, too_late)

    assert {bound.key for bound in joined(people, "li", "two").bounds} == {"li", "one", "two"}


def test_a_person_stands_in_no_index_and_is_no_case(people: PeopleStore, table: Table) -> None:
    """Neither a worklist nor the sweep nor the stream of cases meets one."""
    joined(people, "li", "one")

    items = table.partition("PERSON#li") + table.partition("BINDING#one")

    assert {item["sk"] for item in items} == {"#PERSON", "#BINDING"}
    keys = {name for index in INDEXES for name in (index.partition, index.sort)}
    assert not any(keys & item.keys() for item in items)


# -- "my cases" ----------------------------------------------------------------------------


@pytest.fixture
def world(table: Table) -> MemoryWorld:
    return MemoryWorld(FrozenClock(), table=table)


@pytest.fixture
def store(world: MemoryWorld) -> CaseStore:
    return world.service.store


def filed(world: MemoryWorld, count: int, *, minutes: int = 1) -> list[str]:
    """Cases that two accounts file in turn, oldest first."""
    numbers = []
    for place in range(count):
        world.now.advance(minutes=minutes)
        subject, request = ("li", "wang")[place % 2], f"filing-{place}-{world.now()}"
        numbers.append(world.service.file(filing(), By(CITIZEN.actor), request, subject).number)
    return numbers


def pages(store: CaseStore, bounds: list[Bound], limit: int) -> list[list[str]]:
    """Every page, to the last one."""
    found, cursor = [], None
    while True:
        page = store.cases_of(bounds, limit, cursor)
        found.append([case.number for case, _ in page.cases])
        cursor = page.cursor
        if cursor is None:
            return found


def both(world: MemoryWorld) -> list[Bound]:
    return [Bound(world.service.keys.person(name)) for name in ("li", "wang")]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 8])
def test_the_cases_of_two_bindings_come_as_those_of_one(
    world: MemoryWorld, store: CaseStore, limit: int
) -> None:
    numbers = filed(world, 7)

    found = pages(store, both(world), limit)

    assert [number for page in found for number in page] == numbers[::-1]
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1]


def test_of_a_binding_that_is_bare_the_other_ones_cases_are_shown(
    world: MemoryWorld, store: CaseStore
) -> None:
    numbers = filed(world, 5)

    found = pages(store, [Bound("nobody"), *both(world), Bound("nobody-else")], 2)

    assert [number for page in found for number in page] == numbers[::-1]


@pytest.mark.parametrize("limit", [2, 3, 5])
def test_what_two_bindings_filed_in_one_second_is_all_shown(
    world: MemoryWorld, store: CaseStore, limit: int
) -> None:
    numbers = [number for _ in range(4) for number in filed_at_once(world)]

    found = pages(store, both(world), limit)

    assert sorted(number for page in found for number in page) == sorted(numbers)


def filed_at_once(world: MemoryWorld) -> list[str]:
    """One case of each account in the same second."""
    world.now.advance(minutes=1)
    return filed(world, 2, minutes=0)


def test_a_binding_shows_what_was_filed_while_it_counted(
    world: MemoryWorld, store: CaseStore
) -> None:
    """From its beginning on, up to its end and not with it; twice, if it came back."""
    numbers = filed(world, 12, minutes=60)
    account = world.service.keys.person("li")  # filed the cases 0, 2, 4, 6, 8 and 10

    def at(place: int) -> datetime:
        head = store.head(numbers[place])
        assert head is not None
        return head.case.filed_at

    first = Bound(account, None, at(2))
    second = Bound(account, at(4), at(8))

    assert pages(store, [first], 10) == [[numbers[0]]]
    assert pages(store, [second], 10) == [[numbers[6], numbers[4]]]
    assert pages(store, [first, second], 2) == [[numbers[6], numbers[4]], [numbers[0]]]
    assert pages(store, [Bound(account, at(4), at(4))], 10) == [[]]


def test_the_list_and_the_right_to_read_agree(world: MemoryWorld, store: CaseStore) -> None:
    numbers = filed(world, 8, minutes=60)
    heads = [head.case for number in numbers if (head := store.head(number))]
    times = [case.filed_at for case in heads]
    account = world.service.keys.person("li")
    for since in (None, *times):
        for until in (None, *times):
            bound = Bound(account, since, until)
            mine = [
                case.number for case in heads if By(CITIZEN.actor, bindings=(bound,)).owns(case)
            ]
            assert pages(store, [bound], 20) == [mine[::-1]]
