"""`lianxin routing`: rules are checked and tried on past cases before they are in force."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework.catalogue.tables import COLUMNS
from infra.cli.app import app
from infra.cli.saying import Stop
from tests.cli.conftest import ROOT

CITY = ROOT / "infra" / "city"
HEADER = ",".join(COLUMNS["routing"])
PAST = [
    "id,title,body,area,lon,lat,address,kind,channel,category,department",
    "a1,护栏,听雨大桥上的护栏断了一截,990102,,,,投诉,hotline,,jiaotong",
    "a2,夜市吵,柳浪夜市占道经营，烧烤摊摆到路口,,,,柳浪街道堤西路,complaint,,,",
    "a3,路灯,和平路的路灯坏了，路灯不亮,,,,,help,web,0205,城管局",
    "a4,咨询,请问公积金怎么提取,,东边,30,,enquiry,,,Housing Provident Fund Centre",
]


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["routing", *map(str, arguments)], env={"COLUMNS": "200"})
    if isinstance(done.exception, Stop):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def history(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "past.csv"
    path.write_bytes("\n".join(lines or PAST).encode(encoding))
    return path


def rules(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "neu.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def tried(file: Path, past: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("try", file, "--history", past, "--json"))
    return found


def test_the_citys_rules_are_said_in_their_order() -> None:
    said = run("check", CITY)

    assert "4 rules of dispatch, outlines of 11 areas" in said
    assert said.index("反映热线自己") < said.index("过江大桥") < said.index("柳浪夜市")


def test_a_broken_rule_is_refused_with_its_line_and_nothing_is_tried(tmp_path: Path) -> None:
    broken = rules(tmp_path, "桥,大桥,,,,,,,jiaotong,,,", "x,路灯,,,,,,,yuanlin,,,")

    with pytest.raises(Stop, match=r"neu.csv:3: .*retired on 2025-12-31"):
        run("try", broken, "--history", history(tmp_path))


def test_a_dry_run_shows_what_would_go_elsewhere(tmp_path: Path) -> None:
    new = rules(
        tmp_path,
        "路灯归供电,路灯,,,,,,,gongdian,,,",
        "夜市给人看,夜市,,,,,,,,,true,",
        "没有的,航天飞机,,,,,,,jiaotong,,,",
    )

    found = tried(new, history(tmp_path))

    assert found["cases"] == 4
    moves = {(move["before"], move["after"]): move["examples"] for move in found["moves"]}
    assert moves["chengguan", "gongdian"] == ["a3"]
    assert moves["liulang", "@person"] == ["a2"]
    assert found["moved"] == sum(move["count"] for move in found["moves"]) >= 2
    assert [(one["rule"], one["count"]) for one in found["by_rule"]] == [
        ("路灯归供电", 1),
        ("夜市给人看", 1),
        ("没有的", 0),
    ]
    assert found["known"] == 3
    assert found["right_after"] < found["right_before"]


def test_the_rules_in_force_move_nothing(tmp_path: Path) -> None:
    found = tried(CITY / "routing.csv", history(tmp_path))

    assert (found["moved"], found["moves"]) == (0, [])
    assert {one["rule"] for one in found["by_rule"] if one["count"]} == {"过江大桥", "柳浪夜市"}


def test_people_read_it_in_both_languages(tmp_path: Path) -> None:
    said = run("try", rules(tmp_path, "x,路灯,,,,,,,gongdian,,,"), "--history", history(tmp_path))

    assert "4 件中 3 件会去别处" in said
    assert "供电公司 Power Supply Company" in said
    assert "Nothing was changed." in said


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig"])
def test_a_history_in_another_encoding_is_read_as_well(tmp_path: Path, encoding: str) -> None:
    plain = tried(rules(tmp_path), history(tmp_path))
    other = tried(rules(tmp_path), history(tmp_path, encoding=encoding))

    assert other["encoding"] == ("gb18030" if encoding == "gbk" else "utf-8")
    assert {**other, "encoding": "utf-8"} == plain


def test_broken_and_empty_rows_are_named_and_left_out(tmp_path: Path) -> None:
    past = history(tmp_path, "id,title,body", "1,路灯,不亮", "2,路灯", "3,,", "4,井盖,松了,x")

    found = tried(rules(tmp_path), past)

    assert (found["cases"], found["unusable_lines"]) == (1, [3, 4, 5])


@pytest.mark.parametrize(
    ("lines", "said"),
    [(("id,title", "1,x"), "lacks columns: it needs body"), (("id,title,body", '1,"x'), "line 2")],
)
def test_a_history_that_cannot_be_read_is_refused(
    tmp_path: Path, lines: tuple[str, ...], said: str
) -> None:
    with pytest.raises(Stop, match=said):
        run("try", rules(tmp_path), "--history", history(tmp_path, *lines))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"no file .*nichts\.csv"):
        run("try", tmp_path / "nichts.csv", "--history", history(tmp_path))
    with pytest.raises(Stop, match=r"no directory"):
        run("check", tmp_path / "nichts")
