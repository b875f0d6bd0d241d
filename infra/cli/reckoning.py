"""Limits and their working as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from casework.words import Language, pick

_UNITS = {
    "WD": ("个工作日", "working days"),
    "WH": ("个工作小时", "working hours"),
    "D": ("天", "days"),
    "H": ("小时", "hours"),
    "M": ("分钟", "minutes"),
}


def limit_words(limit: str | None, language: Language) -> str:
    """`7WD` as `7 个工作日`; None is a date that somebody set."""
    if limit is None:
        return pick(("指定日期", "a date that was set"), language)
    digits = limit.rstrip("WDHM")
    zh, en = _UNITS[limit[len(digits) :]]
    return f"{digits} {pick((zh, en.removesuffix('s') if digits == '1' else en), language)}"


def due_words(due_on: str, due_at: str) -> str:
    """The end of a day as 24:00 of that day, as people say it."""
    at = datetime.fromisoformat(due_at)
    whole_day = (at.hour, at.minute) == (0, 0)
    return f"{due_on} 24:00" if whole_day else at.strftime("%Y-%m-%d %H:%M")


def counted_words(counted: list[str], language: Language) -> Iterator[str]:
    """The first and the last of the days (ISO) that count."""
    for number in sorted({1, len(counted)} if counted else ()):
        on = counted[number - 1][5:]
        yield pick((f"第 {number} 天 {on}", f"day {number} {on}"), language)


def days_by_reason(days: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Days (ISO, reason) as `国庆节 10-01–10-08`, a line a reason."""
    by_reason: dict[str, list[str]] = {}
    for on, reason in days:
        by_reason.setdefault(reason, []).append(on)
    for reason, dates in by_reason.items():
        yield f"{reason} {' '.join(runs(dates))}"


def runs(dates: list[str]) -> Iterator[str]:
    """`10-01–10-08 10-11` for dates in ISO form, in their order."""
    days = [date.fromisoformat(one) for one in dates]
    begin = 0
    for place, day in enumerate(days):
        if place + 1 < len(days) and days[place + 1] == day + timedelta(days=1):
            continue
        first, last = f"{days[begin]:%m-%d}", f"{day:%m-%d}"
        yield first if first == last else f"{first}–{last}"
        begin = place + 1
