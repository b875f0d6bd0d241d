"""A table in memory that notes what DynamoDB would bill for each call, by the rules of `billing`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from casework.store.dynamo import typed
from casework.store.memory import MemoryTable
from casework.store.table import INDEXES, Index, Item, Key, Taken
from infra.bench.billing import Projection, TableShape, Typed, item_size, read_units, write_units


def _shape() -> TableShape:
    keys = ("pk", "sk")
    indexes = tuple(
        Projection(
            index.name,
            (index.partition, index.sort),
            frozenset({*keys, index.partition, index.sort, *index.projected}),
        )
        for index in INDEXES
    )
    return TableShape("cases", keys, indexes)


SHAPE = _shape()


@dataclass
class Units:
    """What was billed since the last look."""

    read: float = 0.0
    written: int = 0
    puts: tuple[str, ...] = ()
    """The kinds of the items put: HEAD, COMMIT, TEXT, LEASE."""
    index: dict[str, int] = field(default_factory=dict)


class MeteredTable(MemoryTable):
    """Bills every call; `units` is what came together. Partitions are read strongly consistent,
    indexes eventually, as `casework.store.dynamo` does."""

    def __init__(self) -> None:
        super().__init__()
        self.units = Units()

    def take(self) -> Units:
        """The units so far; from here on it counts anew."""
        taken, self.units = self.units, Units()
        return taken

    def put(self, item: Item) -> None:
        before = self._typed(item)
        super().put(item)
        self._wrote(before, typed(item))

    def put_new(self, item: Item) -> None:
        before = self._typed(item)
        try:
            super().put_new(item)
        except Taken:
            self._refused(before, typed(item))
            raise
        self._wrote(before, typed(item))

    def put_at(self, item: Item, version: int) -> None:
        before = self._typed(item)
        try:
            super().put_at(item, version)
        except Taken:
            self._refused(before, typed(item))
            raise
        self._wrote(before, typed(item))

    def get(self, key: Key) -> Item | None:
        found = super().get(key)
        self.units.read += read_units([item_size(typed(found or {}))], consistent=True)
        return found

    def partition(self, pk: str, prefix: str = "") -> list[Item]:
        found = super().partition(pk, prefix)
        self.units.read += read_units((item_size(typed(one)) for one in found), consistent=True)
        return found

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
        found = super().query(
            index, partition, limit, after=after, until=until, newest_first=newest_first
        )
        self.units.read += read_units((item_size(typed(one)) for one in found), consistent=False)
        return found

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        found = {key: MemoryTable.get(self, key) for key in keys}
        for one in found.values():
            self.units.read += read_units([item_size(typed(one or {}))], consistent=consistent)
        return {key: item for key, item in found.items() if item is not None}

    def _typed(self, item: Item) -> Typed | None:
        present = MemoryTable.get(self, (item["pk"], item["sk"]))
        return typed(present) if present is not None else None

    def _wrote(self, before: Typed | None, after: Typed) -> None:
        indexes = SHAPE.index_units(before, after)
        self._put(after)
        self.units.written += write_units(before, after) + sum(indexes.values())
        for name, count in indexes.items():
            self.units.index[name] = self.units.index.get(name, 0) + count

    def _refused(self, before: Typed | None, after: Typed) -> None:
        self._put(after)
        self.units.written += write_units(before, after)

    def _put(self, item: Typed) -> None:
        self.units.puts += (str(item["sk"]["S"]).lstrip("#").partition("#")[0],)
