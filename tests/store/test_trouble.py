"""What the store says when AWS does not answer: Unavailable, and only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.stub import Stubber

from casework.store.bus import SnsTopic, SqsQueue, UnitQueues
from casework.store.clients import Clients
from casework.store.dynamo import DynamoTable
from casework.store.table import ALARM, Table, Taken, Unavailable
from casework.store.vault import AwsVault
from tests.support.aws import REGION, Aws

ITEM = {"pk": "1", "sk": "#HEAD", "version": 1}
CALLS: dict[str, tuple[str, Callable[[Table], Any]]] = {
    "put": ("put_item", lambda table: table.put(ITEM)),
    "put_many": ("batch_write_item", lambda table: table.put_many([ITEM])),
    "put_new": ("put_item", lambda table: table.put_new(ITEM)),
    "put_at": ("put_item", lambda table: table.put_at(ITEM, 0)),
    "get": ("get_item", lambda table: table.get(("1", "#HEAD"))),
    "get_many": ("batch_get_item", lambda table: table.get_many([("1", "#HEAD")])),
    "partition": ("query", lambda table: table.partition("1")),
    "query": ("query", lambda table: table.query(ALARM, "0", 1)),
}
TRANSIENT = [
    ("ThrottlingException", 400),
    ("ProvisionedThroughputExceededException", 400),
    ("RequestLimitExceeded", 400),
    ("InternalServerError", 500),
    ("ServiceUnavailable", 503),
    ("InternalFailure", 500),
    ("AnErrorThatNobodyKnows", 502),
]


@pytest.fixture(scope="module")
def clients(cloud: Aws) -> Clients:
    """Clients that nobody else uses, to be stubbed."""
    return Clients(REGION)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(("code", "status"), TRANSIENT, ids=[code for code, _ in TRANSIENT])
def test_a_table_that_cannot_answer_now_is_unavailable(
    clients: Clients, call: str, code: str, status: int
) -> None:
    operation, ask = CALLS[call]
    table = DynamoTable(clients.dynamodb, "cases")
    with Stubber(clients.dynamodb) as stub:
        stub.add_client_error(operation, code, http_status_code=status)
        with pytest.raises(Unavailable):
            ask(table)


@pytest.mark.parametrize("call", CALLS)
def test_a_request_that_is_wrong_is_not_taken_for_a_busy_table(clients: Clients, call: str) -> None:
    operation, ask = CALLS[call]
    table = DynamoTable(clients.dynamodb, "cases")
    with Stubber(clients.dynamodb) as stub:
        stub.add_client_error(operation, "ValidationException", http_status_code=400)
        with pytest.raises(ClientError):
            ask(table)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://dynamodb"),
        ConnectTimeoutError(endpoint_url="https://dynamodb"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_table_that_cannot_be_reached_is_unavailable(
    clients: Clients, call: str, error: Exception
) -> None:
    table = DynamoTable(clients.dynamodb, "cases")

    def cut(**_: Any) -> None:
        raise error

    events = clients.dynamodb.meta.events
    events.register("before-call.dynamodb", cut)
    try:
        with pytest.raises(Unavailable):
            CALLS[call][1](table)
    finally:
        events.unregister("before-call.dynamodb", cut)


def test_keys_that_are_left_unread_are_asked_for_again(clients: Clients) -> None:
    """BatchGetItem may leave keys out under load and says which."""
    table = DynamoTable(clients.dynamodb, "cases")
    keys = [{"pk": {"S": "1"}, "sk": {"S": sk}} for sk in ("#HEAD", "BODY")]
    with Stubber(clients.dynamodb) as stub:
        stub.add_response(
            "batch_get_item",
            {
                "Responses": {"cases": [keys[0]]},
                "UnprocessedKeys": {"cases": {"Keys": [keys[1]], "ConsistentRead": True}},
            },
            {"RequestItems": {"cases": {"Keys": keys, "ConsistentRead": True}}},
        )
        stub.add_response(
            "batch_get_item",
            {"Responses": {"cases": [keys[1]]}, "UnprocessedKeys": {}},
            {"RequestItems": {"cases": {"Keys": [keys[1]], "ConsistentRead": True}}},
        )
        found = table.get_many([("1", "#HEAD"), ("1", "BODY")])

    assert set(found) == {("1", "#HEAD"), ("1", "BODY")}


def test_a_table_that_keeps_leaving_keys_unread_is_unavailable(clients: Clients) -> None:
    table = DynamoTable(clients.dynamodb, "cases")
    left = {"cases": {"Keys": [{"pk": {"S": "1"}, "sk": {"S": "#HEAD"}}]}}
    with Stubber(clients.dynamodb) as stub:
        for _ in range(5):
            stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": left})
        with pytest.raises(Unavailable):
            table.get_many([("1", "#HEAD")])


def test_items_that_are_left_unwritten_are_written_again(clients: Clients) -> None:
    """BatchWriteItem may leave items out under load and says which."""
    table = DynamoTable(clients.dynamodb, "cases")
    puts = [{"PutRequest": {"Item": {"pk": {"S": "1"}, "sk": {"S": sk}}}} for sk in ("a", "b")]
    with Stubber(clients.dynamodb) as stub:
        stub.add_response(
            "batch_write_item",
            {"UnprocessedItems": {"cases": [puts[1]]}},
            {"RequestItems": {"cases": puts}},
        )
        stub.add_response(
            "batch_write_item", {"UnprocessedItems": {}}, {"RequestItems": {"cases": [puts[1]]}}
        )
        table.put_many([{"pk": "1", "sk": "a"}, {"pk": "1", "sk": "b"}])

        for _ in range(5):
            stub.add_response("batch_write_item", {"UnprocessedItems": {"cases": puts}})
        with pytest.raises(Unavailable):
            table.put_many([{"pk": "1", "sk": "a"}, {"pk": "1", "sk": "b"}])


def test_a_write_whose_answer_was_lost_is_seen_as_taken_by_its_own_item(cloud: Aws) -> None:
    """What botocore's own retry meets: the first try went through, the second finds it there."""
    table = cloud.new_table()
    table.put_new(ITEM)

    with pytest.raises(Taken) as taken:
        table.put_new(ITEM)

    assert taken.value.present == ITEM


Ask = Callable[[Clients], Any]
OTHERS: dict[str, tuple[str, str, Ask]] = {
    "topic": ("sns", "publish", lambda one: SnsTopic(one.sns, "arn:aws:sns:x:1:e").publish("", {})),
    "queue": ("sqs", "send_message", lambda one: SqsQueue(one.sqs, "https://queue").send("")),
    "unit": ("sqs", "get_queue_url", lambda one: UnitQueues(one.sqs, "lianxin").of_unit("roads")),
    "master": ("secrets", "get_secret_value", lambda one: _vault(one).master()),
    "data key": ("kms", "generate_data_key", lambda one: _vault(one).new_data_key()),
    "unwrap": ("kms", "decrypt", lambda one: _vault(one).unwrap(b"wrapped")),
}


def _vault(clients: Clients) -> AwsVault:
    return AwsVault(clients.secrets, clients.kms, "secret", "key")


@pytest.mark.parametrize(("code", "status"), TRANSIENT, ids=[code for code, _ in TRANSIENT])
@pytest.mark.parametrize("name", OTHERS)
def test_a_topic_queues_and_keys_that_cannot_be_had_now_are_unavailable(
    clients: Clients, name: str, code: str, status: int
) -> None:
    service, operation, ask = OTHERS[name]
    client = getattr(clients, service)
    with Stubber(client) as stub:
        stub.add_client_error(operation, code, http_status_code=status)
        with pytest.raises(Unavailable):
            ask(clients)
