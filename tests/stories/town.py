"""A town in which stories are told: people at the doors, what they see, and time that passes.

Everything goes in and out by the doors; between two steps the stream, the topic and the queues bring
what they bring, and while time passes the alarms ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from casework.cases.rules import Rules
from casework.store.dynamo import typed
from casework.store.items import HEAD
from casework.store.memory import MemoryTable
from casework.store.table import Item
from schemas.events import Announcement
from tests.doors.driving import Answer, Api
from tests.support.soundness import sound
from tests.support.world import FrozenClock, MemoryWorld

Page = dict[str, Any]
CITY = timezone(timedelta(hours=8))
PHOTO = {"kind": "photo", "reference": "IMG-20261008-001"}


def on(text: str) -> datetime:
    """An instant by the city's clock: `2026-10-08 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY).astimezone(UTC)


class Stream(MemoryTable):
    """A table that shows each HEAD as it was written."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[dict[str, Any]] = []

    def _store(self, item: Item) -> None:
        super()._store(item)
        if item["sk"] == HEAD:
            self._written.append(typed(item))

    def images(self) -> list[dict[str, Any]]:
        """Those since the last time."""
        new, self._written = self._written, []
        return new


class Town:
    """The city of Yunting, from a moment on."""

    def __init__(self, at: str, rules: Rules | None = None) -> None:
        self.world = MemoryWorld(FrozenClock(on(at)), rules)
        self.stream = Stream()
        self.world.memory = self.world.cases_table = self.stream
        self.api = Api(self.world)

    # -- people ----------------------------------------------------------------------------

    def staff(self, role: str, name: str, unit: str | None = None) -> Someone:
        return Someone(self, role, name, unit)

    def officer(self, unit: str, name: str = "officer") -> Someone:
        return self.staff("officer", f"{name}@{unit}", unit)

    def head(self, unit: str) -> Someone:
        return self.staff("head", f"head@{unit}", unit)

    def files(self, text: str, headers: Mapping[str, str] | None = None, **more: Any) -> Citizen:
        """Somebody files a request, without an account unless signed in by `headers`."""
        answer = self.api.post("/v1/cases", {"text": text, **more}, headers=dict(headers or {}))
        assert answer.status == 201, answer.text
        self.settle()
        return Citizen(self, answer.body["case_number"], answer.body["access_code"], answer.body)

    # -- time and the machines -------------------------------------------------------------

    @property
    def now(self) -> str:
        return self.world.now().astimezone(CITY).strftime("%Y-%m-%d %H:%M")

    def until(self, text: str) -> None:
        """Time passes; each alarm rings when it is due."""
        end = on(text)
        assert end >= self.world.now(), "time goes one way"
        while dues := [at for _, at in self.world.service.store.due(0, end, 1)]:
            self.world.now.now = max(self.world.now(), datetime.fromisoformat(dues[0]))
            assert self.world.sweeper.sweep(0).failed == 0
            self.settle()
        self.world.now.now = end

    def settle(self) -> None:
        """The stream shows what was committed, the topic tells it, the queues bring it."""
        while new := self._announced():
            for announcement, events in new:
                number, version = announcement.case_number, announcement.commit.version
                if announcement.state in ("SUBMITTED", "ACCEPTED"):
                    self.world.dispatcher.route(number)
                if {"passed-on", "followers-released"} & set(events):
                    self.world.followers.follow(number, version)
                if "invited" in events:
                    self.world.inviter.invite(number, version)

    def _announced(self) -> list[tuple[Announcement, list[str]]]:
        """What relay has to say of the commits since the last time."""
        before = len(self.world.topic.published)
        for image in self.stream.images():
            self.world.relay.publish_image(image)
        return [
            (Announcement.model_validate_json(message), [*attributes["events"]])
            for message, attributes in self.world.topic.published[before:]
        ]

    def given_to(self, unit: str) -> list[Announcement]:
        """What came into the own queue of a unit that integrates."""
        sent = self.world.unit_queues.queues.get(unit)
        return [Announcement.model_validate_json(one) for one in sent.sent] if sent else []

    def sound(self, number: str) -> None:
        """The case lies in the store as every case must."""
        sound(self.world.service, number)


@dataclass(frozen=True)
class Someone:
    """One of the city's people, signed in."""

    town: Town
    role: str
    name: str
    unit: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        claims = {"department": self.unit} if self.unit else {}
        return self.town.api.bearer(self.role, subject=self.name, **claims)

    def asks(self, number: str, command: str, **body: Any) -> Answer:
        path = f"/v1/desk/cases/{number}/{command}"
        answer = self.town.api.post(path, body, headers=self.headers)
        self.town.settle()
        return answer

    def does(self, number: str, command: str, **body: Any) -> Page:
        answer = self.asks(number, command, **body)
        assert answer.status == 200, answer.text
        return dict(answer.body)

    def refused(self, number: str, command: str, **body: Any) -> str:
        """Asks for something that is not done; the code of the reason."""
        answer = self.asks(number, command, **body)
        assert answer.status >= 400, answer.text
        return str(answer.body["code"])

    def looks(self, number: str, language: str = "zh-CN") -> Answer:
        path = f"/v1/desk/cases/{number}"
        return self.town.api.get(path, headers=self.headers, language=language)

    def sees(self, number: str, language: str = "zh-CN") -> Page:
        answer = self.looks(number, language)
        assert answer.status == 200, answer.text
        return dict(answer.body)

    def may(self, number: str) -> set[str]:
        return {one["command"] for one in self.sees(number)["next"]}

    def list(self, **query: str) -> dict[str, Page]:
        """A worklist by case number: of the own unit, unless a queue or a department is named."""
        found: dict[str, Page] = {}
        cursor: dict[str, str] = {}
        while True:
            answer = self.town.api.get(
                "/v1/desk/worklist",
                headers=self.headers,
                query={"limit": "100"} | query | cursor,
            )
            assert answer.status == 200, answer.text
            found |= {item["case_number"]: item for item in answer.body["items"]}
            if not answer.body.get("cursor"):
                return found
            cursor = {"cursor": answer.body["cursor"]}


@dataclass(frozen=True)
class Citizen:
    """Who filed, and opens the case by its code."""

    town: Town
    number: str
    code: str
    receipt: Page = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.number}"

    @property
    def opened(self) -> dict[str, str]:
        return {"Access-Code": self.code}

    def sees(self, language: str = "zh-CN") -> Page:
        answer = self.town.api.get(self.path, headers=self.opened, language=language)
        assert answer.status == 200, answer.text
        return dict(answer.body)

    def asks(self, what: str, **body: Any) -> Answer:
        answer = self.town.api.post(f"{self.path}/{what}", body, headers=self.opened)
        self.town.settle()
        return answer

    def does(self, what: str, **body: Any) -> Page:
        answer = self.asks(what, **body)
        assert answer.status == 200, answer.text
        return dict(answer.body)

    def rates(self, overall: int, resolved: str = "yes", **more: Any) -> Page:
        rating = {"contacted": True, "resolved": resolved, "overall": overall} | more
        return self.does("rating", **rating)


def clocks(page: Page) -> dict[str, Page]:
    """The deadlines of a page by clock."""
    return {one["clock"]: one for one in page["deadlines"]}


def told(page: Page) -> list[str]:
    """The events of a page's timeline, oldest first."""
    return [entry["event"] for entry in page["timeline"]]


def texts(page: Page) -> list[str]:
    """What a page's timeline quotes."""
    return [entry["text"] for entry in page["timeline"] if "text" in entry]


def entry(page: Page, event: str) -> Page:
    """The last entry of this kind."""
    return dict([one for one in page["timeline"] if one["event"] == event][-1])


def names(units: list[Page]) -> list[str]:
    return [unit["code"] for unit in units]
