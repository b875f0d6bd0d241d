"""Whom a case is about, and who may know who the citizen is (XF 28, 30, 46; JN 32)."""

from datetime import datetime
from typing import Any

from casework.cases.access import CITY_WIDE, At, Doers, about
from casework.cases.acts.common import WITH_NOBODY, unit_known
from casework.cases.parts import Ask, Grant, Subjects
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal, Rules
from casework.cases.state import PROMISES, Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event

MOST = 10
"""So many units, and so many persons, a case can be about."""
_GOES_BY_ITS_ANSWER = frozenset({"AWAITING_RATING", "FOLLOW_UP", "PROMISED", "OBJECTED"})


@guards("name-subjects")
def _name_may(at: At, command: Any) -> Refusal | None:
    """Whoever is named stays named: only a second person takes a name off the list again."""
    if command is None:
        return None
    present = at.case.subjects or Subjects()
    new = {*command.units} - {*present.units} or {*command.persons} - {*present.persons}
    if not new:
        return Refusal("nothing_changes")
    if (
        len({*present.units, *command.units}) > MOST
        or len({*present.persons, *command.persons}) > MOST
    ):
        return Refusal("too_many_subjects", {"most": MOST})
    for i, unit in enumerate(command.units):
        if refusal := unit_known(unit, at.rules, at.now, f"/units/{i}"):
            return refusal
    return None


@handles("name-subjects")
def _name(at: At, command: c.NameSubjects) -> list[Event]:
    """A unit that turns out to be accused loses the case in the same commit (回避)."""
    present = at.case.subjects or Subjects()
    named = e.SubjectsNamed(
        units=tuple(dict.fromkeys((*present.units, *command.units))),
        persons=tuple(dict.fromkeys((*present.persons, *command.persons))),
    )
    then = at.case.model_copy(
        update={"subjects": Subjects(units=named.units, persons=named.persons)}
    )
    happened: list[Event] = [named]
    happened += [
        e.AssistanceReleased(unit=aid.unit)
        for aid in at.case.aids
        if about(then, aid.unit, at.rules)
    ]
    happened += [
        e.OrderLifted(order=order.id)
        for order in at.case.orders
        if about(then, order.unit, at.rules)
    ]
    units = (*(link.unit for link in at.case.chain), *at.case.parties)
    if at.case.state == "FOLLOWING":
        happened.append(e.Unmerged(why="decided"))  # its lead may be with those it is about
    elif any(about(then, unit, at.rules) for unit in units) or _in_hand(at.case, named.persons):
        happened.append(e.TakenAway())
        if not at.case.clocks.keys() & set(PROMISES):
            happened.append(e.Accepted())  # what the accused had answered is promised anew
    return happened


def _in_hand(case: Case, accused: tuple[str, ...]) -> bool:
    """Whether one of these has asked, drafted or answered what others are about to go by."""
    hands = [ask.by for name, ask in case.asks.items() if name != "unmasking"]
    if case.draft is not None:
        hands.append(case.draft.by)
    if case.replied_by and (case.state in _GOES_BY_ITS_ANSWER or case.to_pass_on):
        hands.append(case.replied_by)
    return not set(hands).isdisjoint(accused)


@done_by("drop-subjects")
def _named_by(case: Case, command: Any) -> Doers:
    subjects = case.subjects
    return Doers(persons=frozenset({subjects.by} if subjects and subjects.by else ()))


@guards("drop-subjects")
def _drop_may(at: At, command: Any) -> Refusal | None:
    present = at.case.subjects
    if present is None:
        return Refusal("nobody_named")
    if command is None:
        return None
    known = {*command.units} <= {*present.units} and {*command.persons} <= {*present.persons}
    some = command.units or command.persons
    return None if known and some else Refusal("nothing_changes")


@handles("drop-subjects")
def _drop(at: At, command: c.DropSubjects) -> list[Event]:
    present = at.case.subjects or Subjects()
    return [
        e.SubjectsNamed(
            units=tuple(unit for unit in present.units if unit not in command.units),
            persons=tuple(one for one in present.persons if one not in command.persons),
        )
    ]


@on(e.SubjectsNamed)
def _named(case: Case, event: e.SubjectsNamed, by: Actor, at: datetime) -> Change:
    named = Subjects(units=event.units, persons=event.persons, by=by.id)
    return {
        "subjects": named if event.units or event.persons else None,
        # Who is accused handles nothing of it; the unit names another officer.
        "officer": None if case.officer in event.persons else case.officer,
    }


@on(e.TakenAway)
def _taken_away(case: Case, event: e.TakenAway, by: Actor, at: datetime) -> Change:
    return {
        **WITH_NOBODY,
        "state": "ACCEPTED",
        "asks": case.lasting,
        "aids": (),
        "before": None,
        "draft": None,
        "to_pass_on": None,
    }


# -- who the citizen is ----------------------------------------------------------------------


def masked(case: Case) -> bool:
    """Whether even a masked name stays out of sight: of a sealed citizen, nobody sees any of it."""
    return case.identity in ("sealed", "anonymous")


def hidden_from(case: Case, actor: Actor) -> bool:
    """Whether it takes a second person before this one may see who the citizen is."""
    if case.identity == "sealed":
        return True
    return case.identity == "hidden" and actor.role not in CITY_WIDE


def has_leave(case: Case, actor: Actor, now: datetime) -> bool:
    return any(grant.to == actor.id and now < grant.until for grant in case.grants)


@guards("reveal")
def _reveal_may(at: At, command: Any) -> Refusal | None:
    if at.case.identity == "anonymous":
        return Refusal("anonymous")
    if hidden_from(at.case, at.by.actor) and not has_leave(at.case, at.by.actor, at.now):
        return Refusal("unmasking_needed")
    return None


@guards("ask-unmasking")
def _ask_may(at: At, command: Any) -> Refusal | None:
    if at.case.identity == "anonymous":
        return Refusal("anonymous")
    if not hidden_from(at.case, at.by.actor):
        return Refusal("not_hidden")
    return Refusal("asked_already") if "unmasking" in at.case.asks else None


@handles("ask-unmasking")
def _ask(at: At, command: c.AskUnmasking) -> list[Event]:
    return [e.UnmaskingAsked(reason=command.reason)]


@done_by("decide-unmasking")
def _asked(case: Case, command: Any) -> Doers:
    ask = case.asks.get("unmasking")
    if ask is None:
        return Doers()
    return Doers(frozenset({ask.by}), frozenset({ask.unit} if ask.unit else ()))


@guards("decide-unmasking")
def _decide_may(at: At, command: Any) -> Refusal | None:
    return None if "unmasking" in at.case.asks else Refusal("nothing_asked")


@handles("decide-unmasking")
def _decide(at: At, command: c.DecideUnmasking) -> list[Event]:
    if not command.approve:
        return [e.UnmaskingRefused()]
    return [
        e.UnmaskingGranted(to=at.case.asks["unmasking"].by, until=_granted_until(at.rules, at.now))
    ]


def _granted_until(rules: Rules, now: datetime) -> datetime:
    from casework.clock.limits import due

    return due(now, rules.policy.windows["unmasking"], rules.calendar).at


@on(e.UnmaskingAsked)
def _unmasking_asked(case: Case, event: e.UnmaskingAsked, by: Actor, at: datetime) -> Change:
    return {"asks": {**case.asks, "unmasking": Ask(by=by.id, unit=by.unit, reason=event.reason)}}


@on(e.UnmaskingGranted)
def _granted(case: Case, event: e.UnmaskingGranted, by: Actor, at: datetime) -> Change:
    lasting = (grant for grant in case.grants if grant.until > at and grant.to != event.to)
    return {
        "asks": _without(case),
        "grants": (*lasting, Grant(to=event.to, until=event.until)),
    }


@on(e.UnmaskingRefused)
def _unmasking_refused(case: Case, event: e.UnmaskingRefused, by: Actor, at: datetime) -> Change:
    return {"asks": _without(case)}


def _without(case: Case) -> dict[str, Ask]:
    return {name: ask for name, ask in case.asks.items() if name != "unmasking"}
