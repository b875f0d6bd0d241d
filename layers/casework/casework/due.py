"""What is due when a command arrives is recorded first: coming late must erase nothing.

The sweep may have been away, or not round yet. A reply that comes fifteen hours late would stop the
clock, and with it the overdue mark, the card, the call about the delay.
"""

import logging
from datetime import datetime

from casework.cases.access import By
from casework.cases.decide import decide
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas.events import Actor

CLOCK = By(Actor.model_construct(id="clock", role="system"))
ITSELF = (c.Tick, c.Recount, c.Route)
"""Commands before which nothing is recorded: those that look at the clocks themselves, and the
router's, which is about the version that it read."""


def is_due(case: Case, now: datetime) -> bool:
    """Whether there is something to record that a command might erase."""
    return case.next_due is not None and case.next_due <= now


def foreseen(case: Case, rules: Rules, now: datetime) -> Case:
    """The case with what is due recorded, if anything is; where that fails, the case as it is."""
    if not is_due(case, now):
        return case
    try:
        happened = decide(case, c.Tick(), CLOCK, rules, now)
    except Exception as error:  # noqa: BLE001 - no command is held up by it
        log_failure(case.number, error)
        return case
    if isinstance(happened, Refusal):
        return case
    after = evolve_all(case, happened, case.number, CLOCK.actor, now)
    return after.model_copy(update={"version": case.version + 1})


def log_failure(number: str, error: Exception) -> None:
    """Only what kind of error it was: its message may quote what a citizen wrote."""
    logging.getLogger("lianxin").error("tick of %s failed: %s", number, type(error).__name__)


def count_failure(namespace: str) -> None:
    """Count it with the ticks that fail in the sweep: one alarm watches them all."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(
        name="TicksFailed", unit=MetricUnit.Count, value=1, namespace=namespace
    ) as metric:
        metric.add_dimension("service", "deadlines")
