"""Taking a request in: BODY first, then HEAD at version 1; the same filing twice is one case."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.cases import chain
from casework.cases.access import By
from casework.cases.decide import file as decide_filing
from casework.cases.evolve import apply
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.outcomes import Filed, KeyReused, Refused
from casework.security.keys import Keys, salted
from casework.security.personal import seal
from casework.store.cases import CaseStore
from casework.store.items import Body, Head, Words, text_key
from casework.store.table import Unavailable, Vault
from schemas import commands as c
from schemas.base import iso
from schemas.events import Commit, Event
from schemas.names import Channel

SALTS = 5
"""How many numbers are tried for a filing before it counts as impossible."""
MADE_TITLE = 30
PHONE_KNOWN: frozenset[Channel] = frozenset({"sms", "hotline", "walk_in"})
"""Channels on which the number is the caller's own. One typed into a form may be anybody's: the
case must not be shown to whoever owns it."""


class Filing:
    """How a request becomes a case, in two writes, without a transaction."""

    def __init__(
        self,
        store: CaseStore,
        vault: Vault,
        keys: Callable[[], Keys],
        rules: Callable[[], Rules],
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._vault = store, vault
        self._keys, self._rules, self._clock = keys, rules, clock

    def file(
        self,
        filing: c.File,
        by: By,
        request_id: str,
        subject: str | None = None,
        part_of: "Whole | None" = None,
    ) -> Filed:
        """Take a request in. The same filing twice is one case with one answer.

        `subject` is the citizen's account, if signed in; `request_id` the sender's id of the
        filing (Idempotency-Key, or a channel's message id); `part_of` what it was split from, whose
        citizen's it is too. Raises Refused, KeyReused.
        """
        sender = f"account:{subject}" if subject else f"{by.actor.role}:{by.actor.id}"
        name = f"{filing.channel}\n{sender}\n{request_id}"
        identity = self._keys().fingerprint("filing", name)
        said_it = part_of.part if part_of else filing
        content = self._keys().fingerprint(
            "content", said_it.model_dump_json(exclude_defaults=True)
        )
        kind = filing.kind or _guessed_kind(filing)
        citizen = part_of.body.citizen if part_of else self._citizen(filing, subject)
        said = _Said(kind, by, bool(subject), _dangers(filing, part_of), part_of)
        for salt in range(SALTS):
            number = self._keys().case_number(name, salt)
            now = self._clock()
            happened = said.decided(number, filing, self._rules(), now)
            body = self._body(number, filing, identity, content, now)
            body = body.model_copy(update={"citizen": citizen})
            if isinstance(happened, Refusal):
                # A repeat is answered as the first time, even where the rules have changed since.
                present = self._store.bodies([number]).get(number)
                if present is None:
                    raise Refused(happened)
            else:
                present = self._store.put_body(body)
            if present is not None and present.identity != identity:
                continue
            if present is not None and present.content != content:
                raise KeyReused
            first = self._store.commit(number, 1) if present is not None else None
            if first is None:
                first = self._put_first(present or body, filing, said, request_id)
            filed = (present or body).citizen
            case = apply(None, first, number).model_copy(update={"citizen": filed})
            return Filed(number, self._keys().access_code(number), case, present is not None)
        raise Unavailable("no free case number was found")

    def _put_first(
        self,
        body: Body,
        filing: c.File,
        said: "_Said",
        request_id: str,
    ) -> Commit:
        """BODY stands: put HEAD, and tell commit 1. A repeat goes on from BODY's time and salts."""
        at = datetime.fromisoformat(body.at)
        by, happened = said.by, said.decided(body.number, filing, self._rules(), at)
        if isinstance(happened, Refusal):
            raise Refused(happened)
        texts = self._hashed(body)
        key = None
        if filing.answer is not None:
            request = self._keys().fingerprint("request", f"{by.actor.id}\n{request_id}")
            key = text_key(by.actor.id, request)
            words = self._store.put_text(
                Words(
                    number=body.number,
                    sk=key,
                    digest=body.content,
                    salt=new_salt(),
                    text=filing.answer.text,
                )
            )
            texts["answer"] = salted(words.salt, words.text)
        commit = chain.seal(
            Commit(version=1, at=at, actor=by.actor, events=tuple(happened), text=key, texts=texts)
        )
        case = apply(None, commit, body.number).model_copy(update={"citizen": body.citizen})
        head = Head(case=case, commit=commit, identity=body.identity, content=body.content)
        if self._store.put_first_head(head) is not head:
            # The same filing came twice at once, and the other was faster.
            return self._store.commit(body.number, 1) or commit
        return commit

    def _body(
        self, number: str, filing: c.File, identity: str, content: str, now: datetime
    ) -> Body:
        contact = personal(filing)
        sealed, key = seal(self._vault, number, contact)
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
            salts={name: new_salt() for name, value in filled.items() if value},
            address=place.address,
            lon=place.lon,
            lat=place.lat,
            sealed=sealed,
            key=key,
            notice_version=filing.notice_version,
            contact_mode=filing.contact_mode,
            language=filing.language,
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
        if filing.identity == "anonymous":
            return None
        if subject is not None:
            return self._keys().person(subject)
        if filing.contact and filing.contact.phone and filing.channel in PHONE_KNOWN:
            return self._keys().phone(filing.contact.phone)
        return None


@dataclass(frozen=True)
class Whole:
    """What a part was split from, which gives it all but its own words."""

    case: Case
    body: Body
    part: c.Part
    """By these a repeat is recognised, whatever has become of the whole meanwhile."""


@dataclass(frozen=True)
class _Said:
    """What is known of a filing beside its own words."""

    kind: str
    by: By
    known: bool
    dangers: frozenset[str]
    part_of: "Whole | None"

    def decided(
        self, number: str, filing: c.File, rules: Rules, now: datetime
    ) -> list[Event] | Refusal:
        return decide_filing(
            number,
            filing,
            self.kind,
            self.by,
            rules,
            now,
            known=self.known,
            dangers=self.dangers,
            split_from=self.part_of.case if self.part_of else None,
        )


def personal(filing: c.File) -> dict[str, str]:
    """What is encrypted of a filing, by field: who the citizen is, who speaks for the citizen, and
    what the citizen needs, which may tell of an illness (PIPL art. 28)."""
    values = dict(filing.contact.model_dump(exclude_none=True) if filing.contact else {})
    if filing.needs:
        values["needs"] = " ".join(dict.fromkeys(filing.needs))
    if speaker := filing.on_behalf_of:
        values["relation"] = speaker.relation
        values |= {
            f"speaker_{field}": value
            for field in ("name", "phone")
            if (value := getattr(speaker, field)) is not None
        }
    return values


def _dangers(filing: c.File, part_of: Whole | None) -> frozenset[str]:
    """Words of danger in it (BJ 29); what it was split from has rung for its parts."""
    if part_of is not None:
        return frozenset()
    from casework.routing.danger import dangers

    return dangers(f"{filing.title or ''}\n{filing.text}")


def made_title(text: str) -> str:
    """A title for a request that came without one: its first sentence, cut where it is long."""
    first = text.split("\n", 1)[0].strip()
    for mark in "。！？!?；;":
        first = first.split(mark, 1)[0]
    first = first.strip() or " ".join(text.split())
    return first if len(first) <= MADE_TITLE else first[: MADE_TITLE - 1] + "…"


def _guessed_kind(filing: c.File) -> str:
    from casework.routing.kind import guess_kind  # its words are loaded where somebody files
    from casework.routing.model import packaged_kinds

    return guess_kind(filing.title or "", filing.text, packaged_kinds())


def new_salt() -> str:
    """96 random bits, kept beside the text whose hash they salt."""
    return secrets.token_urlsafe(12)
