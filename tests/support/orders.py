"""Every order in which acts can meet that makes a difference, and no other.

Two calls that touch nothing in common can change places and nothing is different; of all orders
that are alike in that way one is tried (sleep sets: Godefroid, Partial-Order Methods, 1996).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.faults import Baton, StepTable

Keys = frozenset[tuple[str, str | None]]
"""(pk, sk) of what a call touches; an sk of None is the whole partition."""


@dataclass(frozen=True)
class Call:
    """What an act is about to do to the table."""

    keys: Keys
    writes: bool

    @staticmethod
    def of(name: str, arguments: Sequence[Any]) -> Call:
        first = arguments[0]
        match name:
            case "get":
                keys = frozenset({first})
            case "get_many":
                keys = frozenset(first)
            case "partition":
                keys = frozenset({(first, None)})
            case "put" | "put_new" | "put_at":
                keys = frozenset({(first["pk"], first["sk"])})
            case "query":
                keys = (
                    frozenset()
                )  # an index shows what was true some time ago, whenever it is asked
            case _:
                raise ValueError(f"no order is told of {name!r}")
        return Call(keys, name.startswith("put"))

    def meets(self, other: Call) -> bool:
        """Whether it makes a difference which of the two comes first."""
        return (self.writes or other.writes) and any(
            one[0] == two[0] and _same(one[1], two[1]) for one in self.keys for two in other.keys
        )


def _same(one: str | None, two: str | None) -> bool:
    # A commit in the journal is the same bytes, whoever writes it.
    if one is not None and one.startswith("COMMIT#") and two is not None:
        return False
    return one is None or two is None or one == two


class ToldTable(StepTable):
    """A table that tells of each call before the act gives the baton up for it."""

    def __init__(self, table: Any, baton: Baton, tell: Callable[[int, Call], None]) -> None:
        super().__init__(table, baton.step)
        self._baton, self._tell = baton, tell

    def _do(self, name: str, *arguments: Any, **options: Any) -> Any:
        act = self._baton.act
        if act is not None:
            self._tell(act, Call.of(name, arguments))
        return super()._do(name, *arguments, **options)


@dataclass
class _Node:
    """Whoever could go on here, who does, and who need not because it was tried before."""

    alive: tuple[int, ...]
    calls: dict[int, Call]
    asleep: set[int]
    chosen: int = field(init=False)

    def __post_init__(self) -> None:
        self.chosen = next(act for act in self.alive if act not in self.asleep)

    def another(self) -> bool:
        self.asleep.add(self.chosen)
        left = [act for act in self.alive if act not in self.asleep]
        if left:
            self.chosen = left[0]
        return bool(left)

    def asleep_after(self, alive: Sequence[int]) -> set[int]:
        mine = self.calls.get(self.chosen)
        return {
            act
            for act in self.asleep & set(alive)
            if mine is None or act not in self.calls or not mine.meets(self.calls[act])
        }


class Orders:
    """The orders, one after another. Each run makes a `Baton(orders.choose)` and a table by
    `orders.table`; `orders.tried` counts those that are like no other."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._path: list[_Node] = []
        self._calls: dict[int, Call] = {}
        self._depth = 0
        self._known = False
        self.tried = 0

    def __iter__(self) -> Iterator[Orders]:
        for _ in range(self._most):
            self._depth, self._calls, self._known = 0, {}, False
            yield self
            self.tried += not self._known
            while self._path and not self._path[-1].another():
                self._path.pop()
            if not self._path:
                return
        raise AssertionError("more orders than a test should try")

    def table(self, table: Any, baton: Baton) -> ToldTable:
        return ToldTable(table, baton, self._calls.__setitem__)

    def choose(self, alive: Sequence[int]) -> int:
        """Who goes next."""
        if self._known:
            return alive[0]
        if self._depth == len(self._path):
            before = self._path[-1] if self._path else None
            asleep = before.asleep_after(alive) if before else set()
            if asleep.issuperset(alive):
                self._known = True  # like one that was tried: let it run out
                return alive[0]
            self._path.append(_Node(tuple(alive), dict(self._calls), asleep))
        node = self._path[self._depth]
        self._depth += 1
        return node.chosen
