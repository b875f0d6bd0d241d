"""The classifier at run time: any text gets probabilities, and a label gets its reasons."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from math import log, sqrt
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.routing.artefact import ZERO, Artefact, Table
from casework.routing.classifier import Classifier
from casework.routing.features import HEAD, MOST, READ, grams

LABELS = ("交通", "教育", "环境")
TEXTS = st.text(max_size=300) | st.text("路灯学校污水 \n，😀aA１", max_size=300)


def table(weights: Mapping[str, tuple[int, ...]], unit: float = 0.1, least: float = 1.0) -> Table:
    """A part of a model: n-grams with a weight for each label, all of one scale."""
    rows = bytes(ZERO + weight for row in weights.values() for weight in row)
    return Table(tuple(weights), bytes([100] * len(weights)), rows, unit, least)


@pytest.fixture(scope="module")
def model() -> Classifier:
    text = {
        "公交": (60, -30, -30),
        "学校": (-30, 60, -30),
        "学": (0, 20, -20),
        "污水": (-40, -20, 60),
    }
    head = {"公交": (50, -25, -25), "臭": (-10, -10, 20)}
    return Classifier(Artefact(LABELS, (0.2, 0.0, -0.2), table(text), table(head), {}))


def best(model: Classifier, title: str, body: str) -> str:
    found = model.probabilities(title, body)
    return max(found, key=lambda label: found[label])


class TestProbabilities:
    @pytest.mark.parametrize(
        ("title", "body", "label"),
        [
            ("公交太少", "等了很久", "交通"),
            ("", "学校门口", "教育"),
            ("求助", "河里有污水", "环境"),
            ("", "學校門口", "教育"),  # traditional characters
            ("", "学 校\n门口", "教育"),  # laid out with blanks
            ("", "污。。水！！", "环境"),  # signs between
            ("", "学校" * 2500, "教育"),  # 5 000 characters
        ],
    )
    def test_go_to_the_label_that_the_words_speak_for(
        self, model: Classifier, title: str, body: str, label: str
    ) -> None:
        assert best(model, title, body) == label

    @given(TEXTS, TEXTS)
    @example("", "")
    @example("😀🎉", "🚌" * 3000)
    @example("ﷺ" * 3000, "\ud800\x00")
    @example("", "污水" * 50_000)
    def test_are_given_for_any_text_and_sum_to_one(
        self, model: Classifier, title: str, body: str
    ) -> None:
        found = model.probabilities(title, body)
        assert tuple(found) == LABELS
        assert all(0 <= one <= 1 for one in found.values())
        assert sum(found.values()) == pytest.approx(1)

    @pytest.mark.parametrize("text", ["", "😀🎉", "？？！", "nothing known here"])
    def test_are_the_priors_where_nothing_is_known(self, model: Classifier, text: str) -> None:
        found = model.probabilities("", text)
        assert log(found["交通"] / found["教育"]) == pytest.approx(0.2)
        assert log(found["教育"] / found["环境"]) == pytest.approx(0.2)

    def test_follow_the_roots_of_counts_over_the_length_of_the_message(
        self, model: Classifier
    ) -> None:
        """Given four times 污水 and once 学校: roots 2 and 1, length √5; 学 counts too."""
        found = model.probabilities("题", "污水" * 4 + "学校")
        scale = 0.1 * 16 / (sqrt(4 + 1 + 1) * 100)
        education = scale * (60 + 20 - 2 * 20)
        nature = scale * (-30 - 20 + 2 * 60) - 0.2
        assert log(found["环境"] / found["教育"]) == pytest.approx(nature - education)

    def test_do_not_depend_on_how_many_labels_are_summed_beside(self) -> None:
        """Two hundred labels in one sum: no label's field runs over into the next."""
        labels = tuple(f"{number:04d}" for number in range(200))
        weights = tuple(127 if number % 2 else -127 for number in range(200))
        part = table({"污": weights, "水": weights, "污水": weights})
        model = Classifier(Artefact(labels, (0.0,) * 200, part, part, {}))
        found = model.probabilities("", "污水" * READ)
        assert max(found.values()) == pytest.approx(1 / 100, rel=1e-6)
        assert len({round(one, 12) for one in found.values()}) == 2

    def test_of_a_text_with_next_to_nothing_known_are_near_the_priors(self) -> None:
        """Given an x, which the head counts again, and a model whose messages were all longer."""
        timid, bold = (
            Classifier(Artefact(("a", "b"), (0.0, 0.0), part, table({}), {}))
            for part in (
                table({"x": (100, -100)}, least=1000.0),
                table({"x": (100, -100)}, least=1.0),
            )
        )
        odds = [log((p := one.probabilities("", "x y z"))["a"] / p["b"]) for one in (timid, bold)]
        assert odds[1] == pytest.approx(odds[0] * 1000 / (100 * sqrt(2)))


class TestReasons:
    def test_are_the_words_that_speak_for_the_label_weightiest_first(
        self, model: Classifier
    ) -> None:
        found = model.reasons("", "学校旁边有污水，坐公交去看", "教育")
        assert [one.words for one in found] == ["学校"]
        assert found[0].weight > 0

    def test_a_longer_word_stands_for_those_within_it(self, model: Classifier) -> None:
        """学 speaks for 教育 too; it is told once, within 学校."""
        whole, alone = (model.reasons("题", text, "教育") for text in ("学校", "学"))
        assert [one.words for one in whole] == ["学校"]
        assert [one.words for one in alone] == ["学"]

    def test_the_head_counts_as_its_own(self, model: Classifier) -> None:
        ahead, behind = (
            model.reasons(title, "公交", "交通")[0].weight for title in ("公交", "别的")
        )
        assert ahead > behind

    @given(TEXTS, TEXTS, st.sampled_from(LABELS), st.integers(0, 5))
    def test_stand_in_the_text_and_share_no_character(
        self, model: Classifier, title: str, body: str, label: str, limit: int
    ) -> None:
        found = model.reasons(title, body, label, limit)
        assert len(found) <= limit
        assert all(one.words in grams(title, body).text and one.weight > 0 for one in found)
        said = "".join(one.words for one in found)
        assert len(set(said)) == sum(len(set(one.words)) for one in found)
        assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)

    def test_of_an_unknown_label_are_refused(self, model: Classifier) -> None:
        with pytest.raises(ValueError, match="tuple"):
            model.reasons("", "学校", "农业")


class TestWhatIsSeen:
    def test_are_characters_pairs_and_threes_the_head_counted_twice(self) -> None:
        found = grams("路灯", "不亮")
        assert found.head == {"路": 1, "灯": 1, "路灯": 1}
        once, twice = {"不", "亮", "灯不", "不亮", "路灯不", "灯不亮"}, {"路", "灯", "路灯"}
        assert found.text == dict.fromkeys(once, 1) | dict.fromkeys(twice, 2)

    def test_the_beginning_stands_in_for_a_missing_title(self) -> None:
        body = "".join(chr(0x4E00 + number) for number in range(100))
        assert {one for one in grams("", body).head if len(one) == 1} == set(body[:HEAD])

    @given(TEXTS, TEXTS)
    def test_are_the_same_whatever_blanks_and_signs_stand_between(
        self, title: str, body: str
    ) -> None:
        spaced = "，".join(body[:200])
        assert grams(title, body[:200]).text.keys() == grams(title, spaced).text.keys()

    @given(st.integers(0, 20_000))
    def test_are_bounded_however_long_the_text(self, length: int) -> None:
        found = grams("ﷺ" * length, "水" * length)
        assert sum(found.text.values()) <= 3 * READ + 3 * READ
        assert len(found.text) <= 3 * READ


def test_a_hundred_thousand_characters_take_hardly_longer_than_two_thousand(
    model: Classifier,
) -> None:
    text = "".join(chr(0x4E00 + number % 5000) for number in range(100_000))

    def spent(body: str) -> float:
        took = []
        for _ in range(5):
            began = process_time()
            model.probabilities("", body)
            took.append(process_time() - began)
        return min(took)

    assert spent(text) < 3 * spent(text[:READ]) + 0.001


def test_it_imports_nothing_but_the_standard_library() -> None:
    """A function pays for what it imports at every cold start."""
    layer = str(Path(sys.modules["casework"].__path__[0]).parent)
    code = (
        f"import sys; sys.path.insert(0, {layer!r}); import casework.routing.classifier;"
        "print([m for m in ('numpy', 'scipy', 'sklearn', 'jieba', 'pydantic') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "[]"


def test_counts_beyond_a_byte_count_no_more(model: Classifier) -> None:
    often, oftener = (model.probabilities("题", "污水" * n) for n in (MOST, MOST + 300))
    assert often["环境"] == pytest.approx(oftener["环境"], rel=1e-6)
