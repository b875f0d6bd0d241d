"""The packaged classifier and what the city has learned since, together. Pure.

The city's own model is a classifier like any other, trained on what its people decided alone. How far
it is believed beside the packaged one stands in its card, and was chosen on messages it had not seen.
"""

from __future__ import annotations

from collections.abc import Mapping

from casework.routing.artefact import ModelError
from casework.routing.classifier import Classifier

SHARE = "share"
"""In the card of a city's model: how far it is believed, 0..1."""


def load(data: bytes) -> Classifier:
    """A city's model. Raises ModelError for what is none, is damaged, or does not say its share."""
    model = Classifier.load(data)
    share = model.card.get(SHARE)
    if not isinstance(share, float) or not 0 < share <= 1:
        raise ModelError(
            "这不是城市自学的模型，请用 lianxin routing learn 训练。",
            "This is no model that a city has learned; make one with lianxin routing learn.",
        )
    return model


def blended(
    packaged: Mapping[str, float], city: Classifier | None, title: str, body: str
) -> dict[str, float]:
    """How likely each category is; together what `packaged` is together (1, or less in doubt).

    A category that only one of the two knows keeps that one's share.
    """
    if city is None:
        return dict(packaged)
    share, whole = float(city.card[SHARE]), sum(packaged.values())
    found = {label: (1 - share) * chance for label, chance in packaged.items()}
    for label, chance in city.probabilities(title, body).items():
        found[label] = found.get(label, 0.0) + share * whole * chance
    return found
