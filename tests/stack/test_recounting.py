"""A notice comes in December: 2027 is no more provisional, and open cases have their true dates.

On Christmas Day complaints are filed whose fifteen working days reach into a year that nobody has
announced. Then its notice is entered, as `lianxin calendar import` does it, and minutes go by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.clock.calendar import Calendar
from infra.local import policies
from infra.local.calendar import entered
from infra.local.cloud import Call
from tests.stack.faults import away
from tests.stack.people import Citizen, events_of
from tests.stack.town import Town
from tests.support.calendars import document_of

CHRISTMAS = datetime(2026, 12, 25, 1, 30, tzinfo=UTC)
"""Friday, 09:30 in the city."""
MINUTE = timedelta(minutes=1)
SETTLING = 6 * MINUTE
BRIDGE = ("2027-01-04", "2027-01-05")
"""Days off that only the notice knows."""


@pytest.fixture(scope="module")
def winter() -> Iterator[Town]:
    with Town(clock=lambda: CHRISTMAS, parameters={"AlarmShards": "2"}).open() as town:
        yield town


def enter(*days_off: str, **changes: Any) -> None:
    """The notice of 2027 is entered at the local stack's entrance."""
    document = document_of(2027, days_off, provisional=False, **changes)
    status, answer = entered("2027.json", json.dumps(document).encode())
    assert status == 200, answer


def promise(citizen: Citizen) -> dict[str, Any]:
    (found,) = [one for one in citizen.see()["deadlines"] if one["clock"] == "resolve"]
    return dict(found)


def counted_anew(citizen: Citizen) -> int:
    return events_of(citizen.see()).count("rules-changed")


def test_seven_minutes_after_a_notice_open_cases_have_their_true_dates(winter: Town) -> None:
    first, second = (winter.assigned(kind="complaint") for _ in range(2))
    ended = winter.assigned(kind="complaint")
    ended.ask("withdrawal", {"reason": "solved"})
    before = promise(first)
    assert (before["due_on"], before["provisional"]) == ("2027-01-18", True)

    enter(*BRIDGE)
    winter.stack.advance(MINUTE)
    assert promise(first)["due_on"] == "2027-01-18", "functions may still count by the old year"
    winter.stack.advance(SETTLING)

    for citizen in (first, second):
        after = promise(citizen)
        assert (after["due_on"], after["provisional"]) == ("2027-01-20", False)
        assert counted_anew(citizen) == 1
        assert all(day in str(after["working"]["skipped"]) for day in BRIDGE)
    assert counted_anew(ended) == 0
    line = winter.officer().finds(first.number)
    assert line is not None
    assert line["due_at"].startswith("2027-01-21T00:00:00"), "and on the worklist"


def test_it_is_done_once_and_minutes_go_by_as_before(winter: Town) -> None:
    citizen = winter.assigned(kind="complaint")
    enter()
    for _ in range(12):
        winter.stack.advance(MINUTE)
    settled = winter.case(citizen.number)
    assert counted_anew(citizen) == 1

    calls: list[Call] = []
    with winter.stack.listening(lambda call: calls.append(call) if call.function else None):
        winter.stack.advance(MINUTE)

    assert winter.case(citizen.number) == settled
    made = sorted(f"{call.function} {call.operation}" for call in calls)
    assert made == ["Deadlines GetItem", *2 * ["Deadlines SendMessage"], *2 * ["Sweep Query"]]


def test_while_the_settings_cannot_be_read_shards_are_swept_and_nothing_is_forgotten(
    winter: Town,
) -> None:
    enter()
    winter.stack.advance(MINUTE)
    winter.stack.advance(SETTLING)
    citizen = winter.assigned(kind="complaint")
    enter(*BRIDGE)
    winter.stack.advance(MINUTE)
    settings = winter.stack.environment["SETTINGS_TABLE"]

    with away(
        winter.stack,
        lambda call: call.request.get("TableName") == settings,
        code="ThrottlingException",
    ):
        winter.stack.advance(timedelta(days=5))

    assert winter.count(citizen.number, "overdue") == 2, "claim and first contact"
    assert counted_anew(citizen) == 0
    winter.stack.advance(MINUTE)
    assert promise(citizen)["due_on"] == "2027-01-20"


def test_the_packaged_year_is_provisional_or_these_stories_say_nothing() -> None:
    assert next(year for year in Calendar.seeded().years if year.year == 2027).provisional


def test_seven_minutes_after_a_policy_open_cases_go_by_it(winter: Town) -> None:
    """A complaint that had fifteen working days has five."""
    citizen = winter.assigned(kind="complaint")
    before = promise(citizen)

    body = json.dumps({"policy.toml": 'extends = "12345-flat5"'}).encode()
    status, answer = policies.entered("", body)
    winter.stack.advance(MINUTE)
    assert promise(citizen) == before, "functions may still count by the old policy"
    winter.stack.advance(SETTLING)

    assert status == 200, answer
    after = promise(citizen)
    assert after["due_on"] < before["due_on"]
    assert after["limit"] == "5WD"
    assert counted_anew(citizen) == 1
