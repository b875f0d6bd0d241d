"""What has been learned from examples: the model of categories, and from when on it is believed. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from casework.routing.classifier import Classifier

PACKAGED = Path(__file__).with_name("packaged")
"""The models that come with the package; see MODEL_CARD.md there."""
WORDS_ALONE = 0.8
"""From here on the city's words alone are believed: of 500 real messages 47 %, of which 95 % right."""


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier of categories, and from which confidence on its finding is acted on.

    `thresholds` by category, chosen on examples so that of what is dispatched the target share goes
    to an acceptable unit; `threshold` for the categories with too few examples to tell.
    """

    category: Classifier | None = None
    learned: Classifier | None = None
    """The city's own, beside the other."""
    threshold: float = WORDS_ALONE
    thresholds: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What the categories were called of which the model has learned."""

    def means(self, code: str, name: str) -> bool:
        """Whether a city that calls a category so means by its code what the model does."""
        return self.names.get(code, name) == name

    def enough(self, category: str) -> float:
        """The confidence from which on a case of this category is dispatched without a person."""
        return self.thresholds.get(category, self.threshold)


WORDS = Model()
"""The city's words alone."""


@cache
def packaged() -> Model:
    """The model that comes with the package, read once a process."""
    chosen = json.loads((PACKAGED / "thresholds.json").read_text("utf-8"))
    return Model(
        category=Classifier.load((PACKAGED / "category.model").read_bytes()),
        threshold=chosen["default"],
        thresholds=chosen["categories"],
        names=chosen["names"],
    )


@cache
def packaged_kinds() -> Classifier:
    """The model of kinds of request that comes with the package, read once a process."""
    return Classifier.load((PACKAGED / "kind.model").read_bytes())
