"""The table of who may do what when, tried out whole: every state by every command by everyone."""

import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from casework.cases import access, decide, guards, handlers
from casework.cases.access import CITY_WIDE, At, By
from casework.cases.guards import GUARDS
from casework.cases.handlers import HANDLERS
from casework.cases.rules import Refusal
from casework.cases.state import Case
from casework.cases.table import ROWS, TABLE, Relation
from casework.edge.refusals import SENTENCES
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.names import Role, State
from tests.cases.samples import COMMANDS, PEOPLE
from tests.cases.telling import (
    ANSWERED,
    CLOSED,
    HANDED_OVER,
    HANDLING,
    HISTORIES,
    LEVELS,
    MACHINE,
    PASTS,
    RULES,
    Steps,
    Story,
    given,
    returned_by,
    step,
    under,
)

MOVES = """
SUBMITTED                                route             IN_REVIEW TRIAGE ASSIGNED
IN_REVIEW                                accept            ACCEPTED
IN_REVIEW TRIAGE                         decline           DECLINED
IN_REVIEW                                request-info      NEEDS_INFO
NEEDS_INFO                               message           IN_REVIEW
NEEDS_INFO                               tick              CLOSED
SUBMITTED IN_REVIEW ACCEPTED TRIAGE      hand-over         HANDED_OVER
SUBMITTED IN_REVIEW ACCEPTED TRIAGE      answer            AWAITING_RATING
ACCEPTED                                 route             TRIAGE ASSIGNED ARBITRATION
SUBMITTED ACCEPTED TRIAGE                dispatch          ASSIGNED
HANDLING REDO                            dispatch          ASSIGNED
ASSIGNED REDO                            claim             HANDLING
ASSIGNED REDO                            assign-officer    HANDLING
HANDLING                                 delegate          ASSIGNED
ASSIGNED RETURN_ASKED                    recall            HANDLING
ASSIGNED HANDLING                        return            RETURN_ASKED
RETURN_ASKED                             decide-return     ACCEPTED ASSIGNED HANDLING
ACCEPTED TRIAGE RETURN_ASKED             arbitrate         ARBITRATION
ARBITRATION                              designate         ASSIGNED
HANDLING                                 reply             REPLY_REVIEW AWAITING_RATING
REPLY_REVIEW                             decide-reply      HANDLING AWAITING_RATING
AWAITING_RATING                          rate              CLOSED FOLLOW_UP REDO ACCEPTED
AWAITING_RATING                          tick              CLOSED
FOLLOW_UP                                redo              REDO
FOLLOW_UP                                close             CLOSED
SUBMITTED IN_REVIEW NEEDS_INFO ACCEPTED  withdraw          WITHDRAWN
TRIAGE ASSIGNED HANDLING RETURN_ASKED    withdraw          WITHDRAWN
ARBITRATION REPLY_REVIEW FOLLOW_UP REDO  withdraw          WITHDRAWN
CLOSED WITHDRAWN                         reopen            IN_REVIEW
CLOSED DECLINED HANDED_OVER              object            OBJECTED
OBJECTED                                 decide-objection  ACCEPTED CLOSED DECLINED HANDED_OVER
"""
"""The whole life of a case, after LIFECYCLE: from these states, by this command, to one of these."""

TRIED_PASTS: tuple[tuple[Steps, str], ...] = (
    *((past, "complaint") for past in HISTORIES.values()),
    *((past, "enquiry") for past in HISTORIES.values()),
    *((past, "complaint") for past in LEVELS.values()),
    (returned_by("roads", "police"), "complaint"),
    (ANSWERED, "enquiry"),
    ((*HANDLING, step(e.ReturnAsked(reason="other_leads"))), "help"),
    ((*CLOSED, step(e.Objected())), "complaint"),
    ((*HANDED_OVER, step(e.Objected())), "complaint"),
)
POLICIES = (
    under(review="none", reply_review="none"),
    under(review="suspicious", reply_review="sampled"),
    under(review="all", reply_review="all"),
)
TRIED = (len(POLICIES) + 1) * len(TRIED_PASTS) * len(COMMANDS) * len(PEOPLE)


def stories() -> list[Story]:
    """Every past under every policy, and once on the public board."""
    published = (step(e.Published()),)
    return [
        given(*board, *past, rules=rules, kind=kind, publishable=True)
        for rules, board in (*((rules, ()) for rules in POLICIES), (POLICIES[0], published))
        for past, kind in TRIED_PASTS
    ]


@cache
def tried() -> tuple[set[tuple[str, State, Role]], set[tuple[State, str, State]], int]:
    """Which commands were carried out in which state for which role, how they moved it, of how many."""
    done: set[tuple[str, State, Role]] = set()
    moves: set[tuple[State, str, State]] = set()
    count = 0
    for story, command, by in product(stories(), COMMANDS, PEOPLE):
        count += 1
        name = c.name_of(command)
        at = "2026-10-20 10:00" if name == "tick" else None
        after = story.when(command, by=by, at=at)
        if isinstance(after.last, Refusal):
            continue
        done.add((name, story.case.state, by.actor.role))
        if after.case.state != story.case.state:
            moves.add((story.case.state, name, after.case.state))
    return done, moves, count


@pytest.mark.parametrize("tries", [pytest.param(TRIED, id=f"{TRIED} tries")])
def test_every_cell_of_the_table_is_carried_out_and_nothing_else_is(tries: int) -> None:
    done, _, count = tried()
    cells = {
        (row.command, state, role) for row in TABLE for state in row.states for role in row.roles
    }
    assert done == cells
    assert count == tries


def test_a_case_moves_as_its_life_is_drawn_and_not_otherwise() -> None:
    drawn = {
        (before, command, after)
        for line in MOVES.strip().splitlines()
        for froms, command, tos in [re.split(r"\s{2,}", line)]
        for before, after in product(froms.split(), tos.split())
    }
    assert tried()[1] == drawn


# -- decide agrees with the table, person by person ------------------------------------------------


def stands_to(case: Case, by: By) -> set[Relation]:
    """The relations of these people to a case of the small city, worked out by hand."""
    relations: set[Relation] = set()
    if by.opened:
        relations.add("own")
    if by.actor.role in CITY_WIDE:
        relations.add("city")
    if by is MACHINE:
        relations.add("system")
    unit = by.actor.unit or ""
    below = _BELOW.get(unit, set()) if by.actor.role == "head" else set()
    if case.unit is not None and case.unit in {unit, *below}:
        relations.add("holder")
    if [link.unit for link in case.chain[-2:-1]] == [unit]:
        relations.add("delegator")
    if case.state == "ARBITRATION" and unit in case.parties and unit not in case.heard:
        relations.add("party")
    return relations


_BELOW = {
    "gov": {"roads", "police", "parks", "north", "north-roads", "elm-street"},
    "north": {"north-roads", "elm-street"},
}


def expected(case: Case, command: str, by: By) -> str | None:
    """The refusal that the table calls for, the nearest first; None if some row lets it through."""
    mine = [row for row in TABLE if row.command == command and by.actor.role in row.roles]
    related = [row for row in mine if row.relation in stands_to(case, by)]
    if not mine:
        return "role"
    if not related:
        return "not_yours"
    return None if any(case.state in row.states for row in related) else "state"


PAIRS = len(COMMANDS) * len(PEOPLE)


@pytest.mark.parametrize(
    "past", [pytest.param(p, id=f"{n}, {PAIRS} tries") for n, p in PASTS.items()]
)
def test_decide_agrees_with_the_table(past: Steps) -> None:
    story = given(*past)
    for command, by in product(COMMANDS, PEOPLE):
        told = story.when(command, by=by)
        code = told.last.code if isinstance(told.last, Refusal) else None
        by_table = expected(story.case, c.name_of(command), by)
        if by_table is not None:
            assert code == by_table, (c.name_of(command), by)
        else:
            assert code not in ("role", "not_yours", "state"), (c.name_of(command), by)


@pytest.mark.parametrize("past", PASTS.values(), ids=PASTS.keys())
def test_what_one_is_told_one_may_do_is_what_the_table_and_the_guards_let_through(
    past: Steps,
) -> None:
    story = given(*past)
    for by in PEOPLE:
        offered = {
            name
            for name in c.COMMANDS
            if name not in c.BY_SYSTEM
            and expected(story.case, name, by) is None
            and GUARDS[name](At(story.case, by, RULES, story.now), None) is None
        }
        assert story.may(by) == offered
        for command in COMMANDS:
            if c.name_of(command) not in offered | c.BY_SYSTEM:
                assert isinstance(story.when(command, by=by).last, Refusal)


def test_nobody_but_the_machine_routes_or_ticks() -> None:
    for state in names.STATES:
        for name, by in product(c.BY_SYSTEM, PEOPLE):
            assert (expected(given(*HISTORIES[state]).case, name, by) == "role") == (
                by is not MACHINE
            )


# -- nothing is left out ---------------------------------------------------------------------------


def test_every_command_has_its_rows_its_handler_and_its_samples() -> None:
    assert set(ROWS) == set(HANDLERS) == set(c.COMMANDS)
    assert {c.name_of(command) for command in COMMANDS} == set(c.COMMANDS)
    assert set(HISTORIES) == set(names.STATES)
    assert all(given(*past).case.state == state for state, past in HISTORIES.items())


def refusals() -> set[str]:
    """Every code with which the core refuses, read from its source."""
    sources = (Path(str(m.__file__)).read_text("utf-8") for m in (access, decide, guards, handlers))
    return {code for source in sources for code in re.findall(r'Refusal\(\s*"(\w+)"', source)}


def test_every_refusal_has_its_sentence() -> None:
    assert refusals() <= SENTENCES.keys()


def test_every_refusal_is_told_in_a_story() -> None:
    here = Path(__file__).parent
    told = "".join(file.read_text("utf-8") for file in sorted(here.glob("test_*.py")))
    assert {code for code in refusals() if f'"{code}"' not in told} == set()
