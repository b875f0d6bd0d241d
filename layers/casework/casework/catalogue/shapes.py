"""Outlines of areas: read from GeoJSON (RFC 7946), packed into a line of text each.

Packed, a ring is an encoded polyline (Google's algorithm, latitude before longitude, five decimals:
about a metre), and an area its rings with blanks between them. Which ring is a hole need not be
said: a point is inside where it is inside an odd number of them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from casework.catalogue.tables import Fault, Line

Point = tuple[float, float]
"""Longitude and latitude, in degrees of WGS 84."""
Ring = tuple[Point, ...]
"""Closed: its last point is its first."""

UNIT = 100_000
PACKED = re.compile(r"[?-~]{8,}( [?-~]{8,})*")
LARGEST = 350_000
"""Bytes of all outlines together: they are one item of the settings table, which takes 400 KB."""
FEWEST = 4
"""Points of a closed ring (RFC 7946, 3.1.6)."""
CHINA = ((73.0, 136.0), (3.0, 54.0))
"""Between which longitudes and latitudes it lies: the two do not overlap, so their order can be told."""


def pack(rings: Sequence[Sequence[Point]]) -> str:
    """Rings as one line of text."""
    return " ".join(_packed(ring) for ring in rings)


def unpack(text: str) -> tuple[Ring, ...]:
    """The rings of what `pack` wrote."""
    return tuple(tuple(_points(ring)) for ring in text.split())


def _packed(ring: Sequence[Point]) -> str:
    written: list[str] = []
    before = (0, 0)
    for lon, lat in ring:
        here = (round(lat * UNIT), round(lon * UNIT))
        for new, old in zip(here, before, strict=True):
            step = (new - old) << 1
            step = ~step if new < old else step
            while step >= 0x20:
                written.append(chr((0x20 | (step & 0x1F)) + 63))
                step >>= 5
            written.append(chr(step + 63))
        before = here
    return "".join(written)


def _points(packed: str) -> Iterator[Point]:
    values: list[int] = []
    value, shift, here = 0, 0, [0, 0]
    for character in packed:
        bits = ord(character) - 63
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    for lat, lon in zip(values[::2], values[1::2], strict=False):
        here = [here[0] + lat, here[1] + lon]
        yield here[1] / UNIT, here[0] / UNIT


# -- GeoJSON ------------------------------------------------------------------------------


class _WrongError(Exception):
    """What is wrong with a feature, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_shapes(path: Path, faults: list[Fault]) -> list[Line]:
    """Rows (code, rings) of a GeoJSON file, several features of one area joined.

    A fault names the feature by its number, from 1, where others name a line.
    """
    features = _features(path, faults)
    rings: dict[str, list[Sequence[Point]]] = {}
    first: dict[str, int] = {}
    for number, feature in enumerate(features, 1):
        try:
            code, outline = _read(feature)
        except _WrongError as wrong:
            zh, en = f"第 {number} 个要素：{wrong.zh}", f"Feature {number}: {wrong.en}"
            faults.append(Fault(path.name, number, zh, en))
            continue
        first.setdefault(code, number)
        rings.setdefault(code, []).extend(outline)
    lines = [
        Line(path.name, first[code], {"code": code, "rings": pack(rings[code])}) for code in rings
    ]
    size = sum(len(json.dumps(line.cells)) for line in lines)
    if size > LARGEST:
        zh = f"边界压缩后有 {size} 字节，最多 {LARGEST}；请简化多边形（街道级 10 米的精度就够）。"
        en = (
            f"Packed it takes {size} bytes of {LARGEST}; simplify the outlines (10 metres will do)."
        )
        faults.append(Fault(path.name, 0, zh, en))
    return lines


def _features(path: Path, faults: list[Fault]) -> list[Any]:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as broken:
        line = broken.lineno if isinstance(broken, json.JSONDecodeError) else 0
        zh, en = f"不是有效的 JSON（UTF-8）：{broken}", f"It is no valid JSON in UTF-8: {broken}"
        faults.append(Fault(path.name, line, zh, en))
        return []
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        zh, en = "应是 FeatureCollection，其中有 features。", "It must be a FeatureCollection."
        faults.append(Fault(path.name, 0, zh, en))
        return []
    return features


def _read(feature: Any) -> tuple[str, list[Sequence[Point]]]:
    """The area's code and its rings. Raises _WrongError."""
    feature = feature if isinstance(feature, dict) else {}
    properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str | int) or not str(code):
        raise _WrongError(
            "properties 里要有 code（区划代码）。", "its properties need a code, that of the area."
        )
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _WrongError(
            f"几何类型是 {kind}，只能是 Polygon 或 MultiPolygon。",
            f"its geometry is {kind}; it must be a Polygon or a MultiPolygon.",
        )
    parts = geometry.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    rings = [_ring(ring) for part in _listed(parts) for ring in _listed(part)]
    if not rings:
        raise _WrongError("没有坐标。", "it has no coordinates.")
    _in_order([point for ring in rings for point in ring])
    return str(code), rings


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _WrongError("坐标的层数不对。", "its coordinates are nested wrongly.")
    return value


def _ring(ring: Any) -> Sequence[Point]:
    points = [_point(position) for position in _listed(ring)]
    if len(points) < FEWEST or points[0] != points[-1]:
        raise _WrongError(
            f"环没有闭合：至少 {FEWEST} 个点，最后一点要与第一点相同。",
            f"a ring is not closed: {FEWEST} points or more, the last the same as the first.",
        )
    return points


def _point(position: Any) -> Point:
    numbers = [
        float(value)
        for value in _listed(position)[:2]
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ]
    if len(numbers) != 2:
        raise _WrongError("坐标应是两个数。", "a position is two numbers.")
    return numbers[0], numbers[1]


def _in_order(points: Sequence[Point]) -> None:
    """Degrees, longitude first. Raises _WrongError."""
    if any(abs(first) > 180 or abs(second) > 180 for first, second in points):
        raise _WrongError(
            "坐标不是经纬度（度），请换成 WGS 84。",
            "these are no degrees; convert them to WGS 84.",
        )
    (west, east), (south, north) = CHINA
    turned = all(south <= lon <= north and west <= lat <= east for lon, lat in points)
    if turned or any(abs(lat) > 90 for _, lat in points):
        raise _WrongError(
            "经纬度写反了：GeoJSON 是经度在前。",
            "longitude and latitude are swapped: in GeoJSON the longitude comes first.",
        )
