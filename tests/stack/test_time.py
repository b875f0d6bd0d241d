"""Time passes: the schedule sweeps, reminders and overdue marks come once each, silence ends a case."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from casework import sweeping
from schemas.events import Closed, Overdue, Reminded
from tests.stack.people import good, refused
from tests.stack.town import Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_nothing_is_due_before_its_time(town: Town) -> None:
    citizen = town.assigned()
    before = town.case(citizen.number)

    town.stack.advance(HOUR)

    assert town.case(citizen.number) == before


def test_a_forgotten_case_is_reminded_of_and_marked_overdue_rung_by_rung_each_once(
    town: Town,
) -> None:
    citizen = town.assigned(kind="complaint")
    promised = citizen.see()["deadlines"][0]["due_on"]

    for _ in range(40):
        town.stack.advance(DAY)

    dossier = town.sound(citizen.number)
    happened = [event for commit in dossier.journal for event in commit.events]
    rungs = Counter(
        (e.clock, rung) for e in happened if isinstance(e, Reminded) for rung in e.rungs
    )
    late = Counter(event.clock for event in happened if isinstance(event, Overdue))
    assert late == {"claim": 1, "first_contact": 1, "resolve": 1, "call_back": 1}
    assert rungs == {
        **{("claim", rung): 1 for rung in range(2)},
        **{("first_contact", rung): 1 for rung in range(2)},
        **{("resolve", rung): 1 for rung in range(5)},
        **{("call_back", rung): 1 for rung in range(2)},
    }
    marked = next(
        commit.at
        for commit in dossier.journal
        if any(isinstance(event, Overdue) and event.clock == "resolve" for event in commit.events)
    )
    assert marked.date().isoformat() > promised
    assert dossier.head.case.level == 3
    line = town.officer().finds(citizen.number)
    assert line is not None
    assert (line["late"], line["level"]) == (True, 3)
    assert "reminded" not in [entry["event"] for entry in citizen.see()["timeline"]]


def test_sweeping_again_in_the_same_minute_changes_nothing(town: Town) -> None:
    citizen = town.assigned()
    town.stack.advance(3 * DAY)
    swept = town.case(citizen.number)

    for _ in range(3):
        town.stack.invoke("Deadlines", town.scheduled_event())
        town.drain()

    assert town.case(citizen.number) == swept


def test_a_week_in_which_no_minute_was_played_is_made_good_at_once(town: Town) -> None:
    citizen = town.assigned()

    town.stack.advance(7 * DAY)

    late = [
        event.clock
        for commit in town.sound(citizen.number).journal
        for event in commit.events
        if isinstance(event, Overdue)
    ]
    assert sorted(late) == ["claim", "first_contact"]


def test_a_case_that_nobody_rates_is_closed_after_fifteen_days(town: Town) -> None:
    citizen = town.replied()

    town.stack.advance(14 * DAY)
    assert town.case(citizen.number).state == "AWAITING_RATING"
    town.stack.advance(2 * DAY)

    assert citizen.see()["status"] == "CLOSED"
    (closed,) = [
        event
        for commit in town.sound(citizen.number).journal
        for event in commit.events
        if isinstance(event, Closed)
    ]
    assert closed.how == "unrated"
    refused(
        citizen.ask("rating", {"contacted": True, "resolved": "yes", "overall": 5}), 409, "state"
    )
    # and whoever was only late may still come back
    good(citizen.ask("reopening", {"text": "其实没有解决。"}))


def test_a_question_that_is_never_answered_ends_the_case(town: Town) -> None:
    citizen = town.file("你好")
    town.drain()
    town.staff("moderator").does(citizen.number, "request-info", text="请说明是哪里的事情。")

    town.stack.advance(14 * DAY)

    assert town.case(citizen.number).state == "CLOSED"
    assert town.count(citizen.number, "closed") == 1


def test_more_cases_than_a_page_of_the_alarm_index_are_ticked_in_one_sweep(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PAGE", 5)
    citizens = [town.file() for _ in range(12)]
    town.drain()

    town.stack.advance(4 * DAY)

    for citizen in citizens:
        assert town.count(citizen.number, "overdue") == 2
