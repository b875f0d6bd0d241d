"""Counting anew (重新计算): when calendar or policy has changed, every open case's clocks, at a limited rate."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.outcomes import NotFound, Refused
from casework.service import Service
from casework.store.marks import Change, Marks
from casework.store.table import Unavailable
from casework.sweeping import MANY
from schemas import commands as c

PAGE = 50
"""After so many cases it is noted how far the counting has come."""
BUDGET = 15.0
"""Seconds of one run in a shard; the next minute goes on. What is due is ticked first."""


def change_to_count(marks: Marks, now: datetime) -> Change | None:
    """The change for which there is counting to do now. Never raises: a sweep does not wait for it."""
    try:
        return marks.pending(now)
    except Exception as error:  # noqa: BLE001 - the next minute asks again
        _log("whether the rules have changed cannot be read: %s", error)
        return None


@dataclass(frozen=True)
class Recounted:
    """What became of one run. `left`: the shard has more to count."""

    moved: int = 0
    failed: int = 0
    left: bool = False


class Recounter:
    """Counts the clocks of open cases anew, shard by shard. Harmless to repeat, and for two at once:
    a case whose dates are right already is left as it is."""

    def __init__(
        self,
        service: Service,
        marks: Marks,
        refresh: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`refresh` has the rules read now, so that none is counted by the old ones."""
        self._service, self._marks = service, marks
        self._refresh, self._monotonic = refresh, monotonic

    def recount(self, shard: int, change: int) -> Recounted:
        """Go on with this shard from where the last run ended.

        A case that fails is logged and does not stop the rest; it is counted with the next change.
        Where the rules or the store cannot be read the next minute goes on. Raises nothing.
        """
        tally: Counter[str] = Counter()
        try:
            self._refresh()
            left = not self._to_the_end(shard, change, tally)
        except Unavailable:
            left = True
        except Exception as error:  # noqa: BLE001 - by faulty rules nothing is counted
            _log("the rules for counting anew cannot be read: %s", error)
            tally["failed"] += 1
            left = True
        return Recounted(tally["moved"], tally["failed"], left)

    def _to_the_end(self, shard: int, change: int, tally: Counter[str]) -> bool:
        """Whether this run came to the end of the shard; `tally` is what became of its cases."""
        began, store = self._monotonic(), self._service.store
        after = self._marks.cursor(shard, change) or ""
        rest = [number for number in store.open_cases(shard) if number > after]
        for place, number in enumerate(rest, 1):
            tally[self._one(number)] += 1
            late = self._monotonic() - began >= BUDGET
            if late or place == len(rest) or place % PAGE == 0:
                if tally["failed"] == tally.total() >= MANY:
                    return False  # the fault of no case: none of them is left out for it
                self._marks.reached(shard, change, number)
            if late:
                return False
        self._marks.finished(shard, change, store.alarm_shards)
        return True

    def _one(self, number: str) -> str:
        """moved | right | ended | failed. Raises Unavailable."""
        try:
            return "right" if self._service.tell(number, c.Recount()) is None else "moved"
        except (NotFound, Refused):
            return "ended"  # meanwhile
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one broken case must not hold up the others
            _log(f"{number} cannot be counted anew: %s", error)
            return "failed"


def _log(message: str, error: Exception) -> None:
    """Only what kind of error it was: its message may quote what a citizen wrote."""
    logging.getLogger("lianxin").error(message, type(error).__name__)
