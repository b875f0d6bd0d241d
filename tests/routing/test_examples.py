"""What people decide becomes examples, in codes; what the machine decides or is confidential does not."""

from __future__ import annotations

from typing import Any

import pytest

from casework.cases.state import Case
from casework.routing.examples import Example, example_of
from schemas import events as e
from schemas.commands import Command, DecideReturn, Designate, Dispatch, Reclassify, Return, Route
from schemas.events import Actor, Commit, Event
from tests.cases.telling import (
    ACCEPTED,
    ARBITRATION,
    DISPATCHER,
    HANDLING,
    LI,
    MACHINE,
    RETURN_ASKED,
    RULES,
    SUPERVISOR,
    TRIAGE,
    Steps,
    Story,
    given,
)

BACK = Return(reason="not_our_duty", text="不归我们管。")


def learned(story: Story, before: Case, by: Actor) -> Example | None:
    """The example of what happened last."""
    commit = Commit(version=7, at=story.case.changed_at, actor=by, events=tuple(story.happened))
    return example_of(commit, story.case, RULES, lambda: before)


def told(past: Steps, command: Command, by: Any = DISPATCHER, **filed: Any) -> Example | None:
    start = given(*past, **filed)
    story = start.when(command, by=by)
    return learned(story, start.case, by.actor)


@pytest.mark.parametrize(
    ("past", "command", "by", "category", "unit", "wrong"),
    [
        (TRIAGE, Dispatch(unit="police", category="0208"), DISPATCHER, "0208", "police", None),
        (TRIAGE, Reclassify(category="0203"), DISPATCHER, "0203", None, None),
        (HANDLING, Reclassify(category="0203"), SUPERVISOR, "0203", None, None),
        (RETURN_ASKED, DecideReturn(approve=True), DISPATCHER, None, None, "roads"),
        (
            RETURN_ASKED,
            DecideReturn(approve=True, unit="police"),
            DISPATCHER,
            "0204",
            "police",
            "roads",
        ),
        (
            ARBITRATION,
            Designate(unit="police", category="0208", text="归公安。"),
            SUPERVISOR,
            "0208",
            "police",
            None,
        ),
    ],
    ids=["dispatched", "reclassified", "later too", "returned", "returned, and on", "designated"],
)
def test_what_a_person_decided_is_an_example(
    past: Steps, command: Command, by: Any, category: str, unit: str, wrong: str
) -> None:
    found = told(past, command, by)

    assert found is not None
    assert (found.category, found.unit, found.wrong_unit) == (category, unit, wrong)
    assert found.by == by.actor.role


@pytest.mark.parametrize(
    ("past", "command", "by"),
    [
        (ACCEPTED, Route(category="0204", unit="roads", confidence=1, confident=True), MACHINE),
        (TRIAGE, Reclassify(kind="help"), DISPATCHER),
        (RETURN_ASKED, DecideReturn(approve=False), DISPATCHER),
        (HANDLING, BACK, LI),
    ],
    ids=["the machine", "the kind alone", "a return refused", "a return asked"],
)
def test_what_tells_nothing_of_the_matter_is_none(past: Steps, command: Command, by: Any) -> None:
    assert told(past, command, by) is None


def test_nothing_confidential_becomes_an_example() -> None:
    assert told(TRIAGE, Dispatch(unit="roads", category="0204"), identity="sealed") is None
    report = Dispatch(unit="roads", category="0204", kind="report")
    assert told(TRIAGE, report) is None, "it turns out to be one in the same commit"


def test_a_return_names_the_unit_of_then_even_if_it_had_returned_it_once_before() -> None:
    """HEAD says who has returned the case, not who did it last."""
    before = given(*RETURN_ASKED).case.model_copy(update={"returned_by": ("roads", "police")})
    happened: tuple[Event, ...] = (e.Returned(),)
    commit = Commit(version=9, at=before.changed_at, actor=DISPATCHER.actor, events=happened)

    found = example_of(commit, before, RULES, lambda: before)

    assert found is not None
    assert found.wrong_unit == "roads"
