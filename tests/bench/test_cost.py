"""What one ordinary case costs, and that it stays within what the project has set itself."""

import json
import re

import pytest

from casework.views.names import command_name
from infra.bench import cost
from infra.bench.bill import Bill, bill_of, head_units_saved, kind_of
from infra.bench.life import ROOT, Life
from infra.bench.prices import Prices


@pytest.fixture(scope="module")
def life() -> Life:
    return cost.measure()


@pytest.fixture(scope="module")
def bill(life: Life) -> Bill:
    return bill_of(life, Prices.read())


def test_a_life_takes_at_most_46_write_units_and_15_read_units(bill: Bill) -> None:
    assert bill.total.write_units <= 46
    assert bill.total.read_units <= 15


def test_a_life_costs_at_most_80_millionths_of_a_dollar(bill: Bill) -> None:
    assert bill.total.usd <= 0.00008


def test_a_filing_makes_two_aws_calls_when_warm(bill: Bill) -> None:
    assert bill.filing_calls == 2


def test_a_life_is_seven_commits_each_published_once(life: Life, bill: Bill) -> None:
    kinds = [kind_of(call) for step in life.steps for call in step.calls if call.item]

    assert kinds.count("HEAD") == 7
    assert kinds.count("COMMIT") == 6  # HEAD carries the seventh
    assert kinds.count("TEXT") == 4
    assert bill.total.counts["sns_requests"] == 7
    assert bill.total.counts["api_requests"] == 6
    assert bill.total.counts["lambda_requests"] == 14
    assert bill.total.counts["sqs_requests"] == 2  # the dispatch queue: a receive and a delete


@pytest.mark.parametrize(
    ("step", "command"),
    [
        ("claim", "claim"),
        ("message_out", "message"),
        ("message_in", "message"),
        ("reply", "reply"),
        ("rating", "rate"),
    ],
)
def test_the_bill_calls_a_step_as_the_product_does(life: Life, step: str, command: str) -> None:
    (title,) = [one.title for one in life.steps if one.name == step]

    assert command_name(command, "zh-CN") in title


def test_the_case_ends_closed(life: Life) -> None:
    heads = [call.item for step in life.steps for call in step.calls if kind_of(call) == "HEAD"]

    assert heads[-1] is not None
    assert heads[-1]["state"] == {"S": "CLOSED"}
    assert "next_due" not in heads[-1]


def test_every_write_unit_is_accounted_for(bill: Bill) -> None:
    by_step = sum(line.write_units for line in bill.steps)

    assert by_step == bill.total.write_units == sum(bill.units_by.values())
    assert sum(bill.usd_by.values()) == pytest.approx(bill.total.usd)
    assert sum(line.usd for line in bill.steps) == pytest.approx(bill.total.usd)


def test_the_invitation_stands_apart(life: Life, bill: Bill) -> None:
    assert [kind for kind, _ in bill.notices.items] == ["NOTICE"]
    assert bill.notices.write_units == 1
    assert not any(kind == "NOTICE" for line in bill.steps for kind, _ in line.items)


def test_looking_for_like_cases_stands_apart(life: Life, bill: Bill) -> None:
    assert (bill.duplicates.write_units, bill.duplicates.read_units) == (12, 6)
    assert [call.operation for call in life.duplicates.calls] == ["BatchGetItem", "BatchWriteItem"]
    assert not any(kind_of(call) == "LIKE" for step in life.steps for call in step.calls)


def test_a_transaction_per_change_costs_more_even_at_its_leanest(bill: Bill) -> None:
    tables = sum(units for name, units in bill.units_by.items() if not name.startswith("index "))
    indexes = bill.total.write_units - tables

    assert bill.transactions == 2 * tables + indexes
    assert bill.total.write_units < bill.lean_transactions < bill.transactions


def test_body_stays_at_two_units_with_the_longer_key_of_the_real_kms(bill: Bill) -> None:
    moto, aws = 96, 184  # bytes of a wrapped data key
    (body,) = (size for line in bill.steps for kind, size in line.items if kind == "BODY")

    assert body + aws - moto <= 2048


def test_items_are_legible_texts_numbers_and_lists_but_for_what_is_encrypted(life: Life) -> None:
    calls = [call for step in life.steps for call in step.calls if call.item]
    binary = {name for call in calls for name, value in (call.item or {}).items() if "B" in value}

    assert binary == {"key"}


def test_a_smaller_head_saves_what_it_says(life: Life) -> None:
    assert head_units_saved(life, 0) == 0
    assert head_units_saved(life, 10_000) >= 14


def test_functions_have_the_memory_that_the_sum_assumes() -> None:
    written = re.search(
        r"^    MemorySize: (\d+)$", (ROOT / "template.yaml").read_text(), re.MULTILINE
    )

    assert written is not None
    assert int(written[1]) == Prices.read().memory_mb


def test_json_says_steps_and_total(life: Life, bill: Bill) -> None:
    document = json.loads(json.dumps(cost.document(bill, life, Prices.read())))

    assert [step["name"] for step in document["steps"]] == [
        "filing", "dispatch", "claim", "message_out", "message_in", "reply", "rating",
    ]  # fmt: skip
    assert document["total"].keys() >= {"write_units", "read_units", "usd"}


def test_what_is_over_a_limit_is_named_and_fails(
    life: Life, bill: Bill, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cost, "measure", lambda: life)
    assert cost.main(json=True) == 0
    json.loads(capsys.readouterr().out)

    limit = cost.Limit("write_units", 10, bill.total.write_units)
    monkeypatch.setattr(cost, "limits", lambda _: [limit])
    assert cost.main() == 1
    printed = capsys.readouterr()
    assert f"write_units {bill.total.write_units:g} > 10" in printed.err
    assert "提交 filing" in printed.out
