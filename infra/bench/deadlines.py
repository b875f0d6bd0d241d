"""`lianxin bench deadlines`: what the sweep costs, by the case that is due and not by the case that is open.

Real ticks through the service on the in-memory store; what DynamoDB would bill is counted by its
rules on the very items. `--model` goes on from there, on paper, to a city's and a country's year.
"""

import gc
import json as _json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from statistics import median
from typing import Any

from casework.sweeping import Sweeper
from infra.bench.deadline_units import Act, acts, asking, idle
from infra.bench.model import Measured
from infra.bench.open_cases import MINUTE, OpenCases

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BACKLOG = 100_000
SHARDS = 16
DUE, MINUTES = 96, 9
"""So many come due at once, in so many minutes: 864 of the smallest city's thousand."""
CACHES, LINE = 64 << 20, 64
"""Bytes of which one in each line is read, to leave nothing else in the processor's caches."""
FLAT = 1.10
COMMITTED = ["COMMIT", "HEAD", "TEXT"]
"""What is written of any command: commit n-1 into the journal, HEAD with commit n, and its words."""


@dataclass(frozen=True)
class Flat:
    """Microseconds of CPU that a due case takes to be found and ticked, among so many open ones."""

    open: int
    due: int
    microseconds: float


@dataclass(frozen=True)
class Drained:
    """A backlog swept to its end by one process."""

    due: int
    seconds: float

    @property
    def rate(self) -> float:
        """Cases a second."""
        return self.due / self.seconds


@dataclass(frozen=True)
class Figures:
    """All that is measured."""

    flat: Sequence[Flat]
    drained: Drained
    acts: Sequence[Act]
    idle: dict[int, float]
    """Read units of a minute in which nothing is due, by the number of shards."""
    asking: float
    """Read units a minute for the look whether the rules have changed."""

    @property
    def steepness(self) -> float:
        """The dearest median by the cheapest."""
        found = [one.microseconds for one in self.flat]
        return max(found) / min(found)

    @property
    def faults(self) -> list[str]:
        """What is not as it must be, each as a sentence."""
        tick = self.act("tick")
        kept = {
            f"flat within 10 %: {self.steepness:.3f}": self.steepness <= FLAT,
            f"a changed deadline moves the index by 2 units: {tick.alarm}": tick.alarm <= 2,
            "a cancelled deadline writes nothing of its own": self.act("claim").alarm == 0
            and all(sorted({*act.puts, "TEXT"}) == COMMITTED for act in self.acts if act.cancels),
        }
        return [sentence for sentence, holds in kept.items() if not holds]

    def act(self, name: str) -> Act:
        return next(act for act in self.acts if act.name == name)


def main(json: bool = False, model: bool = False, largest: int = SIZES[-1]) -> int:
    """Measure and print; 0 if every limit is kept, else 1."""
    figures = measure([size for size in SIZES if size <= largest], min(BACKLOG, largest))
    if json:
        print(_json.dumps(document(figures, model=model), ensure_ascii=False, indent=2))
    else:
        from infra.bench.deadlines_report import show

        show(figures, model=model)
    for fault in figures.faults:
        print(f"超出上限 over the limit: {fault}", file=sys.stderr)
    return 1 if figures.faults else 0


def measure(sizes: Sequence[int], backlog: int) -> Figures:
    return Figures(
        flat=flatness(sizes),
        drained=drain(backlog),
        acts=acts(),
        idle={shards: idle(shards) for shards in (16, 256)},
        asking=asking(),
    )


def measured(figures: Figures) -> Measured:
    """What the model on paper goes on from."""
    tick = figures.act("tick")
    return Measured(
        cpu_ms=figures.flat[-1].microseconds / 1000,
        write_units=tick.written,
        read_units=tick.read,
        idle_read_units=figures.idle[16] / 16,
    )


def flatness(sizes: Sequence[int]) -> list[Flat]:
    """Each shard is swept at every size in turn, so that a machine's moods meet all sizes alike; and
    with the processor's caches cold, as after a minute's wait, or the thousand would lie in them."""
    towns = {size: OpenCases(size, DUE, MINUTES, SHARDS) for size in sizes}
    sweepers = {size: Sweeper(town.service) for size, town in towns.items()}
    took: dict[int, list[float]] = {size: [] for size in sizes}
    elsewhere = memoryview(bytearray(CACHES))[::LINE]
    with _settled():
        for minute, shard in product(range(MINUTES), range(SHARDS)):
            for size, town in towns.items():
                town.now = town.due_at + minute * MINUTE
                sum(elsewhere)
                began = time.process_time()
                ticked = sweepers[size].sweep(shard).ticked
                took[size].append((time.process_time() - began) / ticked)
                _expect(ticked, DUE // SHARDS)
    return [Flat(size, DUE * MINUTES, median(took[size]) * 1e6) for size in sizes]


def drain(backlog: int, now: Callable[[], float] = time.perf_counter) -> Drained:
    """Everything is due, as after a long outage; each shard is swept until nothing is left."""
    town = OpenCases(backlog, backlog, 1, SHARDS)
    town.now = town.due_at + 15 * 60 * MINUTE
    sweeper = Sweeper(town.service)
    ticked = 0
    with _settled():
        began = now()
        for shard in range(SHARDS):
            left = True
            while left:
                swept = sweeper.sweep(shard)
                ticked, left = ticked + swept.ticked, swept.left
        seconds = now() - began
    _expect(ticked, backlog)
    _expect(sum(len(town.service.store.due(shard, town.now, 1)) for shard in range(SHARDS)), 0)
    return Drained(backlog, seconds)


@contextmanager
def _settled() -> Iterator[None]:
    """No garbage is looked for while this lasts: what piles up here is the store, not the sweep's."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise AssertionError(f"{found} cases were ticked, and not {wanted}")


def document(figures: Figures, *, model: bool) -> dict[str, Any]:
    """The figures as JSON."""
    from infra.bench.model import scales

    found: dict[str, Any] = {
        "flat": [asdict(one) for one in figures.flat],
        "steepness": round(figures.steepness, 4),
        "drained": {**asdict(figures.drained), "rate": round(figures.drained.rate)},
        "acts": [asdict(one) for one in figures.acts],
        "idle_read_units": figures.idle,
        "asking_read_units": figures.asking,
        "faults": figures.faults,
    }
    if model:
        found["model"] = [
            {"name": scale.name, "lines": [asdict(line) for line in scale.lines]}
            for scale in scales(measured(figures))
        ]
    return found
