"""Entering policies into a city that has open cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.catalogue.tables import CityError
from casework.outcomes import Request
from casework.policies import Entered, enter
from casework.store.settings import POLICIES, SETTINGS, NotSetUp, read_rules, write_city
from casework.store.table import Item, Table, Taken
from schemas import commands as c
from tests.support.faults import Death, Killed, Moment, StepTable
from tests.support.stories import AGENT, file, filing
from tests.support.world import CITIZEN, MemoryWorld, yunting

ZONE = "Asia/Shanghai"
FLAT = {"policy.toml": 'extends = "12345-flat5"'}
HELP_SOONER = """
extends = "12345-general"
clocks.resolve.limit = {any = "15WD", enquiry = "3WD", help = "6WD"}
"""
LAMPS = '[clocks.claim]\nlimit = "2H"\n[clocks.resolve]\nlimit = "3WD"\n'


@pytest.fixture
def world() -> MemoryWorld:
    """A city with a complaint (15 working days), an enquiry (3) and a request for help (7)."""
    made = MemoryWorld(alarm_shards=4)
    write_city(made.settings_table, yunting())
    made.rules = read_rules(made.settings_table, ZONE)
    for kind in ("complaint", "enquiry", "help"):
        file(made.service, kind, kind=kind)
    return made


def load(world: MemoryWorld, files: dict[str, str], settings: Table | None = None) -> Entered:
    table = settings or world.settings_table
    return enter(files, table, ZONE, world.now(), world.service.store)


def stored(table: Table) -> list[Item]:
    return table.partition(SETTINGS)


def everything(world: MemoryWorld) -> list[Item]:
    """What the settings table holds, the marks of changes included."""
    return [*stored(world.settings_table), *world.settings_table.partition("marks")]


def recounted(world: MemoryWorld) -> int:
    """How many cases are changed when all are counted by the rules that are in force now."""
    world.rules = read_rules(world.settings_table, ZONE)
    store = world.service.store
    numbers = [number for shard in range(4) for number in store.open_cases(shard)]
    return sum(world.service.tell(number, c.Recount()) is not None for number in numbers)


@pytest.mark.parametrize(
    ("files", "moved"),
    [
        (FLAT, 3),
        ({"policy.toml": 'extends = "12345-general"'}, 0),
        ({"policy.toml": 'extends = "12345-general"\nreply_sample = 20'}, 0),
        ({"policy.toml": HELP_SOONER}, 1),
        ({"policy.toml": 'extends = "liuyanban"'}, 1),  # a complaint in 7 days, not 15
        ({"by-category.csv": "category,policy\n02,12345-flat5"}, 0),  # nobody said what it is about
    ],
)
def test_as_many_cases_are_said_to_move_as_are_counted_anew(
    world: MemoryWorld, files: dict[str, str], moved: int
) -> None:
    entered = load(world, files)

    assert (entered.open_cases, entered.will_move) == (3, moved)
    assert recounted(world) == moved


def test_cases_of_a_category_with_a_policy_of_its_own_move_alone(world: MemoryWorld) -> None:
    lamps = world.service.file(filing(category="0205", channel="hotline"), AGENT, "lamps")
    files = {"lamps.toml": f'extends = "12345-general"\n{LAMPS}'}
    files["by-category.csv"] = "category,policy\n0205,lamps\n"

    entered = load(world, files)

    assert (entered.open_cases, entered.will_move) == (4, 1)
    assert recounted(world) == 1
    head = world.service.store.head(lamps.number)
    assert head is not None
    assert next(event.type for event in head.commit.events) == "rules-changed"


def test_a_ladder_that_reminds_at_other_times_is_a_change_too(world: MemoryWorld) -> None:
    sooner = (
        '[ladders]\ndefault = [{at = "10%", do = "remind"}]\nshort = [{at = "10%", do = "remind"}]'
    )
    entered = load(world, {"policy.toml": f'extends = "12345-general"\n{sooner}'})
    assert entered.will_move == recounted(world) == 3


def test_a_case_that_has_ended_is_not_counted(world: MemoryWorld) -> None:
    number = file(world.service, "fourth", kind="complaint").number
    world.service.change(number, c.Withdraw(reason="solved"), Request(CITIZEN, "enough"))
    assert load(world, FLAT).open_cases == 3


def test_nobody_need_count(world: MemoryWorld) -> None:
    entered = enter(FLAT, world.settings_table, ZONE, world.now())
    assert (entered.open_cases, entered.will_move) == (None, None)


def test_they_are_in_force_with_the_next_reading_and_replace_all_that_were(
    world: MemoryWorld,
) -> None:
    first = {"a.toml": 'extends = "12345-flat5"', "by-category.csv": "category,policy\n02,a\n"}
    load(world, first)
    assert read_rules(world.settings_table, ZONE).policy.name == "12345-general"

    entered = load(world, FLAT)

    rules = read_rules(world.settings_table, ZONE)
    assert rules.policy.name == "12345-flat5"
    assert rules.book is not None
    assert rules.book.by_category == {}
    assert entered.shown()["default"] == "12345-flat5"


def test_one_that_counts_for_nothing_is_named(world: MemoryWorld) -> None:
    files = dict.fromkeys(("base.toml", "lone.toml"), 'extends = "12345-general"')
    entered = load(world, {**files, "policy.toml": 'extends = "base"'})
    assert entered.shown()["unused"] == ["lone"]


@pytest.mark.parametrize(
    "files",
    [
        {"policy.toml": 'extends = "12345-flat5"\nclocks.claim.limit = "7X"'},
        {**FLAT, "by-category.csv": "category,policy\n9901,12345-flat5"},
        {**FLAT, "other.toml": "extends = "},
    ],
)
def test_faulty_ones_change_nothing(world: MemoryWorld, files: dict[str, str]) -> None:
    load(world, {"policy.toml": 'extends = "12345-guangdong"'})
    before = everything(world)

    with pytest.raises(CityError):
        load(world, files)

    assert everything(world) == before, "nor is anything noted to be counted anew"
    assert read_rules(world.settings_table, ZONE).policy.name == "12345-guangdong"


def test_a_limit_that_reaches_beyond_the_calendar_changes_nothing(world: MemoryWorld) -> None:
    """It would leave open cases without a date, and nothing could be filed."""
    with pytest.raises(CityError, match=r"policy.toml:2: .*3000 个工作日超出已有年历"):
        load(world, {"policy.toml": 'extends = "12345-general"\nclocks.resolve.limit = "3000WD"'})
    with pytest.raises(CityError, match=r"policy.toml:3: windows.reopening"):
        load(world, {"policy.toml": 'extends="12345-general"\n[windows]\nreopening = "3000WD"'})
    assert POLICIES not in {item["sk"] for item in stored(world.settings_table)}


def test_a_city_without_a_catalogue_has_no_policies(world: MemoryWorld) -> None:
    with pytest.raises(NotSetUp):
        load(world, FLAT, MemoryWorld().settings_table)


def test_of_two_who_enter_policies_at_once_the_second_is_told(world: MemoryWorld) -> None:
    load(world, {"policy.toml": 'extends = "liuyanban"'})
    overtaken: list[str] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_at", "before") and not overtaken:
            overtaken.append(name)
            load(world, {"policy.toml": 'extends = "12345-guangdong"'})

    with pytest.raises(Taken):
        load(world, FLAT, StepTable(world.settings_table, step))
    assert read_rules(world.settings_table, ZONE).policy.name == "12345-guangdong"


OLD = {
    "policy.toml": 'extends = "base"\nclocks.claim.ladder = "steep"',
    "base.toml": 'extends = "12345-general"\nladders.steep = [{at = "due", do = "remind"}]',
    "by-category.csv": "category,policy\n02,base\n",
}
NEW = {
    "policy.toml": 'extends = "12345-flat5"',
    "base.toml": 'extends = "12345-general"\nreview = "all"',
    "other.toml": 'extends = "base"',
    "by-category.csv": "category,policy\n02,other\n03,base\n",
}
"""Any mixture of the two is invalid or wrong: a ladder gone, a policy not there yet."""


def in_force(table: Table) -> tuple[str, str]:
    rules = read_rules(table, ZONE)
    assert rules.book is not None
    lamps = rules.book.of("0205", "ordinary")
    return rules.policy.name, f"{lamps.name} {lamps.review}"


def test_a_reader_finds_the_old_ones_or_the_new_at_every_moment(world: MemoryWorld) -> None:
    """Given readers at each call of the writer, and a writer that dies at each of them."""
    load(world, OLD)
    old, seen = in_force(world.settings_table), []
    counting = Death()

    def read(name: str, moment: Moment) -> None:
        counting(name, moment)
        seen.append(in_force(world.settings_table))

    load(world, NEW, StepTable(world.settings_table, read))
    new = in_force(world.settings_table)

    assert old == ("base", "base suspicious")
    assert new == ("12345-flat5", "other all")
    assert set(seen) == {old, new}
    for call in range(counting.calls):
        for moment in ("before", "after"):
            load(world, OLD)
            with pytest.raises(Killed):
                load(world, NEW, StepTable(world.settings_table, Death(call, moment)))
            assert in_force(world.settings_table) in (old, new)


def test_the_time_that_has_passed_counts(world: MemoryWorld) -> None:
    """Given a complaint that is overdue at once by the policy under which it is put."""
    world.now.advance(days=9)
    entered = load(world, FLAT)
    assert entered.will_move == recounted(world) == 3


def test_an_earlier_clock_of_the_writer_does_no_harm(world: MemoryWorld) -> None:
    behind = world.now() - timedelta(hours=1)
    entered = enter(FLAT, world.settings_table, ZONE, behind, world.service.store)
    assert entered.will_move == 3
