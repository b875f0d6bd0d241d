"""Entering a city's policies (录入政策): which count for what, and how many open cases they move."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.cases.decide import decide
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.catalogue.policies import Policies, policies_of
from casework.clock.limits import due
from casework.counting import count
from casework.redacting import MACHINE
from casework.store.cases import CaseStore
from casework.store.settings import POLICIES, read_rules, write
from casework.store.table import Table
from schemas import commands as c


@dataclass(frozen=True)
class Entered:
    """The policies that stand in the city's settings now."""

    policies: Policies
    open_cases: int | None
    """How many cases are open; None: nobody counted them."""
    will_move: int | None
    """How many of these get other dates or reminders."""

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **summary(self.policies),
            "open_cases": self.open_cases,
            "will_move": self.will_move,
        }


def summary(policies: Policies) -> dict[str, Any]:
    """Which policy counts for all, which for what, and which of the city's own for nothing."""
    chosen = policies.by_category
    extended = [one.get("extends") for one in (policies.own or {}, *policies.named.values())]
    return {
        "default": policies.book().default.plain.name,
        "by_category": dict(sorted(chosen.items())),
        "unused": sorted(policies.named.keys() - {*chosen.values(), *extended}),
    }


def enter(
    files: Mapping[str, str],
    settings: Table,
    zone: str,
    now: datetime,
    cases: CaseStore | None = None,
) -> Entered:
    """Check policies (texts by file name, see casework.catalogue.policies) and put them in force.

    They replace all that were there, in one put, when the functions next look for changed settings.
    With `cases` the open ones are tried by the new rules. Raises CityError with every fault,
    ClockError if the dates of an open case cannot be counted, NotSetUp, Taken if somebody enters
    policies too, Unavailable; nothing is changed then.
    """
    rules = read_rules(settings, zone)
    policies = policies_of(files, rules.city, lambda limit: due(now, limit, rules.calendar))
    book = policies.book()
    after = replace(rules, policy=book.default.plain, book=book)
    open_cases, will_move = count(cases, lambda case: _moves(case, after, now))
    write(settings, POLICIES, policies.document())
    return Entered(policies, open_cases, will_move)


def _moves(case: Case, rules: Rules, now: datetime) -> bool:
    """Whether counting the case anew by these rules changes anything."""
    happened = decide(case, c.Recount(), MACHINE, rules, max(now, case.changed_at))
    return not isinstance(happened, Refusal) and bool(happened)
