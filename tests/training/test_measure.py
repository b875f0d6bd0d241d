"""The figures, held against what can be reckoned by hand and against scikit-learn's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from infra.training.measure import Answer, Confusion, calibration_error, f1_by_label, figures


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=1))
def test_macro_f1_is_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    found = f1_by_label(pairs)
    true, given_ = zip(*pairs, strict=True)
    assert sum(found.values()) / len(found) == pytest.approx(
        f1_score(true, given_, average="macro")
    )


def test_figures_of_four_answers() -> None:
    found = figures(
        [
            Answer("a", "a", 0.9, "b"),
            Answer("a", "b", 0.6, "a"),
            Answer("b", "b", 0.8, "a"),
            Answer("b", "a", 0.7, "c"),
        ]
    )
    assert (found.rows, found.accuracy, found.first_two) == (4, 0.5, 0.75)
    assert found.f1 == {"a": 0.5, "b": 0.5}
    assert found.confusions == (Confusion("a", "b", 1), Confusion("b", "a", 1))


def test_confidence_that_is_true_has_no_calibration_error() -> None:
    answers = [Answer("a", "a" if number < 8 else "b", 0.8) for number in range(10)]
    assert calibration_error(answers) == pytest.approx(0)


def test_one_who_is_always_sure_and_half_the_time_wrong_is_off_by_half() -> None:
    answers = [Answer("a", "a" if number % 2 else "b", 1.0) for number in range(10)]
    assert calibration_error(answers) == pytest.approx(0.5)
