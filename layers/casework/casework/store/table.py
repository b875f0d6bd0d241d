"""What the service needs of a table: conditional puts, consistent gets, one index query.

Items are plain dicts (str, int, float, bool, bytes, list, dict, None) with the keys `pk`, `sk`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Item = dict[str, Any]
Key = tuple[str, str]


class Taken(Exception):
    """A conditional put found something else in its place; `present` is what is there."""

    def __init__(self, present: Item | None) -> None:
        super().__init__("the condition of a put did not hold")
        self.present = present


class Unavailable(Exception):
    """The store cannot answer now (throttled, away); the same call may succeed later."""


@dataclass(frozen=True)
class Index:
    """A sparse index: items that lack either attribute are not in it."""

    name: str
    partition: str
    sort: str
    projected: tuple[str, ...] = ()
    """What an entry shows beside its keys."""

    def entry(self, item: Item) -> Item:
        """The item's entry in the index; the item must be in it."""
        shown = ("pk", "sk", self.partition, self.sort, *self.projected)
        return {name: item[name] for name in shown if name in item}


ALARM = Index("alarm", "alarm_shard", "next_due")
WORKLIST = Index(
    "worklist",
    "holder",
    "queued",
    (
        *("state", "kind", "category", "area", "due", "level", "unread", "version"),
        *("identity", "subjects"),
    ),
)
CITIZEN = Index("citizen", "citizen", "filed_at")
PUBLIC = Index("public", "board", "filed_at")
INDEXES = (ALARM, WORKLIST, CITIZEN, PUBLIC)


class Table(Protocol):
    """One table. Every method raises Unavailable when the store cannot answer now."""

    def put(self, item: Item) -> None:
        """Write the item, whatever was there."""

    def put_many(self, items: Sequence[Item]) -> None:
        """Write the items, whatever was there, each by itself; at most 25, no key twice."""

    def put_new(self, item: Item) -> None:
        """Write the item; raises Taken if its key is there already."""

    def put_at(self, item: Item, version: int) -> None:
        """Write the item over one whose `version` is this; raises Taken otherwise."""

    def get(self, key: Key) -> Item | None:
        """The item, strongly consistent."""

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        """The items of those keys that are there; at most 100 keys."""

    def partition(self, pk: str, prefix: str = "") -> list[Item]:
        """Every item of a partition whose sort key has the prefix, in order, strongly consistent."""

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
        """Entries of an index partition in the order of its sort key; eventually consistent.

        `after` and `until` bound the sort key: beyond `after` (exclusive, in the direction of
        reading), up to `until` (inclusive).
        """


class Topic(Protocol):
    """Where committed events are announced."""

    def publish(self, message: str, attributes: Mapping[str, str | Sequence[str]]) -> None:
        """Publish once or more; raises Unavailable."""


class Queue(Protocol):
    """A queue by URL."""

    def send(self, message: str) -> None:
        """Send once or more; raises Unavailable."""


class Queues(Protocol):
    """The queues of departments that integrate, by unit code."""

    def of_unit(self, unit: str) -> Queue:
        """The unit's own queue."""


class Vault(Protocol):
    """Keys: the master secret that all keyed hashes come from, and data keys for personal data."""

    def master(self) -> bytes:
        """The city's master secret; never rotated, since case numbers come from it."""

    def new_data_key(self) -> tuple[bytes, bytes]:
        """A data key of 32 bytes and its wrapped form, cached for a while."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key of a wrapped form."""
