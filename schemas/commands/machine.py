"""What the machine itself asks of a case."""

from typing import Literal

from schemas import names
from schemas.base import Code
from schemas.commands.base import CaseNumber, Command
from schemas.events import Choice, Similar


class Route(Command):
    """The dispatcher function's finding for a case that waits to be dispatched.

    `area`: where its place lies; `urgency`: what a rule of the city says of it, or that a utility is
    out; `subjects`: the units complained about, where the case goes to the unit above.
    """

    type: Literal["route"] = "route"
    category: Code | None = None
    unit: Code | None = None
    confidence: float = 0.0
    confident: bool = False
    words: tuple[str, ...] = ()
    rule: str | None = None
    choices: tuple[Choice, ...] = ()
    suspicious: str | None = None
    area: Code | None = None
    urgency: names.Urgency | None = None
    subjects: tuple[Code, ...] = ()
    similar: tuple[Similar, ...] = ()
    """Cases on the same matter, the likest first."""


class MergeAlike(Command):
    """并单 by the machine: it is so like `case` that the city has the machine merge it."""

    type: Literal["merge-alike"] = "merge-alike"
    case: CaseNumber
    similar: tuple[Similar, ...]
    """Cases on the same matter, `case` among them."""


class Tick(Command):
    """Time has passed: record what is due."""

    type: Literal["tick"] = "tick"


class Recount(Command):
    """The city's rules have changed: count the running clocks anew."""

    type: Literal["recount"] = "recount"


Running = Route | MergeAlike | Tick | Recount
