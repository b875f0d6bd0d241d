"""Leases on shards, and alarms that are put off: the same in memory and in DynamoDB."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.outcomes import Request
from casework.store.alarms import HELD, SKEW, Alarms, Lease, wait_after
from casework.store.items import FAILURES
from casework.store.memory import MemoryTable
from casework.store.table import Item, Table, Unavailable
from schemas import commands as c
from schemas.base import iso
from tests.support.soundness import sound
from tests.support.stories import file
from tests.support.world import CITIZEN, START, MemoryWorld

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

# -- leases --------------------------------------------------------------------------------------


def test_one_at_a_time_has_a_shard_and_others_have_theirs(table: Table) -> None:
    first, second = Alarms(table), Alarms(table)

    assert first.take(0, START) is not None
    assert second.take(0, START + SECOND) is None
    assert second.take(1, START) is not None


def test_what_is_given_back_is_free_at_once_and_again(table: Table) -> None:
    alarms = Alarms(table)
    for _ in range(3):
        lease = alarms.take(0, START)
        assert lease is not None
        alarms.give_back(lease)


def test_who_died_holds_a_shard_until_the_lease_has_run_out_by_every_clock(table: Table) -> None:
    Alarms(table).take(0, START)

    assert Alarms(table).take(0, START + HELD + SKEW - SECOND) is None
    assert Alarms(table).take(0, START + HELD + SKEW) is not None


def test_a_clock_far_ahead_does_not_lock_a_shard_for_as_long(table: Table) -> None:
    Alarms(table).take(0, START + timedelta(days=3))

    assert Alarms(table).take(0, START) is not None


def test_a_clock_a_little_ahead_is_believed(table: Table) -> None:
    Alarms(table).take(0, START + SKEW)

    assert Alarms(table).take(0, START) is None


def test_who_comes_back_late_does_not_free_the_shard_of_its_next_holder(table: Table) -> None:
    late = Alarms(table).take(0, START)
    assert late is not None
    taken_over = START + HELD + SKEW
    assert Alarms(table).take(0, taken_over) is not None

    Alarms(table).give_back(late)

    assert Alarms(table).take(0, taken_over + SECOND) is None


class Away(MemoryTable):
    """A table that takes no more writes."""

    def put_at(self, item: Item, version: int) -> None:
        raise Unavailable("away")


def test_a_lease_that_cannot_be_given_back_runs_out() -> None:
    alarms = Alarms(Away())
    lease = alarms.take(0, START)
    assert lease == Lease(0, 1)

    alarms.give_back(lease)

    assert alarms.take(0, START) is None


# -- alarms that are put off ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 1), (2, 2), (3, 4), (8, 128), (9, 256), (10, 360), (11, 360), (10_000, 360)],
)
def test_the_wait_doubles_up_to_six_hours(failures: int, minutes: int) -> None:
    assert wait_after(failures) == minutes * MINUTE


def due_case(table: Table) -> tuple[MemoryWorld, str, str]:
    """A case that is due, and the alarm that the index shows of it."""
    world = MemoryWorld(table=table)
    number = file(world.service).number
    world.now.advance(days=2)
    ((_, alarm),) = world.service.store.due(0, world.now(), 10)
    return world, number, alarm


def test_a_put_off_alarm_rings_later_and_the_case_is_as_it_was(table: Table) -> None:
    world, number, alarm = due_case(table)
    store, now = world.service.store, world.now()
    before = store.head(number)

    for minutes in (1, 2, 4):
        until = Alarms(table).put_off(number, alarm, now)
        assert until == now + minutes * MINUTE
        assert store.due(0, until - SECOND, 10) == []
        ((_, alarm),) = store.due(0, until, 10)
        now = until

    assert store.head(number) == before
    sound(world.service, number)


def test_the_next_command_records_what_the_sweep_could_not(table: Table) -> None:
    world, number, alarm = due_case(table)
    Alarms(table).put_off(number, alarm, world.now())

    after = world.service.change(number, c.Urge(), Request(CITIZEN, "urge-1")).case

    assert after.next_due is not None
    assert after.next_due > world.now()
    item = table.get((number, "#HEAD"))
    assert item is not None
    assert FAILURES not in item


def test_the_next_commit_takes_it_back_where_its_tick_fails_as_well(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, number, alarm = due_case(table)
    Alarms(table).put_off(number, alarm, world.now())

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("casework.cases.decide.ticked", broken)
    after = world.service.change(number, c.Urge(), Request(CITIZEN, "urge-1")).case

    assert after.next_due is not None
    assert world.service.store.due(0, world.now(), 10) == [(number, iso(after.next_due))]
    item = table.get((number, "#HEAD"))
    assert item is not None
    assert FAILURES not in item
    assert after.next_due < world.now(), "which is due, as it was"


def test_a_case_that_was_ticked_in_between_keeps_its_new_alarm(table: Table) -> None:
    world, number, alarm = due_case(table)
    ticked = world.service.tick(number)
    assert ticked is not None

    assert Alarms(table).put_off(number, alarm, world.now()) is None

    assert ticked.next_due is not None
    assert world.service.store.due(0, ticked.next_due, 10) == [(number, iso(ticked.next_due))]


class Overtaken(MemoryTable):
    """Somebody changes a case just before an alarm is put off."""

    world: MemoryWorld | None = None

    def put_at(self, item: Item, version: int) -> None:
        world, self.world = self.world, None
        if world:
            world.service.tick(item["pk"])
        super().put_at(item, version)


def test_who_is_overtaken_puts_nothing_off() -> None:
    table = Overtaken()
    world, number, alarm = due_case(table)
    table.world = world

    assert Alarms(table).put_off(number, alarm, world.now()) is None

    case = sound(world.service, number).head.case
    assert case.next_due is not None
    assert case.next_due > world.now()
    assert FAILURES not in (table.get((number, "#HEAD")) or {})


def test_what_is_no_case_is_left_alone(table: Table) -> None:
    alarm = iso(START)
    spoilt = {"pk": "2", "sk": "#HEAD", "alarm_shard": "0", "next_due": alarm}
    table.put(spoilt)

    assert Alarms(table).put_off("1", alarm, START) is None
    assert Alarms(table).put_off("2", alarm, START) is None

    assert table.get(("1", "#HEAD")) is None
    assert table.get(("2", "#HEAD")) == spoilt
