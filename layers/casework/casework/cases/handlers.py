"""What each command makes happen, once the table and its guards have let it through."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework.cases.access import By
from casework.cases.clocks import due_now
from casework.cases.guards import category_known, unit_known
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Event

Handler = Callable[[Case, Any, By, Rules, datetime, str | None], list[Event]]

SATISFIED = 3
"""基本满意 or better, of 1 to 5."""
MOST_RETURNS = 2
"""After so many departments have returned a case, no machine sends it on (WF 22)."""


def unknown_codes(filing: c.File, rules: Rules) -> Refusal | None:
    if filing.area is not None and filing.area not in rules.city.areas:
        return Refusal("unknown_area", {"area": filing.area}, "/area")
    return category_known(filing.category, rules)


def _route(
    case: Case, found: c.Route, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    review = rules.policy.review
    if case.state == "SUBMITTED":
        if review == "all":
            return [e.ReviewBegun(reason="all")]
        if review == "suspicious" and found.suspicious:
            return [e.ReviewBegun(reason=found.suspicious)]
    accepted: list[Event] = [e.Accepted()] if case.state == "SUBMITTED" else []
    bounced = len(case.returned_by) >= MOST_RETURNS
    if not found.confident or found.unit is None or found.category is None or bounced:
        return [*accepted, e.Queued(choices=found.choices[:3])]
    gone = unit_known(found.unit, rules, now) or category_known(found.category, rules)
    if gone or found.unit in case.returned_by:
        return [*accepted, e.Queued(choices=found.choices[:3])]
    dispatched = e.Dispatched(
        unit=found.unit,
        category=found.category,
        automatic=True,
        confidence=round(found.confidence, 2),
        words=found.words[:3],
    )
    return [*accepted, dispatched]


def _answer(
    case: Case, command: c.Answer, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    return [
        e.Answered(article=command.article, article_version=command.article_version),
        e.Invited(),
    ]


def _dispatch(
    case: Case, command: c.Dispatch, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    category = command.category or case.category
    assert category is not None, "guarded"
    happened: list[Event] = [e.Accepted()] if case.state == "SUBMITTED" else []
    if command.kind is not None and command.kind != case.kind:
        happened += _reclassified(case, command.kind, category)
    return [*happened, e.Dispatched(unit=command.unit, category=category)]


def _reclassify(
    case: Case, command: c.Reclassify, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    return _reclassified(case, command.kind or case.kind, command.category)


def _reclassified(case: Case, kind: names.Kind, category: str | None) -> list[Event]:
    """What turns out to be a report leaves the public board in the same commit."""
    reclassified = e.Reclassified(kind=kind, category=category)
    return [reclassified, e.Unpublished()] if case.public and kind == "report" else [reclassified]


def _decide_return(
    case: Case, command: c.DecideReturn, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    if not command.approve:
        return [e.ReturnRefused()]
    if command.unit is None or case.category is None:
        return [e.Returned()]
    return [e.Returned(), e.Dispatched(unit=command.unit, category=case.category)]


def _message(
    case: Case, command: c.SendMessage, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    if by.actor.role in ("citizen", "agent"):
        return [e.InfoGiven()] if case.state == "NEEDS_INFO" else [e.MessageReceived()]
    return [e.MessageSent()]


def _reply(
    case: Case, command: c.Reply, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    if _reviewed(case, rules):
        assert text is not None, "a reply has a text"
        return [e.ReplyDrafted(outcome=command.outcome, text=text)]
    return [e.Replied(outcome=command.outcome), e.Invited()]


def _reviewed(case: Case, rules: Rules) -> bool:
    """Whether a reply is read by someone outside the unit before it goes out.

    A sample is drawn by the case's number, which nobody chooses; a second handling always is.
    """
    policy = rules.policy
    if policy.reply_review == "sampled":
        return case.redo > 0 or int(case.number[-3:-1]) < policy.reply_sample
    return policy.reply_review == "all"


def _decide_reply(
    case: Case, command: c.DecideReply, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    if not command.approve or case.draft is None:
        return [e.ReplySentBack()]
    return [e.Replied(outcome=case.draft.outcome, text=case.draft.text), e.Invited()]


def _rate(
    case: Case, command: c.Rate, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    stars = {} if command.stars is None else command.stars.model_dump(exclude_none=True)
    rated = e.Rated(
        contacted=command.contacted,
        resolved=command.resolved,
        overall=command.overall,
        stars=stars,
        reasons=tuple(dict.fromkeys(command.reasons)),
        collected_by=by.actor.role,
    )
    # Half solved, and nobody got in touch: that is not good, however mild the judge.
    solved = command.resolved == "yes" or (command.resolved == "partly" and command.contacted)
    if solved and command.overall >= SATISFIED:
        return [rated, e.Closed(how="rated")]
    if case.answered:
        return [rated, e.Accepted()]
    if case.redo >= rules.policy.times["redo"]:
        return [rated, e.FollowUpBegun(reason="redo_exhausted")]
    if not command.contacted:
        return [rated, e.RedoOrdered(reason="not_contacted")]
    reason = "unresolved" if command.resolved == "no" else "dissatisfied"
    return [rated, e.FollowUpBegun.model_validate({"reason": reason})]


def _withdraw(
    case: Case, command: c.Withdraw, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    return _off_the_board(case, e.Withdrawn(reason=command.reason))


def _decline(
    case: Case, command: c.Decline, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    return _off_the_board(case, e.Declined(reason=command.reason, path=command.path))


def _hand_over(
    case: Case, command: c.HandOver, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    return _off_the_board(case, e.HandedOver(service=command.service, receipt=command.receipt))


def _off_the_board(case: Case, end: Event) -> list[Event]:
    """An end without an answer takes a published case off the board."""
    return [end, e.Unpublished()] if case.public else [end]


def _decide_objection(
    case: Case, command: c.DecideObjection, by: By, rules: Rules, now: datetime, text: str | None
) -> list[Event]:
    return [e.ObjectionGranted(), e.Accepted()] if command.grant else [e.ObjectionRefused()]


def _simple(make: Callable[[Any, By], Event]) -> Handler:
    return lambda case, command, by, rules, now, text: [make(command, by)]


HANDLERS: dict[str, Handler] = {
    "route": _route,
    "tick": lambda case, command, by, rules, now, text: due_now(case, rules, now),
    "accept": _simple(lambda command, by: e.Accepted()),
    "decline": _decline,
    "hand-over": _hand_over,
    "request-info": _simple(lambda command, by: e.InfoRequested()),
    "answer": _answer,
    "dispatch": _dispatch,
    "reclassify": _reclassify,
    "claim": _simple(lambda command, by: e.Claimed(officer=by.actor.id)),
    "return": _simple(lambda command, by: e.ReturnAsked(reason=command.reason, unit=command.unit)),
    "decide-return": _decide_return,
    "contact": _simple(
        lambda command, by: e.Contacted(
            how=command.how, result=command.result, call_id=command.call_id
        )
    ),
    "message": _message,
    "note": _simple(lambda command, by: e.Noted()),
    "urge": _simple(lambda command, by: e.Urged()),
    "reveal": _simple(lambda command, by: e.Revealed(reason=command.reason)),
    "reply": _reply,
    "decide-reply": _decide_reply,
    "rate": _rate,
    "redo": _simple(lambda command, by: e.RedoOrdered(reason="follow_up")),
    "close": _simple(
        lambda command, by: e.Closed(how="explained", explanation=command.explanation)
    ),
    "withdraw": _withdraw,
    "reopen": _simple(lambda command, by: e.Reopened()),
    "object": _simple(lambda command, by: e.Objected()),
    "decide-objection": _decide_objection,
    "publish": _simple(lambda command, by: e.Published()),
    "unpublish": _simple(lambda command, by: e.Unpublished()),
}
