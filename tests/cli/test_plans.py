"""When the sample city's people act: in order, in the past, whenever somebody starts the stack."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.clock.calendar import Calendar
from infra.local.city import LocalCity
from infra.local.plans import plan
from infra.local.seed import read_cases
from tests.cli.conftest import ROOT

CASES = read_cases(ROOT / "infra" / "city")
CALENDAR = Calendar.seeded()


@pytest.mark.slow
@pytest.mark.parametrize(
    "present",
    [
        datetime(2026, 10, 8, 0, 30, tzinfo=UTC),  # the holidays have just ended
        datetime(2026, 2, 21, 19, 5, tzinfo=UTC),  # the middle of a night of Spring Festival
    ],
)
def test_the_stages_are_reached_whenever_it_is_started(present: datetime) -> None:
    with LocalCity(ROOT) as city:
        city.start(seed=True, present=present)

        assert [one for one in city.seeded if one.fault] == []


@pytest.mark.parametrize("month", range(1, 13))
def test_a_plan_is_in_order_and_in_the_past_on_every_day(month: int) -> None:
    """Holidays, weekends and hours of the night included: somebody starts the stack then, too."""
    for day in range(1, 29):
        now = datetime(2026, month, day, day * 5 % 24, 17, tzinfo=UTC)
        for place, row in enumerate(CASES):
            steps = plan(row, place, now, CALENDAR)
            times = [step.at for step in steps]
            assert times == sorted(times), (now, place)
            assert times[-1] < now, (now, place)
            assert steps[0].name == "file"


def test_staff_works_in_working_hours_where_there_is_time_for_it() -> None:
    now = datetime(2026, 11, 23, 6, tzinfo=UTC)
    closed = next(place for place, row in enumerate(CASES) if row["stage"] == "closed")

    for step in plan(CASES[closed], closed, now, CALENDAR):
        if step.name in ("claim", "contact", "message", "reply"):
            at = CALENDAR.wall(step.at)
            assert CALENDAR.is_working(at.date())
            assert 8 <= at.hour < 18
