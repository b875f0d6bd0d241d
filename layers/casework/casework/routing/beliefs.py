"""Which category a message belongs to, as shares of belief: a trained model and the city's words. Pure.

The model knows how citizens write; the words are what the city says of its own categories, and are
all there is for a category that no example has been of. Belief is the product of the two, so that
each can rule out what the other finds likely.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log

from casework.catalogue.city import City
from casework.routing.classifier import Classifier
from casework.routing.folding import chinese, folded
from casework.routing.learned import blended
from casework.routing.lexicon import Lexicon, lexicon_of
from casework.routing.model import WORDS, Model

HEAD = 30
"""Characters of a body that stand in for a missing title."""
HEAD_COUNTS = 2
SHARPNESS = 3.0
"""How much a lead in score is worth as a share of belief."""
ENOUGH = 1.0
"""The score that brings two thirds of full belief: a single two-character word."""
IN_PASSING = 0.8
"""What is left of belief where a text of more than SHORT characters has one known word only."""
SHORT = 100
WORDS_WEIGH = 0.6
"""How much the city's words count beside the model."""
UNSAID = 0.005
"""The share of a category of which no word stands in the text."""
UNSEEN = 0.0002
"""The share of a category that the model has no example of."""


_FIRST_SENTENCE = re.compile(r"[^。！？!?\n；;]+")


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Shares of belief by category, in all at most 1, and what speaks for a category."""

    shares: Mapping[str, float]
    _words: Mapping[str, Mapping[str, float]]
    _title: str
    _body: str
    _model: Classifier | None
    _taught: frozenset[str] = frozenset()
    """The categories by whose code the city means what the model does."""

    def words(self, category: str, limit: int) -> tuple[str, ...]:
        """What weighed most for a category: words of the city, then n-grams of the model.

        Both are vocabulary that others have written: no phrase that only this citizen has used.
        """
        known = self._words.get(category, {})
        found = sorted(known, key=lambda word: (-known[word], word))[:limit]
        if self._model is not None and category in self._taught:
            for reason in self._model.reasons(self._title, self._body, category, limit):
                if not any(reason.words in word or word in reason.words for word in found):
                    found.append(reason.words)
        return tuple(found[:limit])


def beliefs(title: str, body: str, city: City, model: Model = WORDS) -> Beliefs:
    """What a message is about, by the words alone where it is not Chinese. Empty shares where nothing
    in it is known."""
    by_words, evidence = _by_words(title, body, lexicon_of(city))
    if model.category is None or not chinese(title + body):
        return Beliefs(by_words, evidence, title, body, None)
    likely = model.category.probabilities(title, body)
    taught = frozenset(
        code
        for code in likely.keys() & city.categories.keys()
        if model.means(code, city.categories[code].name)
    )
    # What bears another name here is another matter, that the city may have no category for.
    likely = {code if code in taught else f"~{code}": share for code, share in likely.items()}
    shares = together(likely, by_words, city.categories)
    shares = blended(shares, model.learned, title, body)
    shares = {code: share for code, share in shares.items() if code in city.categories}
    found = Beliefs(shares, evidence, title, body, model.category, taught)
    best = max(found.shares, key=lambda code: found.shares[code], default=None)
    if best is None or not found.words(best, 1):
        return Beliefs({}, {}, title, body, None)
    return found


def together(
    likely: Mapping[str, float], by_words: Mapping[str, float], categories: Iterable[str]
) -> Mapping[str, float]:
    """Shares of belief from what a model finds likely and the shares by the city's words.

    What the model takes for something that the city has no category for is believed of none.
    """
    known = tuple(categories)
    scores = {
        code: log(max(likely.get(code, 0.0), UNSEEN))
        + WORDS_WEIGH * log(by_words.get(code, 0.0) + UNSAID)
        for code in {*known, *likely}
    }
    most = max(scores.values())
    powers = {code: exp(score - most) for code, score in scores.items()}
    total = sum(powers.values())
    return {code: powers[code] / total for code in known}


def _by_words(
    title: str, body: str, lexicon: Lexicon
) -> tuple[Mapping[str, float], Mapping[str, Mapping[str, float]]]:
    """Each category's share by the city's words, and what each word gave to it."""
    evidence: dict[str, dict[str, float]] = defaultdict(dict)
    for word, count in _counts(title, body, lexicon).items():
        # A word said again adds less each time: a long letter repeats itself.
        for code, weight in lexicon.weights[word].items():
            evidence[code][word] = weight * (1.0 + log(count))
    scores = {code: sum(words.values()) for code, words in evidence.items()}
    return _shares(scores, evidence, length=len(title) + len(body)), evidence


def _counts(title: str, body: str, lexicon: Lexicon) -> Counter[str]:
    title, body = folded(title), folded(body)
    counts = lexicon.count(body)
    first = _FIRST_SENTENCE.search(body)
    head = title if title.strip() else first.group()[:HEAD] if first else ""
    for word, count in lexicon.count(head).items():
        counts[word] += HEAD_COUNTS * count
    return counts


def _shares(
    scores: Mapping[str, float], evidence: Mapping[str, Mapping[str, float]], length: int
) -> Mapping[str, float]:
    """Scores as shares of belief; together less than 1 where there is little evidence."""
    if not scores:
        return {}
    powers = {code: score**SHARPNESS for code, score in scores.items()}
    total = sum(powers.values())
    best = max(scores, key=lambda code: scores[code])
    trust = 1.0 - exp(-scores[best] / ENOUGH)
    if length > SHORT and len(evidence[best]) == 1:
        trust *= IN_PASSING
    return {code: trust * power / total for code, power in powers.items()}
