"""The journal of a case held against what its ladders say: which reminders are missing, which came twice.

It reads what was committed and counts for itself what the sweeps must have found, and whoever gave a
command that ended a clock: what had come by then is recorded before anything is decided.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from casework.cases.clocks import deadline_of, whole_second
from casework.cases.evolve import apply
from casework.cases.parts import Clock
from casework.cases.rules import Rules
from casework.cases.spreading import spread
from casework.cases.state import Case
from schemas import events as e
from schemas.events import Commit

EVER = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass
class Audit:
    """What was found in one journal. `rungs` counts those recorded, by level of supervision."""

    rules: Rules
    swept: Sequence[datetime]
    """When the sweep came round, in order."""
    missed: int = 0
    doubled: int = 0
    rungs: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(4), 0))
    replied: datetime | None = None
    _fired: dict[str, set[int]] = field(default_factory=dict)
    _overdue: set[str] = field(default_factory=set)

    def of(self, number: str, journal: Iterable[Commit]) -> Audit:
        """Go through a journal from its beginning; the last sweep has come after its end."""
        case: Case | None = None
        for commit in journal:
            for event in commit.events:
                self._heard(event, commit.at)
            after = apply(case, commit, number)
            for name, clock in case.clocks.items() if case else ():
                now = after.clocks.get(name)
                if case and (now is None or now.since != clock.since):
                    self._ended(case, name, clock, self._looked(commit))
            case = after
        for name, clock in case.clocks.items() if case else ():
            if case:
                self._ended(case, name, clock, self._last_sweep(EVER))
        return self

    def _looked(self, commit: Commit) -> datetime | None:
        """The last look at the case before a commit took effect: a command's own, else a sweep's."""
        return commit.at if commit.actor.role != "system" else self._last_sweep(commit.at)

    def _last_sweep(self, before: datetime) -> datetime | None:
        i = bisect_left(self.swept, before)
        return self.swept[i - 1] if i else None

    def _heard(self, event: e.Event, at: datetime) -> None:
        if isinstance(event, e.Replied):
            self.replied = at
        if isinstance(event, e.Overdue):
            self._overdue.add(event.clock)
        if not isinstance(event, e.Reminded):
            return
        already = self._fired.setdefault(event.clock, set())
        self.doubled += len(already & {*event.rungs})
        already |= {*event.rungs}
        rule = self.rules.policy.rule(event.clock)
        assert rule is not None, "the rules have not changed"
        for rung in event.rungs:
            self.rungs[rule.ladder.rungs[rung].level] += 1

    def _ended(self, case: Case, name: str, clock: Clock, looked: datetime | None) -> None:
        """A clock that ran: every rung that the last look at it found must be there."""
        expected: set[int] = set()
        if looked is not None and looked >= clock.since:
            expected = self._come(case, name, clock, looked)
        if name in self._overdue:
            self._overdue.discard(name)
            expected |= self._by_due(case, name, clock)
        self.missed += len(expected - self._fired.pop(name, set()))

    def _by_due(self, case: Case, name: str, clock: Clock) -> set[int]:
        """The rungs up to the due time, which whoever recorded that it has passed must have found."""
        rule = self.rules.policy.rule(name)
        assert rule is not None, "the rules have not changed"
        deadline = deadline_of(name, clock, case, self.rules)
        return {*rule.ladder.due_rungs(deadline, (), clock.due, self.rules.calendar).rungs}

    def _come(self, case: Case, name: str, clock: Clock, at: datetime) -> set[int]:
        """The rungs that a look at this moment finds; a reminder waits for the case's own moment."""
        rule, calendar = self.rules.policy.rule(name), self.rules.calendar
        if rule is None:
            return set()
        deadline = deadline_of(name, clock, case, self.rules)
        come = rule.ladder.due_rungs(deadline, (), at, calendar).rungs
        for rung in reversed(come):
            time = rule.ladder.time(rung, deadline, calendar)
            own = spread(time, rung, rule, deadline, case.number, self.rules)
            if whole_second(own) <= at:
                return {*range(rung + 1)}
        return set()
