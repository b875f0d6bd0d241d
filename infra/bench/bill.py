"""From what the meter saw of a life to what it costs, and to what it is compared with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from infra.bench.billing import Typed, write_units
from infra.bench.life import Life, Step
from infra.bench.meter import Call
from infra.bench.prices import Prices

HEAD = "#HEAD"


@dataclass(frozen=True)
class Line:
    """One line of the bill. `counts` by the names of prices.toml; `items` are (kind, bytes)."""

    name: str
    title: str
    counts: dict[str, float]
    usd: float
    items: tuple[tuple[str, int], ...]

    @property
    def write_units(self) -> int:
        return int(self.counts.get("dynamodb_write_units", 0))

    @property
    def read_units(self) -> float:
        return self.counts.get("dynamodb_read_units", 0)


@dataclass(frozen=True)
class Bill:
    """A life's bill. `notices` and `duplicates` are not in `total`."""

    steps: tuple[Line, ...]
    total: Line
    notices: Line
    duplicates: Line
    usd_by: dict[str, float]
    """Dollars of the total, by what they are for."""
    units_by: dict[str, int]
    """Write units of the total: by kind of item, and by index."""
    filing_calls: int
    """AWS calls inside the filing request."""
    transactions: int
    """Write units of the same items, written in a transaction per change."""
    lean_transactions: int
    """The same, with HEAD freed of the commit that a transaction need not carry in it."""
    slowest_cpu_ms: float
    """The most CPU time that one invocation took on this machine."""


def bill_of(life: Life, prices: Prices) -> Bill:
    """What a life costs at these prices."""
    whole = _joined(life.steps)
    total = _line(whole, prices)
    runs = len(whole.invocations)
    writes = _writes(whole.calls)
    return Bill(
        steps=tuple(_line(step, prices) for step in life.steps),
        total=total,
        notices=_line(life.notices, prices),
        duplicates=_line(life.duplicates, prices),
        usd_by={
            **prices.requests(total.counts),
            "lambda_duration": prices.running(runs),
            "logs": prices.logging(runs),
        },
        units_by=_units_by(writes),
        filing_calls=sum(call.function == "Intake" for call in life.steps[0].calls),
        transactions=sum(2 * call.table_units + _index_units(call) for call in writes),
        lean_transactions=_lean_transactions(writes),
        slowest_cpu_ms=max(run.cpu_ms for run in whole.invocations),
    )


def kind_of(call: Call) -> str:
    """HEAD, BODY, COMMIT, TEXT, NOTICE: the kind of an item by its sort key."""
    return call.subject.lstrip("#").partition("#")[0]


def _joined(steps: Iterable[Step]) -> Step:
    steps = list(steps)
    return Step(
        "total",
        "合计 total",
        sum(step.requests for step in steps),
        tuple(call for step in steps for call in step.calls),
        tuple(run for step in steps for run in step.invocations),
    )


def _line(step: Step, prices: Prices) -> Line:
    counts: Counter[str] = Counter()
    for call in step.calls:
        counts.update(call.counts)
    runs = len(step.invocations)
    counts.update(api_requests=step.requests, lambda_requests=runs)
    usd = sum(prices.requests(counts).values()) + prices.running(runs) + prices.logging(runs)
    items = tuple((kind_of(call), call.size) for call in _writes(step.calls))
    return Line(step.name, step.title, dict(counts), usd, items)


def _writes(calls: Iterable[Call]) -> list[Call]:
    return [call for call in calls if call.item is not None]


def _index_units(call: Call) -> int:
    return sum(call.index_units.values())


def _units_by(writes: Iterable[Call]) -> dict[str, int]:
    units: Counter[str] = Counter()
    for call in writes:
        units[kind_of(call)] += call.table_units
        units.update({f"index {name}": count for name, count in call.index_units.items()})
    return dict(units)


def _lean_transactions(writes: Iterable[Call]) -> int:
    """Write units of a design with transactions: commit n goes into the journal together with
    HEAD at n, so HEAD need not carry it until the next change."""
    units, head = 0, None
    for call in writes:
        if call.item is None or kind_of(call) == "COMMIT":
            continue  # written together with its HEAD, below
        if kind_of(call) != "HEAD":
            units += 2 * call.table_units
            continue
        before, head = head, {k: v for k, v in call.item.items() if k != "commit"}
        units += 2 * (write_units(before, head) + write_units(None, _commit(call.item)))
        units += _index_units(call)
    return units


def _commit(head: Typed) -> Typed:
    commit = head["commit"]["M"]
    key = {"pk": head["pk"], "sk": {"S": f"COMMIT#{int(commit['version']['N']):06d}"}}
    return {**key, **commit}


def head_units_saved(life: Life, fewer: int) -> int:
    """Write units of the table that would be saved if each HEAD were so many bytes smaller."""
    heads = [
        call.size for step in life.steps for call in _writes(step.calls) if kind_of(call) == "HEAD"
    ]
    befores = [0, *heads[:-1]]

    def units(less: int) -> int:
        return sum(-(-(max(pair) - less) // 1024) for pair in zip(befores, heads, strict=True))

    return units(0) - units(fewer)
