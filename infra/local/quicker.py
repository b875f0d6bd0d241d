"""Two thirds of moto's time for a read from DynamoDB goes into writing its answer: spare it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from moto.core.serialize import BaseJSONSerializer


class _UnusualError(Exception):
    """A value that only moto's own serializer knows."""


def install() -> Callable[[], None]:
    """Let attribute values, which moto holds in their wire form, go out as they are.

    moto asks for ten possible members at each node of an item under several spellings each. Its
    slow way also encodes the binary values of a stream's images twice; this one does it once.
    Gives back what undoes it.
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

    patched = patch.object(BaseJSONSerializer, "_serialize_type_structure", quick)
    patched.start()
    return patched.stop


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
