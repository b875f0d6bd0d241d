"""load → decide → save, with retry on conflict: the one way a case changes.

The order of writes is the whole of the reliability (no transaction): a text before the commit
that names it, commit n into the journal before HEAD moves to n+1, HEAD only on condition that it
is still at n. Repeats are recognised by request ids inside the case, so that a lost answer, a
second delivery and a crash at any point all end in the same case.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.cases import chain
from casework.cases.access import By, accused, may_read
from casework.cases.decide import decide
from casework.cases.evolve import apply
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.due import CLOCK, ITSELF, foreseen, is_due, log_failure
from casework.filing import Filing, new_salt
from casework.opening import AccessCodes
from casework.outcomes import Changed, Filed, KeyReused, NotFound, Refused, Request, Stale
from casework.redacting import MACHINE
from casework.relating import Relating
from casework.security.keys import Keys, salted
from casework.security.personal import unseal
from casework.store.cases import CaseStore, Conflict
from casework.store.items import REQUESTS_KEPT, Body, Head, Words, text_key
from casework.store.table import Unavailable, Vault
from schemas import commands as c
from schemas.events import Commit

if TYPE_CHECKING:  # loaded where a citizen is recognised
    from casework.people.person import Person

ATTEMPTS = 8
"""How often a change is decided anew because somebody else was faster."""


class Service:
    """The desk's one entrance. Thread-safe; holds no case between calls."""

    def __init__(
        self,
        store: CaseStore,
        vault: Vault,
        rules: Callable[[], Rules],
        clock: Callable[[], datetime],
        tick_failed: Callable[[], None] = lambda: None,
    ) -> None:
        """`tick_failed` hears of each tick that failed before a command, beside the log."""
        self.store, self.vault = store, vault
        self.rules, self.clock, self.tick_failed = rules, clock, tick_failed
        self._keys: Keys | None = None
        self._filing = Filing(store, vault, lambda: self.keys, rules, clock)
        self._codes = AccessCodes(store, lambda: self.keys, clock)
        self._relating = Relating(self, self._filing)

    @property
    def keys(self) -> Keys:
        if self._keys is None:
            self._keys = Keys(self.vault.master())
        return self._keys

    def file(self, filing: c.File, by: By, request_id: str, subject: str | None = None) -> Filed:
        """Take a request in; see `casework.filing`. Raises Refused, KeyReused."""
        return self._filing.file(filing, by, request_id, subject)

    def open_by_code(self, number: str, code: str, address: str) -> Head:
        """The case, if the code opens it; see `casework.opening`. Raises NotFound, WrongCode, Locked."""
        return self._codes.open(number, code, address)

    def change(
        self, number: str, command: c.Command, request: Request, head: Head | None = None
    ) -> Changed:
        """Carry a command out, once for a request id. `head`: as just loaded, to save a read.

        What it means for other cases is done too (`casework.relating`). Raises NotFound, Refused,
        KeyReused, Stale, and Unavailable where the case is so busy that every attempt met somebody
        else's.
        """
        together = self._relating.steps.get(type(command))
        return (together or self.commit)(number, command, request, head)

    def commit(
        self,
        number: str,
        command: c.Command,
        request: Request,
        head: Head | None = None,
        *,
        made: tuple[str, ...] = (),
    ) -> Changed:
        """The change of this one case. `made`: cases that were made for it. Raises as `change`."""
        name = self._name(number, command, request)
        for _ in range(ATTEMPTS):
            head, known = self._let_in(number, name, request, head)
            if known:
                return Changed(head.case, repeated=True)
            now = self._now(head.case)
            try:
                if not isinstance(command, ITSELF) and is_due(head.case, now):
                    head = self._ticked(head, now)
                    if request.if_match is not None:  # our own tick is nobody's change
                        request = replace(request, if_match=head.case.version)
                after = self._attempt(head, command, request.by, now, name, made)
            except Conflict:
                head = None
                continue
            except Refused:
                self._warn(head.case, command, request.by, name)
                raise
            return Changed(after.case)
        raise Unavailable("the case is changed by many at once")

    def _now(self, case: Case) -> datetime:
        """Clocks of several processes may differ; a case's own time never goes back."""
        return max(self.clock(), case.changed_at)

    def _ticked(self, head: Head, now: datetime) -> Head:
        """The case with what is due recorded, by a commit of its own; as it is where that fails.

        Raises Conflict if somebody was faster.
        """
        try:
            return self._attempt(head, c.Tick(), CLOCK, now)
        except Conflict:
            raise
        except Exception as error:  # noqa: BLE001 - no command is held up by it
            log_failure(head.case.number, error)
            self.tick_failed()
            return head

    def _warn(self, case: Case, command: c.Command, by: By, name: str) -> None:
        """What is refused may speak of danger all the same (BJ 29, XF 25): that is not lost.

        But for what somebody says of a case that is none of theirs.
        """
        text = command.free_text
        for kind in sorted(_dangers(command, by, text)) if may_read(case, by, self.rules()) else ():
            warning = c.RaiseAlert.model_validate({"kind": kind, "text": text})
            with suppress(Refused):  # one of the kind waits already
                self.commit(case.number, warning, Request(MACHINE, f"warn {kind} {name}"))

    def recall(self, number: str, command: c.Command, request: Request) -> Changed | None:
        """How a request was carried out; None if it has not been. Raises NotFound, KeyReused."""
        head, known = self._let_in(number, self._name(number, command, request), request, None)
        return Changed(head.case, repeated=True) if known else None

    def foresee(
        self, number: str, command: c.Command, request: Request, head: Head | None = None
    ) -> Changed | None:
        """None if the command would be carried out now; how it was, if it has been already.

        Raises as `change` does.
        """
        name = self._name(number, command, request)
        head, known = self._let_in(number, name, request, head)
        if known:
            return Changed(head.case, repeated=True)
        case, now = self.foreseen(head.case), self._now(head.case)
        other = self._other(command, request.by)
        happened = decide(case, command, request.by, self.rules(), now, other=other)
        if isinstance(happened, Refusal):
            raise Refused(happened, case)
        return None

    def foreseen(self, case: Case) -> Case:
        """The case on which a command would be decided now: with what is due recorded."""
        return foreseen(case, self.rules(), self._now(case))

    def _name(self, number: str, command: c.Command, request: Request) -> str:
        """Keyed fingerprints of the request id and of what it asks for."""
        by = request.by
        content = c.name_of(command) + command.model_dump_json(exclude_defaults=True)
        id_print = self.keys.fingerprint("request", f"{number}\n{by.actor.id}\n{request.id}")
        content_print = self.keys.fingerprint("command", content)
        return f"{id_print}.{content_print[:11]}"

    def _let_in(
        self, number: str, name: str, request: Request, head: Head | None
    ) -> tuple[Head, bool]:
        """The case, and whether this request was carried out already.

        Whoever it is about learns nothing of it, not even that it is there.
        """
        by, head = request.by, head or self.store.head(number)
        if head is None or accused(head.case, by.actor, self.rules()):
            raise NotFound
        reads = may_read(head.case, by, self.rules()) or by.actor.role == "system"
        if by.actor.role == "citizen" and not reads:
            raise Refused(Refusal("not_yours"))
        known = self._known(head, name)
        if not known and reads and request.if_match not in (None, head.case.version):
            raise Stale(head.case)
        return head, known

    def tick(self, number: str) -> Case | None:
        """Record what is due. Harmless to repeat; None if there was nothing to do."""
        return self.tell(number, c.Tick(), CLOCK)

    def tell(self, number: str, command: c.Command, by: By = MACHINE) -> Case | None:
        """What the machine has to say to a case; the case's state keeps it from being done twice.

        None if there was nothing to do. Raises NotFound, Refused, Unavailable.
        """
        for _ in range(ATTEMPTS):
            head = self.store.head(number)
            if head is None:
                raise NotFound
            now = self._now(head.case)
            try:
                if not isinstance(command, ITSELF) and is_due(head.case, now):
                    head = self._ticked(head, now)
                after = self._attempt(head, command, by, now)
            except Conflict:
                continue
            return None if after is head else after.case
        raise Unavailable("the case is changed by many at once")

    def _attempt(
        self,
        head: Head,
        command: c.Command,
        by: By,
        now: datetime,
        name: str | None = None,
        made: tuple[str, ...] = (),
    ) -> Head:
        """One round: decide, text, journal, HEAD; the same HEAD if there was nothing to do.

        Raises Conflict if somebody was faster.
        """
        text = command.free_text
        key = text_key(by.actor.id, name.split(".")[0]) if name and text else None
        happened = decide(
            head.case,
            command,
            by,
            self.rules(),
            now,
            key,
            dangers=_dangers(command, by, text),
            other=self._other(command, by),
            made=made,
        )
        if isinstance(happened, Refusal):
            raise Refused(happened, head.case)
        if not happened:
            return head
        texts = {}
        if key is not None and name is not None:
            words = Words(
                number=head.case.number, sk=key, digest=name, salt=new_salt(), text=text or ""
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
        after = Head(case, commit, head.identity, head.content, tuple(r for r in requests if r))
        self.store.put_head(after)
        return after

    def _other(self, command: c.Command, by: By) -> Case | None:
        """The other case that a command names, if there is one that this actor may know of."""
        named = getattr(command, "case", None)
        head = self.store.head(named) if named else None
        if head is None:
            return None
        seen = by.actor.role == "system" or may_read(head.case, by, self.rules())
        return head.case if seen else None

    def _known(self, head: Head, name: str) -> bool:
        """Whether this request was committed already. Raises KeyReused for another content.

        HEAD remembers the latest; beyond them the journal is read, so that no repeat, however
        late, is carried out twice.
        """
        remembered = list(head.requests)
        if name not in remembered and len(head.requests) == REQUESTS_KEPT:
            remembered += [commit.request or "" for commit in self.store.journal(head.case.number)]
        if name in remembered:
            return True
        id_print = name.split(".")[0] + "."
        if any(known.startswith(id_print) for known in remembered):
            raise KeyReused
        return False

    def contact(self, body: Body) -> dict[str, str]:
        """The citizen's name and phone in full. Whoever calls this has recorded the look."""
        return unseal(self.vault, body.number, body.sealed, body.key)

    def support(self, number: str, person: "Person") -> int:
        """Record a citizen's "me too" on a published case; the number of supporters.

        A person supports once, whatever the bindings, and no case of the person's own.
        """
        dossier = self.store.dossier(number)
        if dossier is None:
            raise NotFound
        case = dossier.head.case
        if not case.public:
            raise Refused(Refusal("not_public"))
        if any(bound.covers(case) for bound in person.bounds):
            raise Refused(Refusal("own_case"), case)
        new = self.store.put_support(number, person.id, self.clock())
        return dossier.supports + (1 if new else 0)


def _dangers(command: c.Command, by: By, text: str | None) -> frozenset[str]:
    """The kinds of danger that a citizen's words speak of, on whatever channel they come."""
    said = isinstance(command, c.CitizenCommand) and by.actor.role in ("citizen", "agent")
    if not text or not (said or isinstance(command, c.RecordContact)):
        return frozenset()
    from casework.routing.danger import dangers  # its words are loaded where somebody writes

    return dangers(text)
