"""That the rules have changed, and how far cases have been counted anew: the same in both stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from casework.outcomes import Request
from casework.store.cases import CaseStore
from casework.store.marks import ATTEMPTS, MARKS, RULES, SETTLED, Change, Marks
from casework.store.settings import write
from casework.store.table import Table, Taken, Unavailable
from schemas import commands as c
from tests.support.faults import Killed, Moment, StepTable
from tests.support.stories import file
from tests.support.world import CITIZEN, START, MemoryWorld

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def noted(table: Table, times: int = 1) -> Marks:
    """Marks of rules that have changed so often."""
    marks = Marks(table)
    for _ in range(times):
        marks.note()
    return marks


def settled(table: Table) -> Change:
    """The change for which there is counting to do."""
    Marks(table).pending(START)
    change = Marks(table).pending(START + SETTLED)
    assert change is not None
    return change


# -- when ----------------------------------------------------------------------------------------


def test_where_nothing_has_changed_there_is_nothing_to_count(table: Table) -> None:
    assert Marks(table).pending(START) is None
    assert table.get((MARKS, RULES)) is None, "and nothing is written"


def test_counting_begins_when_every_function_has_read_the_new_rules(table: Table) -> None:
    """They look every five minutes; from when the sweep first saw the change, six have passed."""
    marks = noted(table)

    assert marks.pending(START) is None
    assert marks.pending(START + SETTLED - SECOND) is None
    assert marks.pending(START + SETTLED) == Change(1, frozenset())
    assert marks.pending(START + timedelta(days=1)) == Change(1, frozenset()), "until it is done"


def test_two_changes_in_a_row_are_counted_once_after_the_second(table: Table) -> None:
    marks = noted(table)
    marks.pending(START)

    marks.note()

    assert marks.pending(START + SETTLED) is None, "the wait begins anew"
    assert marks.pending(START + 2 * SETTLED) == Change(2, frozenset())


def test_of_two_sweeps_that_see_a_change_at_once_one_says_since_when(table: Table) -> None:
    noted(table)
    once = [lambda: Marks(table).pending(START + MINUTE)]
    overtaken = StepTable(table, before("put_at", once))

    assert Marks(overtaken).pending(START) is None

    item = table.get((MARKS, RULES))
    assert item is not None
    assert item["since"] == (START + MINUTE).isoformat().replace("+00:00", "Z")


def before(name: str, acts: Iterable[Callable[[], object]]) -> Callable[[str, Moment], None]:
    """Do these, one at a time, each before a call of this name."""
    left = iter(acts)

    def step(called: str, moment: Moment) -> None:
        if (called, moment) == (name, "before") and (act := next(left, None)):
            act()

    return step


# -- who writes ----------------------------------------------------------------------------------


def test_every_section_that_is_written_is_a_change(table: Table) -> None:
    write(table, "profile", {"name": "云汀"})
    write(table, "profile", {"name": "云汀市"})

    assert settled(table).number == 2


def test_a_change_is_noted_wherever_its_writer_dies(table: Table) -> None:
    """Rules that were written and not noted would leave every open case with its old dates."""

    def death(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_new", "after") and table.get(("settings", "profile")):
            raise Killed

    with pytest.raises(Killed):
        write(StepTable(table, death), "profile", {"name": "云汀"})

    assert table.get(("settings", "profile")) is not None
    assert settled(table).number == 1


def test_of_two_who_note_at_once_both_are_noted(table: Table) -> None:
    noted(table)
    other = StepTable(table, before("put_at", [Marks(table).note]))

    Marks(other).note()

    assert settled(table).number == 3


def test_who_is_overtaken_time_and_again_changes_nothing_and_says_so(table: Table) -> None:
    noted(table)
    crowd = StepTable(table, before("put_at", [Marks(table).note] * ATTEMPTS))

    with pytest.raises(Unavailable):
        write(crowd, "profile", {"name": "云汀"})

    assert table.get(("settings", "profile")) is None


def test_a_write_that_comes_too_late_has_noted_a_change_and_that_is_all(table: Table) -> None:
    write(table, "profile", {"name": "云汀"})
    overtake = [lambda: None, lambda: write(table, "profile", {"name": "汀南"})]

    with pytest.raises(Taken):
        write(StepTable(table, before("put_at", overtake)), "profile", {"name": "云汀市"})

    assert settled(table).number == 3


# -- shards --------------------------------------------------------------------------------------


def test_when_the_last_shard_is_done_the_change_is(table: Table) -> None:
    marks = noted(table)
    change = settled(table)

    marks.finished(1, change.number, shards=2)
    assert settled(table).done == {1}
    marks.finished(1, change.number, shards=2)
    assert settled(table).done == {1}, "twice is once"
    marks.finished(0, change.number, shards=2)

    assert marks.pending(START + timedelta(days=1)) is None


def test_two_shards_that_end_at_once_are_both_done(table: Table) -> None:
    marks = noted(table)
    change = settled(table)
    other = StepTable(table, before("put_at", [lambda: marks.finished(0, change.number, shards=3)]))

    Marks(other).finished(1, change.number, shards=3)

    assert settled(table).done == {0, 1}


def test_with_fewer_shards_than_at_the_beginning_those_that_are_left_are_waited_for(
    table: Table,
) -> None:
    marks = noted(table)
    change = settled(table)
    marks.finished(3, change.number, shards=4)
    marks.finished(2, change.number, shards=4)

    marks.finished(0, change.number, shards=2)

    assert settled(table).done == {0, 2, 3}


def test_a_shard_goes_on_from_where_it_was(table: Table) -> None:
    marks = noted(table)

    assert marks.cursor(0, 1) is None
    marks.reached(0, 1, "1111")
    marks.reached(1, 1, "2222")

    assert (marks.cursor(0, 1), marks.cursor(1, 1)) == ("1111", "2222")


def test_a_change_in_the_midst_of_the_counting_has_all_of_it_counted_again(table: Table) -> None:
    marks = noted(table)
    first = settled(table)
    marks.finished(0, first.number, shards=2)
    marks.reached(1, first.number, "1111")

    marks.note()
    marks.finished(1, first.number, shards=2)  # by whoever has not heard of it

    second = settled(table)
    assert second == Change(2, frozenset())
    assert marks.cursor(1, second.number) is None


def test_a_change_between_a_shards_reading_and_writing_that_it_is_done_is_not_lost(
    table: Table,
) -> None:
    marks = noted(table)
    change = settled(table)
    other = StepTable(table, before("put_at", [marks.note]))

    Marks(other).finished(0, change.number, shards=1)

    assert settled(table) == Change(2, frozenset())


# -- which cases ---------------------------------------------------------------------------------


def test_open_cases_come_by_number_each_in_its_shard(table: Table) -> None:
    """Given more than a few of one second, one that has ended, and leases beside them."""
    world = MemoryWorld(table=table, alarm_shards=3)
    numbers = [file(world.service, str(place)).number for place in range(12)]
    ended = numbers.pop()
    world.service.change(ended, c.Withdraw(reason="solved"), Request(CITIZEN, "enough"))
    store = world.service.store
    table.put({"pk": "LEASE#0", "sk": "#LEASE", "version": 1})

    shards = [store.open_cases(shard) for shard in range(3)]

    assert sorted(number for shard in shards for number in shard) == sorted(numbers)
    assert all(shard == sorted(shard) for shard in shards)
    assert all(int(number[-7:-1]) % 3 == shard for shard in range(3) for number in shards[shard])
    assert CaseStore(table, 3).open_cases(7) == []


def test_an_alarm_that_moves_leaves_no_case_out_and_none_comes_twice(table: Table) -> None:
    """Whoever goes on after a number finds all the rest, wherever their alarms have gone."""
    world = MemoryWorld(table=table)
    numbers = sorted(file(world.service, str(place)).number for place in range(8))
    store = world.service.store
    counted = store.open_cases(0)[:4]

    world.now.advance(days=2)
    for number in (numbers[0], numbers[5]):
        world.service.tick(number)  # its alarm moves to the end
    rest = [number for number in store.open_cases(0) if number > counted[-1]]

    assert [*counted, *rest] == numbers
