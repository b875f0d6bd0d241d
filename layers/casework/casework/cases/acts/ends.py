"""How a case ends, and the ways back: withdrawal, reopening, objection to every end."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.acts.common import WITH_NOBODY, off_the_board, window
from casework.cases.parts import End
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event
from schemas.names import State


@handles("decline")
def _decline(at: At, command: c.Decline) -> list[Event]:
    return off_the_board(at.case, e.Declined(reason=command.reason, path=command.path))


@handles("hand-over")
def _hand_over(at: At, command: c.HandOver) -> list[Event]:
    return off_the_board(at.case, e.HandedOver(service=command.service, receipt=command.receipt))


@guards("withdraw")
def _withdraw_may(at: At, command: Any) -> Refusal | None:
    return Refusal("reports_stay") if at.case.kind == "report" else None


@handles("withdraw")
def _withdraw(at: At, command: c.Withdraw) -> list[Event]:
    return off_the_board(at.case, e.Withdrawn(reason=command.reason))


@guards("reopen")
def _reopen_may(at: At, command: Any) -> Refusal | None:
    if at.case.end is None or at.by.actor.role == "system":  # which mends what it should not have
        return None
    most = at.rules.policy.times["reopening"]
    if at.case.reopened >= most:
        return Refusal("reopening_used_up", {"times": most})
    withdrawn = at.case.state == "WITHDRAWN"
    return window("withdrawal" if withdrawn else "reopening", at.case, at.rules, at.now)


@handles("reopen")
def _reopen(at: At, command: c.Reopen) -> list[Event]:
    return [e.Reopened()]


@guards("object")
def _object_may(at: At, command: Any) -> Refusal | None:
    """Every end can be objected to once (XF 2022; five working days)."""
    if at.case.objected:
        return Refusal("objected_already")
    return window("objection", at.case, at.rules, at.now)


@handles("object")
def _object(at: At, command: c.Object) -> list[Event]:
    return [e.Objected()]


@done_by("decide-objection")
def _ended_by(case: Case, command: Any) -> Doers:
    """Who ended the case, who gave the answer with which it ended, and who let that out."""
    persons = {case.end.by if case.end else None, case.replied_by, case.passed_by} - {None}
    return Doers(frozenset(persons), case.units)


@handles("decide-objection")
def _decide_objection(at: At, command: c.DecideObjection) -> list[Event]:
    return [e.ObjectionGranted(), e.Accepted()] if command.grant else [e.ObjectionRefused()]


@on(e.Declined)
def _declined(case: Case, event: e.Declined, by: Actor, at: datetime) -> Change:
    return _end(case, "DECLINED", by, at)


@on(e.HandedOver)
def _handed_over(case: Case, event: e.HandedOver, by: Actor, at: datetime) -> Change:
    return _end(case, "HANDED_OVER", by, at)


@on(e.Terminated)
def _terminated(case: Case, event: e.Terminated, by: Actor, at: datetime) -> Change:
    return _end(case, "TERMINATED", by, at)


@on(e.Closed)
def _closed(case: Case, event: e.Closed, by: Actor, at: datetime) -> Change:
    return _end(case, "CLOSED", by, at)


@on(e.Withdrawn)
def _withdrawn(case: Case, event: e.Withdrawn, by: Actor, at: datetime) -> Change:
    return _end(case, "WITHDRAWN", by, at)


def _end(case: Case, state: State, by: Actor, at: datetime) -> Change:
    end = End(at=at, by=by.id, state=state)
    return {
        "state": state,
        "end": end,
        "objected": False,  # each end can be objected to once
        "unread": False,
        "draft": None,
        "asks": {},
        "before": None,
        "follows": None,
        "parties": (),  # who was only heard has no more to do with it
        "heard": (),
    }


@on(e.Reopened)
def _reopened(case: Case, event: e.Reopened, by: Actor, at: datetime) -> Change:
    return {
        **WITH_NOBODY,
        "state": "IN_REVIEW",
        "reopened": case.reopened + (by.role != "system"),
        "end": None,
        "unread": True,
        "granted": {},
    }


@on(e.Objected)
def _objected(case: Case, event: e.Objected, by: Actor, at: datetime) -> Change:
    return {"state": "OBJECTED", "before": case.state, "objected": True}


@on(e.ObjectionGranted)
def _granted(case: Case, event: e.ObjectionGranted, by: Actor, at: datetime) -> Change:
    return {"before": None}


@on(e.ObjectionRefused)
def _refused(case: Case, event: e.ObjectionRefused, by: Actor, at: datetime) -> Change:
    return {"state": case.before or "CLOSED", "before": None}
