"""The sweep: whose tick fails waits, who comes behind does not, and a backlog drains to the last case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from casework.cases.rules import Rules
from casework.relaying import Relay
from casework.service import Service
from casework.store.alarms import HELD, SKEW, Alarms
from casework.store.dynamo import typed
from casework.store.items import FAILURES
from casework.store.memory import MemoryQueue
from casework.store.settings import NotSetUp
from casework.store.table import ALARM, Index, Item, Table, Unavailable
from casework.sweeping import BUDGET, MANY, PAGE, ROUNDS, Order, Sweeper, Swept
from schemas.events import Overdue, Reminded
from tests.support.faults import Killed, Moment, StepTable
from tests.support.soundness import sound
from tests.support.stories import file
from tests.support.world import MemoryWorld


def due_cases(count: int, world: MemoryWorld | None = None) -> tuple[MemoryWorld, list[str]]:
    """Cases whose first alarm has come, oldest first."""
    world = world or MemoryWorld()
    numbers = []
    for place in range(count):
        world.now.advance(seconds=1)
        numbers.append(file(world.service, str(place)).number)
    world.now.advance(days=3)
    return world, numbers


class Failing(Service):
    """A service that fails for some cases."""

    bad: frozenset[str] = frozenset()
    how: Callable[[], Exception] = staticmethod(lambda: RuntimeError("broken"))

    def tick(self, number: str) -> Any:
        if number in self.bad:
            raise self.how()
        return super().tick(number)


def failing(world: MemoryWorld, *bad: str) -> Failing:
    store = world.new_service().store
    service = Failing(store, world.vault, lambda: world.rules, world.clock)
    service.bad = frozenset(bad)
    return service


def failures(world: MemoryWorld, number: str) -> int:
    item = world.memory.get((number, "#HEAD"))
    assert item is not None
    return int(item.get(FAILURES, 0))


def alarm(world: MemoryWorld, number: str) -> str:
    item = world.memory.get((number, "#HEAD"))
    assert item is not None
    return str(item["next_due"])


class Counting(StepTable):
    """A table that counts its calls by their names."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, self._count)
        self.calls: Counter[str] = Counter()

    def _count(self, name: str, moment: Moment) -> None:
        self.calls[name] += moment == "before"


def test_it_says_how_many_days_of_calendar_are_left() -> None:
    """Whoever operates it is told a year before the end; an idle sweep reads no rules for that."""
    world, _ = due_cases(1)
    left = (world.rules.calendar.last - world.now().date()).days

    assert Sweeper(world.service).sweep(0).calendar_days == left
    assert Sweeper(world.service).sweep(0).calendar_days is None


# -- what fails ------------------------------------------------------------------------------------


def test_a_case_that_keeps_failing_is_tried_ever_more_rarely_and_never_given_up() -> None:
    world, (bad,) = due_cases(1)
    sweeper = Sweeper(failing(world, bad))
    tried = []
    for minute in range(26 * 60):
        if sweeper.sweep(0).failed:
            tried.append(minute)
        world.now.advance(minutes=1)

    waits = [after - before for before, after in pairwise(tried)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_once_its_tick_succeeds_a_case_is_as_any_other() -> None:
    world, (bad,) = due_cases(1)
    for _ in range(3):
        Sweeper(failing(world, bad)).sweep(0)
        world.now.advance(hours=1)
    assert failures(world, bad) == 3

    assert Sweeper(world.service).sweep(0).ticked == 1

    assert failures(world, bad) == 0
    case = sound(world.service, bad).head.case
    assert case.next_due is not None
    assert case.next_due > world.now()


def test_what_failed_does_not_stand_before_the_rest_at_the_next_sweep() -> None:
    world, numbers = due_cases(PAGE + 20)
    bad = numbers[: PAGE + 5]
    Sweeper(failing(world, *bad)).sweep(0)

    assert world.service.store.due(0, world.now(), 10) == []
    assert {failures(world, number) for number in bad} == {1}
    assert {failures(world, number) for number in numbers[PAGE + 5 :]} == {0}


def test_what_fails_for_all_is_the_fault_of_no_case_and_is_made_good_at_once() -> None:
    """A faulty release, say: when it is mended nobody waits for another six hours."""
    world, numbers = due_cases(MANY)

    for _ in range(60):
        assert Sweeper(failing(world, *numbers)).sweep(0).failed == MANY
        world.now.advance(minutes=1)

    assert Sweeper(world.service).sweep(0).ticked == MANY


def test_so_many_failures_that_time_runs_out_do_not_hold_up_the_rest() -> None:
    world, numbers = due_cases(100)
    bad, good = numbers[:90], numbers[90:]
    sweeper = Sweeper(failing(world, *bad), monotonic=ticking(BUDGET / 40))

    while sweeper.sweep(0).left:
        pass

    assert all(alarm(world, number) > world.now().isoformat() for number in good)


def test_a_table_that_is_away_for_a_moment_puts_nothing_off() -> None:
    world, numbers = due_cases(3)
    service = failing(world, numbers[0])
    service.how = lambda: Unavailable("throttled")

    swept = Sweeper(service).sweep(0)

    assert (swept.ticked, swept.failed) == (2, 1)
    assert failures(world, numbers[0]) == 0
    assert Sweeper(world.service).sweep(0).ticked == 1


def test_settings_that_cannot_be_read_stop_the_sweep_and_put_nothing_off() -> None:
    world, (number,) = due_cases(1)

    def unreadable() -> Rules:
        raise NotSetUp

    blind = Service(world.service.store, world.vault, unreadable, world.clock)
    with pytest.raises(NotSetUp):
        Sweeper(blind).sweep(0)

    assert failures(world, number) == 0
    assert Sweeper(world.service).sweep(0).ticked == 1, "and the shard is free"


@pytest.mark.parametrize("at", ["2026", "2026-01-01", "2026-01-01T00:00:00Z"])
def test_a_case_that_is_no_more_is_passed_over(at: str) -> None:
    world, (number,) = due_cases(1)
    world.memory.put({"pk": "1" * 16, "sk": "#GONE", "alarm_shard": "0", "next_due": at})

    swept = Sweeper(world.service).sweep(0)

    assert (swept.ticked, swept.failed) == (1, 0)
    assert alarm(world, number) > world.now().isoformat()


# -- an index that is slow -------------------------------------------------------------------------


class Stale(Counting):
    """A table whose alarm index still shows what it showed at first."""

    def __init__(self, table: Table, shown: list[Item]) -> None:
        super().__init__(table)
        self._shown = shown

    def query(
        self,
        index: Index,
        partition: str,
        limit: int,
        *,
        after: str | None = None,
        until: str | None = None,
        newest_first: bool = False,
    ) -> list[Item]:
        assert index is ALARM
        self.calls["query"] += 1
        return self._shown[:limit]


def test_entries_that_an_index_shows_too_long_cost_a_read_each_and_stop_nobody() -> None:
    world, numbers = due_cases(PAGE * 2 + 10)
    shown = world.memory.query(ALARM, "0", 1000)
    for number in numbers[: PAGE + 10]:
        world.service.tick(number)
    table = Stale(world.memory, shown)
    world.cases_table = table

    swept = Sweeper(world.new_service()).sweep(0)

    assert (swept.ticked, swept.failed) == (PAGE, 0)
    assert table.calls["get"] == len(numbers) + 1, "each once, and the lease"
    assert table.calls["query"] <= 2 * 3, "of three pages"


# -- one sweep at a time ---------------------------------------------------------------------------


def test_a_shard_where_nothing_is_due_costs_one_query_and_no_write() -> None:
    world = MemoryWorld()
    file(world.service)
    table = Counting(world.memory)
    world.cases_table = table

    assert Sweeper(world.new_service()).sweep(0) == Swept()

    assert table.calls == {"query": 1}


def test_a_lease_costs_a_sweep_one_read_and_two_writes() -> None:
    world, numbers = due_cases(7)
    table = Counting(world.memory)
    world.cases_table = table

    Sweeper(world.new_service()).sweep(0)

    writes = table.calls["put_new"] + table.calls["put_at"]
    assert table.calls["get"] == len(numbers) + 1
    assert writes == 2 * len(numbers) + 2


def test_a_shard_that_another_sweeps_is_left_to_it() -> None:
    world, numbers = due_cases(2)
    lease = Alarms(world.memory).take(0, world.now())
    assert lease is not None

    swept = Sweeper(world.service).sweep(0)

    assert (swept.ticked, swept.failed, swept.left) == (0, 0, False)
    assert swept.oldest_seconds > 0, "how long they have waited is told all the same"
    Alarms(world.memory).give_back(lease)
    assert Sweeper(world.service).sweep(0).ticked == len(numbers)


def test_wherever_a_sweep_dies_the_next_goes_on_and_records_all_of_it_once() -> None:
    """Its process is gone for good: it neither gives its shard back nor does anything else."""
    points = 0
    while True:
        world, numbers = due_cases(2)
        table = StepTable(world.memory, death_at(points))
        world.cases_table = table
        try:
            Sweeper(world.new_service()).sweep(0)
        except Killed:
            points += 1
        else:
            break
        world.cases_table = world.memory
        world.now.now += HELD + SKEW
        Sweeper(world.new_service()).sweep(0)
        for number in numbers:
            recorded_once(world, number)
    assert points == 2 * (1 + 2 + 2 * 3 + 1), "before and after each call"


def death_at(point: int) -> Callable[[str, Moment], None]:
    """Die at this moment, and stay dead."""
    passed = [0]

    def step(name: str, moment: Moment) -> None:
        passed[0] += 1
        if passed[0] > point:
            raise Killed

    return step


def recorded_once(world: MemoryWorld, number: str) -> None:
    """Every rung of each clock in its order, each once, each overdue mark once, nothing left."""
    dossier = sound(world.service, number)
    rungs: dict[str, list[int]] = {}
    overdue: Counter[str] = Counter()
    for _, event in dossier.events:
        if isinstance(event, Reminded):
            rungs.setdefault(event.clock, []).extend(event.rungs)
        elif isinstance(event, Overdue):
            overdue[event.clock] += 1
    case = dossier.head.case
    for name, fired in rungs.items():
        assert fired == list(range(len(fired)))
        if name in case.clocks:
            assert case.clocks[name].fired == len(fired)
    assert set(overdue.values()) <= {1}
    assert case.next_due is not None
    assert case.next_due > world.now()


# -- going on --------------------------------------------------------------------------------------


def ticking(step: float) -> Callable[[], float]:
    """A stopwatch that goes on by this much at every look."""
    seconds = [0.0]

    def look() -> float:
        seconds[0] += step
        return seconds[0]

    return look


def test_what_is_left_is_ordered_at_once_but_not_without_end() -> None:
    world, _ = due_cases(PAGE * 2)
    queue = MemoryQueue()
    sweeper = Sweeper(world.service, queue, monotonic=ticking(BUDGET / 10))

    sweeper.obey(Order(shard=0, recount=1))
    for number, message in enumerate(queue.sent, 2):
        assert json.loads(message) == {"shard": 0, "round": number}
        sweeper.obey(Order.model_validate_json(message))

    assert len(queue.sent) == ROUNDS - 1
    assert world.service.store.due(0, world.now(), 1), "the next minute's order goes on"


def test_a_sweep_that_came_to_its_end_orders_nothing() -> None:
    world, numbers = due_cases(PAGE)
    queue = MemoryQueue()

    assert Sweeper(world.service, queue).obey(Order(shard=0)).ticked == len(numbers)

    assert queue.sent == []


@pytest.mark.parametrize(
    "message",
    [
        *("", "null", "[]", "{}", '{"shard": "0"}', '{"shard": -1}', '{"shard": 0, "round": 0}'),
        '{"shard": 0, "recount": "1"}',
    ],
)
def test_what_is_no_order_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match="Order"):
        Order.model_validate_json(message)


def test_an_order_of_the_first_round_says_its_shard_alone() -> None:
    assert Order.model_validate_json('{"shard": 3}') == Order(shard=3, round=1, recount=None)


@pytest.mark.parametrize("shards", [1, 4])
def test_after_an_outage_thousands_drain_by_themselves_and_no_rung_is_lost(shards: int) -> None:
    """Fifteen hours in which nobody swept: what was due is recorded, oldest first, in short runs."""
    world, numbers = due_cases(2_000, MemoryWorld(alarm_shards=shards))
    queue = MemoryQueue()
    sweeper = Sweeper(world.service, queue, monotonic=ticking(BUDGET / 200))

    minutes = 0
    while any(world.service.store.due(shard, world.now(), 1) for shard in range(shards)):
        for shard in range(shards):
            sweeper.obey(Order(shard=shard))
        while queue.sent:
            sweeper.obey(Order.model_validate_json(queue.sent.pop(0)))
        world.now.advance(minutes=1)
        minutes += 1

    assert minutes <= 2_000 / shards / 200 / ROUNDS + 2
    for number in numbers:
        recorded_once(world, number)


# -- what the stream sees --------------------------------------------------------------------------


def test_an_alarm_that_is_put_off_is_no_news() -> None:
    world, (bad,) = due_cases(1)
    Sweeper(failing(world, bad)).sweep(0)
    again = MemoryQueue()
    relay = Relay(world.service, world.topic, world.unit_queues, again)
    image = world.memory.get((bad, "#HEAD"))
    assert image is not None

    relay.publish_image(typed(image))

    assert world.topic.published == []
    assert again.sent == []
