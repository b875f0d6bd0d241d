"""Review before acceptance (受理, 审核), and the answer from the knowledge base."""

from datetime import datetime
from typing import Any

from casework.cases.access import At
from casework.cases.acts.common import WITH_NOBODY
from casework.cases.registry import Change, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@handles("accept")
def _accept(at: At, command: c.Accept) -> list[Event]:
    return [e.Accepted()]


@handles("request-info")
def _request_info(at: At, command: c.RequestInfo) -> list[Event]:
    return [e.InfoRequested()]


@guards("answer")
def _only_enquiries(at: At, command: Any) -> Refusal | None:
    return None if at.case.kind == "enquiry" else Refusal("only_enquiries")


@handles("answer")
def _answer(at: At, command: c.Answer) -> list[Event]:
    return [
        e.Answered(article=command.article, article_version=command.article_version),
        e.Invited(),
    ]


@on(e.ReviewBegun)
def _review(case: Case, event: e.ReviewBegun, by: Actor, at: datetime) -> Change:
    return {"state": "IN_REVIEW"}


@on(e.InfoRequested)
def _asked(case: Case, event: e.InfoRequested, by: Actor, at: datetime) -> Change:
    return {"state": "NEEDS_INFO"}


@on(e.InfoGiven)
def _given(case: Case, event: e.InfoGiven, by: Actor, at: datetime) -> Change:
    return {"state": "IN_REVIEW", "unread": True}


@on(e.Accepted)
def _accepted(case: Case, event: e.Accepted, by: Actor, at: datetime) -> Change:
    return {"state": "ACCEPTED", "answered": False, "end": None, **WITH_NOBODY}


@on(e.Answered)
def _answered(case: Case, event: e.Answered, by: Actor, at: datetime) -> Change:
    return {
        "answered": True,
        "replied_by": by.id,
        "choices": (),
        "to_pass_on": "explained" if case.followers else None,
    }
