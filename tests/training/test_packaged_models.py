"""`lianxin routing train`: models and thresholds from messages that somebody has read."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from casework.catalogue.city import City
from casework.catalogue.load import read_city
from infra.cli.saying import Stop

pytest.importorskip("sklearn", reason="training needs scikit-learn (make setup)")

from infra.training import models
from infra.training.packaged import LEAST_SURE, NEVER, Decision, make, thresholds
from infra.training.reading import digest, read_labelled

CITY = Path("infra/city")
COLUMNS = ("id", "title", "body", "code", "kind")
MATTERS = {
    "0205": "路灯不亮 路灯坏了 灯杆 黑漆漆 夜里看不见 照明",
    "0208": "遛狗 不牵绳 大型犬 狗咬人 犬证 流浪狗",
    "0601": "拖欠 工资 老板 讨薪 农民工 血汗钱",
}
KINDS = ("求助", "投诉", "投诉")


def rows() -> list[list[str]]:
    """Messages of our own making, in which each matter has words of its own."""
    found = []
    for code, words in MATTERS.items():
        parts = words.split()
        for n in range(12):
            said = [parts[(n + k) % len(parts)] for k in range(3 + n % 3)]
            end = "请帮帮忙" if n % 3 == 0 else "太不像话了，投诉"
            text = f"{'，'.join(said)}，{end}{n}"
            found.append([f"{code}-{n}", said[0], text, code, KINDS[n % 3]])
    return found


def written(path: Path, lines: list[list[str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(lines)
    return path


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(CITY)


def test_models_are_written_that_the_router_can_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path / "read.csv", rows())
    models.run([source], tmp_path / "models", CITY, precision=0.95, as_json=True)

    figures = json.loads(capsys.readouterr().out)
    assert figures["messages"] == 36
    assert figures["category_accuracy"] > 0.9
    chosen = json.loads((tmp_path / "models" / "thresholds.json").read_text("utf-8"))
    assert set(chosen) == {"target", "default", "categories", "names"}
    assert {one.name for one in (tmp_path / "models").iterdir()} == set(models.FILES)


def test_the_same_messages_give_the_same_models(tmp_path: Path, city: City) -> None:
    read = read_labelled([written(tmp_path / "read.csv", rows())], city)
    first, second = make(read, city), make(read, city)
    assert first.category.model == second.category.model
    assert first.kind.model == second.kind.model
    assert first.thresholds == second.thresholds


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({3: "9999"}, "9999"),
        ({3: ""}, "no category"),
        ({4: "闲聊"}, "闲聊"),
    ],
)
def test_a_wrong_label_is_refused_with_its_line(
    tmp_path: Path, city: City, change: dict[int, str], said: str
) -> None:
    lines = rows()
    for column, value in change.items():
        lines[4][column] = value
    with pytest.raises(Stop, match=f"line 6.*{said}"):
        read_labelled([written(tmp_path / "read.csv", lines)], city)


def test_a_file_that_nobody_has_read_is_refused(tmp_path: Path, city: City) -> None:
    bare = [line[:3] for line in rows()]
    with pytest.raises(Stop, match="no labelled message"):
        read_labelled([written(tmp_path / "read.csv", bare, COLUMNS[:3])], city)


def test_readings_name_messages_by_their_digest_alone() -> None:
    with Path("infra/training/readings.csv").open(encoding="utf-8", newline="") as file:
        readings = list(csv.DictReader(file))
    assert len(readings) == len({one["message"] for one in readings}) == 6400
    assert all(len(one["message"]) == 20 and int(one["message"], 16) >= 0 for one in readings)
    assert digest({"title": " 甲 ", "body": "乙\n"}) == digest({"title": "甲", "body": "乙"})


# -- thresholds ---------------------------------------------------------------------------


def decided(category: str, *found: tuple[float, bool]) -> list[Decision]:
    return [Decision(category, confidence, right) for confidence, right in found]


def test_a_threshold_is_the_least_confidence_from_which_on_enough_is_right() -> None:
    sure = decided("0101", *[(0.9, True)] * 40)
    unsure = decided("0101", *[(0.5, n % 2 == 0) for n in range(40)])
    chosen = thresholds([*sure, *unsure])
    assert chosen["default"] == 0.9
    assert chosen["categories"]["0101"] == 0.9


def test_a_category_that_is_often_wrong_needs_more_than_the_others() -> None:
    good = decided("0101", *[(0.6, True)] * 200)
    bad = decided("0102", *[(0.6, n % 2 == 0) for n in range(30)], *[(0.95, True)] * 30)
    chosen = thresholds([*good, *bad])["categories"]
    assert chosen["0101"] < chosen["0102"] == 0.95


def test_few_examples_lean_on_all_of_them() -> None:
    many = decided("0101", *[(0.7, True)] * 300)
    one = decided("0102", (0.7, True))
    assert thresholds([*many, *one])["categories"]["0102"] == 0.7


def test_nothing_is_dispatched_on_little_belief_however_right_that_was() -> None:
    """Other texts than those that were learned from are right less often at the same confidence."""
    chosen = thresholds(decided("0101", *[(0.1, True)] * 300, *[(0.9, True)] * 300))
    assert chosen["categories"]["0101"] == chosen["default"] == LEAST_SURE


def test_where_nothing_is_right_often_enough_a_person_decides() -> None:
    chosen = thresholds(decided("0101", *[(0.99, n % 2 == 0) for n in range(60)]))
    assert chosen["categories"]["0101"] == chosen["default"] == NEVER
