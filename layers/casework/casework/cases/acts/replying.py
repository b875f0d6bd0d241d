"""The answer (答复), its review, and the citizen's judgement of it (评价, 回访, 二次办理)."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers, about
from casework.cases.acts.common import another_officer, promise_may
from casework.cases.parts import Draft, Link
from casework.cases.registry import Change, done_by, guards, handles, on
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Actor, Event

SATISFIED = 3
"""基本满意 or better, of 1 to 5."""
_OF_SUGGESTIONS = frozenset({"adopted", "not_adopted"})
_DONE = frozenset({"resolved", "partly"})


@guards("reply")
def _reply_may(at: At, command: Any) -> Refusal | None:
    if not_again := another_officer(at.case, at.by):
        return not_again
    if command is None:
        return None
    suggestion = at.case.kind == "suggestion"
    if command.outcome in _OF_SUGGESTIONS and not suggestion:
        return Refusal("only_suggestions", {"outcome": command.outcome}, "/outcome")
    if command.outcome in _DONE and suggestion:
        return Refusal("adopted_or_not", {"outcome": command.outcome}, "/outcome")
    if command.outcome == "promised":
        return promise_may(at, command.until)
    return evidence_missing(at, command.outcome, command.evidence)


def evidence_missing(at: At, outcome: str, evidence: list[e.Evidence]) -> Refusal | None:
    """What the category asks for to show that it was done (照片, 材料)."""
    category = at.rules.city.categories.get(at.case.category or "")
    wanted = category.evidence if category and outcome in _DONE else ()
    if wanted and not any(each.kind in wanted for each in evidence):
        return Refusal("evidence_needed", {"evidence": list(wanted)}, "/evidence")
    return None


@handles("reply")
def _reply(at: At, command: c.Reply) -> list[Event]:
    until = at.rules.calendar.ends(command.until) if command.until else None
    return answered_with(at, command.outcome, tuple(command.evidence), until)


def answered_with(
    at: At, outcome: names.Outcome, evidence: tuple[e.Evidence, ...], until: datetime | None = None
) -> list[Event]:
    """A reply, or its draft where it is read by someone outside the unit before it goes out."""
    evidence = tuple(dict.fromkeys(evidence))
    if until is not None or not at.case.reply_wanted or _reviewed(at.case, at.rules):
        # More time is never one's own to take; what the citizen will not judge, another reads.
        assert at.text is not None, "a reply has a text"
        return [e.ReplyDrafted(outcome=outcome, text=at.text, until=until, evidence=evidence)]
    return _gone_out(
        at.case, Draft(outcome=outcome, text="", by="", until=until, evidence=evidence)
    )


def _gone_out(case: Case, draft: Draft) -> list[Event]:
    """The reply is the citizen's now. Who wants no answer is not asked to judge one."""
    text = draft.text or None
    if draft.until is not None:
        return [e.Promised(until=draft.until, text=text)]
    replied = e.Replied(outcome=draft.outcome, text=text, evidence=draft.evidence)
    if not case.reply_wanted:
        return [replied, e.Closed(how="no_reply_wanted")]
    return [replied, e.Invited()]


def _reviewed(case: Case, rules: Rules) -> bool:
    """A sample is drawn by the case's number, which nobody chooses; a second handling always is."""
    policy = rules.policy
    if policy.reply_review == "sampled":
        return case.redo > 0 or int(case.number[-3:-1]) < policy.reply_sample
    return policy.reply_review == "all"


@done_by("decide-reply")
def _drafted_by(case: Case, command: Any) -> Doers:
    return Doers(
        persons=frozenset({case.draft.by} if case.draft else ()),
        units=case.units,
    )


@handles("decide-reply")
def _decide(at: At, command: c.DecideReply) -> list[Event]:
    if not command.approve or at.case.draft is None:
        return [e.ReplySentBack()]
    return _gone_out(at.case, at.case.draft)


# -- judged by the citizen -------------------------------------------------------------------


@done_by("rate", "close", "promise", "pass-on")
def _replied_by(case: Case, command: Any) -> Doers:
    """A rating is never collected by who is rated, a reply is signed off outside its unit (JN 27).

    Nor does its unit give itself more time, or judge whether others may read what it wrote.
    """
    return Doers(
        persons=frozenset({case.replied_by} if case.replied_by else ()),
        units=case.units,
    )


@handles("rate")
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
    if not command.contacted and at.case.unit is not None:
        return [rated, e.RedoOrdered(reason="not_contacted")]
    reason = "unresolved" if command.resolved == "no" else "dissatisfied"
    return [rated, e.FollowUpBegun.model_validate({"reason": reason})]


@guards("redo")
def _redo_may(at: At, command: Any) -> Refusal | None:
    """At most so often; then the unit one level up has it, until there is none."""
    most = at.rules.policy.times["redo"]
    if at.case.redo < most:
        return None if at.case.unit else Refusal("nobody_handled")
    return None if _above(at) else Refusal("redo_used_up", {"times": most})


@handles("redo")
def _redo(at: At, command: c.Redo) -> list[Event]:
    used_up = at.case.redo >= at.rules.policy.times["redo"]
    return [e.RedoOrdered(reason="follow_up", unit=_above(at) if used_up else None)]


def _above(at: At) -> str | None:
    """The unit one level up: who delegated it, else the holder's parent; never one it is about."""
    unit = at.case.unit
    if unit is None or unit not in at.rules.city.units:
        return None
    above = at.case.delegator or at.rules.city.above(unit)
    return None if above is None or about(at.case, above, at.rules) else above


@handles("close")
def _close(at: At, command: c.Close) -> list[Event]:
    return [e.Closed(how="explained", explanation=command.explanation)]


# -- what the events change ------------------------------------------------------------------


@on(e.ReplyDrafted)
def _drafted(case: Case, event: e.ReplyDrafted, by: Actor, at: datetime) -> Change:
    draft = Draft(
        outcome=event.outcome,
        text=event.text,
        by=by.id,
        until=event.until,
        evidence=event.evidence,
    )
    return {"state": "REPLY_REVIEW", "before": case.state, "draft": draft, "unread": False}


@on(e.ReplySentBack)
def _sent_back(case: Case, event: e.ReplySentBack, by: Actor, at: datetime) -> Change:
    return {"state": _still(case, at), "draft": None, "before": None}


def _still(case: Case, at: datetime) -> names.State:
    """Promised still, if it was and the date has not passed meanwhile."""
    promise = case.clocks.get("promise")
    promised = case.before == "PROMISED" and promise is not None and at < promise.due
    return "PROMISED" if promised else "HANDLING"


@on(e.Replied)
def _replied(case: Case, event: e.Replied, by: Actor, at: datetime) -> Change:
    return {
        "replied_by": case.draft.by if case.draft else by.id,
        "passed_by": by.id if case.draft else None,
        "draft": None,
        "before": None,
        # Whoever replies was responsible: what was returned before counts no more.
        "returned_by": (),
        "unread": False,
        "to_pass_on": event.outcome if case.followers else None,
    }


@on(e.Invited)
def _invited(case: Case, event: e.Invited, by: Actor, at: datetime) -> Change:
    return {"state": "AWAITING_RATING"}


@on(e.Rated)
def _rated(case: Case, event: e.Rated, by: Actor, at: datetime) -> Change:
    return {}


@on(e.FollowUpBegun)
def _follow_up(case: Case, event: e.FollowUpBegun, by: Actor, at: datetime) -> Change:
    return {"state": "FOLLOW_UP"}


@on(e.RedoOrdered)
def _redo_ordered(case: Case, event: e.RedoOrdered, by: Actor, at: datetime) -> Change:
    change: Change = {"state": "REDO", "redo": case.redo + 1, "officer": None}
    if event.unit is not None:
        above = case.chain[:-1]
        change["chain"] = above or (Link.model_construct(unit=event.unit, since=at),)
    return change
