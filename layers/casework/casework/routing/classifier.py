"""Which label a message has, how sure that is, and which of its words say so. Pure.

A linear model over n-grams of characters, trained by `lianxin train`. It needs no package: all
labels are summed at once, as fields of one long integer, so that a message costs much the same
with seven labels as with a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt
from struct import unpack
from typing import Any, Final

from casework.routing.artefact import ZERO, Artefact, Table, decode
from casework.routing.features import MOST, grams, runs

FIELD: Final = 4
"""Bytes of a label's field while weights are summed. A message has under 13 000 n-grams, and each
adds at most 255 x 255: no field runs over into the next."""
STEPS: Final = 16
"""A count's root is rounded to this part of one."""
DAMPED: Final = tuple(round(STEPS * sqrt(count)) for count in range(MOST + 1))
"""What a count is worth: a word said four times counts twice."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A run of characters of the message, folded, and what it adds to the log-odds of a label."""

    words: str
    weight: float


class Classifier:
    """A model in memory, made once. Nothing in it changes: it answers from any thread."""

    def __init__(self, artefact: Artefact) -> None:
        self.labels = artefact.labels
        self.card: Mapping[str, Any] = artefact.card
        self._priors = artefact.priors
        self._parts = (_Part(artefact.text), _Part(artefact.head))

    @classmethod
    def load(cls, data: bytes) -> Classifier:
        """From the bytes of an artefact. Raises ModelError."""
        return cls(decode(data))

    def probabilities(self, title: str, body: str) -> dict[str, float]:
        """How likely each label is, in the model's order; together 1. For any text whatever.

        Calibrated: of the messages given 0.8, about eight in ten are right. A text in which
        nothing is known gets the labels' shares among the examples.
        """
        scores = list(self._priors)
        for part, counts in zip(self._parts, grams(title, body), strict=True):
            for place, score in enumerate(part.scores(counts)):
                scores[place] += score
        most = max(scores)
        odds = [exp(score - most) for score in scores]
        total = sum(odds)
        return {label: one / total for label, one in zip(self.labels, odds, strict=True)}

    def reasons(self, title: str, body: str, label: str, limit: int = 5) -> list[Reason]:
        """The words that speak most for a label, the weightiest first; no two share characters.

        Raises ValueError for a label that the model does not have.
        """
        place = self.labels.index(label)
        found: dict[str, float] = {}
        for part, counts in zip(self._parts, grams(title, body), strict=True):
            for gram, weight in part.evidence(counts, place):
                found[gram] = found.get(gram, 0.0) + weight
        # 幼儿园 says what 幼儿, 儿园 and its characters say, and what it says itself.
        whole = {gram: sum(found.get(one, 0.0) for one in runs(gram)) for gram in found}
        chosen: list[Reason] = []
        for gram in sorted(whole, key=lambda gram: (-whole[gram], gram)):
            if len(chosen) == limit or whole[gram] <= 0:
                break
            if not any(set(gram) & set(one.words) for one in chosen):
                chosen.append(Reason(gram, whole[gram]))
        return chosen


class _Part:
    """The weights of one part of a message (all of it, or its head)."""

    def __init__(self, table: Table) -> None:
        self._place = {gram: place for place, gram in enumerate(table.grams)}
        self._scales, self._unit, self._least = table.scales, table.unit, table.least
        self._labels = len(table.weights) // max(len(table.grams), 1)
        self._weights = table.weights
        self._row = self._labels * FIELD
        wide = bytearray(len(table.weights) * FIELD)
        wide[::FIELD] = table.weights
        self._wide = bytes(wide)

    def scores(self, counts: Counter[str]) -> list[float]:
        """What this part adds to each label's log-odds; nothing if no n-gram is known."""
        known = self._known(counts)
        if not known:
            return []
        row, wide, total, damped = self._row, self._wide, 0, 0
        for place, count in known:
            at = place * row
            worth = DAMPED[count]
            damped += worth
            total += worth * int.from_bytes(wide[at : at + row], "little")
        fields = unpack(f"<{self._labels}I", total.to_bytes(row, "little"))
        factor = self._factor(known)
        return [factor * (field - ZERO * damped) for field in fields]

    def evidence(self, counts: Counter[str], label: int) -> list[tuple[str, float]]:
        """What each known n-gram adds to the log-odds of a label."""
        known = self._known(counts)
        if not known:
            return []
        factor, weights, labels = self._factor(known), self._weights, self._labels
        grams = [gram for gram in counts if gram in self._place]
        return [
            (gram, factor * DAMPED[count] * (weights[place * labels + label] - ZERO))
            for gram, (place, count) in zip(grams, known, strict=True)
        ]

    def _known(self, counts: Counter[str]) -> list[tuple[int, int]]:
        places = self._place
        return [
            (places[gram], min(count, MOST)) for gram, count in counts.items() if gram in places
        ]

    def _factor(self, known: list[tuple[int, int]]) -> float:
        """Makes long and short messages weigh alike: as vectors, all have length one."""
        scales = self._scales
        length = sqrt(sum(count * scales[place] ** 2 for place, count in known))
        return self._unit / max(length, self._least)
