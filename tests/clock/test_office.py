"""Working hours: when offices are open, and limits that run only then."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clock.calendar import Calendar
from casework.clock.ladder import Ladder
from casework.clock.limits import AFTER_HOURS, Limit, Unit, after_pause, due, working
from casework.clock.office import OFFICE, Office
from casework.clock.words import CalendarError, ClockError, LadderError, OfficeError, Words

CALENDAR = Calendar.seeded()
SHANGHAI = timezone(timedelta(hours=8))
ROUND_THE_CLOCK = Office.parse("00:00-24:00")
EVENINGS = Office.parse("07:30-11:45 14:00-18:00 19:00-24:00")

INSTANTS = st.datetimes(
    datetime.fromisoformat("2015-01-01"),
    datetime.fromisoformat("2026-06-30"),
    timezones=st.just(UTC),
)
AMOUNTS = st.integers(1, 120 * 60).map(lambda minutes: timedelta(minutes=minutes))
OFFICES = st.sampled_from([OFFICE, ROUND_THE_CLOCK, EVENINGS, OFFICE.ending_at_close])
LIMITS = st.builds(Limit, st.integers(1, 60), st.sampled_from(Unit))


def at(text: str) -> datetime:
    """An instant by the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def is_open(instant: datetime, office: Office) -> bool:
    """By the wall clock alone: another way to see it than the one under test."""
    wall = CALENDAR.wall(instant)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    since = wall - midnight
    return CALENDAR.is_working(wall.date()) and any(a <= since < b for a, b in office.spans)


class TestOfficeHours:
    def test_are_read_as_they_are_written(self) -> None:
        assert str(OFFICE) == "09:00-12:00 13:30-17:30"
        assert Office.parse(str(EVENINGS)) == EVENINGS

    @pytest.mark.parametrize(
        "text", ["", "9-12", "09:00", "09:00–12:00", "09:00-12:60", "09:00-12:00, 13:00-17:00"]
    )
    def test_that_are_none_are_refused_with_what_would_be_some(self, text: str) -> None:
        with pytest.raises(OfficeError, match="09:00"):
            Office.parse(text)

    @pytest.mark.parametrize(
        "text",
        ["12:00-09:00", "09:00-09:00", "13:30-17:30 09:00-12:00", "09:00-12:00 12:00-17:30",
         "09:00-13:00 12:00-17:30", "09:00-24:01", "09:00-99:00"],
    )  # fmt: skip
    def test_out_of_order_are_refused(self, text: str) -> None:
        with pytest.raises(OfficeError, match="先后"):
            Office.parse(text)


class TestTheDayOfAnOffice:
    @pytest.mark.parametrize(
        ("instant", "expected"),
        [
            ("2026-11-03T08:59", False),
            ("2026-11-03T09:00", True),
            ("2026-11-03T12:30", True),  # the break is part of it
            ("2026-11-03T17:29", True),
            ("2026-11-03T17:30", False),
            ("2026-10-05T10:00", False),  # a holiday
            ("2026-10-10T10:00", True),  # a Saturday that is made up for
        ],
    )
    def test_is_from_its_first_opening_to_its_last_closing(
        self, instant: str, *, expected: bool
    ) -> None:
        assert OFFICE.is_day(at(instant), CALENDAR) is expected
        assert ROUND_THE_CLOCK.is_day(at(instant), CALENDAR) is CALENDAR.is_working(
            at(instant).date()
        )

    def test_is_asked_of_known_times_only(self) -> None:
        with pytest.raises(ClockError):
            OFFICE.is_day(datetime.fromisoformat("2026-11-03T10:00"), CALENDAR)
        with pytest.raises(CalendarError):
            OFFICE.is_day(at("2099-11-03T10:00"), CALENDAR)


class TestALimitInWorkingHours:
    @pytest.mark.parametrize(
        ("start", "limit", "expected"),
        [
            ("2026-11-03T09:00", "2WH", "2026-11-03T11:00"),
            ("2026-11-03T09:00", "3WH", "2026-11-03T12:00"),  # at the closing, not at 13:30
            ("2026-11-03T11:00", "2WH", "2026-11-03T14:30"),  # over the midday break
            ("2026-11-03T12:10", "4WH", "2026-11-03T17:30"),
            ("2026-11-03T17:00", "1WH", "2026-11-04T09:30"),  # over the night
            ("2026-11-03T03:00", "1WH", "2026-11-03T10:00"),  # filed at night
            ("2026-09-30T17:00", "4WH", "2026-10-08T14:00"),  # over the National Day week
            ("2026-09-19T10:00", "1WH", "2026-09-20T10:00"),  # the Sunday is worked
            ("2026-11-02T09:00", "14WH", "2026-11-03T17:30"),  # two whole days
        ],
    )
    def test_runs_while_offices_are_open(self, start: str, limit: str, expected: str) -> None:
        deadline = due(at(start), Limit.parse(limit), CALENDAR)
        assert deadline.at == at(expected)
        assert deadline.at.tzinfo is UTC
        assert deadline.on == date.fromisoformat(expected[:10])
        assert not deadline.provisional

    def test_of_an_office_that_never_sleeps_ends_at_24_00_of_the_day_before(self) -> None:
        deadline = due(at("2026-11-03T20:00"), Limit.parse("4WH"), CALENDAR, ROUND_THE_CLOCK)
        assert deadline.at == at("2026-11-04T00:00")
        assert deadline.on == date(2026, 11, 3)

    def test_follows_the_office_that_is_given(self) -> None:
        start = at("2026-11-03T17:00")
        assert due(start, Limit.parse("2WH"), CALENDAR, EVENINGS).at == at("2026-11-03T20:00")

    def test_is_provisional_where_it_counts_days_without_notice(self) -> None:
        assert due(at("2026-12-31T16:00"), Limit.parse("4WH"), CALENDAR).provisional
        assert not due(at("2026-12-31T16:00"), Limit.parse("1WH"), CALENDAR).provisional

    def test_is_refused_without_zone_before_the_first_year_and_beyond_the_last(self) -> None:
        limit = Limit.parse("4WH")
        with pytest.raises(ClockError, match="没有时区"):
            due(at("2026-11-03T09:00").replace(tzinfo=None), limit, CALENDAR)
        with pytest.raises(CalendarError, match="2003-12-31"):
            due(at("2003-12-31T09:00"), limit, CALENDAR)
        with pytest.raises(CalendarError, match="请补充"):
            due(at("2035-12-31T16:00"), limit, CALENDAR)

    def test_keeps_to_the_wall_over_a_change_of_clocks(self) -> None:
        boston = Calendar(CALENDAR.years, "America/New_York")
        friday = datetime(2026, 3, 6, 21, 30, tzinfo=UTC)  # 16:30, summer time begins on Sunday
        deadline = due(friday, Limit.parse("2WH"), boston)
        assert boston.wall(deadline.at).isoformat() == "2026-03-09T10:00:00-04:00"

    def test_shows_how_much_each_day_took_and_why_the_others_took_none(self) -> None:
        shown = working(at("2026-09-18T18:00"), Limit.parse("10WH"), CALENDAR)
        assert [(day.on.day, day.number, day.worked) for day in shown.days] == [
            (18, None, None),
            (19, None, None),
            (20, 1, timedelta(hours=7)),
            (21, 2, timedelta(hours=3)),
        ]
        assert [day.note for day in shown.days] == [
            AFTER_HOURS,
            Words("周末", "weekend"),
            Words("国庆节调休上班", "make-up working day for National Day"),
            None,
        ]

    @given(INSTANTS, st.integers(1, 200), OFFICES)
    def test_shows_working_that_adds_up(self, start: datetime, n: int, office: Office) -> None:
        shown = working(start, Limit(n, Unit.WORKING_HOURS), CALENDAR, office)
        assert sum((day.worked or timedelta(0) for day in shown.days), timedelta(0)) == timedelta(
            hours=n
        )
        assert shown.days[0].on == CALENDAR.local(start)
        assert shown.days[-1].on == shown.deadline.on
        assert all(day.note for day in shown.skipped)


class TestWorkingTime:
    @given(INSTANTS, AMOUNTS, OFFICES)
    def test_ends_in_open_hours_or_at_a_closing(
        self, start: datetime, amount: timedelta, office: Office
    ) -> None:
        end = office.after(start, amount, CALENDAR)
        assert is_open(end - datetime.resolution, office)
        assert end > start

    @given(INSTANTS, AMOUNTS, OFFICES)
    def test_starts_in_open_hours_counted_back(
        self, end: datetime, amount: timedelta, office: Office
    ) -> None:
        start = office.before(end, amount, CALENDAR)
        assert is_open(start, office)
        assert office.between(start, end, CALENDAR) == amount

    @given(INSTANTS, AMOUNTS, OFFICES)
    def test_is_as_long_as_was_asked(
        self, start: datetime, amount: timedelta, office: Office
    ) -> None:
        assert office.between(start, office.after(start, amount, CALENDAR), CALENDAR) == amount

    @given(INSTANTS, INSTANTS, AMOUNTS, AMOUNTS, OFFICES)
    def test_is_monotone_in_start_and_amount(
        self, one: datetime, other: datetime, less: timedelta, more: timedelta, office: Office
    ) -> None:
        one, other = sorted((one, other))
        less, more = sorted((less, more))
        assert office.after(one, less, CALENDAR) <= office.after(other, more, CALENDAR)
        assert office.after(one, less, CALENDAR) < office.after(one, more + less, CALENDAR)

    @given(INSTANTS, AMOUNTS, st.floats(0, 1), OFFICES)
    def test_may_be_split_anywhere(
        self, start: datetime, amount: timedelta, share: float, office: Office
    ) -> None:
        whole = office.after(start, amount, CALENDAR)
        pause = start + (whole - start) * share
        left = amount - office.between(start, pause, CALENDAR)
        assert office.after(pause, left, CALENDAR) == whole

    def test_of_nothing_is_where_it_starts(self) -> None:
        night = at("2026-11-03T03:00")
        assert OFFICE.after(night, timedelta(0), CALENDAR) == night
        assert OFFICE.before(night, timedelta(0), CALENDAR) == night
        assert OFFICE.between(night, night - timedelta(days=3), CALENDAR) == timedelta(0)


class TestAPause:
    @pytest.mark.parametrize(
        ("limit", "start", "paused", "resumed", "expected"),
        [
            # over the National Day week, of which no day is worked: two working days missed
            ("5WD", "2026-09-28T10:00", "2026-09-29T10:00", "2026-10-09T10:00", "2026-10-15T00:00"),
            ("5D", "2026-11-03T10:00", "2026-11-04T10:00", "2026-11-06T09:00", "2026-11-11T00:00"),
            ("4WH", "2026-11-03T09:00", "2026-11-03T10:00", "2026-11-04T17:00", "2026-11-05T11:30"),
            ("4WH", "2026-11-03T09:00", "2026-11-03T18:00", "2026-11-04T08:00", "2026-11-03T14:30"),
            ("5H", "2026-11-03T09:00", "2026-11-03T10:00", "2026-11-03T23:30", "2026-11-04T03:30"),
        ],
    )
    def test_moves_the_due_time_as_the_limit_counts(
        self, limit: str, start: str, paused: str, resumed: str, expected: str
    ) -> None:
        before = due(at(start), Limit.parse(limit), CALENDAR)
        after = after_pause(before.at, before.limit, at(paused), at(resumed), CALENDAR)
        assert after == at(expected)

    @given(INSTANTS, LIMITS, st.floats(0, 1), OFFICES)
    def test_of_no_length_changes_nothing(
        self, start: datetime, limit: Limit, share: float, office: Office
    ) -> None:
        deadline = due(start, limit, CALENDAR, office)
        pause = start + (deadline.at - start) * share
        assert after_pause(deadline.at, limit, pause, pause, CALENDAR, office) == deadline.at

    @given(INSTANTS, LIMITS, st.floats(0, 1), st.integers(0, 60 * 24 * 60), OFFICES)
    def test_leaves_what_was_left(
        self, start: datetime, limit: Limit, share: float, minutes: int, office: Office
    ) -> None:
        # given a clock that has run for a while before it is paused
        deadline = due(start, limit, CALENDAR, office)
        paused = start + (deadline.at - start) * share
        resumed = paused + timedelta(minutes=minutes)
        # when it goes on
        moved = after_pause(deadline.at, limit, paused, resumed, CALENDAR, office)
        # then what had not run by then runs from there, and never ends earlier for the pause
        assert moved >= deadline.at
        began, stood, goes_on = (CALENDAR.local(each) for each in (start, paused, resumed))
        match limit.unit:
            case Unit.WORKING_DAYS:
                left = limit.amount - CALENDAR.working_days(began, stood)
                if left > 0:
                    assert moved == CALENDAR.at(CALENDAR.add(goes_on, left), office.day_ends)
            case Unit.DAYS:
                left = limit.amount - (stood - began).days
                assert moved == CALENDAR.ends(goes_on + timedelta(left))
            case Unit.WORKING_HOURS:
                rest = office.between(paused, deadline.at, CALENDAR)
                if rest:
                    assert moved == office.after(resumed, rest, CALENDAR)
            case _:
                assert moved - resumed == deadline.at - paused

    @given(INSTANTS, LIMITS, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
    def test_is_worth_as_much_as_its_two_halves(
        self, start: datetime, limit: Limit, wait: int, first: int, second: int
    ) -> None:
        deadline = due(start, limit, CALENDAR)
        paused = start + timedelta(hours=wait)
        halfway = paused + timedelta(hours=first)
        resumed = halfway + timedelta(hours=second)
        once = after_pause(deadline.at, limit, paused, resumed, CALENDAR)
        part = after_pause(deadline.at, limit, paused, halfway, CALENDAR)
        assert after_pause(part, limit, halfway, resumed, CALENDAR) == once


class TestALimitThatEndsWhenOfficesClose:
    """一项时限是到 24:00 为止，还是到下班为止，是城市的设置。"""

    CLOSING = OFFICE.ending_at_close

    def test_in_working_days_ends_at_the_close_of_its_last_day(self) -> None:
        deadline = due(at("2026-02-13T10:00"), Limit.parse("5WD"), CALENDAR, self.CLOSING)
        assert (deadline.on, deadline.at) == (date(2026, 2, 27), at("2026-02-27T17:30"))
        assert not deadline.late(at("2026-02-27T17:29:59"))
        assert deadline.late(at("2026-02-27T17:30"))

    def test_in_natural_days_or_in_hours_ends_as_ever(self) -> None:
        for limit in ("5D", "5H", "5WH"):
            start = at("2026-11-03T09:30")
            usual, closing = (
                due(start, Limit.parse(limit), CALENDAR, office)
                for office in (OFFICE, self.CLOSING)
            )
            assert closing.at == usual.at

    def test_shows_the_same_days(self) -> None:
        start, limit = at("2026-09-30T10:00"), Limit.parse("5WD")
        assert (
            working(start, limit, CALENDAR, self.CLOSING).days
            == working(start, limit, CALENDAR).days
        )

    def test_has_its_ladder_by_it(self) -> None:
        rows = [
            {"at": "40%", "do": "remind"},
            {"at": "50%", "do": "remind"},
            {"at": "due", "do": "level 1"},
            {"at": "due + 1WD", "do": "level 2"},
        ]
        deadline = due(at("2026-11-02T10:00"), Limit.parse("5WD"), CALENDAR, self.CLOSING)
        ladder = Ladder.parse(rows)
        assert [ladder.time(i, deadline, CALENDAR) for i in range(4)] == [
            at("2026-11-04T17:30"),
            at("2026-11-05T08:45"),
            at("2026-11-09T17:30"),
            at("2026-11-10T17:30"),
        ]

    @given(INSTANTS, st.integers(1, 60), OFFICES)
    def test_is_never_later_than_at_midnight_and_on_the_same_day(
        self, start: datetime, days: int, office: Office
    ) -> None:
        limit = Limit(days, Unit.WORKING_DAYS)
        usual, closing = due(start, limit, CALENDAR), due(start, limit, CALENDAR, office)
        assert (closing.on, CALENDAR.local(closing.at - datetime.resolution)) == (
            usual.on,
            usual.on,
        )
        assert start < closing.at <= usual.at


class TestALadderInWorkingHours:
    def test_has_its_rungs_in_open_hours(self) -> None:
        rows = [
            {"at": "50%", "do": "remind"},
            {"at": "due - 1WH", "do": "remind"},
            {"at": "due", "do": "level 1"},
            {"at": "due + 2WH", "do": "level 2"},
        ]
        deadline = due(at("2026-11-03T16:30"), Limit.parse("4WH"), CALENDAR)
        ladder = Ladder.parse(rows)
        assert [ladder.time(i, deadline, CALENDAR) for i in range(4)] == [
            at("2026-11-04T10:00"),
            at("2026-11-04T11:00"),
            at("2026-11-04T12:00"),
            at("2026-11-04T15:30"),
        ]

    def test_counts_by_the_office_of_its_deadline(self) -> None:
        deadline = due(at("2026-11-03T20:00"), Limit.parse("3WH"), CALENDAR, EVENINGS)
        ladder = Ladder.parse([{"at": "due + 1WH", "do": "level 1"}])
        assert ladder.time(0, deadline, CALENDAR) == at("2026-11-04T00:00")

    @pytest.mark.parametrize(
        ("first", "then"),
        [("due + 4WH", "due + 3WH"), ("due + 4WH", "due + 4H"), ("due", "due - 1WH")],
    )
    def test_is_refused_out_of_order(self, first: str, then: str) -> None:
        with pytest.raises(LadderError, match="先后"):
            Ladder.parse([{"at": first, "do": "remind"}, {"at": then, "do": "remind"}])

    def test_may_mix_what_only_a_calendar_could_compare(self) -> None:
        Ladder.parse([{"at": "due + 4H", "do": "remind"}, {"at": "due + 4WH", "do": "remind"}])
        Ladder.parse([{"at": "due + 8WH", "do": "remind"}, {"at": "due + 1WD", "do": "remind"}])
