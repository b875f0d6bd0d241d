"""The short cuts through moto change the speed and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.local import quicker
from infra.local.stack import Stack

ITEM: dict[str, Any] = {
    "pk": {"S": "1"},
    "sk": {"S": "#HEAD"},
    "empty": {"S": ""},
    "number": {"N": "12.5"},
    "binary": {"B": b"\x00\xff"},
    "yes": {"BOOL": True},
    "no": {"BOOL": False},
    "nothing": {"NULL": True},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "binaries": {"BS": [b"\x00", b"\x01"]},
    "list": {"L": [{"S": "x"}, {"M": {"deep": {"B": b"\x02"}}}, {"L": []}]},
    "map": {"M": {"S": {"N": "1"}, "inner": {"M": {}}}},
}
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
KEYS: dict[str, list[dict[str, str]]] = {
    "S": [{"S": text} for text in ("b", "a", "十", "10", "9")],
    "N": [{"N": text} for text in ("10", "9", "-1", "2.5", "1000")],
    "B": [{"B": b"\x02"}, {"B": b"\x01"}],  # type: ignore[dict-item]
}
KEPT: dict[str, Any] = {
    "text": {"S": "路灯不亮"},
    "number": {"N": "2.50"},
    "bytes": {"B": b"\x00\xff"},
    "nothing": {"NULL": True},
    "yes": {"BOOL": True},
    "names": {"SS": ["a", "b"]},
    "list": {"L": [{"M": {"inner": {"N": "1"}}}, {"S": ""}]},
    "owner": {"S": "gov"},
}


def test_every_type_of_value_comes_back_as_it_went_in(stack: Stack) -> None:
    client, name = boto3.client("dynamodb"), stack.environment["CASES_TABLE"]
    client.put_item(TableName=name, Item=ITEM)

    got = client.get_item(TableName=name, Key={"pk": ITEM["pk"], "sk": ITEM["sk"]})["Item"]
    asked = client.query(
        TableName=name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "1"}},
    )["Items"]

    for value in (got, *asked):
        assert {k: sets_sorted(v) for k, v in value.items()} == ITEM


def sets_sorted(value: Any) -> dict[str, Any]:
    """Sets come in any order."""
    return {kind: sorted(one) if kind[1:] == "S" else one for kind, one in value.items()}


@pytest.fixture(params=[False, True], ids=["moto's own", "quicker"])
def dynamodb(request: pytest.FixtureRequest) -> Iterator[Any]:
    with patch.dict("os.environ", CREDENTIALS), mock_aws(), ExitStack() as undone:
        if request.param:
            undone.callback(quicker.install())
        yield boto3.client("dynamodb")


def create(dynamodb: Any, kind: str, *, sorted_by: bool) -> None:
    keys = ["pk", "sk"] if sorted_by else ["pk"]
    dynamodb.create_table(
        TableName="things",
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": kind},
            *([{"AttributeName": "sk", "AttributeType": kind}] if sorted_by else []),
            {"AttributeName": "owner", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": name, "KeyType": role}
            for name, role in zip(keys, ("HASH", "RANGE"), strict=False)
        ],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_owner",
                "KeySchema": [
                    {"AttributeName": "owner", "KeyType": "HASH"},
                    {"AttributeName": keys[-1], "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


@pytest.mark.parametrize("kind", KEYS)
def test_items_come_in_the_order_of_their_keys_of_whatever_type(dynamodb: Any, kind: str) -> None:
    """By numbers, "10" comes after "9"; by letters, before it."""
    create(dynamodb, kind, sorted_by=True)
    for pk in KEYS[kind]:
        for sk in KEYS[kind]:
            dynamodb.put_item(TableName="things", Item={**KEPT, "pk": pk, "sk": sk})
    order: dict[str, Any] = {"S": str, "N": float, "B": bytes}
    expected = sorted(KEYS[kind], key=lambda key: order[kind](key[kind]))

    of_one = dynamodb.query(
        TableName="things",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": KEYS[kind][0]},
    )["Items"]
    of_owner = dynamodb.query(
        TableName="things",
        IndexName="by_owner",
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "gov"}},
    )["Items"]
    found = dynamodb.scan(TableName="things")["Items"]

    assert [item["sk"] for item in of_one] == expected
    assert [(i["pk"], i["sk"]) for i in found] == [(p, s) for p in expected for s in expected]
    assert [item["sk"] for item in of_owner] == [key for key in expected for _ in expected]
    assert all(item == {**KEPT, "pk": item["pk"], "sk": item["sk"]} for item in found)


def test_a_table_without_a_sort_key_is_read_in_order_too(dynamodb: Any) -> None:
    create(dynamodb, "S", sorted_by=False)
    for pk in KEYS["S"]:
        dynamodb.put_item(TableName="things", Item={**KEPT, "pk": pk})

    found = dynamodb.scan(TableName="things")["Items"]

    assert [item["pk"]["S"] for item in found] == ["10", "9", "a", "b", "十"]
    assert all(item == {**KEPT, "pk": item["pk"]} for item in found)


def test_an_item_that_is_too_large_is_refused(dynamodb: Any) -> None:
    create(dynamodb, "S", sorted_by=False)
    halves = {"one": {"S": "x" * 200_000}, "other": {"S": "x" * 200_000}}
    dynamodb.put_item(TableName="things", Item={"pk": {"S": "a"}, **halves})

    with pytest.raises(ClientError, match="Item size"):
        dynamodb.put_item(
            TableName="things", Item={"pk": {"S": "b"}, **halves, "more": {"S": "x" * 10_000}}
        )

    assert [i["pk"]["S"] for i in dynamodb.scan(TableName="things")["Items"]] == ["a"]
