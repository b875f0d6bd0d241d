"""What DynamoDB bills for a request on an on-demand table: its documented rules, as plain functions.

Items are as DynamoDB's API writes them: `{"pk": {"S": "1"}, "n": {"N": "7"}}`, binary as bytes.

Sources, all in the Amazon DynamoDB Developer Guide: "DynamoDB item sizes and formats"
(CapacityUnitCalculations), "DynamoDB read and write operations" (read-write-operations),
"Using Global Secondary Indexes in DynamoDB" (GSI: storage and write considerations), "Amazon
DynamoDB Transactions: How it works" (transaction-apis).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Self

Value = Mapping[str, Any]
Typed = Mapping[str, Value]

WRITE_BYTES = 1024
READ_BYTES = 4096


class UnknownRule(Exception):
    """Something is billed by a rule that is not written down here: a wrong sum is worse than none."""


# -- sizes -------------------------------------------------------------------------------------


def item_size(item: Typed) -> int:
    """Bytes that an item is billed by: the names and the values of all its attributes."""
    return sum(attribute_size(name, value) for name, value in item.items())


def attribute_size(name: str, value: Value) -> int:
    """Bytes of one attribute, its name included."""
    return len(name.encode()) + value_size(value)


def value_size(value: Value) -> int:
    """Bytes of a value. Raises UnknownRule for sets, of which AWS documents no size."""
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return _number_size(content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + value_size(each) for each in content)
        case "M":
            return 3 + sum(1 + attribute_size(name, each) for name, each in content.items())
    raise UnknownRule(f"the size of a value of type {kind}")


def _number_size(written: str) -> int:
    """One byte, and one for each two significant digits; a sign takes one more."""
    digits = written.lower().partition("e")[0].lstrip("+-").replace(".", "")
    significant = digits.strip("0")
    return 1 + ceil(len(significant) / 2) + written.startswith("-")


# -- units -------------------------------------------------------------------------------------


def write_units(before: Typed | None, after: Typed | None) -> int:
    """Units of writing one item: the larger of what was there and what is, whole KB, at least one.

    A conditional write that fails costs the same as one that does not.
    """
    larger = max(item_size(before or {}), item_size(after or {}))
    return max(1, ceil(larger / WRITE_BYTES))


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Units of one read: its bytes together in 4 KB, at least one; half where eventually consistent.

    GetItem reads one item, found or not; Query reads a page as a whole; BatchGetItem is as many
    reads as it names keys.
    """
    units = max(1, ceil(sum(sizes) / READ_BYTES))
    return units if consistent else units / 2


@dataclass(frozen=True)
class Projection:
    """A global secondary index: its own keys, and what its entries show (None: everything)."""

    name: str
    keys: tuple[str, ...]
    shown: frozenset[str] | None

    def entry(self, item: Typed | None) -> Typed | None:
        """The item's entry; None if it has none, for an index is sparse."""
        if item is None or any(key not in item for key in self.keys):
            return None
        if self.shown is None:
            return item
        return {name: value for name, value in item.items() if name in self.shown}

    def write_units(self, before: Typed | None, after: Typed | None) -> int:
        """Units of carrying a write of the table into this index.

        A new entry, one that goes and one whose shown attributes change are one write; a changed
        index key is two, one to take the old entry out and one to put the new one in.
        """
        old, new = self.entry(before), self.entry(after)
        if old == new:
            return 0
        if old is None or new is None or self._key(old) == self._key(new):
            return write_units(old, new)
        return write_units(old, None) + write_units(None, new)

    def _key(self, entry: Typed) -> list[Value]:
        return [entry[key] for key in self.keys]


@dataclass(frozen=True)
class TableShape:
    """What billing asks of a table: its key, its indexes."""

    name: str
    keys: tuple[str, ...]
    indexes: tuple[Projection, ...]

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> Self:
        """From the answer of DescribeTable."""
        keys = _keys(description)
        found = description.get("GlobalSecondaryIndexes", [])
        if description.get("LocalSecondaryIndexes"):
            raise UnknownRule("local secondary indexes")
        indexes = tuple(_projection(index, keys) for index in found)
        return cls(description["TableName"], keys, indexes)

    def key(self, item: Typed) -> tuple[str, ...]:
        """The item's key, to look it up by."""
        return tuple(str(item[name]) for name in self.keys)

    def index_units(self, before: Typed | None, after: Typed | None) -> dict[str, int]:
        """Units that a write costs in each index that it touches."""
        units = {index.name: index.write_units(before, after) for index in self.indexes}
        return {name: count for name, count in units.items() if count}


def _keys(description: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in description["KeySchema"])


def _projection(index: Mapping[str, Any], table_keys: tuple[str, ...]) -> Projection:
    keys, projection = _keys(index), index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return Projection(index["IndexName"], keys, None)
    named = projection.get("NonKeyAttributes", [])
    return Projection(index["IndexName"], keys, frozenset({*table_keys, *keys, *named}))
