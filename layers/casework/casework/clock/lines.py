"""On which line of a TOML text an entry stands, so that a fault in it can be found and mended.

`tomllib` does not say it. What it does say is whether the first n lines hold the entry: the smallest
such n is its line.
"""

import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

_CLOSINGS = ("", "]", "]}")
"""What lines that end within a list lack."""


def line_of(text: str, entry: str) -> int:
    """The line, from 1, of an entry such as `clocks.claim.limit`, in a valid TOML text.

    Places in a list count from 1: `ladders.default.3`. What is not there has the line of the
    nearest table around it; 0 if nothing around it is there either.
    """
    path, document = entry.split("."), tomllib.loads(text)
    while path and not holds(document, path):
        path.pop()
    if not path:
        return 0
    lines = text.split("\n")
    return 1 + bisect_left(
        range(1, len(lines) + 1), True, key=lambda n: holds(_first(lines, n), path)
    )


def holds(document: Any, path: Sequence[str]) -> bool:
    """Whether a document has an entry at this path."""
    for key in path:
        if isinstance(document, Mapping) and key in document:
            document = document[key]
        elif isinstance(document, list) and key.isdecimal() and 0 < int(key) <= len(document):
            document = document[int(key) - 1]
        else:
            return False
    return True


def _first(lines: Sequence[str], n: int) -> Mapping[str, Any]:
    """What the first n lines say; of a list that goes on after them, what they have of it."""
    for end in range(n, 0, -1):
        for closing in _CLOSINGS:
            try:
                return tomllib.loads("\n".join([*lines[:end], closing]))
            except tomllib.TOMLDecodeError:
                continue
    return {}


def line_of_fault(fault: tomllib.TOMLDecodeError, text: str) -> int:
    """The line of what `tomllib` cannot read; the last one where it expected more."""
    found = str(fault).partition("at line ")[2].partition(",")[0]
    return int(found) if found.isdecimal() else len(text.rstrip("\n").split("\n"))
