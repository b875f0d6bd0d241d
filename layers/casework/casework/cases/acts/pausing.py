"""More time (延期), a pause (挂账), an early end (终止办理): asked by the holder, decided by another."""

from datetime import date, datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.acts.common import not_after, off_the_board
from casework.cases.parts import Ask
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@done_by("decide-extension", "decide-suspension", "decide-termination")
def _asked(case: Case, command: Any) -> Doers:
    asks = [
        ask
        for name in ("extension", "suspension", "termination")
        if (ask := case.asks.get(name))
        and (command is None or c.name_of(command) == f"decide-{name}")
    ]
    return Doers(frozenset(ask.by for ask in asks), case.units | {ask.unit for ask in asks})


# -- extension -------------------------------------------------------------------------------


@guards("ask-extension")
def _extension_may(at: At, command: Any) -> Refusal | None:
    """Before expiry, so often and so far as the policy says; not in a second handling."""
    resolve = at.case.clocks.get("resolve")
    if resolve is None:
        return Refusal("nothing_to_extend")
    if at.now >= resolve.due:
        return Refusal("expired")
    if refusal := _once_at_a_time(at, "extension"):
        return refusal
    if command is None:
        return None
    caps = at.rules.policy.at_most
    if _last_moment(command.until, at.rules) <= resolve.due:
        on = at.rules.calendar.local(resolve.due - datetime.resolution)
        return Refusal("no_later", {"due": on.isoformat()}, "/until")
    start, cap = resolve.due - datetime.resolution, caps["extension"]
    if "extension_to" in caps:
        start, cap = resolve.since, caps["extension_to"]
    return not_after(command.until, start, cap, at.rules, at.now)


@handles("ask-extension")
def _ask_extension(at: At, command: c.AskExtension) -> list[Event]:
    until = _last_moment(command.until, at.rules)
    return [e.ExtensionAsked(reason=command.reason, until=until)]


def _last_moment(day: date, rules: Rules) -> datetime:
    """The end of the day to which the promise is extended: as the days end by which it is counted."""
    if rules.policy.at_close:
        return rules.calendar.at(day, rules.city.office(None).ending_at_close.day_ends)
    return rules.calendar.ends(day)


@guards("decide-extension")
def _decide_extension_may(at: At, command: Any) -> Refusal | None:
    """What was asked for in time may be granted after the due time, up to the day that was asked for:
    who decides late does not cost the unit its extension. Then there is nothing left to grant."""
    ask, resolve = at.case.asks.get("extension"), at.case.clocks.get("resolve")
    if ask is None or ask.until is None:
        return Refusal("nothing_asked")
    if command is not None and command.approve and (resolve is None or at.now >= ask.until):
        return Refusal("expired")
    return None


@handles("decide-extension")
def _decide_extension(at: At, command: c.DecideExtension) -> list[Event]:
    ask = at.case.asks["extension"]
    if not command.approve:
        return [e.ExtensionRefused()]
    return [e.Extended.model_validate({"reason": ask.reason, "until": ask.until})]


@on(e.ExtensionAsked)
def _extension_asked(case: Case, event: e.ExtensionAsked, by: Actor, at: datetime) -> Change:
    return _with_ask(case, "extension", event, by)


@on(e.Extended)
def _extended(case: Case, event: e.Extended, by: Actor, at: datetime) -> Change:
    return {**_decided(case, "extension"), **_counted(case, "extension")}


@on(e.ExtensionRefused)
def _extension_refused(case: Case, event: e.ExtensionRefused, by: Actor, at: datetime) -> Change:
    return _decided(case, "extension")


# -- suspension ------------------------------------------------------------------------------


@guards("ask-suspension")
def _suspension_may(at: At, command: Any) -> Refusal | None:
    if refusal := _once_at_a_time(at, "suspension"):
        return refusal
    if command is None:
        return None
    limit = at.rules.policy.at_most["suspension"]
    return not_after(command.until, at.now, limit, at.rules, at.now)


@handles("ask-suspension")
def _ask_suspension(at: At, command: c.AskSuspension) -> list[Event]:
    until = at.rules.calendar.ends(command.until)
    return [e.SuspensionAsked(reason=command.reason, until=until)]


@guards("decide-suspension")
def _decide_suspension_may(at: At, command: Any) -> Refusal | None:
    ask = at.case.asks.get("suspension")
    if ask is None or ask.until is None:
        return Refusal("nothing_asked")
    over = command is not None and command.approve and at.now >= ask.until
    return Refusal("expired") if over else None


@handles("decide-suspension")
def _decide_suspension(at: At, command: c.DecideSuspension) -> list[Event]:
    ask = at.case.asks["suspension"]
    if not command.approve:
        return [e.SuspensionRefused()]
    return [e.Suspended.model_validate({"reason": ask.reason, "until": ask.until})]


@handles("lift-suspension")
def _lift(at: At, command: c.LiftSuspension) -> list[Event]:
    return [e.Resumed(why="lifted")]


@on(e.SuspensionAsked)
def _suspension_asked(case: Case, event: e.SuspensionAsked, by: Actor, at: datetime) -> Change:
    return _with_ask(case, "suspension", event, by)


@on(e.Suspended)
def _suspended(case: Case, event: e.Suspended, by: Actor, at: datetime) -> Change:
    return {"state": "SUSPENDED", "asks": case.lasting, **_counted(case, "suspension")}


@on(e.SuspensionRefused)
def _suspension_refused(case: Case, event: e.SuspensionRefused, by: Actor, at: datetime) -> Change:
    return _decided(case, "suspension")


@on(e.Resumed)
def _resumed(case: Case, event: e.Resumed, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING"}


# -- termination -----------------------------------------------------------------------------


@handles("ask-termination")
def _ask_termination(at: At, command: c.AskTermination) -> list[Event]:
    return [e.TerminationAsked(reason=command.reason, path=command.path)]


@handles("decide-termination")
def _decide_termination(at: At, command: c.DecideTermination) -> list[Event]:
    ask = at.case.asks["termination"]
    if not command.approve:
        return [e.TerminationRefused()]
    ended = e.Terminated.model_validate({"reason": ask.reason, "path": ask.path})
    return off_the_board(at.case, ended)


@on(e.TerminationAsked)
def _termination_asked(case: Case, event: e.TerminationAsked, by: Actor, at: datetime) -> Change:
    ask = Ask(by=by.id, unit=by.unit, reason=event.reason, path=event.path)
    return {"state": "TERMINATION_ASKED", "asks": {**case.lasting, "termination": ask}}


@on(e.TerminationRefused)
def _termination_refused(
    case: Case, event: e.TerminationRefused, by: Actor, at: datetime
) -> Change:
    return {"state": "HANDLING", "asks": case.lasting}


def _once_at_a_time(at: At, name: str) -> Refusal | None:
    if name in at.case.asks:
        return Refusal("asked_already")
    most = at.rules.policy.times[name]
    if at.case.granted.get(name, 0) >= most:
        return Refusal("granted_already", {"times": most})
    return None


def _with_ask(
    case: Case, name: str, event: e.ExtensionAsked | e.SuspensionAsked, by: Actor
) -> Change:
    ask = Ask(by=by.id, unit=by.unit, reason=event.reason, until=event.until)
    return {"asks": {**case.asks, name: ask}}


def _decided(case: Case, name: str) -> Change:
    return {"asks": {other: ask for other, ask in case.asks.items() if other != name}}


def _counted(case: Case, name: str) -> Change:
    return {"granted": {**case.granted, name: case.granted.get(name, 0) + 1}}
