"""What several topics ask: whether a code is known, whether a unit can take a case, who is outside."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from casework.cases.access import At, By, about
from casework.cases.registry import Change
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Event

if TYPE_CHECKING:
    from casework.clock.limits import Limit

WITH_NOBODY: Change = {
    "chain": (),
    "officer": None,
    "binding": False,
    "copies": (),
    "parties": (),
    "heard": (),
}
"""Taken up anew: nobody holds it, the unit that had it as little as another; nobody reads along."""


def unit_known(
    code: str | None, rules: Rules, now: datetime, pointer: str = "/unit"
) -> Refusal | None:
    """Whether something can be given to this unit: it exists and has not been retired."""
    if code is None:
        return None
    unit = rules.city.units.get(code)
    if unit is None:
        return Refusal("unknown_unit", {"unit": code}, pointer)
    if unit.retired is not None and unit.retired <= rules.calendar.local(now):
        return Refusal("retired_unit", {"unit": code, "on": unit.retired.isoformat()}, pointer)
    return None


def category_known(code: str | None, rules: Rules) -> Refusal | None:
    if code is not None and code not in rules.city.categories:
        return Refusal("unknown_category", {"category": code}, "/category")
    return None


def area_known(code: str | None, rules: Rules) -> Refusal | None:
    if code is not None and code not in rules.city.areas:
        return Refusal("unknown_area", {"area": code}, "/area")
    return None


def may_help(at: At, unit: str, pointer: str = "/unit") -> Refusal | None:
    """Whether the unit can have to do with the case: it is known, and not what the case is about
    (XF 30: never to the accused). A unit of another line may help all the same."""
    if refusal := unit_known(unit, at.rules, at.now, pointer):
        return refusal
    accused = about(at.case, unit, at.rules)
    return Refusal("subject_unit", {"unit": unit}, pointer) if accused else None


def can_take(
    at: At, unit: str, category: str | None = None, pointer: str = "/unit"
) -> Refusal | None:
    """Whether the case can be given to the unit: it can help, and is of the right line."""
    if refusal := may_help(at, unit, pointer):
        return refusal
    category = category or at.case.category
    if category in at.rules.city.categories and not at.rules.city.may_lead(unit, category or ""):
        return Refusal("wrong_line", {"unit": unit, "category": category}, pointer)
    return None


def unknown_codes(filing: c.File, by: By, rules: Rules, now: datetime) -> Refusal | None:
    """What a filing names that is not there, or is not this filer's to say."""
    if refusal := area_known(filing.area, rules):
        return refusal
    for i, unit in enumerate(filing.about):
        if refusal := unit_known(unit, rules, now, f"/about/{i}"):
            return refusal
    if refusal := unit_known(filing.addressee, rules, now, "/addressee"):
        return refusal
    if filing.origin is not None and by.actor.role == "citizen":
        return Refusal("origin_staff_only", pointer="/origin")
    if filing.urgency != "ordinary" and by.actor.role == "citizen":
        return Refusal("urgency_staff_only", pointer="/urgency")
    if refusal := _imposed_ahead(filing, rules, now):
        return refusal
    return category_known(filing.category, rules)


def _imposed_ahead(filing: c.File, rules: Rules, now: datetime) -> Refusal | None:
    until, origin = imposed_on(filing, rules), filing.origin
    if until is None or origin is None:
        return None
    pointer = "/origin/due" if origin.due else "/origin/due_at"
    return ahead(until, now, rules.policy.at_most.get("imposed"), rules, now, pointer)


def imposed_on(filing: c.File, rules: Rules) -> datetime | None:
    """The due time imposed from above: an instant, or the end of a day."""
    origin = filing.origin
    if origin is None:
        return None
    return rules.calendar.ends(origin.due) if origin.due else origin.due_at


def another_officer(case: Case, by: By) -> Refusal | None:
    """A second handling is another officer's, from claim to reply and after a return (JN 27).

    A head may take it over.
    """
    again = case.redo > 0 and case.replied_by == by.actor.id
    return Refusal("same_person") if again and by.actor.role == "officer" else None


def not_after(
    day: date,
    start: datetime,
    limit: Limit,
    rules: Rules,
    now: datetime,
    pointer: str = "/until",
) -> Refusal | None:
    """Whether a stated last day lies ahead, and within this limit of `start`."""
    return ahead(rules.calendar.ends(day), start, limit, rules, now, pointer)


def ahead(
    until: datetime, start: datetime, limit: Limit | None, rules: Rules, now: datetime, pointer: str
) -> Refusal | None:
    """Whether a due time lies ahead, and within this limit of `start` if there is one."""
    from casework.clock.limits import due

    day = rules.calendar.local(until - datetime.resolution)
    if until <= now:
        return Refusal("past", {"until": day.isoformat()}, pointer)
    if limit is None:
        return None
    latest = due(start, limit, rules.calendar)
    if until > latest.at:
        details = {"until": day.isoformat(), "limit": str(limit), "latest": latest.on.isoformat()}
        return Refusal("too_far", details, pointer)
    return None


def promise_may(at: At, day: date) -> Refusal | None:
    """Whether it can be promised by this day: it lies ahead, not too far, and not once more (JN 24)."""
    most = at.rules.policy.times["promise"]
    if at.case.granted.get("promise", 0) >= most:
        return Refusal("promised_already", {"times": most})
    return not_after(day, at.now, at.rules.policy.at_most["promise"], at.rules, at.now)


def imposed(day: date, rules: Rules, now: datetime, pointer: str) -> Refusal | None:
    """Whether a due date from above or of an order can be: it lies ahead, and can be counted to."""
    return not_after(day, now, rules.policy.at_most["imposed"], rules, now, pointer)


def window(name: str, case: Case, rules: Rules, now: datetime) -> Refusal | None:
    if case.end is None or rules.policy.window_open(name, case.end.at, now, rules.calendar):
        return None
    return Refusal("window_over", {"limit": str(rules.policy.windows[name])})


def off_the_board(case: Case, end: Event) -> list[Event]:
    """An end without an answer takes a published case off the board, and lets those that follow it go."""
    happened = [end]
    if case.public:
        happened.append(e.Unpublished())
    if case.followers:
        happened.append(e.FollowersReleased(followers=case.led_by_it))
    return happened
