"""`lianxin bench cost`: what one ordinary case costs on AWS, metered on the local stack.

One case is led from filing to rating through the doors; a meter on botocore applies DynamoDB's
billing rules to the items themselves and counts every other request. Nothing here is asked of AWS.
"""

import json as _json
import sys
from dataclasses import dataclass
from typing import Any

from infra.bench.bill import Bill, Line, bill_of, head_units_saved
from infra.bench.life import BEGIN, Bench, Life
from infra.bench.prices import Prices


@dataclass(frozen=True)
class Limit:
    """What a figure of the bill may be at most."""

    name: str
    most: float
    found: float

    @property
    def kept(self) -> bool:
        return self.found <= self.most


def main(json: bool = False) -> int:
    """Measure and print; 0 if every limit is kept, else 1."""
    prices = Prices.read()
    life = measure()
    bill = bill_of(life, prices)
    if json:
        print(_json.dumps(document(bill, life, prices), ensure_ascii=False, indent=2))
    else:
        from infra.bench.report import show

        show(bill, life, prices, limits(bill))
    over = [limit for limit in limits(bill) if not limit.kept]
    for limit in over:
        print(
            f"超出上限 over the limit: {limit.name} {limit.found:g} > {limit.most:g}",
            file=sys.stderr,
        )
    return 1 if over else 0


def measure() -> Life:
    """An ordinary life on a warm stack: the first case warms it up, the second is measured."""
    with Bench() as bench:
        bench.live("warm")
        bench.now = BEGIN
        return bench.live("measured")


def limits(bill: Bill) -> list[Limit]:
    """The limits that the project has set itself."""
    return [
        Limit("write_units", 46, bill.total.write_units),
        Limit("read_units", 15, bill.total.read_units),
        Limit("usd", 0.00008, bill.total.usd),
        Limit("filing_calls", 2, bill.filing_calls),
    ]


def document(bill: Bill, life: Life, prices: Prices) -> dict[str, Any]:
    """The bill as JSON: units, requests by kind, US dollars."""
    return {
        "steps": [_line(line) for line in bill.steps],
        "total": _line(bill.total),
        "notices": _line(bill.notices),
        "duplicates": _line(bill.duplicates),
        "filing_calls": bill.filing_calls,
        "usd_by": bill.usd_by,
        "write_units_by": bill.units_by,
        "transaction_per_change": {
            "write_units": bill.transactions,
            "write_units_without_commit_in_head": bill.lean_transactions,
        },
        "saved_by_64_bytes_less_in_head": head_units_saved(life, 64),
        "limits": {limit.name: limit.most for limit in limits(bill)},
        "prices": {"region": prices.region, "date": prices.date},
        "assumed": {
            "memory_mb": prices.memory_mb,
            "billed_ms": prices.billed_ms,
            "log_bytes": prices.log_bytes,
        },
        "measured": {"slowest_cpu_ms": round(bill.slowest_cpu_ms, 2)},
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "title": line.title,
        "write_units": line.write_units,
        "read_units": line.read_units,
        "usd": round(line.usd, 10),
        "requests": {k: v for k, v in line.counts.items() if not k.startswith("dynamodb_")},
        "items": [{"kind": kind, "bytes": size} for kind, size in line.items],
    }
