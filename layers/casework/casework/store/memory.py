"""The in-memory twin of the store, held to the AWS one by the same contract tests."""

import hashlib
import math
import secrets
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from casework.store.ordered import Ordered
from casework.store.table import INDEXES, Index, Item, Key, Queue, Taken

_LAST = "\U0010ffff"
"""Comes after the pk of every item."""
_LEAVES = frozenset({str, bytes, bool, int, type(None)})
_KEYS = {"pk", "sk"} | {name for index in INDEXES for name in (index.partition, index.sort)}


class MemoryTable:
    """A table in a dict. Safe between threads; an index is as fresh as the table.

    As strict as DynamoDB about what an item is made of: what it would refuse is a ValueError.
    """

    def __init__(self) -> None:
        self._items: dict[str, dict[str, Item]] = {}
        self._entries: dict[tuple[str, str], Ordered] = defaultdict(Ordered)
        """(sort key, pk, sk) of each index partition, in order."""
        self._lock = threading.Lock()

    def put(self, item: Item) -> None:
        with self._lock:
            self._store(item)

    def put_many(self, items: Sequence[Item]) -> None:
        for item in items:
            self.put(item)

    def put_new(self, item: Item) -> None:
        with self._lock:
            present = self._present(item)
            if present is not None:
                raise Taken(_copy(present))
            self._store(item)

    def put_at(self, item: Item, version: int) -> None:
        with self._lock:
            present = self._present(item)
            if present is None or present.get("version") != version:
                raise Taken(_copy(present))
            self._store(item)

    def get(self, key: Key) -> Item | None:
        with self._lock:
            found: Item | None = _copy(self._items.get(key[0], {}).get(key[1]))
            return found

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        found = {key: self.get(key) for key in keys}
        return {key: item for key, item in found.items() if item is not None}

    def partition(self, pk: str, prefix: str = "") -> list[Item]:
        with self._lock:
            items = self._items.get(pk, {})
            return [_copy(items[sk]) for sk in sorted(items) if sk.startswith(prefix)]

    def query(
        self,
        index: Index,
        partition: str,
        limit: int,
        *,
        after: str | None = None,
        until: str | None = None,
        newest_first: bool = False,
    ) -> list[Item]:
        with self._lock:
            entries = self._entries.get((index.name, partition), Ordered())
            low, high = (until, after) if newest_first else (after, until)
            # Backwards the bounds change sides, and with them which of the two is left out.
            side = "" if newest_first else _LAST
            first = None if low is None else (low, side, side)
            last = None if high is None else (high, side, side)
            found = (entries.downwards if newest_first else entries.upwards)(first, last)
            return [_copy(index.entry(self._items[pk][sk])) for _, pk, sk in islice(found, limit)]

    def _present(self, item: Item) -> Item | None:
        return self._items.get(item["pk"], {}).get(item["sk"])

    def _store(self, item: Item) -> None:
        for name in _KEYS & item.keys():
            if not isinstance(item[name], str) or not item[name]:
                raise ValueError(f"the key {name} must be a text that is not empty")
        kept: Item = _copy(item)
        present = self._present(item)
        self._items.setdefault(item["pk"], {})[item["sk"]] = kept
        for index in INDEXES:
            before, after = _place(index, present), _place(index, kept)
            if before == after:
                continue
            if before:
                self._entries[index.name, before[0]].remove(before[1:])
            if after:
                self._entries[index.name, after[0]].add(after[1:])

    def items(self) -> list[Item]:
        """Everything that is stored, for those who look on from outside."""
        with self._lock:
            return [_copy(item) for items in self._items.values() for item in items.values()]


def _copy(value: Any) -> Any:
    """A copy as DynamoDB would give it back: plain types only, a tuple as a list."""
    if type(value) in _LEAVES:  # most of an item, and every read copies it whole
        return value
    if isinstance(value, dict):
        return {
            name: inner if type(inner) in _LEAVES else _copy(inner) for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_copy(inner) for inner in value]
    if isinstance(value, str | bytes | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise ValueError(f"an item cannot hold {value!r}")


def _place(index: Index, item: Item | None) -> tuple[str, str, str, str] | None:
    """(partition, sort key, pk, sk) of an item's entry in an index; None if it has none."""
    if item is None or index.partition not in item or index.sort not in item:
        return None
    return item[index.partition], item[index.sort], item["pk"], item["sk"]


@dataclass
class MemoryTopic:
    """Keeps what was published, in order."""

    published: list[tuple[str, dict[str, str | list[str]]]] = field(default_factory=list)

    def publish(self, message: str, attributes: Mapping[str, str | Sequence[str]]) -> None:
        kept = {k: v if isinstance(v, str) else list(v) for k, v in attributes.items()}
        self.published.append((message, kept))


@dataclass
class MemoryQueue:
    sent: list[str] = field(default_factory=list)

    def send(self, message: str) -> None:
        self.sent.append(message)


@dataclass
class MemoryQueues:
    queues: dict[str, MemoryQueue] = field(default_factory=dict)

    def of_unit(self, unit: str) -> Queue:
        return self.queues.setdefault(unit, MemoryQueue())


class MemoryVault:
    """Keys of one process. The wrapped form of a data key is a random name for it."""

    def __init__(self, master: bytes = b"a master secret of a test city..") -> None:
        self._master = master
        self._keys: dict[bytes, bytes] = {}
        self._current: tuple[bytes, bytes] | None = None

    def master(self) -> bytes:
        return self._master

    def new_data_key(self) -> tuple[bytes, bytes]:
        if self._current is None:
            key = secrets.token_bytes(32)
            self._current = key, hashlib.sha256(key).digest()
            self._keys[self._current[1]] = key
        return self._current

    def unwrap(self, wrapped: bytes) -> bytes:
        return self._keys[wrapped]
