"""Brings the sample city's cases to their stages: some weeks of a city's life, played in seconds.

Everything goes through the doors, as people would do it, on a clock that begins in the past and
is moved on from step to step; sweeps in between remind, mark overdue and close what nobody rated.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from casework import runtime
from casework.cases.state import Case
from casework.clock.calendar import Calendar
from casework.filing import made_title
from infra.local.acting import Acting, Seeded
from infra.local.issuer import Issuer
from infra.local.people import Doors, RefusedError
from infra.local.plans import Row, Step, plan
from infra.local.stack import Stack

WEEKS = timedelta(days=37)
"""So far in the past does the seeding begin: a little more than the oldest case."""
MINUTE = timedelta(minutes=1)
"""As often as the cloud's schedule sweeps."""
REVIEWED = ("review", "needs_info", "declined")
"""Stages that a case reaches through the review before acceptance."""

STATES = {
    "submitted": "SUBMITTED",
    "review": "IN_REVIEW",
    "needs_info": "NEEDS_INFO",
    "declined": "DECLINED",
    "triage": "TRIAGE",
    "assigned": "ASSIGNED",
    "handling": "HANDLING",
    "return_asked": "RETURN_ASKED",
    "reply_review": "REPLY_REVIEW",
    "awaiting_rating": "AWAITING_RATING",
    "follow_up": "FOLLOW_UP",
    "redo": "REDO",
    "closed": "CLOSED",
    "closed_unrated": "CLOSED",
    "withdrawn": "WITHDRAWN",
    "objection": "OBJECTED",
    "answered": "AWAITING_RATING",
    "reopened": "IN_REVIEW",
    "overdue": "HANDLING",
    "extended": "HANDLING",
    "suspended": "SUSPENDED",
    "promised": "PROMISED",
    "terminated": "TERMINATED",
    "assisting": "HANDLING",
    "ordered": "HANDLING",
    "danger": "ASSIGNED",
    "leading": "HANDLING",
    "following": "FOLLOWING",
    "sealed": "HANDLING",
    "split": "ASSIGNED",
}
"""The state of a case at each stage; one overdue that nobody claimed is still ASSIGNED."""


def _nothing(case: Case) -> bool:
    return True


SHOWS: dict[str, Callable[[Case], object]] = {
    "overdue": lambda case: case.clocks["resolve"].late,
    "extended": lambda case: case.granted.get("extension"),
    "assisting": lambda case: {aid.state for aid in case.aids} == {"requested", "reported_in"},
    "ordered": lambda case: case.orders,
    "danger": lambda case: [one.acknowledged for one in case.alerts] == [True],
    "leading": lambda case: case.followers == 1,
    "sealed": lambda case: case.identity == "sealed" and case.subjects and case.asks,
}
"""What a case at such a stage has beside its state."""


class Clock:
    """The stack's clock: stands at the time it was set to, and is the real one once released."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at or datetime.now(UTC).replace(microsecond=0)

    def set(self, at: datetime) -> None:
        """Stand at this time."""
        self._at = at

    def release(self) -> None:
        """Go on in real time."""
        self._at = None


def read_cases(directory: Path) -> list[Row]:
    """The cases of `cases.toml`, whose head documents them."""
    rows: list[Row] = tomllib.loads((directory / "cases.toml").read_text("utf-8"))["case"]
    return rows


class Seeder:
    """Plays the cases of a city directory through a started stack that nobody serves yet."""

    def __init__(self, stack: Stack, clock: Clock, issuer: Issuer, directory: Path) -> None:
        self._stack, self._clock = stack, clock
        self._doors = Doors(sender(stack), issuer)
        self._service = runtime.world().service
        self._calendar: Calendar = self._service.rules().calendar
        self._city = self._service.rules().city
        self._rows = read_cases(directory)
        self._known: Mapping[str, Seeded] = {}
        self._swept = clock()

    def seed(
        self, present: datetime, progress: Callable[[int, int], None] = lambda done, of: None
    ) -> list[Seeded]:
        """Play everything up to `present`, where the clock stands then; the cases in their order."""
        seeded = [
            Seeded(row["stage"], row.get("title") or made_title(row["text"])) for row in self._rows
        ]
        steps = [
            (step, place)
            for place, row in enumerate(self._rows)
            for step in plan(row, place, present, self._calendar)
        ]
        self._known = {
            row["id"]: one for row, one in zip(self._rows, seeded, strict=True) if "id" in row
        }
        fresh = [one for one in steps if seeded[one[1]].stage == "submitted"]
        played = sorted((one for one in steps if one not in fresh), key=lambda one: one[0].at)
        for done, (step, place) in enumerate(played, 1):
            self._move_to(step.at)
            self._play(step, place, seeded[place])
            progress(done, len(steps))
        self._move_to(present)
        # Left as they are: the running city takes them up.
        for step, place in fresh:
            self._play(step, place, seeded[place])
        progress(len(steps), len(steps))
        for one in seeded:
            self._judge(one)
        return seeded

    def _move_to(self, at: datetime) -> None:
        """Let time pass. Of its many sweeps only those are played that find a case due."""
        while due := self._service.store.due(0, at, 1):
            alarm = datetime.fromisoformat(due[0][1])
            self._swept = max(alarm, self._swept + MINUTE)
            if self._swept > at:
                break
            self._clock.set(self._swept)
            self._stack.advance(timedelta())
        self._clock.set(max(at, self._clock()))

    def _play(self, step: Step, place: int, seeded: Seeded) -> None:
        if seeded.fault is not None:
            return
        row = self._rows[place]
        review = "all" if row["stage"] in REVIEWED or "decline" in row else "suspicious"
        replies = "all" if row["stage"] == "reply_review" else "sampled"
        try:
            with self._policy(review=review, reply_review=replies):
                today = self._calendar.local(self._clock())
                acting = Acting(self._doors, self._city, self._known, row, place, seeded, today)
                acting.act(step.name)
                if row["stage"] != "submitted":
                    self._stack.drain()
        except RefusedError as refused:
            seeded.fault = f"{step.name}: {refused}"

    @contextmanager
    def _policy(self, **rules: str) -> Iterator[None]:
        """The city's policy, otherwise in some points, as a city changes it from time to time."""
        usual = self._service.rules
        now = usual()
        # Without a book this policy counts for every case.
        policy = replace(now.policy, **rules)  # type: ignore[arg-type]
        changed = replace(now, policy=policy, book=None)
        self._service.rules = lambda: changed
        try:
            yield
        finally:
            self._service.rules = usual

    def _judge(self, seeded: Seeded) -> None:
        """Say where a case is, if it is not where it should be."""
        if seeded.fault is not None or seeded.case is None:
            return
        head = self._service.store.head(seeded.case.number)
        case = head.case if head else None
        wanted = {STATES[seeded.stage]} | ({"ASSIGNED"} if seeded.stage == "overdue" else set())
        if case is None or case.state not in wanted:
            seeded.fault = f"is {case.state if case else 'not there'}, not {wanted}"
        elif not SHOWS.get(seeded.stage, _nothing)(case):
            seeded.fault = f"is not {seeded.stage}"
        elif case.is_open and case.unit not in (seeded.unit, None):
            seeded.fault = f"is with {case.unit}, not {seeded.unit}"


def sender(stack: Stack) -> Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, Any]]:
    """Requests straight to the stack's gateway, in the caller's thread."""

    def send(
        method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Any]:
        answer = stack.request(method, path, dict(headers), body)
        return answer.status, json.loads(answer.body)

    return send
