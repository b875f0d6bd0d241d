"""What becomes confidential: a case that turns out to be a report, or one of a closed line."""

from collections.abc import Sequence
from datetime import datetime

from casework.cases.access import confidential
from casework.cases.evolve import evolve_all
from casework.cases.rules import Rules
from casework.cases.state import Case
from schemas import events as e
from schemas.events import Actor, Event


def kept_secret(
    case: Case, happened: Sequence[Event], by: Actor, rules: Rules, now: datetime
) -> list[Event]:
    """It leaves the public board, and those that follow it, in the same commit."""
    if not (case.public or case.followers):
        return []
    after = evolve_all(case, happened, case.number, by, now)
    if not confidential(after.identity, after.category, rules):
        return []
    kept: list[Event] = [e.Unpublished()] if after.public else []
    if after.followers:
        kept.append(e.FollowersReleased(followers=after.led_by_it))
    return kept
