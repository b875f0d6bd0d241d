"""What moves a case without a person: dispatcher, sweeper, relay, inviter. All may come twice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from casework.dispatching import ROUTER, Dispatcher
from casework.notices.invitation import Inviter
from casework.outcomes import Request
from casework.relaying import Relay
from casework.service import Service
from casework.store.dynamo import typed
from casework.store.items import Head
from casework.store.memory import MemoryQueue, MemoryTopic
from casework.store.table import Item, Queue, Unavailable
from casework.sweeping import BUDGET, PAGE, Sweeper
from schemas import commands as c
from schemas import events as e
from schemas.events import Announcement
from tests.support.faults import Moment, StepTable
from tests.support.soundness import sound
from tests.support.stories import (
    DISPATCH,
    DISPATCHER,
    HANDLED,
    OFFICER,
    REPLIED,
    REPLY,
    RETURN,
    UNIT,
    UNSURE,
    Story,
    file,
)
from tests.support.world import CITIZEN, FrozenClock, MemoryWorld, rules_of

LAMP = {"text": "和平路的路灯坏了，晚上一片漆黑，请尽快维修路灯。", "title": "路灯不亮"}

# -- dispatcher ----------------------------------------------------------------------------


def test_a_case_with_a_clear_subject_is_dispatched_by_itself() -> None:
    world = MemoryWorld()
    number = file(world.service, category="0205", **LAMP).number

    assert Dispatcher(world.service).route(number) == "automatic"

    dossier = sound(world.service, number)
    assert dossier.head.case.state == "ASSIGNED"
    assert dossier.head.case.unit == world.rules.city.responsible("0205", None)
    types = [event.type for event in dossier.head.commit.events]
    assert types[:2] == ["accepted", "dispatched"], "one commit for both"


def test_a_case_without_a_clear_subject_goes_to_a_person_with_what_might_be() -> None:
    world = MemoryWorld()
    number = file(world.service, text="请问你们今天在不在，我想来问一件事情。").number

    assert Dispatcher(world.service).route(number) == "person"

    case = sound(world.service, number).head.case
    assert (case.state, case.queue) == ("TRIAGE", "triage")


def test_a_suspicious_case_is_looked_at_first() -> None:
    world = MemoryWorld()
    number = file(world.service, text="你好").number

    assert Dispatcher(world.service).route(number) == "review"


def test_a_message_that_comes_again_changes_nothing() -> None:
    world = MemoryWorld()
    number = file(world.service, category="0205", **LAMP).number
    Dispatcher(world.service).route(number)
    stored = world.stored()

    assert Dispatcher(world.service).route(number) is None
    assert Dispatcher(world.service).route("1000000000000001") is None
    assert world.stored() == stored


def test_a_case_that_moved_on_while_it_was_read_is_left_alone() -> None:
    """The citizen withdraws between the dispatcher's reading and its writing."""
    world = MemoryWorld()
    number = file(world.service, category="0205", **LAMP).number

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_at", "before"):
            world.cases_table = world.memory
            world.new_service().change(
                number, c.Withdraw(reason="solved"), Request(CITIZEN, "withdraw")
            )

    world.cases_table = StepTable(world.memory, _once(step))

    assert Dispatcher(world.new_service()).route(number) is None
    assert sound(world.service, number).head.case.state == "WITHDRAWN"


def _once(step: Any) -> Any:
    done: list[str] = []

    def first(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_at", "before") and not done:
            done.append(name)
            step(name, moment)

    return first


def test_a_unit_that_returned_a_case_does_not_get_it_again_from_the_machine() -> None:
    story = Story((*HANDLED, RETURN), c.DecideReturn(approve=True), DISPATCHER)
    world, number = story.begin()
    story.tell(world.service, number)

    Dispatcher(world.service).route(number)

    assert sound(world.service, number).head.case.unit != UNIT


# -- sweeper -------------------------------------------------------------------------------


def due_cases(count: int) -> tuple[MemoryWorld, list[str]]:
    """Cases whose first alarm has come, oldest first."""
    world = MemoryWorld()
    numbers = []
    for place in range(count):
        world.now.advance(seconds=1)
        numbers.append(file(world.service, str(place)).number)
    world.now.advance(days=3)
    return world, numbers


def test_every_due_case_is_ticked_over_any_number_of_pages() -> None:
    world, numbers = due_cases(PAGE * 3 + 7)

    swept = Sweeper(world.service).sweep(0)

    assert (swept.ticked, swept.failed) == (len(numbers), 0)
    assert swept.oldest_seconds > 0
    assert Sweeper(world.service).sweep(0).ticked == 0
    for number in numbers:
        case = sound(world.service, number).head.case
        assert case.next_due is not None
        assert case.next_due > world.now()


def test_a_case_that_is_not_due_is_not_touched() -> None:
    world = MemoryWorld()
    file(world.service)
    stored = world.stored()

    assert Sweeper(world.service).sweep(0).ticked == 0
    assert world.stored() == stored


class Failing(Service):
    """A service that fails for some cases."""

    bad: frozenset[str] = frozenset()

    def tick(self, number: str) -> Any:
        if number in self.bad:
            raise RuntimeError("广为流传的隐私")
        return super().tick(number)


def failing(world: MemoryWorld, bad: list[str]) -> Failing:
    service = Failing(world.service.store, world.vault, lambda: world.rules, world.clock)
    service.bad = frozenset(bad)
    return service


@pytest.mark.parametrize("broken", [1, PAGE, PAGE + 20])
def test_cases_that_fail_do_not_stop_those_behind_them(
    broken: int, caplog: pytest.LogCaptureFixture
) -> None:
    """They stay the oldest: a page full of them must not hide what comes after."""
    world, numbers = due_cases(PAGE * 2 + 30)

    swept = Sweeper(failing(world, numbers[:broken])).sweep(0)

    assert (swept.ticked, swept.failed) == (len(numbers) - broken, broken)
    assert len(caplog.records) == broken
    assert "隐私" not in caplog.text, "a message may quote what a citizen wrote"
    assert numbers[0] in caplog.text


def test_a_sweep_ends_within_its_budget_also_in_the_middle_of_a_page() -> None:
    """What is left comes with the next minute; a function must not be cut off while it writes."""
    world, numbers = due_cases(PAGE * 3)
    seconds = [0.0]

    def slow() -> float:
        seconds[0] += 0.25
        return seconds[0]

    swept = Sweeper(world.service, monotonic=slow).sweep(0)

    assert 0 < swept.ticked < len(numbers)
    assert seconds[0] <= BUDGET + 1
    assert Sweeper(world.service).sweep(0).ticked == len(numbers) - swept.ticked


def test_two_sweeps_at_once_do_no_harm() -> None:
    world, numbers = due_cases(5)
    Sweeper(world.service).sweep(0)
    versions = [sound(world.service, number).head.case.version for number in numbers]

    for number in numbers:
        world.service.tick(number)

    assert [sound(world.service, n).head.case.version for n in numbers] == versions


# -- relay ---------------------------------------------------------------------------------


class Down:
    """A topic or a queue that cannot be reached."""

    def publish(self, message: str, attributes: Any) -> None:
        raise Unavailable("away")

    def send(self, message: str) -> None:
        raise Unavailable("away")


def relay_of(world: MemoryWorld, **parts: Any) -> Relay:
    return Relay(
        world.service,
        parts.get("topic", world.topic),
        parts.get("units", world.unit_queues),
        parts.get("again", world.queue("RELAY_QUEUE")),
    )


def image_of(world: MemoryWorld, number: str) -> dict[str, Any]:
    """HEAD as the stream shows it."""
    found = world.memory.get((number, "#HEAD"))
    assert found is not None
    return typed(found)


def head_of(world: MemoryWorld, number: str) -> Head:
    head = world.service.store.head(number)
    assert head is not None
    return head


def test_what_is_published_is_exactly_what_was_committed() -> None:
    world, number = Story(REPLIED, *REPLY).begin()

    relay_of(world).publish_image(image_of(world, number))

    [(message, attributes)] = world.topic.published
    announced = Announcement.model_validate_json(message)
    assert announced.commit == head_of(world, number).commit
    assert (announced.case_number, announced.state) == (number, "AWAITING_RATING")
    assert announced.unit == UNIT
    types = list(dict.fromkeys(event.type for event in announced.commit.events))
    assert attributes == {"state": "AWAITING_RATING", "events": types}
    assert "invited" in types


@pytest.mark.parametrize("integrates", [True, False])
def test_an_assignment_goes_to_the_units_own_queue_if_it_has_one(integrates: bool) -> None:
    world, number = Story((UNSURE, DISPATCH), c.Claim(), OFFICER).begin()
    world.rules = with_unit(integrates)

    relay_of(world).publish_image(image_of(world, number))

    queues = {unit: queue.sent for unit, queue in world.unit_queues.queues.items()}
    assert queues == ({UNIT: [world.topic.published[0][0]]} if integrates else {})


def with_unit(integrates: bool) -> Any:
    rules = rules_of()
    unit = replace(rules.city.units[UNIT], integrates=integrates)
    return replace(rules, city=replace(rules.city, units={**rules.city.units, UNIT: unit}))


def test_a_commit_that_assigns_nothing_goes_to_no_unit() -> None:
    world, number = Story(HANDLED, *REPLY).begin()
    world.rules = with_unit(integrates=True)

    relay_of(world).publish_image(image_of(world, number))

    assert len(world.topic.published) == 1
    assert world.unit_queues.queues == {}


def test_what_cannot_be_published_now_is_put_aside_and_published_from_the_journal() -> None:
    """The stream forgets after a day and must not be held up; the journal forgets nothing."""
    world, number = Story(HANDLED, *REPLY).begin()
    image, commit = image_of(world, number), head_of(world, number).commit
    again = MemoryQueue()

    relay_of(world, topic=Down(), again=again).publish_image(image)

    assert [json.loads(message) for message in again.sent] == [
        {"case_number": number, "version": 4}
    ]
    world.service.change(number, *_reply())
    relay_of(world).publish_again(number, 4)
    announced = Announcement.model_validate_json(world.topic.published[0][0])
    assert announced.commit == commit
    assert announced.state == "AWAITING_RATING", "the state of now"


def _reply() -> tuple[c.Command, Request]:
    return REPLY[0], Request(OFFICER, "reply")


def test_an_assignment_whose_queue_is_away_is_put_aside_as_a_whole() -> None:
    world, number = Story((UNSURE, DISPATCH), c.Claim(), OFFICER).begin()
    world.rules = with_unit(integrates=True)

    class UnitsDown:
        def of_unit(self, unit: str) -> Queue:
            return Down()

    relay_of(world, units=UnitsDown()).publish_image(image_of(world, number))

    assert len(world.queues["RELAY_QUEUE"].sent) == 1
    relay_of(world).publish_again(number, 3)
    assert len(world.unit_queues.queues[UNIT].sent) == 1


def test_a_units_queue_is_not_told_which_other_cases_are_like_it() -> None:
    """The topic carries the commit as it is sealed; a unit learns of other cases where it may open them."""
    like = e.Similar(number="1000000000000001", score=0.9, relation="same_person")
    story = Story((), c.Route(category="0204", unit=UNIT, confident=True, similar=(like,)), ROUTER)
    world, number = story.begin()
    world.rules = with_unit(integrates=True)
    world.service.change(number, story.command, Request(ROUTER, "route"))

    relay_of(world).publish_image(image_of(world, number))

    (sent,) = world.unit_queues.queues[UNIT].sent
    assert "similar-found" not in sent
    assert like.number not in sent
    assert like.number in world.topic.published[0][0]


def test_what_can_neither_be_published_nor_put_aside_stays_in_the_stream() -> None:
    world, number = Story(HANDLED, *REPLY).begin()

    with pytest.raises(Unavailable):
        relay_of(world, topic=Down(), again=Down()).publish_image(image_of(world, number))


def test_every_commit_of_a_case_can_be_published_again() -> None:
    world, number = Story(REPLIED, *REPLY).begin()
    journal = sound(world.service, number).journal

    for commit in journal:
        relay_of(world).publish_again(number, commit.version)

    announced = [Announcement.model_validate_json(m).commit for m, _ in world.topic.published]
    assert announced == list(journal)


@pytest.mark.parametrize("version", [0, 99])
def test_a_commit_that_is_none_cannot_be_published_again(version: int) -> None:
    world, number = Story(HANDLED, *REPLY).begin()
    with pytest.raises(LookupError):
        relay_of(world).publish_again(number, version)
    with pytest.raises(LookupError):
        relay_of(world).publish_again("1000000000000001", 1)


def test_a_commit_is_found_also_while_it_moves_from_head_to_the_journal() -> None:
    """Somebody commits the next one between the two reads."""
    world, number = Story(HANDLED, *REPLY).begin()
    reads: list[str] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("get", "after"):
            reads.append(name)
            if len(reads) == 1:
                world.service.change(number, c.Urge(), Request(CITIZEN, "urge"))

    store = world.service.store
    watched = type(store)(StepTable(world.memory, step))

    commit = watched.commit(number, 4)

    assert commit is not None
    assert commit.version == 4


# -- inviter -------------------------------------------------------------------------------


def notices(world: MemoryWorld) -> list[Item]:
    return [item for item in world.stored() if item["sk"].startswith("NOTICE#")]


def test_the_citizen_is_invited_once_for_a_reply() -> None:
    world, number = Story(REPLIED, *REPLY).begin()

    assert Inviter(world.service).invite(number, 5)
    assert not Inviter(world.service).invite(number, 5)

    [notice] = notices(world)
    assert notice["kind"] == "invitation"
    assert sound(world.service, number).notices[0].id == "000005.invitation.citizen"


def test_nobody_is_invited_to_a_case_that_moved_on() -> None:
    world, number = Story(HANDLED, *REPLY).begin()

    assert not Inviter(world.service).invite(number, 4)
    assert not Inviter(world.service).invite("1000000000000001", 1)
    assert notices(world) == []


def test_the_world_in_memory_is_wired_like_the_real_one() -> None:
    world = MemoryWorld(FrozenClock())
    file(world.service)

    assert isinstance(world.relay, Relay)
    assert isinstance(world.topic, MemoryTopic)
    assert world.dispatcher.route("1000000000000001") is None
    assert world.sweeper.sweep(0).ticked == 0
    assert not world.inviter.invite("1000000000000001", 1)
