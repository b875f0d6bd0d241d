"""The latest cases under each band key: where the cases like a new one are looked for.

| pk | sk | what |
|---|---|---|
| `LIKE#<key>` | `#LIKE` | `cases`: number, time of filing and area of the latest; `expires` (TTL) |

Derived from the cases and written without a condition: two that are filed at once may take an
entry from each other, which costs a proposal and no more. An entry says nothing of what was
written, and its key is a keyed hash: nobody without the key can look a text up.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.store.table import Item, Key, Table
from schemas.base import iso

LIKE = "#LIKE"
KEPT = 16
"""So many cases stand under one key, the latest: an item stays below 1 KB."""
LASTING = timedelta(days=90)


@dataclass(frozen=True)
class Entry:
    """A case as the index knows it. `filed_at` as stored in HEAD; `area` may be empty."""

    number: str
    filed_at: str
    area: str = ""


@dataclass(frozen=True)
class Shelf:
    """What stands under the keys of one text, newest first under each."""

    entries: Mapping[str, tuple[Entry, ...]]

    def candidates(self, area: str, apart_from: str = "") -> list[str]:
        """The cases under most of the keys first, then those of the same area, then the latest."""
        shared = Counter(entry for entries in self.entries.values() for entry in entries)
        ranked = sorted(
            shared, key=lambda entry: (shared[entry], entry.area == area, entry.filed_at)
        )
        numbers = dict.fromkeys(entry.number for entry in reversed(ranked))
        return [number for number in numbers if number != apart_from]


class Likes:
    """The index, in the cases table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def look(self, keys: Sequence[str], now: datetime) -> Shelf:
        """What stands under the keys, as far as it still counts: one call. Raises Unavailable."""
        places = {key: _place(key) for key in keys}
        found = self._table.get_many(list(places.values()), consistent=False)
        oldest = iso(now - LASTING)
        return Shelf(
            {key: tuple(_counting(found.get(place), oldest)) for key, place in places.items()}
        )

    def enter(self, shelf: Shelf, entry: Entry, now: datetime) -> None:
        """Put the case under every key, unless it stands there: one call. Raises Unavailable."""
        items = [
            _item(key, (entry, *entries), now)
            for key, entries in shelf.entries.items()
            if entry not in entries
        ]
        if items:
            self._table.put_many(items)


def _item(key: str, entries: tuple[Entry, ...], now: datetime) -> Item:
    latest = sorted(entries, key=lambda entry: entry.filed_at, reverse=True)[:KEPT]
    pk, sk = _place(key)
    return {
        "pk": pk,
        "sk": sk,
        "cases": [f"{one.number} {one.filed_at} {one.area}".rstrip() for one in latest],
        "expires": int((now + LASTING).timestamp()),
    }


def _counting(item: Item | None, oldest: str) -> Iterator[Entry]:
    """DynamoDB takes its time with what has expired."""
    for written in (item or {}).get("cases", ()):
        number, filed_at, area = (*written.split(" "), "")[:3]
        if filed_at >= oldest:
            yield Entry(number, filed_at, area)


def _place(key: str) -> Key:
    return f"LIKE#{key}", LIKE
