"""The clocks' own events: started, paused, reminded, overdue, counted anew; and the call-back that
an overdue case brings (BJ 23)."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.parts import Clock, Missed, Stood
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@on(e.ClocksChanged)
def _changed(case: Case, event: e.ClocksChanged, by: Actor, at: datetime) -> Change:
    running = {name: clock for name, clock in case.clocks.items() if name not in event.stopped}
    for name in event.paused:
        running[name] = running[name].model_copy(update={"paused": at})
    for name, start in event.started.items():
        running[name] = Clock.model_construct(
            since=start.since,
            due=start.due,
            next=start.next,
            fired=start.fired,
            decided=start.decided,
            late=start.late,
            level=start.level,
            missed=_missed(running.get(name), start),
            stood=_stood(running.get(name), start, event.as_of or at),
        )
    return {"clocks": running}


def _missed(before: Clock | None, start: e.ClockSet) -> tuple[Missed, ...]:
    """What is remembered of a due time that is moved on: should it come back, nothing fires twice."""
    if before is None or before.since != start.since:
        return ()
    if not before.late or start.late:
        return before.missed
    return (*before.missed, Missed(due=before.due, level=before.level))


def _stood(before: Clock | None, start: e.ClockSet, at: datetime) -> tuple[Stood, ...]:
    """The pauses of this run: one that stood still goes on at this time."""
    if before is None or before.since != start.since:
        return ()
    if before.paused is None:
        return before.stood
    return (*before.stood, Stood(since=before.paused, until=at))


@on(e.Reminded)
def _reminded(case: Case, event: e.Reminded, by: Actor, at: datetime) -> Change:
    clock = case.clocks[event.clock]
    changed = {
        "fired": clock.fired + len(event.rungs),
        "next": event.next,
        "level": max(clock.level, event.level),
    }
    return {"clocks": {**case.clocks, event.clock: clock.model_copy(update=changed)}}


@on(e.Overdue)
def _overdue(case: Case, event: e.Overdue, by: Actor, at: datetime) -> Change:
    clock = case.clocks[event.clock].model_copy(update={"late": True})
    return {"clocks": {**case.clocks, event.clock: clock}}


@on(e.Checked, e.RulesChanged)
def _checked(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {}


@handles("recount")
def _recount(at: At, command: c.Recount) -> list[Event]:
    return [e.RulesChanged()]


@done_by("call-back")
def _overdue_unit(case: Case, command: Any) -> Doers:
    return Doers(units=case.units)


@guards("call-back")
def _call_back_may(at: At, command: Any) -> Refusal | None:
    return None if at.case.call_back else Refusal("nothing_asked")


@handles("call-back")
def _call_back(at: At, command: c.CallBack) -> list[Event]:
    return [
        e.CalledBack(result=command.result, contacted=command.contacted, call_id=command.call_id)
    ]


@on(e.CallBackDue)
def _call_back_due(case: Case, event: e.CallBackDue, by: Actor, at: datetime) -> Change:
    return {"call_back": True}


@on(e.CalledBack)
def _called_back(case: Case, event: e.CalledBack, by: Actor, at: datetime) -> Change:
    """Somebody who could not be reached is called again."""
    return {"call_back": event.result == "no_answer"}
