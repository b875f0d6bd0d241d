"""The table itself: whom each row may be for, who decides apart from whom, and which law wants it."""

import re
from collections.abc import Iterator

import pytest

import casework.cases.acts  # noqa: F401 - the topics register whose wish each decides on
from casework.cases.registry import WHOSE
from casework.cases.table import TABLE, Row
from schemas import names


def rows_of(*commands: str) -> Iterator[Row]:
    return (row for row in TABLE.rows if row.command in commands)


def test_a_row_is_for_roles_that_can_stand_in_its_relation() -> None:
    for row in TABLE.rows:
        assert row.roles <= row.may, row
        assert row.states, row
    takers = {role for row in TABLE.rows for role in row.may}
    assert takers == set(names.ROLES) - {"auditor", "admin"}


def test_a_row_that_the_law_wants_names_it_and_keeps_its_roles() -> None:
    wanted = {row.command for row in TABLE.rows if row.law}
    assert wanted == {
        "reclassify",
        "decide-return",
        "designate",
        "decide-suspension",
        "decide-termination",
        "verify-order",
        "lift-order",
        "drop-subjects",
        "decide-unmasking",
        "call-back",
        "decide-reply",
        "rate",
        "close",
        "withdraw",
        "decide-objection",
    }
    for row in TABLE.rows:
        if row.law:
            assert re.fullmatch(r"(BJ|JN|WF|XF) \d+(, \d+)*|LIFECYCLE: .+", row.law), row.law
            assert row.may == row.roles


DECISIONS = [name for name in TABLE.commands if name.startswith("decide-")]


@pytest.mark.parametrize("name", [*DECISIONS, "drop-subjects"])
def test_nobody_decides_on_their_own_wish(name: str) -> None:
    """LIFECYCLE, Who decides."""
    for row in rows_of(name):
        assert row.different_person
        assert row.asked_by in TABLE.commands
        assert name in WHOSE


@pytest.mark.parametrize(
    "name",
    [
        "decide-return",
        "decide-suspension",
        "decide-termination",
        "decide-assistance",
        "decide-unmasking",
        "decide-reply",
        "decide-objection",
        "designate",
        "verify-order",
        "lift-order",
        "rate",
        "close",
        "promise",
        "pass-on",
        "merge",
        "mark-repeat",
    ],
)
def test_what_must_be_decided_outside_the_unit_is(name: str) -> None:
    for row in rows_of(name):
        assert row.different_unit
        assert name in WHOSE


def test_only_a_head_whom_the_city_trusts_with_it_decides_on_an_extension_of_the_own_unit() -> None:
    inside = {row.relation: row.different_unit for row in rows_of("decide-extension")}
    assert inside == {"holder": False, "city": True}


def test_the_machine_does_beside_people_only_what_keeps_cases_whole() -> None:
    shared = {
        row.command
        for row in TABLE.rows
        if row.relation == "system" and len(TABLE.commands[row.command]) > 1
    }
    assert shared == {"split", "redact", "raise-alert", "reopen", "urge"}


def test_after_dispatch_a_case_is_reclassified_and_moved_outside_its_unit() -> None:
    for row in rows_of("reclassify", "dispatch"):
        assert row.different_unit == (not row.states.isdisjoint({"ASSIGNED", "HANDLING", "REDO"}))


def test_a_city_may_leave_an_extension_to_the_units_own_head_and_a_suspension_to_nobody_else() -> (
    None
):
    extension = {row.relation: row.may for row in rows_of("decide-extension")}
    assert extension["holder"] == {"officer", "head", "integration"}
    suspension = {row.relation: row.may for row in rows_of("decide-suspension")}
    assert suspension == {"city": {"supervisor"}}


def test_whom_a_command_ever_lets_in() -> None:
    assert TABLE.ever("officer", "claim")
    assert not TABLE.ever("officer", "dispatch")
    assert not any(TABLE.ever("auditor", name) for name in TABLE.commands)
