"""The table of who may do what when, tried out whole: every state by every command by everyone."""

import re
from contextlib import AbstractContextManager
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import casework.cases
from casework.cases import decide as deciding
from casework.cases.access import CITY_WIDE, At, By
from casework.cases.acts.relations import LEADS
from casework.cases.evolve import evolve_all
from casework.cases.registry import GUARDS, HANDLERS, STEPS, WHOSE
from casework.cases.rules import Refusal
from casework.cases.state import Case
from casework.cases.table import OPEN, RELATIONS, TABLE, Relation
from casework.edge.refusals import SENTENCES
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Choice
from schemas.names import Role, State
from tests.cases.samples import COMMANDS, PEOPLE
from tests.cases.telling import (
    ACCUSED,
    ALERTED,
    ANSWERED,
    CALLED,
    CITIZEN,
    CLOSED,
    DISPUTED,
    HANDED_OVER,
    HANDLING,
    HISTORIES,
    LEADING,
    LEVELS,
    MACHINE,
    MERGED,
    ORDER_ANSWERED,
    ORDERED,
    OVERDUE,
    PASTS,
    PERSON,
    PLACES,
    PROMISED,
    PUBLISHED,
    REPLIED,
    REPLY_REVIEW,
    RULES,
    SEALED,
    TERMINATED,
    UNMASKING,
    Steps,
    Story,
    given,
    returned_by,
    second_handling,
    step,
    under,
)

MOVES = """
SUBMITTED                                route              IN_REVIEW TRIAGE ASSIGNED
IN_REVIEW                                accept             ACCEPTED
IN_REVIEW TRIAGE                         decline            DECLINED
IN_REVIEW                                request-info       NEEDS_INFO
NEEDS_INFO                               message            IN_REVIEW
NEEDS_INFO                               urge               IN_REVIEW
NEEDS_INFO                               tick               CLOSED
SUBMITTED IN_REVIEW ACCEPTED TRIAGE      hand-over          HANDED_OVER
SUBMITTED IN_REVIEW ACCEPTED TRIAGE      answer             AWAITING_RATING
ACCEPTED                                 route              TRIAGE ASSIGNED ARBITRATION
SUBMITTED ACCEPTED TRIAGE                dispatch           ASSIGNED
TRIAGE                                   tick               ASSIGNED
HANDLING REDO                            dispatch           ASSIGNED
ASSIGNED REDO                            claim              HANDLING
ASSIGNED REDO                            assign-officer     HANDLING
HANDLING                                 delegate           ASSIGNED
ASSIGNED RETURN_ASKED                    recall             HANDLING
ASSIGNED HANDLING                        return             RETURN_ASKED
RETURN_ASKED                             decide-return      ACCEPTED ASSIGNED HANDLING
ACCEPTED TRIAGE RETURN_ASKED             arbitrate          ARBITRATION
ARBITRATION                              designate          ASSIGNED
HANDLING                                 decide-suspension  SUSPENDED
SUSPENDED                                lift-suspension    HANDLING
SUSPENDED                                tick               HANDLING
HANDLING SUSPENDED                       ask-termination    TERMINATION_ASKED
TERMINATION_ASKED                        decide-termination  TERMINATED HANDLING
HANDLING                                 reply              REPLY_REVIEW AWAITING_RATING
REPLY_REVIEW                             decide-reply       HANDLING PROMISED
REPLY_REVIEW                             decide-reply       AWAITING_RATING CLOSED
PROMISED                                 keep-promise       REPLY_REVIEW AWAITING_RATING
PROMISED                                 tick               HANDLING
AWAITING_RATING                          rate               CLOSED FOLLOW_UP REDO ACCEPTED
AWAITING_RATING                          tick               CLOSED FOLLOW_UP ACCEPTED
FOLLOW_UP                                redo               REDO
FOLLOW_UP                                promise            PROMISED
FOLLOW_UP                                close              CLOSED
ACCEPTED TRIAGE ASSIGNED HANDLING        merge              FOLLOWING
SUBMITTED ACCEPTED                       merge-alike        FOLLOWING
FOLLOWING                                unmerge            ACCEPTED
FOLLOWING                                follow-lead        ACCEPTED AWAITING_RATING CLOSED
SUBMITTED IN_REVIEW ACCEPTED TRIAGE      mark-repeat        CLOSED
ASSIGNED                                 mark-repeat        CLOSED
ASSIGNED HANDLING REDO RETURN_ASKED      name-subjects      ACCEPTED
ARBITRATION SUSPENDED TERMINATION_ASKED  name-subjects      ACCEPTED
REPLY_REVIEW PROMISED AWAITING_RATING    name-subjects      ACCEPTED
FOLLOW_UP OBJECTED FOLLOWING             name-subjects      ACCEPTED
SUBMITTED IN_REVIEW NEEDS_INFO ACCEPTED  withdraw           WITHDRAWN
TRIAGE ASSIGNED HANDLING RETURN_ASKED    withdraw           WITHDRAWN
ARBITRATION SUSPENDED TERMINATION_ASKED  withdraw           WITHDRAWN
FOLLOWING REPLY_REVIEW PROMISED          withdraw           WITHDRAWN
FOLLOW_UP REDO                           withdraw           WITHDRAWN
CLOSED WITHDRAWN                         reopen             IN_REVIEW
CLOSED DECLINED HANDED_OVER TERMINATED   object             OBJECTED
OBJECTED                                 decide-objection   ACCEPTED CLOSED DECLINED
OBJECTED                                 decide-objection   HANDED_OVER TERMINATED
"""
"""The whole life of a case, after LIFECYCLE: from these states, by this command, to one of these."""

_PROMISE_REVIEWED = (*PROMISED, step(e.ReplyDrafted(outcome="resolved", text="TEXT#li#2")))
_ANSWER_DUE = (*LEADING, step(e.Replied(outcome="resolved")))
"""A reply that its followers wait for, as a case may carry it wherever it has gone since."""
BESIDE: dict[str, Steps] = {
    "sealed": SEALED,
    "unmasking asked": UNMASKING,
    "ordered": ORDERED,
    "order answered": ORDER_ANSWERED,
    "danger": ALERTED,
    "called": CALLED,
    "disputed": DISPUTED,
    "police accused": ACCUSED,
    "published": PUBLISHED,
    "overdue": OVERDUE,
}
"""What may be under way beside any state."""
Past = tuple[Steps, dict[str, Any]]
_COMPLAINT = {"kind": "complaint"}
_NO_REPLY = {"kind": "complaint", "reply_wanted": False}
_WRITTEN = step(e.MessageReceived(), by=CITIZEN)
_LIES = step(e.Accepted(), e.Queued(choices=(Choice(category="0204", score=0.3),)), by=MACHINE)
TRIED_PASTS: tuple[Past, ...] = (
    *((past, {"kind": "enquiry"}) for past in HISTORIES.values()),
    *((past, _COMPLAINT) for past in (*LEVELS.values(), *PLACES.values())),
    *(((*past, *more), _COMPLAINT) for past in HISTORIES.values() for more in BESIDE.values()),
    *(((*past, *_ANSWER_DUE), _COMPLAINT) for past in HISTORIES.values()),
    *(((*past, step(e.Objected())), _COMPLAINT) for past in (CLOSED, HANDED_OVER, TERMINATED)),
    ((*CLOSED, step(e.Objected()), *SEALED), _COMPLAINT),
    *((past, _NO_REPLY) for past in (HANDLING, REPLY_REVIEW, PROMISED, MERGED)),
    (returned_by("roads", "police"), _COMPLAINT),
    (ANSWERED, {"kind": "enquiry"}),
    ((*ANSWERED, _WRITTEN), {"kind": "enquiry"}),
    ((*REPLIED, _WRITTEN), _COMPLAINT),
    (HANDLING, {"kind": "suggestion"}),
    ((*HANDLING, step(e.ReturnAsked(reason="other_leads"))), {"kind": "help"}),
    (_PROMISE_REVIEWED, _COMPLAINT),
    (second_handling(), _COMPLAINT),
    ((_LIES,), {"kind": "complaint", "area": "990102"}),
)
POLICIES = (
    under(review="none", reply_review="none", merge_from=90),
    under(review="suspicious", reply_review="sampled"),
    under(review="all", reply_review="all"),
)
TRIED = (len(TRIED_PASTS) + 2 * len(HISTORIES)) * len(COMMANDS) * len(PEOPLE)
LATE = "2026-11-02 10:00"
"""When everything that happens by itself in these pasts is due."""


def stories() -> list[Story]:
    """Every past, and each state under the other policies too."""
    return [
        *(
            given(*past, rules=POLICIES[0], citizen=PERSON, publishable=True, **filed)
            for past, filed in TRIED_PASTS
        ),
        *(
            given(*past, rules=rules, citizen=PERSON, publishable=True)
            for past in HISTORIES.values()
            for rules in POLICIES[1:]
        ),
    ]


@cache
def tried() -> tuple[set[tuple[str, State, Role]], set[tuple[State, str, State]], int]:
    """Which commands were carried out in which state for which role, how they moved it, of how many."""
    done: set[tuple[str, State, Role]] = set()
    moves: set[tuple[State, str, State]] = set()
    count = 0
    with only_whether():
        for story in stories():
            before = story.case
            for command in COMMANDS:
                name = c.name_of(command)
                now = story.at(LATE) if name == "tick" else story
                for by in PEOPLE:
                    count += 1
                    decided = now.decided(command, by)
                    if isinstance(decided, Refusal):
                        continue
                    done.add((name, before.state, by.actor.role))
                    after = evolve_all(before, decided, before.number, by.actor, now.now)
                    if after.state != before.state:
                        moves.add((before.state, name, after.state))
    return done, moves, count


def only_whether() -> AbstractContextManager[Any]:
    """What is allowed instead, said with each refusal, is tried elsewhere and would take minutes."""
    return patch.object(deciding, "allowed", lambda *_: ())


@pytest.mark.parametrize("tries", [pytest.param(TRIED, id=f"{TRIED} tries")])
def test_every_cell_of_the_table_is_carried_out_and_nothing_else_is(tries: int) -> None:
    done, _, count = tried()
    cells = {
        (row.command, state, role)
        for row in TABLE.rows
        for state in row.states
        for role in row.roles
    }
    assert done == cells - {("take-lead", state, "system") for state in OPEN - LEADS}
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

CONFIDANTS = {"moderator", "dispatcher", "supervisor", "leader", "auditor"}
_BELOW = {
    "gov": {"roads", "police", "parks", "north", "north-roads", "elm-street"},
    "north": {"north-roads", "elm-street"},
}


def is_accused(case: Case, by: By) -> bool:
    """Whether it is about them or their office; no office of the small city's accused has any below."""
    subjects = case.subjects
    return subjects is not None and (
        by.actor.id in subjects.persons or by.actor.unit in subjects.units
    )


def stands_to(case: Case, by: By) -> set[Relation]:
    """The relations of these people to a case of the small city, worked out by hand."""
    relations: set[Relation] = set()
    if is_accused(case, by):
        return relations
    if by.opened:
        relations.add("own")
    if by.actor.role in CITY_WIDE and (case.identity != "sealed" or by.actor.role in CONFIDANTS):
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
    if unit in [aid.unit for aid in case.aids]:
        relations.add("called")
    if unit in [order.unit for order in case.orders]:
        relations.add("ordered")
    return relations


def expected(case: Case, command: str, by: By) -> str | None:
    """The refusal that the table calls for, the nearest first; None if some row lets it through."""
    mine = [row for row in TABLE.rows if row.command == command and by.actor.role in row.roles]
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
    story, tries = given(*past, citizen=PERSON), 0
    with only_whether():
        for command, by in product(COMMANDS, PEOPLE):
            told, tries = story.when(command, by=by), tries + 1
            code = told.last.code if isinstance(told.last, Refusal) else None
            by_table = expected(story.case, c.name_of(command), by)
            if by_table is not None:
                assert code == by_table, (c.name_of(command), by)
                assert told.case is story.case
            else:
                assert code not in ("role", "not_yours", "state"), (c.name_of(command), by)
    assert tries == PAIRS


def test_the_people_tried_stand_in_every_relation_with_every_role_that_it_takes() -> None:
    cases = [story.case for story in stories()]
    stood = {
        (relation, by.actor.role)
        for case in cases
        for by in PEOPLE
        for relation in stands_to(case, by)
    }
    assert {(row.relation, role) for row in TABLE.rows for role in row.roles} <= stood
    assert {relation for relation, _ in stood} == set(RELATIONS)


def offered_to(story: Story, by: By) -> set[str]:
    """What the rows, those who are barred from deciding, and the guards let through."""
    offered = set()
    for name, rows in TABLE.commands.items():
        if name in c.BY_SYSTEM or expected(story.case, name, by) is not None:
            continue
        whose, guard = WHOSE.get(name), GUARDS.get(name)
        row = next(
            row
            for row in rows
            if by.actor.role in row.roles
            and row.relation in stands_to(story.case, by)
            and story.case.state in row.states
        )
        if whose and whose(story.case, None).among(row, by.actor):
            continue
        if guard and guard(At(story.case, by, RULES, story.now), None):
            continue
        offered.add(name)
    return offered


@pytest.mark.parametrize("past", PASTS.values(), ids=PASTS.keys())
def test_what_one_is_told_one_may_do_is_what_the_table_and_the_guards_let_through(
    past: Steps,
) -> None:
    story = given(*past, citizen=PERSON)
    for by in PEOPLE:
        offered = offered_to(story, by)
        assert story.may(by) == offered
        with only_whether():
            for command in COMMANDS:
                if c.name_of(command) not in offered | c.BY_SYSTEM:
                    assert isinstance(story.decided(command, by), Refusal)


def test_nobody_but_the_machine_gives_the_machines_commands() -> None:
    for state in names.STATES:
        case = given(*HISTORIES[state]).case
        for name, by in product(c.BY_SYSTEM - {"urge"}, PEOPLE):
            assert (expected(case, name, by) == "role") == (by is not MACHINE)


# -- nothing is left out ---------------------------------------------------------------------------


def test_every_command_has_its_rows_its_handler_and_its_samples() -> None:
    assert set(TABLE.commands) == set(c.COMMANDS)
    assert set(HANDLERS) == set(c.COMMANDS) - {"tick"}
    assert {c.name_of(command) for command in COMMANDS} == set(c.COMMANDS)
    assert set(HISTORIES) == set(names.STATES)
    assert all(given(*past).case.state == state for state, past in HISTORIES.items())


def test_every_event_says_what_it_changes() -> None:
    types = {kind.model_fields["type"].default for kind in STEPS}
    assert types == e.EVENT_TYPES - {"filed"}


def refusals() -> set[str]:
    """Every code with which the core refuses, read from its source."""
    sources = (file.read_text("utf-8") for file in Path(casework.cases.__path__[0]).rglob("*.py"))
    return {code for source in sources for code in re.findall(r'Refusal\(\s*"(\w+)"', source)}


def test_every_refusal_has_its_sentence() -> None:
    assert refusals() <= SENTENCES.keys()


def test_every_refusal_is_told_in_a_story() -> None:
    here = Path(__file__).parent
    told = "".join(file.read_text("utf-8") for file in sorted(here.glob("test_*.py")))
    assert {code for code in refusals() if f'"{code}"' not in told} == set()
