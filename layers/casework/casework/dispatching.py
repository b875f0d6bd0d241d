"""Automatic dispatch (自动交办): read what was filed, propose a unit, put it to the rules."""

from typing import Literal

from casework.cases.access import By
from casework.outcomes import Refused, Request
from casework.resembling import Resembled, Resembling
from casework.routing.router import route
from casework.routing.screening import suspicious
from casework.service import Service
from casework.store.items import Head
from schemas import commands as c
from schemas.events import Actor, Choice

ROUTER = By(Actor(id="router", role="system"))
WAITING = ("SUBMITTED", "ACCEPTED")

Outcome = Literal["automatic", "person", "review", "merged"]


class Dispatcher:
    """Routes cases that wait to be dispatched. Harmless to repeat."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._resembling = Resembling(service)

    def route(self, number: str) -> Outcome | None:
        """Dispatch the case, or hand it to a person; None if it no longer waits for either."""
        found = self._service.store.head_and_body(number)
        if found is None or found[0].case.state not in WAITING:
            return None
        head, body = found
        case, city = head.case, self._service.rules().city
        proposal = route(body.title, body.text, case.area, city, frozenset(case.returned_by))
        category, unit = proposal.category, proposal.unit
        confident, confidence = proposal.confident, proposal.confidence
        chosen = case.category if case.category in city.categories else None
        if chosen is not None and not case.returned_by:
            # Somebody chose the category: then the rule decides the unit, not the words.
            category, confident, confidence = chosen, True, 1.0
            unit = city.responsible(chosen, case.area)
        choices = [Choice(category=c_, unit=u, score=s) for c_, u, s in proposal.alternatives]
        if proposal.category is not None:
            best = Choice(category=proposal.category, unit=proposal.unit, score=proposal.confidence)
            choices.insert(0, best)
        odd = suspicious(body.title, body.text)
        resembled = self._resembling.look(head, body, category)
        if not odd and self._merged(head, resembled):
            return "merged"
        command = c.Route(
            category=category,
            unit=unit,
            confidence=confidence,
            confident=confident,
            words=proposal.words,
            choices=tuple(choices[:3]),
            suspicious=odd,
            similar=resembled.similar,
        )
        try:
            request = Request(ROUTER, id=f"route {case.version}", if_match=None)
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
