"""What the doors answer."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from schemas import names
from schemas.base import Model, Time
from schemas.events import Choice


class SkippedDay(Model):
    date: str
    reason: str


class Working(Model):
    """How a due date was counted, so that a person can follow it."""

    counted: list[str]
    skipped: list[SkippedDay]


class Deadline(Model):
    """A running clock. `due_at` carries the city's zone; late when now >= due_at.

    `decided`: the date was decided (an extension, a promise, from above) and not counted from the
    limit. `paused_since`: it stands still since then, and will be moved on by the pause.
    """

    clock: str
    name: str
    limit: str | None
    since: str
    due_at: str
    due_on: str
    decided: bool
    paused_since: str | None
    provisional: bool
    late: bool
    working: Working


class Receipt(Model):
    """The answer to a filing; a repeated filing gets the same."""

    case_number: str
    case_number_spoken: str
    access_code: str
    status: names.State
    status_text: str
    filed_at: str
    deadlines: list[Deadline]


class Entry(Model):
    """One event of the timeline, in words, with the text that came with it."""

    at: str
    version: int
    event: str
    words: str
    by: str
    text: str | None = None
    reasons: list[str] = Field(default_factory=list)
    details: dict[str, Any] = Field(default_factory=dict)


class Action(Model):
    """Something that the reader may do next: POST to `path`, which begins with the host's root."""

    command: str
    name: str
    path: str


class Named(Model):
    code: str
    name: str


class Notice(Model):
    """What the citizen was told outside the conversation, where, and what became of it."""

    at: str
    kind: str
    channel: str
    fate: str
    words: str


class Related(Model):
    """Another case that this one has to do with. The citizen is shown one's own only."""

    relation: Literal["follows", "split_from", "split_into", "repeats", "recurs"]
    name: str
    case_number: str
    case_number_spoken: str
    access_code: str | None = None
    """Of a part that was split off, for the citizen of the whole."""


class Pause(Model):
    """A time in which the promise stood still (挂账): why, who approved it, and until when."""

    since: str
    until: str | None
    reason: str
    approved_by: str
    resumed: bool


class CitizenCase(Model):
    """A case as its citizen sees it."""

    case_number: str
    case_number_spoken: str
    version: int
    status: names.State
    status_text: str
    kind: Named
    category: Named | None
    area: Named | None
    department: Named | None
    title: str
    text: str
    filed_at: str
    deadlines: list[Deadline]
    next: list[Action]
    timeline: list[Entry]
    notices: list[Notice]
    related: list[Related]
    pauses: list[Pause]
    rating_open: bool
    supports: int


class Asked(Model):
    """What waits for a decision: extension, suspension, termination, return, unmasking."""

    what: str
    reason: str
    by: str
    department: Named | None
    until: str | None


class Assisting(Model):
    """A unit called to help, and how far it is."""

    department: Named
    state: names.AidState


class Ordered(Model):
    order: str
    department: Named
    level: int
    answered: bool


class Supervised(Model):
    """What a deadline has brought upon the case: a card, a step that a person takes, a paper."""

    at: str
    clock: str
    name: str
    level: int
    card: Named | None
    step: Named | None
    notice: str | None


class Alarm(Model):
    alert: str
    kind: Named
    acknowledged: bool


class Speaker(Model):
    """What is known of the citizen beside the contact, for whoever talks to the citizen."""

    identity: Named
    reply_wanted: bool
    minor: bool
    contact_mode: Named | None
    language: str | None
    needs: list[Named]
    represented_by: Named | None


class Source(Model):
    """Where a case from above comes from."""

    system: Named
    number: str | None


class SimilarCase(Model):
    """A case that is like this one, for the desk to judge. `action` says that it is so; it takes the
    like case's number as `case`."""

    relation: Named
    case_number: str
    case_number_spoken: str
    score: float
    reasons: list[Named]
    status: names.State
    status_text: str
    category: Named | None
    area: Named | None
    filed_at: str
    action: Action | None


class DeskCase(CitizenCase):
    """A case as the desk sees it: contact masked, internal notes and supervision shown."""

    urgency: Named
    contact: dict[str, str]
    speaker: Speaker
    origin: Source | None
    addressee: Named | None
    subjects: list[Named]
    asked: list[Asked]
    assisting: list[Assisting]
    orders: list[Ordered]
    alerts: list[Alarm]
    followers: int
    address: str | None
    lon: float | None
    lat: float | None
    officer: str | None
    chain: list[Named]
    copies: list[Named]
    parties: list[Named]
    heard: list[Named]
    binding: bool
    level: int
    supervision: list[Supervised]
    choices: list[Choice]
    similar: list[SimilarCase]
    redo: int
    returned_by: list[str]
    channel: names.Channel


class Done(Model):
    """The answer to a command: where it left the case."""

    case_number: str
    version: int
    status: names.State
    status_text: str
    department: str | None
    deadlines: list[Deadline]
    next: list[Action]
    contact: dict[str, str] | None = None


class WorklistItem(Model):
    case_number: str
    case_number_spoken: str
    title: str
    status: names.State
    status_text: str
    kind: Named
    category: Named | None
    area: Named | None
    due_at: str | None
    late: bool
    level: int
    unread: bool
    version: int


class Worklist(Model):
    """Most overdue first. `cursor` is absent on the last page."""

    holder: str
    items: list[WorklistItem]
    cursor: str | None = None


class OwnCase(Model):
    case_number: str
    case_number_spoken: str
    status: names.State
    status_text: str
    title: str
    filed_at: str


class OwnCases(Model):
    items: list[OwnCase]
    cursor: str | None = None


class PublicCase(Model):
    """A published case, as anybody may see it. The title is absent where it was taken out."""

    case_number: str
    case_number_spoken: str
    title: str | None
    category: Named | None
    area: Named | None
    status: names.State
    status_text: str
    filed_on: str


class OpenOwn(Model):
    """The citizen's own case on the same matter, which is open still."""

    case_number: str
    case_number_spoken: str
    title: str
    status: names.State
    status_text: str
    filed_at: str
    next: list[Action]


class SimilarCases(Model):
    """What is there already of what somebody is about to file, the likest first."""

    public: list[PublicCase]
    own: list[OpenOwn]


class Supported(Model):
    case_number: str
    supports: int


class Binding(Model):
    """One way in which a citizen is recognised; `id` is a keyed hash of it."""

    id: str
    kind: names.BindingKind
    name: str
    joined_at: str | None = None
    how: names.Proof
    how_text: str
    current: bool


class BindingRecord(Model):
    """What was joined or separated, and what follows from it."""

    at: str
    binding: str
    event: names.BindingEvent
    words: str


class Person(Model):
    """A signed-in citizen: what counts as the citizen's own, and how it came to that."""

    bindings: list[Binding]
    records: list[BindingRecord]


class CatalogueCategory(Model):
    code: str
    domain: str
    name: str
    evidence: list[names.EvidenceKind]


class CatalogueArea(Model):
    code: str
    name: str
    level: str
    parent: str | None


class Catalogue(Model):
    """What a filing or a dispatch may name."""

    city: str
    categories: list[CatalogueCategory]
    areas: list[CatalogueArea]
    departments: list[Named]
    kinds: list[Named]


class Health(Model):
    status: str
    time: Time


class Document(Model):
    """A JSON document as it stands, such as the API's own description."""

    model_config = ConfigDict(extra="allow")
