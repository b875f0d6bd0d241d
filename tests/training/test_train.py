"""Training end to end on invented letters: it learns, is calibrated, and gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from casework.routing.classifier import Classifier
from casework.routing.features import grams
from infra.cli.saying import Stop
from infra.training import fitting
from infra.training.examples import Example, read_examples
from infra.training.folds import deal, near_duplicates
from infra.training.measure import f1_by_label
from infra.training.train import FOLDS, Trained, train
from tests.support.letters import letters

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "messages"


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(letters())


def best(model: Classifier, body: str, title: str = "") -> str:
    found = model.probabilities(title, body)
    return max(found, key=lambda label: found[label])


class TestWhatIsLearned:
    @pytest.mark.parametrize(
        ("body", "label"),
        [
            ("我们这里的公交班次能不能多一点", "交通"),
            ("请问小学报名的材料", "教育"),
            ("工厂晚上排污水，很臭", "环境"),
            ("請問小學報名的材料", "教育"),
        ],
    )
    def test_holds_for_letters_never_seen(self, trained: Trained, body: str, label: str) -> None:
        assert best(Classifier.load(trained.model), body) == label

    def test_is_measured_on_what_was_not_learned_from(self, trained: Trained) -> None:
        assert trained.figures.rows == 96
        assert trained.figures.macro_f1 > 0.95
        assert trained.card["labels"] == {"交通": 32, "教育": 32, "环境": 32}

    def test_labels_that_mean_nothing_are_not_learned(self) -> None:
        """Given labels dealt out by turns: unseen letters are guessed, and surely not at 0.9."""
        turned = [
            Example(one.title, one.body, "甲乙丙"[number % 3])
            for number, one in enumerate(letters())
        ]
        assert train(turned).figures.macro_f1 < 0.6

    def test_gives_its_reasons(self, trained: Trained) -> None:
        said = Classifier.load(trained.model).reasons("", "公交车总是不来", "交通")
        assert "公交" in said[0].words

    def test_is_the_same_to_the_byte_each_time(self, trained: Trained) -> None:
        assert train(letters()).model == trained.model

    def test_says_how_far_it_is(self) -> None:
        heard: list[tuple[int, int]] = []
        train(letters(), lambda done, of: heard.append((done, of)))
        assert [done for done, _ in heard] == list(range(1, heard[0][1] + 1))


class TestWeights:
    def test_a_letter_that_counts_more_bends_the_model(self) -> None:
        """Given one disputed letter, filed twice under two labels."""
        disputed = ("", "学校门口的公交站牌")
        for heavy in ("交通", "教育"):
            more = [
                Example(*disputed, label, 30.0 if label == heavy else 0.1)
                for label in ("交通", "教育")
            ]
            model = Classifier.load(train([*letters(), *more]).model)
            assert best(model, disputed[1]) == heavy


class TestLabels:
    def test_two_are_enough(self) -> None:
        two = [one for one in letters() if one.label != "环境"]
        found = train(two)
        assert found.figures.macro_f1 > 0.95
        model = Classifier.load(found.model)
        assert model.labels == ("交通", "教育")
        assert best(model, "老师周末办补习班") == "教育"
        assert best(model, "出租车拒载") == "交通"

    def test_one_of_a_single_letter_is_learned_and_said_to_be_unmeasured(self) -> None:
        found = train([*letters(), Example("", "祠堂的老戏台要修缮", "文化")])
        assert found.unmeasured == ("文化",)
        assert "文化" not in found.figures.f1
        model = Classifier.load(found.model)
        assert "文化" in model.labels
        assert model.probabilities("", "祠堂的老戏台")["文化"] > 1 / 97

    def test_without_two_letters_each_there_is_nothing_to_measure_by(self) -> None:
        few = [Example("", "公交车不来", "交通"), Example("", "学校收费", "教育")]
        with pytest.raises(Stop, match="two different messages") as stopped:
            train(few)
        assert stopped.value.code == 2

    def test_copies_are_not_two_letters(self) -> None:
        few = [Example("", "公交车不来", "交通")] * 5 + [Example("", "学校乱收费", "教育")] * 5
        with pytest.raises(Stop, match="two different messages"):
            train(few)

    def test_of_any_script_and_with_commas_are_kept(self) -> None:
        renamed = [Example(one.title, one.body, f"{one.label},\n“a”") for one in letters()]
        assert Classifier.load(train(renamed).model).labels[0] == "交通,\n“a”"


class TestNearDuplicates:
    LONG = "小区门口的路灯坏了半个月没有人修，晚上老人出门看不清路，已经有两个人摔倒。"

    def groups(self, *texts: str) -> Sequence[int]:
        found: Sequence[int] = near_duplicates([Example("", one, "a") for one in texts]).tolist()
        return found

    def test_are_one_group_whatever_was_added_or_laid_out(self) -> None:
        other = "学校食堂的饭菜又冷又少，孩子回家喊饿，请教育局来看看食堂承包的情况。"
        found = self.groups(self.LONG, f"您好！{self.LONG}谢谢领导。", " ".join(self.LONG), other)
        assert found[0] == found[1]
        assert found[3] not in found[:3]

    def test_are_one_group_however_many_there_are(self) -> None:
        assert len(set(self.groups(*[self.LONG] * 120))) == 1

    def test_short_letters_are_none_unless_they_are_equal(self) -> None:
        found = self.groups("路灯坏了", "路灯不亮", "路灯坏了", "")
        assert found[0] == found[2]
        assert len(set(found)) == 3

    def test_are_dealt_into_one_fold_and_each_label_evenly(self) -> None:
        labels = np.array(["a"] * 50 + ["b"] * 10)
        groups = np.array([number // 2 for number in range(60)])
        folds = deal(labels, groups, FOLDS)
        assert all(len(set(folds[groups == group])) == 1 for group in groups)
        assert np.bincount(folds[labels == "a"]).tolist() == [10] * 5
        assert np.bincount(folds[labels == "b"]).tolist() == [2] * 5


class TestCalibration:
    def test_one_too_sure_is_softened_until_confidence_is_true(self) -> None:
        """Given answers at 0.99 of which eight in ten are right."""
        chances = np.array([[0.99, 0.01]] * 100)
        right = np.array([0] * 80 + [1] * 20)
        by = fitting.temperature(chances, right)
        assert by > 1
        assert fitting.softened(chances, by)[0, 0] == pytest.approx(0.8, abs=0.02)

    def test_one_that_is_true_is_left(self) -> None:
        chances = np.array([[0.8, 0.2]] * 100)
        right = np.array([0] * 80 + [1] * 20)
        assert fitting.temperature(chances, right) == pytest.approx(1, abs=0.02)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/messages")
def test_a_fit_on_the_seven_domains_reaches_what_the_readme_says() -> None:
    """Without its cross-validation, which takes five times as long."""
    learned, asked = (
        read_examples(SHARED / f"domain7_{name}.csv", "label").usable for name in ("train", "dev")
    )
    counted = fitting.count([grams(one.title, one.body) for one in learned])
    labels = np.array([one.label for one in learned])
    model = Classifier(fitting.fit(counted, labels, np.ones(len(learned)), {}))
    found = f1_by_label([(one.label, best(model, one.body, one.title)) for one in asked])
    assert sum(found.values()) / len(found) >= 0.93
