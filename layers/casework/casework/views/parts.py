"""The parts of a case that its views are put together from."""

from collections.abc import Mapping

from casework.cases import number as numbers
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.security.keys import Keys
from casework.store.items import Body, Dossier
from casework.views.named import code_named, unit_named, units_named
from casework.views.names import clock_name, code_name, role_name, unit_name
from casework.views.times import local
from casework.words import Language, pick
from schemas import events as e
from schemas.display import masked_name, masked_phone, safe
from schemas.views import Asked, Named, Pause, Related, Source, Speaker, Supervised

_RELATIONS = {
    "follows": ("并入", "Follows"),
    "split_from": ("拆分自", "Split from"),
    "split_into": ("拆分为", "Split into"),
    "repeats": ("重复", "Repeats"),
    "recurs": ("再次发生", "Has happened before"),
}


def masked(contact: dict[str, str]) -> dict[str, str]:
    """The contact, and whoever speaks for the citizen, with most of it blotted out."""
    mask = {"phone": masked_phone, "name": masked_name}
    return {
        field: mask[kind](value)
        for field, value in contact.items()
        if (kind := field.removeprefix("speaker_")) in mask
    }


def speaker(
    case: Case, filed: e.Filed, body: Body, known: Mapping[str, str], language: Language
) -> Speaker:
    """What whoever talks to the citizen has to know, and what tells nobody who it is."""
    return Speaker(
        identity=code_named(case.identity, language),
        reply_wanted=case.reply_wanted,
        minor=filed.minor,
        contact_mode=code_named(body.contact_mode, language) if body.contact_mode else None,
        language=body.language,
        needs=[code_named(need, language) for need in known.get("needs", "").split()],
        represented_by=code_named(known["relation"], language) if "relation" in known else None,
    )


def origin(filed: e.Filed, language: Language) -> Source | None:
    if filed.origin is None:
        return None
    return Source(system=code_named(filed.origin, language), number=filed.external)


def subjects(case: Case, rules: Rules, language: Language) -> list[Named]:
    if case.subjects is None:
        return []
    persons = [Named(code=person, name=safe(person)) for person in case.subjects.persons]
    return units_named(case.subjects.units, rules, language) + persons


def asked(case: Case, rules: Rules, language: Language) -> list[Asked]:
    return [
        Asked(
            what=name,
            reason=code_name(ask.reason, language),
            by=safe(ask.by),
            department=unit_named(ask.unit, rules, language),
            until=local(ask.until, rules.calendar) if ask.until else None,
        )
        for name, ask in case.asks.items()
    ]


def related(
    dossier: Dossier, language: Language, keys: Keys | None, *, desk: bool
) -> list[Related]:
    """The cases that this one has to do with; to the citizen, one's own."""
    found: list[tuple[str, str]] = []
    for _, event in dossier.events:
        match event:
            case e.Filed(split_from=str(number)):
                found.append(("split_from", number))
            case e.Split():
                found += [("split_into", number) for number in event.into]
            case e.RepeatFound():
                found.append(("repeats", event.of))
            case e.RecurrenceFound() if desk:
                found.append(("recurs", event.of))
    if desk and dossier.head.case.follows:
        found.append(("follows", dossier.head.case.follows))
    return [
        Related.model_validate(
            {
                "relation": relation,
                "name": pick(_RELATIONS[relation], language),
                "case_number": number,
                "case_number_spoken": numbers.spoken(number),
                "access_code": keys.access_code(number)
                if keys and relation == "split_into"
                else None,
            }
        )
        for relation, number in dict.fromkeys(found)
    ]


def supervision(dossier: Dossier, rules: Rules, language: Language) -> list[Supervised]:
    """The cards, summonses and papers that its deadlines have brought, oldest first."""
    return [
        Supervised(
            at=local(commit.at, rules.calendar),
            clock=event.clock,
            name=clock_name(event.clock, rules, language),
            level=event.level,
            card=code_named(event.card, language) if event.card else None,
            step=code_named(event.manual, language) if event.manual else None,
            notice=safe(event.notice) if event.notice else None,
        )
        for commit, event in dossier.events
        if isinstance(event, e.Reminded) and (event.card or event.manual or event.notice)
    ]


def pauses(dossier: Dossier, rules: Rules, language: Language) -> list[Pause]:
    """The times in which the promise stood still, the last perhaps still open; each ends by whatever
    the case did next."""
    found: list[Pause] = []
    for commit, event in dossier.events:
        at = local(commit.at, rules.calendar)
        if isinstance(event, e.Suspended):
            office = unit_name(commit.actor.unit, rules, language)
            found.append(
                Pause(
                    since=at,
                    until=local(event.until, rules.calendar),
                    reason=code_name(event.reason, language),
                    approved_by=office or role_name(commit.actor.role, language),
                    resumed=False,
                )
            )
        elif found and not found[-1].resumed and isinstance(event, _RESUMING):
            if isinstance(event, e.Resumed) and event.as_of:
                at = local(event.as_of, rules.calendar)
            found[-1] = found[-1].model_copy(update={"until": at, "resumed": True})
    return found


_RESUMING = (e.Resumed, e.TerminationAsked, e.TakenAway, e.Withdrawn)
