"""What each command makes happen, once the table and its guards have let it through."""

from collections.abc import Callable
from typing import Any

from casework.cases.access import At, By
from casework.cases.clocks import due_now
from casework.cases.guards import category_known, unit_known
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Event

Handler = Callable[[At, Any], list[Event]]

SATISFIED = 3
"""基本满意 or better, of 1 to 5."""
MOST_RETURNS = 2
"""After so many departments have returned a case, it goes to arbitration (WF 22)."""
MOST_PARTIES = 6


def unknown_codes(filing: c.File, rules: Rules) -> Refusal | None:
    if filing.area is not None and filing.area not in rules.city.areas:
        return Refusal("unknown_area", {"area": filing.area}, "/area")
    return category_known(filing.category, rules)


def _route(at: At, found: c.Route) -> list[Event]:
    review = at.rules.policy.review
    if at.case.state == "SUBMITTED":
        if review == "all":
            return [e.ReviewBegun(reason="all")]
        if review == "suspicious" and found.suspicious:
            return [e.ReviewBegun(reason=found.suspicious)]
    accepted: list[Event] = [e.Accepted()] if at.case.state == "SUBMITTED" else []
    if len(at.case.returned_by) >= MOST_RETURNS:
        parties = at.case.returned_by[-MOST_PARTIES:]
        return [*accepted, e.ArbitrationBegun(reason="returned_twice", units=parties)]
    if not found.confident or found.unit is None or found.category is None:
        return [*accepted, e.Queued(choices=found.choices[:3])]
    gone = unit_known(found.unit, at.rules, at.now) or category_known(found.category, at.rules)
    if gone or found.unit in at.case.returned_by:
        return [*accepted, e.Queued(choices=found.choices[:3])]
    dispatched = _to(found.unit, found.category, at.rules).model_copy(
        update={
            "automatic": True,
            "confidence": round(found.confidence, 2),
            "words": found.words[:3],
        }
    )
    return [*accepted, dispatched]


def _answer(at: At, command: c.Answer) -> list[Event]:
    return [
        e.Answered(article=command.article, article_version=command.article_version),
        e.Invited(),
    ]


def _dispatch(at: At, command: c.Dispatch) -> list[Event]:
    category = command.category or at.case.category
    assert category is not None, "guarded"
    happened: list[Event] = [e.Accepted()] if at.case.state == "SUBMITTED" else []
    if command.kind is not None and command.kind != at.case.kind:
        happened += _reclassified(at.case, command.kind, category)
    return [*happened, _to(command.unit, category, at.rules, binding=at.case.binding)]


def _reclassify(at: At, command: c.Reclassify) -> list[Event]:
    return _reclassified(at.case, command.kind or at.case.kind, command.category)


def _reclassified(case: Case, kind: names.Kind, category: str | None) -> list[Event]:
    """What turns out to be a report leaves the public board in the same commit."""
    reclassified = e.Reclassified(kind=kind, category=category)
    return [reclassified, e.Unpublished()] if case.public and kind == "report" else [reclassified]


def _decide_return(at: At, command: c.DecideReturn) -> list[Event]:
    """Approved, a case that was delegated goes one level up; else back to dispatch."""
    if not command.approve:
        return [e.ReturnRefused()]
    if at.case.delegator is not None and command.unit is None:
        return [e.ReturnedUp()]
    if command.unit is None or at.case.category is None:
        return [e.Returned()]
    return [e.Returned(), _to(command.unit, at.case.category, at.rules)]


def _arbitrate(at: At, command: c.Arbitrate) -> list[Event]:
    """Whoever wants to return the case is heard in any event."""
    holder = (at.case.unit,) if at.case.unit else ()
    units = tuple(dict.fromkeys((*command.units, *holder)))
    return [e.ArbitrationBegun(reason="dispute", units=units)]


def _to(unit: str, category: str, rules: Rules, *, binding: bool = False) -> e.Dispatched:
    """A person's dispatch. What goes straight to a street is copied to its district (BJ 12)."""
    known = rules.city.units.get(unit)
    copied = known is not None and known.kind == "street" and known.parent is not None
    copies = (known.parent,) if known and known.parent and copied else ()
    return e.Dispatched(unit=unit, category=category, binding=binding, copies=copies)


def _message(at: At, command: c.SendMessage) -> list[Event]:
    if at.by.actor.role in ("citizen", "agent"):
        return [e.InfoGiven()] if at.case.state == "NEEDS_INFO" else [e.MessageReceived()]
    return [e.MessageSent()]


def _reply(at: At, command: c.Reply) -> list[Event]:
    if _reviewed(at.case, at.rules):
        assert at.text is not None, "a reply has a text"
        return [e.ReplyDrafted(outcome=command.outcome, text=at.text)]
    return [e.Replied(outcome=command.outcome), e.Invited()]


def _reviewed(case: Case, rules: Rules) -> bool:
    """Whether a reply is read by someone outside the unit before it goes out.

    A sample is drawn by the case's number, which nobody chooses; a second handling always is.
    """
    policy = rules.policy
    if policy.reply_review == "sampled":
        return case.redo > 0 or int(case.number[-3:-1]) < policy.reply_sample
    return policy.reply_review == "all"


def _decide_reply(at: At, command: c.DecideReply) -> list[Event]:
    if not command.approve or at.case.draft is None:
        return [e.ReplySentBack()]
    return [e.Replied(outcome=at.case.draft.outcome, text=at.case.draft.text), e.Invited()]


def _rate(at: At, command: c.Rate) -> list[Event]:
    stars = {} if command.stars is None else command.stars.model_dump(exclude_none=True)
    rated = e.Rated(
        contacted=command.contacted,
        resolved=command.resolved,
        overall=command.overall,
        stars=stars,
        reasons=tuple(dict.fromkeys(command.reasons)),
        collected_by=at.by.actor.role,
    )
    # Half solved, and nobody got in touch: that is not good, however mild the judge.
    solved = command.resolved == "yes" or (command.resolved == "partly" and command.contacted)
    if solved and command.overall >= SATISFIED:
        return [rated, e.Closed(how="rated")]
    if at.case.answered:
        return [rated, e.Accepted()]
    if at.case.redo >= at.rules.policy.times["redo"]:
        return [rated, e.FollowUpBegun(reason="redo_exhausted")]
    if not command.contacted:
        return [rated, e.RedoOrdered(reason="not_contacted")]
    reason = "unresolved" if command.resolved == "no" else "dissatisfied"
    return [rated, e.FollowUpBegun.model_validate({"reason": reason})]


def _withdraw(at: At, command: c.Withdraw) -> list[Event]:
    return _off_the_board(at.case, e.Withdrawn(reason=command.reason))


def _decline(at: At, command: c.Decline) -> list[Event]:
    return _off_the_board(at.case, e.Declined(reason=command.reason, path=command.path))


def _hand_over(at: At, command: c.HandOver) -> list[Event]:
    return _off_the_board(at.case, e.HandedOver(service=command.service, receipt=command.receipt))


def _off_the_board(case: Case, end: Event) -> list[Event]:
    """An end without an answer takes a published case off the board."""
    return [end, e.Unpublished()] if case.public else [end]


def _decide_objection(at: At, command: c.DecideObjection) -> list[Event]:
    return [e.ObjectionGranted(), e.Accepted()] if command.grant else [e.ObjectionRefused()]


def _simple(make: Callable[[Any, By], Event]) -> Handler:
    return lambda at, command: [make(command, at.by)]


HANDLERS: dict[str, Handler] = {
    "route": _route,
    "tick": lambda at, command: due_now(at.case, at.rules, at.now),
    "accept": _simple(lambda command, by: e.Accepted()),
    "decline": _decline,
    "hand-over": _hand_over,
    "request-info": _simple(lambda command, by: e.InfoRequested()),
    "answer": _answer,
    "dispatch": _dispatch,
    "reclassify": _reclassify,
    "delegate": _simple(lambda command, by: e.Delegated(unit=command.unit)),
    "recall": _simple(lambda command, by: e.Recalled(officer=by.actor.id)),
    "assign-officer": _simple(lambda command, by: e.OfficerAssigned(officer=command.officer)),
    "arbitrate": _arbitrate,
    "state-position": _simple(lambda command, by: e.PositionGiven(unit=by.actor.unit or "")),
    "designate": lambda at, command: [
        _to(command.unit, command.category or at.case.category or "", at.rules, binding=True)
    ],
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
