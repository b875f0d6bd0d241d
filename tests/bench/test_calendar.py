"""Counting in working time is cheap enough to be done wherever a date is shown."""

import json

import pytest

from infra.bench import calendar


def test_15_working_days_are_added_in_less_than_20_microseconds() -> None:
    add, *_ = calendar.measure()

    assert add.name == "add 15WD"
    assert add.us < 20


def test_the_figures_are_printed_and_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert calendar.main(json=True) == 0
    named = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert named["add 15WD"]["most_us"] == 20
    assert set(named) == {"add 15WD", "due 15WD", "due 40WH", "working 15WD"}


def test_a_limit_that_is_not_kept_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "MOST_US", 0.0)

    assert calendar.main() == 1
