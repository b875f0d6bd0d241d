"""Labelled examples: what a person decided of a case, and what a return has shown to be wrong. Pure.

An example holds codes alone. Its text stays with the case, so that whatever is taken out there is
taken out of the example too; and nothing confidential becomes one (XF 28, 46).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.cases.access import confidential
from casework.cases.rules import Rules
from casework.cases.state import Case
from schemas import events as e
from schemas.events import Commit
from schemas.names import STAFF, Role

TELLING = (e.Dispatched, e.Reclassified, e.Returned)
"""Events from which something may be learned."""


@dataclass(frozen=True, slots=True)
class Example:
    """What is to be learned from one commit of a case.

    `category` and `unit` are what a person chose, None where that was not chosen here; `wrong_unit`
    has returned the case, and the return was approved. `by` is the role that decided.
    """

    number: str
    version: int
    at: datetime
    by: Role
    category: str | None = None
    unit: str | None = None
    wrong_unit: str | None = None


def example_of(
    commit: Commit, case: Case, rules: Rules, before: Callable[[], Case | None]
) -> Example | None:
    """The example of a commit; None where no person has decided whose the case is or what about.

    `case` is as it stands now, `before` as it stood before the commit: asked for returns alone.
    """
    if commit.actor.role not in STAFF or confidential(case.identity, case.category, rules):
        return None
    category, unit, wrong = None, None, None
    for event in commit.events:
        match event:
            case e.Dispatched(automatic=False):
                category, unit = event.category, event.unit
            case e.Reclassified() if event.category is not None:
                category = event.category
            case e.Returned():
                earlier = before()
                wrong = earlier.unit if earlier else None
    if category is None and wrong is None:
        return None
    return Example(
        number=case.number,
        version=commit.version,
        at=commit.at,
        by=commit.actor.role,
        category=category,
        unit=unit,
        wrong_unit=wrong,
    )
