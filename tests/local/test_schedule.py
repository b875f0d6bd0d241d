"""Schedules follow the stack's clock."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from infra.local.schedule import period
from infra.local.stack import Stack
from tests.local import ledger
from tests.local.conftest import BEGIN, bodies


def test_nothing_fires_before_its_time(stack: Stack) -> None:
    stack.advance(timedelta(seconds=59))

    assert ledger.noted("tick") == []


def test_a_minute_later_it_fires_and_what_it_sent_is_handled(stack: Stack) -> None:
    stack.advance(timedelta(minutes=1))

    (tick,) = ledger.noted("tick")
    assert tick["time"] == "2026-03-02T01:31:00Z"
    assert tick["detail-type"] == "Scheduled Event"
    assert ledger.noted("swept") == [["0"]]


def test_however_far_the_clock_goes_it_fires_once_for_the_latest_moment(stack: Stack) -> None:
    stack.advance(timedelta(days=3, seconds=30))

    (tick,) = ledger.noted("tick")
    assert tick["time"] == "2026-03-05T01:30:00Z"
    assert stack.now() == BEGIN + timedelta(days=3, seconds=30)


def test_steps_add_up(stack: Stack) -> None:
    for _ in range(4):
        stack.advance(timedelta(seconds=45))

    assert len(ledger.noted("tick")) == 3


def test_a_tick_that_fails_twice_is_reported(stack: Stack) -> None:
    ledger.note("clock stands still", True)

    stack.advance(timedelta(minutes=1))

    assert len(ledger.noted("tick")) == 2
    (report,) = bodies(stack, "TickDeadLetters")
    assert json.loads(report)["requestContext"]["condition"] == "RetriesExhausted"


@pytest.mark.parametrize(
    ("expression", "length"),
    [
        ("rate(1 minute)", timedelta(minutes=1)),
        ("rate(5 minutes)", timedelta(minutes=5)),
        ("rate(2 hours)", timedelta(hours=2)),
        ("rate(1 day)", timedelta(days=1)),
    ],
)
def test_rates_are_understood(expression: str, length: timedelta) -> None:
    assert period(expression) == length
