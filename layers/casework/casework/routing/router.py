"""Automatic dispatch (自动交办): what a message is about, who is responsible, how sure, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.catalogue.city import BY_AREA, BY_PERSON, City
from casework.routing.beliefs import beliefs
from casework.routing.model import WORDS, Model
from casework.routing.naming import only_office
from casework.routing.urgency import utility_out
from schemas.names import Urgency

UTILITIES = "03"
"""公用事业: the domain of the catalogue in which an outage is urgent."""
GUESSES = 3
WORDS_SHOWN = 5
LEAST = 0.01
"""Guesses of less belief than this are not worth a person's look."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a case is about and who should have it, how sure that is, and why.

    `confidence` (0..1) is the belief that `unit` is the right one. `alternatives` are the
    next best guesses as (category, unit, score 0..1). `reasons` says it for people: the words
    that weighed most, the rule that applied, the runner-up. `unit` is None where no word was
    known, where the rule leaves it to a person or hangs on an area that is not known, and
    where nothing but excluded units is left. `subjects` are the units complained about.
    """

    category: str | None
    unit: str | None
    confidence: float
    alternatives: tuple[tuple[str, str | None, float], ...]
    reasons: tuple[str, ...]
    confident: bool
    words: tuple[str, ...] = ()
    """The vocabulary that weighed most, never the citizen's own phrases."""
    subjects: tuple[str, ...] = ()
    urgency: Urgency = "ordinary"
    """utilities where one is out now; a threat to life rings at the duty desk, where a person ranks it."""


@dataclass(frozen=True, slots=True)
class _Who:
    """Who is responsible for a category here; `about` is the unit complained about."""

    unit: str | None
    about: str | None = None


def route(
    title: str,
    body: str,
    area: str | None,
    city: City,
    excluded: frozenset[str] = frozenset(),
    model: Model = WORDS,
) -> Proposal:
    """Propose a category and a unit for a message. Raises UnknownCode for an unknown area.

    A unit in `excluded` (one that has returned the case) is never chosen: the best category
    of another unit is, with the lesser belief that is left for it.
    """
    found = beliefs(title, body, city, model)
    shares = found.shares
    if not shares:
        reason = "没有认出词语，由人判断 / no known words: a person decides"
        return Proposal(None, None, 0.0, (), (reason,), confident=False)
    ranked = sorted(shares, key=lambda code: (-shares[code], code))
    whose = {code: _responsible(code, title, body, area, city) for code in ranked}
    eligible = [code for code in ranked if whose[code].unit not in excluded]
    best = (eligible or ranked)[0]
    unit = whose[best].unit if eligible else None
    confidence = sum(shares[code] for code in ranked if unit and whose[code].unit == unit)
    others = [code for code in ranked if code != best and shares[code] >= LEAST][:GUESSES]
    words = found.words(best, WORDS_SHOWN)
    about = whose[best].about
    return Proposal(
        category=best,
        unit=unit,
        confidence=round(confidence, 3),
        alternatives=tuple((code, whose[code].unit, round(shares[code], 3)) for code in others),
        words=words,
        reasons=tuple(_reasons(best, words, whose, others, shares, area, city, excluded)),
        confident=unit is not None and confidence >= model.enough(best),
        subjects=(about,) if about and unit else (),
        urgency="utilities" if _utility_out(best, title, body) else "ordinary",
    )


def _utility_out(category: str, title: str, body: str) -> bool:
    return category.startswith(UTILITIES) and utility_out(title, body)


def _responsible(category: str, title: str, body: str, area: str | None, city: City) -> _Who:
    """By rule; for a complaint about an office, the unit above the only one that the text names."""
    found = city.responsibility(category, area)
    if found.unit is not None or found.rule.unit != BY_PERSON:
        return _Who(found.unit)
    named = only_office(f"{title}\n{body}", city)
    above = city.above(named) if named else None
    # Only the party may stand above it, which leads its own matters alone.
    return _Who(above, named) if above and city.may_lead(above, category) else _Who(None)


def _reasons(
    best: str,
    words: Iterable[str],
    whose: Mapping[str, _Who],
    others: Iterable[str],
    shares: Mapping[str, float],
    area: str | None,
    city: City,
    excluded: frozenset[str],
) -> Iterable[str]:
    yield f"词语 / words: {', '.join(words)}"
    yield _rule_reason(best, whose[best], area, city)
    likely = {who.unit for code, who in whose.items() if shares[code] >= LEAST}
    if passed_over := likely & excluded:
        units = ", ".join(sorted(unit for unit in passed_over if unit))
        yield f"已退单，不再派 / returned it, not chosen again: {units}"
    for other in list(others)[:1]:
        name = city.category(other)
        yield f"其次 / runner-up: {other} {name.name} {name.name_en} ({shares[other]:.2f})"


def _rule_reason(category: str, who: _Who, area: str | None, city: City) -> str:
    found = city.responsibility(category, area)
    reason = f"归口 / rule: {found.rule}"
    if who.about:
        return f"{reason}（反映 {who.about}，派其上级 / about {who.about}: to the unit above it）"
    if found.unit is not None:
        return reason
    if found.rule.unit in BY_AREA:
        return f"{reason}（缺少区划，由人判断 / area unknown: a person decides）"
    return f"{reason}（由人判断 / a person decides）"
