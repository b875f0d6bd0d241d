"""A DynamoDB stream as an event source: order, filter, retries, bisection, failure destination."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.local.cloud import Cloud
from infra.local.functions import Function, FunctionError
from infra.local.patterns import matches
from infra.local.sources import deliver, failures

Record = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """How a stream's batches are made and what becomes of one that fails."""

    batch_size: int = 100
    patterns: list[dict[str, Any]] = field(default_factory=list)
    partial: bool = False
    bisect: bool = False
    retries: int = 10
    failure_queue: str | None = None


class StreamPoller:
    """Takes the records of a table's stream, in their order, to a function.

    A batch that fails is tried again at once; `pause` is called before, with the number of the
    try, so that a server can wait a little and a test need not.
    """

    def __init__(
        self,
        cloud: Cloud,
        function: Function,
        stream_arn: str,
        rules: Rules,
        now: Callable[[], datetime],
        deliveries: int = 1,
    ) -> None:
        self.name = function.name
        self.pause: Callable[[int], None] = lambda tries: None
        self._streams = cloud.client("dynamodbstreams")
        self._cloud = cloud
        self._function = function
        self._arn = stream_arn
        self._rules = rules
        self._now = now
        self._deliveries = deliveries
        self._one_at_a_time = threading.Lock()
        described = self._streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]
        (shard,) = described["Shards"]
        self._shard = shard["ShardId"]
        self._iterator = self._streams.get_shard_iterator(
            StreamArn=stream_arn, ShardId=self._shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def poll(self) -> bool:
        """Take one batch through the function; False if the stream had nothing new."""
        with self._one_at_a_time:
            found = self._streams.get_records(
                ShardIterator=self._iterator, Limit=self._rules.batch_size
            )
            records = [self._record(one) for one in found["Records"]]
            wanted = [one for one in records if self._passes(one)]
            if wanted:
                self._deliver(wanted, 0)
            self._iterator = found["NextShardIterator"]
            return bool(records)

    def _passes(self, record: Record) -> bool:
        patterns = self._rules.patterns
        return not patterns or any(matches(pattern, record) for pattern in patterns)

    def _deliver(self, records: list[Record], tries: int) -> None:
        """Deliver until all is handled or given up. What went well is never delivered again."""
        while records:
            failed_at = self._first_failure(records)
            if failed_at is None:
                return
            if failed_at > 0:
                records = records[failed_at:]  # the checkpoint moved: that is no retry
            elif self._rules.bisect and len(records) > 1:  # nor is a split
                half = len(records) // 2
                self._deliver(records[:half], tries)
                records = records[half:]
            else:
                tries += 1
                if tries > self._rules.retries:
                    self._give_up(records, tries)
                    return
                self.pause(tries)

    def _first_failure(self, records: list[Record]) -> int | None:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        try:
            answer = deliver(self._function, {"Records": records}, self._deliveries)
        except FunctionError:
            return 0
        failed = failures(answer, numbers, self._rules.partial)
        return min((numbers.index(one) for one in failed), default=None)

    def _give_up(self, records: list[Record], tries: int) -> None:
        if self._rules.failure_queue is None:
            return
        report = {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": self._function.arn,
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": tries,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": self._now().isoformat(),
            "DDBStreamBatchInfo": {
                "shardId": self._shard,
                "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
                "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
                "batchSize": len(records),
                "streamArn": self._arn,
            },
        }
        self._cloud.send(self._rules.failure_queue, report)

    def _record(self, record: dict[str, Any]) -> Record:
        """The record in the shape of Lambda's DynamoDB event."""
        found: Record = _plain(record)
        found.update(eventSourceARN=self._arn, awsRegion=self._cloud.region)
        return found


def _plain(value: Any) -> Any:
    """JSON as Lambda gives it: times in seconds, binary values in base64."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value
