"""Where time passes: every minute the due cases of each shard are ticked."""

import json
from typing import Any

from chalice.app import CloudWatchEvent, Rate, SQSEvent

from casework.edge.door import door
from casework.edge.queue import each
from casework.runtime import world

deadlines = door("deadlines")
app = deadlines.app


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """One message a shard, so that shards are swept side by side."""
    queue = world().queue("SWEEP_QUEUE")
    for shard in range(world().alarm_shards):
        queue.send(json.dumps({"shard": shard}))


@app.on_sqs_message(queue="SweepQueue", batch_size=1)
def shard(event: SQSEvent) -> dict[str, Any]:
    return each(event, deadlines.logger, _shard)


def _shard(message: str) -> None:
    swept = world().sweeper.obey(message)
    deadlines.metrics.add_metric("CasesTicked", "Count", swept.ticked)
    deadlines.metrics.add_metric("TicksFailed", "Count", swept.failed)
    deadlines.metrics.add_metric("OldestDueAge", "Seconds", swept.oldest_seconds)
