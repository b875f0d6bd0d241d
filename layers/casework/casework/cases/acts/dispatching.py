"""Dispatch (交办, 派单): automatic, by a person, and the classification that it goes by."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers, about
from casework.cases.acts.common import area_known, can_take, category_known, unit_known
from casework.cases.parts import Link
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Actor, Event

MOST_RETURNS = 2
"""After so many departments have returned a case, it goes to arbitration (WF 22)."""
MOST_PARTIES = 6


@handles("route")
def _route(at: At, found: c.Route) -> list[Event]:
    similar: list[Event] = [e.SimilarFound(similar=found.similar)] if found.similar else []
    return [*_routed(at, found), *similar]


def _routed(at: At, found: c.Route) -> list[Event]:
    review = at.rules.policy.review
    if at.case.state == "SUBMITTED":
        if review == "all":
            return [e.ReviewBegun(reason="all")]
        if review == "suspicious" and found.suspicious:
            return [e.ReviewBegun(reason=found.suspicious)]
    accepted: list[Event] = [e.Accepted()] if at.case.state == "SUBMITTED" else []
    accepted += _found_out(at, found)
    if bounced := returned_twice(at, at.case.returned_by):
        return [*accepted, *bounced]
    if not found.confident or found.unit is None or found.category is None:
        return [*accepted, _left_to_a_person(found)]
    gone = category_known(found.category, at.rules) or can_take(at, found.unit, found.category)
    if gone or found.unit in at.case.returned_by:
        return [*accepted, _left_to_a_person(found)]
    dispatched = given_to(found.unit, found.category, at).model_copy(
        update={
            "automatic": True,
            "confidence": round(found.confidence, 2),
            "words": found.words[:3],
            "rule": found.rule,
            "runner_up": found.choices[1] if len(found.choices) > 1 else None,
        }
    )
    return [*accepted, *_named(at, found), dispatched]


def _left_to_a_person(found: c.Route) -> e.Queued:
    return e.Queued(choices=found.choices[:3], words=found.words[:3])


def _named(at: At, found: c.Route) -> list[Event]:
    """The units complained about, where nobody has named any: a person can take them off again."""
    units = tuple(unit for unit in found.subjects if unit in at.rules.city.units)
    return [e.SubjectsNamed(units=units)] if units and at.case.subjects is None else []


def _found_out(at: At, found: c.Route) -> list[Event]:
    """What the machine adds to what people said of a case, and never puts in its place."""
    case, city, known = at.case, at.rules.city, list[Event]()
    around = city.area_path(found.area) if found.area and found.area in city.areas else ()
    if around and (case.area not in city.areas or case.area in around):
        known += _located(case, found.area)
    if found.urgency is not None and case.urgency == "ordinary" != found.urgency:
        known += _changed(case, case.kind, None, found.urgency)
    return known


@done_by("dispatch", "designate")
def _heard(case: Case, command: Any) -> Doers:
    """Nobody of a unit that was heard in the arbitration."""
    settled = case.state == "ARBITRATION" or case.binding
    return Doers(units=frozenset(case.parties if settled else ()))


@guards("dispatch")
def _dispatch_may(at: At, command: Any) -> Refusal | None:
    """A designated case too: a supervisor who moves it designates another unit (WF 22)."""
    if command is None:
        return None
    if command.category is None and at.case.category is None:
        return Refusal("category_needed", pointer="/category")
    if at.case.chain and command.unit == at.case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    return (
        category_known(command.category, at.rules)
        or area_known(command.area, at.rules)
        or can_take(at, command.unit, command.category)
    )


@handles("dispatch")
def _dispatch(at: At, command: c.Dispatch) -> list[Event]:
    category = command.category or at.case.category
    assert category is not None, "guarded"
    happened: list[Event] = [e.Accepted()] if at.case.state == "SUBMITTED" else []
    kind = command.kind or at.case.kind
    urgency = None if command.urgency == at.case.urgency else command.urgency
    if kind != at.case.kind or urgency is not None:
        happened += _changed(at.case, kind, category, urgency)
    happened += _located(at.case, command.area)
    return [*happened, given_to(command.unit, category, at, binding=at.case.binding)]


@done_by("reclassify", "merge", "mark-repeat")
def _holding(case: Case, command: Any) -> Doers:
    return Doers(units=frozenset({case.unit} if case.unit else ()))


@guards("reclassify")
def _reclassify_may(at: At, command: Any) -> Refusal | None:
    if command is None:
        return None
    same_kind = command.kind in (None, at.case.kind)
    same_haste = command.urgency in (None, at.case.urgency)
    same_matter = command.category in (None, at.case.category)
    if same_kind and same_haste and same_matter and command.area in (None, at.case.area):
        return Refusal("nothing_changes")
    if refusal := category_known(command.category, at.rules) or area_known(command.area, at.rules):
        return refusal
    return can_take(at, at.case.unit, command.category, "/category") if at.case.unit else None


@handles("reclassify")
def _reclassify(at: At, command: c.Reclassify) -> list[Event]:
    kind = command.kind or at.case.kind
    located = _located(at.case, command.area)
    if command.kind is command.category is command.urgency is None:
        return located
    return [*_changed(at.case, kind, command.category, command.urgency), *located]


def _changed(
    case: Case, kind: names.Kind, category: str | None, urgency: names.Urgency | None
) -> list[Event]:
    """What turns out to be a report leaves the public board in the same commit."""
    reclassified = e.Reclassified(kind=kind, category=category, urgency=urgency)
    return [reclassified, e.Unpublished()] if case.public and kind == "report" else [reclassified]


def _located(case: Case, area: str | None) -> list[Event]:
    return [e.Located(area=area)] if area is not None and area != case.area else []


def returned_twice(at: At, returned: tuple[str, ...]) -> list[e.ArbitrationBegun]:
    """Arbitration between the units that have returned the case, once they are two (WF 22)."""
    units = tuple(unit for unit in returned if not about(at.case, unit, at.rules))
    if len(units) < MOST_RETURNS:
        return []
    return [e.ArbitrationBegun(reason="returned_twice", units=units[-MOST_PARTIES:])]


def given_to(unit: str, category: str, at: At, *, binding: bool = False) -> e.Dispatched:
    """A dispatch. What goes straight to a street is copied to its district (BJ 12)."""
    return e.Dispatched(
        unit=unit, category=category, binding=binding, copies=_copied(unit, at.rules, at)
    )


def _copied(unit: str, rules: Rules, at: At) -> tuple[str, ...]:
    known = rules.city.units.get(unit)
    if known is None or known.kind != "street" or known.parent is None:
        return ()
    gone = unit_known(known.parent, rules, at.now) is not None
    return () if gone or about(at.case, known.parent, rules) else (known.parent,)


@on(e.Queued)
def _queued(case: Case, event: e.Queued, by: Actor, at: datetime) -> Change:
    return {"state": "TRIAGE", "choices": event.choices}


@on(e.Dispatched)
def _dispatched(case: Case, event: e.Dispatched, by: Actor, at: datetime) -> Change:
    link = Link.model_construct(unit=event.unit, since=at)
    return {
        "state": "ASSIGNED",
        "category": event.category,
        "chain": (link,),
        "choices": (),
        "officer": None,
        "asks": case.lasting,
        "aids": (),
        "before": None,
        "binding": event.binding,
        "copies": event.copies,
        # A designation settles who is responsible: what was returned before counts no more.
        "returned_by": () if event.binding else case.returned_by,
    }


@on(e.Located)
def _is_at(case: Case, event: e.Located, by: Actor, at: datetime) -> Change:
    return {"area": event.area}


@on(e.Reclassified)
def _reclassified(case: Case, event: e.Reclassified, by: Actor, at: datetime) -> Change:
    """What turns out to be a report is sealed from then on (XF 28, 30, 46)."""
    change: Change = {
        "kind": event.kind,
        "category": event.category or case.category,
        "urgency": event.urgency or case.urgency,
    }
    if event.kind == "report" and case.kind != "report" and case.identity in ("open", "hidden"):
        change["identity"] = "sealed"
    return change
