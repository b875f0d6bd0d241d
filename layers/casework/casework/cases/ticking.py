"""What a tick finds: every rung reached, every due time passed, each once, and what follows by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from casework.cases.access import about
from casework.cases.clocks import deadline_of, runs_for, whole_second, with_clocks
from casework.cases.evolve import evolve_all
from casework.cases.parts import Clock
from casework.cases.recipients import Told, told
from casework.cases.rules import Rules
from casework.cases.secrecy import kept_secret
from casework.cases.spreading import spread
from casework.cases.state import HEARTBEAT, Case
from casework.cases.table import UNANSWERED
from schemas import events as e
from schemas.events import Actor, Event

if TYPE_CHECKING:
    from casework.clock.policy import ClockRule


def ticked(case: Case, by: Actor, rules: Rules, now: datetime) -> list[Event]:
    """All that a tick at `now` makes happen, with the clocks that it moves; then nothing is due.

    Where something moves the case, what else was due is looked at again in its new state.
    """
    happened: list[Event] = []
    for _ in range(1 + 2 * len(case.clocks)):  # what stood still may be due once it goes on
        found = due_now(case, rules.of(case), now)
        if not found:
            break
        found += kept_secret(case, found, by, rules, now)
        found = with_clocks(case, found, case.number, by, rules, now, again=True)
        case = evolve_all(case, found, case.number, by, now)
        happened += found
    return happened


def due_now(case: Case, rules: Rules, now: datetime) -> list[Event]:
    """What is due at `now`, up to what moves the case."""
    happened: list[Event] = []
    for name, clock in case.clocks.items():
        rule = rules.policy.rule(name)
        if rule is None or not runs_for(rule, case, rules):
            continue  # the next change puts it away
        if clock.paused is not None or clock.next > now:
            continue
        passes = now >= clock.due and not clock.late
        if passes:
            happened.append(e.Overdue(clock=name))
        happened.append(_reminded(name, clock, rule, case, rules, now))
        if passes and (moved := _by_itself(rule, clock, case, rules)):
            return [*happened, *moved]
    waits = case.next_due
    if not happened and waits is not None and waits <= now:
        return [e.Checked()]
    return happened


def _reminded(
    name: str, clock: Clock, rule: ClockRule, case: Case, rules: Rules, now: datetime
) -> e.Reminded:
    deadline = deadline_of(name, clock, case, rules)
    fired = rule.ladder.climbed(clock.fired, clock.level)
    found = rule.ladder.due_rungs(deadline, range(fired), now, rules.calendar)
    rungs = [rule.ladder.rungs[i] for i in found.rungs]
    who = tuple(dict.fromkeys(role for rung in rungs for role in rung.who))
    people = told(who, name, case, rules, now) if rules.city.staff else Told()
    upcoming = found.next
    if now < clock.due and (upcoming is None or clock.due < upcoming):
        upcoming = clock.due
    if upcoming is not None:
        following = fired + len(found.rungs)
        upcoming = spread(upcoming, following, rule, deadline, case.number, rules)
    return e.Reminded(
        clock=name,
        rungs=found.rungs,
        who=who,
        told=people.accounts,
        gaps=people.gaps,
        level=max((rung.level for rung in rungs), default=0),
        card=next((rung.card for rung in reversed(rungs) if rung.card), None),
        manual=next((rung.manual for rung in reversed(rungs) if rung.manual), None),
        notice=next((rung.notice for rung in reversed(rungs) if rung.notice), None),
        next=whole_second(upcoming or now + HEARTBEAT),
    )


def _by_itself(rule: ClockRule, clock: Clock, case: Case, rules: Rules) -> list[Event]:
    """What follows when the due time of such a clock has passed, where the case still is what it is for."""
    match rule.at_due:
        case "close":
            if case.state == "NEEDS_INFO":
                return [e.Closed(how="no_answer")]
            if case.state != "AWAITING_RATING":
                return []
            if case.unread:  # the citizen has judged, in words that nobody has answered
                answered = case.answered  # by no unit: one has to be found, as after a bad rating
                return [e.Accepted() if answered else e.FollowUpBegun(reason="unresolved")]
            return [e.Closed(how="unrated")]
        case "resume":
            if case.state != "SUSPENDED":
                return []
            return [e.Resumed(why="review_date", as_of=clock.due)]
        case "call_back":
            called = case.reachable and case.reply_wanted and not case.call_back
            return [e.CallBackDue()] if called and case.state in UNANSWERED else []
        case "break":
            return [e.PromiseBroken()] if case.state == "PROMISED" else []
        case "district":
            return _to_the_district(case, rules) if case.state == "TRIAGE" else []
        case _:
            return []


def _to_the_district(case: Case, rules: Rules) -> list[Event]:
    """What nobody has dispatched in time, the district takes, if it is known which (BJ 12)."""
    best = next((choice.category for choice in case.choices), None)
    category, district = case.category or best, rules.city.district_of(case.area)
    if category is None or district is None or about(case, district, rules):
        return []
    if district in case.returned_by or not rules.city.may_lead(district, category):
        return []
    return [e.Dispatched(unit=district, category=category)]
