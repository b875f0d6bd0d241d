"""The other commands, and what all of them have in common."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws
from rich.console import Console
from typer.testing import CliRunner

from casework.cases.number import spoken
from casework.store.clients import Clients
from casework.store.dynamo import DynamoTable
from casework.store.settings import read_rules
from infra.cli.app import app, main
from infra.cli.client import doors
from infra.cli.saying import Stop
from infra.cli.show import Page
from infra.local.city import LocalCity
from infra.local.issuer import SIGNED_IN
from infra.local.people import Case
from tests.cli.conftest import ROOT

CITY = ROOT / "infra" / "city"
HEAVY = ("boto3", "moto", "casework", "pydantic", "rich.table", "cryptography", "jwt")


def lianxin(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from infra.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_costs_no_heavy_import() -> None:
    code = (
        "import sys, infra.cli\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "command",
    [[], ["local"], ["token"], ["case"], ["replay"], ["contracts"], ["decisions"],
     ["city"], ["city", "check"], ["city", "load"], ["due"], ["deadlines"], ["deadlines", "replay"],
     ["routing"], ["routing", "check"], ["routing", "try"], ["routing", "learn"],
     ["calendar"], ["calendar", "check"], ["calendar", "import"], ["bench"], ["bench", "calendar"],
     ["bench", "cost"], ["bench", "imports"]],
)  # fmt: skip
def test_every_command_explains_itself_in_both_languages(command: list[str]) -> None:
    said = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"})

    assert said.exit_code == 0
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.output)
    assert "·" in said.output


def test_a_misuse_is_a_sentence_in_each_language_and_exit_code_2() -> None:
    done = lianxin("token", "--role", "officer", "--department", "nirgends")

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().split("\n")) == 2


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        (["token"], "还缺选项 --role", "Missing option '--role'"),
        (["case"], "还缺参数 number", "Missing argument 'number'"),
        (["token", "--rol", "agent"], "没有选项 --rol", "No such option: --rol"),
        (["show"], "没有命令 show", "No such command 'show'"),
        (["case", "1", "--port", "x"], "--port 应为整数", "valid integer"),
        (["case", "1", "--port", "0"], "--port 不能小于 1", "greater than or equal to 1"),
        (["local", "--port", "99999"], "--port 不能大于 65535", "less than or equal to 65535"),
        (["token", "--role", "agent", "--hours", "x"], "--hours 应为数字", "valid number"),
        (["case", "1", "--lang", "de"], "--lang 只能是 'zh', 'en'", "not one of 'zh', 'en'"),
        (["case", "1", "--port"], "选项 --port 后面要有值", "requires an argument"),
        (["token", "--role", "agent", "too"], "多了 too", "unexpected extra argument"),
        (["bench", "cost", "--json=1"], "选项 --json 不带值", "does not take a value"),
    ],
)
def test_what_the_parser_refuses_is_said_in_each_language(
    written: list[str],
    chinese: str,
    english: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["lianxin", *written])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    first, second = said.err.splitlines()
    assert first.startswith(chinese)
    assert english in second
    assert "-h" in first
    assert "-h" in second


def test_a_command_of_several_alone_shows_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lianxin", "bench"])

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert "imports" in said.out
    assert said.err == ""


@pytest.mark.parametrize("command", [["token", "--role"], ["case", "1", "--as"]])
def test_who_names_a_role_that_is_none_gets_the_list_in_each_language(command: list[str]) -> None:
    done = lianxin(*command, "nobody")

    assert done.returncode == 2
    chinese, english = done.stderr.splitlines()
    assert chinese.startswith("没有“nobody”这个角色")
    assert english.startswith("There is no role “nobody”")
    for role in SIGNED_IN:
        assert role in chinese
        assert role in english


def test_who_looks_as_the_citizen_is_asked_for_the_access_code() -> None:
    done = lianxin("case", "1817209355617206", "--as", "citizen")

    assert done.returncode == 2
    assert "--code" in done.stderr


@pytest.fixture(scope="module")
def filed(empty_city: LocalCity) -> Case:
    """A case in the running city, as its citizen knows it."""
    filing = {"text": "路灯不亮。", "kind": "help"}
    receipt = doors(empty_city.port).file(filing, "looked-at")
    return Case(receipt["case_number"], receipt["access_code"])


class TestLookingAtACase:
    @pytest.mark.parametrize("groups", [True, False])
    def test_the_number_is_taken_as_it_is_printed_for_people(
        self, empty_city: LocalCity, filed: Case, groups: bool
    ) -> None:
        number = spoken(filed.number).split() if groups else [filed.number]

        said = CliRunner().invoke(app, ["case", *number, "--port", str(empty_city.port)])

        assert said.exit_code == 0, said.exception
        assert spoken(filed.number) in said.output

    @pytest.mark.parametrize("typed", ["{}", "{full}", "{first} {last}"])
    def test_the_access_code_is_taken_however_it_was_typed(
        self, empty_city: LocalCity, filed: Case, typed: str
    ) -> None:
        full = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in filed.code)
        code = typed.format(filed.code, full=full, first=filed.code[:3], last=filed.code[3:])

        said = CliRunner().invoke(
            app, ["case", filed.number, "--code", code, "--port", str(empty_city.port)]
        )

        assert said.exit_code == 0, said.exception
        assert spoken(filed.number) in said.output

    def test_what_is_no_access_code_is_told_before_it_counts_as_a_try(self) -> None:
        done = lianxin("case", "1817209355617206", "--code", "查询码")

        assert done.returncode == 2
        assert done.stderr.startswith("查询码是回执里的 6 位数字")
        assert "Traceback" not in done.stderr


def test_a_token_alone_goes_to_standard_output() -> None:
    done = lianxin("token", "--role", "officer", "--department", "chengguan")

    assert done.returncode == 0, done.stderr
    assert done.stdout.count(".") == 2
    assert done.stderr == ""


@pytest.mark.parametrize("command", [["case", "1817209355617206"], ["replay", "README.md"]])
def test_without_a_running_stack_each_says_how_to_start_it(
    command: list[str], tmp_path: Path
) -> None:
    board = tmp_path / "m.csv"
    board.write_text("id,user,title,body,reply\n1,u,t,b,r\n", "utf-8")
    name = str(board) if command[0] == "replay" else command[1]

    done = lianxin(command[0], name, "--port", "9")

    assert done.returncode == 1
    assert "lianxin local" in done.stderr
    assert "Traceback" not in done.stderr


class TestACatalogue:
    def test_a_valid_one_is_summed_up(self) -> None:
        said = CliRunner().invoke(app, ["city", "check", str(CITY)])

        assert said.exit_code == 0
        assert "云汀市" in said.output
        assert "117 categories" in said.output

    def test_every_fault_of_a_faulty_one_is_named(self, tmp_path: Path) -> None:
        broken = tmp_path / "city"
        shutil.copytree(CITY, broken)
        areas = broken / "areas.csv"
        areas.write_text(areas.read_text("utf-8").replace(",990102,", ",999999,"), "utf-8")
        (broken / "units.csv").unlink()

        with pytest.raises(Stop, match=r"units\.csv") as stopped:
            CliRunner().invoke(app, ["city", "check", str(broken)], catch_exceptions=False)
        assert stopped.value.code == 1

    def test_who_decides_is_checked_with_it(self, tmp_path: Path) -> None:
        beyond = tmp_path / "city"
        shutil.copytree(CITY, beyond)
        with (beyond / "deciders.csv").open("a", encoding="utf-8") as deciders:
            deciders.write("decide-termination,city,,leader,\n")

        with pytest.raises(Stop, match=r"deciders\.csv:5: .*WF 21"):
            CliRunner().invoke(app, ["city", "check", str(beyond)], catch_exceptions=False)

    def test_it_is_loaded_into_a_deployed_settings_table(self) -> None:
        with mock_aws(), patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}):
            boto3.client("dynamodb").create_table(
                TableName="settings",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
                BillingMode="PAY_PER_REQUEST",
            )
            said = CliRunner().invoke(app, ["city", "load", str(CITY), "--table", "settings"])

            assert said.exit_code == 0, said.output
            rules = read_rules(DynamoTable(Clients(None).dynamodb, "settings"), "Asia/Shanghai")
            assert rules.city.units["chengguan"].integrates
            assert "head" in rules.table.commands["decide-extension"][0].roles

    def test_a_table_that_is_not_there_is_one_sentence(self) -> None:
        with (
            mock_aws(),
            patch.dict(os.environ, {"AWS_DEFAULT_REGION": "us-east-1"}),
            pytest.raises(Stop, match="Could not write to nowhere"),
        ):
            CliRunner().invoke(
                app, ["city", "load", str(CITY), "--table", "nowhere"], catch_exceptions=False
            )


def _case() -> dict[str, object]:
    return {
        "case_number_spoken": "1817 2093 5561 7206",
        "status": "HANDLING",
        "status_text": "办理中",
        "kind": {"code": "help", "name": "求助"},
        "title": "路灯不亮",
        "text": "三天不亮了。",
        "filed_at": "2026-09-30T10:00:00+08:00",
        "deadlines": [
            {
                "clock": "resolve",
                "name": "办结答复",
                "limit": "3WD",
                "since": "2026-09-30T10:00:00+08:00",
                "due_at": "2026-10-13T00:00:00+08:00",
                "due_on": "2026-10-12",
                "decided": False,
                "provisional": False,
                "late": True,
                "working": {
                    "counted": ["2026-10-08", "2026-10-09", "2026-10-12"],
                    "skipped": [
                        {"date": "2026-10-01", "reason": "国庆节"},
                        {"date": "2026-10-02", "reason": "国庆节"},
                        {"date": "2026-10-10", "reason": "周末"},
                    ],
                },
            }
        ],
        "timeline": [
            {
                "at": "2026-09-30T10:00:00+08:00",
                "event": "filed",
                "words": "诉求已提交",
                "by": "诉求人",
            },
            {
                "at": "2026-10-08T09:00:00+08:00",
                "event": "message-sent",
                "words": "留言",
                "by": "城管局",
                "text": "[b]今天[/b]到",
            },
        ],
        "notices": [],
        "next": [{"command": "urge", "name": "催单"}],
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-CN", ("3 个工作日", "2026-10-12 24:00", "已超期", "不计 国庆节 10-01–10-02", "第 3 天 10-12")),
        ("en", ("3 working days", "2026-10-12 24:00", "overdue", "not 国庆节 10-01–10-02", "day 3 10-12")),
    ],
)  # fmt: skip
def test_a_case_is_shown_with_its_deadlines_and_their_working(
    language: str, expected: tuple[str, ...]
) -> None:
    console = Console(width=120, record=True, highlight=False)
    console.print(Page(_case(), language).whole())  # type: ignore[arg-type]
    shown = console.export_text()

    for said in expected:
        assert said in shown
    assert "[b]今天[/b]到" in shown  # what people wrote is text, not markup
    assert shown.index("2026-09-30") < shown.index("2026-10-08")
    assert "催单 (urge)" in shown


def _whole_life() -> dict[str, object]:
    """A case with about everything beside it; fields without a value are left out, as by the API."""
    department = {"code": "chengguan", "name": "城管局"}
    return _case() | {
        "deadlines": [
            {
                "clock": "resolve",
                "name": "办结答复",
                "limit": "7WD",
                "since": "2026-09-30T10:00:00+08:00",
                "due_at": "2026-10-21T00:00:00+08:00",
                "due_on": "2026-10-20",
                "decided": True,
                "paused_since": "2026-10-09T11:00:00+08:00",
                "provisional": False,
                "late": False,
                "working": {"counted": [], "skipped": []},
            },
            {
                "clock": "review_date",
                "name": "复核",
                "since": "2026-10-09T11:00:00+08:00",
                "due_at": "2026-12-01T00:00:00+08:00",
                "due_on": "2026-11-30",
                "decided": True,
                "provisional": False,
                "late": False,
                "working": {"counted": [], "skipped": []},
            },
        ],
        "speaker": {
            "identity": {"code": "hidden", "name": "隐藏"},
            "reply_wanted": False,
            "minor": True,
            "contact_mode": {"code": "sms", "name": "短信"},
            "needs": [{"code": "hearing", "name": "听力不便"}],
            "represented_by": {"code": "guardian", "name": "监护人"},
        },
        "origin": {"system": {"code": "leader", "name": "领导信箱"}, "number": "L-7"},
        "addressee": {"code": "yunting", "name": "市政府"},
        "subjects": [{"code": "tingyu", "name": "听雨街道"}, {"code": "D022", "name": "D022"}],
        "chain": [{"code": "tingnan", "name": "汀南区"}, department],
        "copies": [{"code": "bailu", "name": "白鹭区"}],
        "alerts": [
            {"alert": "hazard-3", "kind": {"code": "hazard", "name": "险情"}, "acknowledged": False}
        ],
        "orders": [{"order": "order-5", "department": department, "level": 2, "answered": True}],
        "asked": [
            {
                "what": "extension",
                "reason": "需要勘查",
                "by": "D002",
                "department": department,
                "until": "2026-11-03T00:00:00+08:00",
            }
        ],
        "assisting": [
            {"department": {"code": "gongan", "name": "公安局"}, "state": "requested"},
            {"department": {"code": "shuiwu", "name": "水务局"}, "state": "disputed"},
        ],
        "related": [{"relation": "follows", "name": "并入", "case_number_spoken": "1 2 3 4"}],
        "followers": 2,
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh-CN",
            (
                *("经批准或指定", "2026-10-09 起暂停计时", "2026-11-30 24:00"),
                *("领导信箱 L-7", "市政府", "隐藏", "监护人", "听雨街道、D022"),
                *("听力不便、未成年人、短信、不需要答复", "汀南区 → 城管局", "白鹭区"),
                *("险情 hazard-3：待值班台响应", "城管局 2 级 order-5：已回复，待核实"),
                *(
                    "城管局 延期：需要勘查，至 2026-11-02",
                    "公安局：待报到",
                    "水务局：有异议，待裁定",
                ),
                *("1 2 3 4", "2 件"),
            ),
        ),
        (
            "en",
            (
                *("as decided", "stands still since 2026-10-09", "Given on", "Copied to"),
                *("About", "Written to", "Spoken for by", "a minor", "wants no reply"),
                *("waits for the duty desk", "level 2 order-5: answered, to be verified"),
                *("extension: 需要勘查, until 2026-11-02", "公安局: called", "水务局: disputes it"),
                "2 case(s)",
            ),
        ),
    ],
)
def test_what_is_under_way_beside_a_case_is_shown(language: str, expected: tuple[str, ...]) -> None:
    console = Console(width=120, record=True, highlight=False)
    console.print(Page(_whole_life(), language).whole())  # type: ignore[arg-type]
    shown = console.export_text()

    assert [said for said in expected if said not in shown] == []


@pytest.mark.parametrize(
    ("noticed", "order"),
    [
        ("09:00:00", ["答复", "请您评价", "通知", "评价 5 分", "办结"]),  # within the same second
        ("09:00:05", ["答复", "请您评价", "通知", "评价 5 分", "办结"]),
        ("09:00:07", ["答复", "请您评价", "通知", "评价 5 分", "办结"]),  # as soon as rated
        ("09:30:00", ["答复", "请您评价", "评价 5 分", "办结", "通知"]),  # sent late, after all
    ],
)
def test_a_notice_is_called_one_and_stands_by_what_it_tells_of(
    noticed: str, order: list[str]
) -> None:
    happened = (
        ("09:00:00", "replied", "答复"),
        ("09:00:00", "invited", "请您评价"),
        ("09:00:07", "rated", "评价 5 分"),
        ("09:00:07", "closed", "办结"),
    )
    timeline = [
        {"at": f"2026-10-08T{at}+08:00", "event": event, "words": words, "by": "某人"}
        for at, event, words in happened
    ]
    notice = {
        "at": f"2026-10-08T{noticed}+08:00",
        "kind": "invitation",
        "words": "您的诉求已有答复。",
    }
    case = _case() | {"timeline": timeline, "notices": [notice]}
    console = Console(width=120, record=True, highlight=False)

    console.print(Page(case, "zh-CN").whole())

    story = console.export_text().partition("经过")[2]
    places = [story.index(f"  {words}  ") for words in order]
    assert places == sorted(places)
    assert story.index("通知") < story.index("您的诉求已有答复。")
