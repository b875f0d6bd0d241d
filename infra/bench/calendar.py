"""`lianxin bench calendar`: what counting in working time costs, once the calendar is read.

The best of many rounds, since whatever else the machine does only ever adds to one.
"""

import json as _json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from timeit import Timer

from casework.clock.calendar import Calendar
from casework.clock.limits import Limit, due, working

MOST_US = 20.0
"""Microseconds that adding 15 working days may take."""
ROUNDS, CALLS = 20, 200
DAY = date(2026, 2, 13)
START = datetime(2026, 2, 13, 10, tzinfo=timezone(timedelta(hours=8)))


@dataclass(frozen=True)
class Measured:
    """One call and what it takes; `most_us` where the project has set itself a limit."""

    name: str
    us: float
    most_us: float | None = None

    @property
    def kept(self) -> bool:
        return self.most_us is None or self.us < self.most_us


def measure(rounds: int = ROUNDS) -> list[Measured]:
    """Over 春节 2026, with the packaged calendar."""
    calendar = Calendar.seeded()
    days, hours = Limit.parse("15WD"), Limit.parse("40WH")
    return [
        Measured("add 15WD", _us(lambda: calendar.add(DAY, 15), rounds), MOST_US),
        Measured("due 15WD", _us(lambda: due(START, days, calendar), rounds)),
        Measured("due 40WH", _us(lambda: due(START, hours, calendar), rounds)),
        Measured("working 15WD", _us(lambda: working(START, days, calendar), rounds)),
    ]


def main(json: bool = False) -> int:
    """Measure and print; 0 if the limit is kept, else 1."""
    measured = measure()
    if json:
        print(_json.dumps([vars(one) for one in measured], indent=2))
    else:
        print("年历运算，每次微秒（取各轮最佳） · calendar, microseconds a call, the best round\n")
        for one in measured:
            most = f"  ≤ {one.most_us:g} {'✓' if one.kept else '✗'}" if one.most_us else ""
            print(f"{one.name:<14}{one.us:>8.2f}{most}")
    return 0 if all(one.kept for one in measured) else 1


def _us(call: Callable[[], object], rounds: int) -> float:
    call()  # warm
    return round(min(Timer(call).repeat(rounds, CALLS)) / CALLS * 1e6, 2)
