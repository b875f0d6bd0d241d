"""Calendar and policy change in mid-flight: every open case is counted anew, once, whatever happens.

Complaints are filed on Monday, 28 September 2026, with fifteen working days: due when Friday,
the 23rd of October, has passed. A day off in between makes it Monday, a Sunday that is worked Thursday.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from casework.outcomes import Request
from casework.recounting import BUDGET, PAGE, Recounted, Recounter, change_to_count
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.marks import SETTLED, Change
from casework.store.settings import NotSetUp
from casework.store.table import Table, Unavailable
from casework.sweeping import MANY, Sweeper
from casework.views.timeline import timeline
from schemas import commands as c
from schemas.events import Overdue, Reminded, RulesChanged
from tests.support.calendars import rules_with
from tests.support.faults import Baton, Death, Killed, Moment, StepTable
from tests.support.orders import Orders
from tests.support.soundness import sound
from tests.support.stories import AGENT, file, filing
from tests.support.world import CITIZEN, MemoryWorld, rules_of

DAY = timedelta(days=1)
PROMISED, LATER, EARLIER = (
    datetime.fromisoformat(f"2026-10-{day}T00:00:00+08:00") for day in (24, 27, 23)
)
DAY_OFF, WORKED = ("2026-10-12",), ("2026-10-11",)
FROM_ABOVE = c.From(system="leader", due=date(2026, 10, 30))


def city(cases: int = 3, shards: int = 1) -> tuple[MemoryWorld, list[str]]:
    """Open complaints, in the order in which they are counted."""
    world = MemoryWorld(alarm_shards=shards)
    numbers = [file(world.service, str(place), kind="complaint").number for place in range(cases)]
    return world, sorted(numbers)


def enter(
    world: MemoryWorld, holidays: tuple[str, ...] = DAY_OFF, workdays: tuple[str, ...] = ()
) -> Change:
    """A year is replaced, and it is time to count."""
    world.rules = rules_with(rules_of(), holidays, workdays)
    world.marks.note()
    world.marks.pending(world.now())
    world.now.now += SETTLED
    return pending(world)


def pending(world: MemoryWorld) -> Change:
    change = change_to_count(world.marks, world.now())
    assert change is not None, "there is counting to do"
    return change


def nothing_pending(world: MemoryWorld) -> bool:
    return change_to_count(world.marks, world.now() + 30 * DAY) is None


def recounter(world: MemoryWorld, service: Service | None = None, **options: Any) -> Recounter:
    options = {"refresh": lambda: None, **options}
    return Recounter(service or world.service, world.marks, **options)


def promised(world: MemoryWorld, number: str) -> datetime:
    return sound(world.service, number).head.case.clocks["resolve"].due


def recounts(world: MemoryWorld, number: str) -> int:
    """How often the journal says that the rules have changed."""
    events = sound(world.service, number).events
    return sum(isinstance(event, RulesChanged) for _, event in events)


def all_moved(world: MemoryWorld, numbers: list[str], to: datetime = LATER) -> bool:
    """Every case has the new date, and was given it once."""
    return all((promised(world, number), recounts(world, number)) == (to, 1) for number in numbers)


# -- what moves ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holidays", "workdays", "to"), [(DAY_OFF, (), LATER), ((), WORKED, EARLIER)]
)
def test_every_open_case_has_its_new_date_later_or_earlier_in_every_shard(
    holidays: tuple[str, ...], workdays: tuple[str, ...], to: datetime
) -> None:
    world, numbers = city(12, shards=4)
    assert {promised(world, number) for number in numbers} == {PROMISED}
    change = enter(world, holidays, workdays)

    runs = [recounter(world).recount(shard, change.number) for shard in range(4)]

    assert sum(run.moved for run in runs) == len(numbers)
    assert all_moved(world, numbers, to)
    assert nothing_pending(world)
    for number in numbers:
        case = sound(world.service, number).head.case
        assert case.next_due is not None
        assert case.next_due > world.now()


def test_a_date_that_is_reckoned_to_have_passed_already_is_ticked_by_the_next_sweep() -> None:
    """Given the eve of the last day, and days of rest that were worked after all."""
    world, (number,) = city(1)
    world.now.now = datetime.fromisoformat("2026-10-22T10:00:00+08:00")
    world.service.tick(number)
    worked = ("2026-10-11", "2026-10-17", "2026-10-18")
    change = enter(world, (), worked)

    recounter(world).recount(0, change.number)
    assert promised(world, number) < world.now()
    world.now.advance(minutes=1)
    assert Sweeper(world.service).sweep(0).ticked == 1

    assert sound(world.service, number).head.case.clocks["resolve"].late


def test_what_is_right_already_is_left_as_it_is_however_often_it_is_counted() -> None:
    world, _ = city()
    change = enter(world)
    recounter(world).recount(0, change.number)
    before = world.memory.items()

    world.marks.note()
    world.marks.pending(world.now())
    world.now.now += SETTLED
    again = recounter(world).recount(0, pending(world).number)

    assert again == Recounted(moved=0)
    assert world.memory.items() == before
    assert nothing_pending(world)


def test_dates_that_were_decided_stay() -> None:
    world, _ = city(0)
    by_decree = world.service.file(
        filing(origin=FROM_ABOVE, channel="hotline", kind="complaint"), AGENT, "imposed"
    ).number
    imposed = promised(world, by_decree)
    change = enter(world)

    recounter(world).recount(0, change.number)

    assert promised(world, by_decree) == imposed


def test_what_has_fired_fires_never_again_and_the_rest_fires_once() -> None:
    """Given a case whose first reminders have come, moved later, moved earlier, and then forgotten."""
    world, (number,) = city(1)
    sweeper = Sweeper(world.service)
    world.now.advance(days=20)
    sweeper.sweep(0)
    assert fired(world, number)["resolve"], "something has fired"

    for holidays, workdays in ((DAY_OFF, ()), ((), WORKED), ((), ())):
        recounter(world).recount(0, enter(world, holidays, workdays).number)
        sweeper.sweep(0)
    for _ in range(60):
        world.now.advance(days=1)
        sweeper.sweep(0)

    for clock, rungs in fired(world, number).items():
        assert rungs == list(range(len(rungs))), clock
    overdue = Counter(
        event.clock
        for _, event in sound(world.service, number).events
        if isinstance(event, Overdue)
    )
    assert overdue["resolve"] == 1
    assert set(overdue.values()) == {1}


def fired(world: MemoryWorld, number: str) -> dict[str, list[int]]:
    """The rungs that the journal says were reached, by clock."""
    found: dict[str, list[int]] = {}
    for _, event in sound(world.service, number).events:
        if isinstance(event, Reminded):
            found.setdefault(event.clock, []).extend(event.rungs)
    return found


def test_the_citizens_timeline_says_so_in_both_languages() -> None:
    world, (number,) = city(1)
    recounter(world).recount(0, enter(world).number)
    dossier = sound(world.service, number)

    said = {
        language: [
            entry.words
            for entry in timeline(dossier, world.rules, language, desk=False)
            if entry.event == "rules-changed"
        ]
        for language in ("zh-CN", "en")
    }

    assert [len(words) for words in said.values()] == [1, 1]
    assert "重新" in said["zh-CN"][0]
    assert "again" in said["en"][0] or "anew" in said["en"][0]


# -- what has become of a case meanwhile -----------------------------------------------------------


class Meddled(Service):
    """A service before whose word somebody else does something to the case."""

    first: Callable[[str], object] = staticmethod(lambda number: None)

    def tell(self, number: str, *rest: Any) -> Any:
        self.first(number)
        return super().tell(number, *rest)


def meddled(world: MemoryWorld, first: Callable[[str], object]) -> Service:
    service = Meddled(world.service.store, world.vault, lambda: world.rules, world.clock)
    service.first = first
    return service


def test_cases_that_have_ended_meanwhile_are_left_as_they_ended() -> None:
    world, numbers = city()

    def withdrawn(number: str) -> None:
        if number == numbers[1]:
            command = c.Withdraw(reason="solved")
            world.service.change(number, command, Request(CITIZEN, "enough"))

    change = enter(world)
    run = recounter(world, meddled(world, withdrawn)).recount(0, change.number)

    assert run == Recounted(moved=2)
    assert sound(world.service, numbers[1]).head.commit.events[-1].type != "rules-changed"
    assert all_moved(world, [numbers[0], numbers[2]])
    assert nothing_pending(world)


def test_an_entry_of_the_index_without_a_case_is_passed_over() -> None:
    world, numbers = city()
    world.memory.put(
        {"pk": "1", "sk": "#GONE", "alarm_shard": "0", "next_due": "2026-09-30T00:00:00Z"}
    )

    assert recounter(world).recount(0, enter(world).number) == Recounted(moved=3)
    assert all_moved(world, numbers)


def test_a_danger_beside_a_case_that_has_ended_keeps_its_alarm_and_counts_in_its_minutes() -> None:
    world, (number,) = city(1)
    end = c.Withdraw(reason="solved", text="不想活了，我现在在楼顶")
    world.service.change(number, end, Request(CITIZEN, "end"))
    before = sound(world.service, number).head.case
    assert not before.is_open
    assert world.service.store.open_cases(0) == [number], "it has an alarm"

    assert recounter(world).recount(0, enter(world).number) == Recounted()

    assert sound(world.service, number).head.case == before
    assert nothing_pending(world)


def test_alarms_that_move_between_two_runs_leave_no_case_out() -> None:
    """Given a run that ends after its first case; then every alarm goes to another place."""
    world, numbers = city(6)
    change = enter(world)
    assert recounter(world, monotonic=stopwatch(BUDGET)).recount(0, change.number).left
    for number in numbers:
        for place, command in enumerate((c.Urge(), c.SendMessage(text="怎么还没有消息？"))):
            world.service.change(number, command, Request(CITIZEN, str(place)))
    for number in numbers[3:]:
        world.now.advance(days=1)
        world.service.tick(number)

    assert not recounter(world).recount(0, change.number).left

    assert all_moved(world, numbers)


# -- what fails ------------------------------------------------------------------------------------


def broken(world: MemoryWorld, *bad: str, how: Exception | None = None) -> Service:
    """A service that fails for some cases."""

    def fail(number: str) -> None:
        if number in bad:
            raise how or RuntimeError("王小云，19900001234")

    return meddled(world, fail)


def test_a_broken_case_does_not_hold_up_the_rest_and_its_failure_says_nothing_personal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world, numbers = city(PAGE + 3)
    bad, good = numbers[0], numbers[1:]
    change = enter(world)

    with caplog.at_level(logging.ERROR):
        run = recounter(world, broken(world, bad)).recount(0, change.number)

    assert run == Recounted(moved=len(good), failed=1)
    assert all_moved(world, good)
    assert nothing_pending(world)
    (record,) = caplog.records
    assert record.getMessage() == f"{bad} cannot be counted anew: RuntimeError"


def test_once_it_is_mended_it_is_counted_with_the_next_change() -> None:
    world, numbers = city(2)
    recounter(world, broken(world, numbers[0])).recount(0, enter(world).number)
    assert promised(world, numbers[0]) == PROMISED

    recounter(world).recount(0, enter(world).number)

    assert all_moved(world, numbers)


def test_what_fails_for_all_is_the_fault_of_no_case_and_none_is_left_out_for_it() -> None:
    """A faulty release, say: once it is mended the counting begins where it stood."""
    world, numbers = city(PAGE + MANY)
    change = enter(world)

    for _ in range(3):
        run = recounter(world, broken(world, *numbers)).recount(0, change.number)
        assert (run.moved, run.left) == (0, True)
        assert pending(world) == change

    assert recounter(world).recount(0, change.number) == Recounted(moved=len(numbers))
    assert all_moved(world, numbers)


def test_a_store_that_is_away_is_waited_for() -> None:
    world, numbers = city(4)
    change = enter(world)
    away = broken(world, numbers[2], how=Unavailable("throttled"))

    assert recounter(world, away).recount(0, change.number) == Recounted(moved=2, left=True)
    assert pending(world) == change

    assert recounter(world).recount(0, change.number) == Recounted(moved=2)
    assert all_moved(world, numbers)


@pytest.mark.parametrize(
    ("fault", "failed"), [(Unavailable("away"), 0), (NotSetUp(), 1), (ValueError("faulty"), 1)]
)
def test_by_rules_that_cannot_be_read_nothing_is_counted_and_nothing_is_done(
    fault: Exception, failed: int
) -> None:
    """The old ones would find every date right, and the shard would be done."""
    world, numbers = city()
    change = enter(world)

    def unreadable() -> None:
        raise fault

    run = recounter(world, refresh=unreadable).recount(0, change.number)

    assert run == Recounted(failed=failed, left=True)
    assert pending(world) == change
    assert {promised(world, number) for number in numbers} == {PROMISED}


def test_whether_there_is_something_to_count_never_stops_a_sweep(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world, _ = city(0)

    def away(name: str, moment: Moment) -> None:
        raise Unavailable("away")

    world.settings_table = StepTable(world.settings_table, away)

    with caplog.at_level(logging.ERROR):
        assert change_to_count(world.marks, world.now()) is None
    assert len(caplog.records) == 1


# -- at a limited rate -----------------------------------------------------------------------------


def stopwatch(step: float) -> Callable[[], float]:
    """A stopwatch that goes on by this much at every look."""
    seconds = [0.0]

    def look() -> float:
        seconds[0] += step
        return seconds[0]

    return look


def test_when_the_time_of_a_run_has_ended_the_next_goes_on_from_there() -> None:
    world, numbers = city(PAGE + 10)
    change = enter(world)
    told: list[str] = []

    runs: list[Recounted] = []
    while not runs or runs[-1].left:
        service = meddled(world, told.append)
        slow = recounter(world, service, monotonic=stopwatch(BUDGET / 20))
        runs.append(slow.recount(0, change.number))

    assert [run.moved for run in runs] == [20, 20, 20, 0]
    assert told == numbers, "each once, in order"
    assert all_moved(world, numbers)
    assert nothing_pending(world)


def test_a_change_in_the_midst_of_the_counting_counts_all_of_it_again_by_the_newest() -> None:
    world, numbers = city(4)
    first = enter(world)
    assert recounter(world, monotonic=stopwatch(BUDGET / 2)).recount(0, first.number).left

    second = enter(world, (), WORKED)
    stale = recounter(world).recount(0, first.number)  # an order that came late
    assert not stale.left
    assert pending(world) == second, "which does not count for the second"
    recounter(world).recount(0, second.number)

    assert {promised(world, number) for number in numbers} == {EARLIER}
    assert nothing_pending(world)


# -- processes that die, and two at once -----------------------------------------------------------


def process(world: MemoryWorld, table: Table) -> Service:
    return Service(CaseStore(table), world.vault, lambda: world.rules, world.clock)


def counting(world: MemoryWorld, table: Table, marks: Table, change: int) -> Recounted:
    """A run of a process of its own, over these tables."""
    service = process(world, table)
    return Recounter(service, type(world.marks)(marks), lambda: None).recount(0, change)


def test_wherever_a_run_dies_the_next_goes_on_and_each_case_is_moved_once() -> None:
    def died(at: Death) -> MemoryWorld:
        world, numbers = city(2)
        change = enter(world)
        cases, marks = (StepTable(t, at) for t in (world.memory, world.settings_table))
        try:
            counting(world, cases, marks, change.number)
        except Killed:
            assert not counting(world, world.memory, world.settings_table, change.number).left
        assert all_moved(world, numbers)
        assert nothing_pending(world)
        return world

    count = Death()
    died(count)
    assert count.calls == 1 + 1 + 2 * 3 + 1 + 2, "cursor, list, cases, cursor, done"
    moments: tuple[Moment, Moment] = ("before", "after")
    for call in range(count.calls):
        for moment in moments:
            death = Death(call, moment)
            died(death)
            assert death.happened


def test_two_runs_at_once_move_each_case_once_in_whatever_order_they_meet() -> None:
    """The next minute's order comes while the last one is still at work."""
    orders = Orders()
    for _ in orders:
        world, numbers = city(1)
        change = enter(world)
        baton = Baton(orders.choose)
        cases, marks = (
            orders.table(table, baton) for table in (world.memory, world.settings_table)
        )

        def run() -> Recounted:
            return counting(world, cases, marks, change.number)  # noqa: B023 - runs in this order

        one, other = baton.run(run, run)

        assert one.moved + other.moved == 1
        assert (one.failed, other.failed, one.left, other.left) == (0, 0, False, False)
        assert all_moved(world, numbers)
        assert nothing_pending(world)
    assert orders.tried > 10


def test_a_citizen_who_writes_meanwhile_is_heard_and_the_case_is_moved() -> None:
    orders = Orders()
    for _ in orders:
        world, (number,) = city(1)
        change = enter(world)
        baton = Baton(orders.choose)
        table = orders.table(world.memory, baton)
        service = process(world, table)
        urge = Request(CITIZEN, "urge")

        heard, run = baton.run(
            lambda: service.change(number, c.Urge(), urge),  # noqa: B023
            lambda: counting(world, table, world.settings_table, change.number),  # noqa: B023
        )

        assert not heard.repeated
        assert run == Recounted(moved=1)
        assert all_moved(world, [number])
    assert orders.tried > 2
