"""Where the citizen judges: the rating, and the invitation to give one."""

from typing import Any

from chalice.app import SQSEvent

from casework.edge.acting import citizen_acts
from casework.edge.ask import Ask
from casework.edge.door import Reply, door
from casework.edge.queue import each
from casework.runtime import world
from schemas import commands as c
from schemas.events import Announcement

feedback = door("feedback")
app = feedback.app


@feedback.route("/v1/cases/{case_number}/rating", "POST")
def rate(ask: Ask, case_number: str) -> Reply:
    return citizen_acts(ask, case_number, c.Rate)


@app.on_sqs_message(queue="FeedbackQueue", batch_size=10)
def invite(event: SQSEvent) -> dict[str, Any]:
    """Put the invitation to rate where the citizen finds it."""
    return each(event, feedback.logger, _invite)


def _invite(message: str) -> None:
    announced = Announcement.model_validate_json(message)
    world().inviter.invite(announced.case_number, announced.commit.version)
