"""Entering a year's calendar (录入年历): what it changes, and how many open cases it may touch."""

from dataclasses import dataclass
from typing import Any

from casework.cases.clocks import limit_of
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.clock.changes import Changes, changes
from casework.clock.words import CalendarError
from casework.clock.year import Year
from casework.counting import count
from casework.store.cases import CaseStore
from casework.store.settings import read_rules, write
from casework.store.table import Table


@dataclass(frozen=True)
class Entered:
    """A year that stands in the city's settings now."""

    year: int
    working_days: int
    changes: Changes
    open_cases: int | None
    """How many cases are open; None: nobody counted them."""
    may_move: int | None
    """How many of these have a date that had counted or skipped a day that changes."""

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "year": self.year,
            "working_days": self.working_days,
            **self.changes.shown(),
            "open_cases": self.open_cases,
            "may_move": self.may_move,
        }


def enter(
    document: object,
    name: str,
    settings: Table,
    zone: str,
    cases: CaseStore | None = None,
    *,
    provisional_again: bool = False,
) -> Entered:
    """Check a year's document (see casework.clock.year) and put it into the city's settings.

    It is in force when the functions next look for changed settings. With `cases` the open ones
    that it may touch are counted: a read unit for each two, or a little more. A year that has had
    its notice is made provisional again only if `provisional_again` says so.
    Raises CalendarError for a faulty document or one that leaves a year out, NotSetUp, Taken if
    somebody enters the same year, Unavailable; nothing is changed then.
    """
    year = Year.read(document, name)
    rules = read_rules(settings, zone)
    calendar = rules.calendar.with_years(year)
    changed = changes(rules.calendar, calendar)
    if changed.unsettled and not provisional_again:
        raise CalendarError(
            f"{name}：{year.year} 年已有正式年历，暂定年历会使日期不再确定；"
            "确要如此请加 --provisional-again",
            f"{name}: {year.year} has had its notice; a provisional calendar would take the certainty"
            " of its dates back. Add --provisional-again if that is meant",
        )
    open_cases, may_move = count(cases, lambda case: _touched(case, changed, rules))
    write(settings, f"calendar#{year.year}", document)
    return Entered(
        year=year.year,
        working_days=calendar.working_days_of(year.year),
        changes=changed,
        open_cases=open_cases,
        may_move=may_move,
    )


def _touched(case: Case, changed: Changes, rules: Rules) -> bool:
    rules = rules.of(case)
    return any(
        changed.may_move(limit, clock.since, clock.due, rules.calendar)
        for name, clock in case.clocks.items()
        if not clock.decided
        and (rule := rules.policy.rule(name)) is not None
        and (limit := limit_of(rule, case, rules)) is not None
    )
