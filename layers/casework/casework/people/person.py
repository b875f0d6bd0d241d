"""One person over several bindings: the account, phones and mail addresses proven to be one's own.

A binding is a keyed hash of one way to recognise a citizen. Who had it and when stands with the
binding, as the list of its changes: so it passes from one person to another in one write, and no
time can count for two. No case is rewritten: a case keeps the binding it was filed by, and is the
case of whoever had that binding at that time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from casework.cases.access import Bound
from casework.cases.rules import Refusal
from schemas.names import BindingEvent, BindingKind, Proof

MOST_BINDINGS = 20
"""So many bindings one person may ever have: "my cases" asks for each of them."""
MOST_CHANGES, PERIOD = 20, timedelta(days=365)
"""A binding is joined or separated so often in this time; more is a quarrel, for people to settle."""


@dataclass(frozen=True)
class Change:
    """`person` joined the binding, proven in this way, or separated it again."""

    what: Literal["joined", "separated"]
    person: str
    at: datetime
    proof: Proof = "issuer"


@dataclass(frozen=True)
class Span:
    """A time in which the binding is this person's: since <= t < until; None is open."""

    person: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Record:
    """What happened to one of a person's bindings, as the person is told it."""

    what: BindingEvent
    at: datetime
    key: str
    kind: BindingKind
    proof: Proof | None = None


@dataclass(frozen=True)
class Binding:
    """One way to recognise a citizen. `key` is its keyed hash, `changes` all that it went through."""

    key: str
    kind: BindingKind
    changes: tuple[Change, ...] = ()

    @property
    def version(self) -> int:
        return len(self.changes)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The times that count, in order; no two of them overlap.

        The first person ever has the binding since ever; a later one from the moment of joining,
        since numbers are handed out again and what was filed before may be another's. What a
        person separates was a mistake and does not count for that person at all.
        """
        spans: list[Span] = []
        for place, change in enumerate(self.changes):
            if change.what == "separated":
                spans = [span for span in spans if span.person != change.person]
                continue
            spans = [replace(one, until=change.at) if one.until is None else one for one in spans]
            since = change.at if _another(self.changes[:place], change.person) else None
            spans.append(Span(change.person, since, None))
        return tuple(spans)

    @property
    def holder(self) -> str | None:
        """Whose it is now."""
        return next((span.person for span in self.spans if span.until is None), None)

    def spans_of(self, person: str) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.person == person)

    def joined_by(self, person: str) -> Change:
        """The last time that this person joined it. The person must have done so."""
        return next(
            change
            for change in reversed(self.changes)
            if change.person == person and change.what == "joined"
        )

    def told(self, person: str) -> Iterator[Record]:
        """What happened to it as far as it bears on this person, oldest first."""
        for place, change in enumerate(self.changes):
            before = replace(self, changes=self.changes[:place])
            if (event := before._means(change, person)) is not None:
                proof = change.proof if event.startswith("joined") else None
                yield Record(event, change.at, self.key, self.kind, proof)

    def _means(self, change: Change, person: str) -> BindingEvent | None:
        """What one change more is to this person."""
        if change.person != person:
            passed_on = change.what == "joined" and self.holder == person
            return "passed_on" if passed_on else None
        if change.what == "separated":
            return "separated"
        return "joined_from_then" if _another(self.changes, person) else "joined"

    def worn(self, now: datetime) -> bool:
        """Whether it changed hands too often lately."""
        return sum(change.at > now - PERIOD for change in self.changes) >= MOST_CHANGES

    def after(self, change: Change) -> "Binding":
        """With one change more, which is never earlier than the last: clocks of machines differ."""
        last = self.changes[-1].at if self.changes else change.at
        return replace(self, changes=(*self.changes, replace(change, at=max(last, change.at))))


@dataclass(frozen=True)
class Person:
    """A citizen with an account, whose binding is the person's `id`, and what was joined to it.

    `version` counts how often the list of its bindings grew; each binding has a version of its own.
    """

    id: str
    version: int = 0
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    """By key: all that this person ever had."""

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """By what, and for which times, cases are this person's; the account first."""
        spans = [
            Bound(key, span.since, span.until)
            for key, binding in self.bindings.items()
            for span in binding.spans_of(self.id)
        ]
        return (Bound(self.id), *spans)

    @property
    def records(self) -> tuple[Record, ...]:
        """What was joined and separated, oldest first."""
        told = (record for binding in self.bindings.values() for record in binding.told(self.id))
        return tuple(sorted(told, key=lambda record: record.at))


def _another(changes: Iterable[Change], person: str) -> bool:
    """Whether anybody else ever joined it."""
    return any(change.person != person for change in changes)


def join(
    person: Person, proven: Iterable[Binding], proof: Proof, now: datetime
) -> Person | Refusal:
    """The person with these bindings, taken over from whoever has them. Joining twice does nothing."""
    bindings = dict(person.bindings)
    for binding in proven:
        if binding.holder == person.id:
            continue
        if binding.worn(now):
            return Refusal("changed_too_often", {"times": MOST_CHANGES})
        bindings[binding.key] = binding.after(Change("joined", person.id, now, proof))
    if len(bindings) > MOST_BINDINGS:
        return Refusal("too_many_bindings", {"most": MOST_BINDINGS})
    version = person.version + (bindings.keys() != person.bindings.keys())
    return replace(person, version=version, bindings=bindings)


def separate(person: Person, key: str, now: datetime) -> Person | Refusal:
    """The person without this binding, as though it never was. Separating twice does nothing."""
    if key == person.id:
        return Refusal("own_account", pointer="/binding")
    binding = person.bindings.get(key)
    if binding is None or not any(binding.told(person.id)):
        return Refusal("unknown_binding", pointer="/binding")
    if not binding.spans_of(person.id):
        return person
    separated = binding.after(Change("separated", person.id, now))
    return replace(person, bindings={**person.bindings, key: separated})
