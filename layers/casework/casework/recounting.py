"""Counting anew (重新计算): when calendar or policy has changed, every open case's clocks, at a limited rate."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from casework.outcomes import NotFound, Refused
from casework.service import Service
from casework.store.marks import Change, Marks
from casework.store.table import Unavailable
from schemas import commands as c

PAGE = 50
BUDGET = 15.0
"""Seconds of one run in a shard; the next minute goes on. What is due is ticked first."""


@dataclass(frozen=True)
class Recounted:
    """What became of one run. `left`: the shard has more to count."""

    moved: int = 0
    failed: int = 0
    left: bool = False


class Recounter:
    """Counts the clocks of open cases anew, shard by shard. Harmless to repeat: a case whose dates
    are right already is left as it is."""

    def __init__(
        self,
        service: Service,
        marks: Marks,
        refresh: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`refresh` has the rules read again, so that none is counted by the old ones."""
        self._service, self._marks = service, marks
        self._refresh, self._monotonic = refresh, monotonic

    def pending(self) -> Change | None:
        """The change for which there is counting to do now."""
        return self._marks.pending(self._service.clock())

    def recount(self, shard: int, change: int) -> Recounted:
        """Go on with this shard from where the last run ended."""
        self._refresh()
        store, began = self._service.store, self._monotonic()
        after = self._marks.cursor(shard, change)
        moved = failed = 0
        while self._monotonic() - began < BUDGET:
            numbers, reached = store.open_cases(shard, PAGE, after)
            for number in numbers:
                try:
                    moved += self._service.tell(number, c.Recount()) is not None
                except (NotFound, Refused):
                    continue  # it has ended meanwhile
                except Unavailable:
                    return Recounted(moved, failed, left=True)
                except Exception as error:  # noqa: BLE001 - one broken case must not hold up the others
                    failed += 1
                    _log(number, error)
            if reached is None:
                self._marks.finished(shard, change, store.alarm_shards)
                return Recounted(moved, failed)
            after = reached
            self._marks.reached(shard, change, after)
        return Recounted(moved, failed, left=True)


def _log(number: str, error: Exception) -> None:
    logging.getLogger("lianxin").error(
        "%s cannot be counted anew: %s", number, type(error).__name__
    )
