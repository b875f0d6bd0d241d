"""What makes rules of dispatch usable: known codes, units that may lead, each rule within reach."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import get_args

from casework.catalogue.city import BY_AREA, Category, City
from casework.catalogue.references import reference, same_line, unknown
from casework.catalogue.routing import RoutingRule
from casework.catalogue.tables import Fault, Line, listed
from schemas.names import Channel, Kind, Urgency

SHORTEST = 2
"""Characters of a word; a single one would be found anywhere."""


def faults_of_rules(city: City, lines: list[Line]) -> Iterator[Fault]:
    """Everything wrong with the rules of dispatch, each with its line.

    `lines` are those of `city.routing`, and others that lack a name, which have their fault.
    """
    named = [line for line in lines if line.cells.get("name")]
    for place, (line, rule) in enumerate(zip(named, city.routing, strict=True)):
        yield from _conditions(city, line)
        yield from _target(city, line, rule)
        earlier = zip(named[:place], city.routing[:place], strict=True)
        yield from _in_reach(city, line, rule, list(earlier))


def _conditions(city: City, line: Line) -> Iterator[Fault]:
    domains = {category.domain_code for category in city.categories.values()}
    known: tuple[tuple[str, Collection[str]], ...] = (
        ("area", city.areas),
        ("category", {*city.categories, *domains}),
    )
    for column, codes in known:
        for code in listed(line.cells.get(column, "")):
            if code not in codes:
                yield unknown(line, column, code)
    for column, allowed in (("kind", get_args(Kind)), ("channel", get_args(Channel))):
        yield from _among(line, column, allowed)
    for column in ("words", "without"):
        for word in listed(line.cells.get(column, "")):
            if len(word) < SHORTEST:
                yield line.fault(
                    f"“{word}”太短，单个字会到处匹配，请写两个字以上。",
                    f"“{word}” is too short: it would match anywhere; write two characters or more.",
                )


def _among(line: Line, column: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    for value in listed(line.cells.get(column, "")):
        if value not in allowed:
            choices = ", ".join(allowed)
            yield line.fault(
                f"{column} 不能是“{value}”，只能是：{choices}，几种之间用 ; 隔开。",
                f"{column} cannot be “{value}”; it is any of {choices}, with ; between them.",
            )


def _target(city: City, line: Line, rule: RoutingRule) -> Iterator[Fault]:
    if not rule.sends and rule.urgency is None:
        yield line.fault(
            "这条规则什么也不做：请填 to_category、to_unit、urgency 或 person。",
            "This rule does nothing: fill in to_category, to_unit, urgency or person.",
        )
    yield from _among(line, "urgency", get_args(Urgency))
    if rule.to_category is not None and rule.to_category not in city.categories:
        yield unknown(line, "category", rule.to_category)
    if rule.to_unit is None:
        return
    if rule.to_unit.startswith("@") and rule.to_unit not in BY_AREA:
        choices = ", ".join(BY_AREA)
        yield line.fault(
            f"to_unit 不能是“{rule.to_unit}”，可以写单位代码或 {choices}；要由人判断的，person 写 true。",
            f"to_unit cannot be “{rule.to_unit}”: it is a unit or one of {choices}; "
            "where a person decides, write true under person.",
        )
        return
    yield from reference(city, line, rule.to_unit)
    for category in _meant(city, rule):
        yield from same_line(city, line, category, rule.to_unit)


def _meant(city: City, rule: RoutingRule) -> Iterator[Category]:
    """The categories in which the rule's unit would lead, as far as the rule says them."""
    for code in (rule.to_category,) if rule.to_category else rule.category:
        for category in city.categories.values():
            if code in (category.code, category.domain_code):
                yield category


# -- whether a rule is ever reached -------------------------------------------------------


def _in_reach(
    city: City, line: Line, rule: RoutingRule, earlier: list[tuple[Line, RoutingRule]]
) -> Iterator[Fault]:
    for other, before in earlier:
        if before.name == rule.name:
            yield line.fault(
                f"规则名“{rule.name}”第 {other.number} 行已用，请换一个。",
                f"The name “{rule.name}” is taken by line {other.number}; choose another.",
            )
    if rule.words and _each_within(rule.words, rule.without, _speaks_of):
        yield line.fault(
            "永远不会用上：words 里的每个词都被 without 排除了，请删去其中一边。",
            "It can never apply: without rules out every one of its words; remove one side.",
        )
    taker = next((other for other, before in earlier if _takes_all(before, rule, city)), None)
    if taker is not None:
        yield line.fault(
            f"永远轮不到：它的情形第 {taker.number} 行已全部拿走，请移到前面，或改窄那一行。",
            f"It can never be reached: line {taker.number} takes all that it would; "
            "move it before that line, or narrow that one.",
        )


Within = Callable[[str, str], bool]
"""Whether what meets the first entry of a condition always meets the second one too."""


def _takes_all(before: RoutingRule, after: RoutingRule, city: City) -> bool:
    """Whether whatever `after` applies to, `before` applies to. In doubt no."""

    def inside(area: str, around: str) -> bool:
        return area in city.areas and around in city.area_path(area)

    conditions: tuple[tuple[tuple[str, ...], tuple[str, ...], Within], ...] = (
        (after.words, before.words, _speaks_of),
        (after.category, before.category, str.startswith),
        (after.area, before.area, inside),
        (after.kind, before.kind, str.__eq__),
        (after.channel, before.channel, str.__eq__),
    )
    # What keeps `before` away has to keep `after` away as well.
    spared = all(
        any(_speaks_of(word, kept_off) for kept_off in after.without) for word in before.without
    )
    return spared and all(
        not theirs or _each_within(own, theirs, within) for own, theirs, within in conditions
    )


def _each_within(own: tuple[str, ...], theirs: tuple[str, ...], within: Within) -> bool:
    """Whether each entry of a condition is within some entry of the other; no entry is any text."""
    return bool(own) and all(any(within(one, other) for other in theirs) for one in own)


def _speaks_of(word: str, part: str) -> bool:
    """Whether a text in which `word` is found always has `part` found in it."""
    word, part = word.casefold(), part.casefold()
    return word == part or (not part.isascii() and part in word)
