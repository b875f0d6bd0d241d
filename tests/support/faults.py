"""Tables on which processes die, and on which several meet in an order that a test chooses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal

from casework.store.table import Index, Item, Key, Table

Moment = Literal["before", "after"]
Step = Callable[[str, Moment], None]


class Killed(BaseException):
    """The process is gone. No handler may swallow it, so it is no Exception."""


class StepTable:
    """A table that says before and after each call what is called; `step` may kill or wait."""

    def __init__(self, table: Table, step: Step) -> None:
        self._table, self._step = table, step

    def _do(self, name: str, *arguments: Any, **options: Any) -> Any:
        self._step(name, "before")
        try:
            return getattr(self._table, name)(*arguments, **options)
        finally:
            self._step(name, "after")

    def put(self, item: Item) -> None:
        self._do("put", item)

    def put_many(self, items: Sequence[Item]) -> None:
        self._do("put_many", items)

    def put_new(self, item: Item) -> None:
        self._do("put_new", item)

    def put_at(self, item: Item, version: int) -> None:
        self._do("put_at", item, version)

    def get(self, key: Key) -> Item | None:
        found: Item | None = self._do("get", key)
        return found

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        found: dict[Key, Item] = self._do("get_many", keys, consistent=consistent)
        return found

    def partition(self, pk: str, prefix: str = "") -> list[Item]:
        found: list[Item] = self._do("partition", pk, prefix)
        return found

    def query(
        self,
        index: Index,
        partition: str,
        limit: int,
        *,
        after: str | None = None,
        until: str | None = None,
        newest_first: bool = False,
    ) -> list[Item]:
        found: list[Item] = self._do(
            "query", index, partition, limit, after=after, until=until, newest_first=newest_first
        )
        return found


class Death:
    """A step that kills the process at its call number `call` (from 0), before or after it.

    With `call=None` it only counts, so that a test can know how many points there are.
    """

    def __init__(self, call: int | None = None, moment: Moment = "before") -> None:
        self._call, self._moment = call, moment
        self.calls = 0
        self.happened = False

    def __call__(self, name: str, moment: Moment) -> None:
        at = self.calls
        if moment == "after":
            self.calls += 1
        if (at, moment) == (self._call, self._moment) and not self.happened:
            self.happened = True
            raise Killed


def taken() -> threading.Lock:
    """A lock that somebody else will release: it passes a turn on, cheaper than a semaphore."""
    lock = threading.Lock()
    lock.acquire()
    return lock


class Baton:
    """Runs several acts, each in a thread, one at a time; at each store call the baton goes on.

    `choose` gets the numbers of the acts that are not done and says who goes next. An act that is
    told to die (`kill`) gets `Killed` where it stands. What the acts gave or raised is in
    `results`, by act.
    """

    def __init__(self, choose: Callable[[Sequence[int]], int]) -> None:
        self._choose = choose
        self._turns: list[threading.Lock] = []
        self._back = taken()
        self._mine = threading.local()
        self._doomed: set[int] = set()
        self.results: list[Any] = []
        self.trace: list[int] = []

    @property
    def act(self) -> int | None:
        """Which act this thread plays, if any."""
        act: int | None = getattr(self._mine, "act", None)
        return act

    def step(self, name: str, moment: Moment) -> None:
        """Give the baton up before a store call and wait for one's next turn."""
        act = self.act
        if act is None or moment == "after":
            return
        self._back.release()
        self._turns[act].acquire()
        if act in self._doomed:
            raise Killed

    def kill(self, act: int) -> None:
        """Let this act die at its next turn."""
        self._doomed.add(act)

    def run(self, *acts: Callable[[], Any]) -> list[Any]:
        """Play the acts to their ends."""
        self.results = [None] * len(acts)
        self._turns = [taken() for _ in acts]
        alive = list(range(len(acts)))
        threads = [
            threading.Thread(target=self._play, args=(act, play), daemon=True)
            for act, play in enumerate(acts)
        ]
        done: set[int] = set()
        self._done = done
        for thread in threads:
            thread.start()
        while alive:
            act = self._choose(alive)
            self.trace.append(act)
            self._turns[act].release()
            if not self._back.acquire(timeout=30):
                raise TimeoutError("an act neither ended nor came to a store call")
            alive = [act for act in alive if act not in done]
        for thread in threads:
            thread.join()
        return self.results

    def _play(self, act: int, play: Callable[[], Any]) -> None:
        self._mine.act = act
        self._turns[act].acquire()
        try:
            self.results[act] = play()
        except BaseException as error:  # noqa: BLE001 - the test judges what was raised
            self.results[act] = error
        finally:
            self._mine.act = None
            self._done.add(act)
            self._back.release()
