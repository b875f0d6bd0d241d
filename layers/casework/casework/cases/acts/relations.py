"""Cases that belong together: merged (并单), split, repeated, recurring.

Two cases are never changed in one step (`casework.relating`): the lead is told first, and refuses
if it follows another itself; membership lives on the followers.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.cases.access import At, about, about_the_same, confidential
from casework.cases.acts.common import WITH_NOBODY, category_known
from casework.cases.parts import Link
from casework.cases.registry import Change, guards, handles, on
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event

LEADS: frozenset[str] = frozenset(
    {
        "ACCEPTED",
        "TRIAGE",
        "ASSIGNED",
        "HANDLING",
        "RETURN_ASKED",
        "ARBITRATION",
        "SUSPENDED",
        "PROMISED",
        "REPLY_REVIEW",
        "REDO",
    }
)
"""States in which a case can still bring an answer for others."""


@guards("merge")
def _merge_may(at: At, command: Any) -> Refusal | None:
    if at.case.followers:
        return Refusal("leads_others", {"followers": at.case.followers})
    if _apart(at.case, at.rules):
        return Refusal("sealed_apart")
    if command is None:
        return None
    if command.case == at.case.number:
        return Refusal("itself", pointer="/case")
    if at.other is None:
        return Refusal("unknown_case", {"case": command.case}, "/case")
    if about(at.case, at.other.unit, at.rules):
        return Refusal("subject_unit", {"unit": at.other.unit}, "/case")
    return _can_lead(at.other, at.rules)


def _can_lead(lead: Case, rules: Rules) -> Refusal | None:
    if lead.follows is not None:
        return Refusal("follows_another", {"case": lead.follows}, "/case")
    if _apart(lead, rules):
        return Refusal("sealed_apart", pointer="/case")
    if lead.state not in LEADS:
        return Refusal("no_lead", {"case": lead.number, "state": lead.state}, "/case")
    return None


def _apart(case: Case, rules: Rules) -> bool:
    """What is confidential stays out of merging: it would show one citizen's matter to another."""
    return confidential(case.identity, case.category, rules)


@guards("merge-alike")
def _merge_alike_may(at: At, command: c.MergeAlike | None) -> Refusal | None:
    """The city lets the machine: by such a likeness, not of two places, of two citizens, about the same
    people, and not before a review that every case has.

    What a unit has returned is no longer the machine's to merge: the lead may lie with that unit.
    """
    case, other, least = at.case, at.other, at.rules.policy.merge_from
    if (refusal := _merge_may(at, command)) or command is None or other is None:
        return refusal
    scores = [
        one.score
        for one in command.similar
        if one.number == other.number and "elsewhere" not in one.reasons
    ]
    if (
        least is None
        or max(scores, default=0) * 100 < least
        or (case.state == "SUBMITTED" and at.rules.policy.review == "all")
        or (case.citizen is not None and case.citizen == other.citizen)
        or {case.identity, other.identity} - {"open", "anonymous"}
        or case.alerts
        or case.returned_by
        or not about_the_same(case, other)
    ):
        return Refusal("no_lead", {"case": other.number, "state": other.state}, "/case")
    return None


@handles("merge-alike")
def _merge_alike(at: At, command: c.MergeAlike) -> list[Event]:
    accepted: list[Event] = [e.Accepted()] if at.case.state == "SUBMITTED" else []
    version = at.other.version if at.other else 0
    found = e.SimilarFound(similar=command.similar)
    return [*accepted, found, e.Merged(into=command.case, version=version)]


@handles("merge")
def _merge(at: At, command: c.Merge) -> list[Event]:
    version = at.other.version if at.other else 0
    return [e.Merged(into=command.case, version=version)]


@guards("take-lead")
def _take_may(at: At, command: Any) -> Refusal | None:
    return _can_lead(at.case, at.rules)


@handles("take-lead")
def _take(at: At, command: c.TakeLead) -> list[Event]:
    """The lead takes the earliest due date, unless its own stands still or was promised by date."""
    own = at.case.promise if "promise" not in at.case.clocks else None
    due = datetime.fromisoformat(command.due) if command.due else None
    running = own if own and own.paused is None else None
    earlier = due is not None and running is not None and due < running.due
    if (command.lease or command.follower) in at.case.leases:
        return []
    until = due if earlier else None
    return [e.LeadTaken(follower=command.follower, lease=command.lease, until=until)]


@handles("release-lead")
def _release(at: At, command: c.ReleaseLead) -> list[Event]:
    released = e.LeadReleased(follower=command.follower, lease=command.lease)
    return [released] if _without(at.case, released) != at.case.leases else []


@handles("unmerge")
def _unmerge(at: At, command: c.Unmerge) -> list[Event]:
    return [e.Unmerged(why="decided")]


@guards("pass-on")
def _pass_may(at: At, command: Any) -> Refusal | None:
    if _apart(at.case, at.rules):
        return Refusal("sealed_apart")
    return None if at.case.to_pass_on else Refusal("nothing_to_pass_on")


@handles("pass-on")
def _pass_on(at: At, command: c.PassOn) -> list[Event]:
    outcome, by = at.case.to_pass_on, at.case.replied_by
    assert outcome is not None, "guarded"
    unit, category = at.case.unit, at.case.category
    return [
        e.PassedOn(
            outcome=outcome, followers=at.case.led_by_it, by=by, unit=unit, category=category
        )
    ]


@handles("follow-lead")
def _follow(at: At, command: c.FollowLead) -> list[Event]:
    if at.case.follows != command.lead:
        return []
    if command.version is not None and command.version <= at.case.follows_since:
        return []  # said to those who followed before
    if command.outcome is None or _by_the_accused(at, command):
        return [e.Unmerged(why="lead_ended")]
    taken = e.ReplyTaken(
        lead=command.lead,
        outcome=command.outcome,
        by=command.by,
        unit=command.unit,
        category=command.category,
    )
    return (
        [taken, e.Invited()] if at.case.reply_wanted else [taken, e.Closed(how="no_reply_wanted")]
    )


def _by_the_accused(at: At, answer: c.FollowLead) -> bool:
    """Whether the answer is of those whom this case is about: to its citizen that is none."""
    subjects = at.case.subjects
    persons = subjects.persons if subjects else ()
    return answer.by in persons or about(at.case, answer.unit, at.rules)


@guards("split")
def _split_may(at: At, command: Any) -> Refusal | None:
    for i, part in enumerate(command.parts if command else ()):
        if refusal := category_known(part.category, at.rules):
            return replace(refusal, pointer=f"/parts/{i}/category")
    return None


@handles("split")
def _split(at: At, command: c.SplitCase) -> list[Event]:
    return [e.Split(into=at.made)]


@guards("mark-repeat")
def _repeat_may(at: At, command: Any) -> Refusal | None:
    if at.case.followers:
        return Refusal("leads_others", {"followers": at.case.followers})
    if command is None:
        return None
    if command.case == at.case.number:
        return Refusal("itself", pointer="/case")
    if at.other is None:
        return Refusal("unknown_case", {"case": command.case}, "/case")
    if not at.other.is_open or at.other.state in ("NEEDS_INFO", "OBJECTED"):
        # What may end as it stands ends unheard; what the citizen says now is no repeat of it.
        return Refusal("not_open", {"case": command.case}, "/case")
    # Another citizen's case is none of this one's: what is alike is merged.
    same = at.case.citizen is not None and at.case.citizen == at.other.citizen
    return None if same else Refusal("another_citizen", {"case": command.case}, "/case")


@handles("mark-repeat")
def _repeat(at: At, command: c.MarkRepeat) -> list[Event]:
    return [e.RepeatFound(of=command.case), e.Closed(how="repeat")]


@guards("mark-recurrence")
def _recurrence_may(at: At, command: Any) -> Refusal | None:
    if command is None:
        return None
    if command.case == at.case.number:
        return Refusal("itself", pointer="/case")
    if at.other is None:
        return Refusal("unknown_case", {"case": command.case}, "/case")
    if _apart(at.other, at.rules) or _apart(at.case, at.rules):
        return Refusal("sealed_apart", pointer="/case")
    return Refusal("still_open", {"case": command.case}, "/case") if at.other.is_open else None


@handles("mark-recurrence")
def _recurrence(at: At, command: c.MarkRecurrence) -> list[Event]:
    return [e.RecurrenceFound(of=command.case)]


@on(e.Merged)
def _merged(case: Case, event: e.Merged, by: Actor, at: datetime) -> Change:
    return {
        **WITH_NOBODY,
        "state": "FOLLOWING",
        "follows": event.into,
        "follows_since": event.version,
        "asks": case.lasting,
        "choices": (),
    }


@on(e.Unmerged)
def _unmerged(case: Case, event: e.Unmerged, by: Actor, at: datetime) -> Change:
    return {"state": "ACCEPTED", "follows": None}


@on(e.LeadTaken)
def _led(case: Case, event: e.LeadTaken, by: Actor, at: datetime) -> Change:
    return {"leases": {**case.leases, event.lease or event.follower: event.follower}}


@on(e.LeadReleased)
def _left(case: Case, event: e.LeadReleased, by: Actor, at: datetime) -> Change:
    left = _without(case, event)
    return {"leases": left, "to_pass_on": case.to_pass_on if left else None}


def _without(case: Case, released: e.LeadReleased) -> dict[str, str]:
    """What is left: of a merge that came to nothing one lease goes, of an end of following all."""
    one = released.lease
    return {
        lease: follower
        for lease, follower in case.leases.items()
        if follower != released.follower or one not in (None, lease)
    }


@on(e.FollowersReleased, e.PassedOn)
def _on_their_own(
    case: Case, event: e.FollowersReleased | e.PassedOn, by: Actor, at: datetime
) -> Change:
    """They go their own way from here, with the answer or without."""
    return {"leases": {}, "to_pass_on": None}


@on(e.ReplyTaken)
def _taken(case: Case, event: e.ReplyTaken, by: Actor, at: datetime) -> Change:
    """Handled again, if it must be, by the unit that gave the answer."""
    link = (Link.model_construct(unit=event.unit, since=at),) if event.unit else ()
    return {
        "follows": None,
        "chain": link,
        "category": case.category or event.category,
        "replied_by": event.by,
        "answered": event.unit is None,
        "unread": False,
    }


@on(e.Split, e.RepeatFound, e.RecurrenceFound, e.SimilarFound)
def _noted(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {}
