"""Cases that belong together: how they come about, and what must hold between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from casework.cases.access import By
from casework.cases.state import Case
from casework.outcomes import Changed, Refused, Request
from casework.relating import Followers
from casework.service import Service
from casework.store.cases import CaseStore
from schemas import commands as c
from tests.support.faults import Baton
from tests.support.orders import Orders
from tests.support.soundness import sound
from tests.support.stories import DISPATCHER, HANDLED, Step, file
from tests.support.world import CITIZEN, FrozenClock, MemoryWorld


def filed(world: MemoryWorld, name: str, *steps: Step, **changes: object) -> str:
    """The number of a case of which all these steps have happened."""
    number = file(world.service, name, **changes).number
    for place, (command, by) in enumerate(steps):
        world.now.advance(minutes=1)
        give(world, number, command, by, f"{name} {place}")
    return number


def handled(world: MemoryWorld, name: str, **changes: object) -> str:
    return filed(world, name, *HANDLED, **changes)


def give(
    world: MemoryWorld, number: str, command: c.Command, by: By, request_id: str | None = None
) -> Changed:
    """The command, under an id of its own unless one is named."""
    request_id = request_id or f"{by.actor.id} {number} {command.model_dump_json()}"
    return world.service.change(number, command, Request(by, request_id))


def merge(world: MemoryWorld, follower: str, lead: str) -> Changed:
    return give(world, follower, c.Merge(case=lead), DISPATCHER)


def withdraw(world: MemoryWorld, number: str) -> Changed:
    return give(world, number, c.Withdraw(reason="solved"), CITIZEN)


def case_of(world: MemoryWorld, number: str) -> Case:
    head = world.service.store.head(number)
    assert head is not None
    return head.case


def follow(service: Service, *leads: str) -> int:
    """What the queue brings of these cases' commits, each twice; how many followers were told."""
    told = 0
    for lead in leads:
        dossier = service.store.dossier(lead)
        assert dossier is not None
        for commit in dossier.journal * 2:
            told += Followers(service).follow(lead, commit.version)
    return told


def agree(world: MemoryWorld, *numbers: str) -> dict[str, str | None]:
    """Followers and leads agree, and each case is sound. Who follows whom."""
    cases = {number: sound(world.service, number).head.case for number in numbers}
    follows = {number: case.follows for number, case in cases.items()}
    for number, case in cases.items():
        assert (case.state == "FOLLOWING") == (case.follows is not None)
        if case.follows is not None:
            lead = cases[case.follows]
            assert lead.follows is None, "no case follows a follower, so none follows itself"
            assert lead.is_open or lead.to_pass_on, "no case follows one that has ended"
        following = sum(lead == number for lead in follows.values())
        assert case.followers == following, f"{case.followers} counted, {following} follow"
    return follows


def split_parts(world: MemoryWorld, number: str) -> list[str]:
    """The cases that say they were split from this one."""
    return [
        head.case.number
        for head in map(world.service.store.head, numbers(world))
        if head is not None and first_event(world, head.case.number) == number
    ]


def first_event(world: MemoryWorld, number: str) -> str | None:
    first = world.service.store.commit(number, 1)
    assert first is not None
    split_from: str | None = getattr(first.events[0], "split_from", None)
    return split_from


def numbers(world: MemoryWorld) -> Iterable[str]:
    return [item["pk"] for item in world.stored() if item["sk"] == "#HEAD"]


# -- acts that meet, and worlds that are copied for each try ------------------------------------

Act = Callable[[Service], Any]


def merges(follower: str, lead: str, by: By = DISPATCHER, request_id: str = "merge") -> Act:
    return lambda service: service.change(follower, c.Merge(case=lead), Request(by, request_id))


def gives(number: str, command: c.Command, by: By, request_id: str = "at once") -> Act:
    return lambda service: service.change(number, command, Request(by, request_id))


def asks(act: Act, service: Service) -> str | None:
    """Why the act is refused; None if it is not."""
    try:
        act(service)
    except Refused as refused:
        return refused.refusal.code
    return None


def play(world: MemoryWorld, orders: Orders, *acts: Act) -> list[Any]:
    """Let the acts meet in the order of this run, each with a service of its own."""
    baton = Baton(orders.choose)
    table = orders.table(world.memory, baton)

    def one(act: Act) -> Callable[[], Any]:
        service = Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)
        service.keys  # noqa: B018 - read before they meet
        return lambda: act(service)

    return baton.run(*(one(act) for act in acts))


def copied(world: MemoryWorld) -> MemoryWorld:
    copy = MemoryWorld(FrozenClock(world.now()), world.rules)
    copy.vault = world.vault
    for item in world.stored():
        copy.memory.put(item)
    return copy
