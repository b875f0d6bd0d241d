"""DynamoDB's rules of billing, against sizes and units worked out by hand or in AWS's own guide."""

from typing import Any

import pytest

from infra.bench.billing import (
    Projection,
    TableShape,
    Typed,
    UnknownRule,
    item_size,
    read_units,
    value_size,
    write_units,
)

KB = 1024


def item_of(size: int, **more: Any) -> Typed:
    """An item of exactly this many bytes (its key takes 3 of them)."""
    rest = {name: {"S": value} for name, value in more.items()}
    fixed = item_size({"pk": {"S": "1"}, **rest}) + len("x")
    return {"pk": {"S": "1"}, "x": {"S": "." * (size - fixed)}, **rest}


class TestSizes:
    """ "DynamoDB item sizes and formats", rule by rule."""

    @pytest.mark.parametrize(
        ("value", "size"),
        [
            ({"S": "abc"}, 3),
            ({"S": "路灯"}, 6),  # UTF-8
            ({"S": ""}, 0),
            ({"B": b"\x00" * 10}, 10),  # raw, not base64
            ({"BOOL": True}, 1),
            ({"NULL": True}, 1),
            ({"N": "0"}, 1),
            ({"N": "7"}, 2),  # one digit is half a pair, and one byte
            ({"N": "27"}, 2),
            ({"N": "127"}, 3),
            ({"N": "-27"}, 3),  # a sign takes a byte
            ({"N": "2700"}, 2),  # trailing zeros are trimmed
            ({"N": "0.027"}, 2),  # leading ones too
            ({"N": "1.5E10"}, 2),
            ({"L": []}, 3),
            ({"M": {}}, 3),
            ({"L": [{"S": "ab"}, {"S": "c"}]}, 3 + (1 + 2) + (1 + 1)),
            ({"M": {"at": {"S": "abc"}}}, 3 + (1 + 2 + 3)),
            ({"M": {"l": {"L": [{"BOOL": False}]}}}, 3 + 1 + 1 + (3 + 1 + 1)),
        ],
    )
    def test_a_value(self, value: dict[str, Any], size: int) -> None:
        assert value_size(value) == size

    def test_an_item_is_its_names_and_its_values(self) -> None:
        item = {"pk": {"S": "1817209355617206"}, "版本": {"N": "12"}}
        assert item_size(item) == (2 + 16) + (6 + 2)

    def test_a_set_has_no_documented_size_and_is_refused(self) -> None:
        with pytest.raises(UnknownRule, match="SS"):
            value_size({"SS": ["a"]})


class TestReads:
    """ "DynamoDB read and write operations"."""

    def test_sizes_are_rounded_up_to_4_kb(self) -> None:
        assert read_units([3 * KB + 512], consistent=True) == 1
        assert read_units([4 * KB], consistent=True) == 1
        assert read_units([4 * KB + 1], consistent=True) == 2
        assert read_units([10 * KB], consistent=True) == 3

    def test_an_eventually_consistent_read_costs_half(self) -> None:
        assert read_units([8 * KB], consistent=False) == 1
        assert read_units([1], consistent=False) == 0.5

    def test_nothing_found_costs_the_least_read(self) -> None:
        assert read_units([0], consistent=True) == 1
        assert read_units([], consistent=False) == 0.5

    def test_a_query_rounds_what_it_read_together(self) -> None:
        # the guide's example: items of 40.8 KB in all are billed as 44 KB
        assert read_units([1024] * 40 + [819], consistent=True) == 11


class TestWrites:
    def test_sizes_are_rounded_up_to_1_kb(self) -> None:
        assert write_units(None, item_of(512)) == 1
        assert write_units(None, item_of(KB)) == 1
        assert write_units(None, item_of(KB + 512)) == 2

    def test_the_larger_of_before_and_after_counts(self) -> None:
        assert write_units(item_of(3 * KB), item_of(100)) == 3
        assert write_units(item_of(100), item_of(3 * KB)) == 3


class TestIndexes:
    """ "Using Global Secondary Indexes in DynamoDB": when a write of the table reaches an index."""

    index = Projection("worklist", ("holder", "due"), frozenset({"pk", "holder", "due", "state"}))

    def units(self, before: Typed | None, after: Typed | None) -> int:
        return self.index.write_units(before, after)

    def test_a_new_entry_is_one_write(self) -> None:
        assert self.units(None, item_of(3 * KB, holder="a", due="1")) == 1

    def test_an_item_that_lacks_a_key_has_no_entry(self) -> None:
        assert self.units(None, item_of(50, holder="a")) == 0

    def test_an_entry_that_goes_is_one_write(self) -> None:
        assert self.units(item_of(50, holder="a", due="1"), item_of(50)) == 1

    def test_a_changed_key_is_two(self) -> None:
        before, after = item_of(50, holder="a", due="1"), item_of(50, holder="a", due="2")
        assert self.units(before, after) == 2

    def test_a_changed_shown_attribute_is_one(self) -> None:
        before = item_of(60, holder="a", due="1", state="TRIAGE")
        assert self.units(before, item_of(60, holder="a", due="1", state="CLOSED")) == 1

    def test_a_change_that_the_index_does_not_show_costs_nothing(self) -> None:
        before = item_of(60, holder="a", due="1")
        assert self.units(before, item_of(900, holder="a", due="1")) == 0

    def test_an_entry_is_billed_by_its_own_size(self) -> None:
        whole = Projection("all", ("holder",), None)
        item = item_of(3 * KB, holder="a")
        assert whole.write_units(None, item) == 3
        assert self.units(None, {**item, "due": {"S": "1"}}) == 1


def test_a_table_is_learnt_from_its_description() -> None:
    shape = TableShape.of(
        {
            "TableName": "cases",
            "KeySchema": [{"AttributeName": "pk"}, {"AttributeName": "sk"}],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "alarm",
                    "KeySchema": [{"AttributeName": "shard"}, {"AttributeName": "next_due"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
        }
    )
    item = {name: {"S": "1"} for name in ("pk", "sk", "shard", "next_due", "other")}

    assert shape.index_units(None, item) == {"alarm": 1}
    entry = shape.indexes[0].entry(item)
    assert entry is not None
    assert set(entry) == {"pk", "sk", "shard", "next_due"}
