"""What the table cannot say of a command: windows, numbers of times, another person, known codes.

A guard gets the command, or None when the question is only whether it could be given at all.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework.cases.access import By
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case

Guard = Callable[[Case, Any, By, Rules, datetime], Refusal | None]


def _none(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
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
def _answer(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    return None if case.kind == "enquiry" else Refusal("only_enquiries")


@_guards("dispatch")
def _dispatch(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    if command is None:
        return None
    if command.category is None and case.category is None:
        return Refusal("category_needed", pointer="/category")
    if case.chain and command.unit == case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    return unit_known(command.unit, rules, now) or category_known(command.category, rules)


@_guards("reclassify")
def _reclassify(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    if command is None:
        return None
    same_kind = command.kind in (None, case.kind)
    if same_kind and command.category in (None, case.category):
        return Refusal("nothing_changes")
    return category_known(command.category, rules)


@_guards("claim")
def _claim(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    return _another_officer(case, by)


@_guards("return")
def _return(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    if command is None or command.unit is None:
        return None
    if command.unit == case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    return unit_known(command.unit, rules, now)


@_guards("decide-return")
def _decide_return(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    if case.asked_by == by.actor.id:
        return Refusal("same_person")
    if refusal := _another_unit(case, by):
        return refusal
    if command is None or command.unit is None:
        return None
    if not command.approve:
        return Refusal("unit_only_if_approved", pointer="/unit")
    if command.unit == case.unit:
        return Refusal("same_unit", {"unit": command.unit}, "/unit")
    if case.category is None:
        return Refusal("category_needed")
    return unit_known(command.unit, rules, now)


@_guards("reply")
def _reply(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    if not_again := _another_officer(case, by):
        return not_again
    if command is None:
        return None
    if command.outcome in ("adopted", "not_adopted") and case.kind != "suggestion":
        return Refusal("only_suggestions", {"outcome": command.outcome}, "/outcome")
    return None


@_guards("decide-reply")
def _decide_reply(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    own = case.draft is not None and case.draft.by == by.actor.id
    return Refusal("same_person") if own else _another_unit(case, by)


@_guards("rate")
def _rate(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    """A rating is never collected by who is rated."""
    return _outside(case, by) if by.actor.role == "agent" else None


@_guards("close")
def _close(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    """That a reply was right is signed outside the unit that gave it (JN 27)."""
    return _outside(case, by)


@_guards("redo")
def _redo(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    most = rules.policy.times["redo"]
    return Refusal("redo_used_up", {"times": most}) if case.redo >= most else None


@_guards("withdraw")
def _withdraw(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    return Refusal("reports_stay") if case.kind == "report" else None


@_guards("reopen")
def _reopen(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    if case.end is None:
        return None
    most = rules.policy.times["reopening"]
    if case.reopened >= most:
        return Refusal("reopening_used_up", {"times": most})
    return _window("withdrawal" if case.state == "WITHDRAWN" else "reopening", case, rules, now)


@_guards("object")
def _object(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    """Every end can be objected to once (XF 2022; five working days)."""
    if case.objected:
        return Refusal("objected_already")
    return _window("objection", case, rules, now)


@_guards("decide-objection")
def _decide_objection(
    case: Case, command: Any, by: By, rules: Rules, now: datetime
) -> Refusal | None:
    """Neither who ended the case decides, nor who gave the answer with which it ended."""
    ended_by = case.end.by if case.end else None
    own = by.actor.id in (ended_by, case.replied_by)
    return Refusal("same_person") if own else _another_unit(case, by)


@_guards("publish")
def _publish(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    """No publication without separate consent (PIPL art. 25), and never of a report (举报)."""
    if case.public:
        return Refusal("published_already")
    if case.kind == "report":
        return Refusal("reports_are_secret")
    return None if case.publishable else Refusal("no_consent")


@_guards("unpublish")
def _unpublish(case: Case, command: Any, by: By, rules: Rules, now: datetime) -> Refusal | None:
    return None if case.public else Refusal("not_published")


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
