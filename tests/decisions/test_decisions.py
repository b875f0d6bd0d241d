"""The pages of who decides and where it leads say what the rules do, all of it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

import infra.decisions
from casework.cases.table import RELATIONS, TABLE, Table
from casework.words import Language
from infra.decisions.diagrams import PHASES, converging, flowchart, overview
from infra.decisions.explore import Found, explored
from infra.decisions.page import page
from infra.decisions.words import LAWS, RELATION_NAMES, TOPICS
from schemas import commands as c
from schemas import names
from schemas.names import State

LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")


@pytest.fixture(scope="module")
def found() -> Found:
    return explored()


# -- the moves -------------------------------------------------------------------------------


def test_every_state_is_reached_and_every_command_carried_out(found: Found) -> None:
    assert {target for _, target in found.moves} | {"SUBMITTED"} == set(names.STATES)
    # `recount` moves dates and no case; no packaged policy lets the machine merge.
    assert found.given == set(c.COMMANDS) - {"recount", "merge-alike"}


def test_no_move_goes_beyond_the_table(found: Found) -> None:
    for (source, _), commands in found.moves.items():
        for command in commands:
            assert any(source in row.states for row in TABLE.commands[command]), (source, command)


@pytest.mark.parametrize(
    ("source", "command", "target"),
    [
        ("SUBMITTED", "route", "ASSIGNED"),
        ("TRIAGE", "tick", "ASSIGNED"),
        ("NEEDS_INFO", "tick", "CLOSED"),
        ("NEEDS_INFO", "urge", "IN_REVIEW"),
        ("ACCEPTED", "route", "ARBITRATION"),
        ("HANDLING", "delegate", "ASSIGNED"),
        ("RETURN_ASKED", "decide-return", "HANDLING"),
        ("HANDLING", "decide-suspension", "SUSPENDED"),
        ("SUSPENDED", "tick", "HANDLING"),
        ("TERMINATION_ASKED", "decide-termination", "TERMINATED"),
        ("FOLLOWING", "follow-lead", "AWAITING_RATING"),
        ("REPLY_REVIEW", "decide-reply", "CLOSED"),
        ("PROMISED", "tick", "HANDLING"),
        ("AWAITING_RATING", "rate", "REDO"),
        ("AWAITING_RATING", "tick", "CLOSED"),
        ("AWAITING_RATING", "tick", "FOLLOW_UP"),
        ("FOLLOWING", "name-subjects", "ACCEPTED"),
        ("OBJECTED", "decide-objection", "DECLINED"),
        ("WITHDRAWN", "reopen", "IN_REVIEW"),
    ],
)  # fmt: skip
def test_the_turns_of_the_field_are_found(
    found: Found, source: State, command: str, target: State
) -> None:
    assert command in found.moves[source, target]


def test_a_unit_closes_nothing_by_itself(found: Found) -> None:
    """From the units' hands to CLOSED goes only a repeat found by the city's office: a reply to a
    citizen who wants none is read by another first."""
    held: tuple[State, ...] = (
        *("ASSIGNED", "HANDLING", "SUSPENDED", "PROMISED", "REDO", "RETURN_ASKED"),
    )

    closing = {command for state in held for command in found.moves.get((state, "CLOSED"), ())}

    assert closing == {"mark-repeat"}


def test_a_unit_promises_nothing_by_itself(found: Found) -> None:
    promising = {source: by for (source, target), by in found.moves.items() if target == "PROMISED"}

    assert promising == {"REPLY_REVIEW": ("decide-reply",), "FOLLOW_UP": ("promise",)}


# -- the drawings ----------------------------------------------------------------------------


def test_each_state_belongs_to_one_phase() -> None:
    assert sorted(state for phase in PHASES for state in phase.states) == sorted(names.STATES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_move_is_drawn_once_or_told_once(found: Found, language: Language) -> None:
    told = converging(found)
    arrows = [
        line.split()[0]
        for phase in PHASES
        for line in flowchart(phase, found, language).splitlines()
        if "|" in line
    ]

    assert sorted(arrows) == sorted(
        source
        for (source, target), commands in found.moves.items()
        if any((command, target) not in told for command in commands)
    )
    for (command, target), sources in told.items():
        assert all(command in found.moves[source, target] for source in sources)


def test_the_usual_way_is_thick_and_leads_from_filing_to_the_end(found: Found) -> None:
    thick = [line.split()[0] for line in overview(found, "en").splitlines() if "==>" in line]

    assert thick == ["SUBMITTED", "ASSIGNED", "HANDLING", "AWAITING_RATING"]


def test_the_overview_shows_every_state(found: Found) -> None:
    drawn = overview(found, "zh-CN")

    assert all(f"{state}[" in drawn for state in names.STATES)


# -- the tables ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_stands_on_the_page(found: Found, language: Language) -> None:
    written = page(TABLE, found, language)

    assert [command for command in TABLE.commands if f"`{command}`" not in written] == []


def test_a_changed_row_changes_the_page(found: Found) -> None:
    changed = Table(
        tuple(
            replace(row, roles=frozenset({"head"}))
            if (row.command, row.relation) == ("decide-extension", "holder")
            else row
            for row in TABLE.rows
        )
    )

    assert "承办单位：单位负责人 | 申请延期" in page(changed, found, "zh-CN")
    assert "承办单位：（无） | 申请延期" in page(TABLE, found, "zh-CN")


def test_whatever_the_table_says_has_its_words() -> None:
    uncited = {row.law for row in TABLE.rows if row.law and row.law.startswith("LIFECYCLE")}

    assert uncited == set(LAWS)
    assert set(RELATION_NAMES) == set(RELATIONS)
    assert {c.COMMANDS[command].__module__.rsplit(".", 1)[-1] for command in TABLE.commands} == set(
        TOPICS
    )


def test_the_pages_are_those_of_the_code(found: Found, capsys: pytest.CaptureFixture[str]) -> None:
    assert infra.decisions.main(check=True) == 0, capsys.readouterr().err


def test_a_page_that_is_not_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(infra.decisions, "PAGES", {"decisions.md": "en"})

    assert infra.decisions.main(check=True) == 1
    assert "decisions.md 与代码不一致" in capsys.readouterr().err
