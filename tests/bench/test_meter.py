"""The meter sees what boto3 asks and what is answered, and bills it."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.bench.billing import UnknownRule
from infra.bench.meter import Meter

KB = 1024


def item(sk: str, size: int = 100, **more: str) -> dict[str, Any]:
    """An item of about this size; its key is 1/<sk>."""
    rest = {name: {"S": value} for name, value in more.items()}
    return {"pk": {"S": "1"}, "sk": {"S": sk}, "text": {"S": "." * (size - 20)}, **rest}


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meter]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    meter = Meter()
    with mock_aws(), meter.listening():
        yield meter


@pytest.fixture
def table(meter: Meter) -> Any:
    """A client, and a table "cases" with the index `alarm` on `due`, known to the meter."""
    client = boto3.client("dynamodb")
    for name in ("cases", "unknown"):
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk", "due")
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "alarm",
                    "KeySchema": [{"AttributeName": "due", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
        )
    meter.knows(client.describe_table(TableName="cases")["Table"])
    return client


def spent(meter: Meter, kind: str) -> float:
    """What the last call was billed as."""
    return meter.calls[-1].counts.get(kind, 0)


def test_a_put_is_billed_by_its_item_and_the_indexes_that_it_reaches(
    meter: Meter, table: Any
) -> None:
    table.put_item(TableName="cases", Item=item("HEAD", 1500, due="1"))
    assert (meter.calls[-1].table_units, meter.calls[-1].index_units) == (2, {"alarm": 1})

    table.put_item(TableName="cases", Item=item("HEAD", 200, due="2"))
    assert (meter.calls[-1].table_units, meter.calls[-1].index_units) == (2, {"alarm": 2})

    table.put_item(TableName="cases", Item=item("HEAD", 300, due="2"))
    assert spent(meter, "dynamodb_write_units") == 1


def test_a_conditional_put_that_fails_costs_the_table_but_no_index(
    meter: Meter, table: Any
) -> None:
    table.put_item(TableName="cases", Item=item("HEAD", 2500, due="1"))

    with pytest.raises(ClientError):
        table.put_item(
            TableName="cases",
            Item=item("HEAD", 100, due="2"),
            ConditionExpression="attribute_not_exists(pk)",
        )

    assert spent(meter, "dynamodb_write_units") == 3
    stored = meter.stored("cases", "1", "HEAD")
    assert stored is not None
    assert stored["due"] == {"S": "1"}


def test_reads_are_billed_one_by_one_in_a_batch_and_together_in_a_query(
    meter: Meter, table: Any
) -> None:
    # the guide's example of BatchGetItem: 1.5 KB and 6.5 KB are read as 4 KB and 8 KB
    table.put_item(TableName="cases", Item=item("A", 1536))
    table.put_item(TableName="cases", Item=item("B", 6656))
    keys = [{"pk": {"S": "1"}, "sk": {"S": sk}} for sk in ("A", "B")]

    table.batch_get_item(RequestItems={"cases": {"Keys": keys, "ConsistentRead": True}})
    assert spent(meter, "dynamodb_read_units") == 3
    query: dict[str, Any] = {
        "TableName": "cases",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "1"}},
    }
    table.query(**query, ConsistentRead=True)
    assert spent(meter, "dynamodb_read_units") == 2
    table.query(**query)
    assert spent(meter, "dynamodb_read_units") == 1
    table.get_item(TableName="cases", Key=keys[1], ConsistentRead=True)
    assert spent(meter, "dynamodb_read_units") == 2


def test_what_is_not_there_costs_a_read_too(meter: Meter, table: Any) -> None:
    key = {"pk": {"S": "1"}, "sk": {"S": "LOCK"}}

    table.get_item(TableName="cases", Key=key)
    assert spent(meter, "dynamodb_read_units") == 0.5
    table.batch_get_item(RequestItems={"cases": {"Keys": [key], "ConsistentRead": True}})
    assert spent(meter, "dynamodb_read_units") == 1


def test_what_it_has_no_rule_for_is_refused_and_not_guessed(meter: Meter, table: Any) -> None:
    with pytest.raises(UnknownRule, match="not described"):
        table.put_item(TableName="unknown", Item=item("HEAD"))
    with pytest.raises(UnknownRule, match="DeleteItem"):
        table.delete_item(TableName="cases", Key={"pk": {"S": "1"}, "sk": {"S": "HEAD"}})
    with pytest.raises(UnknownRule, match="less than it reads"):
        table.get_item(
            TableName="cases",
            Key={"pk": {"S": "1"}, "sk": {"S": "HEAD"}},
            ProjectionExpression="pk",
        )


def test_a_message_is_a_request_for_each_64_kb_and_a_batch_is_one(meter: Meter) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="unit")["QueueUrl"]

    sqs.send_message(QueueUrl=url, MessageBody="路" * 30_000)
    assert spent(meter, "sqs_requests") == 2
    sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "x"} for n in range(10)]
    )
    assert spent(meter, "sqs_requests") == 1
    sqs.receive_message(QueueUrl=url)
    assert meter.calls[-1].messages == 1


def test_when_it_stops_listening_nothing_more_is_counted(meter: Meter) -> None:
    other = Meter()
    with other.listening():
        sns = boto3.client("sns")
        arn = sns.create_topic(Name="events")["TopicArn"]
        sns.publish(TopicArn=arn, Message="{}")
    counted = len(other.calls)

    sns.publish(TopicArn=arn, Message="{}")
    boto3.client("sns").publish(TopicArn=arn, Message="{}")

    assert len(other.calls) == counted == 2
