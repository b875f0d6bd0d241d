"""Taking out what should not stand anywhere (PIPL art. 47): of a case, and of every copy of it.

The journal says it first, and every view hides it from then on; then it goes out of the store. What
the journal says can be carried out at any time, as often as asked: that is what a repeat does where
a crash broke off.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from casework.cases.access import By
from casework.outcomes import Changed, KeyReused, Refused, Request
from casework.store.cases import Conflict
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Commit

if TYPE_CHECKING:
    from casework.service import Service
    from casework.store.items import Body, Dossier, Head

MACHINE = By(Actor.model_construct(id="relations", role="system"))
"""Who tells one case what happened to another."""


class Redacting:
    """Redaction of a case, and of the answers that it passed on to those that followed it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def redact(
        self, number: str, command: c.Command, request: Request, head: Head | None = None
    ) -> Changed:
        """Committed, taken out of the store, and out of the copies. Raises as `Service.change`."""
        changed = self._service.commit(number, command, request, head)
        self._take_out(number)
        self.take_out_copies(number)
        return changed

    def take_out_copies(self, lead: str) -> None:
        """An answer that was taken out goes wherever it was passed on."""
        dossier = self._service.store.dossier(lead)
        if dossier is None:
            return
        for commit, event in dossier.events:
            if not isinstance(event, e.PassedOn):
                continue
            key = passed_on(dossier, commit)
            if key in dossier.blotted:
                for follower in event.followers:
                    self._take_out_copy(follower, lead, dossier.text(key))

    def _take_out_copy(self, follower: str, lead: str, instead: str | None) -> None:
        dossier = self._service.store.dossier(follower)
        if dossier is None:
            return
        for copy, event in dossier.events:
            if not (isinstance(event, e.ReplyTaken) and event.lead == lead):
                continue
            if str(copy.version) in dossier.redactions:
                self._take_out(follower)
                continue
            command = c.Redact(part=str(copy.version), text=instead)
            request = Request(MACHINE, f"redact {lead} {copy.version}")
            with suppress(Refused, KeyReused):  # somebody else was faster, in other words
                self.redact(follower, command, request)

    def _take_out(self, number: str) -> None:
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
            self._take_out(number)


def passed_on(dossier: Dossier, commit: Commit) -> str | None:
    """The key of the text that went to the followers with this commit: its own words, or those of
    the last reply before it, which is the one that was checked."""
    replies = [
        (event.text if isinstance(event, e.Replied) else None) or one.text
        for one, event in dossier.events
        if isinstance(event, e.Replied | e.Answered) and one.version <= commit.version
    ]
    return commit.text or (replies[-1] if replies else None)


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
