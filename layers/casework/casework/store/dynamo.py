"""The table in DynamoDB. Low-level client: a resource costs 50 ms more at a cold start."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from casework.store.table import Index, Item, Key, Taken, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRANSIENT = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TransactionConflictException",
}
"""Codes below 500 that mean: later. Whatever is 500 or above means it anyway."""
_MOST_UNPROCESSED_ROUNDS = 5


class _Plain(TypeDeserializer):
    """Numbers as int or float, binary as bytes."""

    def _deserialize_n(self, value: str) -> int | float:
        return int(value) if value.lstrip("-").isdigit() else float(value)

    def _deserialize_b(self, value: bytes) -> bytes:
        return bytes(value)


class _Typed(TypeSerializer):
    """Accepts float, which DynamoDB stores as its shortest decimal."""

    def _is_number(self, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool)

    def _serialize_n(self, value: float) -> str:
        if not math.isfinite(value):
            raise ValueError(f"an item cannot hold {value!r}")
        return repr(value)


_READ, _WRITE = _Plain(), _Typed()


def typed(item: Item) -> dict[str, Any]:
    """An item as DynamoDB's API writes it."""
    return {name: _WRITE.serialize(value) for name, value in item.items()}


def plain(item: dict[str, Any]) -> Item:
    """An item as the rest of the service reads it."""
    return {name: _READ.deserialize(value) for name, value in item.items()}


class DynamoTable:
    """One DynamoDB table behind `casework.store.table.Table`."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client, self._name = client, name

    def put(self, item: Item) -> None:
        self._call("put_item", Item=typed(item))

    def put_many(self, items: Sequence[Item]) -> None:
        left: dict[str, Any] = {
            self._name: [{"PutRequest": {"Item": typed(item)}} for item in items]
        }
        for _ in range(_MOST_UNPROCESSED_ROUNDS):
            if not items or not left:
                return
            answer = self._call("batch_write_item", named=False, RequestItems=left)
            left = answer.get("UnprocessedItems", {})
        raise Unavailable("the table keeps leaving items unwritten")

    def put_new(self, item: Item) -> None:
        self._conditional(item, ConditionExpression="attribute_not_exists(pk)")

    def put_at(self, item: Item, version: int) -> None:
        self._conditional(
            item,
            ConditionExpression="version = :version",
            ExpressionAttributeValues={":version": {"N": str(version)}},
        )

    def get(self, key: Key) -> Item | None:
        answer = self._call("get_item", Key=_key(key), ConsistentRead=True)
        return plain(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        found: dict[Key, Item] = {}
        wanted: dict[str, Any] = {
            self._name: {
                # DynamoDB refuses a key that is asked for twice.
                "Keys": [_key(key) for key in dict.fromkeys(keys)],
                "ConsistentRead": consistent,
            }
        }
        for _ in range(_MOST_UNPROCESSED_ROUNDS):
            if not keys or not wanted:
                return found
            answer = self._call("batch_get_item", named=False, RequestItems=wanted)
            for raw in answer["Responses"].get(self._name, []):
                item = plain(raw)
                found[item["pk"], item["sk"]] = item
            wanted = answer.get("UnprocessedKeys", {})
        raise Unavailable("the table keeps leaving keys unread")

    def partition(self, pk: str, prefix: str = "") -> list[Item]:
        names: dict[str, Any] = {":pk": {"S": pk}}
        condition = "pk = :pk"
        if prefix:
            condition += " AND begins_with(sk, :prefix)"
            names[":prefix"] = {"S": prefix}
        items: list[Item] = []
        more: dict[str, Any] = {}
        while True:
            answer = self._call(
                "query",
                KeyConditionExpression=condition,
                ExpressionAttributeValues=names,
                ConsistentRead=True,
                **more,
            )
            items += [plain(raw) for raw in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                return items
            more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def query(
        self,
        index: Index,
        partition: str,
        limit: int,
        *,
        after: str | None = None,
        until: str | None = None,
        newest_first: bool = False,
    ) -> list[Item]:
        names = {"#partition": index.partition}
        values: dict[str, Any] = {":partition": {"S": partition}}
        condition = "#partition = :partition"
        low, high = (until, after) if newest_first else (after, until)
        if low is not None or high is not None:
            names["#sort"] = index.sort
        if low is not None and high is not None:
            if low > high:
                return []
            condition += " AND #sort BETWEEN :low AND :high"
        elif low is not None:
            condition += " AND #sort >= :low"
        elif high is not None:
            condition += " AND #sort <= :high"
        values |= {
            name: {"S": bound}
            for name, bound in ((":low", low), (":high", high))
            if bound is not None
        }
        wanted = limit + (1 if after is not None else 0)
        items: list[Item] = []
        more: dict[str, Any] = {}
        while len(items) < limit:
            answer = self._call(
                "query",
                IndexName=index.name,
                KeyConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ScanIndexForward=not newest_first,
                Limit=wanted,
                **more,
            )
            items += [item for raw in answer["Items"] if (item := plain(raw))[index.sort] != after]
            if "LastEvaluatedKey" not in answer:
                break
            more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return items[:limit]

    def _conditional(self, item: Item, **condition: Any) -> None:
        try:
            self._call(
                "put_item",
                Item=typed(item),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            present: Any = error.response.get("Item")
            raise Taken(plain(present) if present else None) from error

    def _call(self, operation: str, *, named: bool = True, **arguments: Any) -> dict[str, Any]:
        if named:
            arguments["TableName"] = self._name
        try:
            answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if status >= 500 or error.response["Error"]["Code"] in _TRANSIENT:
                raise Unavailable(str(error)) from error
            raise
        except BotoCoreError as error:
            raise Unavailable(str(error)) from error
        return answer


def _key(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}
