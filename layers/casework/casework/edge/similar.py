"""What is like a case: shown to the desk, and to whoever is about to file another."""

from dataclasses import replace

from casework.cases.access import By
from casework.cases.decide import allowed
from casework.cases.rules import Refusal
from casework.edge.ask import CITIZEN, Ask
from casework.outcomes import Refused
from casework.store.items import Dossier
from casework.views.cases import actions
from casework.views.similar import open_own, public_case, similar_case
from schemas import commands as c
from schemas.views import SimilarCase, SimilarCases

LOOKED_AT = 24
"""So many candidates are looked at for published and own ones among them."""
OFFERED = 5


def for_the_desk(ask: Ask, dossier: Dossier, by: By) -> list[SimilarCase]:
    """The like cases that were found, as far as this reader may know of them."""
    service, case = ask.world.service, dossier.head.case
    rules = service.rules()
    may = set(allowed(case, by, rules, service.clock()))
    return [
        similar_case(case.number, found, other, may, rules, ask.language)
        for found, other in ask.world.resembling.known(dossier, by)
    ]


def before_filing(ask: Ask) -> SimilarCases:
    """Published cases on the same matter, and a signed-in citizen's own that are open.

    Nothing is stored. Raises Refused for an unknown area, Unavailable.
    """
    asked, by = ask.body(c.AskSimilar), _asker(ask)
    service, resembling, language = ask.world.service, ask.world.resembling, ask.language
    rules, now = service.rules(), service.clock()
    if asked.area is not None and asked.area not in rules.city.areas:
        raise Refused(Refusal("unknown_area", {"area": asked.area}, "/area"))
    place = asked.place or c.Place()
    matter = resembling.matter(asked.area, place, asked.title or "", asked.text)
    matter = replace(matter, at=now)
    heads = service.store.heads(resembling.likely(matter, asked.area, LOOKED_AT))
    shown = {
        number: head.case
        for number, head in heads.items()
        if head.case.public or (head.case.is_open and by.owns(head.case))
    }
    bodies = service.store.bodies(shown)
    alike = {
        number: like.score
        for number, case in shown.items()
        if number in bodies and (like := resembling.alike(matter, case, bodies[number]))
    }
    ranked = sorted(alike, key=lambda number: (-alike[number], number))
    own = [number for number in ranked if by.owns(shown[number]) and shown[number].is_open]
    public = [number for number in ranked if shown[number].public and not by.owns(shown[number])]
    return SimilarCases(
        public=[
            public_case(shown[number], bodies[number], rules, language)
            for number in public[:OFFERED]
        ],
        own=[
            open_own(
                shown[number],
                bodies[number],
                actions(shown[number], by, rules, language, now, desk=False),
                rules,
                language,
            )
            for number in own[:OFFERED]
        ],
    )


def _asker(ask: Ask) -> By:
    """Who asks: a citizen with all bindings, since any of them may have filed; else nobody's own."""
    by = ask.by
    if ask.identity is None or not by.bindings:
        return by
    return By(CITIZEN, bindings=ask.world.persons.of(ask.identity.subject).bounds)
