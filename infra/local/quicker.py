"""moto's own time is most of what the local stack takes: spare it where it only goes round in circles.

Each of these gives what moto's own way gives; what they do not know they leave to that way.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from typing import Any
from unittest.mock import patch

from moto.core import responses
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

ITEM_LIMIT = 405_000
"""From how many bytes moto takes an item for too large."""


class _UnusualError(Exception):
    """A value that only moto's own serializer knows."""


def install() -> Callable[[], None]:
    """Put all of these in moto's way; gives back what undoes it."""
    with ExitStack() as all_or_none:
        for owner, name, quick in (
            (BaseJSONSerializer, "_serialize_type_structure", _serializing()),
            (DynamoType, "cast_value", _cast_value()),
            (Item, "__init__", _make_item),
            (Table, "all_items", _all_items),
            (responses, "method_names_from_class", cache(method_names_from_class)),
        ):
            all_or_none.enter_context(patch.object(owner, name, quick))
        return all_or_none.pop_all().close


def _serializing() -> Callable[..., None]:
    """Let attribute values, which moto holds in their wire form, go out as they are.

    moto asks for ten possible members at each node of an item under several spellings each. Its
    slow way also encodes the binary values of a stream's images twice; this one does it once.
    """
    slow = BaseJSONSerializer._serialize_type_structure

    def quick(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):
            try:
                serialized[key] = _wire(value)
                return
            except _UnusualError:
                pass
        slow(self, serialized, value, shape, key)

    return quick


def _wire(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict):
        return {key: _wire(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_wire(one) for one in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise _UnusualError


def _cast_value() -> property:
    """Ask of a string first whether it is one: keys are, and moto compares little else."""
    slow: property = DynamoType.__dict__["cast_value"]

    def quick(self: DynamoType) -> Any:
        return self.value if self.type == "S" else slow.__get__(self)

    return property(quick)


def _make_item(
    self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]
) -> None:
    """Weigh an item once, and not again with each of its attributes."""
    self.hash_key, self.range_key = hash_key, range_key
    self.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    for name, value in attrs.items():
        dict.__setitem__(self.attrs, name, DynamoType(value))
    if self.size() > ITEM_LIMIT:
        raise ItemSizeTooLarge


def _all_items(self: Table) -> list[Any]:
    """Compare each key with its like, once for all its items, and not every item with every other."""
    if not self.range_key_attr:
        return sorted(self.items.values(), key=lambda item: item.hash_key.cast_value)
    return [
        items[range_key]
        for hash_key in sorted(self.items, key=_cast)
        for items in (self.items[hash_key],)
        for range_key in sorted(items, key=_cast)
    ]


def _cast(key: DynamoType) -> Any:
    return key.cast_value
