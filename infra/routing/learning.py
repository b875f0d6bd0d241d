"""Learning from what a city's people decided: a small model of its own beside the packaged one.

Packaged texts are not at hand, so nothing is trained anew: the city's model learns from the city's
examples alone and is mixed with the packaged one (`casework.routing.learned`). How far it is believed
is chosen by the likelihood of messages that it has not seen, and what that brings is measured on
others again: no figure is of messages that anything was chosen on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casework.learning import Lesson
from casework.routing.artefact import encode
from casework.routing.features import grams
from casework.routing.learned import SHARE
from infra.training import fitting
from infra.training.examples import Example
from infra.training.folds import deal, near_duplicates
from infra.training.train import FOLDS, Ints, unseen

FEWEST = 50
"""Lessons below which nothing is learned: a few cases would say more than they know."""
WEIGHTS = 300_000
"""Bytes of weights that fit into an item of the settings table, with their n-grams."""
SHARES = tuple(round(0.05 * step, 2) for step in range(20))
"""How far the city's model may be believed. Never alone: it knows its own examples only."""
LEAST = 1e-6
"""The least that a category is held for likely."""

Base = Callable[[str, str], Mapping[str, float]]
"""The packaged answer: how likely each category is for a title and a body."""
Told = Callable[[int, int], None]
Floats = NDArray[np.float64]


class TooFewError(Exception):
    """There is too little to learn from: `lessons`, of `categories` with two different messages."""

    def __init__(self, lessons: int, categories: int) -> None:
        super().__init__(f"{lessons} lessons, {categories} categories with two different messages")
        self.lessons, self.categories = lessons, categories


@dataclass(frozen=True)
class Reached:
    """What is right on messages that nothing was learned from."""

    accuracy: float
    likelihood: float
    """The mean logarithm of the probability that the right category was given; higher is better."""


@dataclass(frozen=True)
class Flip:
    """A message whose category would be another now."""

    number: str
    right: str
    before: str
    after: str


@dataclass(frozen=True)
class Learned:
    """A city's model and what it changes; `by_category`: lessons, right before, right after."""

    model: bytes | None
    """None where the packaged model is better alone."""
    share: float
    lessons: int
    before: Reached
    after: Reached
    by_category: Mapping[str, tuple[int, int, int]]
    flips: tuple[Flip, ...]

    @property
    def better(self) -> bool:
        """Whether it may be put in force without a person's word."""
        return self.model is not None and self.after.accuracy >= self.before.accuracy


def learn(lessons: Sequence[Lesson], packaged: Base, told: Told = lambda done, of: None) -> Learned:
    """Learn from lessons and show, on those left out, what it changes. Deterministic.

    Raises TooFewError.
    """
    examples = [Example(one.title, one.body, one.category) for one in lessons]
    labels = np.array([example.label for example in examples])
    groups = near_duplicates(examples)
    several = sum(len(set(groups[labels == label])) > 1 for label in set(labels))
    if len(lessons) < FEWEST or several < 2:
        raise TooFewError(len(lessons), several)
    folds, steps = deal(labels, groups, FOLDS), FOLDS + 2
    counted = fitting.count([grams(one.title, one.body) for one in examples])
    own = unseen(examples, counted, folds, lambda done, of: told(done, steps), WEIGHTS)
    known = sorted(set(labels.tolist()))
    answered = [packaged(one.title, one.body) for one in examples]
    names = sorted({*known, *(label for answer in answered for label in answer)})
    right = np.searchsorted(names, labels)
    by = fitting.temperature(own, np.searchsorted(known, labels))
    city = np.zeros((len(examples), len(names)))
    city[:, np.searchsorted(names, known)] = fitting.softened(own, by)
    base = np.array([[answer.get(name, 0.0) for name in names] for answer in answered])
    base = np.maximum(base, LEAST)
    told(FOLDS + 1, steps)
    before, after = _chosen(base, right), _chosen(_measured(base, city, right, folds), right)
    share = _share(base, city, right)
    model = None
    if share:
        weights, card = np.ones(len(examples)), _card(examples, share)
        fitted = fitting.fit(counted, labels, weights, card, WEIGHTS)
        model = encode(fitting.tempered(fitted, by))
    told(steps, steps)
    return Learned(
        model=model,
        share=share,
        lessons=len(lessons),
        before=before.reached,
        after=after.reached,
        by_category=_by_category(labels, before.best == right, after.best == right),
        flips=tuple(
            Flip(lessons[row].number, str(labels[row]), names[before.best[row]], names[new])
            for row, new in enumerate(after.best)
            if new != before.best[row]
        ),
    )


def _share(base: Floats, city: Floats, right: Ints) -> float:
    """How far to believe the city's model; 0 where the packaged one is best alone."""
    rows = np.arange(len(right))
    true, own = base[rows, right], city[rows, right]
    likely = [np.log((1 - share) * true + share * own).mean() for share in SHARES]
    return SHARES[int(np.argmax(likely))]


def _measured(base: Floats, city: Floats, right: Ints, folds: Ints) -> Floats:
    """The mixture, each fold by the share that the others choose."""
    mixed = base.copy()
    for fold in range(FOLDS):
        here, others = folds == fold, folds != fold
        if here.any():
            share = _share(base[others], city[others], right[others])
            mixed[here] = (1 - share) * base[here] + share * city[here]
    return mixed


@dataclass(frozen=True)
class _Chosen:
    best: Ints
    reached: Reached


def _chosen(chances: Floats, right: Ints) -> _Chosen:
    best: Ints = np.argmax(chances, axis=1)
    true = chances[np.arange(len(right)), right]
    return _Chosen(
        best,
        Reached(
            accuracy=round(float((best == right).mean()), 4),
            likelihood=round(float(np.log(true).mean()), 4),
        ),
    )


def _by_category(
    labels: NDArray[np.str_], before: NDArray[np.bool_], after: NDArray[np.bool_]
) -> dict[str, tuple[int, int, int]]:
    return {
        str(label): (len(here), int(before[here].sum()), int(after[here].sum()))
        for label in sorted(set(labels))
        for here in [np.flatnonzero(labels == label)]
    }


def _card(examples: Sequence[Example], share: float) -> dict[str, Any]:
    """What a city's model says of itself."""
    counted = Counter(example.label for example in examples)
    return {SHARE: share, "examples": len(examples), "labels": dict(sorted(counted.items()))}
