"""Whose the case is: dispatch, levels, returns, arbitration."""

from typing import Literal

from schemas import names
from schemas.base import Compact, Model


class Choice(Model):
    """A place where the case might belong, with the router's score (0..1)."""

    category: str
    unit: str | None = None
    score: float


class Queued(Compact):
    """Nobody could be chosen with confidence: a person dispatches (待派)."""

    type: Literal["queued"] = "queued"
    choices: tuple[Choice, ...] = ()
    words: tuple[str, ...] = ()
    """What weighed most for the first of the choices; never the citizen's own phrases."""


class Dispatched(Compact):
    type: Literal["dispatched"] = "dispatched"
    unit: str
    category: str
    automatic: bool = False
    confidence: float | None = None
    words: tuple[str, ...] = ()
    """Terms of the catalogue and the model that weighed most; never the citizen's own phrases."""
    rule: str | None = None
    """By which rule: a rule of the city's by its name, else responsibility, as 0601 @ * → renshe."""
    runner_up: Choice | None = None
    binding: bool = False
    """Designated after arbitration: it cannot be returned (WF 22)."""
    copies: tuple[str, ...] = ()
    """Units that are told and may read along, as the district of a street (BJ 12)."""


class Delegated(Compact):
    """Given one level down (逐级交办); whoever delegates stays in the chain."""

    type: Literal["delegated"] = "delegated"
    unit: str


class Recalled(Compact):
    """Taken back by whoever delegated it."""

    type: Literal["recalled"] = "recalled"
    officer: str


class OfficerAssigned(Compact):
    type: Literal["officer-assigned"] = "officer-assigned"
    officer: str


class ReturnedUp(Compact):
    """A return was approved, and the level above has the case again."""

    type: Literal["returned-up"] = "returned-up"


class ArbitrationBegun(Compact):
    """Nobody wants it, or several dispute it: the units are heard, then one is designated (会商)."""

    type: Literal["arbitration-begun"] = "arbitration-begun"
    reason: names.Dispute
    units: tuple[str, ...]


class PositionGiven(Compact):
    """A unit has said why the case is, or is not, its own."""

    type: Literal["position-given"] = "position-given"
    unit: str


class Reclassified(Compact):
    type: Literal["reclassified"] = "reclassified"
    kind: names.Kind
    category: str | None = None
    urgency: names.Urgency | None = None


class Located(Compact):
    """Where the matter is has become known, or more exactly known: by its place, or to a person."""

    type: Literal["located"] = "located"
    area: str


class Claimed(Compact):
    type: Literal["claimed"] = "claimed"
    officer: str


class ReturnAsked(Compact):
    type: Literal["return-asked"] = "return-asked"
    reason: names.ReturnReason
    unit: str | None = None
    """The department that the asking one thinks responsible."""


class Returned(Compact):
    type: Literal["returned"] = "returned"


class TakenAway(Compact):
    """Taken from a unit that turned out to be complained about (回避), to be dispatched anew."""

    type: Literal["taken-away"] = "taken-away"


class ReturnRefused(Compact):
    type: Literal["return-refused"] = "return-refused"


Dispatching = (
    Queued
    | Dispatched
    | Delegated
    | Recalled
    | OfficerAssigned
    | ReturnedUp
    | ArbitrationBegun
    | PositionGiven
    | Reclassified
    | Located
    | Claimed
    | ReturnAsked
    | Returned
    | TakenAway
    | ReturnRefused
)
