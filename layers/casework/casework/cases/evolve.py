"""State after an event. Total: it never fails on what `decide` gave."""

from collections.abc import Iterable
from datetime import datetime

import casework.cases.acts  # noqa: F401 - the topics say what each event changes
from casework.cases.parts import Subjects
from casework.cases.registry import STEPS, Change
from casework.cases.state import Case
from casework.cases.table import HELPED, UNANSWERED
from schemas import events as e
from schemas.events import Actor, Commit, Event
from schemas.names import ENDS

_ASKED_WHILE_HANDLING = frozenset({"extension", "suspension"})


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
    change = STEPS[type(event)](case, event, by, at)
    after = case.model_copy(update={**change, "changed_at": at})
    settled = _settled(after)
    return after.model_copy(update=settled) if settled else after


def _filed(event: e.Filed, number: str, at: datetime) -> Case:
    return Case(
        number=number,
        version=0,
        state="SUBMITTED",
        kind=event.kind,
        channel=event.channel,
        category=event.category,
        area=event.area,
        urgency=event.urgency,
        publishable=event.publishable,
        identity=event.identity,
        reachable=event.reachable,
        reply_wanted=event.reply_wanted,
        subjects=Subjects(units=event.about) if event.about else None,
        addressee=event.addressee,
        filed_at=at,
        changed_at=at,
    )


def _settled(case: Case) -> Change:
    """What falls away by itself where the case has gone on, and the lists that now show it."""
    change: Change = {}
    if case.asks and case.state != "HANDLING":
        ended = case.state in ENDS
        left = {
            name: ask
            for name, ask in case.asks.items()
            if not (ended or name in _ASKED_WHILE_HANDLING)
        }
        if left != case.asks:
            change["asks"] = left
    if case.call_back and case.state not in UNANSWERED:
        change["call_back"] = False
    if case.aids and case.state not in HELPED:
        change["aids"] = ()
    if new := [holder for holder in case.asides if holder not in case.shown_to]:
        change["shown_to"] = (*case.shown_to, *new)
    return change
