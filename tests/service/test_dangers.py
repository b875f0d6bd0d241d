"""Words of danger on any way in call the duty desk, once for a danger that still waits (BJ 29, XF 25)."""

from __future__ import annotations

import pytest

from casework.cases.access import By
from casework.outcomes import Request
from schemas import commands as c
from schemas import events as e
from tests.support.relatives import case_of, filed, give, handled
from tests.support.soundness import sound
from tests.support.stories import AGENT, HANDLED, OFFICER, REPLY, UNSURE, file
from tests.support.world import CITIZEN, MemoryWorld

HAZARD = "楼道里有很浓的煤气味，怕爆炸！"
DESPAIR = "我不想活了，今晚就跳楼。"


def kinds(world: MemoryWorld, number: str) -> list[str]:
    return [alert.kind for alert in case_of(world, number).alerts]


def raised(world: MemoryWorld, number: str) -> list[str]:
    return [x.alert for _, x in sound(world.service, number).events if isinstance(x, e.AlertRaised)]


def on_the_desk(world: MemoryWorld) -> set[str]:
    for item in world.stored():
        if item["sk"] == "#HEAD":
            world.service.store.show_asides(item["pk"])
    return {entry["pk"] for entry in world.service.store.worklist("alerts", 100)}


def test_a_filing_that_speaks_of_danger_is_on_the_duty_desk_from_its_first_commit() -> None:
    world = MemoryWorld()
    number = file(world.service, text=HAZARD).number
    quiet = file(world.service, "2").number

    assert kinds(world, number) == ["hazard"]
    assert kinds(world, quiet) == []
    case = case_of(world, number)
    assert set(case.clocks) >= {"alert:hazard-1", "alert_open:hazard-1"}
    assert (case.clocks["alert:hazard-1"].due - world.now()).total_seconds() == 600
    assert on_the_desk(world) == {number}


INBOUND: dict[str, tuple[tuple[tuple[c.Command, By], ...], c.Command, By]] = {
    "a message": (HANDLED, c.SendMessage(text=HAZARD), CITIZEN),
    "an answer to a question": (
        (
            (c.Route(suspicious="太短"), By(OFFICER.actor.model_copy(update={"role": "system"}))),
            (
                c.RequestInfo(text="在哪里？"),
                By(OFFICER.actor.model_copy(update={"role": "moderator"})),
            ),
        ),
        c.SendMessage(text=HAZARD),
        CITIZEN,
    ),
    "what an agent took down": (HANDLED, c.SendMessage(text=HAZARD), AGENT),
    "an urge": (HANDLED, c.Urge(text=HAZARD), CITIZEN),
    "a withdrawal": (HANDLED, c.Withdraw(reason="no_longer_wanted", text=DESPAIR), CITIZEN),
    "a rating that closes the case": (
        (*HANDLED, REPLY),
        c.Rate(contacted=True, resolved="yes", overall=5, text=DESPAIR),
        CITIZEN,
    ),
    "a rating that does not": (
        (*HANDLED, REPLY),
        c.Rate(contacted=True, resolved="no", overall=1, text=HAZARD),
        CITIZEN,
    ),
    "a reopening": (
        (*HANDLED, (c.Withdraw(reason="solved"), CITIZEN)),
        c.Reopen(text=HAZARD),
        CITIZEN,
    ),
    "an objection": (
        (*HANDLED, REPLY, (c.Rate(contacted=True, resolved="yes", overall=5), CITIZEN)),
        c.Object(text=HAZARD),
        CITIZEN,
    ),
}


@pytest.mark.parametrize("way", INBOUND)
def test_whatever_a_citizen_writes_is_heard(way: str) -> None:
    before, command, by = INBOUND[way]
    world = MemoryWorld()
    number = filed(world, "1", *before)

    after = give(world, number, command, by).case

    spoken = "self_harm" if DESPAIR in repr(command) else "hazard"
    assert kinds(world, number) == [spoken]
    assert after.next_due is not None, "it has an alarm, ended or not"
    assert (after.next_due - world.now()).total_seconds() <= 600
    assert on_the_desk(world) == {number}


@pytest.mark.parametrize(
    "command", [c.Note(text=HAZARD), c.SendMessage(text=HAZARD)], ids=["note", "message"]
)
def test_what_the_citys_own_write_calls_nobody(command: c.Command) -> None:
    world = MemoryWorld()
    number = handled(world, "1")
    give(world, number, command, OFFICER)
    assert kinds(world, number) == []


def test_a_danger_that_still_waits_is_not_called_again_and_a_new_one_is() -> None:
    world = MemoryWorld()
    number = handled(world, "1", text=HAZARD)
    give(world, number, c.SendMessage(text=HAZARD), CITIZEN, "1")
    give(world, number, c.SendMessage(text=DESPAIR), CITIZEN, "2")
    assert raised(world, number) == ["hazard-1", "self_harm-6"]

    give(world, number, c.AcknowledgeAlert(alert="hazard-1"), AGENT)
    give(world, number, c.SendMessage(text=HAZARD), CITIZEN, "3")
    assert raised(world, number) == ["hazard-1", "self_harm-6", "hazard-8"], "it has grown worse"


def test_the_alert_outlives_the_case_and_goes_with_its_receipt() -> None:
    world = MemoryWorld()
    number = handled(world, "1")
    give(world, number, *REPLY)
    rate = c.Rate(contacted=True, resolved="yes", overall=5, text=DESPAIR)
    ended = give(world, number, rate, CITIZEN).case
    assert ended.state == "CLOSED"
    alert = ended.alerts[0].id

    # nobody answers: minutes later the supervisors are told, by the alarm of a closed case
    world.now.advance(minutes=11)
    assert world.sweeper.sweep(0).ticked == 1
    assert f"alert:{alert}" in case_of(world, number).clocks
    assert any(
        isinstance(x, e.Overdue) and x.clock == f"alert:{alert}"
        for _, x in sound(world.service, number).events
    )

    give(world, number, c.AcknowledgeAlert(alert=alert), AGENT)
    done = c.ResolveAlert(alert=alert, service="110", receipt="110-77", text="已出警。")
    after = give(world, number, done, AGENT).case

    assert (after.alerts, after.next_due, after.clocks) == ((), None, {})
    assert on_the_desk(world) == set()


def test_a_message_that_comes_twice_calls_once() -> None:
    world = MemoryWorld()
    number = filed(world, "1", UNSURE)
    for _ in range(2):
        world.new_service().change(number, c.SendMessage(text=HAZARD), Request(CITIZEN, "same"))
    assert len(raised(world, number)) == 1
