"""The journal of a case held against what its ladders say: which reminders are missing, which came twice.

It reads what was committed and counts for itself what the sweeps must have found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from casework.cases.clocks import deadline_of
from casework.cases.evolve import apply
from casework.cases.parts import Clock
from casework.cases.rules import Rules
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
                    self._ended(case, name, clock, commit.at)
            case = after
        for name, clock in case.clocks.items() if case else ():
            if case:
                self._ended(case, name, clock, EVER)
        return self

    def _heard(self, event: e.Event, at: datetime) -> None:
        if isinstance(event, e.Replied):
            self.replied = at
        if not isinstance(event, e.Reminded):
            return
        already = self._fired.setdefault(event.clock, set())
        self.doubled += len(already & {*event.rungs})
        already |= {*event.rungs}
        rule = self.rules.policy.rule(event.clock)
        assert rule is not None, "the rules have not changed"
        for rung in event.rungs:
            self.rungs[rule.ladder.rungs[rung].level] += 1

    def _ended(self, case: Case, name: str, clock: Clock, until: datetime) -> None:
        """A clock that ran until then: every rung that a sweep before found must be there."""
        self.missed += len(self._expected(case, name, clock, until) - self._fired.pop(name, set()))

    def _expected(self, case: Case, name: str, clock: Clock, until: datetime) -> set[int]:
        i = bisect_left(self.swept, until)
        last = self.swept[i - 1] if i else None
        rule = self.rules.policy.rule(name)
        if rule is None or last is None or last < clock.since:
            return set()
        deadline, calendar = deadline_of(name, clock, case, self.rules), self.rules.calendar
        come = rule.ladder.due_rungs(deadline, (), last, calendar).rungs
        # A reminder may wait as long as the policy spreads them, and a level not at all.
        surely = rule.ladder.due_rungs(deadline, (), last - self.rules.policy.spread, calendar)
        return {rung for rung in come if rung in surely.rungs or rule.ladder.rungs[rung].level > 0}
