"""The short cut through moto's serializer changes the speed and nothing else."""

from __future__ import annotations

from typing import Any

import boto3

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
