"""The composition root: what the doors are wired to, made once a process from its environment.

Nothing is read at import. The local stack and the tests call `configure` to give another
environment, clock or service, and `reset` to take it back.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.dispatching import Dispatcher
    from casework.notices.invitation import Inviter
    from casework.persons import Persons
    from casework.recounting import Recounter
    from casework.relating import Followers
    from casework.relaying import Relay
    from casework.resembling import Resembling
    from casework.security.tokens import Verifier
    from casework.service import Service
    from casework.store.clients import Clients
    from casework.store.marks import Marks
    from casework.store.models import CurrentModel
    from casework.store.table import Queue, Queues, Table, Topic
    from casework.sweeping import Sweeper

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class MissingSetting(Exception):
    """The function's environment lacks a setting that the template gives it."""


@dataclass(frozen=True)
class Environment:
    """The settings of every function (Globals of template.yaml)."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        value = self.values.get(name)
        if not value:
            raise MissingSetting(f"the environment variable {name} is not set")
        return value

    def get(self, name: str, default: str) -> str:
        return self.values.get(name) or default


class World:
    """AWS clients and what is built of them, each made when it is first needed."""

    def __init__(self, environment: Mapping[str, str], clock: Clock) -> None:
        self.environment, self.clock = Environment(environment), clock

    @cached_property
    def _clients(self) -> "Clients":
        from casework.store.clients import Clients

        return Clients(self.environment.get("AWS_REGION", "") or None)

    @cached_property
    def cases_table(self) -> "Table":
        from casework.store.dynamo import DynamoTable

        return DynamoTable(self._clients.dynamodb, self.environment["CASES_TABLE"])

    @cached_property
    def settings_table(self) -> "Table":
        from casework.store.dynamo import DynamoTable

        return DynamoTable(self._clients.dynamodb, self.environment["SETTINGS_TABLE"])

    @cached_property
    def service(self) -> "Service":
        from casework.due import count_failure
        from casework.service import Service
        from casework.store.cases import CaseStore
        from casework.store.settings import CurrentRules, read_rules
        from casework.store.vault import AwsVault

        zone = self.environment.get("CITY_TZ", "Asia/Shanghai")
        return Service(
            store=CaseStore(
                self.cases_table,
                alarm_shards=self.alarm_shards,
                worklist_shards=int(self.environment.get("WORKLIST_SHARDS", "1")),
            ),
            vault=AwsVault(
                self._clients.secrets,
                self._clients.kms,
                self.environment["SECRET_ID"],
                self.environment["DATA_KEY"],
            ),
            rules=CurrentRules(lambda: read_rules(self.settings_table, zone)),
            clock=self.clock,
            tick_failed=lambda: count_failure(
                self.environment.get("POWERTOOLS_METRICS_NAMESPACE", "Lianxin")
            ),
        )

    @cached_property
    def persons(self) -> "Persons":
        from casework.persons import Persons

        return Persons(self.service)

    @cached_property
    def dispatcher(self) -> "Dispatcher":
        from casework.dispatching import Dispatcher
        from casework.routing.model import packaged

        return Dispatcher(self.service, lambda: replace(packaged(), learned=self.learned()))

    @cached_property
    def learned(self) -> "CurrentModel":
        """The city's own classifier; None is what it gives where there is none."""
        from casework.store.models import CurrentModel, Models

        return CurrentModel(Models(self.settings_table))

    @cached_property
    def resembling(self) -> "Resembling":
        from casework.resembling import Resembling

        return Resembling(self.service)

    @cached_property
    def followers(self) -> "Followers":
        from casework.relating import Followers

        return Followers(self.service)

    @cached_property
    def inviter(self) -> "Inviter":
        from casework.notices.invitation import Inviter

        return Inviter(self.service)

    @cached_property
    def sweeper(self) -> "Sweeper":
        from casework.sweeping import Sweeper

        return Sweeper(self.service, self.queue("SWEEP_QUEUE"))

    @cached_property
    def recounter(self) -> "Recounter":
        from casework.recounting import Recounter
        from casework.store.settings import CurrentRules

        def refresh() -> None:
            if isinstance(self.service.rules, CurrentRules):
                self.service.rules.refresh()

        return Recounter(self.service, self.marks, refresh)

    @cached_property
    def marks(self) -> "Marks":
        from casework.store.marks import Marks

        return Marks(self.settings_table)

    @cached_property
    def relay(self) -> "Relay":
        from casework.relaying import Relay

        return Relay(self.service, self.topic, self.unit_queues, self.queue("RELAY_QUEUE"))

    @property
    def alarm_shards(self) -> int:
        return int(self.environment.get("ALARM_SHARDS", "1"))

    @cached_property
    def verifier(self) -> "Verifier":
        from casework.security.tokens import Verifier

        return Verifier(
            issuer=self.environment["TOKEN_ISSUER"],
            audience=self.environment["TOKEN_AUDIENCE"],
            jwks_uri=self.environment["TOKEN_JWKS_URI"],
            clock=self.clock,
        )

    @cached_property
    def topic(self) -> "Topic":
        from casework.store.bus import SnsTopic

        return SnsTopic(self._clients.sns, self.environment["EVENTS_TOPIC"])

    @cached_property
    def unit_queues(self) -> "Queues":
        from casework.store.bus import UnitQueues

        return UnitQueues(self._clients.sqs, self.environment["UNIT_QUEUE_PREFIX"])

    def queue(self, setting: str) -> "Queue":
        """The queue whose URL stands in this setting."""
        from casework.store.bus import SqsQueue

        return SqsQueue(self._clients.sqs, self.environment[setting])


_wired: list[World] = []
"""The world of this process, once it is made."""
_lock = threading.Lock()


def world() -> World:
    """What this process works with; made from the process's environment on first use."""
    with _lock:
        if not _wired:
            _wired.append(World(dict(os.environ), utc_now))
        return _wired[0]


def configure(
    environment: Mapping[str, str], clock: Clock = utc_now, into: World | None = None
) -> World:
    """Work with this environment and clock (or this world) from now on."""
    with _lock:
        _wired[:] = [into or World(dict(environment), clock)]
        return _wired[0]


def reset() -> None:
    """Forget what `configure` or the first use made."""
    with _lock:
        _wired.clear()
