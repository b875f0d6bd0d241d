"""What a classifier reaches: macro-F1, the pairs it confuses, and whether its confidence is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 15
"""Bins of confidence in which calibration is measured."""
PAIRS = 8
"""Confused pairs that are shown."""


@dataclass(frozen=True)
class Answer:
    """A message's true label, the one that was given, how surely, and the second guess."""

    label: str
    given: str
    confidence: float
    second: str | None = None


@dataclass(frozen=True)
class Confusion:
    """How many messages of `label` were taken for `given`."""

    label: str
    given: str
    count: int


@dataclass(frozen=True)
class Figures:
    """What was measured on `rows` messages; `f1` by label, of 0..1 as all shares."""

    rows: int
    macro_f1: float
    accuracy: float
    first_two: float
    calibration_error: float
    f1: dict[str, float]
    confusions: tuple[Confusion, ...]


def figures(answers: Sequence[Answer]) -> Figures:
    """The figures of some answers, of which there must be one at least."""
    right = sum(one.given == one.label for one in answers)
    two = sum(one.label in (one.given, one.second) for one in answers)
    f1 = f1_by_label([(one.label, one.given) for one in answers])
    wrong = Counter((one.label, one.given) for one in answers if one.given != one.label)
    return Figures(
        rows=len(answers),
        macro_f1=round(sum(f1.values()) / len(f1), 4),
        accuracy=round(right / len(answers), 4),
        first_two=round(two / len(answers), 4),
        calibration_error=round(calibration_error(answers), 4),
        f1={label: round(value, 4) for label, value in f1.items()},
        confusions=tuple(
            Confusion(*pair, count)
            for pair, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:PAIRS]
        ),
    )


def f1_by_label(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """F1 of each label that is true or was given, from (true, given); macro-F1 is their mean."""
    true, given = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    both = Counter(one for one, other in pairs if one == other)
    return {
        label: 2 * both[label] / (true[label] + given[label])
        for label in sorted(true.keys() | given.keys())
    }


def calibration_error(answers: Sequence[Answer]) -> float:
    """Expected calibration error: how far confidence lies from the share that is right, on average."""
    bins: dict[int, list[Answer]] = {}
    for one in answers:
        bins.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    gaps = (
        abs(sum(one.confidence - (one.given == one.label) for one in some))
        for some in bins.values()
    )
    return sum(gaps) / len(answers)
