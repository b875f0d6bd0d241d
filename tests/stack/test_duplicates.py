"""Every message and every stream record is delivered twice, and nobody can tell from the cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.stack.people import PHOTO, events_of, good
from tests.stack.town import UNCLEAR, Town


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town(deliveries=2).open() as town:
        yield town


def test_the_ordinary_way_is_the_same(town: Town) -> None:
    citizen = town.replied()
    citizen.rate(5)
    town.drain()

    assert town.case(citizen.number).state == "CLOSED"
    assert events_of(citizen.see()) == [
        *("filed", "accepted", "dispatched", "claimed", "replied", "invited", "rated", "closed"),
    ]
    assert len(citizen.see()["notices"]) == 1
    sent = town.assignments("chengguan", citizen.number)
    assert len(sent) == 2, "the unit hears of it once or more"
    assert sent[0] == sent[1], "and can tell that it is the same assignment"


def test_a_case_in_triage_waits_once(town: Town) -> None:
    citizen = town.file(UNCLEAR)
    town.drain()

    assert town.journal(citizen.number).count("queued") == 1
    triage = town.staff("dispatcher").worklist("queue=triage")
    assert [line["case_number"] for line in triage].count(citizen.number) == 1


def test_each_reply_has_one_invitation(town: Town) -> None:
    citizen = town.replied()
    citizen.rate(1, "no", contacted=False)
    another = town.officer(subject="another")
    another.does(citizen.number, "claim")
    another.does(citizen.number, "reply", outcome="resolved", text="已当面说明。", evidence=[PHOTO])
    town.staff("moderator").does(citizen.number, "decide-reply", approve=True)
    town.drain()

    assert len(citizen.see()["notices"]) == 2
    town.sound(citizen.number)


def test_a_returned_case_is_dispatched_once_more_and_no_more(town: Town) -> None:
    citizen = town.assigned()
    town.officer().does(citizen.number, "return", reason="not_our_duty", text="不归我们。")
    town.staff("dispatcher").does(citizen.number, "decide-return", approve=True)
    town.drain()

    journal = town.journal(citizen.number)
    assert journal.count("returned") == 1
    assert journal.count("dispatched") + journal.count("queued") == 2


def test_what_is_due_is_recorded_once(town: Town) -> None:
    citizen = town.assigned(kind="help")
    asked = town.file("你好")
    town.drain()
    town.staff("moderator").does(asked.number, "request-info", text="请说明是哪里的事情。")

    for _ in range(20):
        town.stack.advance(timedelta(days=1))

    assert town.count(citizen.number, "overdue") == 4, (
        "claim, first contact, the promise, and the call about its delay"
    )
    assert town.count(asked.number, "closed") == 1
    assert good(asked.ask("reopening", {"text": "还是想说明一下。"}))["status"] == "IN_REVIEW"


def test_what_came_long_ago_comes_again_and_changes_nothing(town: Town) -> None:
    """Every announcement of a closed case, sent once more to both queues."""
    citizen = town.replied()
    citizen.rate(5)
    town.drain()
    before = town.dossier(citizen.number)

    for queue in ("DispatchQueue", "FeedbackQueue"):
        town.send(queue, *town.announcements(citizen.number))
    town.drain()

    assert town.dossier(citizen.number) == before
