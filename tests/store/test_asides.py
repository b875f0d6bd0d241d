"""Entries on worklists beside the holder's, of units and of the city: derived from HEAD, on both tables.

They may be brought in line at any time, any number of times, by several at once: in the end they
say what HEAD says.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest

from casework.outcomes import Request
from casework.store.cases import CaseStore, Conflict
from casework.store.items import ASIDE, HEAD
from casework.store.table import Item, Table
from schemas import commands as c
from schemas.base import iso
from tests.support.faults import Death, Killed, Moment, StepTable
from tests.support.soundness import sound
from tests.support.stories import (
    AT_RIVAL,
    DELEGATED,
    DESIGNATE,
    DISPATCHER,
    DISPUTED,
    HANDLED,
    OFFICER,
    POSITION,
    REPLY,
    RIVAL,
    SUPERVISOR,
    UNIT,
    UNSURE,
    Step,
    Story,
)
from tests.support.world import CITIZEN, MemoryWorld, staff

ARBITRATED = Story(DISPUTED, *POSITION)
RIVAL_POSITION: Step = (c.StatePosition(text="线路完好，是灯具坏了。"), AT_RIVAL)
WITHDRAW: Step = (c.Withdraw(reason="solved"), CITIZEN)


@pytest.fixture
def disputed(table: Table) -> tuple[MemoryWorld, str]:
    """A case between two units, neither of which has been heard nor is shown it yet."""
    return ARBITRATED.begin(table)


def tell(world: MemoryWorld, number: str, *steps: Step) -> None:
    for command, by in steps:
        world.service.change(number, command, Request(by, command.model_dump_json()))


def shown(world: MemoryWorld, number: str) -> set[str]:
    """The units on whose worklists the case stands."""
    store = world.service.store
    return {
        unit
        for unit in (UNIT, RIVAL)
        if any(entry["pk"] == number for entry in store.worklist(f"unit:{unit}", 100))
    }


def entries(world: MemoryWorld, number: str) -> dict[str, Item]:
    table = world.service.store.table
    return {item["sk"].removeprefix(ASIDE): item for item in table.partition(number, ASIDE)}


def test_each_unit_that_is_to_be_heard_finds_the_case_on_its_worklist(
    disputed: tuple[MemoryWorld, str],
) -> None:
    world, number = disputed
    store = world.service.store
    assert shown(world, number) == set()

    store.show_asides(number)

    assert shown(world, number) == {UNIT, RIVAL}
    case = sound(world.service, number).head.case
    [entry] = store.worklist(f"unit:{UNIT}", 10)
    assert (entry["state"], entry["kind"], entry["version"]) == (
        *("ARBITRATION", case.kind),
        case.version,
    )
    assert entry["due"] == iso(case.clocks["arbitration"].due), "by when it is to be heard"
    assert [one["pk"] for one in store.worklist("arbitration", 10)] == [number], "once, by HEAD"


def test_the_entry_tells_what_the_worklist_tells_of_any_case(
    disputed: tuple[MemoryWorld, str],
) -> None:
    """That it is overdue and supervised, and that the citizen has written."""
    world, number = disputed
    world.now.advance(days=10)
    world.service.tick(number)
    tell(world, number, (c.Urge(), CITIZEN))
    world.service.store.show_asides(number)

    [entry] = world.service.store.worklist(f"unit:{RIVAL}", 10)
    [of_head] = world.service.store.worklist("arbitration", 10)

    assert of_head["level"] > 0
    assert of_head["unread"]
    told = (
        *("state", "kind", "category", "area", "level", "unread", "version"),
        *("identity", "subjects"),
    )
    assert {name: entry.get(name) for name in told} == {name: of_head.get(name) for name in told}


def test_a_unit_that_was_heard_is_shown_the_case_no_more_and_the_other_one_still_is(
    disputed: tuple[MemoryWorld, str],
) -> None:
    world, number = disputed
    world.service.store.show_asides(number)

    tell(world, number, POSITION)
    world.service.store.show_asides(number)

    assert shown(world, number) == {RIVAL}


@pytest.mark.parametrize("step", [DESIGNATE, WITHDRAW], ids=["designated", "withdrawn"])
def test_when_there_is_nothing_left_to_be_heard_nobody_is_asked(
    disputed: tuple[MemoryWorld, str], step: Step
) -> None:
    world, number = disputed
    world.service.store.show_asides(number)

    tell(world, number, step)
    world.service.store.show_asides(number)

    holder = sound(world.service, number).head.case.unit
    assert shown(world, number) == ({holder} if holder else set()), "but for who has it now"
    for entry in entries(world, number).values():
        assert not entry.keys() & {"holder", "queued"}


def test_a_unit_is_shown_a_case_that_is_disputed_a_second_time(
    disputed: tuple[MemoryWorld, str],
) -> None:
    world, number = disputed
    world.service.store.show_asides(number)
    tell(world, number, WITHDRAW)
    world.service.store.show_asides(number)
    assert shown(world, number) == set()

    again = c.Arbitrate(units=[RIVAL, "zhujian"], text="第二次。")
    reopened: Step = (c.Reopen(text="又坏了。"), CITIZEN)
    tell(world, number, reopened, (c.Accept(), SUPERVISOR), (again, DISPATCHER))
    world.service.store.show_asides(number)

    assert shown(world, number) == {RIVAL}


def test_to_show_again_what_is_shown_writes_nothing(disputed: tuple[MemoryWorld, str]) -> None:
    world, number = disputed
    world.service.store.show_asides(number)
    written: list[str] = []

    def note(name: str, moment: Moment) -> None:
        if name.startswith("put") and moment == "before":
            written.append(name)

    again = CaseStore(StepTable(world.cases_table, note))
    again.show_asides(number)

    assert written == []


@pytest.mark.parametrize(
    "story",
    [Story((), UNSURE[0], UNSURE[1]), Story(HANDLED, *REPLY), Story(DELEGATED, *REPLY)],
    ids=["filed", "handled", "delegated"],
)
def test_a_case_that_nobody_disputes_has_no_entries(table: Table, story: Story) -> None:
    world, number = story.begin(table)

    world.service.store.show_asides(number)

    assert entries(world, number) == {}


def test_a_case_that_there_is_none_has_nothing_to_show(table: Table) -> None:
    CaseStore(table).show_asides("1000000000000001")

    assert table.partition("1000000000000001") == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", range(4))
def test_what_a_process_that_died_left_half_done_is_made_good_by_the_next(
    disputed: tuple[MemoryWorld, str], call: int, moment: Moment
) -> None:
    """Its calls: HEAD, the entries that there are, and an entry for each unit."""
    world, number = disputed
    with pytest.raises(Killed):
        CaseStore(StepTable(world.cases_table, Death(call, moment))).show_asides(number)

    world.service.store.show_asides(number)

    assert shown(world, number) == {UNIT, RIVAL}


@pytest.mark.parametrize(
    "steps", [(POSITION,), (POSITION, RIVAL_POSITION), (DESIGNATE,), (WITHDRAW,)]
)
@pytest.mark.parametrize("call", range(4))
def test_who_was_slow_never_shows_what_is_over(
    disputed: tuple[MemoryWorld, str], steps: tuple[Step, ...], call: int
) -> None:
    """Before any of its calls, the case moves on and somebody else brings its entries in line.

    The slow one is told that it met somebody, or finds everything as it should be.
    """
    world, number = disputed
    calls: list[str] = []

    def meanwhile(name: str, moment: Moment) -> None:
        if moment == "before":
            calls.append(name)
            if len(calls) == call + 1:
                tell(world, number, *steps)
                world.service.store.show_asides(number)

    slow = CaseStore(StepTable(world.cases_table, meanwhile))
    with suppress(Conflict):
        slow.show_asides(number)

    case = sound(world.service, number).head.case
    lists = {*case.asides, *([f"unit:{case.unit}"] if case.unit else ())}
    assert {f"unit:{unit}" for unit in shown(world, number)} == lists
    store = world.service.store
    listed = [entry for holder in lists for entry in store.worklist(holder, 9)]
    assert {entry["version"] for entry in listed} <= {case.version}


def test_who_meets_another_is_told_so(disputed: tuple[MemoryWorld, str]) -> None:
    """So that whoever asked for it knows to ask again."""
    world, number = disputed

    def meanwhile(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_new", "before"):
            world.service.store.show_asides(number)

    slow = CaseStore(StepTable(world.cases_table, meanwhile))
    with pytest.raises(Conflict):
        slow.show_asides(number)


def test_an_entry_is_no_part_of_the_dossier(disputed: tuple[MemoryWorld, str]) -> None:
    world, number = disputed
    before = world.service.store.dossier(number)

    world.service.store.show_asides(number)

    assert world.service.store.dossier(number) == before
    assert world.service.store.table.get((number, HEAD)) is not None


# -- each with what is due there -----------------------------------------------------------

EXTENSION: Step = (
    c.AskExtension(reason="survey", until=date(2026, 11, 2), text="请测绘单位进场。"),
    OFFICER,
)
HELP: Step = (c.AskAssistance(units=[RIVAL, "zhujian"], text="请派员到场。"), OFFICER)
ORDER: Step = (c.IssueOrder(unit=RIVAL, level=2, text="请三日内说明。"), SUPERVISOR)
ALERT: Step = (c.RaiseAlert(kind="hazard", text="灯杆漏电。"), OFFICER)
LISTS = ("alerts", "approvals", "orders", f"unit:{RIVAL}", "unit:zhujian")


def dues(world: MemoryWorld, number: str) -> dict[str, str]:
    """The worklists that show the case beside its holder's, each with what it says is due."""
    store = world.service.store
    store.show_asides(number)
    found = {holder: store.worklist(holder, 9) for holder in LISTS}
    return {holder: entry["due"] for holder, entries_ in found.items() for entry in entries_}


@pytest.fixture
def handled(table: Table) -> tuple[MemoryWorld, str]:
    return Story(HANDLED, *REPLY).begin(table)


def test_each_list_says_what_is_due_of_those_who_read_it(
    handled: tuple[MemoryWorld, str],
) -> None:
    """A unit that is called, the office that approves, the duty desk: each its own time."""
    world, number = handled

    tell(world, number, EXTENSION, HELP, ORDER, ALERT)

    case = sound(world.service, number).head.case
    clocks = {name: iso(clock.due) for name, clock in case.clocks.items()}
    [order] = case.orders
    [alert] = case.alerts
    assert dues(world, number) == {
        "alerts": clocks[f"alert:{alert.id}"],
        "approvals": clocks["extension"],
        f"unit:{RIVAL}": min(clocks[f"assist_report:{RIVAL}"], clocks[f"order:{order.id}"]),
        "unit:zhujian": clocks["assist_report:zhujian"],
    }

    # when they have come, what they have to say is next
    at_zhujian = staff("head", "zhujian-head", "zhujian")
    heard = c.AcknowledgeAlert(alert=alert.id)
    tell(world, number, (c.ReportIn(), at_zhujian), (heard, DISPATCHER))
    assert dues(world, number) == {
        "alerts": clocks[f"alert_open:{alert.id}"],
        "approvals": clocks["extension"],
        f"unit:{RIVAL}": min(clocks[f"assist_report:{RIVAL}"], clocks[f"order:{order.id}"]),
        "unit:zhujian": clocks["assist:zhujian"],
    }


def test_what_is_done_leaves_its_list_and_what_follows_from_it_comes_to_another(
    handled: tuple[MemoryWorld, str],
) -> None:
    world, number = handled
    tell(world, number, EXTENSION, HELP, ORDER)
    assert set(dues(world, number)) == {"approvals", f"unit:{RIVAL}", "unit:zhujian"}
    [order] = sound(world.service, number).head.case.orders

    # when the extension is granted, help comes and is disputed, and the order is answered
    at_zhujian = staff("head", "zhujian-head", "zhujian")
    tell(
        world,
        number,
        (c.DecideExtension(approve=True), SUPERVISOR),
        (c.AnswerAssistance(text="线路已查。"), AT_RIVAL),
        (c.DisputeAssistance(text="灯杆不归住建。"), at_zhujian),
        (c.RespondOrder(order=order.id, text="已说明。"), AT_RIVAL),
    )

    # then the office decides on the dispute and verifies the answer
    assert set(dues(world, number)) == {"approvals", "orders"}

    tell(
        world,
        number,
        (c.DecideAssistance(unit="zhujian", uphold=True, text="灯杆在小区内。"), DISPATCHER),
        (c.VerifyOrder(order=order.id, accept=True, text="属实。"), SUPERVISOR),
    )
    assert set(dues(world, number)) == {"unit:zhujian"}


def test_danger_stays_on_the_duty_desks_list_when_the_case_has_ended(
    handled: tuple[MemoryWorld, str],
) -> None:
    world, number = handled
    tell(world, number, ALERT, WITHDRAW)
    assert set(dues(world, number)) == {"alerts"}

    [alert] = sound(world.service, number).head.case.alerts
    gone = c.ResolveAlert(alert=alert.id, service="utility", receipt="GD-77", text="已断电抢修。")
    tell(world, number, (gone, DISPATCHER))

    assert dues(world, number) == {}
