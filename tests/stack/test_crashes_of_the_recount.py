"""A function dies while cases are counted anew: the next minute goes on, and each is moved once.

Apart from the other crashes, because every open case of the town is counted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casework import runtime
from casework.calendars import enter
from casework.store.alarms import HELD, SKEW
from casework.store.marks import SETTLED
from tests.stack.faults import fuses
from tests.stack.people import good
from tests.stack.town import Town
from tests.support.calendars import document_of

MINUTE = timedelta(minutes=1)
SHORTER = datetime.fromisoformat("2026-03-24T00:00:00+08:00")
"""Fifteen working days of two plain weeks and one more, without that Monday's being off."""


@pytest.mark.parametrize("function", ["Deadlines", "Sweep"])
def test_a_case_is_counted_anew_once_wherever_the_counting_dies(town: Town, function: str) -> None:
    """Given a Monday in March that is taken off and given back, time and again."""
    points = 0
    citizen = town.assigned(kind="complaint")
    for fuse in fuses(function):
        before = town.case(citizen.number).clocks["resolve"].due
        days_off = ("2026-03-09",) if before == SHORTER else ()
        enter(document_of(2026, days_off), "", runtime.world().settings_table, "Asia/Shanghai")
        town.stack.advance(MINUTE)
        town.cold()
        with fuse.lit(town.stack):
            town.stack.advance(SETTLED)
        for _ in range(2):
            town.stack.advance(HELD + SKEW)
        moved = timedelta(days=1 if days_off else -1)
        assert town.case(citizen.number).clocks["resolve"].due == before + moved, fuse.burnt
        points += 1
        assert town.count(citizen.number, "rules-changed") == points, fuse.burnt
    good(citizen.ask("withdrawal", {"reason": "no_longer_wanted"}))
    assert points >= (2 * 2 + 1 if function == "Deadlines" else 2 * 10 + 1)
