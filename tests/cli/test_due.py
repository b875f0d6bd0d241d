"""`lianxin due`: every clock of a policy with its due time and the working that people can check."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework.clock.policy import Policy, preset_text
from infra.cli.app import app
from infra.cli.saying import Stop

GENERAL = "12345-general"


def lianxin(*arguments: str) -> str:
    """What the command prints. Raises what it raises."""
    said = CliRunner().invoke(app, ["due", *arguments], catch_exceptions=False)
    assert said.exit_code == 0
    return said.output


def due(
    start: str, *options: str, kind: str = "help", policy: str = GENERAL
) -> dict[str, dict[str, Any]]:
    """The clocks by name."""
    said = lianxin("--policy", policy, "--kind", kind, "--from", start, "--json", *options)
    return {one["clock"]: one for one in json.loads(said)["clocks"]}


@pytest.fixture
def flat(tmp_path: Path) -> str:
    """A city's own policy: five working days for everything, an hour of work to claim."""
    text = re.sub(r"(?m)(?<=^limit = )\{enquiry.*\}$", '"5WD"', preset_text(), count=1)
    head, claim, rest = text.partition("[clocks.claim]\n")
    file = tmp_path / "own.toml"
    file.write_text(head + claim + rest.replace('"1WD"', '"4WH"', 1), "utf-8")
    return str(file)


class TestDueTimes:
    @pytest.mark.parametrize(
        ("start", "kind", "on", "provisional"),
        [
            ("2026-02-13T10:00:00+08:00", "complaint", "2026-03-12", False),
            ("2026-04-30T23:59:59+08:00", "help", "2026-05-13", False),
            ("2026-09-18T10:00:00+08:00", "enquiry", "2026-09-22", False),
            ("2026-12-25T10:00:00+08:00", "complaint", "2027-01-18", True),
        ],
    )
    def test_are_the_golden_ones(self, start: str, kind: str, on: str, provisional: bool) -> None:
        resolve = due(start, kind=kind)["resolve"]
        assert (resolve["due_on"], resolve["provisional"]) == (on, provisional)

    @pytest.mark.parametrize(
        ("start", "on"), [("2026-02-13", "2026-02-27"), ("2026-09-30", "2026-10-13")]
    )
    def test_follow_the_policy_in_a_file(self, flat: str, start: str, on: str) -> None:
        found = due(f"{start}T10:00:00+08:00", policy=flat)
        assert found["resolve"]["due_on"] == on

    def test_are_instants_of_the_city(self) -> None:
        found = due("2026-02-13T02:00:00Z")
        assert found["resolve"]["due_at"] == "2026-03-03T00:00:00+08:00"  # 24:00 of 03-02
        assert found["dispatch"]["due_at"] == "2026-02-13T12:00:00+08:00"

    def test_are_given_for_every_clock_with_a_limit_for_the_kind(self) -> None:
        clocks = Policy.preset(GENERAL).clocks.values()
        limited = [rule.name for rule in clocks if rule.limit_for("report")]
        assert list(due("2026-02-13T10:00:00+08:00", kind="report")) == limited

    def test_of_a_level_stay_inside_the_promise_to_the_citizen(self) -> None:
        found = due("2026-11-02T10:00:00+08:00", kind="enquiry")  # 3 working days; a level has 5
        assert found["level"]["limit"] == "5WD"
        assert found["level"]["due_at"] == found["resolve"]["due_at"]
        assert found["level"]["working"] == found["resolve"]["working"]

    def test_follow_the_calendars_that_are_given(self, tmp_path: Path) -> None:
        files = []
        for year in (2037, 2036):  # in any order
            file = tmp_path / f"{year}.json"
            document = {
                "year": year,
                "provisional": False,
                "holidays": {f"{year}-01-03": "元旦"},
                "workdays": {},
                "source": "市政府通知",
            }
            file.write_text(json.dumps(document), "utf-8")
            files += ["--calendar", str(file)]
        assert due("2036-12-31T10:00+08:00", *files)["claim"]["due_on"] == "2037-01-01"
        assert due("2037-01-02T10:00+08:00", *files)["claim"]["due_on"] == "2037-01-05"


class TestTheWorking:
    def test_has_each_day_with_its_number_or_why_it_has_none(self) -> None:
        assert due("2026-09-18T10:00+08:00", kind="enquiry")["resolve"]["working"] == [
            {"date": "2026-09-19", "number": None, "reason": "周末"},
            {"date": "2026-09-20", "number": 1, "reason": "国庆节调休上班"},
            {"date": "2026-09-21", "number": 2, "reason": None},
            {"date": "2026-09-22", "number": 3, "reason": None},
        ]

    def test_of_working_hours_says_how_many_minutes_each_day_took(self, flat: str) -> None:
        claim = due("2026-09-18T16:30+08:00", "--lang", "en", policy=flat)["claim"]
        assert claim["due_at"] == "2026-09-20T12:00:00+08:00"
        assert claim["working"] == [
            {"date": "2026-09-18", "number": 1, "reason": None, "minutes": 60},
            {"date": "2026-09-19", "number": None, "reason": "weekend"},
            {
                "date": "2026-09-20",
                "number": 2,
                "reason": "make-up working day for National Day",
                "minutes": 180,
            },
        ]

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("zh", ("办结答复 resolve", "15 个工作日", "2026-10-15 24:00", "第 15 天 10-15",
                    "计入 国庆节调休上班 09-20 10-10", "不计 国庆节 10-01–10-07", "2 小时")),
            ("en", ("Reply resolve", "15 working days", "2026-10-15 24:00", "day 15 10-15",
                    "not National Day 10-01–10-07", "2 hours")),
        ],
    )  # fmt: skip
    def test_is_shown_to_people_in_their_language(
        self, language: str, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "160")
        shown = lianxin(
            *("--policy", GENERAL, "--kind", "complaint", "--lang", language),
            *("--from", "2026-09-18T10:00+08:00"),
        )
        for words in expected:
            assert words in shown


class TestWhatCannotBeCounted:
    @pytest.mark.parametrize(
        ("option", "value", "zh", "en"),
        [
            ("--from", "2026-02-13T10:00", "没有时区", "has no zone"),
            ("--from", "2026-02-13", "没有时区", "has no zone"),
            ("--from", "tomorrow", "不是时间", "is no time"),
            ("--from", "2003-12-31T10:00+08:00", "早于年历的第一天", "before the calendar's first"),
            ("--from", "2035-12-30T10:00+08:00", "请补充所缺年份的年历", "add a calendar"),
            ("--from", "9999-12-31T23:59-08:00", "不是时间", "is no time"),
            ("--kind", "tax", "可用：enquiry, help", "one of enquiry, help"),
            ("--policy", "12345-nowhere", GENERAL, "Packaged: "),
            ("--policy", "nowhere.toml", "也没有这个文件", "no such file"),
            ("--calendar", "nowhere.json", "没有文件", "no file"),
        ],
    )
    def test_is_refused_with_what_to_do(self, option: str, value: str, zh: str, en: str) -> None:
        usual = {"--policy": GENERAL, "--kind": "help", "--from": "2026-02-13T10:00+08:00"}
        with pytest.raises(Stop) as stopped:
            lianxin(*(part for pair in (usual | {option: value}).items() for part in pair))
        chinese, english = str(stopped.value).split("\n")
        assert zh in chinese
        assert en in english
        assert stopped.value.code == 2

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('limit = "2H"', 'limit = "2X"', "clocks.dispatch.limit.any"),
            ('limit = "2H"', 'limit = "-2H"', "clocks.dispatch.limit.any"),
            ('at = "50%"', 'at = "due + 9D"', "ladders.default"),
            ('name = "12345-general"', "name =", "line"),
        ],
    )
    def test_a_broken_policy_is_refused_with_its_place(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        file = tmp_path / "broken.toml"
        file.write_text(preset_text().replace(old, new, 1), "utf-8")
        with pytest.raises(Stop, match=said) as stopped:
            due("2026-02-13T10:00+08:00", policy=str(file))
        assert str(file) in str(stopped.value)
        assert stopped.value.code == 1

    def test_one_that_it_builds_on_is_blamed_by_its_own_name(self, tmp_path: Path) -> None:
        file, base = tmp_path / "ours.toml", tmp_path / "base.toml"
        file.write_text('name = "ours"\nextends = "base"\n', "utf-8")
        base.write_text("clocks = [\n", "utf-8")
        with pytest.raises(Stop) as stopped:
            due("2026-02-13T10:00+08:00", policy=str(file))
        assert str(base) in str(stopped.value)
        assert str(file) not in str(stopped.value)

    def test_one_saved_with_a_byte_order_mark_is_read(self, flat: str) -> None:
        file = Path(flat)
        file.write_text(file.read_text("utf-8"), "utf-8-sig")
        assert due("2026-02-13T10:00+08:00", policy=flat)
