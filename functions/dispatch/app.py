"""Where a case that nobody holds yet finds its department, or a person who chooses."""

from typing import Any

from chalice.app import SQSEvent

from casework.edge.door import door
from casework.edge.queue import each
from casework.runtime import world
from schemas.events import Announcement

dispatch = door("dispatch")
app = dispatch.app


@app.on_sqs_message(queue="DispatchQueue", batch_size=10)
def route(event: SQSEvent) -> dict[str, Any]:
    return each(event, dispatch.logger, _route)


def _route(message: str) -> None:
    announced = Announcement.model_validate_json(message)
    outcome = world().dispatcher.route(announced.case_number)
    if outcome is not None:
        dispatch.metrics.add_metric(f"Dispatched{outcome.title()}", "Count", 1)
