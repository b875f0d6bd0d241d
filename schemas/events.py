"""What happened to a case. An event carries no text and no personal data.

Free text that came with a command stands in its own item, named by the commit; an event says
what was decided, in codes. Outside subscribers read the same shapes from the topic.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from schemas import names
from schemas.base import Code, Compact, Model, Time


class Filed(Compact):
    type: Literal["filed"] = "filed"
    channel: names.Channel
    kind: names.Kind
    category: str | None = None
    area: str | None = None
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


class TakenAway(Compact):
    """Taken from a unit that turned out to be complained about (回避), to be dispatched anew."""

    type: Literal["taken-away"] = "taken-away"


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
    type: Literal["resumed"] = "resumed"
    why: Literal["review_date", "lifted"]


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


class AssistanceAsked(Compact):
    """协办, 吹哨报到: a unit is called to help; one event for each."""

    type: Literal["assistance-asked"] = "assistance-asked"
    unit: str


class ReportedIn(Compact):
    type: Literal["reported-in"] = "reported-in"
    unit: str


class AssistanceAnswered(Compact):
    type: Literal["assistance-answered"] = "assistance-answered"
    unit: str


class AssistanceDisputed(Compact):
    type: Literal["assistance-disputed"] = "assistance-disputed"
    unit: str


class AssistanceUpheld(Compact):
    """The dispute was decided: the unit has to help."""

    type: Literal["assistance-upheld"] = "assistance-upheld"
    unit: str


class AssistanceReleased(Compact):
    """The dispute was decided: the unit need not help."""

    type: Literal["assistance-released"] = "assistance-released"
    unit: str


class OrderIssued(Compact):
    """督办单, 批示: an instruction to a unit that must be answered."""

    type: Literal["order-issued"] = "order-issued"
    order: str
    unit: str
    level: names.OrderLevel
    until: Time | None = None


class OrderAnswered(Compact):
    type: Literal["order-answered"] = "order-answered"
    order: str


class OrderSentBack(Compact):
    type: Literal["order-sent-back"] = "order-sent-back"
    order: str


class OrderVerified(Compact):
    type: Literal["order-verified"] = "order-verified"
    order: str


class OrderLifted(Compact):
    type: Literal["order-lifted"] = "order-lifted"
    order: str


class AlertRaised(Compact):
    """Words of danger, or a person's warning: the duty desk is called (BJ 29, XF 25)."""

    type: Literal["alert-raised"] = "alert-raised"
    alert: str
    kind: names.AlertKind


class AlertAcknowledged(Compact):
    type: Literal["alert-acknowledged"] = "alert-acknowledged"
    alert: str


class AlertResolved(Compact):
    type: Literal["alert-resolved"] = "alert-resolved"
    alert: str
    service: names.AlertService
    receipt: str | None = None


class SubjectsNamed(Compact):
    """Whom the case is about, from now on: none of their people may see it."""

    type: Literal["subjects-named"] = "subjects-named"
    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


class UnmaskingAsked(Compact):
    type: Literal["unmasking-asked"] = "unmasking-asked"
    reason: names.UnmaskingReason


class UnmaskingGranted(Compact):
    """A second person lets `to` see who the citizen is, for a while."""

    type: Literal["unmasking-granted"] = "unmasking-granted"
    to: str
    until: Time


class UnmaskingRefused(Compact):
    type: Literal["unmasking-refused"] = "unmasking-refused"


class Merged(Compact):
    """并单: it follows its lead case from now on."""

    type: Literal["merged"] = "merged"
    into: str


class Unmerged(Compact):
    """Taken out of its lead case, to be dispatched by itself."""

    type: Literal["unmerged"] = "unmerged"
    why: Literal["decided", "lead_ended"]


class LeadTaken(Compact):
    """Another case follows this one. `until`: the follower's promise, where it is the earlier."""

    type: Literal["lead-taken"] = "lead-taken"
    follower: str
    until: Time | None = None


class LeadReleased(Compact):
    type: Literal["lead-released"] = "lead-released"
    follower: str


class FollowersReleased(Compact):
    """The lead case ended without an answer: those that follow it go on by themselves."""

    type: Literal["followers-released"] = "followers-released"


class PassedOn(Compact):
    """The reply, checked for other people's data, goes to the cases that follow."""

    type: Literal["passed-on"] = "passed-on"
    outcome: names.Outcome
    by: str | None = None
    """Who gave the reply."""
    unit: str | None = None
    category: str | None = None


class ReplyTaken(Compact):
    """The reply to the lead case is this case's reply too."""

    type: Literal["reply-taken"] = "reply-taken"
    lead: str
    outcome: names.Outcome
    by: str | None = None
    unit: str | None = None
    category: str | None = None


class Split(Compact):
    """Parts of it became cases of their own."""

    type: Literal["split"] = "split"
    into: tuple[str, ...]


class RepeatFound(Compact):
    """It says again what an open case says: that one is urged (催单)."""

    type: Literal["repeat-found"] = "repeat-found"
    of: str


class RecurrenceFound(Compact):
    """What an ended case was about has happened again."""

    type: Literal["recurrence-found"] = "recurrence-found"
    of: str


class Redacted(Compact):
    """Personal data was taken out of `part`: body, contact, address, or a version's text."""

    type: Literal["redacted"] = "redacted"
    part: str


class Evidence(Compact):
    """What shows that it was done: a photo or a document, under the number where it is kept."""

    kind: names.EvidenceKind
    reference: Code


class ReplyDrafted(Compact):
    type: Literal["reply-drafted"] = "reply-drafted"
    outcome: names.Outcome
    text: str
    """Key of the draft's text."""
    until: Time | None = None
    """By when it is promised."""
    evidence: tuple[Evidence, ...] = ()


class ReplySentBack(Compact):
    type: Literal["reply-sent-back"] = "reply-sent-back"


class Replied(Compact):
    type: Literal["replied"] = "replied"
    outcome: names.Outcome
    text: str | None = None
    """Key of the reply's text, where an earlier commit brought it (a reviewed reply)."""
    evidence: tuple[Evidence, ...] = ()


class Promised(Compact):
    """To be solved by a stated date; the case stays open until then (JN 24)."""

    type: Literal["promised"] = "promised"
    until: Time
    text: str | None = None
    """Key of the reply's text, as in `replied`."""


class PromiseBroken(Compact):
    """The promised date has passed and nothing was reported done."""

    type: Literal["promise-broken"] = "promise-broken"


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
    unit: str | None = None
    """The unit one level up, which has it now that the one below has had its turns."""


class Closed(Compact):
    type: Literal["closed"] = "closed"
    how: Literal["rated", "unrated", "no_answer", "explained", "repeat", "no_reply_wanted"]
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


class ClockSet(Compact):
    """A running clock: from when it counts, when it is due, when its next rung is reached.

    `fired`: rungs that stay reached. `decided`: the due time was decided and is not counted anew.
    """

    since: Time
    due: Time
    next: Time
    fired: int = 0
    decided: bool = False


class ClocksChanged(Compact):
    """Which clocks the other events of the same commit started and stopped."""

    type: Literal["clocks-changed"] = "clocks-changed"
    started: dict[str, ClockSet] = Field(default_factory=dict)
    stopped: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()


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
    | TakenAway
    | ReturnRefused
    | Contacted
    | MessageSent
    | MessageReceived
    | Noted
    | Urged
    | Revealed
    | ExtensionAsked
    | Extended
    | ExtensionRefused
    | SuspensionAsked
    | Suspended
    | SuspensionRefused
    | Resumed
    | TerminationAsked
    | Terminated
    | TerminationRefused
    | AssistanceAsked
    | ReportedIn
    | AssistanceAnswered
    | AssistanceDisputed
    | AssistanceUpheld
    | AssistanceReleased
    | OrderIssued
    | OrderAnswered
    | OrderSentBack
    | OrderVerified
    | OrderLifted
    | AlertRaised
    | AlertAcknowledged
    | AlertResolved
    | SubjectsNamed
    | UnmaskingAsked
    | UnmaskingGranted
    | UnmaskingRefused
    | Merged
    | Unmerged
    | LeadTaken
    | LeadReleased
    | FollowersReleased
    | PassedOn
    | ReplyTaken
    | Split
    | RepeatFound
    | RecurrenceFound
    | Redacted
    | ReplyDrafted
    | ReplySentBack
    | Replied
    | Promised
    | PromiseBroken
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
