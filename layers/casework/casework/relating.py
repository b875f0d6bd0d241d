"""What a command on one case means for others, each changed by itself.

Two cases are never changed in one step. A merge tells the lead first, which refuses if it follows
another; then the follower follows; membership lives on the followers, and the lead keeps a lease for
each merge that asked for it. What is told to another case can be told again: its state, or an id
made of the request's own, keeps it from being done twice, so that a repeat goes on where a crash
broke off. A step that came too late is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from casework.cases.access import By
from casework.filing import Filing, Whole
from casework.outcomes import Changed, KeyReused, NotFound, Refused, Request, Stale
from casework.store.cases import Conflict
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Commit

if TYPE_CHECKING:
    from casework.service import Service
    from casework.store.items import Body, Dossier, Head

MACHINE = By(Actor.model_construct(id="relations", role="system"))
Step = Callable[[str, c.Command, Request, "Head | None"], Changed]


class Relating:
    """The commands that concern more than one case, or more than one item of a case."""

    def __init__(self, service: Service, filing: Filing) -> None:
        self._service, self._filing = service, filing
        self.steps: Mapping[type[c.Command], Step] = {
            c.Merge: self._merge,
            c.Unmerge: self._leave,
            c.Withdraw: self._leave,
            c.SplitCase: self._split,
            c.MarkRepeat: self._mark_repeat,
            c.Redact: self._redact,
        }

    def _merge(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """Lead first; then the follower; and if the lead knows of it no more, the follower leaves."""
        assert isinstance(command, c.Merge)
        service, lead = self._service, command.case
        lease = service.keys.fingerprint("lease", f"{number}\n{request.by.actor.id}\n{request.id}")
        lease = lease[:8]
        try:
            if service.foresee(number, command, request, head) is None:
                resolve = _present(service.store.head(number)).case.clocks.get("resolve")
                due = resolve.due.isoformat() if resolve else None
                service.tell(lead, c.TakeLead(follower=number, lease=lease, due=due))
            changed = service.commit(number, command, request)
        except (Refused, Stale):
            with suppress(NotFound):
                service.tell(lead, c.ReleaseLead(follower=number, lease=lease))
            raise
        if changed.case.follows == lead and not _leads(service.store.head(lead), number):
            left = service.tell(number, c.FollowLead(lead=lead))
            changed = Changed(left or changed.case)
        return changed

    def _leave(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """A follower that is taken out, or withdrawn, is told to its lead."""
        service = self._service
        head = head or service.store.head(number)
        changed = service.commit(number, command, request, head)
        alone = head and changed.case.version == head.case.version + 1
        if changed.repeated or not alone or (head and head.case.follows):
            dossier = service.store.dossier(number)
            happened = dossier.events if dossier else ()
            leads = {event.into for _, event in happened if isinstance(event, e.Merged)}
            for lead in sorted(leads - {changed.case.follows}):
                service.tell(lead, c.ReleaseLead(follower=number))
        return changed

    def _split(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """The parts are filed first, under ids of their own: a repeat finds them there."""
        assert isinstance(command, c.SplitCase)
        service = self._service
        known = service.foresee(number, command, request, head)
        if known is not None:
            return known
        found = service.store.head_and_body(number)
        if found is None:
            raise NotFound
        head, body = found
        made = []
        for i, part in enumerate(command.parts):
            filed = self._filing.file(
                _filing_of(part, head, body, service.contact(body)),
                MACHINE,
                f"split {number} {request.by.actor.id} {request.id} {i}",
                part_of=Whole(head.case, body, part),
            )
            made.append(filed.number)
        return service.commit(number, command, request, made=tuple(made))

    def _mark_repeat(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """A repeat on an open case is an urge (催单): that one is urged, this one ends."""
        assert isinstance(command, c.MarkRepeat)
        known = self._service.foresee(number, command, request, head)
        if known is not None:
            return known
        urge = self._as_part_of(request, "urge", number)
        self._service.commit(command.case, c.Urge(), urge)
        return self._service.commit(number, command, request)

    def _redact(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """Committed first, and hidden from then on; then taken out of the store, as often as asked."""
        changed = self._service.commit(number, command, request, head)
        self.take_out(number)
        return changed

    def take_out(self, number: str) -> None:
        """Take out of the store whatever the journal says was redacted."""
        store = self._service.store
        dossier = store.dossier(number)
        if dossier is None:
            return
        for key in dossier.blotted:
            store.blot(number, key)
        cleared = _cleared(dossier.body, frozenset(dossier.redactions))
        if cleared == dossier.body:
            return
        try:
            store.put_body_over(cleared.model_copy(update={"version": dossier.body.version + 1}))
        except Conflict:  # somebody took another part out meanwhile
            self.take_out(number)

    def _as_part_of(self, request: Request, what: str, number: str) -> Request:
        return Request(MACHINE, f"{what} {number} {request.by.actor.id} {request.id}")


class Followers:
    """What a lead case's commit means for those that follow it. Harmless to repeat."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def follow(self, lead: str, version: int) -> int:
        """Pass the reply of this commit on, or let the followers go; how many were told.

        Raises LookupError if there is no such commit, Conflict and Unavailable to be tried again.
        """
        dossier = self._service.store.dossier(lead)
        journal = dossier.journal if dossier else ()
        commit = next((one for one in journal if one.version == version), None)
        if dossier is None or commit is None:
            raise LookupError(f"no commit {version} of {lead}")
        told = 0
        for number, command in self._meant(lead, commit, dossier):
            try:
                request = Request(MACHINE, f"follow {lead} {version}")
                changed = self._service.commit(number, command, request)
            except (Refused, KeyReused):  # it follows no longer; it was told before, in other words
                continue
            told += not changed.repeated
        return told

    def _meant(
        self, lead: str, commit: Commit, dossier: Dossier
    ) -> Iterator[tuple[str, c.FollowLead]]:
        """What the commit means for each of those that followed then."""
        for event in commit.events:
            match event:
                case e.PassedOn():
                    told = c.FollowLead(
                        lead=lead,
                        version=commit.version,
                        outcome=event.outcome,
                        by=event.by,
                        unit=event.unit,
                        category=event.category,
                        text=dossier.text(commit.text) or _reply_text(dossier),
                    )
                    yield from ((number, told) for number in event.followers)
                case e.FollowersReleased():
                    told = c.FollowLead(lead=lead, version=commit.version)
                    yield from ((number, told) for number in event.followers)


def _reply_text(dossier: Dossier) -> str | None:
    """The text of the last reply."""
    replies = [
        (event.text if isinstance(event, e.Replied) else None) or commit.text
        for commit, event in dossier.events
        if isinstance(event, e.Replied | e.Answered)
    ]
    return dossier.text(replies[-1]) if replies else None


def _cleared(body: Body, parts: frozenset[str]) -> Body:
    """BODY without these parts, and without the salts of their hashes."""
    gone: dict[str, object] = {}
    fields: set[str] = set()
    if "body" in parts:
        gone |= {"title": "", "text": ""}
        fields |= {"title", "text"}
    if "contact" in parts:
        gone |= {"sealed": {}, "key": None}
        fields |= {"contact"}
    if "address" in parts:
        gone |= {"address": None, "lon": None, "lat": None}
        fields |= {"place"}
    salts = {name: salt for name, salt in body.salts.items() if name not in fields}
    return body.model_copy(update={**gone, "salts": salts}) if parts else body


def _filing_of(part: c.Part, head: Head, body: Body, known: Mapping[str, str]) -> c.File:
    """The filing of a part: its own words, the place and the citizen of the whole."""
    case = head.case
    place = {"lon": body.lon, "lat": body.lat, "address": body.address}
    contact = {name: known[name] for name in ("name", "phone") if name in known}
    return c.File.model_validate(
        {
            "text": part.text,
            "title": part.title,
            "kind": part.kind or case.kind,
            "category": part.category,
            "channel": case.channel,
            "area": case.area,
            "place": place if any(value is not None for value in place.values()) else None,
            "contact": contact or None,
            "publishable": case.publishable,
            "notice_version": body.notice_version,
            "identity": case.identity,
            "contact_mode": body.contact_mode,
            "reply_wanted": case.reply_wanted,
            "language": body.language,
            "needs": known.get("needs", "").split(),
            "on_behalf_of": _speaker(known),
            "about": list(case.subjects.units) if case.subjects else [],
        }
    )


def _speaker(known: Mapping[str, str]) -> dict[str, object] | None:
    """Who speaks for the citizen of the whole, with the consent that was given for it."""
    if "relation" not in known:
        return None
    named = {
        name: known[f"speaker_{name}"] for name in ("name", "phone") if f"speaker_{name}" in known
    }
    return {"relation": known["relation"], "consent": True, **named}


def _leads(head: Head | None, follower: str) -> bool:
    return head is not None and follower in head.case.led_by_it


def _present(head: Head | None) -> Head:
    if head is None:
        raise NotFound
    return head
