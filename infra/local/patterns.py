"""Event patterns, as in the filter of an event source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether the event has, at each place the pattern names, one of the listed values.

    Understands literals and {"prefix": text}; raises ValueError for other operators.
    """
    if not isinstance(event, Mapping):
        return False
    return all(_fits(wanted, event.get(key)) for key, wanted in pattern.items())


def _fits(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, found)
    return any(_is(one, found) for one in wanted)


def _is(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping):
        if wanted.keys() != {"prefix"}:
            raise ValueError(f"the local stack does not know the filter {dict(wanted)}")
        return isinstance(found, str) and found.startswith(wanted["prefix"])
    return bool(wanted == found)
