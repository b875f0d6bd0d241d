"""Cases like a new one (查重): looked up by its words, compared exactly, and proposed or merged.

One read and one write of the index a case (`store.likes`), and a read of those that may be like it.
Should a look-up fail, the case goes its way without a proposal.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casework.cases.access import By, may_read
from casework.cases.similar import similarity, takes_part
from casework.cases.state import Case
from casework.routing import places
from casework.routing.likeness import ALIKE, Likeness, Matter, Place, likeness
from casework.routing.signing import bands, shingles
from casework.store.items import Body, Dossier, Head
from casework.store.likes import Entry, Likes
from casework.store.table import Unavailable
from schemas import commands as c
from schemas import events as e
from schemas.base import iso
from schemas.events import Similar

if TYPE_CHECKING:
    from casework.service import Service

COMPARED = 10
"""So many candidates are read and compared, the likeliest."""
PROPOSED = 5


@dataclass(frozen=True)
class Resembled:
    """The like cases, the likest first, and the one that the machine may merge it into."""

    similar: tuple[Similar, ...] = ()
    lead: str | None = None


class Resembling:
    """Finds the cases like one that has been filed."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._likes = Likes(service.store.table)

    def look(self, head: Head, body: Body, category: str | None = None) -> Resembled:
        """The cases like this one, which is found itself from now on. Harmless to repeat.

        `category`: what it turns out to be about, for what is confidential by it.
        """
        if not takes_part(head.case, self._service.rules(), category):
            return Resembled()
        try:
            return self._look(head, body)
        except Unavailable:
            logging.getLogger("lianxin").warning("no look for like cases", exc_info=True)
            return Resembled()

    def _look(self, head: Head, body: Body) -> Resembled:
        case, now = head.case, self._service.clock()
        matter = self._of(case, body)
        keys = self.keys(matter)
        if not keys:
            return Resembled()
        shelf = self._likes.look(keys, now)
        numbers = shelf.candidates(case.area or "", apart_from=case.number)[:COMPARED]
        found = self._compared(case, matter, numbers)
        self._likes.enter(shelf, Entry(case.number, iso(case.filed_at), case.area or ""), now)
        similar = sorted(found.values(), key=lambda pair: (-pair[0].score, pair[0].number))
        return Resembled(
            tuple(one for one, _ in similar[:PROPOSED]), self._lead(head, [*found.values()])
        )

    def known(self, dossier: Dossier, by: By) -> list[tuple[Similar, Case]]:
        """The like cases that were found last, as they are now; those only that the reader may see,
        and that still take part."""
        found = [event for _, event in dossier.events if isinstance(event, e.SimilarFound)]
        if not found:
            return []
        rules = self._service.rules()
        heads = self._service.store.heads(one.number for one in found[-1].similar)
        return [
            (one, head.case)
            for one in found[-1].similar
            if (head := heads.get(one.number))
            and takes_part(head.case, rules)
            and may_read(head.case, by, rules)
        ]

    def matter(self, area: str | None, place: c.Place, title: str, text: str) -> Matter:
        """What is said, and where, as it is compared; undated.

        Where is found as dispatch finds it: a form that many send is told apart by the address alone.
        """
        city, lon, lat = self._service.rules().city, place.lon, place.lat
        found = places.place(city, area, lon, lat, place.address, f"{title}\n{text}").area
        areas = city.area_path(found)[:-1] if found else ()
        point = (lon, lat) if lon is not None and lat is not None else None
        return Matter(shingles(title, text), Place(point, areas))

    def keys(self, matter: Matter) -> list[str]:
        """Where the index has it: keyed, so that nobody else can look a text up."""
        return [self._service.keys.fingerprint("likeness", band) for band in bands(matter.said)]

    def likely(self, matter: Matter, area: str | None, most: int) -> list[str]:
        """The numbers of cases that may be like it, the likeliest first. Raises Unavailable."""
        keys = self.keys(matter)
        shelf = self._likes.look(keys, self._service.clock()) if keys else None
        return shelf.candidates(area or "")[:most] if shelf else []

    def alike(self, matter: Matter, case: Case, body: Body) -> Likeness | None:
        """How much a case is like the matter; None if too little."""
        found = likeness(matter, self._of(case, body))
        return found if found.score >= ALIKE else None

    def _of(self, case: Case, body: Body) -> Matter:
        place = c.Place.model_construct(lon=body.lon, lat=body.lat, address=body.address)
        return replace(self.matter(case.area, place, body.title, body.text), at=case.filed_at)

    def _compared(
        self, case: Case, matter: Matter, numbers: list[str]
    ) -> Mapping[str, tuple[Similar, Case]]:
        """What of the candidates is like it, by number; of one that follows another, its lead."""
        store, rules = self._service.store, self._service.rules()
        found = store.heads_and_bodies(numbers)
        leads = {head.case.follows for head, _ in found.values()} - {None} - found.keys()
        heads = {number: head for number, (head, _) in found.items()}
        heads |= store.heads(lead for lead in leads if lead)
        similar: dict[str, tuple[Similar, Case]] = {}
        for head, body in found.values():
            like = self.alike(matter, head.case, body)
            meant = heads.get(head.case.follows or head.case.number)
            if like is None or meant is None or meant.case.number == case.number:
                continue
            other = meant.case
            relation = (
                None if _only_a_repeat(meant) else similarity(case, other, like.reasons, rules)
            )
            known = similar.get(other.number)
            if relation is None or (known and known[0].score >= like.score):
                continue
            one = Similar(
                number=other.number, score=like.score, relation=relation, reasons=like.reasons
            )
            similar[other.number] = one, other
        return similar

    def _lead(self, head: Head, found: list[tuple[Similar, Case]]) -> str | None:
        """The earliest case that the city lets the machine merge it into; once in a case's life."""
        case = head.case
        least = self._service.rules().of(case).policy.merge_from
        if least is None or case.alerts or case.returned_by:
            return None
        leads = [
            other
            for one, other in found
            if one.relation == "same_matter"
            and one.score * 100 >= least
            and "elsewhere" not in one.reasons
        ]
        if not leads or self._followed_before(head):
            return None
        return min(leads, key=lambda other: (other.filed_at, other.number)).number

    def _followed_before(self, head: Head) -> bool:
        """Whether somebody took it out of a merge, or its lead ended: that is a person's to repeat."""
        journal = (*self._service.store.journal(head.case.number), head.commit)
        return any(isinstance(event, e.Merged) for commit in journal for event in commit.events)


def _only_a_repeat(head: Head) -> bool:
    """Whether it ended since another case says the same: that one is the one to be found."""
    return head.case.state == "CLOSED" and any(
        isinstance(event, e.RepeatFound) for event in head.commit.events
    )
