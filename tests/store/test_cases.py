"""How cases lie in a table, on both tables: conditions, repeats, indexes, pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.cases import chain
from casework.cases.access import Bound, By
from casework.cases.number import check_digit
from casework.outcomes import Request
from casework.store.cases import CaseStore, Conflict, Corrupt
from casework.store.dynamo import typed
from casework.store.items import HEAD, Body, Head, Lock, Notice, Words, head_of_image
from casework.store.table import Table
from schemas import commands as c
from schemas.base import iso
from tests.support.soundness import sound
from tests.support.stories import HANDLED, MODERATOR, REPLIED, REPLY, UNIT, Story, file, filing
from tests.support.world import CITIZEN, START, FrozenClock, MemoryWorld

NUMBER = "1000000000000001"
HANDLING = Story(HANDLED, *REPLY)


@pytest.fixture
def begin(table: Table) -> Callable[[Story], tuple[MemoryWorld, str]]:
    """A story on the table that the test is about."""
    return lambda story: story.begin(table)


@pytest.fixture
def world(table: Table) -> MemoryWorld:
    return MemoryWorld(FrozenClock(), table=table)


@pytest.fixture
def store(world: MemoryWorld) -> CaseStore:
    return world.service.store


def body_of(store: CaseStore, number: str) -> Body:
    return store.bodies([number])[number]


def head_of(store: CaseStore, number: str) -> Head:
    head = store.head(number)
    assert head is not None
    return head


def test_a_body_is_stored_once_and_comes_back_as_it_was(world: MemoryWorld) -> None:
    store = world.service.store
    place = c.Place(lon=116.0, lat=-39.5, address="和平路 1 号")
    number = file(world.service, place=place, notice_version="2026-1").number
    body = body_of(store, number)

    present = store.put_body(body.model_copy(update={"text": "别的"}))

    assert present == body == body_of(store, number)
    assert (body.lon, body.lat, body.address) == (116.0, -39.5, "和平路 1 号")
    assert isinstance(body.lon, float)
    assert set(body.sealed) == {"name", "phone"}


def test_a_text_is_stored_once_and_whoever_comes_second_gets_the_first(store: CaseStore) -> None:
    first = Words(number=NUMBER, sk="TEXT#li#1", digest="id.a", salt="s", text="甲")

    assert store.put_text(first) is first
    assert store.put_text(first.model_copy(update={"digest": "id.b", "text": "乙"})) == first


def test_a_commit_stands_once_and_another_in_its_place_is_corruption(
    begin: Callable[[Story], tuple[MemoryWorld, str]],
) -> None:
    world, number = begin(HANDLING)
    store, commit = world.service.store, head_of(world.service.store, number).commit
    store.put_commit(number, commit)
    store.put_commit(number, commit)

    forged = chain.seal(commit.model_copy(update={"request": "another"}))
    with pytest.raises(Corrupt) as corrupt:
        store.put_commit(number, forged)

    assert number in str(corrupt.value)
    assert store.commit(number, commit.version) == commit


def test_a_head_is_put_over_the_one_before_it_and_no_other(
    begin: Callable[[Story], tuple[MemoryWorld, str]],
) -> None:
    world, number = begin(HANDLING)
    store = world.service.store
    seen = head_of(store, number)
    ahead = replace(seen, case=seen.case.model_copy(update={"version": 5}))
    store.put_head(ahead)

    with pytest.raises(Conflict):
        store.put_head(ahead)

    assert store.put_first_head(seen) == ahead
    assert head_of(store, number) == ahead


def test_a_case_comes_back_as_it_was_with_everything_that_happened(
    begin: Callable[[Story], tuple[MemoryWorld, str]],
) -> None:
    story = Story(REPLIED, *REPLY)
    world, number = begin(story)
    memory, _ = story.begin()

    dossier = sound(world.service, number)

    assert dossier == memory.service.store.dossier(number), "both tables give the same"
    assert len(dossier.journal) == 5
    assert list(dossier.texts.values()) == ["已修好，请您查看。"]


@pytest.mark.parametrize(
    ("filed", "identity"),
    [({"kind": "report"}, "sealed"), ({"identity": "hidden"}, "hidden"), ({}, "open")],
)
def test_a_case_that_was_stored_still_keeps_secret_who_filed_it(
    world: MemoryWorld, filed: dict[str, str], identity: str
) -> None:
    number = file(world.service, **filed).number

    assert head_of(world.service.store, number).case.identity == identity


def test_a_stream_image_of_a_head_reads_like_the_head(
    begin: Callable[[Story], tuple[MemoryWorld, str]],
) -> None:
    world, number = begin(HANDLING)
    item = world.cases_table.get((number, HEAD))
    assert item is not None

    assert head_of_image(typed(item)) == head_of(world.service.store, number)


def test_where_there_is_no_case_nothing_is_read(store: CaseStore) -> None:
    assert store.head(NUMBER) is None
    assert store.head_and_body(NUMBER) is None
    assert store.head_and_lock(NUMBER, "source") == (None, None)
    assert store.dossier(NUMBER) is None
    assert store.journal(NUMBER) == []
    assert store.commit(NUMBER, 1) is None
    assert store.bodies([NUMBER]) == {}


def test_a_body_that_waits_for_its_head_is_no_case(world: MemoryWorld, store: CaseStore) -> None:
    filed = MemoryWorld()
    number = file(filed.service).number
    store.put_body(body_of(filed.service.store, number))

    assert store.head(number) is None
    assert store.dossier(number) is None
    assert store.head_and_body(number) is None


def test_a_lock_counts_one_by_one(store: CaseStore) -> None:
    first = Lock(number=NUMBER, source="home", version=1, tries=1, until=iso(START))
    second = first.model_copy(update={"version": 2, "tries": 2})
    store.put_lock(first)
    with pytest.raises(Conflict):
        store.put_lock(first)
    store.put_lock(second)
    with pytest.raises(Conflict):
        store.put_lock(second)

    assert store.head_and_lock(NUMBER, "home") == (None, second)
    assert store.head_and_lock(NUMBER, "work") == (None, None)


def test_a_notice_and_a_support_stand_once(world: MemoryWorld, store: CaseStore) -> None:
    number = file(world.service).number
    notice = Notice(number=number, id="1.x", kind="invitation", channel="p", fate="shown", at="t")

    assert [store.put_notice(notice), store.put_notice(notice)] == [True, False]
    assert [store.put_support(number, "li", START), store.put_support(number, "li", START)] == [
        True,
        False,
    ]
    dossier = sound(world.service, number)
    assert dossier.notices == (notice,)
    assert dossier.supports == 1


# -- indexes -------------------------------------------------------------------------------


def test_an_open_case_stands_in_its_alarm_and_a_closed_one_in_none(
    begin: Callable[[Story], tuple[MemoryWorld, str]],
) -> None:
    world, number = begin(HANDLING)
    store, due = world.service.store, head_of(world.service.store, number).case.next_due
    assert due is not None

    assert store.due(0, due - timedelta(seconds=1), 10) == []
    assert store.due(0, due, 10) == [(number, iso(due))]

    world.service.change(number, c.Withdraw(reason="solved"), Request(CITIZEN, "1"))
    assert store.due(0, due + timedelta(days=999), 10) == []


def test_every_case_is_in_exactly_one_alarm_shard(table: Table) -> None:
    world = MemoryWorld(FrozenClock(), table=table, alarm_shards=4)
    numbers = {file(world.service, str(one)).number for one in range(24)}
    late = START + timedelta(days=99)

    shards = [world.service.store.due(shard, late, 100) for shard in range(4)]

    found = [number for shard in shards for number, _ in shard]
    assert sorted(found) == sorted(numbers)
    assert sum(bool(shard) for shard in shards) > 1


@pytest.mark.parametrize("shards", [1, 3])
def test_a_worklist_gives_the_most_overdue_first_page_by_page(table: Table, shards: int) -> None:
    world = MemoryWorld(FrozenClock(), table=table, worklist_shards=shards)
    store = world.service.store
    numbers = []
    for place in range(7):
        number = file(world.service, str(place), kind=("complaint", "enquiry")[place % 2]).number
        for step, (command, by) in enumerate(HANDLED[:2]):
            world.service.change(number, command, Request(by, str(step)))
        world.now.advance(hours=5)
        numbers.append(number)

    seen, cursor = [], None
    while page := store.worklist(f"unit:{UNIT}", 3, cursor):
        seen += page
        cursor = str(page[-1]["queued"])

    assert sorted(entry["pk"] for entry in seen) == sorted(numbers)
    dues = [str(entry["due"]) for entry in seen]
    assert dues == sorted(dues)
    assert {entry["state"] for entry in seen} == {"ASSIGNED"}
    assert store.worklist("triage", 10) == []


def test_own_cases_come_newest_first_page_by_page(world: MemoryWorld, store: CaseStore) -> None:
    citizen = [Bound(world.service.keys.person("li"))]
    numbers = []
    for place in range(5):
        world.now.advance(minutes=1)
        wish = filing(title=f"第{place}件")
        numbers.append(world.service.file(wish, By(CITIZEN.actor), str(place), "li").number)

    first = store.cases_of(citizen, 2)
    second = store.cases_of(citizen, 2, first.cursor)
    third = store.cases_of(citizen, 2, second.cursor)

    pages = [[case.number for case, _ in page.cases] for page in (first, second, third)]
    assert pages == [numbers[4:2:-1], numbers[2:0:-1], numbers[:1]]
    assert third.cursor is None
    assert [title for _, title in first.cases] == ["第4件", "第3件"]


@pytest.mark.parametrize("limit", [2, 3, 4])
def test_own_cases_filed_in_one_second_are_all_shown(
    world: MemoryWorld, store: CaseStore, limit: int
) -> None:
    """A page never ends within a second, since the next one goes on after it."""
    citizen = [Bound(world.service.keys.person("li"))]
    numbers = []
    for place in range(6):
        world.now.advance(minutes=place % 2)
        numbers.append(world.service.file(filing(), By(CITIZEN.actor), str(place), "li").number)

    seen: list[str] = []
    page = store.cases_of(citizen, limit)
    seen += [case.number for case, _ in page.cases]
    while page.cursor:
        page = store.cases_of(citizen, limit, page.cursor)
        seen += [case.number for case, _ in page.cases]

    assert sorted(seen) == sorted(numbers)


def test_a_last_page_that_is_just_full_has_no_cursor(world: MemoryWorld, store: CaseStore) -> None:
    for place in range(2):
        world.now.advance(minutes=1)
        world.service.file(filing(), By(CITIZEN.actor), str(place), "li")

    assert store.cases_of([Bound(world.service.keys.person("li"))], 2).cursor is None


def test_a_published_case_stands_on_its_board_until_it_is_taken_back(
    begin: Callable[[Story], tuple[MemoryWorld, str]],
) -> None:
    world, number = begin(HANDLING)

    def board() -> object:
        item = world.cases_table.get((number, HEAD))
        assert item is not None
        return item.get("board")

    assert board() is None
    world.service.change(number, c.Publish(), Request(MODERATOR, "1"))
    assert board() == "-#2026-09"
    world.service.change(number, c.Unpublish(), Request(MODERATOR, "2"))
    assert board() is None


def test_the_number_used_here_is_a_right_one() -> None:
    assert check_digit(NUMBER[:-1]) == NUMBER[-1]
