"""A whole world in memory: the city of `infra/city`, its rules, the store's twin, a frozen clock.

`runtime.configure({}, into=MemoryWorld())` puts it behind the doors; `world.service` and its
neighbours are what the doors would use.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.catalogue.city import City
from casework.catalogue.load import read_city
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy, ReplyReview, Review
from casework.runtime import World
from casework.security.tokens import Verifier
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.memory import MemoryQueue, MemoryQueues, MemoryTable, MemoryTopic, MemoryVault
from casework.store.table import Queue, Table
from schemas.events import Actor
from schemas.names import Role
from tests.support.issuer import AUDIENCE, ISSUER, Issuer

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)
"""Monday, 28 September 2026, ten in the morning in Yunting; three working days before the holiday."""


class FrozenClock:
    """Time that passes when told to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Let time pass, in the words of `timedelta`."""
        self.now += timedelta(**by)
        return self.now


@cache
def yunting() -> City:
    return read_city(ROOT / "infra" / "city")


@cache
def rules_of(review: Review = "suspicious", reply_review: ReplyReview = "none") -> Rules:
    """The preset policy with these reviews; replies go out unread unless a test says otherwise.

    Its alarms are not spread, so that a test can say when they come.
    """
    unspread = timedelta(0)
    policy = replace(Policy.preset(), review=review, reply_review=reply_review, spread=unspread)
    return Rules(policy=policy, calendar=Calendar.seeded(), city=yunting())


def staff(role: Role, id: str = "", unit: str | None = None) -> By:  # noqa: A002 - as in Actor
    return By(Actor(id=id or role, role=role, unit=unit))


CITIZEN = By(Actor(id="citizen", role="citizen"), opened=True)
"""The citizen of whichever case it is, come in by its access code."""


class MemoryWorld(World):
    """A runtime world without AWS. Everything in it can be looked at, and replaced before use."""

    topic: MemoryTopic
    unit_queues: MemoryQueues

    def __init__(
        self,
        clock: FrozenClock | None = None,
        rules: Rules | None = None,
        table: Table | None = None,
        alarm_shards: int = 1,
        worklist_shards: int = 1,
    ) -> None:
        self._shards = alarm_shards, worklist_shards
        self.now = clock or FrozenClock()
        super().__init__({"ALARM_SHARDS": "1"}, self.now)
        self.rules = rules or rules_of()
        self.memory = MemoryTable()
        """Where the cases lie, whatever stands before it."""
        self.cases_table = table or self.memory
        self.settings_table = MemoryTable()
        self.vault = MemoryVault()
        self.topic = MemoryTopic()
        self.unit_queues = MemoryQueues()
        self.queues: dict[str, MemoryQueue] = {}

    @cached_property
    def service(self) -> Service:
        return self.new_service()

    def new_service(self) -> Service:
        """A service as another process would make it, over the same table."""
        return Service(
            CaseStore(self.cases_table, *self._shards),
            self.vault,
            lambda: self.rules,
            clock=self.clock,
        )

    @cached_property
    def issuer(self) -> Issuer:
        return Issuer(self.now)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(ISSUER, AUDIENCE, self.issuer.jwks_uri, self.clock)

    def queue(self, setting: str) -> Queue:
        return self.queues.setdefault(setting, MemoryQueue())

    def token(self, role: Role, subject: str = "someone", **claims: Any) -> str:
        """A bearer token of this world's issuer."""
        return self.issuer.token(role, subject, **claims)

    def stored(self) -> list[dict[str, Any]]:
        """Every item of the cases table."""
        return self.memory.items()
