"""Supervision by hand (督办单, 批示): an instruction that must be answered and is verified by another."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.acts.common import imposed, may_help
from casework.cases.parts import Order
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event

MOST_ORDERS = 5


@guards("issue-order")
def _issue_may(at: At, command: Any) -> Refusal | None:
    if len(at.case.orders) >= MOST_ORDERS:
        return Refusal("too_many_orders", {"most": MOST_ORDERS})
    if command is None:
        return None
    if command.unit is None and at.case.unit is None:
        return Refusal("unit_needed", pointer="/unit")
    if command.due and (refusal := imposed(command.due, at.rules, at.now, "/due")):
        return refusal
    return may_help(at, command.unit) if command.unit else None


@handles("issue-order")
def _issue(at: At, command: c.IssueOrder) -> list[Event]:
    unit = command.unit or at.case.unit
    assert unit is not None, "guarded"
    return [
        e.OrderIssued(
            order=f"order-{at.case.version + 1}",
            unit=unit,
            level=command.level,
            until=at.rules.calendar.ends(command.due) if command.due else None,
        )
    ]


@guards("respond-order")
def _respond_may(at: At, command: Any) -> Refusal | None:
    own = [o for o in at.case.orders if o.unit == at.by.actor.unit and o.by is None]
    return _among(own, command)


@handles("respond-order")
def _respond(at: At, command: c.RespondOrder) -> list[Event]:
    return [e.OrderAnswered(order=command.order)]


@done_by("verify-order", "lift-order")
def _supervised(case: Case, command: Any) -> Doers:
    """Who answered it, and the unit that was told to."""
    orders = [o for o in case.orders if command is None or o.id == command.order]
    one = orders if command is not None or len(orders) == 1 else []
    return Doers(frozenset(o.by for o in one if o.by), frozenset(o.unit for o in one))


@guards("verify-order")
def _verify_may(at: At, command: Any) -> Refusal | None:
    return _among([o for o in at.case.orders if o.by is not None], command)


@handles("verify-order")
def _verify(at: At, command: c.VerifyOrder) -> list[Event]:
    verdict = e.OrderVerified if command.accept else e.OrderSentBack
    return [verdict(order=command.order)]


@guards("lift-order")
def _lift_may(at: At, command: Any) -> Refusal | None:
    return _among(at.case.orders, command)


@handles("lift-order")
def _lift(at: At, command: c.LiftOrder) -> list[Event]:
    return [e.OrderLifted(order=command.order)]


def _among(orders: Any, command: Any) -> Refusal | None:
    """Whether there is such an order at all, and the command names one."""
    if not orders:
        return Refusal("no_order")
    if command is not None and command.order not in {order.id for order in orders}:
        known = ", ".join(order.id for order in orders)
        return Refusal("unknown_order", {"order": command.order, "known": known}, "/order")
    return None


@on(e.OrderIssued)
def _issued(case: Case, event: e.OrderIssued, by: Actor, at: datetime) -> Change:
    return {"orders": (*case.orders, Order(id=event.order, unit=event.unit, level=event.level))}


@on(e.OrderAnswered)
def _answered(case: Case, event: e.OrderAnswered, by: Actor, at: datetime) -> Change:
    return _answer(case, event.order, by.id)


@on(e.OrderSentBack)
def _sent_back(case: Case, event: e.OrderSentBack, by: Actor, at: datetime) -> Change:
    return _answer(case, event.order, None)


@on(e.OrderVerified, e.OrderLifted)
def _over(case: Case, event: e.OrderVerified | e.OrderLifted, by: Actor, at: datetime) -> Change:
    return {"orders": tuple(order for order in case.orders if order.id != event.order)}


def _answer(case: Case, name: str, by: str | None) -> Change:
    return {
        "orders": tuple(
            order.model_copy(update={"by": by}) if order.id == name else order
            for order in case.orders
        )
    }
