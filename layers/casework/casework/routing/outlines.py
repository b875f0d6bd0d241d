"""Which area a point lies in, by the outlines of the city's areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from casework.catalogue.city import City
from casework.catalogue.shapes import Ring, unpack


@dataclass(frozen=True, slots=True)
class _Outline:
    """An area's rings, the box around them (west, south, east, north), how deep in the tree it is."""

    code: str
    rings: tuple[Ring, ...]
    box: tuple[float, float, float, float]
    depth: int

    def holds(self, lon: float, lat: float) -> bool:
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north and inside(self.rings, lon, lat)


def area_at(city: City, lon: float, lat: float) -> str | None:
    """The deepest area whose outline holds the point; None where none does.

    Where outlines of one depth overlap, the area around them, if that is not the whole city.
    """
    holding = [one for one in _outlines(city) if one.holds(lon, lat)]
    deepest = max((one.depth for one in holding), default=0)
    paths = [city.area_path(one.code) for one in holding if one.depth == deepest]
    if not paths:
        return None
    common = next(code for code in paths[0] if all(code in path for path in paths))
    return None if common == city.root.code else common


def inside(rings: Sequence[Ring], lon: float, lat: float) -> bool:
    """Whether the point is inside an odd number of the rings: a hole is a ring like another.

    Edges are half open, with what is to their west and south: of two areas that share an edge, a
    point on it is in exactly one.
    """
    odd = False
    for ring in rings:
        for start, end in pairwise(ring):
            if (start[1] > lat) == (end[1] > lat):
                continue
            # From south to north, whichever way the ring runs: neighbours reckon alike.
            (x1, y1), (x2, y2) = (start, end) if start[1] < end[1] else (end, start)
            if (lon - x1) * (y2 - y1) < (lat - y1) * (x2 - x1):
                odd = not odd
    return odd


@lru_cache(maxsize=2)
def _outlines(city: City) -> tuple[_Outline, ...]:
    """Unpacked where a point is first asked for: most processes never do."""
    found = []
    for code, packed in city.shapes.items():
        rings = unpack(packed)
        lons, lats = zip(*(point for ring in rings for point in ring), strict=True)
        box = (min(lons), min(lats), max(lons), max(lats))
        found.append(_Outline(code, rings, box, len(city.area_path(code))))
    return tuple(found)
