"""Where a case that nobody holds yet finds its department, or a person who chooses; and where what
was decided on a lead case reaches the cases that follow it."""

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
    if world().learned.fault is not None:
        dispatch.metrics.add_metric("ModelUnusable", "Count", 1)


@app.on_sqs_message(queue="FollowQueue", batch_size=10)
def follow(event: SQSEvent) -> dict[str, Any]:
    return each(event, dispatch.logger, _follow)


def _follow(message: str) -> None:
    announced = Announcement.model_validate_json(message)
    told = world().followers.follow(announced.case_number, announced.commit.version)
    dispatch.metrics.add_metric("FollowersTold", "Count", told)
