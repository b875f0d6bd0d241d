"""What the event sources share: repeated delivery, and reading the answer to a batch."""

from __future__ import annotations

import contextlib
from typing import Any

from infra.local.functions import Function, FunctionError

PARTIAL = "ReportBatchItemFailures"


def deliver(function: Function, event: dict[str, Any], times: int) -> Any:
    """Invoke with the same event `times` times over and return the last answer.

    The earlier ones are deliveries whose receipt was lost, so what they answered counts for
    nothing.
    """
    for _ in range(times - 1):
        with contextlib.suppress(FunctionError):
            function.invoke(event)
    return function.invoke(event)


def failures(answer: Any, known: list[str], partial: bool) -> set[str]:
    """The identifiers of the records that the answer of a batch says failed.

    As Lambda reads it: without `ReportBatchItemFailures` an answer is success; with it, an empty
    list is success, and an identifier that is empty or unknown fails the whole batch.
    """
    if not partial or not answer:
        return set()
    items = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    if items is None:
        return set()
    named = {item.get("itemIdentifier") for item in items}
    if not named <= set(known):
        return set(known)
    return named
