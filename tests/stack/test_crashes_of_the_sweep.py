"""A sweep dies before or after any of its AWS calls; the message comes again, and records the rest.
If it died with the shard in its hand, that waits until the lease has run out.

Apart from the other crashes, because a sweep takes every case of the town that is due.
"""

from __future__ import annotations

import pytest

from casework.store.alarms import HELD, SKEW
from tests.stack.faults import fuses
from tests.stack.people import good
from tests.stack.town import Town


@pytest.mark.parametrize("function", ["Deadlines", "Sweep"])
def test_what_is_due_is_recorded_once_wherever_the_sweep_dies(town: Town, function: str) -> None:
    points = 0
    for fuse in fuses(function):
        citizen = town.assigned()
        due = town.case(citizen.number).clocks["claim"].due
        town.cold()
        with fuse.lit(town.stack):
            town.stack.advance(due - town.stack.now())
        town.stack.advance(HELD + SKEW)
        assert town.count(citizen.number, "overdue") == 2, fuse.burnt  # claim, first contact
        points += 1
        good(citizen.ask("withdrawal", {"reason": "no_longer_wanted"}))
    assert points >= (2 * 1 + 1 if function == "Deadlines" else 2 * 8 + 1)
