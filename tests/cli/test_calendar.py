"""`lianxin calendar`: a year is checked, compared with the present one, and entered into a city."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework import runtime
from casework.clock.calendar import YEARS, Calendar
from casework.store.settings import read_rules, write_city
from casework.store.table import Table
from infra.cli import years
from infra.cli.app import app
from infra.cli.client import doors
from infra.cli.saying import Stop
from infra.local.city import LocalCity
from tests.support.world import yunting

ZONE = "Asia/Shanghai"
Write = Callable[..., str]


def lianxin(*arguments: str) -> str:
    """What `lianxin calendar` prints. Raises what it raises."""
    said = CliRunner().invoke(app, ["calendar", *arguments], catch_exceptions=False)
    assert said.exit_code == 0
    return said.output


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the calendar of a year as it is packaged, or a plain one, with changes; its path."""

    def made(year: int = 2027, name: str = "", **changes: Any) -> str:
        packaged = YEARS / f"{year}.json"
        document = {"year": year, "holidays": {f"{year}-01-03": "元旦"}, "workdays": {}}
        if packaged.exists():
            document = json.loads(packaged.read_text("utf-8"))
        document |= {"provisional": False, "source": "市政府通知"} | changes
        file = tmp_path / (name or f"{year}.json")
        file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return str(file)

    return made


class TestChecking:
    def test_says_which_days_would_be_worked_and_which_free(self, write: Write) -> None:
        days = {"2027-10-01": "国庆节", "2027-10-04": "国庆节", "2027-10-05": "国庆节"}
        said = lianxin("check", write(holidays=days, workdays={"2027-10-09": "国庆节"}))

        assert "年历有效：2027 年，" in said
        assert "Valid: 2027, 259 working days" in said
        assert "由暂定转为正式 provisional no more: 2027" in said
        assert "改为放假 become days off: 2027: 10-04–10-05" in said
        working = next(line for line in said.splitlines() if "改为上班" in line)
        assert "01-01" in working, "the notice leaves it out"
        assert working.endswith("10-09")

    def test_says_when_nothing_would_change(self, write: Write) -> None:
        assert "与现有年历相同" in lianxin("check", write(2026))

    def test_takes_several_years_in_any_order(self, write: Write) -> None:
        said = lianxin("check", write(2037), write(2036))

        assert "新增年份 new years: 2036, 2037" in said

    def test_says_how_far_the_calendar_is_known(self, write: Write) -> None:
        said = lianxin("check", write(2036))

        assert "年历已知至 2036-12-31" in said
        assert "known to 2036-12-31" in said
        assert "enter the years that follow" not in said

    def test_and_when_that_is_not_far_enough(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Later(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Later:
                return cls(2035, 1, 1, tzinfo=tz)

        monkeypatch.setattr(years, "datetime", Later)
        said = lianxin("check", write(2027))

        assert "还有 364 天" in said
        assert "不足 400 天" in said
        assert "under 400: enter the years that follow" in said

    def test_says_what_would_be_provisional_again(self, write: Write) -> None:
        said = lianxin("check", write(2026, provisional=True))

        assert "由正式改回暂定 provisional again: 2026" in said

    def test_marks_a_year_without_notice(self, write: Write) -> None:
        assert "2027 年（暂定）" in lianxin("check", write(provisional=True))

    def test_names_the_fault_of_every_file(self, write: Write) -> None:
        both = write(2026, workdays={"2026-10-01": "国庆节"})
        elsewhere = write(2027, holidays={"2026-12-31": "元旦"})
        unsourced = write(2025, source=" ")

        with pytest.raises(Stop) as stopped:
            lianxin("check", both, elsewhere, unsourced)

        said = str(stopped.value)
        assert "2026.json：2026-10-01 既是节假日又是调休上班日" in said
        assert "2026.json: 2026-10-01 is both a holiday and a working day" in said
        assert "2027.json：holidays 中的 2026-12-31 不在 2027 年" in said
        assert "2025.json: name the notice it follows in source" in said
        assert stopped.value.code == 1

    def test_refuses_a_gap_of_years_and_two_of_one(self, write: Write) -> None:
        with pytest.raises(Stop, match="补充 2036 年"):
            lianxin("check", write(2037))
        with pytest.raises(Stop, match="2027 年的年历有两份"):
            lianxin("check", write(2027), write(2027, "again.json"))

    @pytest.mark.parametrize("text", ["", "{", "[1]", '"2027"', "\ufeff{}"])
    def test_refuses_what_is_no_calendar(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "2027.json"
        file.write_text(text, "utf-8")

        with pytest.raises(Stop, match="JSON"):
            lianxin("check", str(file))

    def test_refuses_a_day_that_stands_there_twice(self, tmp_path: Path) -> None:
        file = tmp_path / "2027.json"
        file.write_text('{"holidays": {"2027-10-01": "国庆节", "2027-10-01": "中秋节"}}', "utf-8")

        with pytest.raises(Stop, match="2027-10-01 写了两次"):
            lianxin("check", str(file))

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(Stop, match="没有文件") as stopped:
            lianxin("check", str(tmp_path / "nowhere.json"))
        assert stopped.value.code == 2


class TestImportingIntoTheLocalStack:
    def test_enters_the_year_and_counts_the_open_cases(
        self, empty_city: LocalCity, write: Write
    ) -> None:
        today = empty_city.clock().year
        doors(empty_city.port).file({"text": "路灯不亮。", "kind": "help"}, "counted")

        said = lianxin("import", write(today), "--port", str(empty_city.port))

        assert f"已录入 {today} 年的年历" in said
        assert "1 件未结诉求中，0 件的到期日可能变动" in said
        assert "Of 1 open cases, dates of 0 may move." in said
        assert "约 10 分钟内按新年历自动重新计时" in said
        assert "counted anew by themselves within about ten minutes" in said

    def test_the_city_reads_the_new_year(self, empty_city: LocalCity, write: Write) -> None:
        lianxin("import", write(workdays={"2027-10-09": "国庆节"}), "--port", str(empty_city.port))

        assert _calendar(runtime.world().settings_table).is_working(date(2027, 10, 9))

    def test_a_year_is_provisional_again_only_if_that_is_said(
        self, empty_city: LocalCity, write: Write
    ) -> None:
        file, port = write(2026, provisional=True), str(empty_city.port)

        with pytest.raises(Stop, match="--provisional-again"):
            lianxin("import", file, "--port", port)
        said = lianxin("import", file, "--port", port, "--provisional-again")

        assert "由正式改回暂定 provisional again: 2026" in said

    @pytest.mark.parametrize("fault", [{"year": 2039}, {"source": ""}])
    def test_a_faulty_year_changes_nothing(
        self, empty_city: LocalCity, write: Write, fault: dict[str, object]
    ) -> None:
        settings = runtime.world().settings_table
        before = settings.partition("settings")

        with pytest.raises(Stop, match="请"):
            lianxin("import", write(**fault), "--port", str(empty_city.port))

        assert settings.partition("settings") == before

    def test_without_a_running_stack_it_says_how_to_start_it(self, write: Write) -> None:
        with pytest.raises(Stop, match="lianxin local"):
            lianxin("import", write(), "--port", "9")


class TestImportingIntoADeployment:
    def test_enters_the_year(self, settings: Table, write: Write) -> None:
        write_city(settings, yunting())

        said = lianxin("import", write(2036), "--table", "settings")

        assert "新增年份 new years: 2036" in said
        assert "--cases" in said, "how to see how many cases it may move"
        assert "within about ten minutes" in said
        assert _calendar(settings).last == date(2036, 12, 31)

    def test_a_year_with_its_notice_is_provisional_again_only_if_that_is_said(
        self, settings: Table, write: Write
    ) -> None:
        write_city(settings, yunting())
        file = write(2026, provisional=True)

        with pytest.raises(Stop, match="--provisional-again"):
            lianxin("import", file, "--table", "settings")
        assert not _calendar(settings).provisional(date(2026, 12, 1))

        lianxin("import", file, "--table", "settings", "--provisional-again")
        assert _calendar(settings).provisional(date(2026, 12, 1))

    def test_a_check_compares_with_what_was_entered(self, settings: Table, write: Write) -> None:
        write_city(settings, yunting())
        file = write(2036)
        lianxin("import", file, "--table", "settings")

        assert "与现有年历相同" in lianxin("check", file, "--table", "settings")

    def test_a_city_without_a_catalogue_is_sent_to_load_one(
        self, settings: Table, write: Write
    ) -> None:
        with pytest.raises(Stop, match="lianxin city load"):
            lianxin("import", write(), "--table", "settings")
        assert settings.partition("settings") == []

    def test_a_table_that_is_not_there_is_one_sentence(self, settings: Table, write: Write) -> None:
        with pytest.raises(Stop, match="check its name, AWS_REGION and AWS_PROFILE"):
            lianxin("import", write(), "--table", "nowhere")


def _calendar(settings: Table) -> Calendar:
    return read_rules(settings, ZONE).calendar
