"""More time, a pause, an early end."""

from typing import Literal

from schemas import names
from schemas.base import Compact, Time


class ExtensionAsked(Compact):
    type: Literal["extension-asked"] = "extension-asked"
    reason: names.ExtensionReason
    until: Time


class Extended(Compact):
    """延期, told to the citizen with the new date (BJ 15, JN 24)."""

    type: Literal["extended"] = "extended"
    reason: names.ExtensionReason
    until: Time


class ExtensionRefused(Compact):
    type: Literal["extension-refused"] = "extension-refused"


class SuspensionAsked(Compact):
    type: Literal["suspension-asked"] = "suspension-asked"
    reason: names.SuspensionReason
    until: Time


class Suspended(Compact):
    """挂账: blocked for an objective reason until the review date."""

    type: Literal["suspended"] = "suspended"
    reason: names.SuspensionReason
    until: Time


class SuspensionRefused(Compact):
    type: Literal["suspension-refused"] = "suspension-refused"


class Resumed(Compact):
    """Taken up again: at the review date, or when somebody lifts the suspension."""

    type: Literal["resumed"] = "resumed"
    why: Literal["review_date", "lifted"]
    as_of: Time | None = None
    """The review date, at which the pause ended whenever the machine came round; else it ends now."""


class TerminationAsked(Compact):
    type: Literal["termination-asked"] = "termination-asked"
    reason: names.TerminationReason
    path: names.LawfulPath | None = None


class Terminated(Compact):
    """终止办理, decided outside the unit (WF 21)."""

    type: Literal["terminated"] = "terminated"
    reason: names.TerminationReason
    path: names.LawfulPath | None = None


class TerminationRefused(Compact):
    type: Literal["termination-refused"] = "termination-refused"


Pausing = (
    ExtensionAsked
    | Extended
    | ExtensionRefused
    | SuspensionAsked
    | Suspended
    | SuspensionRefused
    | Resumed
    | TerminationAsked
    | Terminated
    | TerminationRefused
)
