"""Every command of the contract over HTTP: it is carried out, told in both languages, and foretold.

The lives are those from which the contract's examples are recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from casework import runtime
from casework.cases.access import By
from casework.outcomes import Request
from infra.contracts import requests
from infra.contracts.lives import CITIZEN, LIVES, Later, Life, Other, Step, about
from schemas import api as table
from schemas import commands as c
from tests.doors.driving import Answer, Api
from tests.doors.refusing import refused
from tests.support.world import MemoryWorld, rules_of, staff

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WATCHER = staff("supervisor", "watcher", "supervision")
"""Reads along, and is nobody that a life is about."""


def command_of(step: Step | Other | Later) -> c.Command:
    if isinstance(step, Later):
        return c.Tick()
    return step.command if isinstance(step, Other) else step[0]


NAMES = [
    f"{place} {'+'.join(dict.fromkeys(c.name_of(command_of(step)) for step in life.steps))}"
    for place, life in enumerate(LIVES)
]


@dataclass
class Town:
    """The doors of one life's world, its case and the other one that it has to do with."""

    life: Life
    world: MemoryWorld = field(default_factory=MemoryWorld)

    def __post_init__(self) -> None:
        self.world.rules = rules_of(reply_review="all" if self.life.reviewed else "none")
        self.api = Api(self.world)
        body = requests.body_of(self.life.filing)
        filed = [self.api.post("/v1/cases", body, headers=self.who(CITIZEN)) for _ in range(2)]
        assert {one.status for one in filed} == {201}, filed[0].text
        self.number, self.other = (one.body["case_number"] for one in filed)

    def who(self, by: By) -> dict[str, str]:
        if by.actor.role == "citizen":
            return self.api.bearer("citizen", subject="citizen-0017")
        actor = by.actor
        return self.api.bearer(actor.role, subject=actor.id, department=actor.unit)

    def path(self, number: str, command: str, by: By) -> str:
        desk = by.actor.role != "citizen" and command in c.DESK_COMMANDS
        if desk:
            return f"/v1/desk/cases/{number}/{command}"
        return f"/v1/cases/{number}/{c.CITIZEN_PATHS[command]}"

    def give(self, command: c.Command, by: By, *, other: bool = False) -> Answer | None:
        """None where it is the machine that gives it, which has no door."""
        number, named = (self.other, self.number) if other else (self.number, self.other)
        command = about(command, named)
        self.world.now.advance(minutes=20)
        if by.actor.role == "system":
            self.world.service.change(number, command, Request(by, str(self.world.now())))
            return None
        path = self.path(number, c.name_of(command), by)
        return self.api.post(path, requests.body_of(command), headers=self.who(by))

    def wait(self, days: int) -> None:
        self.world.now.advance(days=days)
        assert self.world.service.tick(self.number) is not None

    def seen(self, by: By, language: str = "zh-CN") -> Any:
        """The case as this person's page shows it."""
        desk = "/desk" if by.actor.role != "citizen" else ""
        path = f"/v1{desk}/cases/{self.number}"
        answer = self.api.get(path, headers=self.who(by), language=language)
        assert answer.status == 200, answer.text
        return answer.body


@pytest.fixture
def behind(request: pytest.FixtureRequest) -> Iterator[Town]:
    """A life's town behind the doors."""
    world = MemoryWorld()
    runtime.configure({}, into=world)
    try:
        yield Town(request.param, world)
    finally:
        runtime.reset()


every_life = pytest.mark.parametrize("behind", LIVES, ids=NAMES, indirect=True)


@every_life
def test_what_is_given_was_foretold_is_done_and_is_told(behind: Town) -> None:
    for step in behind.life.steps:
        if isinstance(step, Later):
            behind.wait(step.days)
            continue
        if isinstance(step, Other):
            given = behind.give(step.command, step.by, other=True)
            assert given is None or given.status == 200, given.text
            continue
        command, by = step
        name = c.name_of(command)
        machine = by.actor.role == "system"
        if not machine:
            assert name in [one["command"] for one in behind.seen(by)["next"]], name
        before = behind.seen(WATCHER)["version"]

        answer = behind.give(command, by)

        assert answer is None or answer.status == 200, (name, answer.text)
        for language, chinese in (("zh-CN", True), ("en", False)):
            told = [
                entry
                for entry in behind.seen(WATCHER, language)["timeline"]
                if entry["version"] > before
            ]
            assert told, f"{name} is not told"
            for entry in told:
                words = entry["words"].partition(", told ")[0]  # by their names
                assert bool(CHINESE.search(words)) == chinese, (name, words)
            for entry in behind.seen(CITIZEN, language)["timeline"]:
                assert bool(CHINESE.search(entry["words"])) == chinese, (name, entry["words"])


@every_life
def test_what_is_not_foretold_is_refused_and_changes_nothing(behind: Town) -> None:
    """At the end of each life, for everybody who has had to do with it, every command of the desk."""
    for step in behind.life.steps:
        if isinstance(step, Later):
            behind.wait(step.days)
            continue
        by = step.by if isinstance(step, Other) else step[1]
        behind.give(command_of(step), by, other=isinstance(step, Other))
    people = {by.actor: by for by in _people(behind.life)}
    for number in (behind.number, behind.other):
        behind.world.service.tick(number)  # what is due is recorded, whoever asks for whatever

    for by in (WATCHER, *people.values()):
        page = behind.api.get(f"/v1/desk/cases/{behind.number}", headers=behind.who(by))
        foretold = [one["command"] for one in page.body["next"]] if page.status == 200 else []
        for name in c.DESK_COMMANDS:
            if name in foretold:
                continue
            command = about(requests.example(c.COMMANDS[name]), behind.other)
            before = behind.api.stored()
            answer = behind.api.post(
                behind.path(behind.number, name, by),
                requests.body_of(command),
                headers=behind.who(by),
            )
            assert answer.status in (403, 404, 409), (by.actor, name, answer.text)
            assert behind.api.stored() == before


def _people(life: Life) -> Iterator[By]:
    for step in life.steps:
        if isinstance(step, Later):
            continue
        by = step.by if isinstance(step, Other) else step[1]
        if by.actor.role not in ("citizen", "system"):
            yield by


@cache
def given_somewhere() -> frozenset[tuple[str, bool]]:
    """Commands that the lives give over HTTP, and whether at the desk."""
    steps = [step for life in LIVES for step in life.steps if isinstance(step, tuple)]
    return frozenset((c.name_of(command), by is not CITIZEN) for command, by in steps)


def test_the_lives_leave_no_command_out() -> None:
    assert {name for name, desk in given_somewhere() if desk} >= table.DESK.keys()
    assert {name for name, desk in given_somewhere() if not desk} == c.CITIZEN_PATHS.keys()


@pytest.mark.parametrize("name", requests.FILINGS)
def test_every_filing_that_the_contract_shows_is_taken(api: Api, name: str) -> None:
    _, filing = requests.FILINGS[name]
    agent = {"headers": api.bearer("agent", subject="zhao.min", department="hotline")}

    answer = api.post("/v1/cases", requests.body_of(filing), **agent)

    assert answer.status == 201, answer.text


def test_a_date_from_above_is_not_the_citizens_to_impose(api: Api) -> None:
    _, filing = requests.FILINGS["from_above"]
    body = requests.body_of(filing) | {"channel": "web"}

    refused(
        *(api, "POST", "/v1/cases", 403, "origin_staff_only", ["/origin"]),
        raw=c.File.model_validate(body).model_dump_json(exclude_unset=True).encode(),
    )
