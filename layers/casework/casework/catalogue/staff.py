"""The people who work with cases, by their accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from schemas.names import Role

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Staff:
    """工作人员: `code` is the account, as the issuer of the city's tokens names it.

    `area` narrows what a person of the city's offices looks after, None: the whole city. `duty`:
    on the roster of those who are told by night and on holidays too (值班).
    """

    code: str
    name: str
    role: Role
    unit: str
    area: str | None = None
    duty: bool = False


def grouped(staff: Iterable[Staff], key: Callable[[Staff], Key]) -> Mapping[Key, tuple[Staff, ...]]:
    """The staff by a key; each group in the order of accounts, whatever that of the file."""
    groups: defaultdict[Key, list[Staff]] = defaultdict(list)
    for one in sorted(staff, key=lambda one: one.code):
        groups[key(one)].append(one)
    return {value: tuple(group) for value, group in groups.items()}
