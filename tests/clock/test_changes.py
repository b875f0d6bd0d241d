"""What another calendar changes, and which due dates had counted on it."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clock.calendar import Calendar
from casework.clock.changes import Changes, changes
from casework.clock.limits import Limit, due

CALENDAR = Calendar.seeded()
SHANGHAI = timezone(timedelta(hours=8))
NOTICE = {
    "year": 2027,
    "provisional": False,
    "holidays": {"2027-01-01": "元旦", "2027-01-04": "元旦", "2027-02-06": "春节"},
    "workdays": {"2027-01-09": "元旦"},
    "source": "市政府通知",
}


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=SHANGHAI)


class TestChanges:
    def test_are_the_days_worked_otherwise_and_the_years_settled(self) -> None:
        # given the notice for 2027: a Monday off, a Saturday worked, most festivals left out
        found = changes(CALENDAR, CALENDAR.replacing(NOTICE))
        # then each working day that is no more, and each day off that is worked, is named
        assert date(2027, 1, 4) in found.free
        assert date(2027, 1, 9) in found.working
        assert date(2027, 10, 1) in found.working, "a Friday; the notice does not have it"
        assert date(2027, 2, 6) not in found.days, "a Saturday off before and after"
        assert found.settled == (2027,)
        assert found.added == ()

    def test_name_what_would_be_provisional_again(self) -> None:
        settled = CALENDAR.replacing(NOTICE)
        assert changes(settled, CALENDAR).unsettled == (2027,)
        assert changes(CALENDAR, settled).unsettled == ()

    def test_of_the_same_calendar_are_none(self) -> None:
        assert changes(CALENDAR, CALENDAR) == Changes((), (), (), (), ())

    def test_do_not_count_days_that_nobody_knew(self) -> None:
        longer = CALENDAR.replacing(
            NOTICE | {"year": 2036, "holidays": {"2036-01-03": "元旦"}, "workdays": {}}
        )
        found = changes(CALENDAR, longer)
        assert (found.days, found.added) == ((), (2036,))

    @pytest.mark.parametrize(
        ("limit", "start", "touched"),
        [
            ("1WD", "2026-12-31", True),  # would have ended on the Monday that is off now
            ("15WD", "2026-12-25", True),
            ("3WD", "2026-12-25", False),  # over before
            ("1WD", "2027-01-04", False),  # the day of the start is not counted
            ("2WH", "2027-01-04", True),  # but its hours are
            ("15D", "2026-12-25", False),  # natural days do not know holidays
        ],
    )
    def test_may_move_what_passed_over_a_changed_day(
        self, limit: str, start: str, touched: bool
    ) -> None:
        found = changes(CALENDAR, CALENDAR.replacing(NOTICE))
        deadline = due(noon(start), Limit.parse(limit), CALENDAR)
        assert found.may_move(deadline.limit, deadline.start, deadline.at, CALENDAR) is touched

    @given(
        st.datetimes(
            datetime.fromisoformat("2026-11-01"),
            datetime.fromisoformat("2027-08-31"),
            timezones=st.just(SHANGHAI),
        ),
        st.integers(1, 40),
        st.sampled_from(["WD", "WH", "D", "H"]),
    )
    def test_move_nothing_that_they_may_not(self, start: datetime, n: int, unit: str) -> None:
        after = CALENDAR.replacing(NOTICE)
        limit = Limit.parse(f"{n}{unit}")
        before, now = due(start, limit, CALENDAR), due(start, limit, after)
        if before.at != now.at:
            found = changes(CALENDAR, after)
            assert found.may_move(limit, before.start, before.at, CALENDAR)
