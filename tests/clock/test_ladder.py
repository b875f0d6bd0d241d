"""Ladders of reminders and supervision: when each rung comes, and which ladders are refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clock.calendar import Calendar
from casework.clock.ladder import DueRungs, Ladder, Rung
from casework.clock.limits import Deadline, Limit, Unit, due
from casework.clock.words import CalendarError, ClockError, LadderError

CALENDAR = Calendar.seeded()
SHANGHAI = timezone(timedelta(hours=8))

# the ladders of the field: ours, Wuhu's cards (芜政办秘[2008]137号), a bureau's rule for urging
DEFAULT = Ladder.parse(
    [
        {"at": "50%", "do": "remind", "who": ["officer"]},
        {"at": "80%", "do": "remind", "who": ["officer", "head"]},
        {"at": "due", "do": "level 1", "card": "yellow", "who": ["head", "supervision_office"]},
        {
            "at": "due + 3WD",
            "do": "level 2",
            "card": "red",
            "who": ["supervision_office", "leader"],
        },
        {"at": "due + 10WD", "do": "level 3", "who": ["leader"], "manual": "summons"},
    ]
)
WUHU = Ladder.parse(
    [
        {"at": "due + 5D", "do": "level 1", "card": "yellow"},
        {"at": "due + 15D", "do": "level 2", "card": "red"},
        {"at": "due + 30D", "do": "level 3", "notice": "催办通知单"},
    ]
)
BUREAU = Ladder.parse(
    [
        {"at": "due - 1WD", "do": "remind"},
        {"at": "due + 1D", "do": "level 1", "notice": "催办通知书", "who": ["leader"]},
        {"at": "due + 5WD", "do": "level 2", "notice": "通报批评"},
    ]
)

STARTS = st.datetimes(
    datetime.fromisoformat("2004-02-01"),
    datetime.fromisoformat("2026-03-31"),
    timezones=st.just(UTC),
)
LIMITS = st.builds(Limit, st.integers(1, 90), st.sampled_from(Unit))
LADDERS = st.sampled_from([DEFAULT, WUHU, BUREAU])


def local(text: str) -> datetime:
    """An instant by the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def deadline(start: str, limit: str) -> Deadline:
    return due(local(start), Limit.parse(limit), CALENDAR)


def ladder(*points: str) -> Ladder:
    return Ladder(tuple(Rung(at, "remind") for at in points))


def times(rungs: Ladder, of: Deadline) -> list[datetime]:
    return [rungs.time(i, of, CALENDAR) for i in range(len(rungs.rungs))]


class TestARungsTime:
    def test_at_a_share_of_working_days_is_measured_in_working_time(self) -> None:
        # given 15 working days from the Friday before 春节
        long = deadline("2026-02-13 11:00", "15WD")
        # then half is 7.5 of them: seven whole days, to 03-02, and noon of the eighth, 03-03
        # and four fifths is the end of the twelfth day, Monday 03-09
        assert times(ladder("50%", "80%"), long) == [
            local("2026-03-03 12:00"),
            local("2026-03-10 00:00"),
        ]

    def test_at_a_share_skips_the_holiday_before_a_part_of_a_day(self) -> None:
        over_national_day = deadline("2026-09-29 09:00", "3WD")  # counts 09-30, 10-08, 10-09
        assert times(ladder("50%"), over_national_day) == [local("2026-10-08 12:00")]

    @pytest.mark.parametrize(
        ("limit", "half"),
        [
            ("2H", "2026-10-01 11:00"),
            ("30M", "2026-10-01 10:15"),
            ("1D", "2026-10-02 05:00"),  # from 10:00 to 24:00 of the next day are 38 hours
        ],
    )
    def test_at_a_share_of_natural_time_takes_no_holiday(self, limit: str, half: str) -> None:
        assert times(ladder("50%"), deadline("2026-10-01 10:00", limit)) == [local(half)]

    def test_beside_due_moves_the_day_by_working_or_natural_days(self) -> None:
        before_the_festival = deadline("2026-09-23 09:00", "4WD")  # ends with Wednesday 09-30
        assert before_the_festival.on == date(2026, 9, 30)
        points = ladder("due - 1WD", "due", "due + 3H", "due + 2D", "due + 3WD")
        assert times(points, before_the_festival) == [
            local("2026-09-30 00:00"),
            local("2026-10-01 00:00"),
            local("2026-10-01 03:00"),
            local("2026-10-03 00:00"),
            local("2026-10-11 00:00"),  # 10-08, 10-09 and the Saturday 10-10, which is worked
        ]

    def test_beside_a_due_time_in_hours_keeps_the_time_of_day(self) -> None:
        urgent = deadline("2026-09-30 14:20", "2H")
        assert times(ladder("due", "due + 1D", "due + 1WD"), urgent) == [
            local("2026-09-30 16:20"),
            local("2026-10-01 16:20"),
            local("2026-10-08 16:20"),
        ]

    def test_is_never_before_the_start(self) -> None:
        from_a_sunday = deadline("2026-11-08 10:00", "1WD")  # due - 1WD would be Friday
        assert times(BUREAU, from_a_sunday)[0] == from_a_sunday.start

    def test_waits_for_the_rung_before_it(self) -> None:
        # of three working days 80% is 2.4 and comes after the second has ended
        short = deadline("2026-11-02 09:00", "3WD")
        share, day_before = times(ladder("80%", "due - 1WD"), short)
        assert share == day_before == local("2026-11-05 09:36")

    def test_is_asked_for_by_a_rung_that_exists(self) -> None:
        with pytest.raises(IndexError):
            DEFAULT.time(5, deadline("2026-11-02 09:00", "3WD"), CALENDAR)

    @given(LADDERS, STARTS, LIMITS)
    def test_is_in_the_order_of_the_ladder(
        self, rungs: Ladder, start: datetime, limit: Limit
    ) -> None:
        given_times = times(rungs, due(start, limit, CALENDAR))
        assert given_times == sorted(given_times)
        assert all(time >= start for time in given_times)

    @given(STARTS, LIMITS, st.integers(1, 99))
    def test_at_a_share_lies_between_start_and_due(
        self, start: datetime, limit: Limit, percent: int
    ) -> None:
        of = due(start, limit, CALENDAR)
        assert start < times(ladder(f"{percent}%"), of)[0] < of.at


class TestWhatIsDue:
    CASE = deadline("2026-11-02 09:00", "5WD")  # half: noon of 11-05, due with 11-09

    def test_nothing_before_the_first_rung_but_when_to_look_again(self) -> None:
        assert DEFAULT.due_rungs(self.CASE, (), local("2026-11-05 11:59"), CALENDAR) == DueRungs(
            (), local("2026-11-05 12:00")
        )

    def test_a_rung_from_its_very_instant_on(self) -> None:
        assert DEFAULT.due_rungs(self.CASE, (), local("2026-11-05 12:00"), CALENDAR) == DueRungs(
            (0,), local("2026-11-07 00:00")
        )

    def test_all_that_were_missed_but_none_that_is_fired(self) -> None:
        after_an_outage = local("2026-11-10 08:00")
        assert DEFAULT.due_rungs(self.CASE, {0}, after_an_outage, CALENDAR) == DueRungs(
            (1, 2), local("2026-11-13 00:00")
        )

    def test_nothing_more_after_the_last(self) -> None:
        later = local("2026-12-31 00:00")
        assert DEFAULT.due_rungs(self.CASE, {0, 1, 2, 3}, later, CALENDAR) == DueRungs((4,), None)
        assert DEFAULT.due_rungs(self.CASE, set(range(5)), later, CALENDAR) == DueRungs((), None)

    def test_does_not_ask_for_years_that_matter_only_later(self) -> None:
        # given a case at the very end of the known years
        at_the_end = deadline("2035-12-17 09:00", "5WD")
        # then its reminder comes, though due + 10WD is beyond any calendar
        half = DEFAULT.due_rungs(at_the_end, (), local("2035-12-20 12:00"), CALENDAR)
        assert half.rungs == (0,)
        with pytest.raises(CalendarError, match="2035-12-31"):
            DEFAULT.time(4, at_the_end, CALENDAR)

    def test_does_not_keep_back_what_has_come_for_years_that_are_not_known_yet(self) -> None:
        # given what is due with the last day of the known years
        at_the_end = deadline("2035-12-01 09:00", "30D")
        assert at_the_end.at == local("2036-01-01 00:00")
        # then all that comes before and at the due time is told, and the rest when it can be
        late = local("2036-01-03 08:00")
        assert DEFAULT.due_rungs(at_the_end, (), late, CALENDAR) == DueRungs((0, 1, 2), None)
        assert DEFAULT.due_rungs(at_the_end, {0, 1, 2}, late, CALENDAR) == DueRungs((), None)

    def test_is_not_told_by_a_clock_without_zone(self) -> None:
        with pytest.raises(ClockError, match="没有时区"):
            DEFAULT.due_rungs(self.CASE, (), local("2026-11-05").replace(tzinfo=None), CALENDAR)

    @given(LADDERS, STARTS, LIMITS, st.lists(st.integers(0, 60 * 24 * 200), max_size=12))
    def test_fires_each_rung_once_whatever_the_ticks(
        self, rungs: Ladder, start: datetime, limit: Limit, minutes: list[int]
    ) -> None:
        of, fired = due(start, limit, CALENDAR), list[int]()
        end = times(rungs, of)[-1]
        # ticks in any order and repeated, then one after the last rung
        for now in [*(start + timedelta(minutes=m) for m in minutes), end, end]:
            found = rungs.due_rungs(of, fired, now, CALENDAR)
            assert found.next is None or found.next > now
            fired += found.rungs
        assert sorted(fired) == list(range(len(rungs.rungs)))

    @given(LADDERS, STARTS, LIMITS)
    def test_is_all_found_by_following_next(
        self, rungs: Ladder, start: datetime, limit: Limit
    ) -> None:
        of, fired, now = due(start, limit, CALENDAR), list[int](), start
        looks = 0
        while True:
            found = rungs.due_rungs(of, fired, now, CALENDAR)
            fired += found.rungs
            looks += 1
            if found.next is None:
                break
            assert rungs.time(len(fired), of, CALENDAR) == found.next
            now = found.next
        assert fired == list(range(len(rungs.rungs)))
        assert looks <= len(rungs.rungs) + 1


class TestALadder:
    def test_knows_the_level_and_the_card_of_each_rung(self) -> None:
        assert [rung.level for rung in DEFAULT.rungs] == [0, 0, 1, 2, 3]
        assert [rung.card for rung in DEFAULT.rungs] == [None, None, "yellow", "red", None]
        assert DEFAULT.rungs[2].who == ("head", "supervision_office")
        assert DEFAULT.rungs[4].manual == "summons"

    @pytest.mark.parametrize(
        "points",
        [
            ("80%", "50%"),
            ("50%", "50%"),
            ("due", "80%"),
            ("due + 1D", "99%"),
            ("due", "due - 1WD"),
            ("due", "due"),
            ("due + 1D", "due"),
            ("due + 3WD", "due + 2WD"),
            ("due - 2WD", "due - 3WD"),
            ("due + 3WD", "due + 3D"),  # working days are never shorter than natural ones
            ("due + 3WD", "due + 71H"),
            ("due - 1D", "due - 1WD"),
            ("due - 20H", "due - 1D"),
        ],
    )
    def test_out_of_order_is_refused_with_the_two_rungs(self, points: tuple[str, str]) -> None:
        with pytest.raises(LadderError) as refusal:
            ladder(*points)
        assert f"第 2 级（{points[1]}）不晚于第 1 级（{points[0]}）" in refusal.value.words.zh
        assert f"rung 2 ({points[1]}) is no later than rung 1" in refusal.value.words.en

    @pytest.mark.parametrize(
        "points",
        [
            ("80%", "due - 1WD"),
            ("due - 1WD", "80%"),
            ("due + 3WD", "due + 5D"),
            ("due + 3D", "due + 3WD"),
            ("due - 1WD", "due - 1D"),
            ("due-1WD", "due+90M"),
        ],
    )
    def test_in_order_for_some_limit_and_calendar_is_taken(self, points: tuple[str, str]) -> None:
        assert [rung.at for rung in ladder(*points).rungs] == list(points)

    def test_lets_the_levels_rise(self) -> None:
        with pytest.raises(LadderError, match="没有高于前面的 level 2"):
            Ladder(
                (Rung("due", "level 2"), Rung("due + 1WD", "remind"), Rung("due + 2WD", "level 2"))
            )

    def test_without_rungs_is_refused(self) -> None:
        with pytest.raises(LadderError, match="至少要有一级"):
            Ladder.parse([])

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ({"at": "half", "do": "remind"}, "时点 'half' 无法识别"),
            ({"at": "0%", "do": "remind"}, "时点 '0%' 无法识别"),
            ({"at": "100%", "do": "remind"}, "时点 '100%' 无法识别"),
            ({"at": "due + 3X", "do": "remind"}, "时限 '3X' 无法识别"),
            ({"at": "due + 0D", "do": "remind"}, "时限 0D 应在 1 至 9999"),
            ({"at": "due + -3D", "do": "remind"}, "无法识别"),
            ({"at": 0.5, "do": "remind"}, "缺少文字字段 at"),
            ({"at": "due"}, "缺少文字字段 do"),
            ({"at": "due", "do": "level 4"}, "do 中的 'level 4' 无法识别"),
            ({"at": "due", "do": "level 1", "card": "green"}, "card 中的 'green' 无法识别"),
            ({"at": "due", "do": "level 1", "who": ["mayor"]}, "who 中的 'mayor' 无法识别"),
            ({"at": "due", "do": "level 1", "who": "leader"}, "who 应为列表"),
            ({"at": "due", "do": "level 1", "manual": ""}, "manual 应为文字"),
            ({"at": "due", "do": "level 1", "notice": 3}, "notice 应为文字"),
            ({"at": "due", "do": "level 1", "point": "due"}, "多余的字段 point"),
            ("due", "应形如"),
        ],
    )
    def test_with_a_faulty_rung_is_refused_naming_it(self, row: object, message: str) -> None:
        with pytest.raises(LadderError, match=message) as refusal:
            Ladder.parse([{"at": "50%", "do": "remind"}, row])
        assert refusal.value.words.zh.startswith("第 2 级：")
        assert refusal.value.words.en.startswith("rung 2: ")

    @pytest.mark.parametrize("rows", [None, "due", {"at": "due"}])
    def test_that_is_no_list_is_refused(self, rows: object) -> None:
        with pytest.raises(LadderError, match="列表"):
            Ladder.parse(rows)
