"""Which label a message has, how sure that is, and which of its words say so. Pure.

A linear model over n-grams of characters, trained by `lianxin train`. It needs no package: all
labels are summed at once, as fields of one long integer, so that a message costs much the same
with seven labels as with a hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, sqrt
from struct import unpack
from typing import Any, Final

from casework.routing.artefact import ZERO, Artefact, Table, decode
from casework.routing.features import MOST, grams, runs

FIELD: Final = 4
"""Bytes of a field while rows are summed. A message has under 7 000 n-grams, and each adds at most
255 x 255: no field runs over into the next."""
STEPS: Final = 16
"""A count's root is rounded to this part of one."""
DAMPED: Final = tuple(round(STEPS * sqrt(count)) for count in range(MOST + 1))
"""What a count is worth: a word said four times counts twice."""
_SQUARES: Final = tuple(bytes(one**2 >> shift & 0xFF for one in range(256)) for shift in (0, 8))
"""The lower and the upper byte of each byte's square."""


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
        sides = (artefact.text, artefact.head)
        self._parts = tuple(_Part(table, len(self.labels)) for table in sides)

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
    """The weights of one part of a message (all of it, or its head).

    `_rows` has a long integer for each n-gram: a field for each label's weight and, last, one for
    the square of its scale. Sums of rows are sums of every field.
    """

    def __init__(self, table: Table, labels: int) -> None:
        self._unit, self._least, self._labels = table.unit, table.least, labels
        size = (labels + 1) * FIELD
        wide = bytearray(len(table.grams) * size)
        for label in range(labels):
            wide[label * FIELD :: size] = table.weights[label::labels]
        for byte in (0, 1):
            wide[labels * FIELD + byte :: size] = table.scales.translate(_SQUARES[byte])
        cuts = range(0, len(wide), size)
        rows = [int.from_bytes(wide[at : at + size], "little") for at in cuts]
        self._rows = dict(zip(table.grams, rows, strict=True))

    def scores(self, counts: Counter[str]) -> list[float]:
        """What this part adds to each label's log-odds; nothing if no n-gram is known."""
        known: dict[int, list[int]] = {}
        for gram in self._rows.keys() & counts.keys():
            known.setdefault(counts[gram], []).append(self._rows[gram])
        if not known:
            return []
        weighed = squares = damped = 0
        for count, rows in known.items():
            many, worth, row = min(count, MOST), DAMPED[min(count, MOST)], sum(rows)
            weighed += worth * row
            squares += many * row
            damped += worth * len(rows)
        factor = self._factor(squares >> self._labels * FIELD * 8)
        return [factor * (field - ZERO * damped) for field in self._fields(weighed)]

    def evidence(self, counts: Counter[str], label: int) -> Iterator[tuple[str, float]]:
        """What each known n-gram adds to the log-odds of a label."""
        known = [(gram, min(counts[gram], MOST)) for gram in counts if gram in self._rows]
        squares = sum(count * self._rows[gram] for gram, count in known)
        factor = self._factor(squares >> self._labels * FIELD * 8)
        for gram, count in known:
            weight = self._rows[gram] >> label * FIELD * 8 & 0xFF
            yield gram, factor * DAMPED[count] * (weight - ZERO)

    def _fields(self, total: int) -> tuple[int, ...]:
        size = self._labels * FIELD
        weights = total & (1 << size * 8) - 1  # the squares, in the last field, may have run over
        return unpack(f"<{self._labels}I", weights.to_bytes(size, "little"))

    def _factor(self, squares: int) -> float:
        """Makes long and short messages weigh alike: as vectors, all have length one."""
        return self._unit / max(sqrt(squares), self._least)
