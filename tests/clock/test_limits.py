"""Limits and the due times they give, with the working that people can check."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clock.calendar import Calendar
from casework.clock.limits import Day, Limit, Unit, due, working
from casework.clock.words import CalendarError, ClockError, LimitError, Words

CALENDAR = Calendar.seeded()
SHANGHAI = timezone(timedelta(hours=8))
STARTS = st.datetimes(
    datetime.fromisoformat("2004-01-01"),
    datetime.fromisoformat("2026-06-30"),
    timezones=st.just(UTC),
)
LIMITS = st.builds(Limit, st.integers(1, 90), st.sampled_from(Unit))


def noon(day: str) -> datetime:
    """Noon in the city."""
    return datetime.combine(date.fromisoformat(day), time(12), SHANGHAI)


class TestALimit:
    @given(LIMITS)
    def test_is_read_as_it_is_written(self, limit: Limit) -> None:
        assert Limit.parse(str(limit)) == limit

    def test_is_written_as_policies_write_it(self) -> None:
        assert Limit.parse("7WD") == Limit(7, Unit.WORKING_DAYS)
        assert Limit.parse("15D") == Limit(15, Unit.DAYS)
        assert Limit.parse("2H") == Limit(2, Unit.HOURS)
        assert Limit.parse("10M") == Limit(10, Unit.MINUTES)

    @pytest.mark.parametrize("text", ["", "7", "WD", "7X", "7wd", "1.5D", "7 WD", "７WD", "7WD\n"])
    def test_that_is_none_is_refused_with_what_would_be_one(self, text: str) -> None:
        with pytest.raises(LimitError, match="7WD"):
            Limit.parse(text)

    @pytest.mark.parametrize("text", ["0D", "-3D", "10000WD"])
    def test_out_of_range_is_refused_with_the_range(self, text: str) -> None:
        with pytest.raises(LimitError, match="1 至 9999"):
            Limit.parse(text)


class TestADueDate:
    @pytest.mark.parametrize(
        ("start", "limit", "on", "provisional"),
        [
            ("2026-02-13", "5WD", "2026-02-27", False),  # over 春节, a worked Saturday counted
            ("2026-02-13", "15WD", "2026-03-12", False),
            ("2026-09-30", "5WD", "2026-10-13", False),
            ("2026-09-18", "3WD", "2026-09-22", False),  # the Sunday of 09-20 is worked
            ("2026-04-30", "7WD", "2026-05-13", False),
            ("2026-12-25", "4WD", "2026-12-31", False),
            ("2026-12-25", "15WD", "2027-01-18", True),
            ("2026-12-25", "15D", "2027-01-09", False),  # natural days wait for no notice
            ("2026-09-30", "15D", "2026-10-15", False),
        ],
    )
    def test_is_the_golden_one(self, start: str, limit: str, on: str, provisional: bool) -> None:
        deadline = due(noon(start), Limit.parse(limit), CALENDAR)
        assert deadline.on == date.fromisoformat(on)
        assert deadline.provisional is provisional

    def test_does_not_depend_on_the_hour_of_the_start_but_on_its_local_date(self) -> None:
        one = Limit.parse("1WD")
        last_second = datetime(2026, 11, 3, 23, 59, 59, tzinfo=SHANGHAI)
        assert due(last_second, one, CALENDAR).on == date(2026, 11, 4)
        assert due(last_second + timedelta(seconds=1), one, CALENDAR).on == date(2026, 11, 5)

    def test_in_days_ends_at_midnight_and_is_late_from_that_instant_on(self) -> None:
        deadline = due(noon("2026-11-03"), Limit.parse("3WD"), CALENDAR)
        assert deadline.at == datetime(2026, 11, 7, tzinfo=SHANGHAI)
        assert deadline.at.tzinfo is UTC
        assert not deadline.late(deadline.at - timedelta(microseconds=1))
        assert deadline.late(deadline.at)

    def test_in_hours_and_minutes_runs_through_night_and_holiday(self) -> None:
        new_years_eve = datetime(2026, 2, 16, 23, 30, tzinfo=SHANGHAI)
        assert due(new_years_eve, Limit.parse("2H"), CALENDAR).at == datetime(
            2026, 2, 17, 1, 30, tzinfo=SHANGHAI
        )
        until_midnight = due(new_years_eve, Limit.parse("30M"), CALENDAR)
        assert until_midnight.on == date(2026, 2, 16)

    def test_comes_out_the_same_from_any_zone(self) -> None:
        start = noon("2026-04-30")
        assert due(start, Limit.parse("7WD"), CALENDAR) == due(
            start.astimezone(UTC), Limit.parse("7WD"), CALENDAR
        )

    @given(STARTS, LIMITS)
    def test_is_the_local_day_of_its_last_moment(self, start: datetime, limit: Limit) -> None:
        deadline = due(start, limit, CALENDAR)
        assert CALENDAR.local(deadline.at - datetime.resolution) == deadline.on
        if limit.unit in (Unit.WORKING_DAYS, Unit.DAYS):
            assert deadline.at == CALENDAR.midnight(deadline.on + timedelta(1))

    @given(STARTS, STARTS, LIMITS)
    def test_never_comes_earlier_for_a_later_start(
        self, one: datetime, other: datetime, limit: Limit
    ) -> None:
        earlier, later = sorted((one, other))
        assert due(earlier, limit, CALENDAR).at <= due(later, limit, CALENDAR).at

    @given(STARTS, LIMITS)
    def test_comes_later_for_a_longer_limit(self, start: datetime, limit: Limit) -> None:
        longer = Limit(limit.amount + 1, limit.unit)
        assert start < due(start, limit, CALENDAR).at < due(start, longer, CALENDAR).at

    @given(STARTS, st.integers(1, 40), st.integers(1, 40))
    def test_in_working_days_may_be_reached_in_two_steps(
        self, start: datetime, first: int, rest: int
    ) -> None:
        halfway = due(start, Limit(first, Unit.WORKING_DAYS), CALENDAR)
        last_moment = halfway.at - datetime.resolution
        stepwise = due(last_moment, Limit(rest, Unit.WORKING_DAYS), CALENDAR)
        assert stepwise.at == due(start, Limit(first + rest, Unit.WORKING_DAYS), CALENDAR).at


class TestAStart:
    @pytest.mark.parametrize("limit", ["5WD", "5D", "5H", "5M"])
    def test_without_zone_is_refused(self, limit: str) -> None:
        with pytest.raises(ClockError, match="没有时区"):
            due(noon("2026-02-13").replace(tzinfo=None), Limit.parse(limit), CALENDAR)

    @pytest.mark.parametrize("limit", ["5WD", "5D", "5H", "5M"])
    def test_before_the_first_year_is_refused(self, limit: str) -> None:
        with pytest.raises(CalendarError, match="2003-12-31"):
            due(noon("2003-12-31"), Limit.parse(limit), CALENDAR)

    def test_after_the_last_year_stops_working_days_but_no_emergency(self) -> None:
        with pytest.raises(CalendarError, match="补充 2036 年"):
            due(noon("2036-01-05"), Limit.parse("5WD"), CALENDAR)
        with pytest.raises(CalendarError, match="超出已有年历"):
            due(noon("2035-12-28"), Limit.parse("5WD"), CALENDAR)
        start = noon("2036-01-05")
        assert due(start, Limit.parse("10M"), CALENDAR).at == start + timedelta(minutes=10)
        assert due(start, Limit.parse("5D"), CALENDAR).on == date(2036, 1, 10)


class TestTheWorking:
    def test_shows_each_day_counted_or_skipped_and_why(self) -> None:
        festival = Words("中秋节", "Mid-Autumn Festival")
        shown = working(noon("2026-09-18"), Limit.parse("6WD"), CALENDAR)
        assert shown.days == (
            Day(date(2026, 9, 19), None, Words("周末", "weekend")),
            Day(
                date(2026, 9, 20),
                1,
                Words("国庆节调休上班", "make-up working day for National Day"),
            ),
            Day(date(2026, 9, 21), 2, None),
            Day(date(2026, 9, 22), 3, None),
            Day(date(2026, 9, 23), 4, None),
            Day(date(2026, 9, 24), 5, None),
            Day(date(2026, 9, 25), None, festival),
            Day(date(2026, 9, 26), None, festival),
            Day(date(2026, 9, 27), None, festival),
            Day(date(2026, 9, 28), 6, None),
        )

    def test_of_natural_days_skips_none(self) -> None:
        shown = working(noon("2026-09-30"), Limit.parse("8D"), CALENDAR)
        assert [day.number for day in shown.days] == list(range(1, 9))
        assert shown.skipped == ()

    def test_of_hours_has_no_days(self) -> None:
        assert working(noon("2026-09-30"), Limit.parse("80H"), CALENDAR).days == ()

    @given(STARTS, LIMITS.filter(lambda limit: limit.unit in (Unit.WORKING_DAYS, Unit.DAYS)))
    def test_covers_every_day_between_exactly_once(self, start: datetime, limit: Limit) -> None:
        shown = working(start, limit, CALENDAR)
        began = CALENDAR.local(start)
        length = (shown.deadline.on - began).days
        assert shown.deadline == due(start, limit, CALENDAR)
        assert [day.on for day in shown.days] == [
            began + timedelta(n) for n in range(1, length + 1)
        ]
        assert [day.number for day in shown.counted] == list(range(1, limit.amount + 1))
        assert len(shown.counted) + len(shown.skipped) == length
        assert all(day.note for day in shown.skipped)
        assert shown.days[-1].number == limit.amount
