"""The in-memory twin of the store, held to the AWS one by the same contract tests."""

import copy
import hashlib
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casework.store.table import Index, Item, Key, Queue, Taken


class MemoryTable:
    """A table in a dict. Safe between threads; an index is as fresh as the table."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, Item]] = {}
        self._lock = threading.Lock()

    def put(self, item: Item) -> None:
        with self._lock:
            self._store(item)

    def put_new(self, item: Item) -> None:
        with self._lock:
            present = self._present(item)
            if present is not None:
                raise Taken(copy.deepcopy(present))
            self._store(item)

    def put_at(self, item: Item, version: int) -> None:
        with self._lock:
            present = self._present(item)
            if present is None or present.get("version") != version:
                raise Taken(copy.deepcopy(present))
            self._store(item)

    def get(self, key: Key) -> Item | None:
        with self._lock:
            return copy.deepcopy(self._items.get(key[0], {}).get(key[1]))

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        found = {key: self.get(key) for key in keys}
        return {key: item for key, item in found.items() if item is not None}

    def partition(self, pk: str, prefix: str = "") -> list[Item]:
        with self._lock:
            items = self._items.get(pk, {})
            return copy.deepcopy([items[sk] for sk in sorted(items) if sk.startswith(prefix)])

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
            entries = [
                item
                for items in self._items.values()
                for item in items.values()
                if item.get(index.partition) == partition and index.sort in item
            ]
            entries.sort(key=lambda item: (item[index.sort], item["pk"]), reverse=newest_first)
            wanted = [
                item for item in entries if _between(item[index.sort], after, until, newest_first)
            ]
            return [copy.deepcopy(index.entry(item)) for item in wanted[:limit]]

    def _present(self, item: Item) -> Item | None:
        return self._items.get(item["pk"], {}).get(item["sk"])

    def _store(self, item: Item) -> None:
        self._items.setdefault(item["pk"], {})[item["sk"]] = copy.deepcopy(item)


def _between(value: str, after: str | None, until: str | None, newest_first: bool) -> bool:
    if after is not None and (value >= after if newest_first else value <= after):
        return False
    return until is None or (value >= until if newest_first else value <= until)


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
