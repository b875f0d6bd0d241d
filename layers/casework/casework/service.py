"""load → decide → save, with retry on conflict: the one way a case changes.

The order of writes is the whole of the reliability (no transaction): a text before the commit
that names it, commit n into the journal before HEAD moves to n+1, HEAD only on condition that it
is still at n. Repeats are recognised by request ids inside the case, so that a lost answer, a
second delivery and a crash at any point all end in the same case.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.cases import chain
from casework.cases.access import By
from casework.cases.decide import decide
from casework.cases.decide import file as decide_filing
from casework.cases.evolve import apply
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.security.keys import Keys, salted
from casework.security.personal import seal, unseal
from casework.store.cases import (
    REQUESTS_KEPT,
    Body,
    CaseStore,
    Conflict,
    Head,
    Lock,
    Words,
    text_key,
)
from casework.store.table import Unavailable, Vault
from schemas import commands as c
from schemas.base import iso
from schemas.events import Commit

ATTEMPTS = 8
"""How often a change is decided anew because somebody else was faster."""
SALTS = 5
"""How many numbers are tried for a filing before it counts as impossible."""
FREE_TRIES = 3
"""The third wrong access code is followed by a wait; each further one doubles it."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(days=1)
FORGOTTEN = timedelta(days=1)
"""After so long without a wrong code, counting begins anew: people mistype over the years."""
MADE_TITLE = 30


class NotFound(Exception):
    """No case has this number."""


class Refused(Exception):
    """The command was refused; the case is as it was."""

    def __init__(self, refusal: Refusal, case: Case | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal, self.case = refusal, case


class KeyReused(Exception):
    """The same Idempotency-Key came with another content."""


class Stale(Exception):
    """The case is not at the version that the caller has seen (If-Match)."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"at version {case.version}")
        self.case = case


class WrongCode(Exception):
    """The access code does not open this case."""


class Locked(Exception):
    """Too many wrong access codes from this source."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {iso(until)}")
        self.until = until


@dataclass(frozen=True)
class Filed:
    """A filing's receipt; the same for a repeat."""

    number: str
    access_code: str
    case: Case
    repeated: bool


@dataclass(frozen=True)
class Changed:
    """Where a command left the case."""

    case: Case
    repeated: bool = False


@dataclass(frozen=True)
class Request:
    """Whose request it is, under the id that its sender repeats it with."""

    by: By
    id: str
    if_match: int | None = None


class Service:
    """The desk's one entrance. Thread-safe; holds no case between calls."""

    def __init__(
        self,
        store: CaseStore,
        vault: Vault,
        rules: Callable[[], Rules],
        clock: Callable[[], datetime],
    ) -> None:
        self.store, self.vault = store, vault
        self.rules, self.clock = rules, clock
        self._keys: Keys | None = None

    @property
    def keys(self) -> Keys:
        if self._keys is None:
            self._keys = Keys(self.vault.master())
        return self._keys

    # -- filing ----------------------------------------------------------------------------

    def file(self, filing: c.File, by: By, request_id: str, subject: str | None = None) -> Filed:
        """Take a request in. The same filing twice is one case with one answer.

        `subject` is the citizen's account, if signed in; `request_id` the sender's id of the
        filing (Idempotency-Key, or a channel's message id). Raises Refused, KeyReused.
        """
        sender = subject or by.actor.id
        name = f"{filing.channel}\n{sender}\n{request_id}"
        identity = self.keys.fingerprint("filing", name)
        content = self.keys.fingerprint("content", filing.model_dump_json())
        kind = filing.kind or _guessed_kind(filing)
        citizen = self._citizen(filing, subject)
        for salt in range(SALTS):
            number = self.keys.case_number(name, salt)
            now = self.clock()
            happened = decide_filing(number, filing, kind, citizen, by, self.rules(), now)
            body = self._body(number, filing, identity, content, now)
            if isinstance(happened, Refusal):
                # A repeat is answered as the first time, even where the rules have changed since.
                present = self.store.bodies([number]).get(number)
                if present is None:
                    raise Refused(happened)
            else:
                present = self.store.put_body(body)
            if present is not None and present.identity != identity:
                continue
            if present is not None and present.content != content:
                raise KeyReused
            first = self.store.commit(number, 1) if present is not None else None
            if first is None:
                first = self._put_first(present or body, filing, kind, citizen, by, request_id)
            case = apply(None, first, number)
            return Filed(number, self.keys.access_code(number), case, present is not None)
        raise Unavailable("no free case number was found")

    def _put_first(
        self,
        body: Body,
        filing: c.File,
        kind: str,
        citizen: str | None,
        by: By,
        request_id: str,
    ) -> Commit:
        """BODY stands: put HEAD, and tell commit 1. A repeat goes on from BODY's time and salts."""
        at = datetime.fromisoformat(body.at)
        happened = decide_filing(body.number, filing, kind, citizen, by, self.rules(), at)
        if isinstance(happened, Refusal):
            raise Refused(happened)
        texts = self._hashed(body)
        key = None
        if filing.answer is not None:
            request = self.keys.fingerprint("request", f"{by.actor.id}\n{request_id}")
            key = text_key(by.actor.id, request)
            words = self.store.put_text(
                Words(
                    number=body.number,
                    sk=key,
                    digest=body.content,
                    salt=_salt(),
                    text=filing.answer.text,
                )
            )
            texts["answer"] = salted(words.salt, words.text)
        commit = chain.seal(
            Commit(version=1, at=at, actor=by.actor, events=tuple(happened), text=key, texts=texts)
        )
        case = apply(None, commit, body.number)
        head = Head(case=case, commit=commit, identity=body.identity, content=body.content)
        if self.store.put_first_head(head) is not head:
            # The same filing came twice at once, and the other was faster.
            return self.store.commit(body.number, 1) or commit
        return commit

    def _body(
        self, number: str, filing: c.File, identity: str, content: str, now: datetime
    ) -> Body:
        contact = filing.contact.model_dump(exclude_none=True) if filing.contact else {}
        sealed, key = seal(self.vault, number, contact)
        place = filing.place or c.Place()
        title = filing.title or made_title(filing.text)
        filled = {"title": title, "text": filing.text, "place": filing.place, "contact": contact}
        return Body(
            number=number,
            at=iso(now),
            identity=identity,
            content=content,
            title=title,
            text=filing.text,
            salts={name: _salt() for name, value in filled.items() if value},
            address=place.address,
            lon=place.lon,
            lat=place.lat,
            sealed=sealed,
            key=key,
            notice_version=filing.notice_version,
        )

    def _hashed(self, body: Body) -> dict[str, str]:
        """A salted hash of each field of BODY, for the chain."""
        contact = "".join(f"{name}={data.hex()}\n" for name, data in sorted(body.sealed.items()))
        values = {
            "title": body.title,
            "text": body.text,
            "place": f"{body.lon}\n{body.lat}\n{body.address}",
            "contact": contact,
        }
        return {name: salted(salt, values[name]) for name, salt in body.salts.items()}

    def _citizen(self, filing: c.File, subject: str | None) -> str | None:
        if subject is not None:
            return self.keys.person(subject)
        if filing.contact and filing.contact.phone:
            return self.keys.phone(filing.contact.phone)
        return None

    # -- every other change ----------------------------------------------------------------

    def change(
        self, number: str, command: c.Command, request: Request, head: Head | None = None
    ) -> Changed:
        """Carry a command out, once for a request id. `head`: as just loaded, to save a read.

        Raises NotFound, Refused, KeyReused, Stale, and Unavailable where the case is so busy that
        every attempt met somebody else's.
        """
        by = request.by
        content = command.model_dump_json()
        id_print = self.keys.fingerprint("request", f"{number}\n{by.actor.id}\n{request.id}")
        content_print = self.keys.fingerprint("command", content)
        name = f"{id_print}.{content_print[:11]}"
        for _ in range(ATTEMPTS):
            head = head or self.store.head(number)
            if head is None:
                raise NotFound
            if self._known(head, name):
                return Changed(head.case, repeated=True)
            if request.if_match is not None and request.if_match != head.case.version:
                raise Stale(head.case)
            try:
                after = self._attempt(head, command, by, name)
            except Conflict:
                head = None
                continue
            return Changed(after)
        raise Unavailable("the case is changed by many at once")

    def tick(self, number: str) -> Case | None:
        """Record what is due. Harmless to repeat; None if there was nothing to do."""
        from schemas.events import Actor

        system = By(Actor(id="clock", role="system"))
        for _ in range(ATTEMPTS):
            head = self.store.head(number)
            if head is None:
                raise NotFound
            try:
                after = self._attempt(head, c.Tick(), system, None)
            except Conflict:
                continue
            return None if after.version == head.case.version else after
        raise Unavailable("the case is changed by many at once")

    def _attempt(self, head: Head, command: c.Command, by: By, name: str | None) -> Case:
        """One round: decide, text, journal, HEAD. Raises Conflict if somebody was faster."""
        now = max(self.clock(), head.case.changed_at)
        text = getattr(command, "text", None)
        repeatable = name is not None and c.name_of(command) in c.REPEATABLE
        key = text_key(by.actor.id, name.split(".")[0]) if name and (text or repeatable) else None
        happened = decide(head.case, command, by, self.rules(), now, key)
        if isinstance(happened, Refusal):
            raise Refused(happened, head.case)
        if not happened:
            return head.case
        texts = {}
        if key is not None and name is not None:
            words = Words(
                number=head.case.number, sk=key, digest=name, salt=_salt(), text=text or ""
            )
            words = self.store.put_text(words)
            if words.digest != name:
                raise KeyReused
            texts = {"text": salted(words.salt, words.text)} if words.text else {}
        commit = chain.seal(
            Commit(
                version=head.case.version + 1,
                at=now,
                actor=by.actor,
                request=name,
                events=tuple(happened),
                text=key if text else None,
                texts=texts,
                prev=head.commit.hash,
            )
        )
        case = apply(head.case, commit, head.case.number)
        self.store.put_commit(head.case.number, head.commit)
        requests = (*head.requests, name)[-REQUESTS_KEPT:] if name else head.requests
        self.store.put_head(
            Head(case, commit, head.identity, head.content, tuple(r for r in requests if r))
        )
        return case

    def _known(self, head: Head, name: str) -> bool:
        """Whether this request was committed already. Raises KeyReused for another content.

        HEAD remembers the latest; beyond them the journal is read, so that no repeat, however
        late, is carried out twice.
        """
        remembered = list(head.requests)
        if name not in remembered and head.case.version > REQUESTS_KEPT:
            remembered += [commit.request or "" for commit in self.store.journal(head.case.number)]
        if name in remembered:
            return True
        id_print = name.split(".")[0] + "."
        if any(known.startswith(id_print) for known in remembered):
            raise KeyReused
        return False

    # -- the citizen's way in --------------------------------------------------------------

    def open_by_code(self, number: str, code: str, address: str) -> Head:
        """The case, if the access code opens it. Wrong codes slow down and lock who tries.

        `address` is where the try comes from. The lock bears on this address and this case, so
        that nobody can lock a citizen out. Raises NotFound, WrongCode, Locked.
        """
        source = self.keys.source(address)
        head, lock = self.store.head_and_lock(number, source)
        if head is None:
            raise NotFound
        now = self.clock()
        if lock is not None and now < datetime.fromisoformat(lock.until):
            raise Locked(datetime.fromisoformat(lock.until))
        if self.keys.code_fits(number, code):
            return head
        self._count_wrong(number, source, lock, now)
        raise WrongCode

    def _count_wrong(self, number: str, source: str, lock: Lock | None, now: datetime) -> None:
        """Count a wrong code, each one of those that are tried at once. Raises Locked if it cannot."""
        for _ in range(ATTEMPTS):
            recent = lock is not None and now < datetime.fromisoformat(lock.until) + FORGOTTEN
            tries = (lock.tries if lock and recent else 0) + 1
            counted = Lock(
                number=number,
                source=source,
                version=(lock.version if lock else 0) + 1,
                tries=tries,
                until=iso(now + _wait(tries)),
            )
            try:
                self.store.put_lock(counted)
            except Conflict:
                _, lock = self.store.head_and_lock(number, source)
            else:
                return
        raise Locked(now + FIRST_WAIT)

    def contact(self, body: Body) -> dict[str, str]:
        """The citizen's name and phone in full. Whoever calls this has recorded the look."""
        return unseal(self.vault, body.number, body.sealed, body.key)

    def support(self, number: str, subject: str) -> int:
        """Record a citizen's "me too" on a published case; the number of supporters."""
        dossier = self.store.dossier(number)
        if dossier is None:
            raise NotFound
        case = dossier.head.case
        if not case.public:
            raise Refused(Refusal("not_public"))
        citizen = self.keys.person(subject)
        if citizen == case.citizen:
            raise Refused(Refusal("own_case"), case)
        new = self.store.put_support(number, citizen, self.clock())
        return dossier.supports + (1 if new else 0)


def made_title(text: str) -> str:
    """A title for a request that came without one: its first sentence, cut where it is long."""
    first = text.split("\n", 1)[0].strip()
    for mark in "。！？!?；;":
        first = first.split(mark, 1)[0]
    first = first.strip() or " ".join(text.split())
    return first if len(first) <= MADE_TITLE else first[: MADE_TITLE - 1] + "…"


def _wait(tries: int) -> timedelta:
    """How long a source waits after so many wrong codes for one case."""
    over = tries - FREE_TRIES
    # 2**15 times the first wait is more than the longest; a timedelta cannot hold any power.
    return min(FIRST_WAIT * 2 ** min(over, 15), LONGEST_WAIT) if over >= 0 else timedelta()


def _guessed_kind(filing: c.File) -> str:
    from casework.routing.kind import guess_kind  # its words are loaded where somebody files

    return guess_kind(filing.title or "", filing.text)


def _salt() -> str:
    return secrets.token_urlsafe(12)
