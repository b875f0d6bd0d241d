"""SQS as an event source: visibility, partial batches, redrive to the dead-letter queue."""

from __future__ import annotations

import base64
import threading
from typing import Any

from infra.local.cloud import Cloud
from infra.local.functions import Function, FunctionError
from infra.local.sources import deliver, failures


class QueuePoller:
    """Takes batches from a queue to a function.

    A message that failed shows again after `retry_after` seconds, not after the queue's long
    visibility time-out. Its receive count stays true, so that moto moves it to the dead-letter
    queue when `maxReceiveCount` is reached.
    """

    def __init__(
        self,
        cloud: Cloud,
        function: Function,
        queue_arn: str,
        batch_size: int,
        partial: bool,
        deliveries: int = 1,
    ) -> None:
        self.name = function.name
        self.retry_after = 0
        self._cloud = cloud
        self._sqs = cloud.client("sqs")
        self._region = cloud.region
        self._function = function
        self._arn = queue_arn
        self._url = self._sqs.get_queue_url(QueueName=queue_arn.rpartition(":")[2])["QueueUrl"]
        self._batch_size = min(batch_size, 10)  # as many as one ReceiveMessage gives
        self._partial = partial
        self._deliveries = deliveries
        self._one_at_a_time = threading.Lock()

    def poll(self) -> bool:
        """Take one batch through the function; False if no message was visible."""
        with self._one_at_a_time:
            if not self._cloud.has_messages(self._arn):
                return False
            received = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=self._batch_size,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            if not received:
                return False
            failed = self._handle(received)
            self._delete([m for m in received if m["MessageId"] not in failed])
            for message in received:
                if message["MessageId"] in failed:
                    self._sqs.change_message_visibility(
                        QueueUrl=self._url,
                        ReceiptHandle=message["ReceiptHandle"],
                        VisibilityTimeout=self.retry_after,
                    )
            return True

    def _handle(self, received: list[dict[str, Any]]) -> set[str]:
        ids = [message["MessageId"] for message in received]
        event = {"Records": [self._record(message) for message in received]}
        try:
            answer = deliver(self._function, event, self._deliveries)
        except FunctionError:
            return set(ids)
        return failures(answer, ids, self._partial)

    def _delete(self, done: list[dict[str, Any]]) -> None:
        if done:
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(done)
                ],
            )

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message in the shape of Lambda's SQS event."""
        attributes = message.get("MessageAttributes", {})
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {name: _attribute(one) for name, one in attributes.items()},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": self._region,
        }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        found["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        found["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode("ascii")
    return found
