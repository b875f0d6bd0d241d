"""One message on its way through the running stack, with everyone who has a part in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from infra.cli.messages import Message
from infra.local.issuer import Who
from infra.local.people import Case, Doors, RefusedError
from schemas.names import ENDS, EVIDENCE

PATIENCE = 120.0
"""Seconds that a case may wait for the stack to move it on by itself."""
STEPS = 40
"""More than the longest life takes; beyond it something goes round in circles."""
OTHER = "1899"
"""The catalogue's category for what has no other (其他)."""
HOTLINE = "hotline"

AUDITOR = Who("auditor", "replay-auditor", HOTLINE)
MODERATOR = Who("moderator", "replay-moderator", HOTLINE)
DISPATCHER = Who("dispatcher", "replay-dispatcher", HOTLINE)
SUPERVISOR = Who("supervisor", "replay-supervisor", "supervision")

_OUTCOMES = ("resolved", "explained", "partly")
_OF_SUGGESTIONS = ("adopted", "explained", "not_adopted")

Desk = Mapping[str, Any]


@dataclass(frozen=True)
class Ending:
    """Where a message's case ended, as its journal tells."""

    end: str
    """satisfied · satisfied_after_redo · explained · other ends by their state · left_over · failed"""
    way: str = "none"
    """How its first department was found: automatic | person | none."""
    reviewed: bool = False
    """Somebody looked at it before acceptance."""
    why: str = ""

    @property
    def good(self) -> bool:
        """Whether it came to an end at all."""
        return self.end not in ("left_over", "failed")


class Life:
    """Files one message and carries its case to an end. Whatever was done before is not done twice."""

    def __init__(self, doors: Doors, message: Message) -> None:
        self._doors, self._message = doors, message
        self._case: Case | None = None
        self._unit, self._round = "", 1
        self._acts: dict[str, Callable[[Desk], Any]] = {
            "IN_REVIEW": self._accept,
            "TRIAGE": self._dispatch,
            "ASSIGNED": self._claim,
            "REDO": self._claim,
            "HANDLING": self._reply,
            "REPLY_REVIEW": self._approve,
            "AWAITING_RATING": self._rate,
            "FOLLOW_UP": self._follow_up,
        }

    def file(self) -> None:
        """File the message, or get the receipt of the first time. Raises RefusedError."""
        message = self._message
        filing = {"text": message.text, "channel": "web"}
        if message.title:
            filing["title"] = message.title
        citizen = Who("citizen", f"replay-{message.user}")
        receipt = self._doors.file(filing, f"replay-{message.id}", citizen)
        self._case = Case(receipt["case_number"], receipt["access_code"])

    def finish(self) -> Ending:
        """Let everyone act until the case is at an end, and say at which."""
        try:
            case = self._to_its_end()
        except RefusedError as refused:
            return Ending("failed", why=str(refused))
        return _ending(case)

    def _to_its_end(self) -> Desk:
        case, status = self._look()
        for _ in range(STEPS):
            if status in ENDS:
                return case if case["status"] == status else self._look()[0]
            act = self._acts.get(status)
            if act is None:
                waited_for = self._wait(status)
                if waited_for is None:
                    return case
                case, status = waited_for
                continue
            try:
                status = act(case)["status"]
            except RefusedError as refused:
                if refused.code not in ("state", "stale"):
                    raise
                case, status = self._look()  # somebody else was faster
        return case

    def _look(self) -> tuple[Desk, str]:
        case = self._doors.get(f"/v1/desk/cases/{self._number}", AUDITOR)
        self._unit = (case.get("department") or {}).get("code", "")
        self._round = case["redo"] + 1
        return case, case["status"]

    def _wait(self, status: str) -> tuple[Desk, str] | None:
        """Until the stack has moved the case on; None if it does not."""
        end, pause = time.monotonic() + PATIENCE, 0.05
        while time.monotonic() < end:
            time.sleep(pause)
            pause = min(2 * pause, 2.0)
            case, now = self._look()
            if now != status:
                return case, now
        return None

    # -- who does what ---------------------------------------------------------------------

    def _accept(self, case: Desk) -> Any:
        return self._desk("accept", {}, MODERATOR)

    def _dispatch(self, case: Desk) -> Any:
        """The best of the router's choices, else the hotline office."""
        best = next((one for one in case["choices"] if one.get("unit")), None)
        self._unit = best["unit"] if best else HOTLINE
        chosen = {"unit": self._unit, "category": best["category"] if best else OTHER}
        return self._desk("dispatch", chosen, DISPATCHER)

    def _claim(self, case: Desk) -> Any:
        if not self._unit:
            self._look()
        return self._desk("claim", {}, self._officer)

    def _reply(self, case: Desk) -> Any:
        suggestion = case["kind"]["code"] == "suggestion"
        outcomes = _OF_SUGGESTIONS if suggestion else _OUTCOMES
        outcome = outcomes[self._chance("outcome") % len(outcomes)]
        body = {"outcome": outcome, "text": self._message.reply, "evidence": self._evidence()}
        return self._desk("reply", body, self._officer)

    def _approve(self, case: Desk) -> Any:
        """By the hotline office; what it has answered itself, by the supervision office."""
        reviewer = SUPERVISOR if self._unit == HOTLINE else MODERATOR
        return self._desk("decide-reply", {"approve": True}, reviewer)

    def _rate(self, case: Desk) -> Any:
        assert self._case is not None, "filed before"
        rating = rated(self._chance("rating"), self._round)
        done = self._doors.citizen(self._case, "rating", rating, self._key("rate"))
        self._round += done["status"] == "REDO"
        return done

    def _follow_up(self, case: Desk) -> Any:
        """Most are handled again, at most twice; the others are explained."""
        if self._round <= 2 and self._chance("follow-up") < (60 if self._round == 1 else 25):
            done = self._desk("redo", {"text": "请换人重新核实，直接答复诉求人。"}, SUPERVISOR)
            self._round += 1
            return done
        explained = {"explanation": "lawful", "text": "经回访核实，处理依据充分，已向诉求人说明。"}
        return self._desk("close", explained, SUPERVISOR)

    def _evidence(self) -> list[dict[str, str]]:
        """One of each kind, whatever the category asks for."""
        name = f"replay-{sha256(self._message.id.encode()).hexdigest()[:8]}"
        return [{"kind": kind, "reference": f"{name}-{kind}"} for kind in EVIDENCE]

    # -- how -------------------------------------------------------------------------------

    @property
    def _officer(self) -> Who:
        """A second handling is another officer's."""
        return Who("officer", f"replay-{self._unit}-{self._round % 2}", self._unit)

    def _desk(self, command: str, body: Mapping[str, Any], by: Who) -> Any:
        return self._doors.desk(self._number, command, body, self._key(command), by)

    def _key(self, command: str) -> str:
        return f"replay-{self._message.id}-{command}-{self._round}"

    def _chance(self, what: str) -> int:
        """0 to 99, the same at every replay."""
        name = f"{self._message.id} {what} {self._round}"
        return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % 100

    @property
    def _number(self) -> str:
        assert self._case is not None, "filed before"
        return self._case.number


def rated(chance: int, handling: int) -> dict[str, Any]:
    """What a citizen answers to the invitation, by `chance` from 0 to 99, after so many handlings."""
    happy = 78 if handling == 1 else 72
    if chance < happy:
        overall = (5, 5, 4, 5, 4, 3)[chance % 6]
        resolved = "partly" if overall == 3 else "yes"
        return {"contacted": True, "resolved": resolved, "overall": overall}
    reasons = {"reasons": ["unresolved"]}
    if handling == 1 and chance >= 94:
        said = {"contacted": False, "resolved": "no", "overall": 1}
        return {**said, "reasons": ["not_contacted", "unresolved"]}
    if chance % 3 == 0:
        return {"contacted": True, "resolved": "partly", "overall": 2, **reasons}
    return {"contacted": True, "resolved": "no", "overall": 1 + chance % 2, **reasons}


def _ending(case: Desk) -> Ending:
    happened = [(entry["event"], entry["details"]) for entry in case["timeline"]]
    dispatched = next((details for event, details in happened if event == "dispatched"), None)
    way = "none" if dispatched is None else "automatic" if dispatched.get("automatic") else "person"
    reviewed = any(event == "review-begun" for event, _ in happened)
    status = case["status"]
    if status not in ENDS:
        return Ending("left_over", way, reviewed, f"{case['case_number']} {status}")
    if status != "CLOSED":
        return Ending(status.lower(), way, reviewed)
    how = [details for event, details in happened if event == "closed"][-1].get("how", "")
    satisfied = "satisfied_after_redo" if case["redo"] else "satisfied"
    return Ending(satisfied if how == "rated" else str(how), way, reviewed)
