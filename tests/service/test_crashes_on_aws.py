"""The same deaths on DynamoDB's own calls: botocore's hooks kill before and after each request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest

from casework.store.dynamo import DynamoTable
from tests.support.aws import Aws, aws
from tests.support.faults import Death, Killed, Moment
from tests.support.soundness import sound
from tests.support.stories import STORIES, Story, file
from tests.support.world import FrozenClock, MemoryWorld, rules_of

MOMENTS: tuple[Moment, Moment] = ("before", "after")


@pytest.fixture(scope="module")
def cloud() -> Iterator[Aws]:
    with aws() as running:
        yield running


@contextmanager
def dying(cloud: Aws, death: Death) -> Iterator[None]:
    """Let whoever calls DynamoDB die as told."""
    events = cloud.clients.dynamodb.meta.events

    def before(model: Any, **_: Any) -> None:
        death(model.name, "before")

    def after(model: Any, **_: Any) -> None:
        death(model.name, "after")

    events.register_first("before-call.dynamodb", before)
    events.register_first("after-call.dynamodb", after)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", before)
        events.unregister("after-call.dynamodb", after)


def on(table: DynamoTable) -> MemoryWorld:
    """A world whose cases lie in DynamoDB."""
    return MemoryWorld(FrozenClock(), rules_of(), table)


@pytest.mark.parametrize("name", STORIES)
def test_a_command_whose_process_died_at_any_request_is_carried_out_once(
    cloud: Aws, name: str
) -> None:
    points = count()
    while _die_and_repeat(cloud, STORIES[name], next(points)):
        pass
    assert next(points) > 6, "load, journal and HEAD have two points each"


def _die_and_repeat(cloud: Aws, story: Story, point: int) -> bool:
    """Whether there is such a point, at which somebody died."""
    world, number = story.begin(cloud.new_table())
    before = world.service.store.head(number)
    death = Death(point // 2, MOMENTS[point % 2])
    with dying(cloud, death), suppress(Killed):
        story.tell(world.service, number)

    story.tell(world.new_service(), number)
    story.tell(world.new_service(), number)

    assert before is not None
    assert len(sound(world.service, number).journal) == before.case.version + 1
    return death.happened


@pytest.mark.parametrize("point", range(4))
def test_a_filing_whose_process_died_at_any_request_is_one_case(cloud: Aws, point: int) -> None:
    """Two requests make a filing: BODY and HEAD."""
    table = cloud.new_table()
    world = on(table)
    death = Death(point // 2, MOMENTS[point % 2])
    with dying(cloud, death), pytest.raises(Killed):
        file(world.service)

    first, second = file(world.new_service()), file(world.new_service())

    assert first.number == second.number
    assert first.case == second.case == sound(world.service, first.number).head.case
    assert [i["sk"] for i in cloud.items(table) if i["sk"] in ("#HEAD", "BODY")] == [
        "#HEAD",
        "BODY",
    ]


def test_a_warm_filing_makes_two_requests(cloud: Aws) -> None:
    world = on(cloud.new_table())
    counted = Death()
    with dying(cloud, counted):
        file(world.service)

    assert counted.calls == 2
