"""The index of like cases: the latest under each key, found by how many keys they share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.store.likes import KEPT, LASTING, Entry, Likes
from casework.store.table import Table
from infra.bench.billing import item_size
from infra.bench.metered import MeteredTable
from schemas.base import iso
from tests.template.reading import written

NOW = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)


@pytest.fixture
def likes(table: Table) -> Likes:
    return Likes(table)


def entry(number: int, minutes: float = 0, area: str = "990102") -> Entry:
    return Entry(f"1{number:015d}", iso(NOW + timedelta(minutes=minutes)), area)


def entered(likes: Likes, one: Entry, *keys: str) -> None:
    likes.enter(likes.look(keys, NOW), one, NOW)


def test_a_case_is_found_under_any_key_that_it_shares(likes: Likes) -> None:
    entered(likes, entry(1), "a", "b", "c")

    assert likes.look(["x", "b"], NOW).candidates("") == [entry(1).number]
    assert likes.look(["x", "y"], NOW).candidates("") == []


def test_most_keys_come_first_then_the_same_area_then_the_latest(likes: Likes) -> None:
    entered(likes, entry(1, minutes=1, area="990103"), "a")
    entered(likes, entry(2, minutes=2, area="990103"), "a")
    entered(likes, entry(3, minutes=0, area="990102"), "a")
    entered(likes, entry(4, minutes=-9, area=""), "a", "b")

    found = likes.look(["a", "b"], NOW).candidates("990102")
    assert found == [entry(n).number for n in (4, 3, 2, 1)]


def test_nobody_is_like_oneself(likes: Likes) -> None:
    entered(likes, entry(1), "a")

    assert likes.look(["a"], NOW).candidates("", apart_from=entry(1).number) == []


def test_entered_twice_is_entered_once(likes: Likes, table: Table) -> None:
    entered(likes, entry(1), "a")
    before = table.get(("LIKE#a", "#LIKE"))
    entered(likes, entry(1), "a")

    assert table.get(("LIKE#a", "#LIKE")) == before


def test_only_the_latest_are_kept_whoever_is_entered_last(likes: Likes) -> None:
    for number in reversed(range(KEPT + 4)):
        entered(likes, entry(number, minutes=number), "a")

    kept = likes.look(["a"], NOW).candidates("")
    assert kept == [entry(n).number for n in reversed(range(4, KEPT + 4))]


def test_what_is_too_old_counts_no_more_though_it_is_still_there(likes: Likes) -> None:
    entered(likes, entry(1), "a")

    assert likes.look(["a"], NOW + LASTING).candidates("") == [entry(1).number]
    assert likes.look(["a"], NOW + LASTING + timedelta(seconds=1)).candidates("") == []


def test_dynamodb_is_told_when_an_item_may_go(likes: Likes, table: Table) -> None:
    entered(likes, entry(1), "a")
    item = table.get(("LIKE#a", "#LIKE"))

    assert item is not None
    assert item["expires"] == int((NOW + LASTING).timestamp())
    expiry = written("template.yaml")["Resources"]["CasesTable"]["Properties"]
    assert expiry["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_two_at_once_cost_an_entry_at_most(likes: Likes) -> None:
    one, other = likes.look(["a"], NOW), likes.look(["a"], NOW)
    likes.enter(one, entry(1), NOW)
    likes.enter(other, entry(2), NOW)

    assert likes.look(["a"], NOW).candidates("") == [entry(2).number]


def test_a_full_item_is_one_write_unit() -> None:
    from casework.store.dynamo import typed

    table = MeteredTable()
    keys = [f"{band:022d}" for band in range(12)]
    for number in range(KEPT):
        entered(Likes(table), entry(number, area="990102001001"), *keys)
    table.take()
    entered(Likes(table), entry(99, minutes=1, area="990102001001"), *keys)

    units = table.take()
    assert (units.read, units.written) == (6.0, 12)
    assert all(item_size(typed(item)) <= 1024 for item in table.items())
