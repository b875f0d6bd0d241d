"""What can be asked of a case. Each command's name is its kebab-case `type`, on every border."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from schemas import names
from schemas.base import Code, Day, Line, Model, Phone, Text, Title
from schemas.events import Choice, Evidence


class Command(Model):
    """A command's free text travels as `text` and is stored apart from the events."""

    @property
    def free_text(self) -> str | None:
        """What is stored of its free text."""
        text: str | None = getattr(self, "text", None)
        return text


_SEPARATORS = str.maketrans("", "", " -‐–—")
Account = Annotated[
    str, Field(pattern=r"^[^\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]{1,128}$")
]
CaseNumber = Annotated[
    str,
    BeforeValidator(lambda v: v.translate(_SEPARATORS) if isinstance(v, str) else v),
    Field(pattern=r"^1[0-9]{15}$"),
]
"""The number of another case, in 16 digits, in groups or not."""
EventId = Annotated[str, Field(pattern=r"^[a-z_]{1,20}-[0-9]{1,6}$")]
"""Names an alert or an order of a case, such as `hazard-3`."""


def _to_the_centimetre(degrees: float) -> float:
    """Seven decimals, and no negative zero: what any store gives back as it was."""
    return round(degrees, 7) + 0.0


_ROUNDED = AfterValidator(_to_the_centimetre)


class Place(Model):
    """Where the matter is. Degrees in WGS 84; address as the citizen wrote it."""

    lon: Annotated[float, Field(ge=-180, le=180), _ROUNDED] | None = None
    lat: Annotated[float, Field(ge=-90, le=90), _ROUNDED] | None = None
    address: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Place":
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon_lat_together")
        return self


class Contact(Model):
    """How the city reaches the citizen. Encrypted at rest, masked on display."""

    name: Line | None = None
    phone: Phone | None = None


class KnowledgeAnswer(Model):
    """An answer given in the call from the knowledge base; the article's version is kept."""

    article: Code
    article_version: int = Field(ge=1, le=1_000_000)
    text: Text


class OnBehalfOf(Model):
    """Who speaks for the citizen, being what to them; without the citizen's consent only a guardian."""

    relation: names.Representation
    consent: bool = False
    name: Line | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _agreed(self) -> "OnBehalfOf":
        if not self.consent and self.relation != "guardian":
            raise ValueError("consent_needed")
        return self


class From(Model):
    """Where a case from above comes from, with its number there and the due date imposed."""

    system: names.Origin
    number: Code | None = None
    due: Day | None = None


class File(Command):
    """A request as the citizen, or an agent for the citizen, files it."""

    type: Literal["file"] = "file"
    text: Text
    title: Title | None = None
    channel: names.Channel = "web"
    kind: names.Kind | None = None
    category: Code | None = None
    area: Code | None = None
    place: Place | None = None
    contact: Contact | None = None
    publishable: bool = False
    notice_version: Code | None = None
    """Version of the privacy notice that was shown before submission (PIPL art. 17)."""
    identity: names.Identity | None = None
    """Left out: a report is sealed, anything else open."""
    on_behalf_of: OnBehalfOf | None = None
    minor: bool = False
    contact_mode: names.ContactMode | None = None
    reply_wanted: bool = True
    language: Code | None = None
    needs: list[names.Need] = Field(default_factory=list, max_length=6)
    about: list[Code] = Field(default_factory=list, max_length=5)
    """Units complained about: none of their people sees the case."""
    addressee: Code | None = None
    """The leader's office or the unit that the citizen writes to."""
    origin: From | None = None
    answer: KnowledgeAnswer | None = None

    @model_validator(mode="after")
    def _nameless(self) -> "File":
        if self.identity == "anonymous" and (self.contact or self.on_behalf_of):
            raise ValueError("anonymous_with_contact")
        return self


class Route(Command):
    """The dispatcher function's finding for a case that waits to be dispatched."""

    type: Literal["route"] = "route"
    category: Code | None = None
    unit: Code | None = None
    confidence: float = 0.0
    confident: bool = False
    words: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    suspicious: str | None = None


class Accept(Command):
    type: Literal["accept"] = "accept"


class Decline(Command):
    """Declining is routing: it names the lawful path (BJ art. 11)."""

    type: Literal["decline"] = "decline"
    reason: names.DeclineReason
    path: names.LawfulPath
    text: Text


class HandOver(Command):
    type: Literal["hand-over"] = "hand-over"
    service: names.EmergencyService
    receipt: Code
    text: Text | None = None


class RequestInfo(Command):
    type: Literal["request-info"] = "request-info"
    text: Text


class Answer(Command):
    type: Literal["answer"] = "answer"
    article: Code
    article_version: int = Field(ge=1, le=1_000_000)
    text: Text


class Dispatch(Command):
    type: Literal["dispatch"] = "dispatch"
    unit: Code
    category: Code | None = None
    kind: names.Kind | None = None


class Reclassify(Command):
    type: Literal["reclassify"] = "reclassify"
    kind: names.Kind | None = None
    category: Code | None = None

    @model_validator(mode="after")
    def _something(self) -> "Reclassify":
        if self.kind is None and self.category is None:
            raise ValueError("kind_or_category")
        return self


class Claim(Command):
    type: Literal["claim"] = "claim"


class Delegate(Command):
    """Give the case one level down: a district to its street, a department to its own office."""

    type: Literal["delegate"] = "delegate"
    unit: Code
    text: Text | None = None


class Recall(Command):
    type: Literal["recall"] = "recall"
    text: Text | None = None


class AssignOfficer(Command):
    """The head names who handles it; `officer` is that person's account."""

    type: Literal["assign-officer"] = "assign-officer"
    officer: Account


class Arbitrate(Command):
    """Hear the units between which it is disputed whose the case is."""

    type: Literal["arbitrate"] = "arbitrate"
    units: list[Code] = Field(min_length=2, max_length=6)
    text: Text


class StatePosition(Command):
    """A unit that is heard says why the case is, or is not, its own."""

    type: Literal["state-position"] = "state-position"
    text: Text


class Designate(Command):
    """Name the responsible unit after arbitration, binding (WF 22)."""

    type: Literal["designate"] = "designate"
    unit: Code
    category: Code | None = None
    text: Text


class Return(Command):
    type: Literal["return"] = "return"
    reason: names.ReturnReason
    unit: Code | None = None
    text: Text


class DecideReturn(Command):
    """Approved, the case goes to `unit`, or back to dispatch; refused, back to who asked."""

    type: Literal["decide-return"] = "decide-return"
    approve: bool
    unit: Code | None = None
    text: Text | None = None


class AskExtension(Command):
    """延期: asked before expiry; `until` is the last day, `text` the plan."""

    type: Literal["ask-extension"] = "ask-extension"
    reason: names.ExtensionReason
    until: Day
    text: Text


class Decision(Command):
    """Approved or not; a refusal says why in `text`."""

    approve: bool
    text: Text | None = None

    @model_validator(mode="after")
    def _why(self) -> "Decision":
        if not self.approve and self.text is None:
            raise ValueError("text_says_why")
        return self


class DecideExtension(Decision):
    type: Literal["decide-extension"] = "decide-extension"


class AskSuspension(Command):
    """挂账: objectively blocked; `until` is the review date, `text` the plan."""

    type: Literal["ask-suspension"] = "ask-suspension"
    reason: names.SuspensionReason
    until: Day
    text: Text


class DecideSuspension(Decision):
    type: Literal["decide-suspension"] = "decide-suspension"


class LiftSuspension(Command):
    type: Literal["lift-suspension"] = "lift-suspension"
    text: Text


class AskTermination(Command):
    """终止办理: the citizen refuses to cooperate, or a reason to decline has appeared (WF 21)."""

    type: Literal["ask-termination"] = "ask-termination"
    reason: names.TerminationReason
    path: names.LawfulPath | None = None
    text: Text

    @model_validator(mode="after")
    def _lawful_path(self) -> "AskTermination":
        if self.reason == "reason_to_decline" and self.path is None:
            raise ValueError("path_needed")
        return self


class DecideTermination(Command):
    """The citizen reads the `text`: why handling ends, or that it goes on."""

    type: Literal["decide-termination"] = "decide-termination"
    approve: bool
    text: Text


class AskAssistance(Command):
    """协办, 吹哨报到: call other units to help, streets included."""

    type: Literal["ask-assistance"] = "ask-assistance"
    units: list[Code] = Field(min_length=1, max_length=8)
    text: Text


class ReportIn(Command):
    type: Literal["report-in"] = "report-in"


class AnswerAssistance(Command):
    type: Literal["answer-assistance"] = "answer-assistance"
    text: Text


class DisputeAssistance(Command):
    type: Literal["dispute-assistance"] = "dispute-assistance"
    text: Text


class DecideAssistance(Command):
    """Whether a unit that disputes it has to help."""

    type: Literal["decide-assistance"] = "decide-assistance"
    unit: Code
    uphold: bool
    text: Text


class IssueOrder(Command):
    """督办, 批示: by default to the holder, due by the policy's limit."""

    type: Literal["issue-order"] = "issue-order"
    unit: Code | None = None
    level: names.OrderLevel = 1
    due: Day | None = None
    text: Text


class RespondOrder(Command):
    type: Literal["respond-order"] = "respond-order"
    order: EventId
    text: Text


class VerifyOrder(Command):
    """Whether what was answered is so, found by someone outside the unit."""

    type: Literal["verify-order"] = "verify-order"
    order: EventId
    accept: bool
    text: Text


class LiftOrder(Command):
    type: Literal["lift-order"] = "lift-order"
    order: EventId
    text: Text


class RaiseAlert(Command):
    type: Literal["raise-alert"] = "raise-alert"
    kind: names.AlertKind
    text: Text | None = None


class AcknowledgeAlert(Command):
    type: Literal["acknowledge-alert"] = "acknowledge-alert"
    alert: EventId


class ResolveAlert(Command):
    """Who took it over, with that service's receipt."""

    type: Literal["resolve-alert"] = "resolve-alert"
    alert: EventId
    service: names.AlertService
    receipt: Code | None = None
    text: Text

    @model_validator(mode="after")
    def _taken_over(self) -> "ResolveAlert":
        if self.receipt is None and self.service != "false_alarm":
            raise ValueError("receipt_needed")
        return self


class NameSubjects(Command):
    """The whole list of units and staff accounts complained about, instead of the one before."""

    type: Literal["name-subjects"] = "name-subjects"
    units: list[Code] = Field(default_factory=list, max_length=5)
    persons: list[Account] = Field(default_factory=list, max_length=5)
    text: Text | None = None


class AskUnmasking(Command):
    type: Literal["ask-unmasking"] = "ask-unmasking"
    reason: names.UnmaskingReason
    text: Text


class DecideUnmasking(Decision):
    type: Literal["decide-unmasking"] = "decide-unmasking"


class Merge(Command):
    """并单: from now on it follows `case`, its lead."""

    type: Literal["merge"] = "merge"
    case: CaseNumber


class Unmerge(Command):
    type: Literal["unmerge"] = "unmerge"
    text: Text


class PassOn(Command):
    """The reply goes to the cases that follow, in these words or, without any, in its own.

    Whoever gives this has checked it for other people's data.
    """

    type: Literal["pass-on"] = "pass-on"
    text: Text | None = None


class Part(Model):
    """What becomes a case of its own."""

    text: Text
    title: Title | None = None
    kind: names.Kind | None = None
    category: Code | None = None


class SplitCase(Command):
    type: Literal["split"] = "split"
    parts: list[Part] = Field(min_length=1, max_length=5)


class MarkRepeat(Command):
    """It says nothing that the open case `case` does not say: a person has read both."""

    type: Literal["mark-repeat"] = "mark-repeat"
    case: CaseNumber
    text: Text


class MarkRecurrence(Command):
    """What `case` was about, which has ended, has happened again."""

    type: Literal["mark-recurrence"] = "mark-recurrence"
    case: CaseNumber


class Redact(Command):
    """Take personal data out of `part`: body, contact, address, or the text of a version such as 7.

    `text` stands there instead.
    """

    type: Literal["redact"] = "redact"
    part: Annotated[str, Field(pattern=r"^(body|contact|address|[0-9]{1,6})$")]
    text: Text | None = None


class TakeLead(Command):
    """Another case is about to follow this one."""

    type: Literal["take-lead"] = "take-lead"
    follower: str
    due: str | None = None


class ReleaseLead(Command):
    type: Literal["release-lead"] = "release-lead"
    follower: str


class FollowLead(Command):
    """What the lead case's commit means for a case that follows it; `outcome` None: it ended."""

    type: Literal["follow-lead"] = "follow-lead"
    lead: str
    outcome: names.Outcome | None = None
    by: str | None = None
    unit: str | None = None
    category: str | None = None
    text: str | None = None


class RecordContact(Command):
    type: Literal["contact"] = "contact"
    how: names.ContactMode
    result: names.ContactResult
    call_id: Code | None = None
    text: Text | None = None


class SendMessage(Command):
    """From the city, or on the citizen's own route from the citizen."""

    type: Literal["message"] = "message"
    text: Text


class Note(Command):
    """Internal: never shown to the citizen."""

    type: Literal["note"] = "note"
    text: Text


class Urge(Command):
    type: Literal["urge"] = "urge"
    text: Text | None = None


class Reveal(Command):
    """See the citizen's contact in full, with a reason; the look is recorded."""

    type: Literal["reveal"] = "reveal"
    reason: names.RevealReason


class _Proven(Command):
    """`evidence` where the category asks for it; the same reference twice is one."""

    evidence: list[Evidence] = Field(default_factory=list, max_length=20)


class Reply(_Proven):
    """`until`: the day of a promise (JN 24); `policy`: what does not support it, cited."""

    type: Literal["reply"] = "reply"
    outcome: names.Outcome
    text: Text
    until: Day | None = None
    policy: Line | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Reply":
        if (self.outcome == "promised") != (self.until is not None):
            raise ValueError("until_with_promise")
        if (self.outcome == "not_supported") != (self.policy is not None):
            raise ValueError("policy_with_not_supported")
        return self

    @property
    def free_text(self) -> str | None:
        """The reply as the citizen reads it, the policy cited under it."""
        return f"{self.text}\n【政策依据 Policy】{self.policy}" if self.policy else self.text


class Promise(Command):
    """The follow-up ends with a date by which it will be solved."""

    type: Literal["promise"] = "promise"
    until: Day
    text: Text


class KeepPromise(_Proven):
    """What was promised is done."""

    type: Literal["keep-promise"] = "keep-promise"
    outcome: Literal["resolved", "partly"] = "resolved"
    text: Text


class DecideReply(Decision):
    type: Literal["decide-reply"] = "decide-reply"


class Stars(Model):
    outcome: int | None = Field(default=None, ge=1, le=5)
    attitude: int | None = Field(default=None, ge=1, le=5)
    speed: int | None = Field(default=None, ge=1, le=5)


class Rate(Command):
    """One form for every channel. Source: 政务服务 "好差评" (国办发〔2019〕51号)."""

    type: Literal["rate"] = "rate"
    contacted: bool
    resolved: names.Resolved
    overall: int = Field(ge=1, le=5)
    stars: Stars | None = None
    reasons: list[names.RatingReason] = Field(default_factory=list, max_length=7)
    text: Text | None = None


class Redo(Command):
    type: Literal["redo"] = "redo"
    text: Text


class Close(Command):
    """A follow-up ends with an explanation, signed by someone outside the handling unit (JN 27)."""

    type: Literal["close"] = "close"
    explanation: names.Explanation
    text: Text


class Withdraw(Command):
    type: Literal["withdraw"] = "withdraw"
    reason: names.WithdrawalReason
    text: Text | None = None


class Reopen(Command):
    """New facts, in `text`."""

    type: Literal["reopen"] = "reopen"
    text: Text


class Object(Command):
    type: Literal["object"] = "object"
    text: Text


class DecideObjection(Command):
    type: Literal["decide-objection"] = "decide-objection"
    grant: bool
    text: Text


class Publish(Command):
    type: Literal["publish"] = "publish"


class Unpublish(Command):
    type: Literal["unpublish"] = "unpublish"


class Tick(Command):
    """Time has passed: record what is due."""

    type: Literal["tick"] = "tick"


class SeparateBinding(Command):
    """Asked of a person, not of a case: this binding was joined by mistake."""

    type: Literal["separate-binding"] = "separate-binding"
    binding: Code


CaseCommand = (
    Route
    | Accept
    | Decline
    | HandOver
    | RequestInfo
    | Answer
    | Dispatch
    | Reclassify
    | Claim
    | Delegate
    | Recall
    | AssignOfficer
    | Arbitrate
    | StatePosition
    | Designate
    | Return
    | DecideReturn
    | AskExtension
    | DecideExtension
    | AskSuspension
    | DecideSuspension
    | LiftSuspension
    | AskTermination
    | DecideTermination
    | AskAssistance
    | ReportIn
    | AnswerAssistance
    | DisputeAssistance
    | DecideAssistance
    | IssueOrder
    | RespondOrder
    | VerifyOrder
    | LiftOrder
    | RaiseAlert
    | AcknowledgeAlert
    | ResolveAlert
    | NameSubjects
    | AskUnmasking
    | DecideUnmasking
    | Merge
    | Unmerge
    | PassOn
    | SplitCase
    | MarkRepeat
    | MarkRecurrence
    | Redact
    | TakeLead
    | ReleaseLead
    | FollowLead
    | RecordContact
    | SendMessage
    | Note
    | Urge
    | Reveal
    | Reply
    | Promise
    | KeepPromise
    | DecideReply
    | Rate
    | Redo
    | Close
    | Withdraw
    | Reopen
    | Object
    | DecideObjection
    | Publish
    | Unpublish
    | Tick
)


def name_of(command: type[Command] | Command) -> str:
    """The command's name as it stands in paths, tables and journals, such as `decide-return`."""
    kind = command if isinstance(command, type) else type(command)
    name: str = kind.model_fields["type"].default
    return name


COMMANDS: dict[str, type[Command]] = {
    name_of(command): command for command in get_args(CaseCommand)
}
BY_SYSTEM = frozenset({"route", "tick", "take-lead", "release-lead", "follow-lead"})
DESK_COMMANDS = sorted(COMMANDS.keys() - BY_SYSTEM - {"rate", "withdraw"})
CitizenCommand = SendMessage | Urge | Withdraw | Reopen | Object | Rate
"""What citizens, or agents for them, ask of a case in their own words."""
CITIZEN_PATHS = {
    "message": "messages",
    "urge": "urges",
    "withdraw": "withdrawal",
    "reopen": "reopening",
    "object": "objection",
    "rate": "rating",
}
"""What a citizen's command is called in the addresses of the citizen's routes: what it makes."""
