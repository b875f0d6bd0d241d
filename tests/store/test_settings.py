"""The city's settings: written section by section, read as one, kept while a new reading fails."""

from __future__ import annotations

import logging

import pytest

from casework.cases.rules import Rules
from casework.cases.table import TABLE
from casework.catalogue.policies import policies_of
from casework.catalogue.tables import CityError, Line
from casework.store.settings import (
    REFRESH,
    SETTINGS,
    CurrentRules,
    NotSetUp,
    read_rules,
    write,
    write_city,
)
from casework.store.table import Table, Taken, Unavailable
from tests.support.faults import Moment, StepTable
from tests.support.world import rules_of, yunting

ZONE = "Asia/Shanghai"


def test_a_city_comes_back_as_it_was_written(table: Table) -> None:
    write_city(table, yunting())

    rules = read_rules(table, ZONE)

    assert rules.city.document() == yunting().document()
    assert rules.policy.name == "12345-general", "without one of its own, the packaged policy"


def test_a_table_without_a_city_says_so(table: Table) -> None:
    with pytest.raises(NotSetUp):
        read_rules(table, ZONE)


def test_a_city_is_replaced_section_by_section(table: Table) -> None:
    write_city(table, yunting())
    write_city(table, yunting())

    found = table.partition(SETTINGS)

    assert {item["version"] for item in found} == {2}
    assert read_rules(table, ZONE).city.document() == yunting().document()


LEFT_TO_THE_HEAD = Line(
    "deciders.csv", 4, {"command": "decide-extension", "relation": "holder", "roles": "head"}
)


def test_a_city_says_who_decides(table: Table) -> None:
    write_city(table, yunting(), [LEFT_TO_THE_HEAD])

    holder, city = read_rules(table, ZONE).table.commands["decide-extension"]

    assert [sorted(row.roles) for row in (holder, city)] == [["head"], ["supervisor"]]


def test_a_city_that_no_longer_says_so_has_the_packaged_table(table: Table) -> None:
    write_city(table, yunting(), [LEFT_TO_THE_HEAD])
    write_city(table, yunting())

    assert read_rules(table, ZONE).table.rows == TABLE.rows


FLAT = policies_of(
    {
        "flat.toml": 'extends = "12345-flat5"',
        "by-category.csv": "category,policy\n0205,flat\n",
    }
)


def test_a_citys_policies_come_back_as_they_were_written(table: Table) -> None:
    write_city(table, yunting(), policies=FLAT)

    rules = read_rules(table, ZONE)

    assert rules.policy.name == "12345-general"
    assert rules.book is not None
    assert rules.book.by_category == FLAT.book().by_category


def test_a_city_that_is_loaded_without_policies_keeps_those_it_has(table: Table) -> None:
    write_city(table, yunting(), policies=FLAT)
    write_city(table, yunting())

    book = read_rules(table, ZONE).book

    assert book is not None
    assert book.of("0205", "ordinary").name == "flat"


def test_a_policy_of_a_category_that_is_no_more_stops_nobody(table: Table) -> None:
    """Given a catalogue without the category: a process that starts now reads the rules."""
    gone = policies_of({"by-category.csv": "category,policy\n9901,liuyanban\n"})
    write_city(table, yunting(), policies=gone)

    assert read_rules(table, ZONE).policy.name == "12345-general"


def test_deciders_that_break_the_law_are_not_read(table: Table) -> None:
    write_city(table, yunting())
    loosened = {"command": "decide-termination", "relation": "city", "roles": "leader"}
    write(table, "deciders", [loosened])

    with pytest.raises(CityError, match=r"deciders:1.*WF 21"):
        read_rules(table, ZONE)


def test_of_two_who_write_a_section_at_once_the_second_is_told(table: Table) -> None:
    write(table, "profile", {"name": "云汀"})
    overtaken: list[str] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_at", "before") and not overtaken:
            overtaken.append(name)
            write(table, "profile", {"name": "汀南"})

    with pytest.raises(Taken):
        write(StepTable(table, step), "profile", {"name": "云汀市"})

    assert table.partition(SETTINGS)[0]["document"] == '{"name":"汀南"}'


class Readings:
    """What each reading of the rules gives; an exception is raised."""

    def __init__(self, *outcomes: Rules | Exception) -> None:
        self._outcomes = list(outcomes)
        self.count = 0

    def __call__(self) -> Rules:
        self.count += 1
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_rules_are_read_once_and_again_after_a_while() -> None:
    old, new = rules_of("none"), rules_of("all")
    now, readings = [0.0], Readings(old, new)
    rules = CurrentRules(readings, monotonic=lambda: now[0])

    assert [rules(), rules()] == [old, old]
    now[0] = REFRESH + 1
    assert [rules(), rules()] == [new, new]
    assert readings.count == 2


@pytest.mark.parametrize("error", [Unavailable("away"), ValueError("a faulty section"), NotSetUp()])
def test_while_new_rules_cannot_be_read_the_old_ones_stay(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = rules_of("none"), rules_of("all")
    now, readings = [0.0], Readings(old, error, new)
    rules = CurrentRules(readings, monotonic=lambda: now[0])
    rules()

    now[0] = REFRESH + 1
    with caplog.at_level(logging.ERROR):
        assert [rules(), rules()] == [old, old]
    assert len(caplog.records) == 1, "tried once, not at every request"
    now[0] = 2 * REFRESH + 2
    assert rules() is new


def test_the_first_reading_must_succeed_and_is_tried_again() -> None:
    readings = Readings(Unavailable("away"), rules_of())
    rules = CurrentRules(readings, monotonic=lambda: 0.0)

    with pytest.raises(Unavailable):
        rules()
    assert rules() is rules_of()
