"""A case's journal as a story, for its citizen and for the desk."""

from collections.abc import Iterator
from typing import Any

from casework.cases.rules import Rules
from casework.cases.state import PROMISES
from casework.store.items import Dossier
from casework.views.names import role_name, unit_name
from casework.views.reasons import reasons
from casework.views.sentences import words
from casework.views.times import local
from casework.words import Language
from schemas import events as e
from schemas.display import safe
from schemas.events import Commit, Event
from schemas.views import Entry

_INTERNAL = (
    e.ClocksChanged,
    e.Checked,
    e.CallBackDue,
    e.Noted,
    e.Revealed,
    e.Reminded,
    e.ReplyDrafted,
    e.ReplySentBack,
    e.ReturnAsked,
    e.ReturnRefused,
    e.Returned,
    e.ReturnedUp,
    e.Recalled,
    e.OfficerAssigned,
    e.ArbitrationBegun,
    e.PositionGiven,
    e.Reclassified,
    e.Located,
    e.Queued,
    e.ReviewBegun,
    e.TakenAway,
    e.ExtensionAsked,
    e.ExtensionRefused,
    e.SuspensionAsked,
    e.SuspensionRefused,
    e.TerminationAsked,
    e.TerminationRefused,
    e.AssistanceAsked,
    e.ReportedIn,
    e.AssistanceAnswered,
    e.AssistanceDisputed,
    e.AssistanceUpheld,
    e.AssistanceReleased,
    e.OrderIssued,
    e.OrderAnswered,
    e.OrderSentBack,
    e.OrderVerified,
    e.OrderLifted,
    e.AlertRaised,
    e.AlertAcknowledged,
    e.AlertResolved,
    e.SubjectsNamed,
    e.UnmaskingAsked,
    e.UnmaskingGranted,
    e.UnmaskingRefused,
    e.LeadTaken,
    e.LeadReleased,
    e.FollowersReleased,
    e.PassedOn,
    e.SimilarFound,
)
"""Of no use to the citizen, or not for the citizen's eyes."""
_SILENT = (e.ClocksChanged, e.Checked)
_WITHOUT_TEXT = (
    e.Contacted,
    e.Dispatched,
    e.Delegated,
    e.Extended,
    e.Suspended,
    e.Resumed,
    e.RedoOrdered,
    e.Unmerged,
    e.CalledBack,
)
"""The citizen is told that it happened, not what was noted down, said or ordered inside."""
_BY_ITSELF = (e.Invited,)
"""What the service does of itself in the commit of somebody else: nobody asks to be judged."""


def timeline(dossier: Dossier, rules: Rules, language: Language, *, desk: bool) -> list[Entry]:
    """The entries, oldest first. With `desk`, all that happened; else what is the citizen's to know."""
    return [
        entry
        for commit in dossier.journal
        for entry in _entries(commit, dossier, rules, language, desk=desk)
    ]


def _entries(
    commit: Commit, dossier: Dossier, rules: Rules, language: Language, *, desk: bool
) -> Iterator[Entry]:
    hidden = _SILENT if desk else _INTERNAL
    shown = [
        event
        for event in commit.events
        if not (
            isinstance(event, hidden) or _heartbeat(event) or (not desk and _inside(event, commit))
        )
    ]
    # What was filed stands in BODY; a text that came with the filing is its answer's.
    text_of = next(
        (event for event in commit.events if not isinstance(event, e.Invited | e.Filed)), None
    )
    for event in shown:
        key = event.text if isinstance(event, e.Replied | e.Promised) else None
        if key is None and event is text_of and (desk or not isinstance(event, _WITHOUT_TEXT)):
            key = commit.text
        if key is None and isinstance(event, e.Answered):
            key = commit.text
        yield Entry(
            at=local(commit.at, rules.calendar),
            version=commit.version,
            event=event.type,
            words=words(event if desk else _plain(event), rules, language),
            by=_who(commit, event, rules, language, desk=desk),
            text=safe(text) if (text := dossier.text(key)) else None,
            reasons=reasons(event, rules, language) if desk else [],
            details=_details(event) if desk else {},
        )


def _inside(event: Event, commit: Commit) -> bool:
    """The city's own delays and dates; the citizen is told where the promise breaks or moves."""
    if isinstance(event, e.RulesChanged):
        clocks = [one for one in commit.events if isinstance(one, e.ClocksChanged)]
        return not any(name in PROMISES for one in clocks for name in one.started)
    return isinstance(event, e.Overdue) and event.clock not in PROMISES


def _heartbeat(event: Event) -> bool:
    """A look at a clock whose ladder is climbed: nobody was told anything."""
    return isinstance(event, e.Reminded) and not event.rungs


def _plain(event: Event) -> Event:
    """To the citizen a designation is a dispatch: that it was disputed stays inside. Nor is another
    citizen's case named."""
    if isinstance(event, e.Dispatched) and event.binding:
        return event.model_copy(update={"binding": False})
    if isinstance(event, e.Merged):
        return event.model_copy(update={"into": ""})
    if isinstance(event, e.RecurrenceFound):
        return event.model_copy(update={"of": ""})
    if isinstance(event, e.ReplyTaken):
        return event.model_copy(update={"lead": ""})
    return event


def _who(commit: Commit, event: Event, rules: Rules, language: Language, *, desk: bool) -> str:
    """The citizen reads which unit or office acted; the desk also which account."""
    if isinstance(event, _BY_ITSELF):
        return role_name("system", language)
    role = role_name(commit.actor.role, language)
    unit = unit_name(commit.actor.unit, rules, language)
    if commit.actor.role in ("citizen", "system") or not desk:
        return unit or role
    return " ".join(part for part in (unit, role, commit.actor.id) if part)


def _details(event: Event) -> dict[str, Any]:
    """The fields of an event. Which cases follow, or are like it, is for those who may open these."""
    left_out = ("type", "follower", "followers", "lease", "similar")
    return {k: v for k, v in event.model_dump(mode="json").items() if k not in left_out}
