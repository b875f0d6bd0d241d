"""Automatic dispatch (自动交办): read what was filed, propose a unit, put it to the rules."""

from dataclasses import dataclass
from typing import Literal

from casework.cases.access import By, about
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.outcomes import Refused, Request
from casework.routing.places import Place, place
from casework.routing.router import Proposal, route
from casework.routing.rules import Matched, first_rule
from casework.routing.screening import suspicious
from casework.service import Service
from casework.store.items import Body
from schemas import commands as c
from schemas.events import Actor, Choice

ROUTER = By(Actor(id="router", role="system"))
WAITING = ("SUBMITTED", "ACCEPTED")
CHOICES = 3

Outcome = Literal["automatic", "person", "review"]


class Dispatcher:
    """Routes cases that wait to be dispatched. Harmless to repeat."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def route(self, number: str) -> Outcome | None:
        """Dispatch the case, or hand it to a person; None if it no longer waits for either."""
        found = self._service.store.head_and_body(number)
        if found is None or found[0].case.state not in WAITING:
            return None
        head, body = found
        command = find_out(head.case, body, self._service.rules()).command
        try:
            request = Request(ROUTER, id=f"route {head.case.version}", if_match=None)
            after = self._service.change(number, command, request, head).case
        except Refused:
            return None
        if after.state == "IN_REVIEW":
            return "review"
        return "automatic" if after.unit else "person"


@dataclass(frozen=True)
class Finding:
    """What is found out of a case: where it is, what the words say, the city's rule, what comes of it."""

    where: Place
    proposal: Proposal
    ruled: Matched | None
    command: c.Route


def find_out(case: Case, body: Body, rules: Rules) -> Finding:
    """Where the case is, what it is about, and whose it should be. Pure."""
    city = rules.city
    where = place(city, case.area, body.lon, body.lat, body.address, f"{body.title}\n{body.text}")
    excluded = _excluded(case, rules)
    proposal = route(body.title, body.text, where.area, city, excluded)
    category, unit = proposal.category, proposal.unit
    confident, confidence = proposal.confident, proposal.confidence
    chosen = case.category if case.category in city.categories else None
    if chosen is not None and not case.returned_by:
        # Somebody chose the category: then the rule decides the unit, not the words.
        category, confident, confidence = chosen, True, 1.0
        unit = city.responsible(chosen, where.area)
    ruled = first_rule(
        city,
        body.title,
        body.text,
        area=where.area,
        kind=case.kind,
        channel=case.channel,
        guess=chosen or proposal.category,
        excluded=excluded,
    )
    if ruled is not None and ruled.sends:
        # The city has said so: that goes before what was chosen and what the words say.
        category, unit, confident, confidence = ruled.category, ruled.unit, not ruled.person, 1.0
    command = c.Route(
        category=category,
        unit=unit,
        confidence=confidence,
        confident=confident,
        words=proposal.words,
        choices=_choices(proposal, ruled),
        suspicious=suspicious(body.title, body.text),
        area=where.area,
        urgency=ruled.urgency if ruled else None,
    )
    return Finding(where, proposal, ruled, command)


def _excluded(case: Case, rules: Rules) -> frozenset[str]:
    """The units that returned the case, and those that it is about."""
    accused = (
        (unit for unit in rules.city.units if about(case, unit, rules)) if case.subjects else ()
    )
    return frozenset((*case.returned_by, *accused))


def _choices(proposal: Proposal, ruled: Matched | None) -> tuple[Choice, ...]:
    """What a person is shown, the best first: what a rule names, then the guesses."""
    guesses = [Choice(category=c_, unit=u, score=s) for c_, u, s in proposal.alternatives]
    if proposal.category is not None:
        best = Choice(category=proposal.category, unit=proposal.unit, score=proposal.confidence)
        guesses.insert(0, best)
    if ruled is not None and ruled.sends and ruled.category is not None:
        named = Choice(category=ruled.category, unit=ruled.unit, score=1.0)
        guesses = [named, *(one for one in guesses if one.category != named.category)]
    return tuple(guesses[:CHOICES])
