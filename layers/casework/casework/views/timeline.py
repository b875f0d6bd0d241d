"""A case's journal as a story, for its citizen and for the desk."""

from collections.abc import Callable, Iterator
from typing import Any

from casework.cases.rules import Rules
from casework.store.items import Dossier
from casework.views.names import clock_name, code_name, kind_name, role_name
from casework.views.times import local
from casework.words import Language, pick
from schemas import events as e
from schemas.display import safe
from schemas.events import Commit, Event
from schemas.views import Entry

_INTERNAL = (
    e.ClocksChanged,
    e.Checked,
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
    e.Queued,
    e.ReviewBegun,
)
"""Of no use to the citizen, or not for the citizen's eyes."""
_SILENT = (e.ClocksChanged, e.Checked)
_WITHOUT_TEXT = (e.Contacted, e.Dispatched, e.Delegated, e.RedoOrdered)
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
        if not (isinstance(event, hidden) or _heartbeat(event) or (not desk and _inside(event)))
    ]
    # What was filed stands in BODY; a text that came with the filing is its answer's.
    text_of = next(
        (event for event in commit.events if not isinstance(event, e.Invited | e.Filed)), None
    )
    for event in shown:
        key = event.text if isinstance(event, e.Replied) and event.text else None
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
            text=safe(dossier.texts[key]) if key and dossier.texts.get(key) else None,
            details=_details(event) if desk else {},
        )


def _inside(event: Event) -> bool:
    """The city's own delays; the citizen is told of those that break the promise."""
    return isinstance(event, e.Overdue) and event.clock not in ("resolve", "redo")


def _heartbeat(event: Event) -> bool:
    """A look at a clock whose ladder is climbed: nobody was told anything."""
    return isinstance(event, e.Reminded) and not event.rungs


def _plain(event: Event) -> Event:
    """To the citizen a designation is a dispatch: that it was disputed stays inside."""
    if isinstance(event, e.Dispatched) and event.binding:
        return event.model_copy(update={"binding": False})
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


def unit_name(code: str | None, rules: Rules, language: Language) -> str | None:
    if code is None:
        return None
    unit = rules.city.units.get(code)
    return pick((unit.name, unit.name_en), language) if unit else code


def category_name(code: str | None, rules: Rules, language: Language) -> str | None:
    if code is None:
        return None
    category = rules.city.categories.get(code)
    return pick((category.name, category.name_en), language) if category else code


def _details(event: Event) -> dict[str, Any]:
    return {k: v for k, v in event.model_dump(mode="json").items() if k not in ("type", "citizen")}


def words(event: Event, rules: Rules, language: Language) -> str:
    """One event as a sentence."""
    said = _WORDS[type(event)]
    pair = said(event, rules, language) if callable(said) else said
    return pick(pair, language)


_Pair = tuple[str, str]
_Say = Callable[[Any, Rules, Language], _Pair]


def _same(text: str) -> _Pair:
    return text, text


def _dispatched(event: e.Dispatched, rules: Rules, language: Language) -> _Pair:
    unit = unit_name(event.unit, rules, language)
    category = category_name(event.category, rules, language)
    if event.binding:
        return f"指定{unit}承办（{category}）", f"{unit} designated ({category})"
    return f"已交{unit}办理（{category}）", f"Given to {unit} ({category})"


def _rated(event: e.Rated, rules: Rules, language: Language) -> _Pair:
    resolved = code_name(event.resolved, language)
    return f"评价 {event.overall} 分：{resolved}", f"Rated {event.overall} of 5: {resolved}"


def _closed(event: e.Closed, rules: Rules, language: Language) -> _Pair:
    why = code_name(event.explanation or event.how, language)
    return f"办结：{why}", f"Closed: {why}"


_WORDS: dict[type[Event], _Pair | _Say] = {
    e.Filed: ("诉求已提交", "Request filed"),
    e.ReviewBegun: lambda ev, r, lang: (
        f"转人工审核：{code_name(ev.reason, lang)}",
        f"To review: {ev.reason}",
    ),
    e.Accepted: ("已受理", "Accepted"),
    e.Declined: lambda ev, r, lang: (
        f"不予受理（{code_name(ev.reason, lang)}）。可以向{code_name(ev.path, lang)}反映",
        f"Not accepted ({code_name(ev.reason, lang)}). Turn to {code_name(ev.path, lang)}",
    ),
    e.HandedOver: lambda ev, r, lang: (
        f"已转 {code_name(ev.service, lang)}，回执 {ev.receipt}",
        f"Handed to {code_name(ev.service, lang)}, receipt {ev.receipt}",
    ),
    e.InfoRequested: ("需要您补充信息", "We need to know more"),
    e.InfoGiven: ("诉求人已补充信息", "Information given"),
    e.Answered: ("已根据知识库答复", "Answered from the knowledge base"),
    e.Queued: ("转人工派单", "A person will dispatch it"),
    e.Dispatched: _dispatched,
    e.Reclassified: lambda ev, r, lang: _same(
        " · ".join(
            part for part in (kind_name(ev.kind, lang), category_name(ev.category, r, lang)) if part
        )
    ),
    e.Delegated: lambda ev, r, lang: (
        f"已交{unit_name(ev.unit, r, lang)}具体办理",
        f"Given on to {unit_name(ev.unit, r, lang)}",
    ),
    e.Recalled: ("上级单位收回办理", "Taken back by the level above"),
    e.OfficerAssigned: ("已指定经办人", "An officer is assigned"),
    e.ReturnedUp: ("同意退单，由上级单位办理", "Return approved, one level up"),
    e.ArbitrationBegun: lambda ev, r, lang: (
        f"提请会商（{code_name(ev.reason, lang)}）："
        + "、".join(unit_name(unit, r, lang) or unit for unit in ev.units),
        f"To arbitration ({code_name(ev.reason, lang)}): "
        + ", ".join(unit_name(unit, r, lang) or unit for unit in ev.units),
    ),
    e.PositionGiven: lambda ev, r, lang: (
        f"{unit_name(ev.unit, r, lang)}陈述了意见",
        f"{unit_name(ev.unit, r, lang)} stated its position",
    ),
    e.Claimed: ("承办单位已认领", "Claimed by the department"),
    e.ReturnAsked: lambda ev, r, lang: (
        f"申请退单：{code_name(ev.reason, lang)}",
        f"Return asked: {code_name(ev.reason, lang)}",
    ),
    e.Returned: ("同意退单", "Return approved"),
    e.ReturnRefused: ("不同意退单", "Return refused"),
    e.Contacted: lambda ev, r, lang: (
        f"{code_name(ev.how, lang)}联系诉求人：{code_name(ev.result, lang)}",
        f"Contact by {code_name(ev.how, lang)}: {code_name(ev.result, lang)}",
    ),
    e.MessageSent: ("给诉求人的留言", "Message to the citizen"),
    e.MessageReceived: ("诉求人留言", "Message from the citizen"),
    e.Noted: ("内部备注", "Internal note"),
    e.Urged: ("诉求人催单", "Urged by the citizen"),
    e.Revealed: ("查看了联系方式", "Contact seen in full"),
    e.ReplyDrafted: lambda ev, r, lang: (
        f"答复送审：{code_name(ev.outcome, lang)}",
        f"Reply drafted: {code_name(ev.outcome, lang)}",
    ),
    e.ReplySentBack: ("答复退回修改", "Reply sent back"),
    e.Replied: lambda ev, r, lang: (
        f"答复：{code_name(ev.outcome, lang)}",
        f"Reply: {code_name(ev.outcome, lang)}",
    ),
    e.Invited: ("请您评价", "Please rate"),
    e.Rated: _rated,
    e.FollowUpBegun: lambda ev, r, lang: (
        f"开始回访：{code_name(ev.reason, lang)}",
        f"Follow-up: {code_name(ev.reason, lang)}",
    ),
    e.RedoOrdered: lambda ev, r, lang: (
        f"责成二次办理：{code_name(ev.reason, lang)}",
        f"To be handled again: {code_name(ev.reason, lang)}",
    ),
    e.Closed: _closed,
    e.Withdrawn: lambda ev, r, lang: (
        f"诉求人撤回：{code_name(ev.reason, lang)}",
        f"Withdrawn: {code_name(ev.reason, lang)}",
    ),
    e.Reopened: ("重新打开", "Reopened"),
    e.Objected: ("诉求人提出异议", "Objection raised"),
    e.ObjectionGranted: ("异议成立，重新办理", "Objection granted"),
    e.ObjectionRefused: ("异议不成立", "Objection refused"),
    e.Published: ("已公示", "Published"),
    e.Unpublished: ("已撤下公示", "Taken off the board"),
    e.Reminded: lambda ev, r, lang: (
        f"催办：{clock_name(ev.clock, lang)}" + (f"（{ev.level} 级督办）" if ev.level else ""),
        f"Reminder: {clock_name(ev.clock, lang)}" + (f" (level {ev.level})" if ev.level else ""),
    ),
    e.Overdue: lambda ev, r, lang: (
        f"{clock_name(ev.clock, lang)}已超期",
        f"Overdue: {clock_name(ev.clock, lang)}",
    ),
}
