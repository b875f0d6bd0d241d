"""What happened to a case. An event carries no text and no personal data.

Free text that came with a command stands in its own item, named by the commit; an event says
what was decided, in codes. Outside subscribers read the same shapes from the topic.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from schemas import names
from schemas.base import Compact, Model, Time


class Filed(Compact):
    type: Literal["filed"] = "filed"
    channel: names.Channel
    kind: names.Kind
    category: str | None = None
    area: str | None = None
    publishable: bool = False
    """The citizen agreed to publication (PIPL art. 25)."""


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


class Choice(Model):
    """A place where the case might belong, with the router's score (0..1)."""

    category: str
    unit: str | None = None
    score: float


class Queued(Compact):
    """Nobody could be chosen with confidence: a person dispatches (待派)."""

    type: Literal["queued"] = "queued"
    choices: tuple[Choice, ...] = ()


class Dispatched(Compact):
    type: Literal["dispatched"] = "dispatched"
    unit: str
    category: str
    automatic: bool = False
    confidence: float | None = None
    words: tuple[str, ...] = ()
    """Terms of the catalogue that weighed most; never the citizen's own phrases."""
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


class ReturnRefused(Compact):
    type: Literal["return-refused"] = "return-refused"


class Contacted(Compact):
    type: Literal["contacted"] = "contacted"
    how: names.ContactMode
    result: names.ContactResult
    call_id: str | None = None


class MessageSent(Compact):
    """From the city to the citizen."""

    type: Literal["message-sent"] = "message-sent"


class MessageReceived(Compact):
    """From the citizen to the city."""

    type: Literal["message-received"] = "message-received"


class Noted(Compact):
    type: Literal["noted"] = "noted"


class Urged(Compact):
    type: Literal["urged"] = "urged"


class Revealed(Compact):
    """Somebody looked at the citizen's contact in full."""

    type: Literal["revealed"] = "revealed"
    reason: names.RevealReason


class ReplyDrafted(Compact):
    type: Literal["reply-drafted"] = "reply-drafted"
    outcome: names.Outcome
    text: str
    """Key of the draft's text."""


class ReplySentBack(Compact):
    type: Literal["reply-sent-back"] = "reply-sent-back"


class Replied(Compact):
    type: Literal["replied"] = "replied"
    outcome: names.Outcome
    text: str | None = None
    """Key of the reply's text, where an earlier commit brought it (a reviewed reply)."""


class Invited(Compact):
    """The citizen is asked to judge (评价)."""

    type: Literal["invited"] = "invited"


class Rated(Compact):
    type: Literal["rated"] = "rated"
    contacted: bool
    resolved: names.Resolved
    overall: int
    stars: dict[str, int] = Field(default_factory=dict)
    reasons: tuple[names.RatingReason, ...] = ()
    collected_by: names.Role = "citizen"


class FollowUpBegun(Compact):
    type: Literal["follow-up-begun"] = "follow-up-begun"
    reason: Literal["unresolved", "dissatisfied", "redo_exhausted"]


class RedoOrdered(Compact):
    type: Literal["redo-ordered"] = "redo-ordered"
    reason: Literal["not_contacted", "follow_up"]


class Closed(Compact):
    type: Literal["closed"] = "closed"
    how: Literal["rated", "unrated", "no_answer", "explained"]
    explanation: names.Explanation | None = None


class Withdrawn(Compact):
    type: Literal["withdrawn"] = "withdrawn"
    reason: names.WithdrawalReason


class Reopened(Compact):
    type: Literal["reopened"] = "reopened"


class Objected(Compact):
    type: Literal["objected"] = "objected"


class ObjectionGranted(Compact):
    type: Literal["objection-granted"] = "objection-granted"


class ObjectionRefused(Compact):
    type: Literal["objection-refused"] = "objection-refused"


class Published(Compact):
    type: Literal["published"] = "published"


class Unpublished(Compact):
    type: Literal["unpublished"] = "unpublished"


class ClockSet(Model):
    """A running clock: from when it counts, when it is due, when its next rung is reached."""

    since: Time
    due: Time
    next: Time


class ClocksChanged(Compact):
    """Which clocks the other events of the same commit started and stopped."""

    type: Literal["clocks-changed"] = "clocks-changed"
    started: dict[str, ClockSet] = Field(default_factory=dict)
    stopped: tuple[str, ...] = ()


class Reminded(Compact):
    """Rungs of a clock's ladder were reached, all those since the last tick at once."""

    type: Literal["reminded"] = "reminded"
    clock: str
    rungs: tuple[int, ...]
    who: tuple[str, ...]
    level: int = 0
    """Level of supervision (督办) that the rungs call for, 0..3."""
    card: Literal["yellow", "red"] | None = None
    next: Time


class Overdue(Compact):
    type: Literal["overdue"] = "overdue"
    clock: str


class Checked(Compact):
    """A heartbeat: the case was looked at, nothing was due."""

    type: Literal["checked"] = "checked"


Event = Annotated[
    Filed
    | ReviewBegun
    | Accepted
    | Declined
    | HandedOver
    | InfoRequested
    | InfoGiven
    | Answered
    | Queued
    | Dispatched
    | Delegated
    | Recalled
    | OfficerAssigned
    | ReturnedUp
    | ArbitrationBegun
    | PositionGiven
    | Reclassified
    | Claimed
    | ReturnAsked
    | Returned
    | ReturnRefused
    | Contacted
    | MessageSent
    | MessageReceived
    | Noted
    | Urged
    | Revealed
    | ReplyDrafted
    | ReplySentBack
    | Replied
    | Invited
    | Rated
    | FollowUpBegun
    | RedoOrdered
    | Closed
    | Withdrawn
    | Reopened
    | Objected
    | ObjectionGranted
    | ObjectionRefused
    | Published
    | Unpublished
    | ClocksChanged
    | Reminded
    | Overdue
    | Checked,
    Field(discriminator="type"),
]
EVENT_TYPES = frozenset(
    event.model_fields["type"].default for event in get_args(get_args(Event)[0])
)
"""Every event's name, as it stands in journals and policies."""
EVENTS: TypeAdapter[tuple[Event, ...]] = TypeAdapter(
    tuple[Event, ...], config={"defer_build": True}
)


class Actor(Compact):
    """Who did it. Staff under the account of their issuer, a citizen only as `citizen`."""

    id: str
    role: names.Role
    unit: str | None = None


class Commit(Compact):
    """One change of a case: all that happened at once, sealed into the chain.

    `texts` holds a salted SHA-256 for each text that came with it; `hash` is the SHA-256 over
    the commit's canonical JSON without `hash`; `prev` is the hash of the commit before.
    """

    version: int
    at: Time
    actor: Actor
    request: str | None = None
    """Keyed fingerprints of the request id and of its content, `id.content`."""
    events: tuple[Event, ...]
    text: str | None = None
    """Key of the text that came with the command."""
    texts: dict[str, str] = Field(default_factory=dict)
    prev: str | None = None
    hash: str = ""


class Announcement(Model):
    """What the topic carries: a commit of a case, with where it left the case."""

    case_number: str
    state: names.State
    unit: str | None
    commit: Commit
