"""Cases filed, handled and closed when they really were, with the sweep coming round in between.

Nothing is simulated but time: the service, the rules, the sweep and the store's twin are those that
the tests of the whole hold to the deployed ones.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.outcomes import Request
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.memory import MemoryTable, MemoryVault
from casework.sweeping import Sweeper
from infra.deadlines.audit import EVER, Audit
from infra.deadlines.rows import Row
from schemas import commands as c
from schemas.events import Actor, Commit

FILER = By(Actor(id="replay", role="integration"))
DISPATCHER = By(Actor(id="dispatcher", role="dispatcher"))


@dataclass
class Sweeps:
    """When the sweep comes round: every `interval`, but for an outage from (inclusive) till (exclusive).

    With `disorder`, due cases are ticked in random order, some of them twice.
    """

    interval: timedelta = timedelta(minutes=1)
    outage: tuple[datetime, datetime] | None = None
    disorder: random.Random | None = None

    def after(self, at: datetime, start: datetime) -> datetime:
        """The first sweep at or after an instant."""
        rounds = -((start - at) // self.interval)
        came = start + rounds * self.interval
        if self.outage and self.outage[0] <= came < self.outage[1]:
            return self.after(self.outage[1], start)
        return came


@dataclass
class Report:
    """How the cases went. `reminders` counts rungs by the level of supervision they call for."""

    cases: int = 0
    closed_on_time: int = 0
    closed_late: int = 0
    open_overdue: int = 0
    open_in_time: int = 0
    reminders: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(4), 0))
    missed: int = 0
    doubled: int = 0
    on_time_lines: set[int] = field(default_factory=set)
    """Lines of the file whose case was closed in time."""

    def and_(self, other: Report) -> Report:
        """Both together."""
        sums = {
            name: getattr(self, name) + getattr(other, name)
            for name in (
                *("cases", "closed_on_time", "closed_late", "open_overdue", "open_in_time"),
                *("missed", "doubled"),
            )
        }
        reminders = {level: n + other.reminders[level] for level, n in self.reminders.items()}
        lines = self.on_time_lines | other.on_time_lines
        return Report(**sums, reminders=reminders, on_time_lines=lines)


class Replay:
    """One run over the rows. `told` hears how far it is, from 0 to 1."""

    def __init__(
        self, rows: Sequence[Row], rules: Rules, unit: str, category: str, sweeps: Sweeps
    ) -> None:
        self._rows, self._unit, self._category, self._sweeps = rows, unit, category, sweeps
        self._officer = By(Actor(id="officer", role="officer", unit=unit))
        self._now = min((row.opened for row in rows), default=datetime(2020, 1, 1, tzinfo=UTC))
        self._start = self._now
        self._rules = rules
        self._service = Service(
            CaseStore(MemoryTable()), MemoryVault(), lambda: rules, lambda: self._now
        )
        self._sweeper = Sweeper(self._service)
        self.swept: list[datetime] = []
        """When the sweep came round and found something."""
        self._numbers: dict[int, str] = {}

    def run(self, told: Callable[[float], None] = lambda share: None) -> Report:
        """Replay every row up to the last time in the file."""
        events: list[tuple[datetime, int, int]] = []
        for i, row in enumerate(self._rows):
            heapq.heappush(events, (row.opened, 0, i))
            if row.closed is not None:
                heapq.heappush(events, (row.closed, 1, i))
        whole = len(events)
        while events:
            at, closes, i = events[0]
            if (swept := self._next_sweep()) is not None and swept < at:
                self._sweep(swept)
                continue
            heapq.heappop(events)
            self._now = max(self._now, at)
            if closes:
                self._close(i)
            else:
                self._open(i)
            told(1 - len(events) / whole)
        self._sweep(self._sweeps.after(self._now, self._start))
        return self._report()

    # -- what happens ----------------------------------------------------------------------

    def _open(self, i: int) -> None:
        row = self._rows[i]
        filing = c.File(
            text="replayed",
            kind="help",
            channel="transfer",
            category=self._category,
            origin=c.From(system="superior", number=str(row.line), due_at=row.target),
        )
        number = self._service.file(filing, FILER, f"line {row.line}").number
        self._numbers[i] = number
        for command, by in ((c.Dispatch(unit=self._unit), DISPATCHER), (c.Claim(), self._officer)):
            self._service.change(number, command, Request(by, f"{command} {row.line}"[:60]))

    def _close(self, i: int) -> None:
        reply = c.Reply(outcome="explained", text="replayed")
        self._service.change(self._numbers[i], reply, Request(self._officer, "reply"))

    def _next_sweep(self) -> datetime | None:
        """When the sweep next finds something; idle rounds change nothing and are passed over."""
        first = self._service.store.due(0, EVER, 1)
        if not first:
            return None
        due = max(datetime.fromisoformat(first[0][1]), self._now)
        after = self.swept[-1] + timedelta(microseconds=1) if self.swept else due
        return self._sweeps.after(max(due, after), self._start)

    def _sweep(self, at: datetime) -> None:
        self._now = max(self._now, at)
        self.swept.append(self._now)
        if (disorder := self._sweeps.disorder) is None:
            while self._sweeper.sweep(0).left:
                pass  # as its next order would; see `casework.sweeping`
            return
        due = [number for number, _ in self._service.store.due(0, self._now, 100_000)]
        ticks = due + [number for number in due if disorder.random() < 0.3]
        disorder.shuffle(ticks)
        for number in ticks:
            self._service.tick(number)

    # -- what is found ---------------------------------------------------------------------

    def _report(self) -> Report:
        report = Report(cases=len(self._rows))
        for i, row in enumerate(self._rows):
            audit = self.audit(i)
            report.missed += audit.missed
            report.doubled += audit.doubled
            for level, rungs in audit.rungs.items():
                report.reminders[level] += rungs
            self._judge(row, audit.replied, report)
        return report

    def _judge(self, row: Row, replied: datetime | None, report: Report) -> None:
        """In time is before the due time, as everywhere (see `casework.clock.limits`)."""
        if replied is None:
            report.open_overdue += row.target <= self._now
            report.open_in_time += row.target > self._now
        elif replied < row.target:
            report.closed_on_time += 1
            report.on_time_lines.add(row.line)
        else:
            report.closed_late += 1

    def journal(self, i: int) -> tuple[str, tuple[Commit, ...]]:
        """The number and the journal of a row's case."""
        number = self._numbers[i]
        dossier = self._service.store.dossier(number)
        assert dossier is not None, "filed"
        return number, tuple(dossier.journal)

    def audit(self, i: int) -> Audit:
        """The journal of a row's case, held against its ladders."""
        return Audit(self._rules, self.swept).of(*self.journal(i))


def parts(rows: Sequence[Row], n: int) -> Iterator[list[Row]]:
    """The rows dealt out to n runs; each case is swept by its own run."""
    for k in range(n):
        yield list(rows[k::n])
