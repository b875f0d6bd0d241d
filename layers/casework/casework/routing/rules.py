"""派单规则: the first of the city's own rules of dispatch that applies to a case, and why.

Rules go before the classifier and before responsibility by category (归口): the city has said
so. Where a rule's unit cannot have the case, a person decides; a rule never gives way in silence
to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from casework.catalogue.city import City
from casework.catalogue.routing import RoutingRule
from casework.routing.folding import folded
from casework.routing.lexicon import stands_alone
from schemas.names import Channel, Kind, Urgency


@dataclass(frozen=True, slots=True)
class Matched:
    """What a rule says of a case.

    `sends`: it says whose the case is, and the classifier is not asked; else it sets the urgency
    alone. `category` is the rule's or, where it names none, the guess. `unit` is None where a
    `person` decides: because the rule says so, or because nobody it could mean may have the case.
    `reasons` say in Chinese and English which rule it was, by what, and why a person decides.
    """

    rule: str
    sends: bool
    category: str | None
    unit: str | None
    urgency: Urgency | None
    person: bool
    reasons: tuple[str, ...]


def first_rule(
    city: City,
    title: str,
    body: str,
    *,
    area: str | None,
    kind: Kind,
    channel: Channel,
    guess: str | None,
    excluded: frozenset[str] = frozenset(),
) -> Matched | None:
    """The first rule of the city that applies; None if none does.

    `guess`: the category that somebody chose, else the classifier's. A unit in `excluded` (it has
    returned the case, or the case is about it) is never chosen. `area` must be one of the city's.
    """
    if not city.routing:
        return None
    text = folded(f"{title}\n{body}")
    around = frozenset(city.area_path(area)) if area else frozenset()
    for place, (rule, words, without) in enumerate(_prepared(city), 1):
        if (
            (not rule.category or (guess is not None and guess.startswith(rule.category)))
            and (not rule.area or not around.isdisjoint(rule.area))
            and (not rule.kind or kind in rule.kind)
            and (not rule.channel or channel in rule.channel)
        ):
            word = next(_found(words, text), None)
            if (not words or word) and next(_found(without, text), None) is None:
                return _matched(rule, place, word, area, guess, city, excluded)
    return None


@lru_cache(maxsize=4)
def _prepared(city: City) -> tuple[tuple[RoutingRule, tuple[str, ...], tuple[str, ...]], ...]:
    """Each rule with its words as they are looked up."""
    return tuple(
        (rule, tuple(map(folded, rule.words)), tuple(map(folded, rule.without)))
        for rule in city.routing
    )


def _found(words: tuple[str, ...], text: str) -> Iterator[str]:
    for word in words:
        position = text.find(word)
        while position >= 0:
            if stands_alone(word, text, position):
                yield word
                break
            position = text.find(word, position + 1)


def _matched(
    rule: RoutingRule,
    place: int,
    word: str | None,
    area: str | None,
    guess: str | None,
    city: City,
    excluded: frozenset[str],
) -> Matched:
    category = rule.to_category or guess
    unit = _unit(rule, category, area, city) if rule.sends else None
    why = _why_a_person(rule, category, unit, city, excluded) if rule.sends else None
    said = (f"（词“{word}”）", f" (word “{word}”)") if word else ("", "")
    reasons = [f"规则 {place}“{rule.name}”{said[0]} / rule {place} “{rule.name}”{said[1]}"]
    return Matched(
        rule=rule.name,
        sends=rule.sends,
        category=category,
        unit=None if why else unit,
        urgency=rule.urgency,
        person=why is not None,
        reasons=(*reasons, why) if why else tuple(reasons),
    )


def _unit(rule: RoutingRule, category: str | None, area: str | None, city: City) -> str | None:
    """Whom the rule means: its own unit, else whoever is responsible for its category."""
    if rule.to_unit is not None:
        return city.unit_for(rule.to_unit, area)
    return city.responsible(rule.to_category, area) if rule.to_category else None


def _why_a_person(
    rule: RoutingRule, category: str | None, unit: str | None, city: City, excluded: frozenset[str]
) -> str | None:
    """Why the rule's unit does not get the case without a person; None if it does."""
    if rule.person:
        return "规则要求由人判断 / the rule leaves it to a person"
    if unit is None:
        return (
            "规则没有指到具体单位（区划不明或须由人判断）/ the rule leads to no unit here"
            " (the area is not known, or a person decides)"
        )
    if unit in excluded:
        return (
            f"{city.unit(unit).name}已退单或是被反映的单位，由人判断 / {city.unit(unit).name_en}"
            " has returned the case or is what it is about: a person decides"
        )
    if category is None:
        return "没有认出分类，由人判断 / no category is known: a person decides"
    if not city.may_lead(unit, category):
        return (
            f"{category} 不能由{city.unit(unit).name}主办（党务分类只归党务单位），由人判断 / "
            f"{city.unit(unit).name_en} cannot lead {category} (party affairs are for party units):"
            " a person decides"
        )
    return None
