"""The sweep (到期检查): find the cases of a shard whose alarm has come, oldest first, tick each."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from casework.due import log_failure
from casework.outcomes import NotFound
from casework.service import Service
from casework.store.alarms import Alarms
from casework.store.table import Queue, Unavailable
from schemas.base import Model

PAGE = 50
BUDGET = 20.0
"""Seconds in which one sweep ticks; it may take as long again to put off what failed."""
ROUNDS = 3
"""So often a shard with work left is swept in a row; then the next minute's order is there. Lambda
ends what seems an endless loop of function and queue after 16 turns."""
MANY = 10
"""What fails for so many and works for none is the fault of no case."""

Due = tuple[str, str]
"""A case's number and the alarm under which the index showed it."""


@dataclass(frozen=True)
class Swept:
    """What became of one sweep. `left`: its time ended before the due cases did."""

    ticked: int = 0
    failed: int = 0
    oldest_seconds: float = 0.0
    left: bool = False


class Order(Model):
    """The message that has a shard swept."""

    shard: int = Field(ge=0)
    round: int = Field(default=1, ge=1)
    recount: int | None = None
    """The change of the city's rules for which the shard's open cases are counted anew."""

    def after(self, swept: Swept) -> "Order | None":
        """The order to go on at once; None where nothing is left or the next minute sees to it."""
        if not swept.left or self.round >= ROUNDS:
            return None
        return Order(shard=self.shard, round=self.round + 1)


class Sweeper:
    """Ticks due cases, one sweep at a time in a shard. Two at once would do no harm: a repeated
    tick does nothing."""

    def __init__(
        self,
        service: Service,
        again: Queue | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`again`: the queue of orders, to which goes what an order leaves over."""
        self._service, self._again, self._monotonic = service, again, monotonic
        self._alarms = Alarms(service.store.table)

    def obey(self, order: Order) -> Swept:
        """Carry out an order. Raises as `sweep` does."""
        swept = self.sweep(order.shard)
        following = order.after(swept)
        if self._again and following:
            self._again.send(following.model_dump_json(exclude_defaults=True))
        return swept

    def sweep(self, shard: int) -> Swept:
        """Tick what is due in this shard, unless another sweep is at it.

        A shard where nothing is due costs one query. A case that fails is logged and does not stop
        the rest; its alarm moves on. Raises Unavailable, or what unreadable settings raise.
        """
        now = self._service.clock()
        first = self._service.store.due(shard, now, PAGE)
        if not first:
            return Swept()
        self._service.rules()  # without them every tick fails, and through no fault of its case
        oldest = _age(first[0][1], now)
        lease = self._alarms.take(shard, now)
        if lease is None:
            return Swept(oldest_seconds=oldest)
        try:
            return self._run(self._due(shard, now, first), now, oldest)
        finally:
            self._alarms.give_back(lease)

    def _run(self, due: Iterator[Due], now: datetime, oldest: float) -> Swept:
        began = self._monotonic()
        ticked, away, left = 0, 0, False
        failed: list[Due] = []
        for number, alarm in due:
            if left := self._monotonic() - began >= BUDGET:
                break
            try:
                ticked += self._service.tick(number) is not None
            except NotFound:
                continue  # the index shows what is no more
            except Unavailable:
                away += 1  # the store's fault, not the case's: it stays as due as it is
            except Exception as error:  # noqa: BLE001 - one broken case must not hold up the others
                log_failure(number, error)
                failed.append((number, alarm))
        if ticked or left or len(failed) < MANY:
            self._put_off(failed, now, until=began + 2 * BUDGET)
        return Swept(ticked, len(failed) + away, oldest, left)

    def _due(self, shard: int, now: datetime, page: list[Due]) -> Iterator[Due]:
        """Each due case once, oldest first.

        Cases that failed, and those that a slow index still shows, stand before the rest; the next
        page is longer by as many.
        """
        seen: set[str] = set()
        limit = PAGE
        while True:
            fresh = [one for one in page if one[0] not in seen]
            yield from fresh
            if len(page) < limit:
                return
            seen.update(number for number, _ in fresh)
            limit = PAGE + len(page) - len(fresh)
            page = self._service.store.due(shard, now, limit)

    def _put_off(self, failed: list[Due], now: datetime, until: float) -> None:
        for number, alarm in failed:
            if self._monotonic() >= until:
                return
            try:
                self._alarms.put_off(number, alarm, now)
            except Exception as error:  # noqa: BLE001 - it stays due, and is tried again
                _log("alarm of %s cannot be put off: %s", number, error)


def _age(alarm: str, now: datetime) -> float:
    """Seconds since an alarm rang; 0 where it is no time, of which its own tick will tell."""
    try:
        return (now - datetime.fromisoformat(alarm)).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def _log(message: str, number: str, error: Exception) -> None:
    """Only what kind of error it was: its message may quote what a citizen wrote."""
    logging.getLogger("lianxin").error(message, number, type(error).__name__)
