"""派单规则: a city's own rules of dispatch, in their order, as an administrator writes them."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.names import Channel, Kind, Urgency


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One row of `routing.csv`. The first rule whose conditions all hold counts, and no other.

    An empty condition always holds; one with several entries holds for any of them. `category`
    holds codes, or the two digits of a domain, and is held against the category that was chosen
    or guessed; `area` covers all inside it. `to_unit` may be @street or @district. `person`: a
    person decides, and sees what the rule names as the first guess.
    """

    name: str
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    kind: tuple[Kind, ...] = ()
    channel: tuple[Channel, ...] = ()
    to_category: str | None = None
    to_unit: str | None = None
    urgency: Urgency | None = None
    person: bool = False
    note: str = ""

    @property
    def sends(self) -> bool:
        """Whether it says whose the case is, or that a person says so; else it sets the urgency alone."""
        return self.person or self.to_category is not None or self.to_unit is not None
