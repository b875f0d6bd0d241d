"""Two cases are never changed in one step, and yet they agree: wherever a process dies and its sender
asks again."""

from __future__ import annotations

import pytest

from casework.cases.access import By
from schemas import commands as c
from schemas import events as e
from tests.service.test_crashes import MOMENTS, calls_of, mortal
from tests.support.faults import Death, Killed, Moment
from tests.support.relatives import (
    agree,
    asks,
    case_of,
    copied,
    follow,
    give,
    gives,
    handled,
    merge,
    merges,
    split_parts,
    withdraw,
)
from tests.support.soundness import sound
from tests.support.stories import (
    DISPATCHER,
    MODERATOR,
    filing,
)
from tests.support.world import CITIZEN, MemoryWorld, staff

PARTS = c.SplitCase(
    parts=[
        c.Part(text="路灯坏了三天。", category="0205"),
        c.Part(text="老人摔伤，想问赔偿。", kind="enquiry"),
    ]
)


def family() -> tuple[MemoryWorld, str, str, str]:
    """A lead with a follower, and another case."""
    world = MemoryWorld()
    lead, follower, other = (handled(world, name) for name in "123")
    merge(world, follower, lead)
    return world, lead, follower, other


def _nothing(world: MemoryWorld, mine: str, other: str) -> None:
    """Nobody does anything before the sender asks again."""


def _notes(world: MemoryWorld, mine: str, other: str) -> None:
    for number in (mine, other):
        give(world, number, c.Note(text="请关注。"), staff("leader"))


def _sooner(world: MemoryWorld, mine: str, other: str) -> None:
    """The case's promise is another meanwhile."""
    give(world, mine, c.Reclassify(kind="help"), DISPATCHER)


def _lead_ends(world: MemoryWorld, mine: str, other: str) -> None:
    withdraw(world, other)


def _lead_comes_back(world: MemoryWorld, mine: str, other: str) -> None:
    withdraw(world, other)
    give(world, other, c.Reopen(text="还是不亮。"), CITIZEN)
    give(world, other, c.Accept(), MODERATOR)


def _ends(world: MemoryWorld, mine: str, other: str) -> None:
    withdraw(world, mine)


BETWEEN = {
    "nothing happens": _nothing,
    "notes": _notes,
    "another promise": _sooner,
    "the lead ends": _lead_ends,
    "the lead ends and comes back": _lead_comes_back,
    "the case ends": _ends,
}


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_merge_whose_process_died_anywhere_leaves_no_two_cases_at_odds(
    moment: Moment, between: str
) -> None:
    told, lead, follower, other = family()
    act = merges(other, lead)
    for call in range(calls_of(act, copied(told))):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        follow(world.service, lead)
        if not (between == "another promise" and case_of(world, other).state == "FOLLOWING"):
            BETWEEN[between](world, other, lead)
        follow(world.service, lead)

        refused = asks(act, world.new_service())
        assert refused is None or between in ("the lead ends", "the case ends")
        follow(world.service, lead)
        follows = agree(world, lead, follower, other)
        if between in ("nothing happens", "notes", "another promise"):
            assert follows == {lead: None, follower: lead, other: lead}


@pytest.mark.parametrize("between", ["nothing happens", "notes", "the lead ends"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_unmerging_whose_process_died_anywhere_counts_out_once(
    moment: Moment, between: str
) -> None:
    told, lead, follower, other = family()
    merge(told, other, lead)
    act = gives(follower, c.Unmerge(text="是另一条路。"), DISPATCHER)
    for call in range(calls_of(act, copied(told))):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        BETWEEN[between](world, follower, lead)
        if between == "the lead ends":
            # Before the queue tells them: the one that is out already hears nothing of it.
            act(world.new_service())
            follow(world.service, lead)
            assert set(agree(world, lead, follower, other).values()) == {None}
            continue
        act(world.new_service())
        follows = agree(world, lead, follower, other)
        assert follows == {lead: None, follower: None, other: lead}


@pytest.mark.parametrize("between", ["nothing happens", "notes"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_split_whose_process_died_anywhere_files_each_part_once(
    moment: Moment, between: str
) -> None:
    told, lead, _, other = family()
    act = gives(other, PARTS, DISPATCHER)
    points = calls_of(act, copied(told))
    assert points > 6
    for call in range(points):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        world.now.advance(minutes=7)
        BETWEEN[between](world, other, lead)

        for _ in range(2):
            act(world.new_service())

        parts = split_parts(world, other)
        assert len(parts) == 2
        split = [x for _, x in sound(world.service, other).events if isinstance(x, e.Split)]
        assert [set(event.into) for event in split] == [set(parts)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_repeat_whose_process_died_anywhere_urges_once(moment: Moment) -> None:
    told = MemoryWorld()
    by = By(CITIZEN.actor)
    first = told.service.file(filing(), by, "1", subject="li").number
    again = told.service.file(filing(), by, "2", subject="li").number
    act = gives(again, c.MarkRepeat(case=first, text="同一盏灯。"), MODERATOR)
    for call in range(calls_of(act, copied(told))):
        world = copied(told)
        with pytest.raises(Killed):
            act(mortal(world, Death(call, moment)))
        for _ in range(2):
            act(world.new_service())
        urges = [x for _, x in sound(world.service, first).events if isinstance(x, e.Urged)]
        assert len(urges) == 1
        assert case_of(world, again).state == "CLOSED"
