"""Where time passes: every minute the due cases of each shard are ticked."""

from typing import Any

from chalice.app import CloudWatchEvent, Rate, SQSEvent

from casework.edge.door import door
from casework.edge.queue import each
from casework.recounting import change_to_count
from casework.runtime import world
from casework.sweeping import Order

deadlines = door("deadlines")
app = deadlines.app


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """One message a shard, so that shards are swept side by side; and counted anew, if need be."""
    queue = world().queue("SWEEP_QUEUE")
    change = change_to_count(world().marks, world().clock())
    for shard in range(world().alarm_shards):
        recount = change.number if change and shard not in change.done else None
        queue.send(Order(shard=shard, recount=recount).model_dump_json(exclude_defaults=True))


@app.on_sqs_message(queue="SweepQueue", batch_size=1)
def shard(event: SQSEvent) -> dict[str, Any]:
    return each(event, deadlines.logger, _shard)


def _shard(message: str) -> None:
    order = Order.model_validate_json(message)
    swept = world().sweeper.obey(order)
    deadlines.metrics.add_metric("CasesTicked", "Count", swept.ticked)
    deadlines.metrics.add_metric("TicksFailed", "Count", swept.failed)
    deadlines.metrics.add_metric("OldestDueAge", "Seconds", swept.oldest_seconds)
    if swept.calendar_days is not None:
        deadlines.metrics.add_metric("CalendarDaysLeft", "Count", swept.calendar_days)
    if order.recount is not None and not swept.left:
        counted = world().recounter.recount(order.shard, order.recount)
        deadlines.metrics.add_metric("CasesRecounted", "Count", counted.moved)
        deadlines.metrics.add_metric("RecountsFailed", "Count", counted.failed)
