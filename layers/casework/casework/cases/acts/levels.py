"""The chain of units (逐级交办): claim, officer, delegate, recall."""

from datetime import datetime
from typing import Any

from casework.cases.access import At
from casework.cases.acts.common import another_officer, can_take
from casework.cases.parts import Link
from casework.cases.registry import Change, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@guards("claim", "recall")
def _not_again(at: At, command: Any) -> Refusal | None:
    """Who takes the case, or takes it back, handles it."""
    return another_officer(at.case, at.by)


@handles("claim")
def _claim(at: At, command: c.Claim) -> list[Event]:
    return [e.Claimed(officer=at.by.actor.id)]


@guards("assign-officer")
def _assign_may(at: At, command: Any) -> Refusal | None:
    if command is None:
        return None
    if at.case.redo > 0 and at.case.replied_by == command.officer:
        return Refusal("same_person", pointer="/officer")
    if at.case.subjects and command.officer in at.case.subjects.persons:
        return Refusal("subject_person", pointer="/officer")
    if at.case.officer == command.officer:
        return Refusal("nothing_changes", pointer="/officer")
    return None


@handles("assign-officer")
def _assign(at: At, command: c.AssignOfficer) -> list[Event]:
    return [e.OfficerAssigned(officer=command.officer)]


@guards("delegate")
def _delegate_may(at: At, command: Any) -> Refusal | None:
    """One level down, along the tree of units; a department's own duty is not pushed sideways."""
    if command is not None and (refusal := can_take(at, command.unit)):
        return refusal
    below = [
        unit.code
        for unit in at.rules.city.units.values()
        if unit.parent == at.case.unit and can_take(at, unit.code) is None
    ]
    if not below:
        return Refusal("nobody_below", {"unit": at.case.unit})
    if command is not None and command.unit not in below:
        return Refusal("not_below", {"unit": command.unit, "holder": at.case.unit}, "/unit")
    return None


@handles("delegate")
def _delegate(at: At, command: c.Delegate) -> list[Event]:
    return [e.Delegated(unit=command.unit)]


@handles("recall")
def _recall(at: At, command: c.Recall) -> list[Event]:
    return [e.Recalled(officer=at.by.actor.id)]


@on(e.Claimed)
def _claimed(case: Case, event: e.Claimed, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING", "officer": event.officer, "unread": False}


@on(e.OfficerAssigned)
def _assigned(case: Case, event: e.OfficerAssigned, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING", "officer": event.officer}


@on(e.Delegated)
def _delegated(case: Case, event: e.Delegated, by: Actor, at: datetime) -> Change:
    link = Link.model_construct(unit=event.unit, since=at)
    return {"state": "ASSIGNED", "chain": (*case.chain, link), "officer": None}


@on(e.Recalled)
def _recalled(case: Case, event: e.Recalled, by: Actor, at: datetime) -> Change:
    returns = "return" in case.asks
    return {
        "state": "HANDLING",
        "chain": case.chain[:-1],
        "returned_by": and_the_holder(case) if returns else case.returned_by,
        "officer": event.officer,
        "asks": case.lasting,
        "before": None,
    }


def and_the_holder(case: Case) -> tuple[str, ...]:
    """The units that have returned the case, its holder now among them."""
    return tuple(dict.fromkeys((*case.returned_by, *([case.unit] if case.unit else []))))
