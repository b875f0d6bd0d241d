"""One ordinary case from filing to rating, through the doors of the local stack, on the meter."""

import json
import logging
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec
from moto.core.models import botocore_stubber

from casework import runtime
from casework.catalogue.load import read_city
from casework.clock.policy import preset_text
from casework.store import settings
from casework.store.likes import LIKE
from infra.bench.billing import Typed
from infra.bench.meter import Call, Meter
from infra.local.cloud import ACTOR
from infra.local.functions import Function
from infra.local.issuer import Issuer, Who
from infra.local.stack import Stack
from schemas.base import iso

ROOT = Path(__file__).resolve().parents[2]
WORDS = Path(__file__).with_name("life.toml")
LENGTH = 400
"""Characters of each text."""
BEGIN = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
"""A Monday, nine o'clock in the city."""
AS_DEPLOYED = {"AlarmShards": "16", "WorklistShards": "4"}


@dataclass(frozen=True)
class Invocation:
    """One run of a function: its CPU time without what moto took, and the AWS calls it made."""

    function: str
    cpu_ms: float
    calls: int


@dataclass(frozen=True)
class Step:
    """What one thing that people do sets going, to its end. `requests` come through the API."""

    name: str
    title: str
    requests: int
    calls: tuple[Call, ...]
    invocations: tuple[Invocation, ...]


@dataclass(frozen=True)
class Life:
    """A case from filing to rating. What telling the citizen took, and looking for cases like it,
    stands apart."""

    steps: tuple[Step, ...]
    notices: Step
    duplicates: Step


@dataclass
class _Tape:
    """What goes by while a step lasts."""

    invocations: list[Invocation] = field(default_factory=list)
    moto: float = 0.0


class Failed(Exception):
    """A door did not answer as it does in an ordinary life."""


class Bench:
    """The local stack with the invented city, on a clock that is moved by hand, and the meter."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.meter = Meter(ACTOR.get)
        self._tape = _Tape()
        self._issuer = Issuer(ec.generate_private_key(ec.SECP256R1()))
        parameters = {**AS_DEPLOYED, **self._issuer.parameters}
        self.stack = Stack(ROOT, clock=lambda: self.now, parameters=parameters)
        self._words = tomllib.loads(WORDS.read_text("utf-8"))
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(_quiet())
            opening.enter_context(self.meter.listening())
            opening.enter_context(self.stack)
            opening.enter_context(self._timing())
            self._set_up()
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _set_up(self) -> None:
        client = self.stack.cloud.client("dynamodb")
        for name in ("CASES_TABLE", "SETTINGS_TABLE"):
            description = client.describe_table(TableName=self.stack.environment[name])
            self.meter.knows(description["Table"])
        table = runtime.world().settings_table
        settings.write_city(table, read_city(ROOT / "infra" / "city"))
        # By default one reply in ten, by the case's number, is read before it goes out.
        policy = {**tomllib.loads(preset_text()), "reply_review": "none"}
        settings.write(table, settings.POLICIES, {"own": policy})

    # -- a life ----------------------------------------------------------------------------

    def live(self, key: str) -> Life:
        """Lead one case from filing to rating. `key` begins its Idempotency-Keys."""
        filing = {
            "title": self._words["title"],
            "text": self._text("filing"),
            "category": self._words["category"],
            "area": self._words["area"],
            "contact": {name: self._words[name] for name in ("name", "phone")},
        }
        citizen = self._signed_in(Who("citizen", "C001"))
        mark = self._mark()
        filed = self._post("/v1/cases", f"{key}-file", filing, citizen, 201)
        steps = [self._step("filing", "提交 filing", 1, mark)]
        number, code = filed["case_number"], {"Access-Code": filed["access_code"]}
        mark = self._mark()
        self.stack.drain()
        steps.append(self._step("dispatch", "受理派单 acceptance, dispatch", 0, mark))

        desk, case = f"/v1/desk/cases/{number}", f"/v1/cases/{number}"
        officer = self._officer(number)
        asking, answering = {"text": self._text("asking")}, {"text": self._text("answering")}
        photo = {"kind": "photo", "reference": self._words["photo"]}
        reply = {"outcome": "resolved", "text": self._text("reply"), "evidence": [photo]}
        rating = {
            "contacted": True,
            "resolved": "yes",
            "overall": 5,
            "stars": {"outcome": 5, "attitude": 5, "speed": 4},
            "text": self._text("rating"),
        }
        for hours, name, title, path, body, headers in (
            (1, "claim", "认领 claim", f"{desk}/claim", {}, officer),
            (2, "message_out", "留言 message to the citizen", f"{desk}/message", asking, officer),
            (20, "message_in", "诉求人留言 message back", f"{case}/messages", answering, code),
            (48, "reply", "答复 reply, invitation", f"{desk}/reply", reply, officer),
            (24, "rating", "评价办结 rating, close", f"{case}/rating", rating, code),
        ):
            self._pass(timedelta(hours=hours), number)
            mark = self._mark()
            self._post(path, f"{key}-{name}", body, headers, 200)
            self.stack.drain()
            steps.append(self._step(name, title, 1, mark))
        return _apart(steps)

    def _pass(self, time_passed: timedelta, number: str) -> None:
        """Move the clock on. An ordinary case is handled before any clock of it rings."""
        self.now += time_passed
        if self._head(number)["next_due"]["S"] <= iso(self.now):
            raise Failed("a clock of the ordinary case rang: the sweep would have ticked it")

    def _head(self, number: str) -> Typed:
        head = self.meter.stored(self.stack.environment["CASES_TABLE"], number, "#HEAD")
        if head is None:
            raise Failed(f"the case {number} was not stored")
        return head

    def _officer(self, number: str) -> dict[str, str]:
        """Somebody of the unit that has the case, signed in."""
        if "chain" not in (head := self._head(number)):
            raise Failed("the ordinary case was not dispatched automatically")
        unit = head["chain"]["L"][-1]["M"]["unit"]["S"]
        return self._signed_in(Who("officer", "O001", unit))

    def _signed_in(self, who: Who) -> dict[str, str]:
        token = self._issuer.token(who, self.now, timedelta(days=30))
        return {"Authorization": f"Bearer {token}"}

    def _text(self, name: str) -> str:
        text: str = self._words[name]
        if len(text) < LENGTH:
            raise Failed(f"{WORDS.name}: {name} is shorter than {LENGTH} characters")
        return text[:LENGTH]

    def _post(
        self, path: str, key: str, body: Any, headers: dict[str, str], wanted: int
    ) -> dict[str, Any]:
        answer = self.stack.request(
            "POST",
            path,
            {"Content-Type": "application/json", "Idempotency-Key": key, **headers},
            json.dumps(body, ensure_ascii=False).encode(),
        )
        if answer.status != wanted:
            raise Failed(f"{path} answered {answer.status}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    # -- what went by ----------------------------------------------------------------------

    def _mark(self) -> tuple[int, int]:
        return len(self.meter.calls), len(self._tape.invocations)

    def _step(self, name: str, title: str, requests: int, mark: tuple[int, int]) -> Step:
        calls = [c for c in self.meter.calls[mark[0] :] if not _in_vain(c)]
        invocations = self._tape.invocations[mark[1] :]
        return Step(name, title, requests, tuple(calls), tuple(invocations))

    @contextmanager
    def _timing(self) -> Iterator[None]:
        """Time each invocation. What moto takes to answer is not the function's."""
        invoke, answer = Function.invoke, botocore_stubber.process_request
        tape = self._tape

        def timed_invoke(function: Function, event: Any) -> Any:
            calls, moto, began = len(self.meter.calls), tape.moto, time.thread_time()
            try:
                return invoke(function, event)
            finally:
                cpu = time.thread_time() - began - (tape.moto - moto)
                made = len(self.meter.calls) - calls
                tape.invocations.append(Invocation(function.name, cpu * 1000, made))

        def timed_answer(request: Any) -> Any:
            began = time.thread_time()
            try:
                return answer(request)
            finally:
                tape.moto += time.thread_time() - began

        with (
            patch.object(Function, "invoke", timed_invoke),
            patch.object(botocore_stubber, "process_request", timed_answer),
        ):
            yield


def _apart(steps: list[Step]) -> Life:
    """Take the invitation's queue, function and item, and the index of like cases, out of the steps
    that they fell into."""

    def tells(call: Call) -> bool:
        return call.function == "Invitations" or "FeedbackQueue" in call.subject

    def likens(call: Call) -> bool:
        return call.subject == LIKE

    calls = tuple(call for step in steps for call in step.calls if tells(call))
    likes = tuple(call for step in steps for call in step.calls if likens(call))
    runs = tuple(r for step in steps for r in step.invocations if r.function == "Invitations")
    rest = [
        replace(
            step,
            calls=tuple(call for call in step.calls if not (tells(call) or likens(call))),
            invocations=tuple(r for r in step.invocations if r.function != "Invitations"),
        )
        for step in steps
    ]
    return Life(
        tuple(rest),
        Step("notices", "通知 notices", 0, calls, runs),
        Step("duplicates", "查重 duplicates", 0, likes, ()),
    )


def _in_vain(call: Call) -> bool:
    """A poll that found nothing: Lambda's pollers do that all day, whether there are cases or not."""
    return call.operation == "ReceiveMessage" and not call.messages


@contextmanager
def _quiet() -> Iterator[None]:
    """The functions' log lines and metrics go to nobody."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(level)
