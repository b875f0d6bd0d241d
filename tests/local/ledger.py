"""Where the throw-away functions of these tests write down what they were given."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

_lock = threading.Lock()
_seen: dict[str, list[Any]] = defaultdict(list)


def note(what: str, value: Any) -> None:
    """Write down one value under a heading."""
    with _lock:
        _seen[what].append(value)


def noted(what: str) -> list[Any]:
    """All values under the heading, in the order they came."""
    with _lock:
        return list(_seen[what])


def clear() -> None:
    """Begin a new page."""
    with _lock:
        _seen.clear()
