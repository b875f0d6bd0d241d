"""What a sweep writes beside the cases: who sweeps a shard now, and alarms that are put off.

| pk | sk | what |
|---|---|---|
| `LEASE#<shard>` | `#LEASE` | until when a sweep has the shard; `version` counts who ever had it |

An alarm that is put off is HEAD's index key `next_due` moved on, with `tick_failures` beside it; the
case itself is as it was. The next commit writes HEAD whole and takes both back.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.store.items import FAILURES, HEAD, new_item
from casework.store.table import ALARM, Key, Table, Taken, Unavailable
from schemas.base import iso

LEASE = "#LEASE"
HELD = timedelta(seconds=60)
"""For how long a sweep has its shard, unless it gives it back: its function lives no longer."""
SKEW = timedelta(seconds=10)
"""By so much the clocks of two sweeps may differ without their meeting in a shard."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True)
class Lease:
    """The right to sweep a shard. Two at once would do no harm, but the same work."""

    shard: int
    version: int


class Alarms:
    """Leases and put-off alarms in the cases table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def take(self, shard: int, now: datetime) -> Lease | None:
        """Take the shard; None while somebody else has it. Raises Unavailable."""
        present = self._table.get(_key(shard)) or {}
        if _held(present.get("until"), now):
            return None
        version = int(present.get("version", 0))
        item = new_item(*_key(shard), {"version": version + 1, "until": iso(now + HELD)})
        try:
            if version:
                self._table.put_at(item, version)
            else:
                self._table.put_new(item)
        except Taken:
            return None
        return Lease(shard, version + 1)

    def give_back(self, lease: Lease) -> None:
        """Let the next sweep begin at once. Who cannot be reached is not needed: a lease runs out."""
        item = new_item(*_key(lease.shard), {"version": lease.version})
        with suppress(Taken, Unavailable):
            self._table.put_at(item, lease.version)

    def put_off(self, number: str, alarm: str, now: datetime) -> datetime | None:
        """Move on the alarm of a case whose tick failed; until when, None if it had moved already.

        `alarm`: as the index showed it. Waits 1, 2, 4 ... minutes, 6 hours at most. A case that was
        ticked or changed in between keeps the alarm that this gave it. Raises Unavailable.
        """
        item = self._table.get((number, HEAD)) or {}
        version = item.get("version")
        if item.get(ALARM.sort) != alarm or not isinstance(version, int):
            return None
        failures = int(item.get(FAILURES, 0)) + 1
        until = now + wait_after(failures)
        try:
            self._table.put_at({**item, ALARM.sort: iso(until), FAILURES: failures}, version)
        except Taken:
            return None
        return until


def wait_after(failures: int) -> timedelta:
    """How long a case is left alone after so many failures in a row (1 or more)."""
    doublings = min(failures - 1, 10)  # beyond them it is the longest anyway
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _held(until: str | None, now: datetime) -> bool:
    """Whether a lease still counts. One from too far ahead was written by a wrong clock."""
    return until is not None and -SKEW < datetime.fromisoformat(until) - now <= HELD + SKEW


def _key(shard: int) -> Key:
    return f"LEASE#{shard}", LEASE
