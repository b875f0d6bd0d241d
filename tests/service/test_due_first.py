"""What was due when a command arrives is recorded first, so that coming late erases nothing.

The sweep was away for fifteen hours; the unit replies as if nothing had been.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from casework import due
from casework.cases.access import By
from casework.dispatching import ROUTER
from casework.outcomes import Refused, Request, Stale
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.table import Unavailable
from schemas import commands as c
from schemas import events as e
from schemas.events import Event
from tests.service.test_sweep import Counting
from tests.support.faults import Death, Killed, Moment, StepTable
from tests.support.relatives import case_of, filed, handled, merge
from tests.support.soundness import sound
from tests.support.stories import HANDLED, MODERATOR, OFFICER, REPLY, SUSPECT, UNSURE, Story
from tests.support.world import CITIZEN, MemoryWorld, staff

HANDLING = Story(HANDLED, *REPLY)
NOTE = c.Note(text="请关注。")
LEADER = staff("leader")
OUTAGE = timedelta(hours=15)


def late(story: Story = HANDLING, clock: str = "resolve") -> tuple[MemoryWorld, str]:
    """A case whose promise passed fifteen hours ago, and nobody has looked at it since."""
    world, number = story.begin()
    world.now.now = case_of(world, number).clocks[clock].due - timedelta(minutes=1)
    world.service.tick(number)
    world.now.advance(minutes=1)
    world.now.now += OUTAGE
    return world, number


def events(world: MemoryWorld, number: str, commits: int) -> list[list[Event]]:
    """What the last so many commits say, without the clocks."""
    journal = sound(world.service, number).journal[-commits:]
    return [
        [event for event in commit.events if not isinstance(event, e.ClocksChanged)]
        for commit in journal
    ]


def test_a_reply_fifteen_hours_late_is_late() -> None:
    world, number = late()

    world.service.change(number, REPLY[0], Request(OFFICER, "reply"))

    found, said = events(world, number, 2)
    assert found[0] == e.Overdue(clock="resolve")
    assert any(isinstance(event, e.Reminded) and event.card == "yellow" for event in found)
    assert isinstance(found[-1], e.CallBackDue)
    assert isinstance(said[0], e.Replied)
    tick, reply = sound(world.service, number).journal[-2:]
    assert (tick.actor.id, tick.request, tick.at) == ("clock", None, reply.at)


def test_where_nothing_is_due_nothing_is_added() -> None:
    world, number = HANDLING.begin()
    before = len(sound(world.service, number).journal)

    world.service.change(number, REPLY[0], Request(OFFICER, "reply"))

    assert len(sound(world.service, number).journal) == before + 1


def test_it_costs_a_tick_and_no_read_more() -> None:
    calls = []
    for world, number in (HANDLING.begin(), late()):
        counting = Counting(world.memory)
        world.cases_table = counting
        world.new_service().change(number, NOTE, Request(LEADER, "note"))
        calls.append(counting.calls)

    assert calls[1] - calls[0] == {"put_new": 1, "put_at": 1}
    assert calls[0]["get"] == calls[1]["get"] == 1


def test_a_command_is_decided_on_what_the_tick_leaves() -> None:
    """The review date has passed: it is no longer suspended, and can be replied to."""
    ask = c.AskSuspension(reason="season", until=date(2026, 10, 20), text="冻土不能开挖。")
    grant = c.DecideSuspension(approve=True)
    story = Story((*HANDLED, (ask, OFFICER), (grant, staff("supervisor"))), *REPLY)
    world, number = story.begin()
    world.now.advance(days=30)

    after = world.service.change(number, REPLY[0], Request(OFFICER, "reply")).case

    assert after.state == "AWAITING_RATING"


def test_what_the_pause_ends_on_may_itself_be_long_past() -> None:
    """One look finds it all: the pause is over, and the promise that then goes on is broken too."""
    ask = c.AskSuspension(reason="season", until=date(2026, 10, 20), text="冻土不能开挖。")
    grant = c.DecideSuspension(approve=True)
    story = Story((*HANDLED, (ask, OFFICER), (grant, staff("supervisor"))), *REPLY)
    world, number = story.begin()
    world.now.advance(days=90)

    world.service.change(number, REPLY[0], Request(OFFICER, "reply"))

    (found, _) = events(world, number, 2)
    assert e.Overdue(clock="resolve") in found
    assert any(isinstance(event, e.CallBackDue) for event in found)


def test_a_version_that_the_caller_saw_is_still_right_after_the_tick() -> None:
    world, number = late()
    seen = case_of(world, number).version

    after = world.service.change(number, NOTE, Request(LEADER, "note", if_match=seen)).case

    assert after.version == seen + 2


def test_and_one_that_was_not_seen_is_wrong_without_a_tick() -> None:
    world, number = late()
    stored = world.stored()

    with pytest.raises(Stale):
        world.service.change(number, NOTE, Request(LEADER, "note", if_match=1))

    assert world.stored() == stored


def test_a_repeat_is_answered_as_before_without_a_tick() -> None:
    world, number = HANDLING.begin()
    world.service.change(number, NOTE, Request(LEADER, "note"))
    world.now.advance(days=60)
    stored = world.stored()

    assert world.service.change(number, NOTE, Request(LEADER, "note")).repeated
    assert world.stored() == stored


def test_of_a_refused_command_nothing_happens_but_the_tick_stays() -> None:
    world, number = late()
    before = len(sound(world.service, number).journal)

    with pytest.raises(Refused):
        world.service.change(number, c.Claim(), Request(OFFICER, "claim"))

    ((overdue, *_),) = events(world, number, 1)
    assert isinstance(overdue, e.Overdue)
    assert len(sound(world.service, number).journal) == before + 1


def test_a_stranger_moves_nothing() -> None:
    world, number = late()
    stored = world.stored()

    with pytest.raises(Refused):
        world.service.change(number, c.Urge(), Request(By(CITIZEN.actor), "1"))

    assert world.stored() == stored


def test_the_router_and_the_clock_itself_add_no_tick() -> None:
    world, number = Story((), *UNSURE).begin()
    world.now.advance(days=1)

    world.service.change(number, c.Route(), Request(ROUTER, "route 1"))
    assert len(sound(world.service, number).journal) == 2
    world.now.advance(days=5)
    world.service.tick(number)
    assert len(sound(world.service, number).journal) == 3


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", range(6))
def test_a_process_that_dies_on_the_way_loses_neither_the_tick_nor_the_command(
    call: int, moment: Moment
) -> None:
    """Load, journal, HEAD of the tick; text, journal, HEAD of the reply: then it is asked again."""
    world, number = late()
    table = StepTable(world.memory, Death(call, moment))
    mortal = Service(CaseStore(table), world.vault, lambda: world.rules, world.clock)
    with pytest.raises(Killed):
        mortal.change(number, REPLY[0], Request(OFFICER, "reply"))
    world.now.advance(seconds=30)

    world.service.change(number, REPLY[0], Request(OFFICER, "reply"))

    happened = [event for one in sound(world.service, number).journal for event in one.events]
    assert happened.count(e.Overdue(clock="resolve")) == 1
    assert sum(isinstance(event, e.Replied) for event in happened) == 1
    assert sum(isinstance(event, e.CallBackDue) for event in happened) == 1


# -- a tick that fails -----------------------------------------------------------------------------


@contextmanager
def failing_ticks(fault: Exception) -> Iterator[None]:
    def fails(*_: object) -> list[Event]:
        raise fault

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casework.cases.decide.ticked", fails)
        yield


@pytest.mark.parametrize("fault", [RuntimeError("张三 13800000000"), Unavailable("away")])
def test_a_tick_that_fails_holds_no_command_up_and_is_counted(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    world, number = late()
    counted = []
    world.service.tick_failed = lambda: counted.append(1)

    with failing_ticks(fault), caplog.at_level(logging.ERROR, "lianxin"):
        after = world.service.change(number, REPLY[0], Request(OFFICER, "reply")).case

    assert after.state == "AWAITING_RATING"
    assert counted == [1]
    assert [record.getMessage() for record in caplog.records] == [
        f"tick of {number} failed: {type(fault).__name__}"
    ]


def test_it_is_counted_with_those_of_the_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    """The alarm TicksFailing watches one metric, of the service `deadlines`."""
    due.count_failure("Lianxin")

    line = capsys.readouterr().out
    assert '"TicksFailed"' in line
    assert '"service":"deadlines"' in line


# -- where one command concerns several cases ------------------------------------------------------


def test_a_merge_is_decided_on_what_is_due_and_erases_nothing_of_either() -> None:
    world = MemoryWorld()
    lead, follower = handled(world, "lead"), handled(world, "follower")
    world.now.now = case_of(world, lead).clocks["resolve"].due + OUTAGE

    merge(world, follower, lead)

    for number in (lead, follower):
        journal = sound(world.service, number).journal
        assert any(event == e.Overdue(clock="resolve") for one in journal for event in one.events)
    assert case_of(world, follower).follows == lead


def test_what_a_merge_would_be_refused_for_after_the_tick_reaches_no_other_case() -> None:
    """The answer that was waited for has not come: the case is closed, and follows nobody."""
    world = MemoryWorld()
    lead = handled(world, "lead")
    asking = (SUSPECT, (c.RequestInfo(text="哪一盏灯？"), MODERATOR))
    follower = filed(world, "follower", *asking)
    world.now.now = case_of(world, follower).clocks["info"].due + timedelta(hours=1)

    with pytest.raises(Refused) as refused:
        merge(world, follower, lead)

    assert refused.value.case is not None
    assert refused.value.case.state == "CLOSED"
    heard = [event for one in sound(world.service, lead).journal for event in one.events]
    assert not any(isinstance(event, e.LeadTaken) for event in heard)
