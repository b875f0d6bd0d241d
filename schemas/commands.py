"""What can be asked of a case. Each command's name is its kebab-case `type`, on every border."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from schemas import names
from schemas.base import Code, Line, Model, Phone, Text, Title
from schemas.events import Choice


class Command(Model):
    """A command's free text travels as `text` and is stored apart from the events."""


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
    answer: KnowledgeAnswer | None = None


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
    officer: Annotated[
        str, Field(pattern=r"^[^\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]{1,128}$")
    ]


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


class Reply(Command):
    type: Literal["reply"] = "reply"
    outcome: names.Outcome
    text: Text


class DecideReply(Command):
    type: Literal["decide-reply"] = "decide-reply"
    approve: bool
    text: Text | None = None

    @model_validator(mode="after")
    def _why(self) -> "DecideReply":
        if not self.approve and self.text is None:
            raise ValueError("text_says_why")
        return self


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
    | Delegate
    | Recall
    | AssignOfficer
    | Arbitrate
    | StatePosition
    | Designate
    | Claim
    | Return
    | DecideReturn
    | RecordContact
    | SendMessage
    | Note
    | Urge
    | Reveal
    | Reply
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
BY_SYSTEM = frozenset({"route", "tick"})
DESK_COMMANDS = sorted(COMMANDS.keys() - BY_SYSTEM - {"rate", "withdraw"})
CITIZEN_PATHS = {
    "message": "messages",
    "urge": "urges",
    "withdraw": "withdrawal",
    "reopen": "reopening",
    "object": "objection",
    "rate": "rating",
}
"""What a citizen's command is called in the addresses of the citizen's routes: what it makes."""
