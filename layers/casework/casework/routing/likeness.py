"""How much two matters are alike, 0..1: what is said, where it is, when it was said. Pure.

Words weigh as much as there are of them: a long text that says the same is the same matter
wherever its writer places it, more or less, while “路灯不亮” is said of a hundred lamps and is one
matter only on one spot. A like text about another place may be a form that many use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from schemas.names import LikeReason

ALIKE = 0.7
"""From here on two are called alike: copies with a third rewritten, or cut to a half."""
TELLING = 20
"""Different shingles with which a text speaks for itself, without a place."""
ELSEWHERE = 0.72
"""What is left of likeness where two are about different places."""
SPOT, NEAR, FAR = 100.0, 300.0, 1500.0
"""Metres: the same spot; near by; certainly elsewhere."""
SAME_AREA, WITHIN = 0.5, 0.3
"""What the same area is worth beside the same spot (1); and one area inside the other."""
HALVED = timedelta(days=180)
"""After so long it counts half that two were at one place."""
_RECENT = timedelta(days=7)
_EARTH = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a matter is: longitude and latitude in degrees, and its area's code with those of the
    areas around it, innermost first, without the city itself."""

    point: tuple[float, float] | None = None
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is compared: the shingles of what is said (`signing.shingles`), where, and when."""

    said: frozenset[str]
    place: Place = Place()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two are alike, 0..1 to two places, and by what."""

    score: float
    reasons: tuple[LikeReason, ...] = ()


def resemblance(a: frozenset[str], b: frozenset[str]) -> float:
    """The cosine of two sets of shingles, 0..1: 1 for the same, 0 where either says nothing.

    Unlike the Jaccard index it is mild on a copy that is only shorter.
    """
    return len(a & b) / sqrt(len(a) * len(b)) if a and b else 0.0


def likeness(a: Matter, b: Matter) -> Likeness:
    """How much two matters are alike; the same whichever comes first."""
    words = resemblance(a.said, b.said)
    if not words:
        return Likeness(0.0)
    where, reason = _nearness(a.place, b.place)
    apart = abs(a.at - b.at) if a.at and b.at else timedelta(0)
    telling = min(1.0, min(len(a.said), len(b.said)) / TELLING)
    if reason == "elsewhere":
        score = words * telling * ELSEWHERE
    else:
        score = words * (telling + (1.0 - telling) * where * 0.5 ** (apart / HALVED))
    reasons: list[LikeReason] = ["same_words" if words == 1.0 else "like_words"]
    if reason is not None:
        reasons.append(reason)
    if a.at and b.at and apart <= _RECENT:
        reasons.append("same_days")
    return Likeness(round(score, 2), tuple(reasons))


def _nearness(a: Place, b: Place) -> tuple[float, LikeReason | None]:
    """How near two places are (0..1), and what that rests on; None where one is not known."""
    if a.point and b.point:
        metres = _metres(a.point, b.point)
        if metres <= SPOT:
            return 1.0, "same_spot"
        if metres <= NEAR:
            return 0.8, "near_by"
        return (0.0, "elsewhere") if metres > FAR else (0.2, None)
    if not a.areas or not b.areas:
        return 0.0, None
    if a.areas[0] == b.areas[0]:
        return SAME_AREA, "same_area"
    nested = a.areas[0] in b.areas or b.areas[0] in a.areas
    return (WITHIN, "same_area") if nested else (0.0, "elsewhere")


def _metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance on the sphere (haversine)."""
    lon, lat, other_lon, other_lat = map(radians, (*a, *b))
    up, along = sin((other_lat - lat) / 2), sin((other_lon - lon) / 2)
    return 2 * _EARTH * asin(min(1.0, sqrt(up * up + cos(lat) * cos(other_lat) * along * along)))
