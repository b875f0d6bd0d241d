"""What the table cannot say of a command: windows, numbers of times, another person, known codes.

A guard gets the command, or None when the question is only whether it could be given at all.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.cases.access import At, By
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case

Guard = Callable[[At, Any], Refusal | None]


def _none(at: At, command: Any) -> Refusal | None:
    return None


GUARDS: dict[str, Guard] = defaultdict(lambda: _none)


def _guards(name: str) -> Callable[[Guard], Guard]:
    def register(guard: Guard) -> Guard:
        GUARDS[name] = guard
        return guard

    return register


def unit_known(code: str | None, rules: Rules, now: datetime) -> Refusal | None:
    """Whether a case can be given to this unit: it exists and has not been retired."""
    if code is None:
        return None
    unit = rules.city.units.get(code)
    if unit is None:
        return Refusal("unknown_unit", {"unit": code}, "/unit")
    if unit.retired is not None and unit.retired <= rules.calendar.local(now):
        return Refusal("retired_unit", {"unit": code, "on": unit.retired.isoformat()}, "/unit")
    return None


def category_known(code: str | None, rules: Rules) -> Refusal | None:
    if code is not None and code not in rules.city.categories:
        return Refusal("unknown_category", {"category": code}, "/category")
    return None


@_guards("answer")
def _answer(at: At, command: Any) -> Refusal | None:
    return None if at.case.kind == "enquiry" else Refusal("only_enquiries")


@_guards("dispatch")
def _dispatch(at: At, command: Any) -> Refusal | None:
    """A designated case too: a supervisor who moves it designates another unit (WF 22)."""
    if at.case.binding and at.by.actor.unit in at.case.parties:
        return Refusal("own_unit", {"unit": at.by.actor.unit})
    if command is None:
        return None
    if command.category is None and at.case.category is None:
        return Refusal("category_needed", pointer="/category")
    if at.case.chain and command.unit == at.case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    return unit_known(command.unit, at.rules, at.now) or category_known(command.category, at.rules)


@_guards("reclassify")
def _reclassify(at: At, command: Any) -> Refusal | None:
    if command is None:
        return None
    same_kind = command.kind in (None, at.case.kind)
    if same_kind and command.category in (None, at.case.category):
        return Refusal("nothing_changes")
    return category_known(command.category, at.rules)


@_guards("claim")
def _claim(at: At, command: Any) -> Refusal | None:
    return _another_officer(at.case, at.by)


@_guards("return")
def _return(at: At, command: Any) -> Refusal | None:
    if at.case.binding and at.case.delegator is None:
        return _binding(at.case)
    if command is None or command.unit is None:
        return None
    if command.unit == at.case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    return unit_known(command.unit, at.rules, at.now)


@_guards("delegate")
def _delegate(at: At, command: Any) -> Refusal | None:
    """One level down, along the tree of units; a department's own duty is not pushed sideways."""
    if command is not None and (refusal := unit_known(command.unit, at.rules, at.now)):
        return refusal
    below = [
        unit.code
        for unit in at.rules.city.units.values()
        if unit.parent == at.case.unit and unit_known(unit.code, at.rules, at.now) is None
    ]
    if not below:
        return Refusal("nobody_below", {"unit": at.case.unit})
    if command is not None and command.unit not in below:
        return Refusal("not_below", {"unit": command.unit, "holder": at.case.unit}, "/unit")
    return None


@_guards("recall")
def _recall(at: At, command: Any) -> Refusal | None:
    """Who takes the case back handles it."""
    return _another_officer(at.case, at.by)


@_guards("assign-officer")
def _assign_officer(at: At, command: Any) -> Refusal | None:
    if command is None:
        return None
    if at.case.redo > 0 and at.case.replied_by == command.officer:
        return Refusal("same_person", pointer="/officer")
    if at.case.officer == command.officer:
        return Refusal("nothing_changes", pointer="/officer")
    return None


@_guards("arbitrate")
def _arbitrate(at: At, command: Any) -> Refusal | None:
    """Given again, it names other units to be heard."""
    if at.case.binding:
        return _binding(at.case)
    if at.case.asked_by == at.by.actor.id:
        return Refusal("same_person")
    if refusal := _another_unit(at.case, at.by):
        return refusal
    for i, unit in enumerate(command.units if command else ()):
        if unit in command.units[:i]:
            return Refusal("same_unit", {"unit": unit}, "/units")
        if refusal := unit_known(unit, at.rules, at.now):
            return replace(refusal, pointer=f"/units/{i}")
    return None


@_guards("designate")
def _designate(at: At, command: Any) -> Refusal | None:
    """By someone of none of the units that are heard: nobody decides a dispute of their own."""
    if at.by.actor.unit in at.case.parties:
        return Refusal("own_unit", {"unit": at.by.actor.unit})
    if command is None:
        return None
    if command.category is None and at.case.category is None:
        return Refusal("category_needed", pointer="/category")
    return unit_known(command.unit, at.rules, at.now) or category_known(command.category, at.rules)


@_guards("decide-return")
def _decide_return(at: At, command: Any) -> Refusal | None:
    if at.case.asked_by == at.by.actor.id:
        return Refusal("same_person")
    if refusal := _another_unit(at.case, at.by):
        return refusal
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
    return unit_known(command.unit, at.rules, at.now)


@_guards("reply")
def _reply(at: At, command: Any) -> Refusal | None:
    if not_again := _another_officer(at.case, at.by):
        return not_again
    if command is None:
        return None
    if command.outcome in ("adopted", "not_adopted") and at.case.kind != "suggestion":
        return Refusal("only_suggestions", {"outcome": command.outcome}, "/outcome")
    return None


@_guards("decide-reply")
def _decide_reply(at: At, command: Any) -> Refusal | None:
    own = at.case.draft is not None and at.case.draft.by == at.by.actor.id
    return Refusal("same_person") if own else _another_unit(at.case, at.by)


@_guards("rate")
def _rate(at: At, command: Any) -> Refusal | None:
    """A rating is never collected by who is rated."""
    return _outside(at.case, at.by) if at.by.actor.role == "agent" else None


@_guards("close")
def _close(at: At, command: Any) -> Refusal | None:
    """That a reply was right is signed outside the unit that gave it (JN 27)."""
    return _outside(at.case, at.by)


@_guards("redo")
def _redo(at: At, command: Any) -> Refusal | None:
    most = at.rules.policy.times["redo"]
    return Refusal("redo_used_up", {"times": most}) if at.case.redo >= most else None


@_guards("withdraw")
def _withdraw(at: At, command: Any) -> Refusal | None:
    return Refusal("reports_stay") if at.case.kind == "report" else None


@_guards("reopen")
def _reopen(at: At, command: Any) -> Refusal | None:
    if at.case.end is None:
        return None
    most = at.rules.policy.times["reopening"]
    if at.case.reopened >= most:
        return Refusal("reopening_used_up", {"times": most})
    return _window(
        "withdrawal" if at.case.state == "WITHDRAWN" else "reopening", at.case, at.rules, at.now
    )


@_guards("object")
def _object(at: At, command: Any) -> Refusal | None:
    """Every end can be objected to once (XF 2022; five working days)."""
    if at.case.objected:
        return Refusal("objected_already")
    return _window("objection", at.case, at.rules, at.now)


@_guards("decide-objection")
def _decide_objection(at: At, command: Any) -> Refusal | None:
    """Neither who ended the case decides, nor who gave the answer with which it ended."""
    ended_by = at.case.end.by if at.case.end else None
    own = at.by.actor.id in (ended_by, at.case.replied_by)
    return Refusal("same_person") if own else _another_unit(at.case, at.by)


@_guards("publish")
def _publish(at: At, command: Any) -> Refusal | None:
    """No publication without separate consent (PIPL art. 25), and never of a report (举报)."""
    if at.case.public:
        return Refusal("published_already")
    if at.case.kind == "report":
        return Refusal("reports_are_secret")
    return None if at.case.publishable else Refusal("no_consent")


@_guards("unpublish")
def _unpublish(at: At, command: Any) -> Refusal | None:
    return None if at.case.public else Refusal("not_published")


def _binding(case: Case, pointer: str | None = None) -> Refusal:
    """It was designated to the first of its chain, whoever has it now."""
    return Refusal("binding", {"unit": case.chain[0].unit if case.chain else None}, pointer)


def _another_officer(case: Case, by: By) -> Refusal | None:
    """A second handling is another officer's, from claim to reply and after a return (JN 27).

    A head may take it over.
    """
    again = case.redo > 0 and case.replied_by == by.actor.id
    return Refusal("same_person") if again and by.actor.role == "officer" else None


def _outside(case: Case, by: By) -> Refusal | None:
    """Whether the actor stands outside of what was done: replied to nothing, and of another unit."""
    if case.replied_by == by.actor.id:
        return Refusal("same_person")
    return _another_unit(case, by)


def _another_unit(case: Case, by: By) -> Refusal | None:
    """Nobody decides on what the own unit did."""
    own = case.unit is not None and case.unit == by.actor.unit
    return Refusal("own_unit", {"unit": case.unit}) if own else None


def _window(name: str, case: Case, rules: Rules, now: datetime) -> Refusal | None:
    if case.end is None or rules.policy.window_open(name, case.end.at, now, rules.calendar):
        return None
    return Refusal("window_over", {"limit": str(rules.policy.windows[name])})
