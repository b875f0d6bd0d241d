"""Solved by a stated date (JN 24): the case stays open, has its alarm, and is supervised if it is
not kept."""

from datetime import datetime
from typing import Any

from casework.cases.access import At
from casework.cases.acts.common import another_officer, promise_may
from casework.cases.acts.replying import answered_with, evidence_missing
from casework.cases.registry import Change, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@guards("promise")
def _promise_may(at: At, command: Any) -> Refusal | None:
    if at.case.unit is None:
        return Refusal("nobody_handled")
    return promise_may(at, command.until) if command else None


@handles("promise")
def _promise(at: At, command: c.Promise) -> list[Event]:
    return [e.Promised(until=at.rules.calendar.ends(command.until))]


@guards("keep-promise")
def _keep_may(at: At, command: Any) -> Refusal | None:
    if not_again := another_officer(at.case, at.by):
        return not_again
    return evidence_missing(at, command.outcome, command.evidence) if command else None


@handles("keep-promise")
def _keep(at: At, command: c.KeepPromise) -> list[Event]:
    return answered_with(at, command.outcome, tuple(command.evidence))


@on(e.Promised)
def _promised(case: Case, event: e.Promised, by: Actor, at: datetime) -> Change:
    return {
        "state": "PROMISED",
        "draft": None,
        "before": None,
        "unread": False,
        "returned_by": (),
        "replied_by": case.draft.by if case.draft else case.replied_by,
        "granted": {**case.granted, "promise": case.granted.get("promise", 0) + 1},
    }


@on(e.PromiseBroken)
def _broken(case: Case, event: e.PromiseBroken, by: Actor, at: datetime) -> Change:
    return {"state": "HANDLING"}
