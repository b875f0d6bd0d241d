"""Where a matter is: by the area that was chosen, by coordinates, by the names in an address.

What somebody chose counts before what a phone reports, and that before what an address says; each
may make the one before it more exact, none may move it elsewhere. Two of them that contradict each
other leave the smallest area that holds both, and a chosen area stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from casework.catalogue.city import City
from casework.routing.folding import folded
from casework.routing.lexicon import stands_alone
from casework.routing.outlines import area_at

How = Literal["chosen", "point", "address", "text"]

# An order of trust, not measured frequencies.
CHOSEN, POINT, ADDRESS, IN_TEXT, SHORT_NAME, CONTRADICTED = 1.0, 0.95, 0.9, 0.8, 0.7, 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """The area of a matter, how it is known, how sure that is (0..1), and why, zh / en.

    `area` is None where nothing tells, or where what tells agrees on no more than the city.
    """

    area: str | None
    how: How | None
    certainty: float
    reasons: tuple[str, ...]


NOWHERE = Place(None, None, 0.0, ())


def place(
    city: City,
    chosen: str | None,
    lon: float | None = None,
    lat: float | None = None,
    address: str | None = None,
    text: str = "",
) -> Place:
    """Where the matter is. Degrees in WGS 84; a `chosen` code that the city does not have is passed over.

    `text` is the message itself: whole names in it are looked at where there is no address that tells.
    """
    found = _chosen(city, chosen)
    if lon is not None and lat is not None:
        found = _joined(found, _at_point(city, lon, lat), city)
    named = _named(address or "", city, "address")
    return _joined(found, named if named.reasons else _named(text, city, "text"), city)


def _chosen(city: City, code: str | None) -> Place:
    if code is None or code not in city.areas or code == city.root.code:
        return NOWHERE
    zh, en = _called(code, city)
    return Place(code, "chosen", CHOSEN, (f"区划已选：{zh} / area as chosen: {en}",))


def _at_point(city: City, lon: float, lat: float) -> Place:
    if not city.shapes:
        return NOWHERE
    code = area_at(city, lon, lat)
    if code is None:
        return replace(NOWHERE, reasons=("坐标不在任何区划之内 / the point lies in no area",))
    zh, en = _called(code, city)
    return Place(code, "point", POINT, (f"坐标在{zh} / the point lies in {en}",))


def _joined(first: Place, second: Place, city: City) -> Place:
    """Both together; the first is the one that is trusted more."""
    if first.area is None or second.area is None:
        known = second if first.area is None else first
        return replace(known, reasons=(*first.reasons, *second.reasons))
    reasons = (*first.reasons, *second.reasons)
    around = _around((first.area, second.area), city)
    certainty = max(first.certainty, second.certainty)
    if around == first.area:  # the second is more exact, or says the same
        more = first if second.area == first.area else second
        return replace(more, certainty=certainty, reasons=reasons)
    if around == second.area:
        return replace(first, certainty=certainty, reasons=reasons)
    if first.certainty == CHOSEN or first.how == "chosen":  # or lies within what was chosen
        said = "与所选区划矛盾，仍按所选 / they contradict the choice, which stays"
        return Place(first.area, first.how, CONTRADICTED, (*reasons, said))
    if around is None:
        said = "两者矛盾，区划不明 / they contradict each other: the area is not known"
        return replace(NOWHERE, reasons=(*reasons, said))
    zh, en = _called(around, city)
    said = f"两者矛盾，只取共同的{zh} / they contradict each other: taken is {en}, which holds both"
    return Place(around, second.how, second.certainty, (*reasons, said))


def _around(areas: Collection[str], city: City) -> str | None:
    """The smallest area that holds all of these; None for the city itself, which says nothing."""
    paths = [city.area_path(code) for code in areas]
    common = next((code for code in paths[0] if all(code in path for path in paths)), None)
    return None if common == city.root.code else common


def _called(code: str, city: City) -> tuple[str, str]:
    return city.areas[code].name, city.areas[code].name_en


# -- names in an address ------------------------------------------------------------------

_KIND = re.compile(r"(街道|社区|[区县市旗镇乡村]| subdistrict| district| county| town| village)$")
"""What may be left out of a name: 柳浪街道 is also called 柳浪."""
_OF_SOMETHING_ELSE = re.compile("路|大?道|大?街|巷|弄|胡同|大?桥|站|学校|小学|中学|医院|银行|公司")
"""Behind a short name: 渡口路 need not be in 渡口街道."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of areas by their first two characters, the longest first, and whose each one is."""

    by_start: Mapping[str, tuple[str, ...]]
    whole: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]

    def found(self, text: str) -> Iterator[str]:
        """The names in a folded text, from left to right, none inside another."""
        position = 0
        while position < len(text) - 1:
            name = self._at(text, position)
            if name is None:
                position += 1
                continue
            position += len(name)
            if name in self.whole or not _OF_SOMETHING_ELSE.match(text, position):
                yield name

    def _at(self, text: str, position: int) -> str | None:
        for name in self.by_start.get(text[position : position + 2], ()):
            if text.startswith(name, position) and stands_alone(name, text, position):
                return name
        return None


@lru_cache(maxsize=4)
def _names_of(city: City) -> _Names:
    whole: dict[str, list[str]] = {}
    short: dict[str, list[str]] = {}
    for area in city.areas.values():
        if area.parent is None:
            continue
        for name in (folded(area.name), folded(area.name_en)):
            whole.setdefault(name, []).append(area.code)
            bare = _KIND.sub("", name)
            if bare != name and len(bare) > 1:
                short.setdefault(bare, []).append(area.code)
    by_start: dict[str, list[str]] = {}
    for name in sorted({*whole, *short}, key=lambda name: (-len(name), name)):
        by_start.setdefault(name[:2], []).append(name)
    return _Names(
        {start: tuple(names) for start, names in by_start.items()},
        {name: tuple(codes) for name, codes in whole.items()},
        {name: tuple(codes) for name, codes in short.items() if name not in whole},
    )


def _named(text: str, city: City, how: Literal["address", "text"]) -> Place:
    """The area that a text names. A name that several areas share counts beside one around it."""
    names = _names_of(city)
    found = dict.fromkeys(names.found(folded(text)))
    codes = _clear([names.whole[name] for name in found if name in names.whole], (), city)
    certainty = ADDRESS if how == "address" else IN_TEXT
    if how == "address":
        short = [names.short[name] for name in found if name in names.short]
        more = _clear(short, codes, city)
        certainty = certainty if codes or not more else SHORT_NAME
        codes = codes + more
    if not codes:
        return NOWHERE
    area = _around(codes, city)
    said = [_called(code, city) for code in codes]
    zh, en = "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)
    reason = (
        f"{'地址' if how == 'address' else '正文'}写到{zh} / "
        f"the {'address' if how == 'address' else 'text'} names {en}"
    )
    deepest = max(codes, key=lambda code: len(city.area_path(code)))
    on_one_path = set(codes) <= set(city.area_path(deepest))
    if on_one_path:
        return Place(deepest, how, certainty, (reason,))
    if area is None:
        return replace(NOWHERE, reasons=(f"{reason}（不在一处 / which lie apart）",))
    return Place(area, how, certainty, (f"{reason}，取{_called(area, city)[0]} / taken together",))


def _clear(named: list[tuple[str, ...]], known: tuple[str, ...], city: City) -> tuple[str, ...]:
    """Of names and the areas that each may mean, those that can mean one only.

    Beside `known` areas a name has to agree with them.
    """
    alone = known or tuple(codes[0] for codes in named if len(codes) == 1)
    chosen: list[str] = []
    for codes in named:
        candidates = list(codes) if len(codes) == 1 and not known else _inside(codes, alone, city)
        if len(candidates) == 1:
            chosen.append(candidates[0])
    return tuple(dict.fromkeys(chosen))


def _inside(codes: tuple[str, ...], around: tuple[str, ...], city: City) -> list[str]:
    return [code for code in codes if not set(city.area_path(code)[1:]).isdisjoint(around)]
