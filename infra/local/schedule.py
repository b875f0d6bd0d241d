"""EventBridge rules with a rate, on the stack's own clock."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.cloud import Cloud
from infra.local.functions import Function, FunctionError
from infra.local.sources import deliver

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


def period(expression: str) -> timedelta:
    """The time between two events of `rate(5 minutes)`; ValueError for anything but a rate."""
    found = _RATE.fullmatch(expression)
    if found is None:
        raise ValueError(f"the local stack plays rates only, not {expression}")
    return timedelta(**{f"{found[2]}s": int(found[1])})


class Schedule:
    """One rule and the function it wakes.

    However much time has passed since it last fired, it fires once: as in the cloud, where the
    minutes that nobody played are gone too. The event's `time` is the latest moment due.
    """

    def __init__(
        self,
        cloud: Cloud,
        function: Function,
        rule_arn: str,
        expression: str,
        now: Callable[[], datetime],
        retries: int = 2,
        failure_queue: str | None = None,
        deliveries: int = 1,
    ) -> None:
        self.name = function.name
        self._cloud = cloud
        self._function = function
        self._rule = rule_arn
        self._period = period(expression)
        self._now = now
        self._retries = retries
        self._failure_queue = failure_queue
        self._deliveries = deliveries
        self._last = now()
        self._one_at_a_time = threading.Lock()

    def fire_due(self) -> bool:
        """Wake the function if a period or more has passed since the last time."""
        with self._one_at_a_time:
            periods = (self._now() - self._last) // self._period
            if periods < 1:
                return False
            self._last += periods * self._period
            self._invoke(self._event(self._last))
            return True

    def _invoke(self, event: dict[str, Any]) -> None:
        """As an asynchronous invocation: tried again, then reported to the failure queue."""
        for _ in range(1 + self._retries):
            try:
                deliver(self._function, event, self._deliveries)
                return
            except FunctionError:
                continue
        if self._failure_queue is not None:
            report = {
                "version": "1.0",
                "timestamp": self._now().isoformat(),
                "requestContext": {
                    "requestId": str(uuid.uuid4()),
                    "functionArn": f"{self._function.arn}:$LATEST",
                    "condition": "RetriesExhausted",
                    "approximateInvokeCount": 1 + self._retries,
                },
                "requestPayload": event,
            }
            self._cloud.send(self._failure_queue, report)

    def _event(self, due: datetime) -> dict[str, Any]:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": self._rule.split(":")[4],
            "time": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._cloud.region,
            "resources": [self._rule],
            "detail": {},
        }
