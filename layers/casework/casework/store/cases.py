"""Reading and writing cases: each condition that keeps two writers apart stands here."""

from collections.abc import Iterable
from datetime import datetime

from casework.cases.access import Bound
from casework.cases.evolve import apply
from casework.cases.state import Case
from casework.store.items import (
    ASIDE,
    BODY,
    HEAD,
    Body,
    Dossier,
    Head,
    Lock,
    Notice,
    OwnPage,
    Words,
    commit_key,
    commit_map,
    new_item,
    read_body,
    read_commit,
    read_head,
    read_lock,
    read_words,
    values_of,
)
from casework.store.table import ALARM, CITIZEN, PUBLIC, WORKLIST, Item, Key, Table, Taken
from schemas.base import iso
from schemas.events import Commit

_LISTED = {"state", "kind", "category", "area", "unread", "identity", "subjects"}
"""What a worklist shows of a case, beside its version and when it is due."""
EVERY = 2**31 - 1


class Conflict(Exception):
    """Somebody else changed the case in between; load it and decide again."""


class Corrupt(Exception):
    """The journal holds another commit than the one HEAD carried: somebody wrote past the service."""

    def __init__(self, number: str, version: int) -> None:
        super().__init__(f"case {number}: commit {version} is not the one that was committed")


class CaseStore:
    """Cases in a table. Shards spread one index partition over several (a setting of the city)."""

    def __init__(self, table: Table, alarm_shards: int = 1, worklist_shards: int = 1) -> None:
        self.table = table
        self.alarm_shards, self.worklist_shards = alarm_shards, worklist_shards

    # -- writing ---------------------------------------------------------------------------

    def put_body(self, body: Body) -> Body | None:
        """Store what was filed; the one that is there already, if there is one."""
        try:
            self.table.put_new(new_item(body.number, BODY, body.model_dump(exclude_none=True)))
        except Taken as taken:
            return read_body(_there(taken))
        return None

    def put_text(self, words: Words) -> Words:
        """Store a command's text unless it is there; what is there in the end."""
        try:
            self.table.put_new(new_item(words.number, words.sk, words.model_dump(exclude={"sk"})))
        except Taken as taken:
            return read_words(_there(taken))
        return words

    def put_body_over(self, body: Body) -> None:
        """Store BODY with something taken out of it, over the version before; raises Conflict."""
        try:
            self.table.put_at(
                new_item(body.number, BODY, body.model_dump(exclude_none=True)), body.version - 1
            )
        except Taken as taken:
            raise Conflict from taken

    def blot(self, number: str, key: str) -> None:
        """Take a text out, with the salt without which its hash can be matched with nothing."""
        item = self.table.get((number, key))
        if item is not None and item.get("text"):
            self.table.put({**item, "text": "", "salt": ""})

    def put_commit(self, number: str, commit: Commit) -> None:
        """Write a commit into the journal: once, the same bytes every time."""
        item = new_item(number, commit_key(commit.version), commit_map(commit))
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
            return read_head(_there(taken))
        return head

    def put_head(self, head: Head) -> None:
        """Store the next version over the one before it; raises Conflict."""
        try:
            self.table.put_at(self._head_item(head), head.case.version - 1)
        except Taken as taken:
            raise Conflict from taken

    def put_lock(self, lock: Lock) -> None:
        """Count a wrong access code; raises Conflict if another was counted meanwhile."""
        item = new_item(lock.number, f"LOCK#{lock.source}", lock.model_dump())
        try:
            if lock.version == 1:
                self.table.put_new(item)
            else:
                self.table.put_at(item, lock.version - 1)
        except Taken as taken:
            raise Conflict from taken

    def show_asides(self, number: str) -> None:
        """Bring its entries on other worklists than its holder's in line with its HEAD.

        They are derived (`ASIDE#<worklist>`), never newer than the HEAD they come from, and can be
        brought in line at any time. A list where nothing is left to do gets an entry too, which it
        does not show: it keeps out whoever read an older HEAD and is slow to write. Raises Conflict
        if an entry moved meanwhile.
        """
        items = self.table.partition(number, HEAD) + self.table.partition(number, ASIDE)
        heads = [item for item in items if item["sk"] == HEAD]
        if not heads:
            return
        head = read_head(heads[0])
        present = {item["sk"].removeprefix(ASIDE): item for item in items}
        for holder in head.case.shown_to:
            self._show(self._aside(head.case, holder), present.get(holder))

    def _aside(self, case: Case, holder: str) -> Item:
        """The entry of a worklist beside the holder's; without index keys once it shows nothing."""
        entry = new_item(case.number, f"{ASIDE}{holder}", {"version": case.version})
        if holder not in case.asides:
            return entry
        listed = self._listed(case, holder, case.asides[holder])
        return entry | case.model_dump(include=_LISTED) | listed

    def _show(self, entry: Item, present: Item | None) -> None:
        if present is not None and present["version"] >= entry["version"]:
            return
        try:
            if present is None:
                self.table.put_new(entry)
            else:
                self.table.put_at(entry, present["version"])
        except Taken as taken:
            raise Conflict from taken

    def _listed(self, case: Case, queue: str, at: datetime | None) -> Item:
        """The keys under which a worklist shows the case, and how far its supervision has come."""
        due = iso(at) if at else "9999"
        shard = int(case.number[-7:-1]) % self.worklist_shards
        level = {"level": case.level} if case.level else {}
        return level | {
            WORKLIST.partition: f"{queue}#{shard}",
            WORKLIST.sort: f"{due}#{case.number}",
            "due": due,
        }

    def put_notice(self, notice: Notice) -> bool:
        """Store a notice; False if it is there already."""
        try:
            self.table.put_new(new_item(notice.number, f"NOTICE#{notice.id}", notice.model_dump()))
        except Taken:
            return False
        return True

    def put_support(self, number: str, citizen: str, at: datetime) -> bool:
        """Record a "me too"; False if this citizen had said so already."""
        try:
            self.table.put_new(new_item(number, f"SUPPORT#{citizen}", {"at": iso(at)}))
        except Taken:
            return False
        return True

    # -- reading ---------------------------------------------------------------------------

    def head(self, number: str) -> Head | None:
        item = self.table.get((number, HEAD))
        return read_head(item) if item else None

    def head_and_lock(self, number: str, source: str) -> tuple[Head | None, Lock | None]:
        keys: list[Key] = [(number, HEAD), (number, f"LOCK#{source}")]
        found = self.table.get_many(keys)
        head, lock = found.get(keys[0]), found.get(keys[1])
        return read_head(head) if head else None, read_lock(lock) if lock else None

    def head_and_body(self, number: str) -> tuple[Head, Body] | None:
        keys: list[Key] = [(number, HEAD), (number, BODY)]
        found = self.table.get_many(keys)
        if keys[0] not in found:
            return None
        return read_head(found[keys[0]]), read_body(found[keys[1]])

    def heads(self, numbers: Iterable[str]) -> dict[str, Head]:
        found = self.table.get_many([(number, HEAD) for number in numbers], consistent=False)
        return {key[0]: read_head(item) for key, item in found.items()}

    def heads_and_bodies(self, numbers: Iterable[str]) -> dict[str, tuple[Head, Body]]:
        """Those of the cases that are there whole, in the order asked for; at most 50."""
        keys = [(number, sk) for number in numbers for sk in (HEAD, BODY)]
        items = self.table.get_many(keys, consistent=False)
        return {
            number: (read_head(items[number, HEAD]), read_body(items[number, BODY]))
            for number in dict.fromkeys(number for number, _ in keys)
            if (number, HEAD) in items and (number, BODY) in items
        }

    def dossier(self, number: str) -> Dossier | None:
        items = {item["sk"]: item for item in self.table.partition(number)}
        if HEAD not in items:
            return None
        head = read_head(items[HEAD])
        journal = [read_commit(item) for sk, item in items.items() if sk.startswith("COMMIT#")]
        return Dossier(
            head=head,
            body=read_body(items[BODY]),
            journal=(*(c for c in journal if c.version < head.case.version), head.commit),
            texts={
                sk: item.get("text", "") for sk, item in items.items() if sk.startswith("TEXT#")
            },
            notices=tuple(
                Notice.model_validate({**values_of(item), "number": number})
                for sk, item in items.items()
                if sk.startswith("NOTICE#")
            ),
            supports=sum(sk.startswith("SUPPORT#") for sk in items),
        )

    def journal(self, number: str) -> list[Commit]:
        """Commits that stand as items: all but the last, which HEAD carries."""
        return [read_commit(item) for item in self.table.partition(number, "COMMIT#")]

    def commit(self, number: str, version: int) -> Commit | None:
        """One commit, from HEAD or from the journal; in this order, since HEAD's moves there."""
        head = self.head(number)
        if head is None or head.case.version < version:
            return None
        if head.case.version == version:
            return head.commit
        item = self.table.get((number, commit_key(version)))
        return read_commit(item) if item else None

    def case_at(self, number: str, version: int) -> Case | None:
        """The case as it stood at an earlier version, made of its journal; None if there was none."""
        case: Case | None = None
        for commit in self.journal(number):
            if commit.version <= version:
                case = apply(case, commit, number)
        return case if case and case.version == version else None

    def due(self, shard: int, now: datetime, limit: int) -> list[tuple[str, str]]:
        """(number, next_due) of cases in this shard whose alarm has come, oldest first."""
        items = self.table.query(ALARM, str(shard), limit, until=iso(now))
        return [(item["pk"], item["next_due"]) for item in items]

    def open_cases(self, shard: int) -> list[str]:
        """The numbers of the shard's cases that have an alarm, ascending; half a read unit for 40.

        By number, which stays as it is: whoever goes on after one leaves none out, whatever becomes
        of their alarms meanwhile.
        """
        return sorted(item["pk"] for item in self.table.query(ALARM, str(shard), EVERY))

    def worklist(self, queue: str, limit: int, after: str | None = None) -> list[Item]:
        """Entries of a worklist, most overdue first, over all its shards."""
        entries = [
            item
            for shard in range(self.worklist_shards)
            for item in self.table.query(WORKLIST, f"{queue}#{shard}", limit, after=after)
        ]
        return sorted(entries, key=lambda item: str(item["queued"]))[:limit]

    def cases_of(self, bounds: Iterable[Bound], limit: int, before: str | None = None) -> OwnPage:
        """A citizen's cases over all bindings, newest first.

        Those filed in one second fall on the same page: the cursor is the last second shown.
        """
        found = [one for bound in bounds for one in self._filed_by(bound, limit + 1, before)]
        found.sort(key=lambda item: (item["filed_at"], item["pk"]), reverse=True)
        more = found[limit:]
        if more:
            # What shares its second with the next page moves there, unless all do.
            whole = [item for item in found[:limit] if item["filed_at"] != more[0]["filed_at"]]
            found = whole or found[:limit]
        keys = [(item["pk"], sk) for item in found for sk in (HEAD, BODY)]
        items = self.table.get_many(keys, consistent=False)
        cases = [
            (read_head(items[number, HEAD]).case, str(items[number, BODY]["title"]))
            for number in (item["pk"] for item in found)
            if (number, HEAD) in items and (number, BODY) in items
        ]
        return OwnPage(cases, found[-1]["filed_at"] if more else None)

    def _filed_by(self, bound: Bound, limit: int, before: str | None) -> list[Item]:
        """The newest entries of one binding, filed before `before` and while it counted."""
        ends = [end for end in (before, iso(bound.until) if bound.until else None) if end]
        return self.table.query(
            CITIZEN,
            bound.key,
            limit,
            after=min(ends, default=None),
            until=iso(bound.since) if bound.since else None,
            newest_first=True,
        )

    def bodies(self, numbers: Iterable[str]) -> dict[str, Body]:
        found = self.table.get_many([(number, BODY) for number in numbers], consistent=False)
        return {key[0]: read_body(item) for key, item in found.items()}

    # -- HEAD ------------------------------------------------------------------------------

    def _head_item(self, head: Head) -> Item:
        case = head.case
        item = new_item(case.number, HEAD, case.model_dump(exclude={"number"}))
        item |= {
            "filing": head.identity,  # `identity` is what the case says of the citizen's
            "content": head.content,
            "requests": list(head.requests),
        }
        item["commit"] = commit_map(head.commit)
        shard = int(case.number[-7:-1])
        if case.next_due is not None:
            item |= {
                ALARM.partition: str(shard % self.alarm_shards),
                ALARM.sort: iso(case.next_due),
            }
        if case.queue is not None:
            item |= self._listed(case, case.queue, case.due)
        if case.public:
            item[PUBLIC.partition] = f"{case.area or '-'}#{iso(case.filed_at)[:7]}"
        return item


def _there(taken: Taken) -> Item:
    if taken.present is None:
        raise Conflict from taken
    return taken.present
