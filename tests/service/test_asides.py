"""Relay and the units that an arbitration hears: shown, made good, put aside when two meet."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from casework.cases.rules import Rules
from casework.outcomes import Request
from casework.relaying import Relay
from casework.store.cases import Conflict
from casework.store.dynamo import typed
from casework.store.memory import MemoryQueue
from casework.store.table import Unavailable
from schemas import commands as c
from schemas.events import Announcement
from tests.support.faults import Moment, StepTable
from tests.support.faults import Step as Watch
from tests.support.soundness import sound
from tests.support.stories import (
    AT_DISTRICT,
    AT_RIVAL,
    AT_STREET,
    DELEGATED,
    DESIGNATE,
    DISPATCHER,
    DISPUTED,
    DISSATISFIED,
    DISTRICT,
    HANDLED,
    OFFICER,
    POSITION,
    REPLIED,
    REPLY,
    RETURN,
    RIVAL,
    STREET,
    SUPERVISOR,
    UNIT,
    Step,
    Story,
)
from tests.support.world import CITIZEN, MemoryWorld, rules_of, staff

ARBITRATED = Story(DISPUTED, *POSITION)
RIVAL_POSITION: Step = (c.StatePosition(text="线路完好，是灯具坏了。"), AT_RIVAL)
WITHDRAW: Step = (c.Withdraw(reason="solved"), CITIZEN)
REOPEN: Step = (c.Reopen(text="又坏了。"), CITIZEN)
ACCEPT: Step = (c.Accept(), SUPERVISOR)


def image_of(world: MemoryWorld, number: str) -> dict[str, Any]:
    """HEAD as the stream shows it now."""
    found = world.memory.get((number, "#HEAD"))
    assert found is not None
    return typed(found)


def tell(world: MemoryWorld, number: str, *steps: Step) -> list[dict[str, Any]]:
    """Carry the commands out; the stream's image after each."""
    images = []
    for command, by in steps:
        world.service.change(number, command, Request(by, command.model_dump_json()))
        images.append(image_of(world, number))
    return images


def watched(world: MemoryWorld, step: Watch, again: MemoryQueue) -> Relay:
    """A relay of another process, each of whose calls of the table the test sees."""
    world.cases_table = StepTable(world.memory, step)
    service = world.new_service()
    world.cases_table = world.memory
    return Relay(service, world.topic, world.unit_queues, again)


def shown(world: MemoryWorld, number: str) -> set[str]:
    """The units, of those in dispute, on whose worklists the case stands."""
    store = world.service.store
    return {
        unit
        for unit in (UNIT, RIVAL)
        if any(entry["pk"] == number for entry in store.worklist(f"unit:{unit}", 100))
    }


def test_units_see_a_disputed_case_until_they_have_been_heard() -> None:
    world, number = ARBITRATED.begin()

    world.relay.publish_image(image_of(world, number))
    assert shown(world, number) == {UNIT, RIVAL}

    for step, left in [(POSITION, {RIVAL}), (RIVAL_POSITION, set())]:
        [image] = tell(world, number, step)
        world.relay.publish_image(image)
        assert shown(world, number) == left
    assert len(world.topic.published) == 3, "and each commit was published"


@pytest.mark.parametrize(
    "steps",
    [(DESIGNATE,), (WITHDRAW,), (WITHDRAW, REOPEN), (WITHDRAW, REOPEN, ACCEPT)],
    ids=["designated", "withdrawn", "reopened", "accepted again"],
)
def test_whatever_ends_an_arbitration_takes_the_case_off_the_worklists(
    steps: tuple[Step, ...],
) -> None:
    world, number = ARBITRATED.begin()
    world.relay.publish_image(image_of(world, number))

    for image in tell(world, number, *steps):
        world.relay.publish_image(image)

    holder = sound(world.service, number).head.case.unit
    assert shown(world, number) == ({holder} if holder else set())


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (0, 0, 2, 2, 1, 0)])
def test_commits_may_be_relayed_twice_late_and_in_any_order(order: tuple[int, ...]) -> None:
    world, number = ARBITRATED.begin()
    images = [image_of(world, number), *tell(world, number, POSITION, DESIGNATE)]

    for place in order:
        world.relay.publish_image(images[place])

    assert shown(world, number) == {UNIT}, "which was designated"
    [entry] = world.service.store.worklist(f"unit:{UNIT}", 10)
    assert entry["state"] == "ASSIGNED"


def test_a_relay_that_could_not_show_it_puts_the_commit_aside_and_that_makes_it_good() -> None:
    world, number = ARBITRATED.begin()
    image, again = image_of(world, number), MemoryQueue()

    def down(name: str, moment: Moment) -> None:
        if name == "put_new":
            raise Unavailable("away")

    watched(world, down, again).publish_image(image)
    assert shown(world, number) == set()
    assert world.topic.published == [], "all of it comes again"

    [aside] = [json.loads(message) for message in again.sent]
    world.relay.publish_again(aside["case_number"], aside["version"])

    assert shown(world, number) == {UNIT, RIVAL}
    assert len(world.topic.published) == 1


def test_two_relays_that_meet_leave_one_entry_and_a_message_to_look_again() -> None:
    world, number = ARBITRATED.begin()
    early, again = image_of(world, number), MemoryQueue()
    [late] = tell(world, number, POSITION)
    met: list[str] = []

    def meet(name: str, moment: Moment) -> None:
        if (name, moment, met) == ("put_new", "before", []):
            met.append(name)
            world.relay.publish_image(late)

    watched(world, meet, again).publish_image(early)

    assert met
    assert shown(world, number) == {RIVAL}
    [aside] = [json.loads(message) for message in again.sent]
    world.relay.publish_again(number, aside["version"])
    assert shown(world, number) == {RIVAL}
    versions = {
        Announcement.model_validate_json(m).commit.version for m, _ in world.topic.published
    }
    assert versions == {3, 4}, "both commits were published"


def test_what_two_relays_fight_over_again_stays_in_the_queue() -> None:
    """The message comes again by itself; nothing may say that it was done."""
    world, number = ARBITRATED.begin()

    def meet(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_new", "before"):
            world.service.store.show_asides(number)

    with pytest.raises(Conflict):
        watched(world, meet, MemoryQueue()).publish_again(number, 3)
    assert world.topic.published == []


def test_a_case_without_a_dispute_costs_relay_no_call_of_the_table() -> None:
    world, number = Story(HANDLED, *RETURN).begin()
    image, calls = image_of(world, number), list[str]()
    relay = watched(world, lambda name, moment: calls.append(name), MemoryQueue())

    relay.publish_image(image)

    assert calls == []
    assert len(world.topic.published) == 1


# -- a unit's own queue ----------------------------------------------------------------------


def integrating(*units: str) -> Rules:
    rules = rules_of()
    known = dict(rules.city.units)
    known |= {unit: replace(known[unit], integrates=True) for unit in units}
    return replace(rules, city=replace(rules.city, units=known))


def test_a_case_that_is_delegated_reaches_the_own_queue_of_the_unit_below() -> None:
    world, number = Story(DELEGATED, c.Claim(), staff("officer", unit=STREET)).begin()
    world.rules = integrating(STREET)

    world.relay.publish_image(image_of(world, number))

    [message] = world.unit_queues.queues[STREET].sent
    announced = Announcement.model_validate_json(message)
    assert (announced.unit, announced.state) == (STREET, "ASSIGNED")


def test_a_designated_unit_gets_it_in_its_own_queue_as_any_assignment() -> None:
    world, number = Story((*DISPUTED, POSITION, DESIGNATE), c.Claim(), DISPATCHER).begin()
    world.rules = integrating(UNIT, RIVAL)

    world.relay.publish_image(image_of(world, number))

    assert {unit: len(queue.sent) for unit, queue in world.unit_queues.queues.items()} == {UNIT: 1}


def sent_to(world: MemoryWorld) -> dict[str, int]:
    """How many messages each unit's own queue was given."""
    return {unit: len(queue.sent) for unit, queue in world.unit_queues.queues.items()}


HELP: Step = (c.AskAssistance(units=[RIVAL, "zhujian"], text="请派员到场。"), OFFICER)
ORDER: Step = (c.IssueOrder(unit=RIVAL, text="请三日内说明。"), SUPERVISOR)
DISPUTE: Step = (
    c.DisputeAssistance(text="与供电无关。"),
    staff("head", "rival-head", RIVAL),
)
UPHELD: Step = (c.DecideAssistance(unit=RIVAL, uphold=True, text="请到场。"), DISPATCHER)
RELEASED: Step = (c.DecideAssistance(unit=RIVAL, uphold=False, text="不必到场。"), DISPATCHER)


@pytest.mark.parametrize(
    ("steps", "sent"),
    [
        ((HELP,), {RIVAL: 1, "zhujian": 1}),
        ((ORDER,), {RIVAL: 1}),
        ((HELP, DISPUTE), {}),
        ((HELP, DISPUTE, UPHELD), {RIVAL: 1}),
        ((HELP, DISPUTE, RELEASED), {}),
    ],
    ids=["called", "ordered", "disputed", "upheld", "released"],
)
def test_whatever_a_unit_has_to_do_reaches_its_own_queue(
    steps: tuple[Step, ...], sent: dict[str, int]
) -> None:
    """Not only what it holds: help it is called for, and orders."""
    world, number = Story((*HANDLED, *steps), c.Claim(), OFFICER).begin()
    world.rules = integrating(UNIT, RIVAL, "zhujian")

    world.relay.publish_image(image_of(world, number))

    assert sent_to(world) == sent


def test_a_second_handling_one_level_up_reaches_that_units_own_queue() -> None:
    again: Step = (c.Redo(text="请换人重办。"), SUPERVISOR)
    told: list[Step] = [*REPLIED, DISSATISFIED, again]
    for name in ("officer-2", "officer-3"):
        another = staff("officer", name, UNIT)
        told += [(c.Claim(), another), (REPLY[0], another), DISSATISFIED, again]
    world, number = Story(tuple(told), c.Claim(), OFFICER).begin()
    world.rules = integrating(UNIT, "yunting")

    world.relay.publish_image(image_of(world, number))

    assert sent_to(world) == {"yunting": 1}


def test_the_level_above_sees_a_return_until_it_is_decided() -> None:
    world, number = Story(DELEGATED, c.Claim(), AT_STREET).begin()
    world.service.change(number, c.Claim(), Request(AT_STREET, "claim"))

    def listed() -> set[str]:
        world.relay.publish_image(image_of(world, number))
        store = world.service.store
        lists = {unit: store.worklist(f"unit:{unit}", 100) for unit in (DISTRICT, STREET)}
        return {unit for unit, entries in lists.items() if any(e["pk"] == number for e in entries)}

    assert listed() == {STREET}
    back = c.Return(reason="not_our_area", text="不在本街道辖区。")
    world.service.change(number, back, Request(AT_STREET, "return"))
    assert listed() == {DISTRICT}
    world.service.change(number, c.DecideReturn(approve=False), Request(AT_DISTRICT, "decide"))
    assert listed() == {STREET}
