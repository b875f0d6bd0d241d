"""The topic and the queues, in SNS and SQS."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from casework.store.table import Queue, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef
    from mypy_boto3_sqs import SQSClient


class SnsTopic:
    """The topic `CaseEvents`. Attributes are what subscribers filter on."""

    def __init__(self, client: "SNSClient", arn: str) -> None:
        self._client, self._arn = client, arn

    def publish(self, message: str, attributes: Mapping[str, str | Sequence[str]]) -> None:
        typed = {name: _attribute(value) for name, value in attributes.items()}
        _available(
            self._client.publish, TopicArn=self._arn, Message=message, MessageAttributes=typed
        )


def _attribute(value: str | Sequence[str]) -> "MessageAttributeValueTypeDef":
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": json.dumps(list(value))}


class SqsQueue:
    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client, self._url = client, url

    def send(self, message: str) -> None:
        _available(self._client.send_message, QueueUrl=self._url, MessageBody=message)


class UnitQueues:
    """Queues named `<prefix>-unit-<code>`, made by infra/units/unit-queue.yaml."""

    def __init__(self, client: "SQSClient", prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._known: dict[str, SqsQueue] = {}

    def of_unit(self, unit: str) -> Queue:
        if unit not in self._known:
            name = f"{self._prefix}-unit-{unit}"
            url = _available(self._client.get_queue_url, QueueName=name)["QueueUrl"]
            self._known[unit] = SqsQueue(self._client, url)
        return self._known[unit]


def _available(call: Callable[..., Any], **arguments: Any) -> Any:
    try:
        return call(**arguments)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(str(error)) from error
