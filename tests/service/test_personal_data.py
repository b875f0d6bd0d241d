"""Name and phone are readable nowhere: not in the table, not in the journal, not on the topic."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from casework.relaying import Relay
from casework.store.dynamo import typed
from casework.store.memory import MemoryQueue
from tests.support.stories import NAME, PHONE, REPLIED, STORIES, Story, file
from tests.support.world import MemoryWorld

REPLIED_TO = Story(REPLIED, *STORIES["rate"].before[0])


def strings(value: Any) -> Iterator[bytes]:
    """Every name and value within, as bytes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(name)
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, bytes):
        yield value
    else:
        yield str(value).encode()


SECRETS = [NAME, NAME[:2], PHONE, PHONE[-8:], PHONE[3:9]]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_stored_item_can_be_read_for_a_name_or_a_phone(secret: str) -> None:
    world, number = REPLIED_TO.begin()
    found = [item["sk"] for item in world.stored() if _shows(item, secret)]

    assert number
    assert {item["sk"].split("#")[0] for item in world.stored()} >= {"", "BODY", "COMMIT", "TEXT"}
    assert found == []


def test_a_name_in_a_text_would_have_been_found() -> None:
    """The search above is worth something: a name that the citizen wrote into the text is seen."""
    world = MemoryWorld()
    file(world.service, text=f"我叫{NAME}，路灯坏了。")

    assert any(_shows(item, NAME) for item in world.stored())


def _shows(item: dict[str, Any], secret: str) -> bool:
    return any(secret.encode() in part for part in strings(item))


@pytest.mark.parametrize("secret", SECRETS)
def test_no_announcement_can_be_read_for_a_name_or_a_phone(secret: str) -> None:
    world, number = REPLIED_TO.begin()
    relay = Relay(world.service, world.topic, world.unit_queues, MemoryQueue())
    for version in range(1, 6):
        relay.publish_again(number, version)
    image = typed(next(item for item in world.stored() if item["sk"] == "#HEAD"))
    relay.publish_image(image)

    assert len(world.topic.published) == 6
    assert secret not in repr(world.topic.published)


def test_whoever_may_look_sees_name_and_phone_in_full() -> None:
    world = MemoryWorld()
    number = file(world.service).number

    body = world.service.store.bodies([number])[number]

    assert world.service.contact(body) == {"name": NAME, "phone": PHONE}


def test_a_filing_without_contact_needs_no_key() -> None:
    world = MemoryWorld()
    number = file(world.service, contact=None).number

    body = world.service.store.bodies([number])[number]

    assert (body.sealed, body.key) == ({}, None)
    assert world.service.contact(body) == {}


def test_a_ciphertext_opens_in_its_own_case_and_field_only() -> None:
    world = MemoryWorld()
    mine, other = file(world.service, "1").number, file(world.service, "2").number
    bodies = world.service.store.bodies([mine, other])
    stolen = bodies[mine].sealed
    moved = {"to another case": (other, stolen), "to another field": (mine, _swapped(stolen))}
    for number, sealed in moved.values():
        body = bodies[number].model_copy(update={"sealed": sealed})
        with pytest.raises(InvalidTag):
            world.service.contact(body)


def _swapped(sealed: dict[str, bytes]) -> dict[str, bytes]:
    return {"name": sealed["phone"], "phone": sealed["name"]}


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_a_ciphertext_that_was_changed_does_not_open(place: int) -> None:
    world = MemoryWorld()
    number = file(world.service).number
    body = world.service.store.bodies([number])[number]
    data = bytearray(copy.copy(body.sealed["phone"]))
    data[place] ^= 1

    changed = body.model_copy(update={"sealed": {"phone": bytes(data)}})

    with pytest.raises(InvalidTag):
        world.service.contact(changed)


def test_the_same_phone_twice_looks_different_each_time() -> None:
    world = MemoryWorld()
    numbers = [file(world.service, str(one)).number for one in range(2)]

    sealed = [body.sealed["phone"] for body in world.service.store.bodies(numbers).values()]

    assert sealed[0] != sealed[1]
    assert sealed[0][:12] != sealed[1][:12]


def test_of_equal_texts_the_hashes_in_the_journal_differ() -> None:
    """Each is salted, so that nobody learns from the chain that two citizens wrote the same."""
    world = MemoryWorld()
    numbers = [file(world.service, str(one)).number for one in range(2)]
    heads = [world.service.store.head(number) for number in numbers]

    first, second = (head.commit.texts for head in heads if head)

    assert first.keys() == second.keys() == {"title", "text", "contact"}
    assert not set(first.values()) & set(second.values())
