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
from typing import TYPE_CHECKING, TypeVar

from casework.filing import Filing, Whole
from casework.outcomes import Changed, KeyReused, NotFound, Refused, Request, Stale
from casework.redacting import MACHINE, Redacting, passed_on
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Commit

if TYPE_CHECKING:
    from casework.service import Service
    from casework.store.items import Body, Dossier, Head

CROSSED = (
    "几件诉求被同时互相认定为重复，本件恢复办理。"
    "Requests were taken for repeats of each other at once; this one goes on."
)
_T = TypeVar("_T")
Step = Callable[[str, c.Command, Request, "Head | None"], Changed]


class Relating:
    """The commands that concern more than one case, or more than one item of a case."""

    def __init__(self, service: Service, filing: Filing) -> None:
        self._service, self._filing = service, filing
        self.steps: Mapping[type[c.Command], Step] = {
            c.Merge: self._merge,
            c.MergeAlike: self._merge,
            c.Unmerge: self._leave,
            c.Withdraw: self._leave,
            c.NameSubjects: self._leave,
            c.SplitCase: self._split,
            c.MarkRepeat: self._mark_repeat,
            c.Redact: Redacting(service).redact,
        }

    def _merge(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """Lead first; then the follower; and if the lead knows of it no more, the follower leaves."""
        assert isinstance(command, c.Merge | c.MergeAlike)
        service, lead = self._service, command.case
        lease = service.keys.fingerprint("lease", f"{number}\n{request.by.actor.id}\n{request.id}")
        lease = lease[:8]
        try:
            if service.foresee(number, command, request, head) is None:
                promise = service.foreseen(_present(service.store.head(number)).case).promise
                due = promise.due.isoformat() if promise else None
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
        by_machine = self._as_part_of(request, "split", number)
        known = service.recall(number, command, by_machine)
        known = known or service.foresee(number, command, request, head)
        if known is not None:
            return known
        found = service.store.head_and_body(number)
        if found is None:
            raise NotFound
        head, body = found
        first = service.store.commit(number, 1)
        filed_as = [event for event in first.events if isinstance(event, e.Filed)] if first else []
        minor = any(event.minor for event in filed_as)
        made = []
        for i, part in enumerate(command.parts):
            filed = self._filing.file(
                _filing_of(part, head, body, service.contact(body), minor=minor),
                MACHINE,
                f"split {number} {request.by.actor.id} {request.id} {i}",
                part_of=Whole(service.foreseen(head.case), body, part),
            )
            made.append(filed.number)
        try:
            return service.commit(number, command, request, made=tuple(made))
        except (NotFound, Refused, Stale) as moved_on:
            # The parts are there, and the whole says so, whatever has become of it meanwhile.
            changed = service.commit(number, command, by_machine, made=tuple(made))
            if isinstance(moved_on, NotFound):
                raise  # it is about who asked, who learns nothing more of it
            return changed

    def _mark_repeat(
        self, number: str, command: c.Command, request: Request, head: Head | None
    ) -> Changed:
        """A repeat on an open case is an urge (催单): that one is urged, this one ends."""
        assert isinstance(command, c.MarkRepeat)
        service = self._service
        changed = service.foresee(number, command, request, head)
        if changed is None:
            service.commit(command.case, c.Urge(), self._as_part_of(request, "urge", number))
            changed = service.commit(number, command, request)
        self._break_ring(number)
        return changed

    def _break_ring(self, number: str) -> None:
        """Cases that were each taken for a repeat of the next, at once: one of them goes on."""
        ring: dict[str, int] = {}
        at: str | None = number
        while at is not None and at not in ring:
            dossier = _present(self._service.store.dossier(at))
            ring[at], at = dossier.head.case.version, _ended_as_repeat_of(dossier)
        if at == number:
            one = max(ring)
            again = Request(MACHINE, f"crossed {one} {ring[one]}")
            with suppress(Refused):  # somebody else was faster
                self._service.commit(one, c.Reopen(text=CROSSED), again)

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
        if any(isinstance(event, e.PassedOn) for event in commit.events):
            # It may have been taken out while it was on its way.
            Redacting(self._service).take_out_copies(lead)
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
                        text=dossier.text(passed_on(dossier, commit)),
                    )
                    yield from ((number, told) for number in event.followers)
                case e.FollowersReleased():
                    told = c.FollowLead(lead=lead, version=commit.version)
                    yield from ((number, told) for number in event.followers)


def _filing_of(
    part: c.Part, head: Head, body: Body, known: Mapping[str, str], *, minor: bool
) -> c.File:
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
            "identity": _identity(part.kind or case.kind, case.identity),
            "minor": minor,
            "contact_mode": body.contact_mode,
            "reply_wanted": case.reply_wanted,
            "language": body.language,
            "needs": known.get("needs", "").split(),
            "on_behalf_of": _speaker(known),
        }
    )


def _identity(kind: str, whole: names.Identity) -> names.Identity:
    """A report that is split off is sealed (XF 28, 30, 46), as one that is filed."""
    return "sealed" if kind == "report" and whole in ("open", "hidden") else whole


def _speaker(known: Mapping[str, str]) -> dict[str, object] | None:
    """Who speaks for the citizen of the whole, with the consent that was given for it."""
    if "relation" not in known:
        return None
    named = {
        name: known[f"speaker_{name}"] for name in ("name", "phone") if f"speaker_{name}" in known
    }
    return {"relation": known["relation"], "consent": True, **named}


def _ended_as_repeat_of(dossier: Dossier) -> str | None:
    """The case that was to go on instead of this one; None if this has not ended as a repeat."""
    if dossier.head.case.state != "CLOSED":
        return None
    ends = [commit for commit, event in dossier.events if isinstance(event, e.Closed)]
    return next((ev.of for ev in ends[-1].events if isinstance(ev, e.RepeatFound)), None)


def _leads(head: Head | None, follower: str) -> bool:
    return head is not None and follower in head.case.led_by_it


def _present(found: _T | None) -> _T:
    if found is None:
        raise NotFound
    return found
