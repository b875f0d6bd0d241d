"""The filing, and what happens before a unit has the case."""

from typing import Literal

from schemas import names
from schemas.base import Compact, Time


class Filed(Compact):
    type: Literal["filed"] = "filed"
    channel: names.Channel
    kind: names.Kind
    category: str | None = None
    area: str | None = None
    urgency: names.Urgency = "ordinary"
    publishable: bool = False
    """The citizen agreed to publication (PIPL art. 25)."""
    identity: names.Identity = "open"
    reachable: bool = True
    """There is a way to get in touch other than the case itself."""
    reply_wanted: bool = True
    minor: bool = False
    represented: bool = False
    about: tuple[str, ...] = ()
    """The units complained about."""
    addressee: str | None = None
    """The leader's office or the unit that the citizen writes to."""
    origin: names.Origin | None = None
    external: str | None = None
    """The number it has where it comes from."""
    until: Time | None = None
    """The due date imposed from above."""
    split_from: str | None = None


class ReviewBegun(Compact):
    type: Literal["review-begun"] = "review-begun"
    reason: str


class Accepted(Compact):
    type: Literal["accepted"] = "accepted"


class Declined(Compact):
    type: Literal["declined"] = "declined"
    reason: names.DeclineReason
    path: names.LawfulPath


class HandedOver(Compact):
    type: Literal["handed-over"] = "handed-over"
    service: names.EmergencyService
    receipt: str


class InfoRequested(Compact):
    type: Literal["info-requested"] = "info-requested"


class InfoGiven(Compact):
    type: Literal["info-given"] = "info-given"


class Answered(Compact):
    type: Literal["answered"] = "answered"
    article: str
    article_version: int


Filing = (
    Filed | ReviewBegun | Accepted | Declined | HandedOver | InfoRequested | InfoGiven | Answered
)
