"""How a case lies in the table: items of one partition, small, because a write is billed whole.

| sk | what |
|---|---|
| `#HEAD` | the case as it stands, its index keys, and the whole of its last commit |
| `COMMIT#000012` | commit 12, once |
| `BODY` | what was filed; personal data encrypted |
| `TEXT#<actor>#<request id>` | a text that came with a command |
| `ASIDE#<worklist>` | its entry on a worklist beside its holder's; derived from HEAD |
| `NOTICE#<id>` | a notice and its fate |
| `LOCK#<source>` | wrong access codes, against who tries |
| `SUPPORT#<citizen>` | "me too" |
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import Field

from casework.cases.state import Case
from casework.store.table import Item
from schemas.base import Model
from schemas.events import Commit, Event, Redacted

HEAD = "#HEAD"
BODY = "BODY"
ASIDE = "ASIDE#"
REQUESTS_KEPT = 8
"""So many latest request ids stand in HEAD; older ones are looked up in the journal."""

FAILURES = "tick_failures"
"""How often in a row its tick failed, in the HEAD of a case whose alarm was put off."""

_BESIDE = ("alarm_shard", "next_due", "holder", "queued", "due", "board", "level", FAILURES)
"""What HEAD holds beside the case: keys of its indexes, and what they show."""


class Body(Model):
    """What was filed. `sealed` holds the encrypted contact, by field; `key` its wrapped data key."""

    number: str
    at: str
    identity: str
    content: str
    citizen: str | None = None
    """Keyed hash of the person, for "my cases"; in no commit, since those are never changed."""
    title: str
    text: str
    salts: dict[str, str]
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    sealed: dict[str, bytes] = Field(default_factory=dict)
    key: bytes | None = None
    notice_version: str | None = None
    contact_mode: str | None = None
    language: str | None = None
    version: int = 1
    """How often it was written: once, and again for each part that is taken out."""


class Words(Model):
    """A text that came with a command: `sk` is its key, `digest` the command's fingerprint."""

    number: str
    sk: str
    digest: str
    salt: str
    text: str = ""


class Lock(Model):
    """Wrong access codes of one source for one case: how many lately, and until when it waits."""

    number: str
    source: str
    version: int
    tries: int
    until: str


class Notice(Model):
    """A notice and its fate. `id` names version, kind and recipient, so that it exists once."""

    number: str
    id: str
    kind: str
    channel: str
    fate: str
    at: str


@dataclass(frozen=True)
class Head:
    """HEAD: the case, what it takes to recognise repeats, and its last commit."""

    case: Case
    commit: Commit
    identity: str
    content: str
    requests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dossier:
    """Everything of one case, from one read of its partition."""

    head: Head
    body: Body
    journal: tuple[Commit, ...]
    texts: dict[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    supports: int = 0

    @cached_property
    def events(self) -> tuple[tuple[Commit, Event], ...]:
        """Every event with its commit, oldest first."""
        return tuple((commit, event) for commit in self.journal for event in commit.events)

    @cached_property
    def redactions(self) -> dict[str, str]:
        """What was taken out (body, contact, address, a version's number), and what stands there."""
        return {
            event.part: self.texts.get(commit.text or "", "")
            for commit, event in self.events
            if isinstance(event, Redacted)
        }

    @cached_property
    def blotted(self) -> dict[str, str]:
        """The texts that were taken out, by their keys, with what stands there: those that came
        with a version, and a reply that was written before it and went out with it."""
        return {
            key: self.redactions[str(commit.version)]
            for commit, event in self.events
            if str(commit.version) in self.redactions
            for key in (commit.text, getattr(event, "text", None))
            if key
        }

    def text(self, key: str | None) -> str | None:
        """A text by its key, as it may be read now; None if there is none."""
        words = self.blotted.get(key or "") if key in self.blotted else self.texts.get(key or "")
        return words or None


@dataclass(frozen=True)
class OwnPage:
    """A page of a citizen's own cases with their titles, newest first."""

    cases: list[tuple[Case, str]]
    cursor: str | None


def head_of_image(image: dict[str, Any]) -> Head:
    """A HEAD from a stream record's NewImage, as DynamoDB writes it."""
    from casework.store.dynamo import plain

    return read_head(plain(image))


def commit_key(version: int) -> str:
    return f"COMMIT#{version:06d}"


def text_key(actor: str, request: str) -> str:
    return f"TEXT#{actor}#{request}"


def new_item(pk: str, sk: str, values: dict[str, Any]) -> Item:
    return {"pk": pk, "sk": sk, **{k: v for k, v in values.items() if k != "number"}}


def values_of(item: Item) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("pk", "sk")}


def commit_map(commit: Commit) -> dict[str, Any]:
    return commit.model_dump()


def read_commit(item: Item) -> Commit:
    return Commit.model_validate(values_of(item), strict=False)


def read_body(item: Item) -> Body:
    return Body.model_validate({**values_of(item), "number": item["pk"]}, strict=False)


def read_words(item: Item) -> Words:
    return Words.model_validate({**values_of(item), "number": item["pk"], "sk": item["sk"]})


def read_lock(item: Item) -> Lock:
    return Lock.model_validate({**values_of(item), "number": item["pk"]})


def read_head(item: Item) -> Head:
    values = values_of(item)
    kept = {key: values.pop(key) for key in ("filing", "content", "requests", "commit")}
    for key in _BESIDE:
        values.pop(key, None)
    return Head(
        case=Case.model_validate({**values, "number": item["pk"]}, strict=False),
        commit=Commit.model_validate(kept["commit"], strict=False),
        identity=kept["filing"],
        content=kept["content"],
        requests=tuple(kept["requests"]),
    )
