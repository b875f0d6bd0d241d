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

from casework.store.clients import Clients
from casework.store.dynamo import DynamoTable
from casework.store.settings import read_rules
from infra.cli.app import app
from infra.cli.saying import Stop
from infra.cli.show import Page
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
    [[], ["local"], ["token"], ["case"], ["replay"], ["contracts"],
     ["city"], ["city", "check"], ["city", "load"], ["bench"], ["bench", "cost"], ["bench", "imports"]],
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
            {"at": "2026-09-30T10:00:00+08:00", "words": "诉求已提交", "by": "诉求人"},
            {
                "at": "2026-10-08T09:00:00+08:00",
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
