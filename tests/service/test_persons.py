"""Joining and separating when processes die and when several meet: nobody's time is another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casework.outcomes import Refused
from casework.people.person import MOST_CHANGES, Person
from casework.persons import Persons
from casework.security.keys import Keys
from casework.security.tokens import Identity
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.memory import MemoryVault
from casework.store.table import Table
from tests.service.test_at_once import Orders
from tests.support.faults import Baton, Death, Killed, Moment, StepTable
from tests.support.stories import PHONE, TEXT, file
from tests.support.world import MemoryWorld

MOMENTS: tuple[Moment, Moment] = ("before", "after")
LI = Identity("li", "citizen", phone=PHONE, email="li@example.com")
WANG = Identity("wang", "citizen", phone=PHONE)

KEYS = Keys(MemoryVault().master())

Act = Callable[[Persons], Person]


def persons(world: MemoryWorld, table: Table | None = None) -> Persons:
    """As another process would make them, over the same table or one before it."""
    store = CaseStore(table or world.memory)
    return Persons(Service(store, world.vault, lambda: world.rules, clock=world.clock))


def owners(world: MemoryWorld, number: str) -> list[str]:
    """Whose case it is, of those who tell of themselves here."""
    head = world.service.store.head(number)
    assert head is not None
    return [
        name
        for name in ("li", "wang")
        if any(bound.covers(head.case) for bound in world.persons.of(name).bounds)
    ]


# -- one after another ---------------------------------------------------------------------


def test_what_was_filed_by_phone_is_the_persons_who_proves_the_number() -> None:
    world = MemoryWorld()
    number = file(world.service, channel="hotline").number
    assert owners(world, number) == []

    world.persons.join(LI)

    assert owners(world, number) == ["li"]


def test_a_number_that_was_handed_out_again() -> None:
    """Li gives the number up; the operator gives it to Wang; neither sees the other's cases."""
    # given Li's case, by the number that is hers
    world = MemoryWorld()
    old = file(world.service, "1", channel="sms").number
    world.persons.join(LI)
    world.now.advance(days=200)

    # when Wang, who has the number now, files by it and proves it
    world.persons.join(WANG)
    world.now.advance(days=1)
    new = file(world.service, "2", channel="sms").number

    # then each has the own one
    assert owners(world, old) == ["li"]
    assert owners(world, new) == ["wang"]
    assert [one.what for one in world.persons.of("li").records] == [
        *("joined", "joined", "passed_on"),
    ]


def test_an_account_that_proves_nothing_joins_nothing() -> None:
    world = MemoryWorld()

    with pytest.raises(Refused) as refused:
        world.persons.join(Identity("li", "citizen"))

    assert refused.value.refusal.code == "nothing_proven"
    assert world.stored() == []


def test_a_refused_binding_holds_back_the_others_and_leaves_nothing_behind() -> None:
    # given a number that two people have torn at for too long
    world = MemoryWorld()
    for _ in range(MOST_CHANGES // 2):
        world.persons.join(Identity("chen", "citizen", phone=PHONE))
        world.persons.join(WANG)
    stored = world.stored()

    with pytest.raises(Refused) as refused:
        world.persons.join(LI)

    assert refused.value.refusal.code == "changed_too_often"
    assert world.stored() == stored


def test_neither_number_nor_address_is_stored() -> None:
    world = MemoryWorld()
    world.persons.join(LI)
    world.persons.join(WANG)
    world.persons.separate(LI, KEYS.phone(PHONE))

    everything = repr(world.stored())

    for secret in (PHONE, PHONE[-4:], "example.com", TEXT, "'li'"):
        assert secret not in everything


# -- processes that die --------------------------------------------------------------------


def _join(identity: Identity) -> Act:
    return lambda people: people.join(identity)


def _separate(people: Persons) -> Person:
    return people.separate(LI, KEYS.phone(PHONE))


def _first() -> MemoryWorld:
    world = MemoryWorld()
    file(world.service)
    return world


def _recycled() -> MemoryWorld:
    world = _first()
    world.persons.join(WANG)
    world.now.advance(days=200)
    return world


def _mistaken() -> MemoryWorld:
    world = _first()
    world.persons.join(LI)
    world.now.advance(days=1)
    return world


DEEDS: dict[str, tuple[Callable[[], MemoryWorld], Act]] = {
    "joined first": (_first, _join(LI)),
    "joined from another": (_recycled, _join(LI)),
    "separated": (
        _mistaken,
        _separate,
    ),
}


@pytest.mark.parametrize("name", DEEDS)
def test_a_process_that_dies_anywhere_is_made_good_by_the_repeat(name: str) -> None:
    begin, act = DEEDS[name]
    count = Death()
    meant = begin()
    act(persons(meant, StepTable(meant.memory, count)))
    assert count.calls >= 3, "the person, its bindings, and what is written"
    for call in range(count.calls):
        for moment in MOMENTS:
            world = begin()
            death = Death(call, moment)
            with pytest.raises(Killed):
                act(persons(world, StepTable(world.memory, death)))
            _in_order(world)

            act(persons(world))

            assert death.happened
            assert world.persons.of("li").bounds == meant.persons.of("li").bounds
            assert world.persons.of("wang").bounds == meant.persons.of("wang").bounds
            assert _bindings(world) == _bindings(meant)


def _bindings(world: MemoryWorld) -> list[dict[str, object]]:
    found = [item for item in world.stored() if item["sk"] == "#BINDING"]
    return sorted(found, key=lambda item: str(item["pk"]))


def _in_order(world: MemoryWorld) -> None:
    """Every case is one person's at most, at any moment."""
    for item in world.stored():
        if item["sk"] == "#HEAD":
            assert len(owners(world, item["pk"])) <= 1


# -- several at once -----------------------------------------------------------------------


def together(world: MemoryWorld, baton: Baton, *acts: Act) -> list[object]:
    table = StepTable(world.memory, baton.step)
    return baton.run(*(lambda act=act: act(persons(world, table)) for act in acts))


def test_two_who_prove_one_number_at_once_have_it_one_after_the_other() -> None:
    """In every order of their calls there is."""
    tried = 0
    for choose in Orders():
        world = _first()
        answers = together(world, Baton(choose), _join(LI), _join(WANG))
        tried += 1

        assert all(isinstance(answer, Person) for answer in answers), answers
        binding = world.persons.of("li").bindings[KEYS.phone(PHONE)]
        assert sorted(change.person for change in binding.changes) == sorted(
            world.service.keys.person(name) for name in ("li", "wang")
        )
        _in_order(world)
    assert tried > 10


def test_who_separates_while_the_number_passes_on_takes_nothing_along() -> None:
    for choose in Orders():
        world = _mistaken()
        key = KEYS.phone(PHONE)
        answers = together(world, Baton(choose), _separate, _join(WANG))

        assert all(isinstance(answer, Person) for answer in answers), answers
        assert all(bound.key != key for bound in world.persons.of("li").bounds)
        assert world.persons.of("wang").bounds[-1].key == key
        _in_order(world)


def test_one_person_from_two_machines_at_once_joins_once() -> None:
    for choose in Orders():
        world = _first()
        together(world, Baton(choose), _join(LI), _join(LI))

        person = world.persons.of("li")
        assert [record.what for record in person.records] == ["joined", "joined"]
        assert len({record.key for record in person.records}) == 2
