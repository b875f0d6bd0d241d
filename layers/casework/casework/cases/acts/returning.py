"""Returns (退单) and, where nobody wants the case or several do, arbitration (会商, 指定; WF 22)."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.acts.common import WITH_NOBODY, can_take, category_known, unit_known
from casework.cases.acts.dispatching import given_to, returned_twice
from casework.cases.acts.levels import and_the_holder
from casework.cases.parts import Ask
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@guards("return")
def _return_may(at: At, command: Any) -> Refusal | None:
    if at.case.binding and at.case.delegator is None:
        return _binding(at.case)
    if command is None or command.unit is None:
        return None
    if command.unit == at.case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    return unit_known(command.unit, at.rules, at.now)


@handles("return")
def _return(at: At, command: c.Return) -> list[Event]:
    return [e.ReturnAsked(reason=command.reason, unit=command.unit)]


@done_by("decide-return", "arbitrate")
def _asked(case: Case, command: Any) -> Doers:
    ask = case.asks.get("return")
    return Doers(
        persons=frozenset({ask.by} if ask else ()),
        units=frozenset({case.unit} if case.unit else ()),
    )


@guards("decide-return")
def _decide_may(at: At, command: Any) -> Refusal | None:
    if command is None or command.unit is None:
        return None
    if not command.approve:
        return Refusal("unit_only_if_approved", pointer="/unit")
    if at.case.binding:
        return _binding(at.case, "/unit")
    if at.case.delegator is not None and at.case.delegator == at.by.actor.unit:
        # Past itself the level above gives nothing: that would be a return of its own.
        return Refusal("own_unit", {"unit": at.case.delegator}, "/unit")
    if command.unit == at.case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    if at.case.category is None:
        return Refusal("category_needed")
    return can_take(at, command.unit)


@handles("decide-return")
def _decide(at: At, command: c.DecideReturn) -> list[Event]:
    """Approved, a case that was delegated goes one level up; else back to dispatch.

    Back to a unit that has returned it already it does not go: the two are heard instead.
    """
    if not command.approve:
        return [e.ReturnRefused()]
    if at.case.delegator is not None and command.unit is None:
        return [e.ReturnedUp()]
    if command.unit is None or at.case.category is None:
        return [e.Returned()]
    bounced = returned_twice(at, and_the_holder(at.case))
    if bounced and command.unit in at.case.returned_by:
        return [e.Returned(), *bounced]
    return [e.Returned(), given_to(command.unit, at.case.category, at)]


@guards("arbitrate")
def _arbitrate_may(at: At, command: Any) -> Refusal | None:
    """Given again, it names other units to be heard."""
    if at.case.binding:
        return _binding(at.case)
    for i, unit in enumerate(command.units if command else ()):
        if unit in command.units[:i]:
            return Refusal("same_unit", {"unit": unit}, "/units")
        if refusal := can_take(at, unit, pointer=f"/units/{i}"):
            return refusal
    return None


@handles("arbitrate")
def _arbitrate(at: At, command: c.Arbitrate) -> list[Event]:
    """Whoever wants to return the case is heard in any event."""
    holder = (at.case.unit,) if at.case.unit else ()
    units = tuple(dict.fromkeys((*command.units, *holder)))
    return [e.ArbitrationBegun(reason="dispute", units=units)]


@handles("state-position")
def _position(at: At, command: c.StatePosition) -> list[Event]:
    return [e.PositionGiven(unit=at.by.actor.unit or "")]


@guards("designate")
def _designate_may(at: At, command: Any) -> Refusal | None:
    if command is None:
        return None
    if command.category is None and at.case.category is None:
        return Refusal("category_needed", pointer="/category")
    return category_known(command.category, at.rules) or can_take(
        at, command.unit, command.category
    )


@handles("designate")
def _designate(at: At, command: c.Designate) -> list[Event]:
    category = command.category or at.case.category or ""
    return [given_to(command.unit, category, at, binding=True)]


@on(e.ReturnAsked)
def _return_asked(case: Case, event: e.ReturnAsked, by: Actor, at: datetime) -> Change:
    ask = Ask(by=by.id, unit=by.unit, reason=event.reason)
    return {"state": "RETURN_ASKED", "before": case.state, "asks": {**case.lasting, "return": ask}}


@on(e.Returned)
def _returned(case: Case, event: e.Returned, by: Actor, at: datetime) -> Change:
    return {
        **WITH_NOBODY,
        "state": "ACCEPTED",
        "returned_by": and_the_holder(case),
        "asks": case.lasting,
        "before": None,
    }


@on(e.ReturnedUp)
def _returned_up(case: Case, event: e.ReturnedUp, by: Actor, at: datetime) -> Change:
    return {
        "state": "ASSIGNED",
        "chain": case.chain[:-1],
        "returned_by": and_the_holder(case),
        "officer": None,
        "asks": case.lasting,
        "before": None,
    }


@on(e.ReturnRefused)
def _return_refused(case: Case, event: e.ReturnRefused, by: Actor, at: datetime) -> Change:
    return {"state": case.before or "ASSIGNED", "asks": case.lasting, "before": None}


@on(e.ArbitrationBegun)
def _arbitration(case: Case, event: e.ArbitrationBegun, by: Actor, at: datetime) -> Change:
    return {
        **WITH_NOBODY,
        "state": "ARBITRATION",
        "parties": event.units,
        "asks": case.lasting,
        "before": None,
        "choices": (),
    }


@on(e.PositionGiven)
def _position_given(case: Case, event: e.PositionGiven, by: Actor, at: datetime) -> Change:
    return {"heard": tuple(dict.fromkeys((*case.heard, event.unit)))}


def _binding(case: Case, pointer: str | None = None) -> Refusal:
    """It was designated to the first of its chain, whoever has it now."""
    return Refusal("binding", {"unit": case.chain[0].unit if case.chain else None}, pointer)
