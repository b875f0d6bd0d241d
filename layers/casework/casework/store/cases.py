"""How a case lies in the table: items of one partition, small, because a write is billed whole.

| sk | what |
|---|---|
| `#HEAD` | the case as it stands, its index keys, and the whole of its last commit |
| `COMMIT#000012` | commit 12, once |
| `BODY` | what was filed; personal data encrypted |
| `TEXT#<actor>#<request id>` | a text that came with a command |
| `NOTICE#<id>` | a notice and its fate |
| `LOCK#<source>` | wrong access codes, against who tries |
| `SUPPORT#<citizen>` | "me too" |
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import Field

from casework.cases.state import Case
from casework.store.table import ALARM, CITIZEN, PUBLIC, WORKLIST, Item, Key, Table, Taken
from schemas.base import Model, iso
from schemas.events import Commit

HEAD = "#HEAD"
BODY = "BODY"
REQUESTS_KEPT = 8
"""So many latest request ids stand in HEAD; older ones are looked up in the journal."""

_INDEX_KEYS = ("alarm_shard", "next_due", "holder", "queued", "due", "board")


class Body(Model):
    """What was filed. `sealed` holds the encrypted contact, by field; `key` its wrapped data key."""

    number: str
    at: str
    identity: str
    content: str
    title: str
    text: str
    salts: dict[str, str]
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    sealed: dict[str, bytes] = Field(default_factory=dict)
    key: bytes | None = None
    notice_version: str | None = None


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
    lock: Lock | None = None


@dataclass(frozen=True)
class OwnPage:
    """A page of a citizen's own cases with their titles, newest first."""

    cases: list[tuple[Case, str]]
    cursor: str | None


class Conflict(Exception):
    """Somebody else changed the case in between; load it and decide again."""


class CaseStore:
    """Cases in a table. Shards spread one index partition over several (a setting of the city)."""

    def __init__(self, table: Table, alarm_shards: int = 1, worklist_shards: int = 1) -> None:
        self.table = table
        self.alarm_shards, self.worklist_shards = alarm_shards, worklist_shards

    # -- writing ---------------------------------------------------------------------------

    def put_body(self, body: Body) -> Body | None:
        """Store what was filed; the one that is there already, if there is one."""
        try:
            self.table.put_new(_item(body.number, BODY, body.model_dump(exclude_none=True)))
        except Taken as taken:
            return _read_body(_there(taken))
        return None

    def put_text(self, words: Words) -> Words:
        """Store a command's text unless it is there; what is there in the end."""
        try:
            self.table.put_new(_item(words.number, words.sk, words.model_dump(exclude={"sk"})))
        except Taken as taken:
            return _read_words(_there(taken))
        return words

    def put_commit(self, number: str, commit: Commit) -> None:
        """Write a commit into the journal: once, the same bytes every time."""
        item = _item(number, commit_key(commit.version), _commit_map(commit))
        try:
            self.table.put_new(item)
        except Taken as taken:
            if (taken.present or {}).get("hash") != commit.hash:
                raise Corrupt(number, commit.version) from taken

    def put_first_head(self, head: Head) -> Head:
        """Store version 1; the HEAD that is there already, if there is one."""
        try:
            self.table.put_new(self._head_item(head))
        except Taken as taken:
            return _read_head(_there(taken))
        return head

    def put_head(self, head: Head) -> None:
        """Store the next version over the one before it; raises Conflict."""
        try:
            self.table.put_at(self._head_item(head), head.case.version - 1)
        except Taken as taken:
            raise Conflict from taken

    def put_lock(self, lock: Lock) -> None:
        """Count a wrong access code; raises Conflict if another was counted meanwhile."""
        item = _item(lock.number, f"LOCK#{lock.source}", lock.model_dump())
        try:
            if lock.version == 1:
                self.table.put_new(item)
            else:
                self.table.put_at(item, lock.version - 1)
        except Taken as taken:
            raise Conflict from taken

    def put_notice(self, notice: Notice) -> bool:
        """Store a notice; False if it is there already."""
        try:
            self.table.put_new(_item(notice.number, f"NOTICE#{notice.id}", notice.model_dump()))
        except Taken:
            return False
        return True

    def put_support(self, number: str, citizen: str, at: datetime) -> bool:
        """Record a "me too"; False if this citizen had said so already."""
        try:
            self.table.put_new(_item(number, f"SUPPORT#{citizen}", {"at": iso(at)}))
        except Taken:
            return False
        return True

    # -- reading ---------------------------------------------------------------------------

    def head(self, number: str) -> Head | None:
        item = self.table.get((number, HEAD))
        return _read_head(item) if item else None

    def head_and_lock(self, number: str, source: str) -> tuple[Head | None, Lock | None]:
        keys: list[Key] = [(number, HEAD), (number, f"LOCK#{source}")]
        found = self.table.get_many(keys)
        head, lock = found.get(keys[0]), found.get(keys[1])
        return _read_head(head) if head else None, _read_lock(lock) if lock else None

    def head_and_body(self, number: str) -> tuple[Head, Body] | None:
        keys: list[Key] = [(number, HEAD), (number, BODY)]
        found = self.table.get_many(keys)
        if keys[0] not in found:
            return None
        return _read_head(found[keys[0]]), _read_body(found[keys[1]])

    def dossier(self, number: str, source: str | None = None) -> Dossier | None:
        items = {item["sk"]: item for item in self.table.partition(number)}
        if HEAD not in items:
            return None
        head = _read_head(items[HEAD])
        journal = [_read_commit(item) for sk, item in items.items() if sk.startswith("COMMIT#")]
        lock = items.get(f"LOCK#{source}")
        return Dossier(
            head=head,
            body=_read_body(items[BODY]),
            journal=(*(c for c in journal if c.version < head.case.version), head.commit),
            texts={
                sk: item.get("text", "") for sk, item in items.items() if sk.startswith("TEXT#")
            },
            notices=tuple(
                Notice.model_validate({**_values(item), "number": number})
                for sk, item in items.items()
                if sk.startswith("NOTICE#")
            ),
            supports=sum(sk.startswith("SUPPORT#") for sk in items),
            lock=_read_lock(lock) if lock else None,
        )

    def journal(self, number: str) -> list[Commit]:
        """Commits that stand as items: all but the last, which HEAD carries."""
        return [_read_commit(item) for item in self.table.partition(number, "COMMIT#")]

    def commit(self, number: str, version: int) -> Commit | None:
        """One commit, from HEAD or from the journal; in this order, since HEAD's moves there."""
        head = self.head(number)
        if head is None or head.case.version < version:
            return None
        if head.case.version == version:
            return head.commit
        item = self.table.get((number, commit_key(version)))
        return _read_commit(item) if item else None

    def due(self, shard: int, now: datetime, limit: int) -> list[tuple[str, str]]:
        """(number, next_due) of cases in this shard whose alarm has come, oldest first."""
        items = self.table.query(ALARM, str(shard), limit, until=iso(now))
        return [(item["pk"], item["next_due"]) for item in items]

    def worklist(self, queue: str, limit: int, after: str | None = None) -> list[Item]:
        """Entries of a worklist, most overdue first, over all its shards."""
        entries = [
            item
            for shard in range(self.worklist_shards)
            for item in self.table.query(WORKLIST, f"{queue}#{shard}", limit, after=after)
        ]
        return sorted(entries, key=lambda item: str(item["queued"]))[:limit]

    def cases_of(self, citizen: str, limit: int, before: str | None = None) -> OwnPage:
        """A citizen's cases, newest first. Those filed in one second fall on the same page."""
        found = self.table.query(CITIZEN, citizen, limit + 1, after=before, newest_first=True)
        more = found[limit:]
        if more:
            # The cursor is a second: what shares it with the next page moves there, unless all do.
            whole = [item for item in found if item["filed_at"] != more[0]["filed_at"]]
            found = whole or found[:limit]
        keys = [(item["pk"], sk) for item in found for sk in (HEAD, BODY)]
        items = self.table.get_many(keys, consistent=False)
        cases = [
            (_read_head(items[number, HEAD]).case, str(items[number, BODY]["title"]))
            for number in (item["pk"] for item in found)
            if (number, HEAD) in items and (number, BODY) in items
        ]
        return OwnPage(cases, found[-1]["filed_at"] if more else None)

    def bodies(self, numbers: Iterable[str]) -> dict[str, Body]:
        found = self.table.get_many([(number, BODY) for number in numbers], consistent=False)
        return {key[0]: _read_body(item) for key, item in found.items()}

    # -- HEAD ------------------------------------------------------------------------------

    def _head_item(self, head: Head) -> Item:
        case = head.case
        item = _item(case.number, HEAD, case.model_dump(exclude={"number"}))
        item |= {
            "identity": head.identity,
            "content": head.content,
            "requests": list(head.requests),
        }
        item["commit"] = _commit_map(head.commit)
        shard = int(case.number[-7:-1])
        if case.next_due is not None:
            item |= {
                ALARM.partition: str(shard % self.alarm_shards),
                ALARM.sort: iso(case.next_due),
            }
        if case.queue is not None:
            due = iso(case.due) if case.due else "9999"
            item |= {
                WORKLIST.partition: f"{case.queue}#{shard % self.worklist_shards}",
                WORKLIST.sort: f"{due}#{case.number}",
                "due": due,
            }
        if case.public:
            item[PUBLIC.partition] = f"{case.area or '-'}#{iso(case.filed_at)[:7]}"
        return item


class Corrupt(Exception):
    """The journal holds another commit than the one HEAD carried: somebody wrote past the service."""

    def __init__(self, number: str, version: int) -> None:
        super().__init__(f"case {number}: commit {version} is not the one that was committed")


def head_of_image(image: dict[str, Any]) -> Head:
    """A HEAD from a stream record's NewImage, as DynamoDB writes it."""
    from casework.store.dynamo import plain

    return _read_head(plain(image))


def commit_key(version: int) -> str:
    return f"COMMIT#{version:06d}"


def text_key(actor: str, request: str) -> str:
    return f"TEXT#{actor}#{request}"


def _item(pk: str, sk: str, values: dict[str, Any]) -> Item:
    return {"pk": pk, "sk": sk, **{k: v for k, v in values.items() if k != "number"}}


def _there(taken: Taken) -> Item:
    if taken.present is None:
        raise Conflict from taken
    return taken.present


def _values(item: Item) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("pk", "sk")}


def _commit_map(commit: Commit) -> dict[str, Any]:
    return commit.model_dump()


def _read_commit(item: Item) -> Commit:
    return Commit.model_validate(_values(item), strict=False)


def _read_body(item: Item) -> Body:
    return Body.model_validate({**_values(item), "number": item["pk"]}, strict=False)


def _read_words(item: Item) -> Words:
    return Words.model_validate({**_values(item), "number": item["pk"], "sk": item["sk"]})


def _read_lock(item: Item) -> Lock:
    return Lock.model_validate({**_values(item), "number": item["pk"]})


def _read_head(item: Item) -> Head:
    values = _values(item)
    kept = {key: values.pop(key) for key in ("identity", "content", "requests", "commit")}
    for key in _INDEX_KEYS:
        values.pop(key, None)
    return Head(
        case=Case.model_validate({**values, "number": item["pk"]}, strict=False),
        commit=Commit.model_validate(kept["commit"], strict=False),
        identity=kept["identity"],
        content=kept["content"],
        requests=tuple(kept["requests"]),
    )
