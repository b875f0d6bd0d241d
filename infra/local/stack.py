"""The whole city on one laptop: every function, queue, topic, table, stream and schedule."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from infra.local import runtime
from infra.local.cloud import Cloud, Listener
from infra.local.functions import Function
from infra.local.gateway import Gateway, Headers, Response
from infra.local.pump import Pump
from infra.local.queues import QueuePoller
from infra.local.schedule import Schedule
from infra.local.streams import StreamPoller
from infra.local.translate import translate
from infra.local.web import Entrance, Page, Server
from infra.local.wiring import Wiring

NAME = "lianxin"
LOCAL = {  # parameters of the template that a laptop wants otherwise
    "AlarmShards": "1",  # moto's queries are linear in the table
    "WorklistShards": "1",
    "DeletionProtection": "false",
    "LogLevel": "WARNING",
    "TokenIssuer": "https://issuer.lianxin.invalid",
    "TokenJwksUri": "https://issuer.lianxin.invalid/jwks.json",
}
SERVED_RETRY = 2  # seconds until a served stack tries a failed message again


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class StillBusyError(Exception):
    """The stack did not come to rest in time."""


class Stack:
    """template.yaml, running in this process from `start` to `stop`.

    There are two ways to let it move. A test calls `drain` (or `advance`), which carries stream
    and queues to rest in its own thread. A person calls `serve`, which does so in the background
    and answers HTTP. What is rooted in real time (a message's delay, a visibility time-out) stays
    so; everything else follows `clock`, moved on by `advance`.
    """

    def __init__(
        self,
        root: Path,
        clock: Callable[[], datetime] = utc_now,
        parameters: Mapping[str, str] | None = None,
        units: Iterable[str] = (),
        *,
        deliveries: int = 1,
        environments: int = 8,
        region: str = "us-east-1",
    ) -> None:
        """`root` holds template.yaml and functions/; `units` are the codes of the departments
        that integrate. Every event is delivered `deliveries` times; a function has at most
        `environments` at once."""
        self.root = root
        self.cloud = Cloud(region)
        self.environment: dict[str, str] = {}
        self._clock = clock
        self._offset = timedelta()
        self._parameters = {**LOCAL, **(parameters or {})}
        self._units = tuple(units)
        self._deliveries = deliveries
        self._environments = environments
        self._functions: dict[str, Function] = {}
        self._queues: list[QueuePoller] = []
        self._streams: list[StreamPoller] = []
        self._schedules: list[Schedule] = []
        self._gateway: Gateway | None = None
        self._seen: dict[StreamPoller | QueuePoller, int] = {}
        self._pumps: list[Pump] = []
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def now(self) -> datetime:
        """The stack's time."""
        return self._clock() + self._offset

    def start(self) -> None:
        """Create everything that the templates say."""
        self.cloud.start()
        try:
            self._build()
        except BaseException:
            self.stop()
            raise

    def _build(self) -> None:
        blueprint = translate(self.root / "template.yaml", self._parameters, self.cloud.region)
        resolve = self.cloud.create(NAME, blueprint)
        prefix = resolve({"Ref": "UnitQueuePrefix"})
        for unit in self._units:
            own = {"Unit": unit, "UnitQueuePrefix": prefix}
            path = self.root / "infra" / "units" / "unit-queue.yaml"
            self.cloud.create(f"{NAME}-unit-{unit}", translate(path, own, self.cloud.region))
        wiring = Wiring(self.cloud, blueprint, resolve, self.now, self._deliveries)
        self._functions = wiring.functions(self._environments)
        self.environment = {
            **wiring.shared_environment(),
            "AWS_REGION": self.cloud.region,
            "POWERTOOLS_METRICS_DISABLED": "true",  # nobody here reads them out of the log
        }
        runtime.configure(self.environment, self.now)
        self._queues, self._streams = wiring.sources(self._functions)
        self._schedules = wiring.schedules(self._functions)
        self._gateway = wiring.gateway(self._functions)

    def stop(self) -> None:
        """End threads and server, forget functions and data, restore the process. Safe twice."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        for pump in self._pumps:
            pump.end()
        for pump in self._pumps:
            pump.join(timeout=30)
        self._pumps.clear()
        for function in self._functions.values():
            function.unload()
        self._functions = {}
        self._queues, self._streams, self._schedules = [], [], []
        self._gateway = None
        self._seen.clear()
        runtime.reset()
        self.cloud.stop()

    @property
    def gateway(self) -> Gateway:
        """The REST API."""
        if self._gateway is None:
            raise RuntimeError("the stack is not started, or has no API")
        return self._gateway

    def request(
        self,
        method: str,
        path: str,
        headers: Headers | None = None,
        body: bytes | str | None = None,
        *,
        source_ip: str = "127.0.0.1",
    ) -> Response:
        """One request through the gateway, in the caller's thread. Does not drain."""
        return self.gateway.handle(method, path, headers, body, source_ip)

    def invoke(self, name: str, event: Any) -> Any:
        """Invoke a function by its logical id; raises `FunctionError` if it gives no answer."""
        return self._functions[name].invoke(event)

    def listening(
        self, before: Listener | None = None, after: Listener | None = None
    ) -> AbstractContextManager[None]:
        """Hear of each AWS call before and after; see `Cloud.listening`."""
        return self.cloud.listening(before, after)

    def url(self, queue: str) -> str:
        """The URL of a queue, by its logical id in template.yaml."""
        resources = self.cloud.client("cloudformation").describe_stack_resource(
            StackName=NAME, LogicalResourceId=queue
        )
        return str(resources["StackResourceDetail"]["PhysicalResourceId"])

    def drain(self, seconds: float = 60.0) -> None:
        """Carry stream and queues to rest, in the caller's thread.

        Failed messages are tried again at once, until they end in their dead-letter queue; ones
        sent with a delay are left until it is over. Raises `StillBusyError` after `seconds`.
        """
        end = time.monotonic() + seconds
        sources: list[StreamPoller | QueuePoller] = [*self._streams, *self._queues]
        while sum(self._exhaust(source, end) for source in sources):
            pass  # what one handled may have given another work

    def _exhaust(self, source: QueuePoller | StreamPoller, end: float) -> bool:
        """Poll until nothing comes; not at all if nothing was written since that was so."""
        busy = False
        while self._seen.get(source) != (seen := self.cloud.changes):
            if time.monotonic() > end:
                raise StillBusyError(f"{source.name} still gets records; does it feed itself?")
            if source.poll():
                busy = True
            else:
                self._seen[source] = seen
        return busy

    def advance(self, step: timedelta, seconds: float = 60.0) -> None:
        """Move the clock on, fire each schedule that fell due, once, and drain."""
        self._offset += step
        for schedule in self._schedules:
            schedule.fire_due()
        if not self._pumps:
            self.drain(seconds)

    def serve(
        self,
        port: int = 0,
        pages: Mapping[str, Page] | None = None,
        entrances: Mapping[str, Entrance] | None = None,
    ) -> int:
        """Answer HTTP on 127.0.0.1 and move by itself, in the background, until `stop`.

        `pages` and `entrances` are further addresses outside of the API. Returns the port; raises `PortTakenError`,
        and what a function's code raises when it is loaded.
        """
        self._server = Server(self.gateway, port, pages or {}, entrances or {})
        for function in self._functions.values():
            function.warm()
        for queue in self._queues:
            queue.retry_after = SERVED_RETRY
            self._pumps.append(Pump(queue.name, queue.poll, self.cloud))
        for stream in self._streams:
            pump = Pump(stream.name, stream.poll, self.cloud)
            stream.pause = lambda tries, pump=pump: pump.pause(min(0.1 * 2**tries, SERVED_RETRY))  # type: ignore[misc]
            self._pumps.append(pump)
        for schedule in self._schedules:
            self._pumps.append(Pump(f"{schedule.name}-clock", schedule.fire_due, self.cloud))
        for thread in self._pumps:
            thread.start()
        self._server.start()
        return self._server.port
