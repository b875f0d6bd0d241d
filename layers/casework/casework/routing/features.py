"""What the classifier sees of a message: its characters, singly, in pairs and in threes. Pure.

Training and answering count with this one function, so that they cannot differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from operator import add
from typing import Final, NamedTuple

from casework.routing.folding import folded

READ: Final = 2000
"""Characters of a message that are read: who has not said it by then says nothing new."""
HEAD: Final = 26
"""Characters of a body that stand in for a missing title."""
MOST: Final = 254
"""How often one n-gram counts at most."""

_NOISE = re.compile(r"[\W_]+")


class Grams(NamedTuple):
    """How often each n-gram stands in the whole message (its head counted twice) and in its head."""

    text: Counter[str]
    head: Counter[str]


def grams(title: str, body: str) -> Grams:
    """Count the 1-, 2- and 3-grams of a message, folded and without blanks, signs and emoji.

    Board software and people break lines and space characters out at will, so an n-gram may
    reach over what stood between. Any text is counted in bounded time; some have no n-gram.
    """
    title, body = _letters(title), _letters(body)
    head = Counter(runs(title or body[:HEAD]))
    whole = Counter(runs((title + body)[:READ]))
    whole.update(head)
    return Grams(whole, head)


def runs(text: str) -> Iterator[str]:
    """Each character of a text, each two and each three that stand together."""
    pairs = list(map(add, text, text[1:]))
    return chain(text, pairs, map(add, pairs, text[2:]))


def _letters(text: str) -> str:
    """Cut before folding, which takes time, and after it, since one sign can become eighteen."""
    return _NOISE.sub("", folded(text[:READ]))[:READ]
