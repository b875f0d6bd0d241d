"""The first router: the catalogue's words choose the category, its rules choose the unit.

A later classifier will answer with the same `Proposal` from the same `route`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log

from casework.catalogue.city import BY_AREA, City
from casework.routing.folding import folded
from casework.routing.lexicon import Lexicon, lexicon_of

HEAD = 30
"""Characters of a body that stand in for a missing title."""
HEAD_COUNTS = 2
SHARPNESS = 3.0
"""How much a lead in score is worth as a share of belief."""
ENOUGH = 1.0
"""The score that brings two thirds of full belief: a single two-character word. With
SHARPNESS it makes belief err on the modest side (500 real messages: 0.75 was right in 85 %)."""
IN_PASSING = 0.8
"""What is left of belief where a text of more than SHORT characters has one known word only."""
SHORT = 100
CONFIDENT = 0.8
"""From here on a case is dispatched without a person: 47 % of the 500 messages, 95 % of these to
an acceptable department."""
GUESSES = 3
WORDS_SHOWN = 5

_FIRST_SENTENCE = re.compile(r"[^。！？!?\n；;]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a case is about and who should have it, how sure that is, and why.

    `confidence` (0..1) is the belief that `unit` is the right one. `alternatives` are the
    next best guesses as (category, unit, score 0..1). `reasons` says it for people: the words
    that weighed most, the rule that applied, the runner-up. `unit` is None where no word was
    known, where the rule leaves it to a person or hangs on an area that is not known, and
    where nothing but excluded units is left.
    """

    category: str | None
    unit: str | None
    confidence: float
    alternatives: tuple[tuple[str, str | None, float], ...]
    reasons: tuple[str, ...]
    confident: bool
    words: tuple[str, ...] = ()
    """The catalogue's words that weighed most, never the citizen's own phrases."""


def route(
    title: str,
    body: str,
    area: str | None,
    city: City,
    excluded: frozenset[str] = frozenset(),
) -> Proposal:
    """Propose a category and a unit for a message. Raises UnknownCode for an unknown area.

    A unit in `excluded` (one that has returned the case) is never chosen: the best category
    of another unit is, with the lesser belief that is left for it.
    """
    scores, evidence = _scored(title, body, lexicon_of(city))
    if not scores:
        reason = "没有认出词语，由人判断 / no known words: a person decides"
        return Proposal(None, None, 0.0, (), (reason,), confident=False)
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    beliefs = _beliefs(scores, evidence, length=len(title) + len(body))
    units = {code: city.responsible(code, area) for code in ranked}
    eligible = [code for code in ranked if units[code] not in excluded]
    best = (eligible or ranked)[0]
    unit = units[best] if eligible else None
    confidence = sum(beliefs[code] for code in ranked if unit and units[code] == unit)
    others = [code for code in ranked if code != best][:GUESSES]
    words = _weightiest(evidence[best])
    reasons = [f"词语 / words: {', '.join(words)}", _rule_reason(best, area, city)]
    if passed_over := {units[code] for code in ranked} & excluded:
        reasons.append(_returned_reason(passed_over))
    if others:
        reasons.append(_runner_up_reason(others[0], beliefs[others[0]], city))
    return Proposal(
        category=best,
        unit=unit,
        confidence=round(confidence, 3),
        alternatives=tuple((code, units[code], round(beliefs[code], 3)) for code in others),
        words=words,
        reasons=tuple(reasons),
        confident=unit is not None and confidence >= CONFIDENT,
    )


def _scored(
    title: str, body: str, lexicon: Lexicon
) -> tuple[Mapping[str, float], Mapping[str, Mapping[str, float]]]:
    """Each category's score, and what each word gave to it."""
    counts = _counts(title, body, lexicon)
    evidence: dict[str, dict[str, float]] = defaultdict(dict)
    for word, count in counts.items():
        # A word said again adds less each time: a long letter repeats itself.
        for code, weight in lexicon.weights[word].items():
            evidence[code][word] = weight * (1.0 + log(count))
    return {code: sum(words.values()) for code, words in evidence.items()}, evidence


def _counts(title: str, body: str, lexicon: Lexicon) -> Counter[str]:
    title, body = folded(title), folded(body)
    if title.strip():
        head = title
    else:
        first = _FIRST_SENTENCE.search(body)
        head = first.group()[:HEAD] if first else ""
    counts = lexicon.count(body)
    for word, count in lexicon.count(head).items():
        counts[word] += HEAD_COUNTS * count
    return counts


def _beliefs(
    scores: Mapping[str, float], evidence: Mapping[str, Mapping[str, float]], length: int
) -> Mapping[str, float]:
    """Scores as shares of belief; together less than 1 where there is little evidence."""
    powers = {code: score**SHARPNESS for code, score in scores.items()}
    total = sum(powers.values())
    trust = 1.0 - exp(-max(scores.values()) / ENOUGH)
    best = max(scores, key=lambda code: scores[code])
    if length > SHORT and len(evidence[best]) == 1:
        trust *= IN_PASSING
    return {code: trust * power / total for code, power in powers.items()}


def _weightiest(words: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-words[word], word))[:WORDS_SHOWN])


def _rule_reason(category: str, area: str | None, city: City) -> str:
    found = city.responsibility(category, area)
    reason = f"归口 / rule: {found.rule}"
    if found.unit is not None:
        return reason
    if found.rule.unit in BY_AREA:
        return f"{reason}（缺少区划，由人判断 / area unknown: a person decides）"
    return f"{reason}（由人判断 / a person decides）"


def _returned_reason(units: Iterable[str | None]) -> str:
    names = ", ".join(sorted(unit for unit in units if unit))
    return f"已退单，不再派 / returned it, not chosen again: {names}"


def _runner_up_reason(category: str, belief: float, city: City) -> str:
    name = city.category(category)
    return f"其次 / runner-up: {category} {name.name} {name.name_en} ({belief:.2f})"
