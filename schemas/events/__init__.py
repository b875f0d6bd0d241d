"""What happened to a case. An event carries no text and no personal data.

Free text that came with a command stands in its own item, named by the commit; an event says
what was decided, in codes. Outside subscribers read the same shapes from the topic.
"""

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from schemas import names
from schemas.base import Compact, Model, Time
from schemas.events.answering import (
    Answering,
    Evidence,
    FollowUpBegun,
    Invited,
    PromiseBroken,
    Promised,
    Rated,
    RedoOrdered,
    Replied,
    ReplyDrafted,
    ReplySentBack,
)
from schemas.events.beside import (
    AlertAcknowledged,
    AlertRaised,
    AlertResolved,
    AssistanceAnswered,
    AssistanceAsked,
    AssistanceDisputed,
    AssistanceReleased,
    AssistanceUpheld,
    Beside,
    OrderAnswered,
    OrderIssued,
    OrderLifted,
    OrderSentBack,
    OrderVerified,
    ReportedIn,
)
from schemas.events.clockwork import (
    CallBackDue,
    CalledBack,
    Checked,
    ClocksChanged,
    ClockSet,
    Overdue,
    Reminded,
    RulesChanged,
    Running,
)
from schemas.events.dispatching import (
    ArbitrationBegun,
    Choice,
    Claimed,
    Delegated,
    Dispatched,
    Dispatching,
    Located,
    OfficerAssigned,
    PositionGiven,
    Queued,
    Recalled,
    Reclassified,
    ReturnAsked,
    Returned,
    ReturnedUp,
    ReturnRefused,
    TakenAway,
)
from schemas.events.ends import (
    Closed,
    Ending,
    Objected,
    ObjectionGranted,
    ObjectionRefused,
    Published,
    Redacted,
    Reopened,
    Unpublished,
    Withdrawn,
)
from schemas.events.filing import (
    Accepted,
    Answered,
    Declined,
    Filed,
    Filing,
    HandedOver,
    InfoGiven,
    InfoRequested,
    ReviewBegun,
)
from schemas.events.pausing import (
    Extended,
    ExtensionAsked,
    ExtensionRefused,
    Pausing,
    Resumed,
    Suspended,
    SuspensionAsked,
    SuspensionRefused,
    Terminated,
    TerminationAsked,
    TerminationRefused,
)
from schemas.events.relations import (
    FollowersReleased,
    LeadReleased,
    LeadTaken,
    Merged,
    PassedOn,
    RecurrenceFound,
    Relating,
    RepeatFound,
    ReplyTaken,
    Similar,
    SimilarFound,
    Split,
    Unmerged,
)
from schemas.events.subjects import (
    Confiding,
    Revealed,
    SubjectsNamed,
    UnmaskingAsked,
    UnmaskingGranted,
    UnmaskingRefused,
)
from schemas.events.talk import Contacted, MessageReceived, MessageSent, Noted, Talking, Urged

__all__ = [
    "DATING",
    "EVENTS",
    "EVENT_TYPES",
    "Accepted",
    "Actor",
    "AlertAcknowledged",
    "AlertRaised",
    "AlertResolved",
    "Announcement",
    "Answered",
    "ArbitrationBegun",
    "AssistanceAnswered",
    "AssistanceAsked",
    "AssistanceDisputed",
    "AssistanceReleased",
    "AssistanceUpheld",
    "CallBackDue",
    "CalledBack",
    "Checked",
    "Choice",
    "Claimed",
    "ClockSet",
    "ClocksChanged",
    "Closed",
    "Commit",
    "Contacted",
    "Declined",
    "Delegated",
    "Dispatched",
    "Event",
    "Evidence",
    "Extended",
    "ExtensionAsked",
    "ExtensionRefused",
    "Filed",
    "FollowUpBegun",
    "FollowersReleased",
    "HandedOver",
    "InfoGiven",
    "InfoRequested",
    "Invited",
    "LeadReleased",
    "LeadTaken",
    "Located",
    "Merged",
    "MessageReceived",
    "MessageSent",
    "Noted",
    "Objected",
    "ObjectionGranted",
    "ObjectionRefused",
    "OfficerAssigned",
    "OrderAnswered",
    "OrderIssued",
    "OrderLifted",
    "OrderSentBack",
    "OrderVerified",
    "Overdue",
    "PassedOn",
    "PositionGiven",
    "PromiseBroken",
    "Promised",
    "Published",
    "Queued",
    "Rated",
    "Recalled",
    "Reclassified",
    "RecurrenceFound",
    "Redacted",
    "RedoOrdered",
    "Reminded",
    "Reopened",
    "RepeatFound",
    "Replied",
    "ReplyDrafted",
    "ReplySentBack",
    "ReplyTaken",
    "ReportedIn",
    "Resumed",
    "ReturnAsked",
    "ReturnRefused",
    "Returned",
    "ReturnedUp",
    "Revealed",
    "ReviewBegun",
    "RulesChanged",
    "Similar",
    "SimilarFound",
    "Split",
    "SubjectsNamed",
    "Suspended",
    "SuspensionAsked",
    "SuspensionRefused",
    "TakenAway",
    "Terminated",
    "TerminationAsked",
    "TerminationRefused",
    "UnmaskingAsked",
    "UnmaskingGranted",
    "UnmaskingRefused",
    "Unmerged",
    "Unpublished",
    "Urged",
    "Withdrawn",
]

Event = Annotated[
    Filing
    | Dispatching
    | Talking
    | Pausing
    | Beside
    | Confiding
    | Relating
    | Answering
    | Ending
    | Running,
    Field(discriminator="type"),
]
_KINDS = {event.model_fields["type"].default: event for event in get_args(get_args(Event)[0])}
EVENT_TYPES = frozenset(_KINDS)
"""Every event's name, as it stands in journals and policies."""
DATING = frozenset(name for name, event in _KINDS.items() if "until" in event.model_fields)
"""Those that say until when."""
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
    """What the topic carries: a commit of a case, with where it left the case.

    A unit's queue gets it without `similar-found`, by which the commit then does not hash to `hash`.
    """

    case_number: str
    state: names.State
    unit: str | None
    commit: Commit
