"""`lianxin bench routing`: three classifiers on the same rows; one not installed is seen to lack."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.bench import routing
from infra.bench.routing import Measured
from infra.cli.saying import Stop
from infra.cli.tables import as_csv
from tests.support.letters import letters


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    rows = [(str(n), one.title, one.body, one.label) for n, one in enumerate(letters())]
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_bytes(as_csv(("id", "title", "body", "label"), rows[::2] + rows[1::4]))
    test.write_bytes(as_csv(("id", "title", "body", "label"), rows[3::4]))
    return train, test


def test_ours_stands_beside_the_others(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fasttext", None)
    routing.main(*files, "label", as_json=True)
    ours, scikit, fasttext = json.loads(capsys.readouterr().out)
    for one in (ours, scikit):
        assert one["macro_f1"] > 0.9
        assert min(one["model_mb"], one["load_ms"], one["us"]) > 0
    assert ours["packages_mb"] == 0
    assert ours["us"] < scikit["us"]
    assert scikit["packages_mb"] > 50
    assert "pip install" in fasttext["absent"][1]


def test_the_table_shows_what_is_absent(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fasttext", None)
    routing.main(*files, "label", as_json=False)
    said = capsys.readouterr().out
    assert "fastText：未安装" in said
    assert "not installed" in said


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"macro_f1": 0.92}, False),
        ({"model_mb": 1.1}, False),
        ({"load_ms": 51.0}, False),
        ({"us": 1001.0}, False),
    ],
)
def test_ours_must_keep_its_limits(changes: dict[str, Any], kept: bool) -> None:
    good = Measured("ours", macro_f1=0.93, model_mb=1.0, load_ms=50.0, us=1000.0)
    assert routing.keeps(replace(good, **changes)) is kept


def test_without_the_data_it_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="--train and --test") as stopped:
        routing.main(tmp_path / "none.csv", tmp_path / "none.csv", "label", as_json=False)
    assert stopped.value.code == 2
