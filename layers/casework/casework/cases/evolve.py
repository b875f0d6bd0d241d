"""State after an event. Total: it never fails on what `decide` gave."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from casework.cases.state import Case, Clock, Draft, End, Link
from schemas import events as e
from schemas.events import Actor, Commit, Event
from schemas.names import State

Change = dict[str, Any]
_WITH_NOBODY: Change = {
    "chain": (),
    "officer": None,
    "binding": False,
    "copies": (),
    "parties": (),
    "heard": (),
}
"""Taken up anew: nobody holds it, the unit that had it as little as another; nobody reads along."""


def apply(case: Case | None, commit: Commit, number: str) -> Case:
    """The case after a commit. `case` is None before the first, which must hold `filed`."""
    after = evolve_all(case, commit.events, number, commit.actor, commit.at)
    return after.model_copy(update={"version": commit.version})


def evolve_all(
    case: Case | None, happened: Iterable[Event], number: str, by: Actor, at: datetime
) -> Case:
    for event in happened:
        case = evolve(case, event, number, by, at)
    if case is None:
        raise ValueError("a case begins with an event")
    return case


def evolve(case: Case | None, event: Event, number: str, by: Actor, at: datetime) -> Case:
    if isinstance(event, e.Filed):
        return _filed(event, number, at)
    if case is None:
        raise ValueError(f"a case begins with 'filed', not {event.type!r}")
    change = _CHANGES[type(event)](case, event, by, at)
    return case.model_copy(update={**change, "changed_at": at})


def _filed(event: e.Filed, number: str, at: datetime) -> Case:
    return Case(
        number=number,
        version=0,
        state="SUBMITTED",
        kind=event.kind,
        channel=event.channel,
        category=event.category,
        area=event.area,
        publishable=event.publishable,
        filed_at=at,
        changed_at=at,
    )


_Step = Callable[[Case, Any, Actor, datetime], Change]
_CHANGES: dict[type[Event], _Step] = {}


def _on(*kinds: type[Event]) -> Callable[[_Step], _Step]:
    def register(step: _Step) -> _Step:
        _CHANGES.update(dict.fromkeys(kinds, step))
        return step

    return register


@_on(e.ReviewBegun)
def _review(case: Case, event: e.ReviewBegun, by: Actor, at: datetime) -> Change:
    return {"state": "IN_REVIEW"}


@_on(e.InfoRequested)
def _ask(case: Case, event: e.InfoRequested, by: Actor, at: datetime) -> Change:
    return {"state": "NEEDS_INFO"}


@_on(e.InfoGiven)
def _info(case: Case, event: e.InfoGiven, by: Actor, at: datetime) -> Change:
    return {"state": "IN_REVIEW", "unread": True}


@_on(e.Accepted)
def _accepted(case: Case, event: e.Accepted, by: Actor, at: datetime) -> Change:
    return {"state": "ACCEPTED", "answered": False, "end": None, **_WITH_NOBODY}


@_on(e.Declined)
def _declined(case: Case, event: e.Declined, by: Actor, at: datetime) -> Change:
    return _end(case, "DECLINED", by, at)


@_on(e.HandedOver)
def _handed_over(case: Case, event: e.HandedOver, by: Actor, at: datetime) -> Change:
    return _end(case, "HANDED_OVER", by, at)


@_on(e.Withdrawn)
def _withdrawn(case: Case, event: e.Withdrawn, by: Actor, at: datetime) -> Change:
    return _end(case, "WITHDRAWN", by, at)


@_on(e.Closed)
def _closed(case: Case, event: e.Closed, by: Actor, at: datetime) -> Change:
    return _end(case, "CLOSED", by, at)


def _end(case: Case, state: State, by: Actor, at: datetime) -> Change:
    end = End.model_construct(at=at, by=by.id, state=state)
    return {
        "state": state,
        "end": end,
        "objected": False,  # each end can be objected to once
        "unread": False,
        "draft": None,
        "asked_by": None,
        "parties": (),  # who was only heard has no more to do with it
        "heard": (),
    }


@_on(e.Answered)
def _answered(case: Case, event: e.Answered, by: Actor, at: datetime) -> Change:
    return {"answered": True, "replied_by": by.id, "choices": ()}


@_on(e.Queued)
def _queued(case: Case, event: e.Queued, by: Actor, at: datetime) -> Change:
    return {"state": "TRIAGE", "choices": event.choices}


@_on(e.Dispatched)
def _dispatched(case: Case, event: e.Dispatched, by: Actor, at: datetime) -> Change:
    link = Link.model_construct(unit=event.unit, since=at)
    return {
        "state": "ASSIGNED",
        "category": event.category,
        "chain": (link,),
        "choices": (),
        "officer": None,
        "asked_by": None,
        "before": None,
        "binding": event.binding,
        "copies": event.copies,
        # A designation settles who is responsible: what was returned before counts no more.
        "returned_by": () if event.binding else case.returned_by,
    }


@_on(e.Delegated)
def _delegated(case: Case, event: e.Delegated, by: Actor, at: datetime) -> Change:
    link = Link.model_construct(unit=event.unit, since=at)
    return {"state": "ASSIGNED", "chain": (*case.chain, link), "officer": None}


@_on(e.Recalled)
def _recalled(case: Case, event: e.Recalled, by: Actor, at: datetime) -> Change:
    return {
        "state": "HANDLING",
        "chain": case.chain[:-1],
        "returned_by": _and_the_holder(case) if case.asked_by else case.returned_by,
        "officer": event.officer,
        "asked_by": None,
        "before": None,
    }


@_on(e.OfficerAssigned)
def _officer_assigned(case: Case, event: e.OfficerAssigned, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING", "officer": event.officer}


@_on(e.ReturnedUp)
def _returned_up(case: Case, event: e.ReturnedUp, by: Actor, at: datetime) -> Change:
    return {
        "state": "ASSIGNED",
        "chain": case.chain[:-1],
        "returned_by": _and_the_holder(case),
        "officer": None,
        "asked_by": None,
        "before": None,
    }


@_on(e.ArbitrationBegun)
def _arbitration(case: Case, event: e.ArbitrationBegun, by: Actor, at: datetime) -> Change:
    return {
        **_WITH_NOBODY,
        "state": "ARBITRATION",
        "parties": event.units,
        "shown_to": tuple(dict.fromkeys((*case.shown_to, *event.units))),
        "asked_by": None,
        "before": None,
        "choices": (),
    }


@_on(e.PositionGiven)
def _position(case: Case, event: e.PositionGiven, by: Actor, at: datetime) -> Change:
    return {"heard": tuple(dict.fromkeys((*case.heard, event.unit)))}


@_on(e.Reclassified)
def _reclassified(case: Case, event: e.Reclassified, by: Actor, at: datetime) -> Change:
    return {"kind": event.kind, "category": event.category or case.category}


@_on(e.Claimed)
def _claimed(case: Case, event: e.Claimed, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING", "officer": event.officer, "unread": False}


@_on(e.ReturnAsked)
def _return_asked(case: Case, event: e.ReturnAsked, by: Actor, at: datetime) -> Change:
    above = (case.delegator,) if case.delegator else ()
    return {
        "state": "RETURN_ASKED",
        "before": case.state,
        "asked_by": by.id,
        "shown_to": tuple(dict.fromkeys((*case.shown_to, *above))),
    }


@_on(e.Returned)
def _returned(case: Case, event: e.Returned, by: Actor, at: datetime) -> Change:
    return {
        **_WITH_NOBODY,
        "state": "ACCEPTED",
        "returned_by": _and_the_holder(case),
        "asked_by": None,
        "before": None,
    }


def _and_the_holder(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*case.returned_by, *([case.unit] if case.unit else []))))


@_on(e.ReturnRefused)
def _return_refused(case: Case, event: e.ReturnRefused, by: Actor, at: datetime) -> Change:
    return {"state": case.before or "ASSIGNED", "asked_by": None, "before": None}


@_on(e.Contacted, e.MessageSent)
def _unit_acted(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {"unread": False}


@_on(e.MessageReceived, e.Urged)
def _citizen_wrote(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {"unread": True}


@_on(e.Noted, e.Revealed, e.Checked)
def _unmoved(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {}


@_on(e.ReplyDrafted)
def _drafted(case: Case, event: e.ReplyDrafted, by: Actor, at: datetime) -> Change:
    draft = Draft(outcome=event.outcome, text=event.text, by=by.id)
    return {"state": "REPLY_REVIEW", "draft": draft, "unread": False}


@_on(e.ReplySentBack)
def _sent_back(case: Case, event: e.ReplySentBack, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING", "draft": None}


@_on(e.Replied)
def _replied(case: Case, event: e.Replied, by: Actor, at: datetime) -> Change:
    by_whom = case.draft.by if case.draft else by.id
    # Whoever replies was responsible: what was returned before counts no more.
    settled = {"draft": None, "returned_by": ()}
    return {"replied_by": by_whom, "unread": False, "level": 0, **settled}


@_on(e.Invited)
def _invited(case: Case, event: e.Invited, by: Actor, at: datetime) -> Change:
    return {"state": "AWAITING_RATING"}


@_on(e.Rated)
def _rated(case: Case, event: e.Rated, by: Actor, at: datetime) -> Change:
    return {}


@_on(e.FollowUpBegun)
def _follow_up(case: Case, event: e.FollowUpBegun, by: Actor, at: datetime) -> Change:
    return {"state": "FOLLOW_UP"}


@_on(e.RedoOrdered)
def _redo(case: Case, event: e.RedoOrdered, by: Actor, at: datetime) -> Change:
    return {"state": "REDO", "redo": case.redo + 1, "officer": None}


@_on(e.Reopened)
def _reopened(case: Case, event: e.Reopened, by: Actor, at: datetime) -> Change:
    return {
        **_WITH_NOBODY,
        "state": "IN_REVIEW",
        "reopened": case.reopened + 1,
        "level": 0,
        "end": None,
        "unread": True,
    }


@_on(e.Objected)
def _objected(case: Case, event: e.Objected, by: Actor, at: datetime) -> Change:
    return {"state": "OBJECTED", "before": case.state, "objected": True}


@_on(e.ObjectionGranted)
def _granted(case: Case, event: e.ObjectionGranted, by: Actor, at: datetime) -> Change:
    return {"before": None}


@_on(e.ObjectionRefused)
def _refused(case: Case, event: e.ObjectionRefused, by: Actor, at: datetime) -> Change:
    return {"state": case.before or "CLOSED", "before": None}


@_on(e.Published)
def _published(case: Case, event: e.Published, by: Actor, at: datetime) -> Change:
    return {"public": True}


@_on(e.Unpublished)
def _unpublished(case: Case, event: e.Unpublished, by: Actor, at: datetime) -> Change:
    return {"public": False}


@_on(e.ClocksChanged)
def _clocks(case: Case, event: e.ClocksChanged, by: Actor, at: datetime) -> Change:
    running = {name: clock for name, clock in case.clocks.items() if name not in event.stopped}
    for name, start in event.started.items():
        running[name] = Clock.model_construct(since=start.since, due=start.due, next=start.next)
    return {"clocks": running}


@_on(e.Reminded)
def _reminded(case: Case, event: e.Reminded, by: Actor, at: datetime) -> Change:
    clock = case.clocks[event.clock]
    clock = clock.model_copy(update={"fired": clock.fired + len(event.rungs), "next": event.next})
    return {"clocks": {**case.clocks, event.clock: clock}, "level": max(case.level, event.level)}


@_on(e.Overdue)
def _overdue(case: Case, event: e.Overdue, by: Actor, at: datetime) -> Change:
    clock = case.clocks[event.clock].model_copy(update={"late": True})
    return {"clocks": {**case.clocks, event.clock: clock}}
