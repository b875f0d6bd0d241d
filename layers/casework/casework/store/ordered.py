"""Entries in order: what one more costs is the same among a thousand and a million."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from operator import itemgetter

Entry = tuple[str, str, str]
BLOCK = 500
_last = itemgetter(-1)


class Ordered:
    """A sorted list in blocks, of which none is empty nor longer than twice BLOCK."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        whole = sorted(entries)
        self._blocks = [whole[at : at + BLOCK] for at in range(0, len(whole), BLOCK)]

    def add(self, entry: Entry) -> None:
        if not self._blocks:
            self._blocks.append([entry])
            return
        place = min(self._place(entry), len(self._blocks) - 1)
        block = self._blocks[place]
        insort(block, entry)
        if len(block) > 2 * BLOCK:
            self._blocks[place : place + 1] = [block[:BLOCK], block[BLOCK:]]

    def remove(self, entry: Entry) -> None:
        """Take out an entry that is there."""
        place = self._place(entry)
        block = self._blocks[place]
        del block[bisect_left(block, entry)]
        if not block:
            del self._blocks[place]

    def upwards(self, low: Entry | None, high: Entry | None) -> Iterator[Entry]:
        """Those from `low` up to `high`; None: from the first, to the last."""
        begin = self._place(low) if low else 0
        for place in range(begin, len(self._blocks)):
            block = self._blocks[place]
            for at in range(bisect_left(block, low) if low else 0, len(block)):
                if high and block[at] > high:
                    return
                yield block[at]

    def downwards(self, low: Entry | None, high: Entry | None) -> Iterator[Entry]:
        """The same, from the last to the first."""
        end = min(self._place(high) + 1, len(self._blocks)) if high else len(self._blocks)
        for place in reversed(range(end)):
            block = self._blocks[place]
            for at in reversed(range(bisect_right(block, high) if high else len(block))):
                if low and block[at] < low:
                    return
                yield block[at]

    def _place(self, entry: Entry) -> int:
        """The first block that does not end before the entry."""
        return bisect_left(self._blocks, entry, key=_last)
