"""“Me too” on a published case, and the title that a request gets when it came without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.access import By
from casework.filing import MADE_TITLE, made_title
from casework.outcomes import NotFound, Refused, Request
from schemas import commands as c
from schemas.base import TITLE_LIMIT
from tests.support.stories import MODERATOR, file, filing
from tests.support.world import CITIZEN, MemoryWorld


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()


@pytest.fixture
def published(world: MemoryWorld) -> str:
    number = world.service.file(filing(), By(CITIZEN.actor), "1", subject="owner").number
    world.service.change(number, c.Publish(), Request(MODERATOR, "publish"))
    return number


def test_each_citizen_supports_a_case_once(world: MemoryWorld, published: str) -> None:
    assert world.service.support(published, world.persons.of("li")) == 1
    assert world.service.support(published, world.persons.of("wang")) == 2
    assert world.service.support(published, world.persons.of("li")) == 2


def test_nobody_supports_their_own_case(world: MemoryWorld, published: str) -> None:
    with pytest.raises(Refused) as refused:
        world.service.support(published, world.persons.of("owner"))

    assert refused.value.refusal.code == "own_case"
    assert world.service.support(published, world.persons.of("li")) == 1


def test_a_case_that_is_not_public_is_not_supported_and_nothing_of_it_is_told(
    world: MemoryWorld,
) -> None:
    number = file(world.service).number
    stored = world.stored()

    with pytest.raises(Refused) as refused:
        world.service.support(number, world.persons.of("li"))

    assert refused.value.refusal.code == "not_public"
    assert refused.value.case is None
    assert world.stored() == stored


def test_a_case_that_was_taken_back_from_the_board_is_supported_no_more(
    world: MemoryWorld, published: str
) -> None:
    world.service.change(published, c.Unpublish(), Request(MODERATOR, "unpublish"))

    with pytest.raises(Refused):
        world.service.support(published, world.persons.of("li"))


def test_a_case_that_is_none_is_not_supported(world: MemoryWorld) -> None:
    with pytest.raises(NotFound):
        world.service.support("1000000000000001", world.persons.of("li"))


def test_a_supporters_name_is_not_stored(world: MemoryWorld, published: str) -> None:
    world.service.support(published, world.persons.of("li-with-a-long-name"))

    assert "li-with-a-long-name" not in repr(world.stored())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路灯坏了", "路灯坏了"),
        ("路灯坏了。晚上很黑，请修。", "路灯坏了"),
        ("路灯坏了\n晚上很黑", "路灯坏了"),
        ("路灯什么时候修？已经三天了", "路灯什么时候修"),
        ("The lamp is broken! Please help.", "The lamp is broken"),
        ("。。。", "。。。"),
        ("！\n第二行", "！ 第二行"),
        ("好" * 30, "好" * 30),
        ("好" * 31, "好" * 29 + "…"),
        ("😀", "😀"),
    ],
)
def test_a_title_is_made_of_the_first_sentence(text: str, title: str) -> None:
    assert made_title(text) == title


@given(st.text(min_size=1, max_size=200))
def test_every_text_gets_a_title_of_one_line(text: str) -> None:
    """Whatever the door lets through (it trims and drops control characters before)."""
    text = c.SendMessage.model_construct(text=text).text.strip()
    if not text:
        return
    title = made_title(text)

    assert title
    assert len(title) <= min(MADE_TITLE, TITLE_LIMIT)
    assert "\n" not in title


def test_a_title_of_the_citizens_own_is_kept(world: MemoryWorld) -> None:
    number = file(world.service, title="路灯").number
    untitled = file(world.service, "2", title="  ").number

    bodies = world.service.store.bodies([number, untitled])

    assert bodies[number].title == "路灯"
    assert bodies[untitled].title == "小区门口的路灯坏了三天了，晚上很黑，老人摔倒过"
