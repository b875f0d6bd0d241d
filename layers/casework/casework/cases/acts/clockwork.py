"""What the clocks' own events change: started, paused, reminded, overdue."""

from datetime import datetime

from casework.cases.parts import Clock
from casework.cases.registry import Change, on
from casework.cases.state import Case
from schemas import events as e
from schemas.events import Actor, Event


@on(e.ClocksChanged)
def _changed(case: Case, event: e.ClocksChanged, by: Actor, at: datetime) -> Change:
    running = {name: clock for name, clock in case.clocks.items() if name not in event.stopped}
    for name in event.paused:
        running[name] = running[name].model_copy(update={"paused": at})
    for name, start in event.started.items():
        # A due time that is moved on is missed no longer, and calls for no supervision.
        before = running.get(name)
        missed = before is not None and before.late and start.decided and start.due <= at
        running[name] = Clock.model_construct(
            since=start.since,
            due=start.due,
            next=start.next,
            fired=start.fired,
            decided=start.decided,
            level=before.level if before and missed else 0,
            late=missed,
        )
    return {"clocks": running}


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


@on(e.Checked)
def _checked(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {}
