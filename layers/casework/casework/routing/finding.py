"""All that is found out of a message: where it is, what it is about, whose it should be, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from casework.catalogue.city import City
from casework.routing.model import Model
from casework.routing.places import Place, place
from casework.routing.router import Proposal, route
from casework.routing.rules import Matched, first_rule
from schemas.names import Channel, Kind, Urgency

UNACCUSING: frozenset[Kind] = frozenset({"enquiry", "praise"})
"""Who asks or thanks accuses nobody: what sounds like it, a person reads."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a citizen wrote, and what was said with it. Degrees in WGS 84.

    `category`: one that somebody chose. Once a unit has `returned` the case it is what the city's rules
    go by, but responsibility by category has had its turn.
    """

    title: str
    body: str
    kind: Kind
    channel: Channel = "web"
    category: str | None = None
    returned: bool = False
    area: str | None = None
    lon: float | None = None
    lat: float | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """`unit` is None, or `confident` false, where a person decides; `reasons` are zh / en."""

    place: Place
    proposal: Proposal
    ruled: Matched | None
    category: str | None
    unit: str | None
    confidence: float
    confident: bool
    rule: str | None
    """A rule of the city's by its name, else responsibility by category and area."""

    @property
    def urgency(self) -> Urgency:
        """What a rule of the city says, else what the text does."""
        said = self.ruled.urgency if self.ruled else None
        return said or self.proposal.urgency

    @property
    def subjects(self) -> tuple[str, ...]:
        """The units complained about, where the case goes to the unit above."""
        sent = self.confident and self.unit == self.proposal.unit
        return self.proposal.subjects if sent else ()

    @property
    def reasons(self) -> tuple[str, ...]:
        ruled = self.ruled.reasons if self.ruled else ()
        return (*ruled, *self.proposal.reasons, *self.place.reasons)


def find(
    message: Message, city: City, model: Model, excluded: frozenset[str] = frozenset()
) -> Finding:
    """What is found out. No unit in `excluded` (it returned the case, or is complained about) gets it.

    Rules of the city go before a category that somebody chose, and that before the text.
    """
    title, body = message.title, message.body
    where = place(city, message.area, message.lon, message.lat, message.address, f"{title}\n{body}")
    proposal = route(title, body, where.area, city, excluded, model)
    category, unit = proposal.category, proposal.unit
    confident, confidence = proposal.confident, proposal.confidence
    if proposal.subjects and message.kind in UNACCUSING:
        confident = False
    chosen = message.category if message.category in city.categories else None
    if chosen is not None and not message.returned:
        # Somebody chose the category: then responsibility by category decides the unit.
        category, confident, confidence = chosen, True, 1.0
        unit = city.responsible(chosen, where.area)
    ruled = first_rule(
        city,
        title,
        body,
        area=where.area,
        kind=message.kind,
        channel=message.channel,
        guess=chosen or proposal.category,
        excluded=excluded,
    )
    if ruled is not None and ruled.sends:
        category, unit, confident, confidence = ruled.category, ruled.unit, not ruled.person, 1.0
    rule = str(city.responsibility(category, where.area).rule) if category else None
    if ruled is not None and ruled.sends:
        rule = ruled.rule
    return Finding(where, proposal, ruled, category, unit, confidence, confident, rule)
