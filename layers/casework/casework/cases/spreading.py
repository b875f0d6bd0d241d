"""Spreading: what nobody waits for to the second does not come in one storm at the end of a day.

Limits in days end for all cases of a day at the same midnight, and their shares fall on the same
noon. Each case therefore takes its reminders before the due time, and its closing by itself, at a
moment of its own within the policy's `spread`: by its number, so that it is always the same one.

What people are shown, the due time, stays; nothing comes before its time or after the next rung.
Overdue marks, levels of supervision and whatever counts in hours or minutes are not spread.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from casework.cases.rules import Rules

if TYPE_CHECKING:
    from casework.clock.limits import Deadline
    from casework.clock.policy import ClockRule

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
_PARTS = 10**6


def spread(
    at: datetime, rung: int, rule: ClockRule, deadline: Deadline, number: str, rules: Rules
) -> datetime:
    """When a case takes what comes at `at`: the time of this rung (from 0), or the due time."""
    room = min(rules.policy.spread, _room(at, rung, rule, deadline, rules))
    # Digits that neither the shards nor the samples go by.
    return at + SECOND * (room // SECOND * int(number[1:7]) // _PARTS)


def _room(at: datetime, rung: int, rule: ClockRule, deadline: Deadline, rules: Rules) -> timedelta:
    """How long it may wait: not at all where somebody counts on it, else until the next rung."""
    rungs = rule.ladder.rungs
    if not deadline.limit.in_days or deadline.at - deadline.start < DAY:
        return timedelta(0)
    if at < deadline.at and rung < len(rungs) and rungs[rung].level == 0:
        following = deadline.at
        if rung + 1 < len(rungs) and rungs[rung + 1].point.before_due:
            following = min(following, rule.ladder.time(rung + 1, deadline, rules.calendar))
        return following - at
    ends = rule.at_due == "close" and not any(each.point.sign > 0 for each in rungs)
    return DAY if at == deadline.at and ends else timedelta(0)
