"""The sweep (到期检查): find the cases of a shard whose alarm has come, oldest first, tick each."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.service import Service

PAGE = 50
BUDGET = 20.0
"""Seconds of one sweep of a shard; what is left comes with the next minute."""


@dataclass(frozen=True)
class Swept:
    ticked: int
    failed: int
    oldest_seconds: float


class Sweeper:
    """Ticks due cases. Two sweeps of a shard at once do no harm: a repeated tick does nothing."""

    def __init__(self, service: Service, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._service, self._monotonic = service, monotonic

    def sweep(self, shard: int) -> Swept:
        """Tick what is due in this shard. A case that fails is logged and does not stop the rest."""
        began, now = self._monotonic(), self._service.clock()
        ticked = failed = 0
        oldest = 0.0
        seen: set[str] = set()
        while self._monotonic() - began < BUDGET:
            # Those that failed, and those that a slow index still shows, stand before the rest.
            due = self._service.store.due(shard, now, PAGE + len(seen))
            fresh = [(number, at) for number, at in due if number not in seen]
            if not fresh:
                break
            oldest = max(oldest, (now - datetime.fromisoformat(fresh[0][1])).total_seconds())
            for number, _ in fresh:
                if self._monotonic() - began >= BUDGET:
                    break
                seen.add(number)
                if self._tick(number):
                    ticked += 1
                else:
                    failed += 1
        return Swept(ticked, failed, oldest)

    def _tick(self, number: str) -> bool:
        try:
            self._service.tick(number)
        except Exception as error:  # noqa: BLE001 - one broken case must not hold up the others
            logging.getLogger("lianxin").error(
                "tick of %s failed: %s", number, type(error).__name__
            )
            return False
        return True
