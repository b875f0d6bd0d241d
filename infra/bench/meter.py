"""A meter on botocore: every AWS call of this process, with what it is billed as.

DynamoDB's answers say nothing of their price on a laptop (moto's ConsumedCapacity is a constant),
so the meter applies the rules of `billing` to the items themselves. What a write costs depends on
what was there before: the meter keeps a copy of every item it saw written, so it has to listen
from the first write on.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from infra.bench.billing import TableShape, Typed, UnknownRule, item_size, read_units, write_units

MESSAGE_BYTES = 64 * 1024
"""A message to SNS or SQS is a request for each 64 KB."""
_FREE = {
    "dynamodb": {"CreateTable", "DescribeTable"},
    "dynamodbstreams": None,  # Lambda's own reads of a stream cost nothing
    "cloudformation": None,
}
_REFUSED = "ConditionalCheckFailedException"


@dataclass(frozen=True)
class Call:
    """One AWS call. `counts` is what it is billed as, by the names of prices.toml; `function` is
    the caller's logical id, None for the stack's own pollers."""

    service: str
    operation: str
    function: str | None
    counts: Mapping[str, float]
    subject: str = ""
    """What it was about: an item's sort key, a queue's URL."""
    size: int = 0
    """Bytes of the item that was written."""
    table_units: int = 0
    index_units: Mapping[str, int] = field(default_factory=dict)
    item: Typed | None = None
    messages: int = 0
    """Messages that a receive brought."""


class Meter:
    """Listens to every client that is made while it runs; `calls` is the whole ledger."""

    def __init__(self, caller: Callable[[], str | None] = lambda: None) -> None:
        """`caller` tells which function runs in this thread."""
        self.calls: list[Call] = []
        self._caller, self._on = caller, False
        self._tables: dict[str, TableShape] = {}
        self._items: dict[tuple[str, tuple[str, ...]], Typed] = {}

    def knows(self, description: Mapping[str, Any]) -> None:
        """Learn a table from the answer of DescribeTable; writes to others raise UnknownRule."""
        shape = TableShape.of(description)
        self._tables[shape.name] = shape

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to the clients that are made from here on, until the block ends."""
        own = [
            ("before-parameter-build", self._note_request),
            ("after-call", self._note_answer),
        ]
        BUILTIN_HANDLERS.extend(own)
        self._on = True
        try:
            yield
        finally:
            self._on = False  # clients that live on keep their handlers
            for handler in own:
                BUILTIN_HANDLERS.remove(handler)

    def stored(self, table: str, *key: str) -> Typed | None:
        """The item as it was last written."""
        return self._items.get((table, tuple(str({"S": part}) for part in key)))

    # -- botocore's events -----------------------------------------------------------------

    def _note_request(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["metered"] = params

    def _note_answer(
        self, parsed: Mapping[str, Any], model: Any, context: Mapping[str, Any], **_: Any
    ) -> None:
        if not self._on or "metered" not in context:
            return
        service, operation = str(model.service_model.service_name), str(model.name)
        free = _FREE.get(service, set())
        if free is None or operation in free:
            return
        reader = getattr(self, f"_{service}", None)
        if reader is None:
            raise UnknownRule(f"calls of {service}")
        self.calls.append(reader(operation, context["metered"], parsed))

    def _call(self, service: str, operation: str, counts: Mapping[str, float], **more: Any) -> Call:
        return Call(service, operation, self._caller(), counts, **more)

    # -- services --------------------------------------------------------------------------

    def _dynamodb(self, operation: str, asked: Mapping[str, Any], got: Mapping[str, Any]) -> Call:
        if operation == "PutItem":
            return self._put(asked, got)
        if operation == "BatchWriteItem":
            return self._put_many(asked, got)
        units = self._read(operation, asked, got)
        return self._call(
            "dynamodb", operation, {"dynamodb_read_units": units}, subject=_first_key(asked)
        )

    def _put(self, asked: Mapping[str, Any], got: Mapping[str, Any]) -> Call:
        shape = self._tables.get(asked["TableName"])
        if shape is None:
            raise UnknownRule(f"a write to the table {asked['TableName']}, which was not described")
        item: Typed = asked["Item"]
        place = (shape.name, shape.key(item))
        before = self._items.get(place)
        units, indexes = write_units(before, item), {}
        if got.get("Error", {}).get("Code") != _REFUSED:
            indexes = shape.index_units(before, item)
            self._items[place] = item
        return self._call(
            "dynamodb",
            "PutItem",
            {"dynamodb_write_units": units + sum(indexes.values())},
            subject=next(iter(item.get("sk", {"S": ""}).values())),
            size=item_size(item),
            table_units=units,
            index_units=indexes,
            item=item,
        )

    def _put_many(self, asked: Mapping[str, Any], got: Mapping[str, Any]) -> Call:
        """Several puts in one request, each billed as if it were alone."""
        if got.get("UnprocessedItems"):
            raise UnknownRule("items that BatchWriteItem left unwritten")
        puts = [
            self._put({"TableName": table, "Item": request["PutRequest"]["Item"]}, {})
            for table, requests in asked["RequestItems"].items()
            for request in requests
        ]
        units = sum(put.counts["dynamodb_write_units"] for put in puts)
        return self._call(
            "dynamodb",
            "BatchWriteItem",
            {"dynamodb_write_units": units},
            subject=puts[0].subject,
            size=sum(put.size for put in puts),
        )

    def _read(self, operation: str, asked: Mapping[str, Any], got: Mapping[str, Any]) -> float:
        if asked.keys() & {"ProjectionExpression", "FilterExpression"}:
            raise UnknownRule(f"{operation} that answers with less than it reads")
        consistent = bool(asked.get("ConsistentRead"))
        if operation == "GetItem":
            return read_units([item_size(got.get("Item", {}))], consistent=consistent)
        if operation == "Query":
            return read_units(map(item_size, got["Items"]), consistent=consistent)
        if operation == "BatchGetItem":
            return sum(
                self._batch(table, wanted, got) for table, wanted in asked["RequestItems"].items()
            )
        raise UnknownRule(f"{operation} on DynamoDB")

    def _batch(self, table: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> float:
        consistent = bool(wanted.get("ConsistentRead"))
        left = len(got.get("UnprocessedKeys", {}).get(table, {}).get("Keys", []))
        found = [item_size(item) for item in got["Responses"].get(table, [])]
        missing = [0] * (len(wanted["Keys"]) - left - len(found))
        return sum(read_units([size], consistent=consistent) for size in (*found, *missing))

    def _sns(self, operation: str, asked: Mapping[str, Any], got: Mapping[str, Any]) -> Call:
        return self._call("sns", operation, {"sns_requests": _chunks(asked.get("Message", ""))})

    def _sqs(self, operation: str, asked: Mapping[str, Any], got: Mapping[str, Any]) -> Call:
        messages = got.get("Messages", [])
        payload = asked.get("MessageBody", "") + "".join(each["Body"] for each in messages)
        return self._call(
            "sqs",
            operation,
            {"sqs_requests": _chunks(payload)},
            subject=asked.get("QueueUrl", ""),
            messages=len(messages),
        )

    def _kms(self, operation: str, asked: Mapping[str, Any], got: Mapping[str, Any]) -> Call:
        return self._call("kms", operation, {"kms_requests": 1})

    def _secretsmanager(
        self, operation: str, asked: Mapping[str, Any], got: Mapping[str, Any]
    ) -> Call:
        return self._call("secretsmanager", operation, {"secrets_requests": 1})


def _first_key(asked: Mapping[str, Any]) -> str:
    """The sort key of the first item that a batch asks for."""
    wanted = next(iter(asked.get("RequestItems", {}).values()), None)
    return str(wanted["Keys"][0]["sk"]["S"]) if wanted else ""


def _chunks(payload: str) -> int:
    return max(1, ceil(len(payload.encode()) / MESSAGE_BYTES))
