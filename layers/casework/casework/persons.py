"""Joining and separating what a citizen is recognised by: load → decide → save, with retry."""

from collections.abc import Callable

from casework.cases.rules import Refusal
from casework.outcomes import Refused
from casework.people.person import Binding, Person, join, separate
from casework.security.tokens import Identity
from casework.service import ATTEMPTS, Service
from casework.store.cases import Conflict
from casework.store.people import PeopleStore
from casework.store.table import Unavailable
from schemas.names import BindingKind

Decide = Callable[[Person, list[Binding]], Person | Refusal]


class Persons:
    """Citizens with an account, over all their bindings. Every command is harmless to repeat."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._store = PeopleStore(service.store.table)

    def of(self, subject: str) -> Person:
        """The person of an account; of one that joined nothing, the account alone."""
        person, _ = self._store.person(self._service.keys.person(subject))
        return person

    def join(self, identity: Identity) -> Person:
        """Join the phone and the mail address that the issuer verified. Raises Refused."""
        proven = self._proven(identity)
        if not proven:
            raise Refused(Refusal("nothing_proven"))
        now = self._service.clock()
        return self._change(
            identity, proven, lambda person, found: join(person, found, "issuer", now)
        )

    def separate(self, identity: Identity, key: str) -> Person:
        """Take a binding off the person: it was a mistake. Raises Refused."""
        now = self._service.clock()
        return self._change(identity, {}, lambda person, _: separate(person, key, now))

    def _change(self, identity: Identity, proven: dict[str, BindingKind], decide: Decide) -> Person:
        for _ in range(ATTEMPTS):
            before, found = self._store.person(self._service.keys.person(identity.subject), proven)
            after = decide(before, found)
            if isinstance(after, Refusal):
                raise Refused(after)
            try:
                self._store.save(before, after)
            except Conflict:
                continue
            return after
        raise Unavailable("the person is changed by many at once")

    def _proven(self, identity: Identity) -> dict[str, BindingKind]:
        keys, proven = self._service.keys, dict[str, BindingKind]()
        if identity.phone:
            proven[keys.phone(identity.phone)] = "phone"
        if identity.email:
            proven[keys.email(identity.email)] = "email"
        return proven
