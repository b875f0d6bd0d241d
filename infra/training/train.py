"""Train a classifier and measure it on messages that it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casework.routing.artefact import encode
from casework.routing.classifier import Classifier
from casework.routing.features import grams
from infra.cli.saying import Stop
from infra.training import fitting
from infra.training.examples import Example
from infra.training.folds import deal, near_duplicates
from infra.training.measure import Answer, Figures, figures

FOLDS = 5
"""Folds of the cross-validation."""

Told = Callable[[int, int], None]
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Trained:
    """A model, as its file will be, and what it reaches on messages that it was not trained on."""

    model: bytes
    figures: Figures
    card: dict[str, Any]
    """What the model says of itself; `different` counts near-duplicates once."""
    temperature: float
    unmeasured: tuple[str, ...]
    """Labels of a single message (its copies aside): learned, but not to be measured."""


def train(examples: Sequence[Example], told: Told = lambda done, of: None) -> Trained:
    """Learn from examples of two labels or more. `told` hears how far it is.

    The same examples in the same order give the same bytes. Raises Stop where fewer than two
    labels have two different messages: there would be nothing to measure by.
    """
    steps = FOLDS + 3
    groups = near_duplicates(examples)
    labels = np.array([example.label for example in examples])
    folds = deal(labels, groups, FOLDS)
    measured = _measurable(labels, folds)
    told(1, steps)
    weights = np.array([example.weight for example in examples])
    counted = fitting.count([grams(one.title, one.body) for one in examples])
    told(2, steps)
    known = np.unique(labels)
    chances = np.zeros((len(examples), len(known)))
    for fold in range(FOLDS):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(unseen):
            model = Classifier(fitting.fit(counted.of(seen), labels[seen], weights[seen], {}))
            columns = np.searchsorted(known, model.labels)
            for row in unseen.tolist():
                found = model.probabilities(examples[row].title, examples[row].body)
                chances[row, columns] = list(found.values())
        told(3 + fold, steps)
    rows = np.flatnonzero(np.isin(labels, measured))
    by = fitting.temperature(chances[rows], np.searchsorted(known, labels[rows]))
    reached = figures(_answers(labels[rows], fitting.softened(chances[rows], by), known))
    card = _card(examples, len(set(groups)), reached)
    artefact = fitting.tempered(fitting.fit(counted, labels, weights, card), by)
    told(steps, steps)
    return Trained(
        model=encode(artefact),
        figures=reached,
        card=card,
        temperature=by,
        unmeasured=tuple(sorted(set(known.tolist()) - set(measured))),
    )


def _measurable(labels: Texts, folds: NDArray[np.int_]) -> list[str]:
    """The labels that some fold can be asked for after the others have taught it."""
    found = [str(one) for one in np.unique(labels) if len(set(folds[labels == one])) > 1]
    if len(found) < 2:
        raise Stop(
            "至少要有两种标签各有两条内容不同的留言，才能训练并检验；请补充样本。",
            "Two labels must have two different messages each, to learn from one and be measured "
            "on another; add examples.",
            2,
        )
    return found


def _answers(labels: Texts, chances: fitting.Floats, known: Texts) -> list[Answer]:
    order = np.argsort(-chances, axis=1, kind="stable")
    return [
        Answer(str(label), str(known[best]), float(row[best]), str(known[second]))
        for label, row, (best, second) in zip(labels, chances, order[:, :2], strict=True)
    ]


def _card(examples: Sequence[Example], different: int, reached: Figures) -> dict[str, Any]:
    """What a model says of itself: what it has learned from, and what it reached unseen."""
    return {
        "examples": len(examples),
        "different": different,
        "labels": dict(sorted(Counter(example.label for example in examples).items())),
        "cross_validation": asdict(reached),
    }
