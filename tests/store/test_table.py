"""What every table promises: the twin in memory and DynamoDB, held to the same words."""

from __future__ import annotations

import pytest

from casework.store.table import (
    ALARM,
    CITIZEN,
    INDEXES,
    PUBLIC,
    WORKLIST,
    Index,
    Item,
    Table,
    Taken,
)
from tests.template.reading import written


def head(number: str, **attributes: object) -> Item:
    return {"pk": number, "sk": "#HEAD", **attributes}


# -- conditional puts ----------------------------------------------------------------------


def test_a_new_item_is_stored_once_and_whoever_comes_second_sees_what_is_there(
    table: Table,
) -> None:
    table.put_new(head("1", version=1, by="first"))

    with pytest.raises(Taken) as taken:
        table.put_new(head("1", version=1, by="second"))

    assert taken.value.present == head("1", version=1, by="first")
    assert table.get(("1", "#HEAD")) == head("1", version=1, by="first")


def test_an_item_is_replaced_only_at_the_version_that_was_read(table: Table) -> None:
    table.put_new(head("1", version=1))
    table.put_at(head("1", version=2, by="first"), 1)

    with pytest.raises(Taken) as taken:
        table.put_at(head("1", version=2, by="second"), 1)

    assert taken.value.present == head("1", version=2, by="first")
    assert table.get(("1", "#HEAD")) == head("1", version=2, by="first")


def test_nothing_is_put_over_an_item_that_is_not_there(table: Table) -> None:
    with pytest.raises(Taken) as taken:
        table.put_at(head("1", version=2), 1)

    assert taken.value.present is None
    assert table.get(("1", "#HEAD")) is None


def test_an_item_without_a_version_is_at_no_version(table: Table) -> None:
    table.put_new(head("1"))

    with pytest.raises(Taken) as taken:
        table.put_at(head("1", version=1), 0)

    assert taken.value.present == head("1")


def test_a_condition_bears_on_the_whole_key_and_not_on_the_partition(table: Table) -> None:
    table.put_new(head("1", version=1))

    table.put_new({"pk": "1", "sk": "BODY"})

    assert [item["sk"] for item in table.partition("1")] == ["#HEAD", "BODY"]


def test_a_replaced_item_keeps_nothing_of_the_one_before(table: Table) -> None:
    table.put_new(head("1", version=1, due="soon"))
    table.put_at(head("1", version=2), 1)
    assert table.get(("1", "#HEAD")) == head("1", version=2)

    table.put(head("1", other=True))
    assert table.get(("1", "#HEAD")) == head("1", other=True)


def test_several_are_put_at_once_each_over_what_was_there(table: Table) -> None:
    table.put_new(head("1", version=1))

    table.put_many([head("1", other=True), head("2", version=1)])
    table.put_many([])

    assert table.get(("1", "#HEAD")) == head("1", other=True)
    assert table.get(("2", "#HEAD")) == head("2", version=1)


# -- values --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        0,
        -7,
        10**20,
        0.5,
        -116.397_128,
        1e-7,
        True,
        False,
        None,
        "",
        "线路灯坏了 ئۇيغۇرچە 👨‍👩‍👧",
        b"\x00\xff",
        b"",
        [],
        {},
        [1, "two", None, [b"3"], {"four": 4.5}],
        {"zh": "中文", "deep": {"er": [True]}},
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_went_in(table: Table, value: object) -> None:
    table.put(head("1", value=value))

    found = table.get(("1", "#HEAD"))

    assert found is not None
    assert found["value"] == value
    assert type(found["value"]) is type(value)


def test_a_whole_float_comes_back_as_a_number_of_the_same_size(table: Table) -> None:
    table.put(head("1", value=116.0))

    found = table.get(("1", "#HEAD"))

    assert found is not None
    assert float(found["value"]) == 116.0
    assert not isinstance(found["value"], bool)


def test_a_tuple_comes_back_as_a_list(table: Table) -> None:
    table.put(head("1", value=(1, (2,))))

    found = table.get(("1", "#HEAD"))

    assert found is not None
    assert found["value"] == [1, [2]]


@pytest.mark.parametrize(
    "value", [object(), float("nan"), float("inf")], ids=["object", "NaN", "infinity"]
)
def test_a_value_that_no_item_can_hold_is_refused(table: Table, value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        table.put(head("1", value=value))

    assert table.get(("1", "#HEAD")) is None


def test_what_was_read_is_a_copy(table: Table) -> None:
    table.put(head("1", inner={"list": [1]}))

    found = table.get(("1", "#HEAD"))
    assert found is not None
    found["inner"]["list"].append(2)

    assert table.get(("1", "#HEAD")) == head("1", inner={"list": [1]})


def test_what_was_put_is_a_copy(table: Table) -> None:
    item = head("1", inner=[1])
    table.put(item)
    item["inner"].append(2)

    assert table.get(("1", "#HEAD")) == head("1", inner=[1])


# -- reading -------------------------------------------------------------------------------


def test_many_are_read_at_once_and_those_that_are_not_there_are_left_out(table: Table) -> None:
    table.put(head("1", a=1))
    table.put(head("2", a=2))

    found = table.get_many([("1", "#HEAD"), ("2", "#HEAD"), ("2", "BODY"), ("3", "#HEAD")])

    assert found == {("1", "#HEAD"): head("1", a=1), ("2", "#HEAD"): head("2", a=2)}


def test_many_may_be_none(table: Table) -> None:
    assert table.get_many([]) == {}


def test_a_hundred_are_read_at_once(table: Table) -> None:
    for number in range(100):
        table.put(head(str(number)))

    assert len(table.get_many([(str(number), "#HEAD") for number in range(100)])) == 100


def test_a_key_that_is_asked_for_twice_is_read_once(table: Table) -> None:
    table.put(head("1"))

    assert table.get_many([("1", "#HEAD"), ("1", "#HEAD")]) == {("1", "#HEAD"): head("1")}


def test_a_partition_is_read_in_the_order_of_its_sort_keys_by_bytes(table: Table) -> None:
    written_keys = ["TEXT#z", "BODY", "COMMIT#000010", "#HEAD", "COMMIT#000002", "文", "a", "é"]
    for sk in written_keys:
        table.put({"pk": "1", "sk": sk})
    table.put(head("2"))

    found = [item["sk"] for item in table.partition("1")]

    assert found == sorted(written_keys, key=str.encode)
    assert found[0] == "#HEAD"


def test_a_part_of_a_partition_is_read_by_the_beginning_of_its_sort_keys(table: Table) -> None:
    for sk in ("#HEAD", "COMMIT", "COMMIT#000001", "COMMIT#000002", "COMMIT$", "TEXT#1"):
        table.put({"pk": "1", "sk": sk})

    found = [item["sk"] for item in table.partition("1", "COMMIT#")]

    assert found == ["COMMIT#000001", "COMMIT#000002"]
    assert table.partition("2", "COMMIT#") == []


def test_a_partition_larger_than_one_answer_is_read_to_its_end(table: Table) -> None:
    """A megabyte is the most that DynamoDB gives at once."""
    for number in range(12):
        table.put({"pk": "1", "sk": f"TEXT#{number:02d}", "text": "长" * 50_000})

    assert [item["sk"] for item in table.partition("1")] == [f"TEXT#{n:02d}" for n in range(12)]


# -- indexes -------------------------------------------------------------------------------


def alarm(number: str, due: str, shard: str = "0", **more: object) -> Item:
    return head(number, alarm_shard=shard, next_due=due, **more)


def numbers(found: list[Item]) -> list[str]:
    return [item["pk"] for item in found]


def test_an_index_gives_its_partition_in_the_order_of_its_sort_key(table: Table) -> None:
    for number, due in (("1", "c"), ("2", "a"), ("3", "b")):
        table.put(alarm(number, due))
    table.put(alarm("4", "a", shard="1"))

    assert numbers(table.query(ALARM, "0", 10)) == ["2", "3", "1"]
    assert numbers(table.query(ALARM, "0", 10, newest_first=True)) == ["1", "3", "2"]
    assert numbers(table.query(ALARM, "0", 2)) == ["2", "3"]
    assert numbers(table.query(ALARM, "0", 2, newest_first=True)) == ["1", "3"]
    assert table.query(ALARM, "9", 10) == []


def test_an_index_is_sparse(table: Table) -> None:
    table.put(head("1", alarm_shard="0"))
    table.put(head("2", next_due="a"))
    table.put(alarm("3", "a"))

    assert numbers(table.query(ALARM, "0", 10)) == ["3"]


def test_an_item_leaves_an_index_with_the_attribute_that_held_it_there(table: Table) -> None:
    table.put_new(alarm("1", "a", version=1))
    table.put_at(head("1", version=2), 1)

    assert table.query(ALARM, "0", 10) == []


def test_an_item_moves_within_an_index_with_its_sort_key(table: Table) -> None:
    table.put_new(alarm("1", "a", version=1))
    table.put_new(alarm("2", "b", version=1))
    table.put_at(alarm("1", "c", version=2), 1)

    assert numbers(table.query(ALARM, "0", 10)) == ["2", "1"]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"after": "b"}, "cde"),
        ({"until": "b"}, "ab"),
        ({"after": "b", "until": "d"}, "cd"),
        ({"after": "b", "until": "b"}, ""),
        ({"after": "d", "until": "b"}, ""),
        ({"after": "bb", "until": "dd"}, "cd"),
        ({"after": "b", "newest_first": True}, "a"),
        ({"until": "b", "newest_first": True}, "edcb"),
        ({"after": "d", "until": "b", "newest_first": True}, "cb"),
        ({"after": "b", "until": "d", "newest_first": True}, ""),
    ],
    ids=repr,
)
def test_bounds_leave_out_where_one_was_and_include_where_one_goes(
    table: Table, bounds: dict[str, object], expected: str
) -> None:
    for due in "abcde":
        table.put(alarm(due, due))

    found = table.query(ALARM, "0", 10, **bounds)  # type: ignore[arg-type]

    assert "".join(numbers(found)) == expected


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_that_go_on_where_the_last_ended_give_each_entry_once(
    table: Table, limit: int, newest_first: bool
) -> None:
    for due in "abcde":
        table.put(alarm(due, due))

    seen: list[str] = []
    after: str | None = None
    while page := table.query(ALARM, "0", limit, after=after, newest_first=newest_first):
        assert len(page) <= limit
        seen += numbers(page)
        after = page[-1]["next_due"]

    assert seen == sorted("abcde", reverse=newest_first)


def test_a_limit_is_filled_even_where_entries_before_it_are_left_out(table: Table) -> None:
    """Entries at the bound itself are skipped, however many; the page is full all the same."""
    for number in range(6):
        table.put(alarm(f"same{number}", "b"))
    for number in range(4):
        table.put(alarm(f"later{number}", f"c{number}"))

    assert numbers(table.query(ALARM, "0", 3, after="b")) == ["later0", "later1", "later2"]


def test_entries_show_their_keys_and_what_is_projected_and_no_more(table: Table) -> None:
    table.put(
        alarm(
            "1",
            "2026",
            holder="unit:roads#0",
            queued="2026#1",
            citizen="blind",
            filed_at="2026-09",
            board="990102#2026-09",
            state="ASSIGNED",
            version=3,
            unread=True,
            identity="open",
            content="secret",
        )
    )
    keys = {"pk": "1", "sk": "#HEAD"}

    assert table.query(ALARM, "0", 1) == [{**keys, "alarm_shard": "0", "next_due": "2026"}]
    assert table.query(WORKLIST, "unit:roads#0", 1) == [
        {
            **keys,
            "holder": "unit:roads#0",
            "queued": "2026#1",
            "state": "ASSIGNED",
            "version": 3,
            "unread": True,
            "identity": "open",
        }
    ]
    assert table.query(CITIZEN, "blind", 1) == [{**keys, "citizen": "blind", "filed_at": "2026-09"}]
    assert table.query(PUBLIC, "990102#2026-09", 1) == [
        {**keys, "board": "990102#2026-09", "filed_at": "2026-09"}
    ]


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_the_template_declares_the_indexes_that_the_store_reads(index: Index) -> None:
    declared = written("template.yaml")["Resources"]["CasesTable"]["Properties"]
    one = next(g for g in declared["GlobalSecondaryIndexes"] if g["IndexName"] == index.name)

    assert [key["AttributeName"] for key in one["KeySchema"]] == [index.partition, index.sort]
    assert tuple(one["Projection"].get("NonKeyAttributes", ())) == index.projected


@pytest.mark.parametrize("key", ["pk", "sk", "next_due", "alarm_shard"])
@pytest.mark.parametrize("value", ["", None], ids=repr)
def test_a_key_that_is_no_text_is_refused(table: Table, key: str, value: object) -> None:
    with pytest.raises(Exception, match=r"(?i)key|type|valid") as refusal:
        table.put({**alarm("1", "a"), key: value})

    assert not isinstance(refusal.value, Taken)
