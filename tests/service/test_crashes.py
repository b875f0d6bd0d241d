"""A process may die before or after any of its store calls; the sender then asks again.

Every point is tried, for the filing and for every command, with and without a text. Whatever
happened: one case, no command lost or done twice, a journal without gaps.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casework.cases.access import By
from casework.outcomes import KeyReused, Refused, Request
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.items import Dossier
from casework.store.table import Table
from schemas import commands as c
from tests.support.faults import Death, Killed, Moment, StepTable
from tests.support.soundness import sound
from tests.support.stories import AGENT, STORIES, Story, file, filing
from tests.support.world import CITIZEN, MemoryWorld, staff

MOMENTS: tuple[Moment, Moment] = ("before", "after")
Between = Callable[[MemoryWorld, str], None]


def mortal(world: MemoryWorld, death: Death) -> Service:
    """A service of a process that dies when `death` says so."""
    table: Table = StepTable(world.cases_table, death)
    return Service(CaseStore(table), world.vault, lambda: world.rules, clock=world.clock)


def calls_of(act: Callable[[Service], object], world: MemoryWorld) -> int:
    """How many store calls an act takes when nobody dies."""
    count = Death()
    act(mortal(world, count))
    return count.calls


# -- commands ------------------------------------------------------------------------------


def nothing(world: MemoryWorld, number: str) -> None:
    """Nobody does anything before the sender asks again."""


def others_act(world: MemoryWorld, number: str) -> None:
    """A note and a tick come in between; neither forbids what the sender asked."""
    if world.service.store.head(number).case.is_open:  # type: ignore[union-attr]
        note = Request(staff("leader"), "between")
        world.service.change(number, c.Note(text="请关注。"), note)
    world.service.tick(number)


@pytest.mark.parametrize("between", [nothing, others_act], ids=["alone", "with others"])
@pytest.mark.parametrize("name", STORIES)
def test_a_command_whose_process_died_anywhere_is_carried_out_once(
    name: str, between: Between
) -> None:
    story = STORIES[name]
    world, number = story.begin()
    points = calls_of(lambda service: story.tell(service, number), world)
    assert points >= 3, "load, journal, HEAD"
    for call in range(points):
        for moment in MOMENTS:
            _die_and_repeat(story, call, moment, between)


def _die_and_repeat(story: Story, call: int, moment: Moment, between: Between) -> None:
    world, number = story.begin()
    before = len(sound(world.service, number).journal)
    death = Death(call, moment)
    with pytest.raises(Killed):
        story.tell(mortal(world, death), number)
    sound(world.service, number)
    world.now.advance(seconds=30)
    between(world, number)

    story.tell(world.new_service(), number)

    assert death.happened
    assert count_of(story, sound(world.service, number), before) == 1


def count_of(story: Story, dossier: Dossier, before: int) -> int:
    """How often the story's command stands in the journal since."""
    later = dossier.journal[before:]
    if isinstance(story.command, c.Tick):
        # A tick has no id: it stands there once because what it found due is due no longer.
        due = [e for commit in later for e in commit.events if e.type in ("reminded", "overdue")]
        once = {(e.type, e.clock, getattr(e, "rungs", ())) for e in due}
        assert len(once) == len(due)
        return min(1, len(due))
    return sum(commit.request is not None and commit.actor == story.by.actor for commit in later)


@pytest.mark.parametrize("name", STORIES)
def test_a_command_that_was_answered_is_not_carried_out_again(name: str) -> None:
    story = STORIES[name]
    world, number = story.begin()
    story.tell(world.service, number)
    told = world.memory.items()

    world.now.advance(seconds=30)
    story.tell(world.new_service(), number)

    assert world.memory.items() == told


# -- filing --------------------------------------------------------------------------------

FILINGS: dict[str, tuple[c.File, By]] = {
    "by a citizen": (filing(), By(CITIZEN.actor)),
    "anonymous, without a title": (filing(contact=None, title=None), By(CITIZEN.actor)),
    "answered in the call": (
        filing(
            kind="enquiry",
            channel="hotline",
            answer=c.KnowledgeAnswer(article="kb-7", article_version=2, text="周一至周五。"),
        ),
        AGENT,
    ),
}


@pytest.mark.parametrize("name", FILINGS)
def test_a_filing_whose_process_died_anywhere_is_one_case_with_one_answer(name: str) -> None:
    wish, by = FILINGS[name]
    points = calls_of(lambda service: service.file(wish, by, "key"), MemoryWorld())
    assert points == (3 if wish.answer else 2), "BODY, a text if there is one, HEAD"
    for call in range(points):
        for moment in MOMENTS:
            world = MemoryWorld()
            with pytest.raises(Killed):
                mortal(world, Death(call, moment)).file(wish, by, "key")
            world.now.advance(hours=1)

            first = world.new_service().file(wish, by, "key")
            second = world.new_service().file(wish, by, "key")

            assert second.repeated
            assert (first.number, first.access_code) == (second.number, second.access_code)
            assert first.case == second.case == sound(world.service, first.number).head.case
            assert heads(world) == [first.number]


def test_a_filing_that_died_after_its_body_goes_on_from_the_time_it_was_sent() -> None:
    """The citizen's clocks count from when the request was made, not from the repeat."""
    world = MemoryWorld()
    sent = world.now()
    with pytest.raises(Killed):
        file(mortal(world, Death(0, "after")))
    world.now.advance(hours=5)

    assert file(world.service).case.filed_at == sent


def test_a_filing_repeated_with_another_body_after_its_process_died_is_refused() -> None:
    """Only the content that stands under the key can be finished under it."""
    world = MemoryWorld()
    with pytest.raises(Killed):
        file(mortal(world, Death(0, "after")))

    with pytest.raises(KeyReused):
        file(world.service, text="另外一件事：垃圾没有人收。")
    assert heads(world) == []

    number = file(world.service).number
    assert sound(world.service, number).body.text == filing().text
    assert heads(world) == [number]


def test_a_filing_that_died_before_anything_was_stored_may_come_with_another_body() -> None:
    world = MemoryWorld()
    with pytest.raises(Killed):
        file(mortal(world, Death(0, "before")))

    number = file(world.service, text="另外一件事：垃圾没有人收。").number

    assert sound(world.service, number).body.text == "另外一件事：垃圾没有人收。"


def test_a_message_corrected_under_the_same_key_after_its_process_died_is_refused() -> None:
    """Its first text stands already, under this key; which of the two was meant cannot be known."""
    story = STORIES["message, from the citizen"]
    world, number = story.begin()
    with pytest.raises(Killed):
        story.tell(mortal(world, Death(1, "after")), number)

    other = c.SendMessage(text="不好，不谢。")
    with pytest.raises(KeyReused):
        world.service.change(number, other, Request(CITIZEN, "told"))

    story.tell(world.service, number)
    last = sound(world.service, number)
    assert last.head.commit.text is not None
    assert last.texts[last.head.commit.text] == "好的，谢谢。"


def test_a_text_whose_command_became_impossible_is_in_no_commit() -> None:
    """The text was stored, its process died, and the case was closed meanwhile."""
    story = STORIES["reply"]
    world, number = story.begin()
    with pytest.raises(Killed):
        story.tell(mortal(world, Death(1, "after")), number)
    world.service.change(number, c.Withdraw(reason="solved"), Request(CITIZEN, "withdrawn"))

    with pytest.raises(Refused):
        story.tell(world.service, number)

    dossier = sound(world.service, number)
    assert "已修好，请您查看。" in dossier.texts.values()
    assert all(commit.text is None for commit in dossier.journal)


def heads(world: MemoryWorld) -> list[str]:
    return [item["pk"] for item in world.stored() if item["sk"] == "#HEAD"]
