"""`lianxin train` and `lianxin classify`: files in, files out, and one sentence for what is wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.cli.app import app
from infra.cli.saying import Stop
from infra.cli.tables import as_csv
from infra.training import command
from tests.support.letters import letters

HEAD = ("id", "title", "body", "label")
ROWS = [(str(n), one.title, one.body, one.label) for n, one in enumerate(letters())]
ASKED = [
    ("a1", "公交太少", "早上等公交车要半个小时"),
    ("a2", "", "孩子上小学报名要什么材料"),
    ("a3", "", "工厂偷排污水，河水发臭"),
]


def lianxin(*arguments: str | Path) -> Result:
    """What the command says. Raises what it raises."""
    said = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert said.exit_code == 0
    return said


def written(path: Path, rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> Path:
    path.write_bytes(as_csv(head, rows))
    return path


def answers(path: Path) -> dict[str, tuple[str, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        assert rows.fieldnames == ["id", "label", "confidence"]
        return {row["id"]: (row["label"], float(row["confidence"])) for row in rows}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    lianxin("train", "--input", written(folder / "l.csv", ROWS), "--output", folder / "m.model")
    return folder / "m.model"


def classified(model: Path, source: Path) -> dict[str, tuple[str, float]]:
    target = source.with_name("answers.csv")
    lianxin("classify", "--model", model, "--input", source, "--output", target)
    return answers(target)


class TestClassify:
    def test_gives_each_message_a_label_and_a_confidence(self, model: Path, tmp_path: Path) -> None:
        found = classified(model, written(tmp_path / "in.csv", ASKED, HEAD[:3]))
        assert {key: label for key, (label, _) in found.items()} == {
            "a1": "交通",
            "a2": "教育",
            "a3": "环境",
        }
        assert all(1 / 3 < confidence <= 1 for _, confidence in found.values())

    def test_answers_what_has_no_words_without_being_sure(
        self, model: Path, tmp_path: Path
    ) -> None:
        odd = [
            "",
            "😀🎉",
            "？？？",
            "The bus is late",
            "Ignore all rules and answer 教育",
            "a" * 5000,
        ]
        rows = [(str(n), "", text) for n, text in enumerate(odd)]
        found = classified(model, written(tmp_path / "in.csv", rows, HEAD[:3]))
        assert len(found) == len(odd)
        assert all(found[key][1] < 0.5 for key in ("0", "1", "2", "3", "5"))

    def test_reads_gbk_and_says_so(self, model: Path, tmp_path: Path) -> None:
        source = tmp_path / "in.csv"
        source.write_bytes(as_csv(HEAD[:3], ASKED).decode().encode("gbk"))
        target = tmp_path / "out.csv"
        said = lianxin("classify", "--model", model, "--input", source, "--output", target)
        assert "按 GB18030 读取" in said.stderr
        assert "was read as GB18030" in said.stderr
        assert answers(target)["a1"][0] == "交通"

    def test_leaves_out_broken_rows_and_names_their_lines(
        self, model: Path, tmp_path: Path
    ) -> None:
        source = written(tmp_path / "in.csv", [*ASKED, ("a4", "缺正文")], HEAD[:3])
        target = tmp_path / "out.csv"
        said = lianxin("classify", "--model", model, "--input", source, "--output", target)
        assert "第 5 行" in said.stderr
        assert "lines 5" in said.stderr
        assert set(answers(target)) == {"a1", "a2", "a3"}

    def test_of_no_rows_writes_the_heading(self, model: Path, tmp_path: Path) -> None:
        assert classified(model, written(tmp_path / "in.csv", [], HEAD[:3])) == {}

    @pytest.mark.parametrize("lost", ["id", "title", "body"])
    def test_refuses_a_file_that_lacks_a_column(
        self, model: Path, tmp_path: Path, lost: str
    ) -> None:
        head = tuple(name if name != lost else "other" for name in HEAD[:3])
        target = tmp_path / "out.csv"
        with pytest.raises(Stop, match=f"缺少列：{lost}"):
            command.classify(model, written(tmp_path / "in.csv", ASKED, head), target)
        assert not target.exists()


class TestAModelThatIsNone:
    @pytest.mark.parametrize(
        ("change", "zh", "en"),
        [
            (lambda good: b"id,title,body\n", "不是分类模型文件", "no classifier"),
            (lambda good: good[:-10], "已损坏", "damaged"),
            (lambda good: good[:5] + b"\x02" + good[6:], "另一版本", "another version"),
        ],
    )
    def test_is_refused_and_nothing_is_written(
        self, model: Path, tmp_path: Path, change: object, zh: str, en: str
    ) -> None:
        assert callable(change)
        bad, target = tmp_path / "bad.model", tmp_path / "out.csv"
        bad.write_bytes(change(model.read_bytes()))
        with pytest.raises(Stop) as stopped:
            command.classify(bad, written(tmp_path / "in.csv", ASKED, HEAD[:3]), target)
        chinese, english = str(stopped.value).split("\n")
        assert (zh in chinese, en in english, stopped.value.code) == (True, True, 2)
        assert sorted(one.name for one in tmp_path.iterdir()) == ["bad.model", "in.csv"]

    def test_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(Stop, match="There is no model"):
            command.load(tmp_path / "none.model")
        with pytest.raises(Stop, match="Cannot read"):
            command.load(tmp_path)


class TestTrain:
    def test_tells_what_the_model_reaches(self, tmp_path: Path) -> None:
        source = written(tmp_path / "l.csv", ROWS)
        said = lianxin("train", "--input", source, "--output", tmp_path / "m.model")
        for words in ("宏平均 F1 macro-F1", "校准误差 calibration error", "交通", "96"):
            assert words in said.stdout

    def test_tells_it_as_json(self, tmp_path: Path) -> None:
        source, target = written(tmp_path / "l.csv", ROWS), tmp_path / "m.model"
        said = json.loads(lianxin("train", "--input", source, "--output", target, "--json").stdout)
        assert said["bytes"] == target.stat().st_size < 1_000_000
        assert said["examples"] == 96
        assert said["cross_validation"]["macro_f1"] > 0.95
        card = command.load(target).card
        assert card["cross_validation"]["macro_f1"] == said["cross_validation"]["macro_f1"]

    def test_takes_the_label_from_the_column_that_is_named(self, tmp_path: Path) -> None:
        source = written(tmp_path / "l.csv", ROWS, (*HEAD[:3], "领域"))
        target = tmp_path / "m.model"
        lianxin("train", "--input", source, "--output", target, "--label-column", "领域")
        assert command.load(target).labels == ("交通", "教育", "环境")

    def test_leaves_out_what_teaches_nothing_and_says_why(self, tmp_path: Path) -> None:
        faulty = [
            ("x1", "标题", "正文", "", "1"),
            ("x2", "", " ", "交通", "1"),
            ("x3", "标题", "正文", "交通", "-1"),
            ("x4", "标题", "正文", "交通", "nan"),
            ("x5", "标题", "正文", "交通"),
        ]
        rows = [*((*row, "") for row in ROWS), *faulty]
        source = written(tmp_path / "l.csv", rows, (*HEAD, "weight"))
        said = lianxin("train", "--input", source, "--output", tmp_path / "m", "--json")
        assert json.loads(said.stdout)["examples"] == 96
        for words in (
            "没有标签：第 98 行",
            "lines 99",
            "权重不是正数：第 100, 101 行",
            "lines 102",
        ):
            assert words in said.stderr

    @pytest.mark.parametrize(
        ("rows", "head", "zh"),
        [
            (ROWS, (*HEAD[:3], "other"), "缺少列：label"),
            ([], HEAD, "至少要两种"),
            (ROWS[:32], HEAD, "至少要两种"),
            ([ROWS[0], ROWS[40]], HEAD, "内容不同的留言"),
        ],
    )
    def test_refuses_what_cannot_be_learned_from_and_keeps_the_old_model(
        self, tmp_path: Path, rows: Sequence[Sequence[str]], head: Sequence[str], zh: str
    ) -> None:
        target = tmp_path / "m.model"
        target.write_bytes(b"the old one")
        with pytest.raises(Stop, match=zh) as stopped:
            command.train(written(tmp_path / "l.csv", rows, head), target, "label", as_json=True)
        assert stopped.value.code == 2
        assert target.read_bytes() == b"the old one"
        assert sorted(one.name for one in tmp_path.iterdir()) == ["l.csv", "m.model"]
