"""What people decided, with the texts it was decided on: what the city's own classifier learns from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.cases.access import confidential
from casework.cases.rules import Rules
from casework.routing.examples import Example
from casework.store.cases import CaseStore
from casework.store.examples import Examples

MONTHS = 24
"""How far back examples are looked for: what a department does changes with the years."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A case's text and the category that people gave it in the end; `number` is the case's."""

    number: str
    title: str
    body: str
    category: str


def lessons(
    store: CaseStore,
    rules: Rules,
    now: datetime,
    months: int = MONTHS,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> list[Lesson]:
    """The lessons of the last months, by case: what was decided last counts, the rest is history.

    Left out is what has become confidential since, what was taken out of its case, and categories
    that the city no longer has. `told` hears how far it is. Raises Unavailable.
    """
    last: dict[str, Example] = {}
    for month in _months(now, months):
        for example in Examples(store.table).of_month(month):
            known = last.get(example.number)
            if example.category is not None and (known is None or known.version < example.version):
                last[example.number] = example
    found = []
    for done, (number, example) in enumerate(sorted(last.items()), 1):
        lesson = _lesson(store, rules, number, example.category or "")
        if lesson is not None:
            found.append(lesson)
        told(done, len(last))
    return found


def _lesson(store: CaseStore, rules: Rules, number: str, category: str) -> Lesson | None:
    read = store.head_and_body(number)
    if read is None or category not in rules.city.categories:
        return None
    head, body = read
    if confidential(head.case.identity, head.case.category, rules):
        return None
    return Lesson(number, body.title, body.text, category) if body.text else None


def _months(now: datetime, count: int) -> Iterator[str]:
    """The last months, the present one included, oldest first: `2026-11`."""
    present = now.year * 12 + now.month - 1
    for one in range(present - count + 1, present + 1):
        yield f"{one // 12:04d}-{one % 12 + 1:02d}"
