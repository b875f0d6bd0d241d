"""A city's policies together: one for all, others for categories, and what is urgent over them all."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from casework.clock.policy import DEFAULT, POLICIES, URGENT, Policy, PolicyError, preset_text
from casework.clock.reading import overlaid
from casework.clock.words import ClockError, Words
from schemas.names import Urgency

OVERLAY = "urgent"
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A policy, and the same with what is urgent put over it."""

    plain: Policy
    urgent: Policy

    def of(self, urgency: Urgency) -> Policy:
        return self.urgent if urgency in URGENT else self.plain


@dataclass(frozen=True, eq=False)
class PolicyBook:
    """Which policy counts for which case. `by_category` by code of a category or of its domain."""

    default: Pair
    by_category: Mapping[str, Pair]

    def of(self, category: str | None, urgency: Urgency) -> Policy:
        """The policy of a case with this category and this urgency."""
        keys = (category, category[:2]) if category else ()
        found = (self.by_category[key] for key in keys if key in self.by_category)
        return next(found, self.default).of(urgency)


def read_book(
    own: Document | None = None,
    named: Mapping[str, Document] = MappingProxyType({}),
    by_category: Mapping[str, str] = MappingProxyType({}),
) -> PolicyBook:
    """The policies of a city: its `own`, its other `named` ones, and which counts for what.

    Raises PolicyError at the first fault: an entry that cannot be read, a policy that nobody has,
    one that extends itself. A category that the catalogue no longer has may be named: old cases
    have it still.
    """
    pairs = {name: _pair(name, _document(name, named), named) for name in {*by_category.values()}}
    default = own or {"extends": DEFAULT}
    return PolicyBook(
        default=_pair(str(default.get("name", default.get("extends"))), default, named),
        by_category={key: pairs[name] for key, name in by_category.items()},
    )


def _pair(name: str, document: Document, named: Mapping[str, Document]) -> Pair:
    """As `pair_of`; a fault names the policy too, since there are several."""
    try:
        return pair_of(document, named)
    except ClockError as fault:
        words = fault.words
        raise PolicyError(
            f"政策 {name}：{words.zh}", f"policy {name}: {words.en}", fault.entry
        ) from fault


def pair_of(document: Document, named: Mapping[str, Document]) -> Pair:
    """A policy with all that it extends, plain and urgent. Raises ClockError (PolicyError).

    What is urgent bears on the clocks that the policy has, and adds none. A limit that the policy
    itself names for an urgency counts.
    """
    plain = whole(document, named)
    policy = Policy.parse(plain)
    over = tomllib.loads(preset_text(OVERLAY))
    clocks = {}
    for name in over["clocks"].keys() & policy.clocks.keys():
        row, limits = over["clocks"][name], _limits(plain["clocks"][name])
        own = {urgency: limits[urgency] for urgency in URGENT if urgency in limits}
        clocks[name] = {**row, "limit": {**_limits(row), **own}}
    urgent = overlaid(plain, {**over, "clocks": clocks, "name": f"{policy.name}+{OVERLAY}"})
    return Pair(policy, Policy.parse(urgent, urgent=True))


def _limits(row: Document) -> Document:
    limit = row.get("limit", {})
    return limit if isinstance(limit, Mapping) else {"any": limit}


def whole(document: Document, named: Mapping[str, Document]) -> dict[str, Any]:
    """A policy document with all that it extends, down to one that extends nothing."""
    chain, seen = [document], set[str]()
    while (name := chain[-1].get("extends")) is not None:
        if str(name) in seen:
            raise PolicyError(
                f"政策 {name} 继承了自己", f"the policy {name} extends itself", "extends"
            )
        seen.add(str(name))
        chain.append(_document(str(name), named))
    result: dict[str, Any] = dict(chain.pop())
    while chain:
        result = overlaid(result, chain.pop())
    return result


def _document(name: str, named: Mapping[str, Document]) -> Document:
    if name in named:
        return {"name": name, **named[name]}
    if name in presets():
        return tomllib.loads(preset_text(name))
    known = ", ".join([*named, *presets()])
    raise PolicyError(
        f"没有名为 {name} 的政策，可用：{known}",
        f"there is no policy {name}; there are {known}",
        "extends",
    )


def source_of(name: str) -> Words:
    """Where a packaged policy comes from."""
    return Words(**tomllib.loads(preset_text(name))["source"])


@cache
def presets() -> tuple[str, ...]:
    """The packaged policies that a city can choose: all but the overlay."""
    return tuple(sorted(path.stem for path in POLICIES.glob("*.toml") if path.stem != OVERLAY))
