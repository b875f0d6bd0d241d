"""Folds for cross-validation in which near-duplicates stay together.

Citizens send a letter to several boards, or a whole estate sends the same one: were one copy
learned from and another measured on, the figure would flatter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from casework.routing.folding import folded
from infra.training.examples import Example

SHINGLE = 6
"""Characters of the pieces by which messages are compared."""
COMMON = 50
"""Messages that may share a piece before it is a phrase of politeness and says nothing."""
SAME = 0.5
"""The share of the shorter message's pieces that makes two messages one."""

Ints = NDArray[np.int_]


def near_duplicates(examples: Sequence[Example]) -> Ints:
    """A number for each message, the same for those that are copies of each other."""
    places: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, example in enumerate(examples):
        text = "".join(filter(str.isalnum, folded(example.title + example.body)))
        pieces = {text[at : at + SHINGLE] for at in range(max(len(text) - SHINGLE + 1, 1))}
        columns.extend(places.setdefault(piece, len(places)) for piece in sorted(pieces))
        rows.extend([row] * len(pieces))
    shape = (len(examples), len(places))
    has = csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    known_by = np.bincount(has.indices, minlength=len(places))
    telling = has[:, (known_by > 1) & (known_by <= COMMON)]
    shared = (telling @ telling.T).tocoo()
    sizes = np.diff(has.indptr)
    same = shared.data > SAME * np.minimum(sizes[shared.row], sizes[shared.col])
    # Copies that more than COMMON messages share have no telling piece left: compare them whole.
    whole = np.array(_first_of_equals(examples))
    pairs = (
        np.concatenate([shared.row[same], np.arange(len(whole))]),
        np.concatenate([shared.col[same], whole]),
    )
    graph = coo_matrix((np.ones(len(pairs[0])), pairs), shape=(len(examples),) * 2)
    groups: Ints = connected_components(graph, directed=False)[1]
    return groups


def deal(labels: NDArray[np.str_], groups: Ints, folds: int) -> Ints:
    """The fold of each message: groups dealt out whole, the largest first, each label evenly."""
    dealt = np.zeros(len(labels), dtype=np.int_)
    load = {label: np.zeros(folds) for label in sorted(set(labels))}
    members: dict[int, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(int(group), []).append(row)
    for rows in sorted(members.values(), key=lambda rows: (-len(rows), rows[0])):
        label = labels[rows[0]]
        fold = int(np.argmin(load[label]))
        dealt[rows] = fold
        for row in rows:
            load[labels[row]][fold] += 1
    return dealt


def _first_of_equals(examples: Sequence[Example]) -> list[int]:
    first: dict[tuple[str, str], int] = {}
    return [
        first.setdefault((example.title, example.body), row) for row, example in enumerate(examples)
    ]
