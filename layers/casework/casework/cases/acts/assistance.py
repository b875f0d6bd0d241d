"""Help from other units (协办; 吹哨报到: a street calls departments), each with its own due date."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.acts.common import may_help
from casework.cases.parts import Aid
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Actor, Event

MOST_CALLED = 8


@guards("ask-assistance")
def _ask_may(at: At, command: Any) -> Refusal | None:
    called = {aid.unit for aid in at.case.aids}
    if len(called) >= MOST_CALLED:
        return Refusal("too_many_called", {"most": MOST_CALLED})
    for i, unit in enumerate(command.units if command else ()):
        if unit in (*command.units[:i], *called, at.case.unit):
            return Refusal("same_unit", {"unit": unit}, f"/units/{i}")
        if refusal := may_help(at, unit, f"/units/{i}"):
            return refusal
    if command and len(called) + len(command.units) > MOST_CALLED:
        return Refusal("too_many_called", {"most": MOST_CALLED}, "/units")
    return None


@handles("ask-assistance")
def _ask(at: At, command: c.AskAssistance) -> list[Event]:
    return [e.AssistanceAsked(unit=unit) for unit in command.units]


def _own_aid(*states: names.AidState) -> Callable[[At, Any], Refusal | None]:
    def guard(at: At, command: Any) -> Refusal | None:
        aid = at.case.aid(at.by.actor.unit)
        return None if aid and aid.state in states else Refusal("aid_state")

    return guard


guards("report-in")(_own_aid("requested"))
guards("answer-assistance")(_own_aid("requested", "reported_in"))
guards("dispute-assistance")(_own_aid("requested"))


@handles("report-in")
def _report_in(at: At, command: c.ReportIn) -> list[Event]:
    return [e.ReportedIn(unit=at.by.actor.unit or "")]


@handles("answer-assistance")
def _answer(at: At, command: c.AnswerAssistance) -> list[Event]:
    return [e.AssistanceAnswered(unit=at.by.actor.unit or "")]


@handles("dispute-assistance")
def _dispute(at: At, command: c.DisputeAssistance) -> list[Event]:
    return [e.AssistanceDisputed(unit=at.by.actor.unit or "")]


@done_by("decide-assistance")
def _disputants(case: Case, command: Any) -> Doers:
    """Neither who disputes it, nor who called."""
    aids = [
        aid
        for aid in case.aids
        if aid.state == "disputed" and (command is None or aid.unit == command.unit)
    ]
    persons = {person for aid in aids for person in (aid.by, aid.asked_by) if person}
    return Doers(frozenset(persons), case.units | {aid.unit for aid in aids})


@guards("decide-assistance")
def _decide_may(at: At, command: Any) -> Refusal | None:
    disputed = at.case.under_way("disputed")
    if not disputed:
        return Refusal("nothing_asked")
    if command is not None and command.unit not in disputed:
        return Refusal("not_disputed", {"unit": command.unit}, "/unit")
    return None


@handles("decide-assistance")
def _decide(at: At, command: c.DecideAssistance) -> list[Event]:
    decided = e.AssistanceUpheld if command.uphold else e.AssistanceReleased
    return [decided(unit=command.unit)]


@on(e.AssistanceAsked)
def _asked(case: Case, event: e.AssistanceAsked, by: Actor, at: datetime) -> Change:
    return {"aids": (*case.aids, Aid(unit=event.unit, asked_by=by.id))}


@on(e.ReportedIn)
def _reported(case: Case, event: e.ReportedIn, by: Actor, at: datetime) -> Change:
    return _now(case, event.unit, state="reported_in")


@on(e.AssistanceAnswered)
def _answered(case: Case, event: e.AssistanceAnswered, by: Actor, at: datetime) -> Change:
    return _now(case, event.unit, state="answered")


@on(e.AssistanceDisputed)
def _disputed(case: Case, event: e.AssistanceDisputed, by: Actor, at: datetime) -> Change:
    return _now(case, event.unit, state="disputed", by=by.id)


@on(e.AssistanceUpheld)
def _upheld(case: Case, event: e.AssistanceUpheld, by: Actor, at: datetime) -> Change:
    # It has been heard: from here on it can report in and answer, not dispute again.
    return _now(case, event.unit, state="reported_in")


@on(e.AssistanceReleased)
def _released(case: Case, event: e.AssistanceReleased, by: Actor, at: datetime) -> Change:
    return {"aids": tuple(aid for aid in case.aids if aid.unit != event.unit)}


def _now(case: Case, unit: str, **change: str) -> Change:
    return {
        "aids": tuple(
            aid.model_copy(update=change) if aid.unit == unit else aid for aid in case.aids
        )
    }
