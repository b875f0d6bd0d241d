"""Entries in order: as a sorted list has them, whatever was added and taken out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.store import ordered
from casework.store.ordered import Entry, Ordered

LETTERS = "abcdef"
ENTRIES: list[Entry] = [(sort, pk, "#HEAD") for sort, pk in product(LETTERS, LETTERS)]
some = st.sampled_from(ENTRIES)
bound = st.none() | some | st.sampled_from([(sort, "~", "~") for sort in LETTERS])


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordered, "BLOCK", 2)
        yield


@given(
    first=st.sets(some),
    changes=st.lists(some, max_size=60),
    low=bound,
    high=bound,
)
def test_it_is_a_sorted_list(
    first: set[Entry], changes: list[Entry], low: Entry | None, high: Entry | None
) -> None:
    entries, there = Ordered(first), set(first)
    for entry in changes:  # in if it was out, out if it was in
        (entries.remove if entry in there else entries.add)(entry)
        there ^= {entry}

    wanted = sorted(e for e in there if (not low or e >= low) and (not high or e <= high))

    assert list(entries.upwards(None, None)) == sorted(there)
    assert list(entries.upwards(low, high)) == wanted
    assert list(entries.downwards(low, high)) == wanted[::-1]


def test_no_block_grows_without_end() -> None:
    entries = Ordered()
    for entry in ENTRIES:
        entries.add(entry)

    assert max(len(block) for block in entries._blocks) <= 4
