"""Labelled examples lie by month, in codes, the same on either store however often they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from casework.routing.examples import Example
from casework.store.examples import Examples
from casework.store.table import Table

NOVEMBER = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CHOSEN = Example("1817209355617200", 3, NOVEMBER, "dispatcher", "0205", "chengguan")
RETURNED = Example("1817209355617200", 12, NOVEMBER, "supervisor", wrong_unit="chengguan")


def test_what_was_kept_comes_back_by_month_and_version(table: Table) -> None:
    examples = Examples(table)
    older = replace(CHOSEN, at=datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC))
    for one in (RETURNED, CHOSEN, older):
        examples.keep(one)

    assert examples.of_month("2026-11") == [CHOSEN, RETURNED]
    assert examples.of_month("2026-10") == [older]
    assert examples.of_month("2026-09") == []


def test_what_is_written_again_is_there_once(table: Table) -> None:
    for _ in range(2):
        Examples(table).keep(CHOSEN)

    assert Examples(table).of_month("2026-11") == [CHOSEN]


def test_an_example_holds_codes_and_nothing_that_was_said(table: Table) -> None:
    Examples(table).keep(CHOSEN)

    (item,) = table.partition("EXAMPLE#2026-11")

    assert set(item) == {"pk", "sk", "at", "by", "category", "unit"}
