"""Messages of a board driven through the running stack, each to its end, and nothing twice."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.cli import life, replay
from infra.cli.life import Life, rated
from infra.cli.messages import Message, read_messages
from infra.cli.saying import Stop
from infra.local.city import LocalCity
from infra.local.inventory import take
from infra.local.issuer import Issuer
from infra.local.people import Doors
from schemas.base import TEXT_LIMIT, TITLE_LIMIT

COLUMNS = ("id", "user", "title", "time", "body", "reply", "reply_time")
MATTERS = [
    ("路灯不亮", "幸福巷的路灯已经三天不亮，老人晚上出门看不清路，请派人来修。"),
    ("供水发黄", "自来水从昨天开始发黄，烧开了还有一股味道，请供水公司来查。"),
    ("夜间施工噪声", "工地半夜还在打桩，楼里的孩子没法睡觉，请管一管夜间施工。"),
    ("公交改线", "能不能让公交车在医院门口多设一站？老人看病下车要走很远。"),
    ("", "有一件事想请教，不知道该找哪个部门，先写在这里。"),
    ("物业收费", "物业说停车费下个月翻倍，没有征求业主意见，这样合理吗？"),
]


def board(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**dict.fromkeys(COLUMNS, ""), **row} for row in rows)
    return path


def row(number: int, **changes: str) -> dict[str, str]:
    title, body = MATTERS[number % len(MATTERS)]
    said = {
        "id": f"s{number}",
        "user": f"u{number % 5}",
        "title": title,
        "time": "2026/4/1 9:00:00",
        "body": f"\n\t\t\n\t\t{body}",
        "reply": f"您好，已经办理，答复第 {number} 号。",
        "reply_time": "2026/4/9 9:00:00",
    }
    return said | changes


def counts(said: str) -> dict[str, int]:
    """The figures of the summary, without the time that it took."""
    cells = (line.strip("│ ").split("│") for line in said.splitlines() if line.startswith("│"))
    found = {name.strip(): int(figure) for name, figure in cells}
    del found["用时（秒）· seconds"]
    return found


@pytest.mark.slow
class TestReplaying:
    @pytest.fixture(scope="class")
    @classmethod
    def messages(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        # With these ids every answer of citizens occurs, a third handling included.
        rows = [row(number) for number in range(40)]
        rows += [row(40, title="长" * 150), row(41, body="长" * 6000, reply="答" * 7000)]
        return board(tmp_path_factory.mktemp("board") / "messages.csv", rows)

    def test_every_message_comes_to_an_end_and_a_second_replay_adds_nothing(
        self, empty_city: LocalCity, messages: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert replay.run(messages, None, empty_city.port) == 0
        first = capsys.readouterr().out
        after_first = take(empty_city.stack)

        assert replay.run(messages, None, empty_city.port) == 0
        second = capsys.readouterr().out
        after_second = take(empty_city.stack)

        assert dict(after_first.states) == {"CLOSED": 42}
        assert after_second.states == after_first.states
        assert after_second.tables == after_first.tables
        for said in (
            "标题过长",
            "正文过长",
            "答复过长",
            "自动派单",
            "人工派单",
            "二次办理后满意",
            "回访说明后办结",
        ):
            assert said in first
        assert counts(first) == counts(second)

    def test_a_limit_takes_the_first_ones(
        self, empty_city: LocalCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = take(empty_city.stack).states.total()
        path = board(tmp_path / "m.csv", [row(n, id=f"other-{n}") for n in range(5)])

        assert replay.run(path, 2, empty_city.port) == 0
        assert take(empty_city.stack).states.total() == before + 2

    def test_an_id_that_comes_back_with_another_text_fails_and_is_named(
        self, empty_city: LocalCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = board(tmp_path / "m.csv", [row(1, id="reused")])
        assert replay.run(path, None, empty_city.port) == 0
        board(path, [row(6, id="reused")])

        assert replay.run(path, None, empty_city.port) == 1
        assert "reused: failed 422" in capsys.readouterr().out


def test_a_case_that_the_stack_does_not_move_is_left_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(life, "PATIENCE", 0.2)

    def asleep(
        method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Any]:
        case = {"case_number": "1", "access_code": "2", "status": "SUBMITTED", "redo": 0}
        return 200, case | {"timeline": [], "notices": []}

    one = Life(Doors(asleep, Issuer.of(tmp_path)), Message("1", "u", "", "text", "reply"))
    one.file()
    ending = one.finish()

    assert (ending.end, ending.good) == ("left_over", False)


def test_citizens_are_of_many_minds_and_the_same_each_time() -> None:
    first = [rated(chance, 1) for chance in range(100)]

    assert first == [rated(chance, 1) for chance in range(100)]
    assert 70 <= sum(one["resolved"] != "no" and one["overall"] >= 3 for one in first) <= 85
    assert any(not one["contacted"] for one in first)
    assert all(one["contacted"] for one in (rated(chance, 2) for chance in range(100)))


class TestReadingMessages:
    def test_padding_goes_and_what_is_too_long_is_shortened_and_counted(
        self, tmp_path: Path
    ) -> None:
        path = board(
            tmp_path / "m.csv",
            [row(0), row(1, title="长" * 101), row(2, body="b" * 5001, reply="r" * 5001)],
        )
        messages, counted = read_messages(path, None)

        assert messages[0].text.startswith("幸福巷")
        assert len(messages[1].title) == TITLE_LIMIT
        assert (len(messages[2].text), len(messages[2].reply)) == (TEXT_LIMIT, TEXT_LIMIT)
        assert dict(counted) == {"title": 1, "body": 1, "reply": 1}

    def test_rows_that_cannot_be_filed_or_answered_are_passed_over_and_counted(
        self, tmp_path: Path
    ) -> None:
        rows = [row(0, id=""), row(1, body="\n\t"), row(2, reply=" "), row(3), row(3)]
        messages, counted = read_messages(board(tmp_path / "m.csv", rows), None)

        assert [message.id for message in messages] == ["s3"]
        assert dict(counted) == {"no_id": 1, "no_body": 1, "no_reply": 1, "repeated": 1}

    def test_a_file_that_is_none_gets_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "other.csv").write_text("a,b\n1,2\n")
        (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xff\x00")

        for name, said in (
            ("none.csv", "There is no file"),
            ("other.csv", "lacks columns"),
            ("picture.csv", "no CSV in UTF-8"),
        ):
            with pytest.raises(Stop, match=said) as stopped:
                read_messages(tmp_path / name, None)
            assert stopped.value.code == 2
