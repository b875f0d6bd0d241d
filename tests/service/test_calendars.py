"""Entering a year's calendar into a city that has open cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from casework.calendars import enter
from casework.clock.words import CalendarError
from casework.outcomes import Request
from casework.store.settings import SETTINGS, NotSetUp, read_rules, write_city
from casework.store.table import Taken
from schemas import commands as c
from tests.support.faults import Moment, StepTable
from tests.support.stories import AGENT, file, filing
from tests.support.world import CITIZEN, MemoryWorld, yunting

ZONE = "Asia/Shanghai"
FROM_ABOVE = c.From(system="leader", due=date(2026, 10, 30))


@pytest.fixture
def world() -> MemoryWorld:
    """A city with one complaint (15 working days from 28 September 2026) and one enquiry (3)."""
    made = MemoryWorld(alarm_shards=4)
    write_city(made.settings_table, yunting())
    file(made.service, "one", kind="complaint")
    file(made.service, "other", kind="enquiry")
    return made


def year_2026(world: MemoryWorld, **changes: str) -> dict[str, Any]:
    """The calendar of 2026 as it stands, with further holidays."""
    years = read_rules(world.settings_table, ZONE).calendar.years
    (present,) = (one for one in years if one.year == 2026)
    holidays = {day.isoformat(): words.zh for day, words in present.holidays.items()}
    return {
        "year": 2026,
        "provisional": False,
        "holidays": holidays | changes,
        "workdays": {day.isoformat(): words.zh for day, words in present.workdays.items()},
        "source": "市政府通知",
    }


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-09-29", 2),
        ("2026-10-12", 1),  # the enquiry is due before
        ("2026-09-28", 0),  # the day of the filing counts for nobody
        ("2026-11-02", 0),  # all are due before
    ],
)
def test_open_cases_that_had_counted_a_changed_day_may_move(
    world: MemoryWorld, day: str, moved: int
) -> None:
    document = year_2026(world, **{day: "国庆节"})

    entered = enter(document, "2026.json", world.settings_table, ZONE, world.service.store)

    assert (entered.open_cases, entered.may_move) == (2, moved)
    assert [str(each) for each in entered.changes.free] == [day]
    assert entered.working_days == 247


def test_the_year_is_in_force_with_the_next_reading(world: MemoryWorld) -> None:
    enter(year_2026(world, **{"2026-10-12": "国庆节"}), "", world.settings_table, ZONE)

    calendar = read_rules(world.settings_table, ZONE).calendar

    assert str(calendar.reason(date(2026, 10, 12))) == "国庆节"


def test_a_second_notice_is_compared_with_the_first(world: MemoryWorld) -> None:
    enter(year_2026(world, **{"2026-10-12": "国庆节"}), "", world.settings_table, ZONE)

    again = enter(year_2026(world, **{"2026-10-13": "国庆节"}), "", world.settings_table, ZONE)

    assert [str(each) for each in again.changes.days] == ["2026-10-13"], "the other one is in it"


def test_a_case_that_has_ended_is_not_counted(world: MemoryWorld) -> None:
    number = file(world.service, "third", kind="complaint").number
    world.service.change(number, c.Withdraw(reason="solved"), Request(CITIZEN, "enough"))

    entered = enter(year_2026(world), "", world.settings_table, ZONE, world.service.store)

    assert entered.open_cases == 2


def test_a_date_imposed_from_above_stays_where_it_was_put(world: MemoryWorld) -> None:
    world.service.file(filing(origin=FROM_ABOVE, channel="hotline"), AGENT, "imposed")
    document = year_2026(world, **{"2026-10-12": "国庆节"})

    entered = enter(document, "", world.settings_table, ZONE, world.service.store)

    assert (entered.open_cases, entered.may_move) == (3, 1)


def test_nobody_need_count(world: MemoryWorld) -> None:
    entered = enter(year_2026(world), "", world.settings_table, ZONE)

    assert (entered.open_cases, entered.may_move) == (None, None)
    assert entered.changes.days == ()


@pytest.mark.parametrize(
    "fault", [{"year": 2039}, {"workdays": {"2026-10-01": "国庆节"}}, {"source": ""}]
)
def test_a_faulty_year_changes_nothing(world: MemoryWorld, fault: dict[str, object]) -> None:
    before = world.settings_table.partition(SETTINGS)

    with pytest.raises(CalendarError):
        enter(year_2026(world) | fault, "", world.settings_table, ZONE, world.service.store)

    assert world.settings_table.partition(SETTINGS) == before


def test_what_has_had_its_notice_is_made_provisional_again_only_if_that_is_meant(
    world: MemoryWorld,
) -> None:
    """It would take back the certainty of dates that people have been told."""
    settings, document = world.settings_table, year_2026(world) | {"provisional": True}
    before = settings.partition(SETTINGS)

    with pytest.raises(CalendarError, match="--provisional-again"):
        enter(document, "2026.json", settings, ZONE)
    assert settings.partition(SETTINGS) == before

    entered = enter(document, "2026.json", settings, ZONE, provisional_again=True)
    assert entered.changes.unsettled == (2026,)
    assert read_rules(settings, ZONE).calendar.provisional(date(2026, 9, 28))
    assert enter(document, "2026.json", settings, ZONE).changes.unsettled == (), "it is already"


def test_a_city_without_a_catalogue_has_no_calendar_to_change(world: MemoryWorld) -> None:
    with pytest.raises(NotSetUp):
        enter(year_2026(world), "", MemoryWorld().settings_table, ZONE)


def test_of_two_who_enter_a_year_at_once_the_second_is_told(world: MemoryWorld) -> None:
    overtaken: list[str] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_new", "before") and not overtaken:
            overtaken.append(name)
            enter(year_2026(world), "", world.settings_table, ZONE)

    with pytest.raises(Taken):
        enter(year_2026(world), "", StepTable(world.settings_table, step), ZONE)
