"""Threads that keep a served stack moving."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from infra.local.cloud import Cloud

LOG = logging.getLogger("infra.local")
LONGEST_SLEEP = 1.0  # seconds without a change after which a source is asked all the same


class Pump(threading.Thread):
    """Asks one source for work, again and again, and rests until something changed."""

    def __init__(self, name: str, work: Callable[[], bool], cloud: Cloud) -> None:
        super().__init__(name=f"pump-{name}", daemon=True)
        self._work = work
        self._cloud = cloud
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.is_set():
            seen = self._cloud.changes
            try:
                busy = self._work()
            except Exception:
                LOG.exception("%s goes on after a fault of the local stack", self.name)
                busy = False
            if not busy:
                self._cloud.wait_for_change(seen, LONGEST_SLEEP)

    def end(self) -> None:
        """Stop after the work at hand; wake the cloud's waiters to be quick about it."""
        self._ending.set()
        self._cloud.wake()

    def pause(self, seconds: float) -> None:
        """Rest, unless the end comes first."""
        self._ending.wait(seconds)
