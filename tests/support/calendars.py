"""A year's calendar as a notice changes it in mid-flight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from casework.cases.rules import Rules
from casework.clock.calendar import Calendar

FESTIVAL = "国庆节"


def document_of(
    year: int, holidays: Iterable[str] = (), workdays: Iterable[str] = (), **changes: Any
) -> dict[str, Any]:
    """The document of a year as it is packaged, with further days off and working days."""
    present = next(one for one in Calendar.seeded().years if one.year == year)
    return {
        "year": year,
        "provisional": present.provisional,
        "holidays": {day.isoformat(): words.zh for day, words in present.holidays.items()}
        | dict.fromkeys(holidays, FESTIVAL),
        "workdays": {day.isoformat(): words.zh for day, words in present.workdays.items()}
        | dict.fromkeys(workdays, FESTIVAL),
        "source": "市政府通知",
        **changes,
    }


def rules_with(rules: Rules, holidays: Iterable[str] = (), workdays: Iterable[str] = ()) -> Rules:
    """The rules with such a 2026 in force."""
    return replace(rules, calendar=rules.calendar.replacing(document_of(2026, holidays, workdays)))
