"""Who may not read a case learns nothing of it: not by a version, not by a repeat, not by the stream."""

import json
from typing import Any

import pytest

from casework.cases.access import Bound, By
from casework.outcomes import Refused, Request, Stale
from casework.relaying import Relay
from casework.service import Service
from casework.store.dynamo import typed
from schemas import commands as c
from tests.support.stories import HANDLED, OFFICER, PHONE, file
from tests.support.world import CITIZEN, MemoryWorld, staff

STRANGER = By(CITIZEN.actor, bindings=(Bound("somebody-else"),))
ELSEWHERE = staff("officer", "officer-9", "zhujian")


def handled(world: MemoryWorld) -> str:
    number = file(world.service, channel="hotline").number
    for step, (command, by) in enumerate(HANDLED):
        world.service.change(number, command, Request(by, str(step)))
    return number


@pytest.mark.parametrize("by", [STRANGER, ELSEWHERE])
def test_a_stranger_does_not_learn_the_version_by_guessing_it(by: By) -> None:
    world = MemoryWorld()
    number = handled(world)
    command = c.Urge() if by is STRANGER else c.Claim()
    with pytest.raises(Refused) as refused:
        world.service.change(number, command, Request(by, "k", if_match=99))
    assert refused.value.refusal.code == "not_yours"
    assert refused.value.refusal.allowed == ()
    with pytest.raises(Stale):
        world.service.change(number, c.Claim(), Request(OFFICER, "k", if_match=99))


def test_a_strangers_request_under_the_citizens_key_is_no_repeat() -> None:
    world = MemoryWorld()
    number = handled(world)
    world.service.change(number, c.Urge(text="请快一点"), Request(CITIZEN, "1"))
    with pytest.raises(Refused):
        world.service.change(number, c.Urge(text="请快一点"), Request(STRANGER, "1"))


def relay_of(world: MemoryWorld) -> Relay:
    return Relay(world.service, world.topic, world.unit_queues, world.queue("RELAY_QUEUE"))


def image(service: Service, number: str) -> dict[str, Any]:
    item = service.store.table.get((number, "#HEAD"))
    assert item is not None
    return typed(item)


def test_what_the_relay_cannot_read_is_put_aside_and_does_not_stop_the_stream() -> None:
    world = MemoryWorld()
    number = handled(world)
    unknown = image(world.service, number) | {"state": {"S": "A_STATE_OF_NEXT_YEAR"}}

    relay_of(world).publish_image(unknown)

    (aside,) = world.queues["RELAY_QUEUE"].sent
    assert json.loads(aside) == {"case_number": number, "version": 4}


def test_no_commit_and_no_announcement_names_the_person() -> None:
    world = MemoryWorld()
    number = handled(world)
    person = world.service.keys.phone(PHONE)
    head = world.service.store.head(number)
    assert head is not None
    assert head.case.citizen == person, "it is there, for “my cases”"

    relay_of(world).publish_image(image(world.service, number))

    assert all(person not in message for message, _ in world.topic.published)
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    assert all(person not in commit.model_dump_json() for commit in dossier.journal)
