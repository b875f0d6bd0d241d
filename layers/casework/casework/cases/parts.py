"""The parts of a case: what stands in its HEAD beside the state, each small, each for a time."""

from datetime import datetime

from schemas import names
from schemas.base import Compact, Time
from schemas.events import Evidence


class Missed(Compact):
    """A due time that was missed before it moved on, and the level of supervision it had come to."""

    due: Time
    level: int


class Stood(Compact):
    """A time in which a clock stood still."""

    since: Time
    until: Time


class Clock(Compact):
    """A running clock. `next` is when its next rung is reached; `fired` counts those reached.

    `decided`: its due time was decided by somebody (an extension, a date from above) and is not
    counted anew. `paused`: since when it stands still; then neither it is due nor its next rung.
    `level`: of supervision, as its rungs have called for. `missed`: earlier due times of this run;
    `stood`: its pauses that are over.
    """

    since: Time
    due: Time
    next: Time
    fired: int = 0
    late: bool = False
    decided: bool = False
    paused: Time | None = None
    level: int = 0
    missed: tuple[Missed, ...] = ()
    stood: tuple[Stood, ...] = ()

    def level_at(self, due: datetime, now: datetime) -> int | None:
        """The level it has if its due time is moved to `due`; None if that has not been missed yet."""
        if due > now:
            return None
        levels = [missed.level for missed in self.missed if missed.due >= due]
        return max([*levels, self.level] if self.late else levels, default=None)


class Link(Compact):
    """One holder in the chain from the city to whoever has the case now; the last holds it."""

    unit: str
    since: Time


class Draft(Compact):
    """A reply that waits for review."""

    outcome: names.Outcome
    text: str
    by: str
    until: Time | None = None
    evidence: tuple[Evidence, ...] = ()


class End(Compact):
    """How a case ended, for those who may question it."""

    at: Time
    by: str
    state: names.State


class Ask(Compact):
    """Something asked for by the holder that another decides; `reason` in its own codes."""

    by: str
    unit: str | None = None
    reason: str
    until: Time | None = None
    path: str | None = None


class Aid(Compact):
    """A unit called to help (协办): how far it is, and who disputed it."""

    unit: str
    state: names.AidState = "requested"
    by: str | None = None
    asked_by: str | None = None


class Order(Compact):
    """An instruction that must be answered (督办单); `by` answered it and waits for another's word."""

    id: str
    unit: str
    level: int
    by: str | None = None


class Alert(Compact):
    """A danger that the duty desk has been called to."""

    id: str
    kind: names.AlertKind
    acknowledged: bool = False


class Grant(Compact):
    """Leave for one person to see who the citizen is, until a time."""

    to: str
    until: Time


class Subjects(Compact):
    """Whom the case is about: units (with all below them) and staff accounts."""

    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    by: str | None = None
    """Who named them last."""
