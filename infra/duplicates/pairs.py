"""Which messages of many say the same: all that have a body in common, and near copies.

Near copies are looked up by the same band keys as cases are, and then compared exactly. Texts that
are the same are compared once, however often they were sent.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from operator import eq

from casework.routing.folding import folded
from casework.routing.likeness import Matter, Place, likeness, resemblance
from casework.routing.signing import bands_of, shingles, signature
from infra.duplicates.rows import Row

NEAR_COPY = 0.75
"""A copy with a seventh of it rewritten, or cut to little more than a half."""
ALL_PAIRS = 1_000
"""Of up to so many that are the same all pairs are named (half a million); beyond, a chain."""
REMEMBERED = 200
"""So many different texts are kept under one band key, the latest."""

IN_COMMON = 6
"""Of the 36 values of a signature near copies have some 20 in common; with fewer than this two long
texts need not be compared. It takes a fifth of the time."""
SHORT = 36
"""Shingles below which a signature repeats itself."""

Said = frozenset[str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Pair:
    """Two messages, the one that stands first in the file first, and how much they are alike."""

    a: str
    b: str
    score: float
    same_body: bool


@dataclass
class Found:
    """The pairs, in the order of the file, and how it went."""

    pairs: list[Pair] = field(default_factory=list)
    texts: int = 0
    """Different texts among the messages."""
    chained: dict[int, int] = field(default_factory=dict)
    """Of how many messages, by the first of them, a chain is named and not every pair."""
    crowded: int = 0
    """Texts that were forgotten under a band key, since too many had it in common."""
    signing: float = 0.0
    looking_up: float = 0.0
    """Seconds."""


def find_pairs(
    rows: list[Row], least: float, *, by_place: bool, report: Progress = lambda done, of: None
) -> Found:
    """Every pair with an identical body, and those that are alike from `least` on.

    `by_place`: the messages say where they are, and so few words alone are no likeness; else words
    are all there is to go by. Identical: but for blanks, width, case and traditional characters.
    """
    found, began = Found(), time.perf_counter()
    matters = [_matter(row) for row in rows]
    texts: dict[Said, list[int]] = defaultdict(list)
    bodies: dict[str, list[int]] = defaultdict(list)
    for place, (row, matter) in enumerate(zip(rows, matters, strict=True)):
        bodies["".join(folded(row.body).split())].append(place)
        if matter.said:
            texts[matter.said].append(place)
    signed: list[Sequence[int]] = [signature(said) for said in texts]
    found.texts, found.signing = len(texts), time.perf_counter() - began

    def score(a: int, b: int) -> float:
        one, other = matters[a], matters[b]
        if by_place:
            return likeness(one, other).score
        return round(resemblance(one.said, other.said), 2)

    same = set(_within(bodies.values(), found))
    alike = set(same)
    alike.update(pair for pair in _within(texts.values(), found) if score(*pair) >= least)
    began = time.perf_counter()
    groups = list(texts.values())
    for ours, theirs in _near(list(texts), signed, least, found, report):
        for a, b in _between(groups[ours], groups[theirs], found):
            pair = (a, b) if a < b else (b, a)
            if score(*pair) >= least:
                alike.add(pair)
    found.looking_up = time.perf_counter() - began
    found.pairs = [
        Pair(rows[a].id, rows[b].id, score(a, b), (a, b) in same) for a, b in sorted(alike)
    ]
    return found


def _matter(row: Row) -> Matter:
    place = Place(areas=(row.area,) if row.area else ())
    return Matter(shingles(row.title, row.body), place, row.at)


def _within(groups: Iterable[list[int]], found: Found) -> Iterator[tuple[int, int]]:
    """The pairs of each group; of a group that is too large, each with the next."""
    for group in groups:
        if len(group) <= ALL_PAIRS:
            yield from combinations(group, 2)
        else:
            found.chained[group[0]] = max(len(group), found.chained.get(group[0], 0))
            yield from pairwise(group)


def _between(ours: list[int], theirs: list[int], found: Found) -> Iterator[tuple[int, int]]:
    """The pairs between two groups; where that were too many, the first of each."""
    if len(ours) * len(theirs) <= ALL_PAIRS * ALL_PAIRS // 2:
        yield from product(ours, theirs)
    else:
        found.chained[ours[0]] = len(ours) + len(theirs)
        yield ours[0], theirs[0]


def _near(
    texts: list[Said],
    signed: list[Sequence[int]],
    least: float,
    found: Found,
    report: Progress,
) -> Iterator[tuple[int, int]]:
    """Different texts, by their places, of which enough words are the same; each pair once."""
    known: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
    for ours, said in enumerate(texts):
        keys = bands_of(signed[ours])
        candidates: set[int] = set().union(*(known[key] for key in keys))
        for theirs in sorted(candidates):
            in_common = sum(map(eq, signed[ours], signed[theirs]))
            if in_common < IN_COMMON and len(said) >= SHORT:
                continue
            if resemblance(said, texts[theirs]) >= least:
                yield theirs, ours
        for key in keys:
            found.crowded += len(known[key]) == REMEMBERED
            known[key].append(ours)
        report(ours + 1, len(texts))
