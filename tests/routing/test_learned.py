"""What a city has learned stands beside the packaged model, as far as its card says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.routing.artefact import ModelError
from casework.routing.learned import blended, load
from tests.support.models import model_of

LAMPS = {"路灯": "0205", "井盖": "0204"}
PACKAGED = {"0204": 0.5, "0203": 0.3}


def test_without_a_model_of_its_own_the_packaged_answer_stays() -> None:
    assert blended(PACKAGED, None, "", "路灯") == PACKAGED


def test_a_citys_model_is_believed_by_its_share() -> None:
    found = blended(PACKAGED, load(model_of(LAMPS, share=0.4)), "", "路灯不亮，路灯坏了")

    assert found["0203"] == pytest.approx(0.6 * 0.3)
    assert found["0205"] == pytest.approx(0.4 * 0.8, rel=0.01), "a category of its own"
    assert sum(found.values()) == pytest.approx(0.8), "as sure together as the packaged one"


@given(st.text(max_size=200), st.floats(0.01, 1.0))
def test_any_text_has_shares_that_stay_together(text: str, share: float) -> None:
    found = blended(PACKAGED, load(model_of(LAMPS, share=share)), "", text)

    assert sum(found.values()) == pytest.approx(0.8)
    assert all(chance >= 0 for chance in found.values())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        model_of(LAMPS)[:-1],
        model_of(LAMPS, share=None),
        model_of(LAMPS, share=0.0),
        model_of(LAMPS, share=1.5),
    ],
    ids=["empty", "no model", "cut off", "a packaged one", "never believed", "too much"],
)
def test_what_is_no_citys_model_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError) as refusal:
        load(data)
    assert refusal.value.zh
    assert refusal.value.en
