"""Small classifiers, made by hand."""

from __future__ import annotations

from casework.routing.artefact import ZERO, Artefact, Table, encode
from casework.routing.learned import SHARE

NOTHING = Table((), b"", b"", 1.0, 1.0)


def model_of(words: dict[str, str], share: float | None = 0.4, weight: int = 100) -> bytes:
    """A city's model that takes each of these words (1 to 3 characters) for its category."""
    labels = tuple(sorted(set(words.values())))
    grams = tuple(sorted(words))
    rows = [
        bytes(ZERO + weight if label == words[gram] else ZERO for label in labels) for gram in grams
    ]
    table = Table(grams, bytes([255] * len(grams)), b"".join(rows), 1.0, 1.0)
    card = {} if share is None else {SHARE: share}
    return encode(Artefact(labels, (0.0,) * len(labels), table, NOTHING, card))
