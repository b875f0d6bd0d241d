"""A year's deadlines on paper: shards, concurrency, storms, drains and cost, with the arithmetic shown.

What was measured comes in; what a laptop cannot tell is an assumption with a name, here, so that
whoever knows better changes one line.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from casework.sweeping import BUDGET
from infra.bench.prices import Prices

YEAR_DAYS, WORKING_DAYS = 365, 250
DAY_SECONDS, MINUTES_OF_YEAR = 86_400, 525_600
SPREAD_SECONDS = 1_800
"""The packaged policy's `spread`."""
TICKS = 2.5
"""Ticks of a case in its life: most are reminded of once or twice and closed unrated."""
LATE = 0.05
"""Share of the cases whose promise is broken; their marks are not spread."""
OUTAGE_HOURS, DRAIN_MINUTES = 15, 15
ONE_PROCESSOR_MB = 1769
"""Memory at which Lambda gives a whole processor; less memory, a smaller share."""
CALLS, CALL_CPU_MS, CALL_WAIT_MS = 3, 1.15, 5.0
"""DynamoDB calls of a tick (HEAD, COMMIT, HEAD), what botocore takes for each, and the wait."""
RAMP = 300
"""By so many runs at once a minute Lambda's pollers of a queue go up."""
NEW_TABLE_WRITES = 4_000
"""Write units a second that a new on-demand table takes; more must be warmed up beforehand."""
PARTITION_WRITES = 1_000
"""Write units a second of one partition, an index's included."""
IDLE_MS = 20
"""Billed for one look at a shard where nothing is due."""


@dataclass(frozen=True)
class Measured:
    """What the bench found: a tick's CPU on this machine, and its units; a shard's idle look."""

    cpu_ms: float
    write_units: int
    read_units: float
    idle_read_units: float


@dataclass(frozen=True)
class Line:
    """One line of the sum."""

    title: str
    sum: str
    value: float
    unit: str


@dataclass
class Scale:
    """A city or a country, worked out line by line."""

    name: str
    cases: int
    shards: int
    lines: list[Line] = field(default_factory=list)

    def note(self, title: str, sum: str, value: float, unit: str) -> float:  # noqa: A002 - the word
        self.lines.append(Line(title, sum, value, unit))
        return value

    def value(self, title: str) -> float:
        return next(line.value for line in self.lines if line.title == title)


CITY, COUNTRY = ("城市 city", 24_000_000, 16), ("全国 country", 1_000_000_000, 512)


def scales(measured: Measured) -> list[Scale]:
    """24 million and 1 000 million cases a year."""
    found = [Scale(*CITY), Scale(*COUNTRY)]
    for scale in found:
        for part in PARTS:
            part(scale, measured)
    return found


def _volume(scale: Scale, measured: Measured) -> None:
    day = scale.note(
        "cases a working day", f"{scale.cases:,} / {WORKING_DAYS}", scale.cases / WORKING_DAYS, ""
    )
    scale.note(
        "ticks a second, on average",
        f"{scale.cases:,} × {TICKS} / {YEAR_DAYS} d / {DAY_SECONDS} s",
        scale.cases * TICKS / YEAR_DAYS / DAY_SECONDS,
        "/s",
    )
    scale.note(
        "storm at the close of a working day, unspread",
        f"{day:,.0f} alarms in one minute / 60 s",
        day / 60,
        "/s",
    )
    scale.note(
        "the same, spread",
        f"{day:,.0f} × {LATE} / 60 s + {day:,.0f} × {1 - LATE:g} / {SPREAD_SECONDS} s",
        day * LATE / 60 + day * (1 - LATE) / SPREAD_SECONDS,
        "/s",
    )


def _speed(scale: Scale, measured: Measured) -> None:
    memory = Prices.read().memory_mb
    tick = scale.note(
        "a tick in Lambda",
        f"({measured.cpu_ms:.2f} ms measured + {CALLS} × {CALL_CPU_MS} ms) × {ONE_PROCESSOR_MB}/{memory} MB"
        f" + {CALLS} × {CALL_WAIT_MS:g} ms wait",
        (measured.cpu_ms + CALLS * CALL_CPU_MS) * ONE_PROCESSOR_MB / memory + CALLS * CALL_WAIT_MS,
        "ms",
    )
    scale.note("ticks of one shard", f"1000 / {tick:.1f} ms", 1000 / tick, "/s")
    scale.note("shards (setting AlarmShards)", "one sweep at a time in each", scale.shards, "")
    rate = scale.note(
        "ticks of all shards",
        f"{scale.shards} × {1000 / tick:.1f}",
        scale.shards * 1000 / tick,
        "/s",
    )
    scale.note(
        "Lambda concurrency in a storm or drain",
        f"one a shard; a {BUDGET:g} s run goes on by its own order",
        scale.shards,
        "",
    )
    spread, unspread = (
        scale.value(name)
        for name in ("the same, spread", "storm at the close of a working day, unspread")
    )
    average = scale.value("ticks a second, on average")
    scale.note(
        "concurrency on average",
        f"{average:,.1f}/s × {tick:.1f} ms",
        average * tick / 1000,
        "",
    )
    for title, storm in (("unspread", unspread), ("spread", spread)):
        behind = max(0.0, storm - rate)
        seconds = 60 if title == "unspread" else SPREAD_SECONDS
        scale.note(
            f"last of the storm, {title}, after",
            f"{storm:,.0f}/s for {seconds} s at {rate:,.0f}/s",
            seconds + behind * seconds / rate,
            "s",
        )


def _drain(scale: Scale, measured: Measured) -> None:
    backlog = scale.note(
        f"backlog of a {OUTAGE_HOURS} h outage, at worst",
        f"all alarms of a working day: {scale.cases:,} × {TICKS} / {WORKING_DAYS}",
        scale.cases * TICKS / WORKING_DAYS,
        "cases",
    )
    rate = scale.value("ticks of all shards")
    ramp = scale.note(
        "ramp", f"{scale.shards} runs at once, {RAMP} more a minute", scale.shards / RAMP * 60, "s"
    )
    scale.note(
        "drained after",
        f"{ramp:.0f} s + {backlog:,.0f} / {rate:,.0f}/s",
        (ramp + backlog / rate) / 60,
        "min",
    )
    scale.note(
        f"fewest shards for {DRAIN_MINUTES} min",
        f"{backlog:,.0f} / ({DRAIN_MINUTES * 60} - {ramp:.0f}) s / {rate / scale.shards:.1f}/s",
        ceil(backlog / (DRAIN_MINUTES * 60 - ramp) / (rate / scale.shards)),
        "",
    )
    scale.note(
        "write units a second while it drains",
        f"{rate:,.0f} × {measured.write_units};"
        f" a new table takes {NEW_TABLE_WRITES:,}, more is set as WarmThroughput",
        rate * measured.write_units,
        "WU/s",
    )
    scale.note(
        "write units a second in one partition of the alarm index",
        f"{rate / scale.shards:.1f} × 2, of {PARTITION_WRITES:,}",
        rate / scale.shards * 2,
        "WU/s",
    )


def _cost(scale: Scale, measured: Measured) -> None:
    prices = Prices.read()
    price, ticks = prices.per_million, scale.cases * TICKS
    looks = scale.note(
        "looks at a shard",
        f"{scale.shards} × {MINUTES_OF_YEAR:,} minutes",
        scale.shards * MINUTES_OF_YEAR,
        "a year",
    )
    units = measured.write_units * price["dynamodb_write_units"]
    units += measured.read_units * price["dynamodb_read_units"]
    scale.note(
        "ticks: DynamoDB",
        f"{ticks:,.0f} × ({measured.write_units} WU × {price['dynamodb_write_units']}"
        f" + {measured.read_units:g} RU × {price['dynamodb_read_units']}) / million",
        ticks * units / 1e6,
        "USD a year",
    )
    tick = scale.value("a tick in Lambda")
    scale.note(
        "ticks: Lambda's time",
        f"{ticks:,.0f} × {tick:.1f} ms × {prices.memory_mb} MB",
        prices.running(1, ticks * tick),
        "USD a year",
    )
    message = 3 * price["sqs_requests"] + price["lambda_requests"]
    message += measured.idle_read_units * price["dynamodb_read_units"]
    scale.note(
        "looks: messages, runs, a query each",
        f"{looks:,.0f} × (3 × {price['sqs_requests']} + {price['lambda_requests']}"
        f" + {measured.idle_read_units:g} RU × {price['dynamodb_read_units']}) / million"
        f" + {IDLE_MS} ms and a log line each",
        looks * message / 1e6 + prices.running(1, looks * IDLE_MS) + prices.logging(int(looks)),
        "USD a year",
    )
    titles = ("ticks: DynamoDB", "ticks: Lambda's time", "looks: messages, runs, a query each")
    total = sum(scale.value(title) for title in titles)
    scale.note(
        "deadlines of a case",
        f"{total:,.0f} USD / {scale.cases:,}",
        total / scale.cases * 1e6,
        "µ$",
    )


PARTS: tuple[Callable[[Scale, Measured], None], ...] = (_volume, _speed, _drain, _cost)
