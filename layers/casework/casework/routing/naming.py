"""Which of the city's units a text names. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from casework.catalogue.city import City
from casework.routing.folding import folded

SHORTEST = 3
"""Characters; a name of two stands in too many other words."""


def named_units(text: str, city: City) -> tuple[str, ...]:
    """The units in service whose names stand in a text, in the order of the text, each once.

    The longest name wins: 汀南区城管局 is not also 城管局. The city's own name before a unit's may be
    left out, as people do.
    """
    names, pattern = _names(city)
    if pattern is None:
        return ()
    return tuple(dict.fromkeys(names[found] for found in pattern.findall(folded(text))))


_OFFICE = re.compile(
    "街道(?:办|干部|工作人员|的人)|[市区县镇乡]政府|[村居]委|[村镇乡区县]干部|社区(?:的人|干部|工作人员|主任|书记)"
    "|派出所|[大中支]队|[法检]院|\\w局(?![部面势限])"
)
"""An office, whether the city's catalogue has it or not."""


def only_office(text: str, city: City) -> str | None:
    """The unit that a text names, if it speaks of no other office: else it may be named in passing, by
    one whom another office has offended."""
    named = named_units(text, city)
    _, pattern = _names(city)
    if len(named) != 1 or pattern is None or _OFFICE.search(pattern.sub(" ", folded(text))):
        return None
    return named[0]


@lru_cache(maxsize=4)
def _names(city: City) -> tuple[dict[str, str], re.Pattern[str] | None]:
    """Units by each of their names, and what finds the longest of these first."""
    names: dict[str, str] = {}
    for unit in city.units.values():
        if unit.retired is None:
            for name in (unit.name, unit.name.removeprefix(city.root.name)):
                if len(name) >= SHORTEST:
                    names.setdefault(folded(name), unit.code)
    longest_first = sorted(names, key=len, reverse=True)
    return names, re.compile("|".join(map(re.escape, longest_first))) if names else None
