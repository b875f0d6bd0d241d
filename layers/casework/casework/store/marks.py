"""That the city's rules have changed, and which shards have been counted anew since.

| pk | sk | what |
|---|---|---|
| `marks` | `rules` | `changed` counts the changes; `since` when the sweep saw the last; `done` its shards |
| `marks` | `shard#<n>` | how far the counting of a shard has come: `changed`, `after` (a case number) |
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.store.table import Table, Taken, Unavailable
from schemas.base import iso

MARKS, RULES = "marks", "rules"
SETTLED = timedelta(minutes=6)
"""So long after a change every function has read the new rules (`settings.REFRESH`, and a minute)."""
ATTEMPTS = 8


@dataclass(frozen=True)
class Change:
    """A change of the rules that not every shard has been counted for."""

    number: int
    done: frozenset[int]


class Marks:
    """Kept in the settings table, beside the settings."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self) -> None:
        """The rules are about to change: whatever had been counted is counted again.

        Said before, so that no change goes unnoted wherever its writer dies. Raises Unavailable.
        """
        for _ in range(ATTEMPTS):
            mark = self._mark()
            if self._put(mark, {"changed": mark.get("changed", 0) + 1, "done": []}):
                return
        raise Unavailable("the rules are changed by many at once")

    def pending(self, now: datetime) -> Change | None:
        """The change for which cases are to be counted anew now; None if there is none, or not yet.

        One read while nothing has changed. Raises Unavailable.
        """
        mark = self._mark()
        if not mark.get("changed") or mark.get("all_done"):
            return None
        if "since" not in mark:
            self._put(mark, {**_kept(mark), "since": iso(now)})
            return None
        if now < datetime.fromisoformat(mark["since"]) + SETTLED:
            return None
        return Change(int(mark["changed"]), frozenset(int(shard) for shard in mark["done"]))

    def cursor(self, shard: int, change: int) -> str | None:
        """The case up to which the shard has been counted for this change."""
        item = self._table.get((MARKS, f"shard#{shard}"))
        return item["after"] if item and item["changed"] == change else None

    def reached(self, shard: int, change: int, after: str) -> None:
        """The shard has been counted up to this case."""
        self._table.put({"pk": MARKS, "sk": f"shard#{shard}", "changed": change, "after": after})

    def finished(self, shard: int, change: int, shards: int) -> None:
        """The shard has been counted to its end."""
        for _ in range(ATTEMPTS):
            mark = self._mark()
            if mark.get("changed") != change:
                return  # the rules have changed again meanwhile
            done = sorted({*mark["done"], shard})
            values = {**_kept(mark), "done": done}
            if set(range(shards)) <= set(done):
                values["all_done"] = True
            if self._put(mark, values):
                return

    def _mark(self) -> dict[str, Any]:
        return self._table.get((MARKS, RULES)) or {}

    def _put(self, before: dict[str, Any], values: dict[str, Any]) -> bool:
        version = int(before.get("version", 0))
        item = {"pk": MARKS, "sk": RULES, **values, "version": version + 1}
        try:
            if version:
                self._table.put_at(item, version)
            else:
                self._table.put_new(item)
        except Taken:
            return False
        return True


def _kept(mark: dict[str, Any]) -> dict[str, Any]:
    return {key: mark[key] for key in ("changed", "since", "done") if key in mark}
