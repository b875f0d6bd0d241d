"""Where committed events leave the table: the stream is the outbox."""

import json
import time
from typing import Any

from chalice.app import DynamoDBEvent, SQSEvent

from casework.edge.door import door
from casework.edge.queue import each
from casework.runtime import world

BUDGET = 15.0
"""Seconds of one batch, well within the function's time-out, however slowly the topic answers."""

relay = door("relay")
app = relay.app


@app.on_dynamodb_record(stream_arn="CasesTable", batch_size=100)
def publish(event: DynamoDBEvent) -> dict[str, Any]:
    """Publish each new HEAD's commit; the first that cannot even be put aside comes again."""
    began = time.monotonic()
    for record in event.to_dict()["Records"]:
        if time.monotonic() - began > BUDGET:
            return _again_from(record)
        if "NewImage" not in record["dynamodb"]:
            continue
        try:
            world().relay.publish_image(record["dynamodb"]["NewImage"])
        except Exception as error:  # noqa: BLE001 - the stream tries again from here
            relay.logger.error("relay failed", extra={"kind": type(error).__name__})
            return _again_from(record)
    return {"batchItemFailures": []}


def _again_from(record: dict[str, Any]) -> dict[str, Any]:
    """The stream goes on from this record: what came before it is done."""
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}


@app.on_sqs_message(queue="RelayQueue", batch_size=10)
def republish(event: SQSEvent) -> dict[str, Any]:
    return each(event, relay.logger, _republish)


def _republish(message: str) -> None:
    failed = json.loads(message)
    world().relay.publish_again(failed["case_number"], int(failed["version"]))
