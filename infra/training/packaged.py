"""The models that a router works by, from messages labelled by reading: `lianxin routing train`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from casework.catalogue.city import City
from casework.routing.beliefs import beliefs, together
from infra.training.examples import Example
from infra.training.train import Trained, train

TARGET = 0.95
"""The share of what is dispatched without a person that is to go to an acceptable unit."""
FEWEST = 20.0
"""As many messages a category is thought to have beside its own, right as often as all are: from few
examples alone nobody can tell a threshold."""
LEAST_SURE = 0.6
"""No case goes to a unit on less, however right that was of what was learned from: other texts, above
all short ones, differ, and a unit that is no likelier than all others together is a guess."""
NEVER = 1.01
"""A threshold above all confidence: a person decides."""

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Read:
    """A message as somebody read it: its category, others that would do, and its kind."""

    title: str
    body: str
    code: str
    acceptable: frozenset[str]
    kind: str
    weight: float = 1.0
    kind_weight: float = 1.0


@dataclass(frozen=True)
class Decision:
    """What the router would have found of a message that its model had not learned from."""

    category: str
    confidence: float
    right: bool
    """Whether the unit is one that would do."""


@dataclass(frozen=True)
class Packaged:
    """A model of categories, one of kinds, and from when on the first is believed."""

    category: Trained
    kind: Trained
    thresholds: dict[str, Any]
    decisions: tuple[Decision, ...]


def make(
    read: Sequence[Read],
    city: City,
    told: Told = lambda done, of: None,
    target: float = TARGET,
) -> Packaged:
    """Learn from messages of the city's categories. `target`: see `thresholds`."""
    steps = 16
    category = train(
        [Example(one.title, one.body, one.code, one.weight) for one in read],
        lambda done, of: told(done, steps),
    )
    kind = train(
        [Example(one.title, one.body, one.kind, one.kind_weight) for one in read],
        lambda done, of: told(8 + done, steps),
    )
    decisions = tuple(_decisions(read, category, city))
    names = {code: city.categories[code].name for code in sorted({one.code for one in read})}
    chosen = thresholds(decisions, target) | {"names": names}
    return Packaged(category, kind, chosen, decisions)


def _decisions(read: Sequence[Read], trained: Trained, city: City) -> Iterable[Decision]:
    known = sorted(trained.card["labels"])
    lead = {code: category.lead for code, category in city.categories.items()}
    for one, row in zip(read, trained.unseen, strict=True):
        by_words = beliefs(one.title, one.body, city).shares
        likely = dict(zip(known, map(float, row), strict=True))
        shares = together(likely, by_words, city.categories)
        best = max(shares, key=lambda code: shares[code])
        confidence = sum(share for code, share in shares.items() if lead[code] == lead[best])
        right = lead[best] in {lead[code] for code in {one.code, *one.acceptable} if code in lead}
        yield Decision(best, confidence, right)


def thresholds(decisions: Sequence[Decision], target: float = TARGET) -> dict[str, Any]:
    """The least confidence by category, LEAST_SURE or more, from which on `target` of the decisions
    are right.

    A category with few messages leans on all of them together.
    """
    overall = _curve(decisions)
    default = _least(overall, target)
    by_category: defaultdict[str, list[Decision]] = defaultdict(list)
    for one in decisions:
        by_category[one.category].append(one)
    return {
        "target": target,
        "default": default,
        "categories": {
            code: _least(_curve(found, prior=overall), target)
            for code, found in sorted(by_category.items())
        },
    }


Curve = list[tuple[float, float]]
"""(confidence, share that is right from there on), descending."""


def _curve(decisions: Iterable[Decision], prior: Curve | None = None) -> Curve:
    found: Curve = []
    right = n = 0
    surest_first = sorted(decisions, key=lambda one: -one.confidence)
    for confidence, alike in groupby(surest_first, key=lambda one: one.confidence):
        group = [one.right for one in alike]
        right, n = right + sum(group), n + len(group)
        beside = FEWEST if prior else 0.0
        share = _at(prior, confidence) if prior else 0.0
        found.append((confidence, (right + beside * share) / (n + beside)))
    return found


def _at(curve: Curve, confidence: float) -> float:
    """The share that is right from this confidence on."""
    above = [share for at, share in curve if at >= confidence]
    return above[-1] if above else curve[0][1]


def _least(curve: Curve, target: float) -> float:
    enough = [at for at, share in curve if share >= target]
    return max(round(min(enough), 4), LEAST_SURE) if enough else NEVER
