"""Automatic dispatch (自动交办): read what was filed, propose a unit, put it to the rules."""

from collections.abc import Callable
from typing import Literal

from casework.cases.access import By, about
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.outcomes import Refused, Request
from casework.resembling import Resembled, Resembling
from casework.routing.finding import Finding, Message, find
from casework.routing.model import Model, packaged
from casework.routing.router import Proposal
from casework.routing.rules import Matched
from casework.routing.screening import suspicious
from casework.service import Service
from casework.store.items import Body, Head
from schemas import commands as c
from schemas.events import Actor, Choice, Similar

ROUTER = By(Actor(id="router", role="system"))
WAITING = ("SUBMITTED", "ACCEPTED")
CHOICES = 3

Outcome = Literal["automatic", "person", "review", "merged"]


class Dispatcher:
    """Routes cases that wait to be dispatched. Harmless to repeat."""

    def __init__(self, service: Service, model: Callable[[], Model] = packaged) -> None:
        self._service = service
        self._model = model
        self._resembling = Resembling(service)

    def route(self, number: str) -> Outcome | None:
        """Dispatch the case, or hand it to a person; None if it no longer waits for either."""
        found = self._service.store.head_and_body(number)
        if found is None or found[0].case.state not in WAITING:
            return None
        head, body = found
        rules = self._service.rules()
        found_out = find_out(head.case, body, rules, self._model())
        odd = suspicious(body.title, body.text)
        resembled = self._resembling.look(head, body, found_out.category)
        if not odd and self._merged(head, resembled):
            return "merged"
        command = command_of(found_out, odd, resembled.similar)
        try:
            request = Request(ROUTER, id=f"route {head.case.version}", if_match=None)
            after = self._service.change(number, command, request, head).case
        except Refused:
            return None
        if after.state == "IN_REVIEW":
            return "review"
        return "automatic" if after.unit else "person"

    def _merged(self, head: Head, resembled: Resembled) -> bool:
        """Merge it into the case that is like it, where the city lets the machine."""
        if resembled.lead is None:
            return False
        number, lead = head.case.number, resembled.lead
        command = c.MergeAlike(case=lead, similar=resembled.similar)
        try:
            request = Request(ROUTER, id=f"merge {head.case.version} {lead}")
            return self._service.change(number, command, request, head).case.follows == lead
        except Refused:  # the lead has ended meanwhile, or become confidential
            return False


def find_out(case: Case, body: Body, rules: Rules, model: Model) -> Finding:
    """Where the case is, what it is about, and whose it should be. Pure."""
    message = Message(
        title=body.title,
        body=body.text,
        kind=case.kind,
        channel=case.channel,
        category=case.category,
        returned=bool(case.returned_by),
        area=case.area,
        lon=body.lon,
        lat=body.lat,
        address=body.address,
    )
    return find(message, rules.city, model, _excluded(case, rules))


def command_of(found: Finding, odd: str | None, similar: tuple[Similar, ...]) -> c.Route:
    """The finding, as it is put to the rules."""
    return c.Route(
        category=found.category,
        unit=found.unit,
        confidence=found.confidence,
        confident=found.confident,
        words=found.proposal.words,
        rule=found.rule,
        choices=_choices(found.proposal, found.ruled),
        suspicious=odd,
        area=found.place.area,
        urgency=found.urgency,
        subjects=found.subjects,
        similar=similar,
    )


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
