"""Fitting the weights: which n-grams to keep, how to scale them, how much each says. scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression

from casework.routing.artefact import ZERO, Artefact, Table
from casework.routing.classifier import STEPS
from casework.routing.features import MOST, Grams

Floats = NDArray[np.float64]

SHARES: Final = {"text": 0.79, "head": 0.21}
"""How the n-grams that are kept are parted between the whole message and its head."""
HEAD_WORTH: Final = 0.7
FEATURES: Final = 38_000
"""The n-grams that are kept at most; more gained nothing and would not fit in a megabyte."""
WEIGHTS: Final = 900_000
"""The weights that are kept at most, over all labels."""
C: Final = 30.0
RARITY, PURITY = 1.5, 0.25
"""Powers of the inverse document frequency, and of how far an n-gram's labels differ from all
labels, by which it is scaled. Regularisation then costs rare and telling n-grams less."""
DOUBT: Final = 5.0
"""Messages of ordinary labels that an n-gram is thought to have been seen in beside its own."""
SHORT: Final = 2.0
"""Per cent of the messages that have so little to go by that they count as a little longer:
a text in another language, with one n-gram that happens to be known, proves nothing."""
CLOSE: Final = 1e-4
"""When the fit is done; a tighter one changes nothing that a byte can hold."""
LEAST: Final = 1e-12
"""Stands for a probability of 0, which has no logarithm."""


@dataclass(frozen=True)
class Counted:
    """Messages as counts of n-grams, a row for each; of each n-gram that two of them have."""

    names: tuple[tuple[str, ...], tuple[str, ...]]
    counts: tuple[csr_matrix, csr_matrix]

    def of(self, rows: NDArray[np.int_]) -> Counted:
        """Some of the messages."""
        text, head = self.counts
        return Counted(self.names, (text[rows], head[rows]))


@dataclass(frozen=True)
class _Kept:
    """The n-grams of one part that are kept, by their places, their scales in whole bytes, and
    the least length that a message is taken to have."""

    places: NDArray[np.int_]
    scales: NDArray[np.uint8]
    least: float


def count(messages: Sequence[Grams]) -> Counted:
    """The messages as matrices. Deterministic: the same messages give the same columns."""
    parts = [_matrix([message.text for message in messages])]
    parts.append(_matrix([message.head for message in messages]))
    return Counted((parts[0][0], parts[1][0]), (parts[0][1], parts[1][1]))


def fit(
    counted: Counted,
    labels: NDArray[np.str_],
    weights: Floats,
    card: Mapping[str, Any],
    most: int = WEIGHTS,
) -> Artefact:
    """Learn from labelled messages; `weights` says how much each counts. Not yet calibrated.

    `most` weights are kept, each of a byte.
    """
    budget = min(FEATURES, most // len(set(labels)))
    kept = [
        _select(matrix, labels, int(budget * share))
        for matrix, share in zip(counted.counts, SHARES.values(), strict=True)
    ]
    worths = (1.0, HEAD_WORTH)
    inputs = hstack(
        [
            _scaled(matrix, one) * worth
            for matrix, one, worth in zip(counted.counts, kept, worths, strict=True)
        ]
    ).tocsr()
    model = LogisticRegression(C=C, max_iter=1000, tol=CLOSE)
    model.fit(inputs, labels, sample_weight=weights / weights.mean())
    coefficients, priors = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps the second label's alone
        coefficients, priors = np.vstack([-coefficients, coefficients]) / 2, priors * [-0.5, 0.5]
    split = len(kept[0].places)
    sides = (coefficients[:, :split], coefficients[:, split:])
    text, head = (
        _table(names, one, side * worth)
        for names, one, side, worth in zip(counted.names, kept, sides, worths, strict=True)
    )
    names = tuple(str(label) for label in model.classes_)
    return Artefact(names, tuple(map(float, priors)), text, head, card)


def temperature(chances: Floats, right: NDArray[np.int_]) -> float:
    """By what to divide log-odds so that probabilities, as predicted unseen, are calibrated.

    `chances` has a row for each message and a column for each label; `right` is the true column.
    """

    def loss(exponent: float) -> float:
        true = softened(chances, float(np.exp(exponent)))[np.arange(len(right)), right]
        return -float(np.log(np.maximum(true, LEAST)).mean())

    found = minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded")
    return round(float(np.exp(found.x)), 3)


def softened(chances: Floats, by: float) -> Floats:
    """The probabilities of a model whose log-odds are divided by `by`."""
    powers = np.maximum(chances, LEAST) ** (1 / by)
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def tempered(artefact: Artefact, by: float) -> Artefact:
    """The same model, surer (`by` < 1) or less sure (`by` > 1) of what it says."""
    text, head = (replace(table, unit=table.unit / by) for table in (artefact.text, artefact.head))
    priors = tuple(prior / by for prior in artefact.priors)
    return replace(artefact, priors=priors, text=text, head=head)


def _matrix(counters: Sequence[Mapping[str, int]]) -> tuple[tuple[str, ...], csr_matrix]:
    places: dict[str, int] = {}
    starts, columns, values = [0], list[int](), list[int]()
    for counter in counters:
        columns.extend([places.setdefault(gram, len(places)) for gram in counter])
        values.extend(counter.values())
        starts.append(len(columns))
    shape = (len(counters), len(places))
    data = np.minimum(np.array(values, dtype=np.float64), MOST)
    whole = csr_matrix((data, np.array(columns, dtype=np.int32), np.array(starts)), shape=shape)
    shared = np.flatnonzero(np.bincount(whole.indices, minlength=len(places)) > 1)
    names = np.array(list(places), dtype=object)[shared]
    order = np.argsort(names)
    return tuple(names[order]), whole[:, shared[order]].tocsr()


def _select(matrix: csr_matrix, labels: NDArray[np.str_], most: int) -> _Kept:
    """The n-grams that say most by chi-square, in the alphabet's order, and their scales."""
    place = np.unique(labels, return_inverse=True)[1]
    one_hot = csr_matrix((np.ones(len(labels)), (place, np.arange(len(labels)))))
    seen = (one_hot @ matrix.sign()).T.toarray()
    often = seen.sum(axis=1)
    scores = np.nan_to_num(chi2(matrix.sqrt(), labels)[0])
    scores[often < 2] = -1.0
    best = np.argsort(-scores, kind="stable")[:most]
    places = np.sort(best[scores[best] >= 0])
    share = seen.sum(axis=0) / seen.sum()
    believed = (seen[places] + DOUBT * share) / (often[places, None] + DOUBT)
    purity = (believed * np.log(believed / share)).sum(axis=1)
    rarity = np.log((len(labels) + 1) / (often[places] + 1)) + 1.0
    scales = rarity**RARITY * np.maximum(purity, 1e-6) ** PURITY
    whole = np.clip(np.rint(scales / scales.max(initial=1e-9) * 255), 1, 255).astype(np.uint8)
    lengths = _lengths(matrix[:, places], whole)
    return _Kept(places, whole, max(float(np.percentile(lengths, SHORT)), 1.0))


def _lengths(matrix: csr_matrix, scales: NDArray[np.uint8]) -> Floats:
    lengths: Floats = np.sqrt(matrix @ np.square(scales.astype(np.float64)))
    return lengths


def _scaled(matrix: csr_matrix, kept: _Kept) -> csr_matrix:
    """What the classifier will compute: the roots of counts, scaled, of length one together."""
    matrix = matrix[:, kept.places]
    lengths = np.maximum(_lengths(matrix, kept.scales), kept.least)
    return diags(1 / lengths) @ matrix.sqrt() @ diags(kept.scales.astype(np.float64))


def _table(names: tuple[str, ...], kept: _Kept, coefficients: Floats) -> Table:
    """The coefficients (labels x n-grams), scales taken in, in a byte each."""
    weights = coefficients.T * kept.scales[:, None]
    unit = float(np.abs(weights).max(initial=1e-9)) / (255 - ZERO)
    steps = (np.rint(weights / unit) + ZERO).astype(np.uint8)
    grams = tuple(names[place] for place in kept.places)
    return Table(grams, kept.scales.tobytes(), steps.tobytes(), unit / STEPS, kept.least)
