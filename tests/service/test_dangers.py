"""Words of danger on any way in call the duty desk, once for a danger that still waits (BJ 29, XF 25)."""

from __future__ import annotations

import pytest

from casework.cases.access import By
from casework.outcomes import Refused, Request
from schemas import commands as c
from schemas import events as e
from tests.support.relatives import case_of, filed, give, handled
from tests.support.soundness import sound
from tests.support.stories import (
    AGENT,
    CLOSED,
    HANDLED,
    OFFICER,
    REPLIED,
    REPLY,
    UNSURE,
    file,
)
from tests.support.world import CITIZEN, MemoryWorld, staff

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


# -- and where what was asked is refused --------------------------------------------------------

WITHDRAWN = (*HANDLED, (c.Withdraw(reason="solved"), CITIZEN))
TOO_LATE: dict[str, tuple[tuple[tuple[c.Command, By], ...], c.Command, By]] = {
    "a message to a case that is closed": (CLOSED, c.SendMessage(text=HAZARD), CITIZEN),
    "what an agent took down of a closed case": (CLOSED, c.SendMessage(text=HAZARD), AGENT),
    "an urge of a case that was withdrawn": (WITHDRAWN, c.Urge(text=DESPAIR), CITIZEN),
    "an urge where a rating is waited for": (REPLIED, c.Urge(text=HAZARD), CITIZEN),
    "a rating before there was an answer": (
        HANDLED,
        c.Rate(contacted=False, resolved="no", overall=1, text=DESPAIR),
        CITIZEN,
    ),
    "what an officer heard after the reply": (
        REPLIED,
        c.RecordContact(how="phone", result="reached", text=f"来电人说：{HAZARD}"),
        OFFICER,
    ),
}


def refused(world: MemoryWorld, number: str, command: c.Command, by: By, request_id: str) -> str:
    with pytest.raises(Refused) as why:
        give(world, number, command, by, request_id)
    return why.value.refusal.code


@pytest.mark.parametrize("way", TOO_LATE)
def test_danger_is_heard_in_what_is_refused(way: str) -> None:
    before, command, by = TOO_LATE[way]
    world = MemoryWorld()
    number = filed(world, "1", *before)
    state = case_of(world, number).state

    # when it is refused, and its sender tries once more
    codes = {refused(world, number, command, by, "late") for _ in range(2)}

    # then it stays refused, and the duty desk reads once, in their own words, what was said
    assert codes == {"state"}
    assert case_of(world, number).state == state
    assert kinds(world, number) == ["self_harm" if DESPAIR in repr(command) else "hazard"]
    assert on_the_desk(world) == {number}
    dossier = sound(world.service, number)
    assert dossier.text(dossier.head.commit.text) == command.free_text
    assert dossier.head.commit.actor.role == "system"
    assert (case_of(world, number).next_due - world.now()).total_seconds() <= 600  # type: ignore[operator]


def test_a_refusal_that_is_repeated_after_the_danger_was_dealt_with_calls_nobody_again() -> None:
    world = MemoryWorld()
    number = filed(world, "1", *CLOSED)
    refused(world, number, c.SendMessage(text=HAZARD), CITIZEN, "same")
    alert = case_of(world, number).alerts[0].id
    give(world, number, c.AcknowledgeAlert(alert=alert), AGENT)
    over = c.ResolveAlert(alert=alert, service="119", receipt="119-3", text="已到场处置。")
    give(world, number, over, AGENT)

    refused(world, number, c.SendMessage(text=HAZARD), CITIZEN, "same")
    assert kinds(world, number) == []

    # a refusal uses up no key: other words under the same one are refused, and heard
    assert (
        refused(world, number, c.SendMessage(text=f"又来了，{HAZARD}"), CITIZEN, "same") == "state"
    )
    assert kinds(world, number) == ["hazard"]


def test_what_was_heard_in_a_contact_calls_the_desk_in_the_same_commit() -> None:
    world = MemoryWorld()
    number = handled(world, "1")
    heard = c.RecordContact(how="phone", result="reached", text=f"来电人说：{DESPAIR}")

    give(world, number, heard, OFFICER)

    assert raised(world, number) == ["self_harm-5"]
    assert case_of(world, number).version == 5


STRANGERS: dict[str, tuple[c.Command, By]] = {
    "another citizen": (c.SendMessage(text=HAZARD), By(CITIZEN.actor)),
    "an agent, of what is sealed": (c.SendMessage(text=HAZARD), AGENT),
    "an officer of another unit": (
        c.RecordContact(how="phone", result="reached", text=HAZARD),
        staff("officer", "li", "gongan"),
    ),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_whoever_may_not_read_a_case_raises_no_alert_on_it(who: str) -> None:
    command, by = STRANGERS[who]
    world = MemoryWorld()
    number = handled(world, "1", kind="report")
    before = world.stored()

    assert refused(world, number, command, by, "1") == "not_yours"

    assert world.stored() == before
