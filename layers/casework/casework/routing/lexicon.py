"""The words by which a text is known: the catalogue's own and those that the city adds.

A word may speak for several categories and then counts less for each. The longest match
wins: 加装电梯 is not also 电梯. Words of Latin letters match whole words only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from casework.catalogue.city import Category, City
from casework.routing.folding import folded

TERM_WEIGHT = 1.0
"""A word the city added, or the category's own name."""
SCOPE_WEIGHT = 0.6
DOMAIN_WEIGHT = 0.1
"""A domain's name says little about which of its categories it is."""

_SEPARATORS = re.compile(r"[/、，,;；]")
_NOTES = re.compile(r"[(（].*?[)）]")
_GENERIC = re.compile(
    "管理|分类|合同|服务|收费|安全|设施|工厂|商业|保险|其他|政策|质量|价格|道路|建设|补贴|网络"
)
"""Words of the catalogue's scopes that any message may contain."""

Weights = Mapping[str, float]
"""What a word says: category code -> weight."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by their first two characters, the longest first, and the weights of each."""

    by_start: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Weights]

    def count(self, text: str) -> Counter[str]:
        """How often each word stands in a folded text; matches do not overlap."""
        found: Counter[str] = Counter()
        position, end = 0, len(text) - 1
        by_start = self.by_start
        while position < end:
            for word in by_start.get(text[position : position + 2], ()):
                if text.startswith(word, position) and stands_alone(word, text, position):
                    found[word] += 1
                    position += len(word)
                    break
            else:
                position += 1
        return found


def stands_alone(word: str, text: str, position: int) -> bool:
    """Whether the word that stands there is one of its own: of Latin letters, not part of another."""
    if not word.isascii():
        return True
    after = position + len(word)
    neighbours = text[max(position - 1, 0) : position] + text[after : after + 1]
    return not any(character.isascii() and character.isalnum() for character in neighbours)


@lru_cache(maxsize=4)
def lexicon_of(city: City) -> Lexicon:
    """The city's lexicon, worked out once for each catalogue that is loaded."""
    raw: dict[str, dict[str, float]] = {}
    for category in city.categories.values():
        for word, weight in _words(category, city):
            entry = raw.setdefault(folded(word), {})
            entry[category.code] = max(weight, entry.get(category.code, 0.0))
    weights = {
        word: {code: weight * _worth(word) / sqrt(len(entry)) for code, weight in entry.items()}
        for word, entry in raw.items()
    }
    by_start: dict[str, list[str]] = {}
    for word in sorted(weights, key=len, reverse=True):
        by_start.setdefault(word[:2], []).append(word)
    return Lexicon({start: tuple(words) for start, words in by_start.items()}, weights)


def _words(category: Category, city: City) -> Iterator[tuple[str, float]]:
    sources = (
        (category.name, TERM_WEIGHT),
        (category.scope, SCOPE_WEIGHT),
        (category.domain, DOMAIN_WEIGHT),
    )
    for text, weight in sources:
        for part in _SEPARATORS.split(_NOTES.sub("、", text)):
            if len(part) > 1 and not _GENERIC.fullmatch(part):
                yield part, weight
    for term in city.terms.get(category.code, ()):
        yield term, TERM_WEIGHT


def _worth(word: str) -> float:
    """Longer words are rarer and say more: 1 for two characters, at most 2.2."""
    if word.isascii():
        return 1.6
    return min(1.0 + 0.4 * (len(word) - 2), 2.2)
