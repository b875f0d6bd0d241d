"""What a case is between two commits."""

from datetime import datetime, timedelta

from pydantic import Field

from schemas import names
from schemas.base import Compact, Time
from schemas.events import Choice

HEARTBEAT = timedelta(days=7)
"""How long an open case may go unlooked at when no clock has anything left to say."""
PROMISES = ("redo", "resolve")
"""The clocks of what the citizen was promised, the one that counts first."""

_QUEUE_OF: dict[names.State, names.Queue] = {
    "IN_REVIEW": "review",
    "TRIAGE": "triage",
    "RETURN_ASKED": "returns",
    "ARBITRATION": "arbitration",
    "REPLY_REVIEW": "replies",
    "FOLLOW_UP": "follow_up",
    "OBJECTED": "objections",
}
_WITH_UNIT: frozenset[names.State] = frozenset({"ASSIGNED", "HANDLING", "REDO"})


class Clock(Compact):
    """A running clock. `next` is when its next rung is reached; `fired` counts those reached."""

    since: Time
    due: Time
    next: Time
    fired: int = 0
    late: bool = False


class Link(Compact):
    """One holder in the chain from the city to whoever has the case now; the last holds it."""

    unit: str
    since: Time


class Draft(Compact):
    """A reply that waits for review."""

    outcome: names.Outcome
    text: str
    by: str


class End(Compact):
    """How a case ended, for those who may question it."""

    at: Time
    by: str
    state: names.State


class Case(Compact):
    """One request and where it stands. Everything here follows from its events by `evolve`."""

    number: str
    version: int
    state: names.State
    kind: names.Kind
    channel: names.Channel
    filed_at: Time
    changed_at: Time
    category: str | None = None
    area: str | None = None
    citizen: str | None = None
    """Keyed hash of the person, from BODY; None if nobody can be recognised again."""
    chain: tuple[Link, ...] = ()
    officer: str | None = None
    clocks: dict[str, Clock] = Field(default_factory=dict)
    level: int = 0
    choices: tuple[Choice, ...] = ()
    returned_by: tuple[str, ...] = ()
    asked_by: str | None = None
    """Who asked for the return that is open."""
    copies: tuple[str, ...] = ()
    """Units that may read along."""
    parties: tuple[str, ...] = ()
    """Units heard, or to be heard, in an arbitration."""
    heard: tuple[str, ...] = ()
    shown_to: tuple[str, ...] = ()
    """Units that ever had it on their worklist without holding it; what they see there is kept true
    for good, since what was sent to them may arrive late."""
    binding: bool = False
    """The holder was designated and cannot return the case."""
    before: names.State | None = None
    """Where a refused return or objection goes back to."""
    draft: Draft | None = None
    replied_by: str | None = None
    redo: int = 0
    answered: bool = False
    """The reply came from the knowledge base, no unit has handled it."""
    reopened: int = 0
    objected: bool = False
    end: End | None = None
    unread: bool = False
    """The citizen wrote, and the unit has not acted since."""
    publishable: bool = False
    public: bool = False

    @property
    def is_open(self) -> bool:
        return self.state not in names.ENDS

    @property
    def unit(self) -> str | None:
        """Who holds the case."""
        return self.chain[-1].unit if self.chain else None

    @property
    def delegator(self) -> str | None:
        """The unit one level up in the chain, which may take the case back."""
        return self.chain[-2].unit if len(self.chain) > 1 else None

    @property
    def involved(self) -> frozenset[str]:
        """Units that may read the case: its chain, those copied, those heard."""
        return frozenset({*(link.unit for link in self.chain), *self.copies, *self.parties})

    @property
    def asides(self) -> frozenset[str]:
        """Units that have something to do with the case though they do not hold it."""
        if self.state == "RETURN_ASKED":
            # The level above decides on the return of what it delegated.
            return frozenset({self.delegator} if self.delegator else ())
        return self.to_be_heard

    @property
    def to_be_heard(self) -> frozenset[str]:
        """Units whose position an arbitration waits for."""
        if self.state != "ARBITRATION":
            return frozenset()
        return frozenset(self.parties) - frozenset(self.heard)

    @property
    def queue(self) -> str | None:
        """The worklist where the case waits: `unit:<code>` or one of the city's own queues."""
        if self.state in _WITH_UNIT:
            return f"unit:{self.unit}"
        if self.state in ("SUBMITTED", "ACCEPTED"):
            # Automatic dispatch has it; if that takes too long, a person sees it too.
            dispatch = self.clocks.get("dispatch")
            return "triage" if dispatch and dispatch.late else None
        if self.state == "AWAITING_RATING":
            # The unit has replied; what the citizen writes now is for the hotline office.
            return "follow_up" if self.unread else None
        return _QUEUE_OF.get(self.state)

    @property
    def next_due(self) -> datetime | None:
        """When the case must be looked at again; never None while it is open."""
        if not self.is_open:
            return None
        heartbeat = self.changed_at + HEARTBEAT
        return min((clock.next for clock in self.clocks.values()), default=heartbeat)

    @property
    def due(self) -> datetime | None:
        """What the worklist sorts by: the citizen's promise, else the nearest of the other clocks."""
        for name in PROMISES:
            if name in self.clocks:
                return self.clocks[name].due
        return min((clock.due for clock in self.clocks.values()), default=None)
