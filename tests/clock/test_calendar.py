"""The working calendar: what a day is, and how a city replaces a year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from casework.clock import calendar as calendar_module
from casework.clock.calendar import Calendar
from casework.clock.words import CalendarError, ClockError, Words

CALENDAR = Calendar.seeded()
DAYS = st.dates(date(2004, 1, 1), date(2035, 12, 31))
PROVISIONAL = range(2027, 2036)
"""Years whose notice is not out."""


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def document(number: int = 2027, /, **changes: object) -> dict[str, object]:
    """A small but lawful year, with changes."""
    plain: dict[str, object] = {
        "year": number,
        "provisional": False,
        "holidays": {f"{number}-01-01": "元旦"},
        "workdays": {},
        "source": "市政府通知",
    }
    return plain | changes


class TestTheSeededYears:
    @pytest.mark.parametrize(
        ("year", "total"),
        [
            (2020, 249),
            (2021, 250),
            (2022, 249),
            (2023, 249),
            (2024, 251),
            (2025, 248),
            (2026, 248),
        ],
    )
    def test_have_the_working_days_the_notices_give(self, year: int, total: int) -> None:
        days = every_day(date(year, 1, 1), date(year, 12, 31))
        assert sum(CALENDAR.is_working(day) for day in days) == total

    def test_agree_with_an_independent_calendar_on_every_day(self) -> None:
        other = country_holidays("CN", years=range(2004, 2027))
        days = every_day(date(2004, 1, 1), date(2026, 12, 31))
        assert len(days) == 8401
        assert [day for day in days if CALENDAR.is_working(day) != other.is_working_day(day)] == []

    def test_know_the_working_saturday_at_the_end_of_2005(self) -> None:
        """The one day of all on which their source, chinesecalendar, and `holidays` differ."""
        missed = date(2005, 12, 31)
        assert country_holidays("CN", years=2005).is_working_day(missed)
        assert CALENDAR.is_working(missed)
        assert CALENDAR.makeup(missed) == Words(
            "元旦调休上班", "make-up working day for New Year's Day"
        )

    @pytest.mark.parametrize("year", PROVISIONAL)
    def test_take_the_statutory_days_of_what_has_no_notice_from_the_law(self, year: int) -> None:
        # the days in lieu are that package's guess and the notice's to give
        law = {
            day
            for day, name in country_holidays("CN", years=year, language="en_US").items()
            if "observed" not in name
        }
        (packaged,) = (one for one in CALENDAR.years if one.year == year)
        assert set(packaged.holidays) == law
        # 中秋 falls into 国庆 in 2028 and 2031
        assert len(law) == 13 - (year in (2028, 2031))
        assert packaged.workdays == {}

    def test_reach_to_the_end_of_2035(self) -> None:
        assert CALENDAR.last == date(2035, 12, 31)
        assert [one.year for one in CALENDAR.years if one.provisional] == list(PROVISIONAL)

    def test_are_provisional_only_where_no_notice_is_out(self) -> None:
        assert not CALENDAR.provisional(date(2026, 12, 31))
        assert CALENDAR.provisional(date(2027, 1, 1))
        assert CALENDAR.provisional(date(2026, 12, 31), until=date(2027, 1, 4))
        assert not CALENDAR.provisional(date(2025, 12, 31), until=date(2026, 12, 31))

    def test_are_read_once(self) -> None:
        assert Calendar.seeded() is Calendar.seeded()

    def test_name_their_source(self) -> None:
        for year in CALENDAR.years:
            assert ("年节及纪念日放假办法" if year.provisional else str(year.year)) in year.source


class TestADay:
    @pytest.mark.parametrize(
        ("day", "why"),
        [
            (date(2026, 1, 3), Words("元旦", "New Year's Day")),
            (date(2026, 2, 17), Words("春节", "Spring Festival")),
            (date(2026, 2, 15), Words("春节", "Spring Festival")),  # a Sunday inside the festival
            (date(2026, 4, 6), Words("清明节", "Qingming Festival")),
            (date(2026, 6, 19), Words("端午节", "Dragon Boat Festival")),
            (date(2026, 9, 25), Words("中秋节", "Mid-Autumn Festival")),
            (date(2026, 10, 7), Words("国庆节", "National Day")),
            (date(2026, 11, 7), Words("周末", "weekend")),
        ],
    )
    def test_off_work_says_why_in_both_languages(self, day: date, why: Words) -> None:
        assert not CALENDAR.is_working(day)
        assert CALENDAR.reason(day) == why

    @pytest.mark.parametrize(
        "day", [date(2026, 1, 4), date(2026, 2, 14), date(2026, 9, 20), date(2026, 10, 10)]
    )
    def test_of_the_weekend_is_worked_when_it_makes_up_for_a_holiday(self, day: date) -> None:
        assert day.weekday() >= 5
        assert CALENDAR.is_working(day)
        assert CALENDAR.reason(day) is None
        assert "调休上班" in str(CALENDAR.makeup(day))

    @given(DAYS)
    def test_is_either_worked_or_has_a_reason(self, day: date) -> None:
        assert CALENDAR.is_working(day) == (CALENDAR.reason(day) is None)

    @given(DAYS)
    def test_makes_up_for_a_festival_only_on_a_worked_weekend(self, day: date) -> None:
        assert (CALENDAR.makeup(day) is not None) == (
            CALENDAR.is_working(day) and day.weekday() >= 5
        )

    @pytest.mark.parametrize("day", [date(2003, 12, 31), date(2036, 1, 1)])
    def test_outside_the_known_years_is_refused(self, day: date) -> None:
        for ask in (CALENDAR.is_working, CALENDAR.reason, CALENDAR.makeup, CALENDAR.provisional):
            with pytest.raises(CalendarError, match=f"{day.year} 年的年历"):
                ask(day)

    def test_must_not_be_an_instant_which_belongs_to_no_place(self) -> None:
        with pytest.raises(ClockError, match=r"Calendar\.local"):
            CALENDAR.is_working(datetime(2026, 1, 4, 17, tzinfo=UTC))


class TestCountingWorkingDays:
    def test_goes_forward_and_back_over_a_festival(self) -> None:
        assert CALENDAR.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
        assert CALENDAR.add(date(2026, 10, 8), -1) == date(2026, 9, 30)
        assert CALENDAR.add(date(2026, 10, 3), 1) == date(2026, 10, 8)
        assert CALENDAR.add(date(2026, 10, 3), -1) == date(2026, 9, 30)
        assert CALENDAR.add(date(2026, 10, 3), 0) == date(2026, 10, 3)

    @pytest.mark.parametrize("year", range(2004, 2036))
    def test_over_a_whole_year_counts_each_of_its_working_days(self, year: int) -> None:
        days = every_day(date(year, 1, 1), date(year, 12, 31))
        assert CALENDAR.working_days_of(year) == sum(map(CALENDAR.is_working, days))

    @given(st.dates(date(2005, 1, 1), date(2026, 1, 1)), st.integers(1, 200))
    def test_lands_on_a_working_day_with_exactly_so_many_between(self, day: date, n: int) -> None:
        after, before = CALENDAR.add(day, n), CALENDAR.add(day, -n)
        assert sum(map(CALENDAR.is_working, every_day(day + timedelta(1), after))) == n
        assert sum(map(CALENDAR.is_working, every_day(before, day - timedelta(1)))) == n
        assert CALENDAR.is_working(after)
        assert CALENDAR.is_working(before)

    def test_says_which_way_the_known_years_end(self) -> None:
        with pytest.raises(CalendarError, match="2035-12-31"):
            CALENDAR.add(date(2035, 12, 30), 5)
        with pytest.raises(CalendarError, match="2004-01-01"):
            CALENDAR.add(date(2004, 1, 2), -5)


class TestBeyondTheKnownYears:
    """What has come must be recorded though nobody has entered the year that follows."""

    def test_plain_weeks_are_counted_where_that_is_asked_for(self) -> None:
        longer = CALENDAR.prolonged(date(2036, 6, 1))
        assert longer.last == date(2036, 12, 31)
        assert longer.add(date(2035, 12, 31), 3) == date(2036, 1, 3)  # a Thursday
        assert longer.provisional(date(2036, 1, 3))
        assert CALENDAR.last == date(2035, 12, 31)

    def test_nothing_is_added_where_it_reaches_so_far(self) -> None:
        assert CALENDAR.prolonged(date(2035, 12, 31)) is CALENDAR

    @pytest.mark.parametrize(
        ("now", "left"),
        [
            (datetime(2035, 12, 30, 15, 59, tzinfo=UTC), 1),
            (datetime(2035, 12, 30, 16, 0, tzinfo=UTC), 0),  # the last day begins
            (datetime(2036, 1, 1, 16, 0, tzinfo=UTC), -2),
        ],
    )
    def test_the_days_that_are_left_are_the_citys(self, now: datetime, left: int) -> None:
        assert CALENDAR.days_left(now) == left


class TestWorkingDaysBetween:
    """How long a pause was, as the limit counts: (after, until], as day 1 is the day after."""

    @given(DAYS, st.integers(0, 400))
    def test_are_those_that_one_counts_by_hand(self, after: date, days: int) -> None:
        until = min(after + timedelta(days), CALENDAR.last)
        counted = [d for d in every_day(after, until)[1:] if CALENDAR.is_working(d)]
        assert CALENDAR.working_days(after, until) == len(counted)

    @given(st.dates(date(2004, 1, 1), date(2025, 12, 31)), st.integers(1, 200))
    def test_undo_what_adding_them_does(self, day: date, n: int) -> None:
        assert CALENDAR.working_days(day, CALENDAR.add(day, n)) == n

    @given(DAYS, DAYS, DAYS)
    def test_of_two_spans_are_those_of_the_whole(self, a: date, b: date, c: date) -> None:
        first, middle, last = sorted((a, b, c))
        whole = CALENDAR.working_days(first, last)
        assert CALENDAR.working_days(first, middle) + CALENDAR.working_days(middle, last) == whole

    def test_over_the_national_day_holiday_are_few(self) -> None:
        # 30 September 2026 to 12 October: the 8th, the 9th, the make-up Saturday, the Monday
        assert CALENDAR.working_days(date(2026, 9, 30), date(2026, 10, 7)) == 0
        assert CALENDAR.working_days(date(2026, 9, 30), date(2026, 10, 12)) == 4

    def test_backwards_are_none(self) -> None:
        assert CALENDAR.working_days(date(2026, 10, 12), date(2026, 9, 30)) == 0
        assert CALENDAR.working_days(date(2026, 10, 12), date(2026, 10, 12)) == 0

    def test_beyond_the_known_years_are_refused(self) -> None:
        with pytest.raises(CalendarError, match="2036"):
            CALENDAR.working_days(date(2035, 12, 1), date(2036, 1, 3))
        with pytest.raises(ClockError, match="instant"):
            CALENDAR.working_days(date(2026, 9, 30), datetime(2026, 10, 8, tzinfo=UTC))


class TestTheCitysDay:
    def test_begins_at_its_own_midnight(self) -> None:
        assert CALENDAR.local(datetime(2026, 2, 12, 15, 59, 59, tzinfo=UTC)) == date(2026, 2, 12)
        assert CALENDAR.local(datetime(2026, 2, 12, 16, tzinfo=UTC)) == date(2026, 2, 13)
        assert CALENDAR.midnight(date(2026, 2, 13)) == datetime(2026, 2, 12, 16, tzinfo=UTC)

    def test_follows_the_zone_that_is_set(self) -> None:
        boston = Calendar.seeded("America/New_York")
        assert boston.local(datetime(2026, 2, 13, 4, tzinfo=UTC)) == date(2026, 2, 12)
        assert boston.midnight(date(2026, 7, 1)) == datetime(2026, 7, 1, 4, tzinfo=UTC)

    def test_keeps_its_time_of_day_over_a_change_of_clocks(self) -> None:
        boston = Calendar.seeded("America/New_York")
        before = datetime(2026, 3, 7, 14, tzinfo=UTC)  # 09:00, the day before summer time
        assert boston.shift(before, 1) == datetime(2026, 3, 8, 13, tzinfo=UTC)

    def test_is_unknown_for_a_time_without_zone(self) -> None:
        with pytest.raises(ClockError, match="没有时区"):
            CALENDAR.local(datetime(2026, 2, 13, tzinfo=UTC).replace(tzinfo=None))

    def test_of_shanghai_needs_no_tzdata_on_the_host(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def absent(name: str) -> None:
            raise ZoneInfoNotFoundError(name)

        monkeypatch.setattr(calendar_module, "ZoneInfo", absent)
        slim = Calendar(CALENDAR.years)
        for day in (date(2004, 1, 1), date(2015, 7, 1), date(2027, 12, 31)):
            assert slim.midnight(day) == CALENDAR.midnight(day)
        with pytest.raises(CalendarError, match="tzdata"):
            Calendar(CALENDAR.years, "America/New_York")

    @pytest.mark.parametrize("zone", ["", "Asia", "Mars/Olympus", "/etc/localtime"])
    def test_of_nowhere_is_refused(self, zone: str) -> None:
        with pytest.raises(CalendarError, match="时区"):
            Calendar(CALENDAR.years, zone)


class TestReplacingAYear:
    def test_gives_a_new_calendar_and_leaves_the_old_one(self) -> None:
        # given the notice for 2027 with a day in lieu and the Saturday that makes up for it
        notice = document(
            holidays={"2027-01-01": "元旦", "2027-01-04": "元旦"}, workdays={"2027-01-09": "元旦"}
        )
        # when the city enters it
        changed = CALENDAR.replacing(notice)
        # then the year is final, its days have moved, and the old calendar is as it was
        assert not changed.provisional(date(2027, 1, 4))
        assert not changed.is_working(date(2027, 1, 4))
        assert changed.is_working(date(2027, 1, 9))
        assert CALENDAR.provisional(date(2027, 1, 4))
        assert CALENDAR.is_working(date(2027, 1, 4))
        assert changed.is_working(date(2026, 12, 31))

    def test_may_add_the_next_year(self) -> None:
        longer = CALENDAR.replacing(document(2036))
        assert longer.last == date(2036, 12, 31)
        assert longer.is_working(date(2036, 1, 3))

    def test_refuses_to_leave_a_year_out(self) -> None:
        with pytest.raises(CalendarError, match="补充 2036 年"):
            CALENDAR.replacing(document(2037))

    def test_takes_a_festival_of_the_region_with_its_english_name(self) -> None:
        changed = CALENDAR.replacing(
            document(holidays={"2027-03-10": "开斋节"}, english={"开斋节": "Eid al-Fitr"})
        )
        assert changed.reason(date(2027, 3, 10)) == Words("开斋节", "Eid al-Fitr")

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            (
                {"holidays": {"2027-05-08": "劳动节"}, "workdays": {"2027-05-08": "劳动节"}},
                "2027-05-08 既是节假日又是调休上班日",
            ),
            ({"workdays": {"2027-01-08": "元旦"}}, "2027-01-08 不是周末"),  # a Friday
            ({"holidays": {"2026-12-31": "元旦"}}, "2026-12-31 不在 2027 年"),
            ({"holidays": {"2027-02-30": "春节"}}, "“2027-02-30”不是日期"),
            ({"holidays": {"20270101": "元旦"}}, "“20270101”不是日期"),
            ({"holidays": {7: "元旦"}}, "“7”不是日期"),
            ({"holidays": {"2027-01-01": " "}}, "2027-01-01 没有写明节日"),
            ({"holidays": {"2027-01-01": None}}, "2027-01-01 没有写明节日"),
            ({"holidays": {"2027-03-10": "开斋节"}}, "2027-03-10 的节日“开斋节”没有英文名"),
            ({"holidays": ["2027-01-01"]}, "holidays 应形如"),
            ({"holidays": {}}, "一个节假日也没有"),
            ({"english": {"开斋节": 3}}, "english 应形如"),
            ({"year": "2027"}, "year 应为 2004 至"),
            ({"year": True}, "year 应为 2004 至"),
            ({"year": 2003}, "year 应为 2004 至"),
            ({"provisional": "no"}, "provisional 应为"),
            ({"source": ""}, "请在 source 中写明"),
            ({"holliday": {}}, "多余的字段 holliday"),
        ],
    )
    def test_refuses_a_faulty_document_naming_file_and_day(
        self, changes: dict[str, object], message: str
    ) -> None:
        with pytest.raises(CalendarError, match=message) as refusal:
            CALENDAR.replacing(document(**changes), "2027.json")
        assert refusal.value.words.zh.startswith("2027.json：")
        assert refusal.value.words.en.startswith("2027.json: ")

    def test_refuses_what_is_no_document(self) -> None:
        with pytest.raises(CalendarError, match="JSON"):
            CALENDAR.replacing(["2027-01-01"])
        with pytest.raises(CalendarError, match="缺少字段 holidays, provisional, source, workdays"):
            CALENDAR.replacing({"year": 2027})

    def test_takes_dates_as_yaml_parses_them(self) -> None:
        changed = CALENDAR.replacing(document(holidays={date(2027, 3, 10): "春节"}))
        assert not changed.is_working(date(2027, 3, 10))


class TestACalendarOfYears:
    def test_needs_one(self) -> None:
        with pytest.raises(CalendarError, match="至少需要一年"):
            Calendar(())

    def test_refuses_the_same_year_twice(self) -> None:
        with pytest.raises(CalendarError, match="2035 年的年历有两份"):
            Calendar((*CALENDAR.years, CALENDAR.years[-1]))

    def test_does_not_mind_their_order(self) -> None:
        assert Calendar(CALENDAR.years[::-1]).first == date(2004, 1, 1)
