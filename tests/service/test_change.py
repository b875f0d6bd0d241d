"""A command: once for a request id, against the version that was seen, decided anew in a crowd."""

from __future__ import annotations

import pytest

from casework.outcomes import KeyReused, NotFound, Refused, Request, Stale
from casework.service import ATTEMPTS, Service
from casework.store.cases import CaseStore
from casework.store.items import REQUESTS_KEPT
from casework.store.table import Unavailable
from schemas import commands as c
from schemas.events import Overdue
from tests.support.faults import Moment, StepTable
from tests.support.soundness import sound
from tests.support.stories import (
    CLAIM,
    DISPATCH,
    HANDLED,
    OFFICER,
    REPLY,
    UNIT,
    UNSURE,
    Story,
)
from tests.support.world import CITIZEN, MemoryWorld, staff

HANDLING = Story(HANDLED, *REPLY)
FIRST = c.SendMessage(text="第一句。")


def later_commands(world: MemoryWorld, number: str, times: int) -> None:
    for time in range(times):
        world.now.advance(minutes=1)
        world.service.change(number, c.Urge(), Request(CITIZEN, f"later-{time}"))


@pytest.mark.parametrize("times", [*range(1, 21)])
def test_a_command_repeated_after_later_ones_is_answered_and_not_done_again(times: int) -> None:
    """Its answer was lost; meanwhile 1 to 20 others came, so that HEAD may have forgotten it."""
    world, number = HANDLING.begin()
    world.service.change(number, FIRST, Request(CITIZEN, "first"))
    later_commands(world, number, times)
    stored = world.stored()

    again = world.new_service().change(number, FIRST, Request(CITIZEN, "first"))

    assert again.repeated
    assert again.case.version == 5 + times
    assert world.stored() == stored


@pytest.mark.parametrize("times", [0, 1, REQUESTS_KEPT - 1, REQUESTS_KEPT, 20])
def test_a_key_used_for_another_content_is_refused_however_late(times: int) -> None:
    world, number = HANDLING.begin()
    world.service.change(number, FIRST, Request(CITIZEN, "first"))
    later_commands(world, number, times)
    stored = world.stored()

    for other in (c.SendMessage(text="第二句。"), c.Urge(), c.Withdraw(reason="solved")):
        with pytest.raises(KeyReused):
            world.service.change(number, other, Request(CITIZEN, "first"))

    assert world.stored() == stored


def test_head_remembers_the_latest_requests_and_ticks_take_no_place() -> None:
    world, number = HANDLING.begin()
    later_commands(world, number, 12)
    world.now.advance(days=30)
    world.service.tick(number)

    head = sound(world.service, number).head

    assert len(head.requests) == REQUESTS_KEPT
    assert head.commit.request is None


def test_the_same_key_of_another_person_is_another_request() -> None:
    world, number = HANDLING.begin()

    for by in (CITIZEN, OFFICER, staff("officer", "officer-2", UNIT)):
        assert not world.service.change(number, FIRST, Request(by, "1")).repeated

    assert len(sound(world.service, number).journal) == 7


def test_the_same_key_on_another_case_is_another_request() -> None:
    world, number = HANDLING.begin()
    from tests.support.stories import file

    other = file(world.service, "another").number

    for one in (number, other):
        assert not world.service.change(one, FIRST, Request(CITIZEN, "1")).repeated


def test_a_command_on_a_version_that_is_gone_is_refused_with_what_is_there() -> None:
    world, number = HANDLING.begin()
    world.service.change(number, c.Note(text="甲"), Request(OFFICER, "1", if_match=4))
    stored = world.stored()

    with pytest.raises(Stale) as stale:
        world.service.change(number, c.Note(text="乙"), Request(OFFICER, "2", if_match=4))

    assert stale.value.case.version == 5
    assert world.stored() == stored


def test_a_repeat_is_known_before_its_version_is_looked_at() -> None:
    """Else a lost answer would become a 412."""
    world, number = HANDLING.begin()
    request = Request(OFFICER, "1", if_match=4)
    world.service.change(number, c.Note(text="甲"), request)

    assert world.service.change(number, c.Note(text="甲"), request).repeated
    with pytest.raises(KeyReused):
        world.service.change(number, c.Note(text="乙"), request)


def test_whoever_lost_a_race_is_stale_by_the_version_it_named() -> None:
    """The version is compared again after a conflict, not only when the case was first loaded."""
    world, number = HANDLING.begin()
    service, _ = between_read_and_write(world, number, times=1)

    with pytest.raises(Stale):
        service.change(number, c.Note(text="甲"), Request(OFFICER, "1", if_match=4))

    assert sound(world.service, number).head.case.version == 5


def between_read_and_write(
    world: MemoryWorld, number: str, times: int
) -> tuple[Service, list[str]]:
    """A service that is always overtaken: somebody urges just before it writes HEAD."""
    overtaken: list[str] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_at", "before") and len(overtaken) < times:
            overtaken.append(name)
            world.service.change(number, c.Urge(), Request(CITIZEN, f"urge-{len(overtaken)}"))

    table = StepTable(world.memory, step)
    store = CaseStore(table)
    return Service(store, world.vault, lambda: world.rules, world.clock), overtaken


@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_a_command_that_is_overtaken_is_decided_anew(times: int) -> None:
    world, number = HANDLING.begin()
    service, overtaken = between_read_and_write(world, number, times)

    changed = service.change(number, FIRST, Request(OFFICER, "1"))

    assert len(overtaken) == times
    assert changed.case.version == 5 + times
    sound(world.service, number)


def test_a_command_that_is_always_overtaken_gives_up_and_can_come_again() -> None:
    world, number = HANDLING.begin()
    service, _ = between_read_and_write(world, number, ATTEMPTS)

    with pytest.raises(Unavailable):
        service.change(number, FIRST, Request(OFFICER, "1"))

    assert sound(world.service, number).head.case.version == 4 + ATTEMPTS
    assert not world.service.change(number, FIRST, Request(OFFICER, "1")).repeated


def test_a_tick_that_is_overtaken_finds_that_the_command_has_recorded_what_was_due() -> None:
    world, number = HANDLING.begin()
    world.now.advance(days=30)
    service, overtaken = between_read_and_write(world, number, 1)

    after = service.tick(number)

    assert overtaken
    assert after is None
    found = sound(world.service, number)
    assert found.head.case.next_due is not None
    assert found.head.case.next_due > world.now()
    overdue = [e for one in found.journal for e in one.events if isinstance(e, Overdue)]
    assert [event.clock for event in overdue].count("resolve") == 1


def test_a_tick_before_its_time_stores_nothing() -> None:
    world, number = HANDLING.begin()
    stored = world.stored()

    assert world.service.tick(number) is None
    assert world.stored() == stored


def test_a_refused_command_stores_nothing_and_says_how_the_case_stands() -> None:
    world, number = HANDLING.begin()
    stored = world.stored()

    with pytest.raises(Refused) as refused:
        world.service.change(number, *_with(CLAIM[0], "1"))

    assert refused.value.refusal.code == "state"
    assert "reply" in refused.value.refusal.allowed
    assert refused.value.case is not None
    assert refused.value.case.version == 4
    assert world.stored() == stored


def _with(command: c.Command, request_id: str) -> tuple[c.Command, Request]:
    return command, Request(OFFICER, request_id)


def test_a_refused_request_may_come_again_when_it_is_possible() -> None:
    """A refusal is not remembered: the same key succeeds once the state allows it."""
    story = Story((UNSURE, DISPATCH), *CLAIM)
    world, number = story.begin()
    with pytest.raises(Refused):
        world.service.change(number, REPLY[0], Request(OFFICER, "reply"))
    world.service.change(number, CLAIM[0], Request(OFFICER, "claim"))

    assert not world.service.change(number, REPLY[0], Request(OFFICER, "reply")).repeated


def test_no_case_is_found_where_there_is_none() -> None:
    world = MemoryWorld()
    with pytest.raises(NotFound):
        world.service.change("1000000000000001", c.Urge(), Request(CITIZEN, "1"))
    with pytest.raises(NotFound):
        world.service.tick("1000000000000001")
    assert world.stored() == []


def test_time_never_runs_backwards_within_a_case() -> None:
    """Two machines' clocks differ: what came later is not written earlier."""
    world, number = HANDLING.begin()
    before = world.service.store.head(number)
    world.now.advance(minutes=-30)

    after = world.service.change(number, FIRST, Request(CITIZEN, "1")).case

    assert before is not None
    assert after.changed_at == before.case.changed_at
    sound(world.service, number)
