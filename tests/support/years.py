"""A year's calendar as a notice changes it in mid-flight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework.cases.rules import Rules
from casework.clock.calendar import Calendar

FESTIVAL = "国庆节"


def year_2026(
    holidays: tuple[str, ...] = (), workdays: tuple[str, ...] = (), **changes: Any
) -> dict[str, Any]:
    """The document of 2026 as it is packaged, with further days off and working days."""
    present = next(year for year in Calendar.seeded().years if year.year == 2026)
    return {
        "year": 2026,
        "provisional": False,
        "holidays": {day.isoformat(): words.zh for day, words in present.holidays.items()}
        | dict.fromkeys(holidays, FESTIVAL),
        "workdays": {day.isoformat(): words.zh for day, words in present.workdays.items()}
        | dict.fromkeys(workdays, FESTIVAL),
        "source": "市政府通知",
        **changes,
    }


def rules_with(
    rules: Rules, holidays: tuple[str, ...] = (), workdays: tuple[str, ...] = ()
) -> Rules:
    """The rules with such a year in force."""
    return replace(rules, calendar=rules.calendar.replacing(year_2026(holidays, workdays)))
