"""Relay keeps what people decided as examples: once each, of the commit it publishes, text apart."""

from __future__ import annotations

import json

from casework.outcomes import Request
from casework.relaying import Relay
from casework.routing.examples import Example
from casework.store.dynamo import typed
from casework.store.examples import Examples
from casework.store.memory import MemoryQueue
from casework.store.table import Unavailable
from schemas import commands as c
from tests.support.stories import (
    DISPATCH,
    DISPATCHER,
    HANDLED,
    RETURN,
    SUPERVISOR,
    TEXT,
    UNIT,
    UNSURE,
    Story,
)
from tests.support.world import START, MemoryWorld

MONTH = f"{START:%Y-%m}"


def relay_of(world: MemoryWorld) -> Relay:
    return Relay(world.service, world.topic, world.unit_queues, world.queue("RELAY_QUEUE"))


def shown(world: MemoryWorld, number: str) -> None:
    """The stream shows HEAD as it stands."""
    head = world.memory.get((number, "#HEAD"))
    assert head is not None
    relay_of(world).publish_image(typed(head))


def kept(world: MemoryWorld) -> list[Example]:
    return Examples(world.cases_table).of_month(MONTH)


def test_a_persons_dispatch_is_kept_once_however_often_it_is_shown() -> None:
    world, number = Story((UNSURE,), *DISPATCH).begin()
    world.service.change(number, DISPATCH[0], Request(DISPATCHER, "dispatch"))

    for _ in range(2):
        shown(world, number)

    (example,) = kept(world)
    assert (example.number, example.category, example.unit) == (number, "0205", UNIT)
    assert TEXT not in json.dumps(
        world.cases_table.partition(f"EXAMPLE#{MONTH}"), ensure_ascii=False
    )


def test_an_approved_return_is_kept_with_the_unit_that_was_wrong() -> None:
    world, number = Story((*HANDLED, RETURN), c.DecideReturn(approve=True), DISPATCHER).begin()
    approve = c.DecideReturn(approve=True, unit="gongdian")
    world.service.change(number, approve, Request(SUPERVISOR, "approve"))

    shown(world, number)

    (example,) = kept(world)
    assert (example.wrong_unit, example.unit, example.by) == (UNIT, "gongdian", "supervisor")


def test_what_could_not_be_published_is_kept_from_the_journal() -> None:
    """Published later, when the case has moved on: the example is of then."""
    world, number = Story((*HANDLED, RETURN), c.DecideReturn(approve=True), DISPATCHER).begin()
    world.service.change(number, c.DecideReturn(approve=True), Request(DISPATCHER, "approve"))
    returned = world.service.store.head(number)
    assert returned is not None
    world.service.change(number, c.Dispatch(unit="gongdian"), Request(DISPATCHER, "on"))

    relay_of(world).publish_again(number, returned.case.version)

    (example,) = kept(world)
    assert (example.version, example.wrong_unit) == (returned.case.version, UNIT)


def test_what_teaches_nothing_costs_no_write() -> None:
    world, number = Story(HANDLED, c.Note(text="要带梯子。"), DISPATCHER).begin()
    stored = len(world.stored())

    shown(world, number)

    assert len(world.stored()) == stored


def test_where_an_example_cannot_be_kept_the_commit_is_put_aside_and_not_lost() -> None:
    world, number = Story((UNSURE,), *DISPATCH).begin()
    world.service.change(number, DISPATCH[0], Request(DISPATCHER, "dispatch"))
    head = world.memory.get((number, "#HEAD"))
    assert head is not None

    class Away(type(world.memory)):  # type: ignore[misc]
        def put(self, item: dict[str, object]) -> None:
            raise Unavailable("away")

    world.service.store.table = Away()
    again = MemoryQueue()
    Relay(world.service, world.topic, world.unit_queues, again).publish_image(typed(head))

    assert json.loads(again.sent[0]) == {"case_number": number, "version": 3}
