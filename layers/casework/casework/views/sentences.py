"""Each event of a case's journal as a sentence, in both languages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework.cases.number import spoken
from casework.cases.rules import Rules
from casework.views.names import (
    category_name,
    clock_name,
    code_name,
    kind_name,
    level_name,
    person_name,
    unit_name,
)
from casework.words import Language, pick
from schemas import events as e
from schemas.events import Event


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


def _day(at: datetime, rules: Rules) -> str:
    """The last day that a due time at 24:00 leaves."""
    return rules.calendar.local(at - datetime.resolution).isoformat()


def _until(zh: str, en: str) -> _Say:
    """A sentence with its coded reason and its last day: `{why}`, `{day}`."""

    def say(event: Any, rules: Rules, language: Language) -> _Pair:
        day = _day(event.until, rules)
        why = code_name(event.reason, language) if hasattr(event, "reason") else ""
        return zh.format(why=why, day=day), en.format(why=why, day=day)

    return say


def _of_a_unit(zh: str, en: str) -> _Say:
    def say(event: Any, rules: Rules, language: Language) -> _Pair:
        unit = unit_name(event.unit, rules, language)
        return zh.format(unit=unit), en.format(unit=unit)

    return say


def _why(zh: str, en: str) -> _Say:
    def say(event: Any, rules: Rules, language: Language) -> _Pair:
        why = code_name(getattr(event, "reason", None) or event.why, language)
        return zh.format(why=why), en.format(why=why)

    return say


def _with_number(zh: str, en: str, field: str) -> _Say:
    """A sentence about another case, whose number comes after it where the reader may know it."""

    def say(event: Any, rules: Rules, language: Language) -> _Pair:
        named = getattr(event, field)
        numbers = [named] if isinstance(named, str) else list(named)
        shown = " · ".join(spoken(number) for number in numbers if number)
        return (f"{zh}：{shown}", f"{en}: {shown}") if shown else (zh, en)

    return say


def _area(event: e.Located, rules: Rules, language: Language) -> str:
    area = rules.city.areas.get(event.area)
    return pick((area.name, area.name_en), language) if area else event.area


def _similar(event: e.SimilarFound, rules: Rules, language: Language) -> _Pair:
    many = len(event.similar)
    return f"发现 {many} 件相似的诉求", f"{many} like cases were found"


def _order(event: e.OrderIssued, rules: Rules, language: Language) -> _Pair:
    unit = unit_name(event.unit, rules, language)
    return f"督办单（{event.level} 级）：{unit}", f"Order (level {event.level}) to {unit}"


def _subjects(event: e.SubjectsNamed, rules: Rules, language: Language) -> _Pair:
    units = [unit_name(unit, rules, language) or unit for unit in event.units]
    named = "、".join([*units, *event.persons]) or pick(("无", "none"), language)
    return f"被反映对象：{named}", f"It is about: {named}"


def _resolved_alert(event: e.AlertResolved, rules: Rules, language: Language) -> _Pair:
    service = code_name(event.service, language)
    receipt = f"，回执 {event.receipt}" if event.receipt else ""
    receipt_en = f", receipt {event.receipt}" if event.receipt else ""
    return f"警情处置：{service}{receipt}", f"Danger taken over: {service}{receipt_en}"


def _reminded(event: e.Reminded, rules: Rules, language: Language) -> _Pair:
    clock, level = clock_name(event.clock, rules, language), event.level
    means = [code_name(code, language) for code in (event.card, event.manual, event.notice) if code]
    zh = "，".join([*([f"{level} 级督办"] if level else []), *means])
    en = ", ".join([*([f"level {level}"] if level else []), *means])
    zh = f"催办：{clock}" + (f"（{zh}）" if zh else "")
    en = f"Reminder: {clock}" + (f" ({en})" if en else "")
    names = [person_name(account, rules) for account in event.told]
    missing = [level_name(gap, language) for gap in event.gaps]
    if names:
        zh, en = f"{zh}，已告知{'、'.join(names)}", f"{en}, told {', '.join(names)}"
    if missing:
        zh, en = f"{zh}；无人：{'、'.join(missing)}", f"{en}; nobody as {', '.join(missing)}"
    return zh, en


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
            part
            for part in (
                kind_name(ev.kind, lang),
                category_name(ev.category, r, lang),
                code_name(ev.urgency, lang) if ev.urgency else None,
            )
            if part
        )
    ),
    e.Located: lambda ev, r, lang: (
        f"地点：{_area(ev, r, lang)}",
        f"Where it is: {_area(ev, r, lang)}",
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
    e.TakenAway: (
        "因回避收回，重新派单",
        "Taken away, to be dispatched anew (conflict of interest)",
    ),
    e.ExtensionAsked: _until("申请延期至 {day}：{why}", "Extension to {day} asked: {why}"),
    e.Extended: _until("办理期限延至 {day}：{why}", "Extended to {day}: {why}"),
    e.ExtensionRefused: ("不同意延期", "Extension refused"),
    e.SuspensionAsked: _until("申请挂账至 {day}：{why}", "Suspension until {day} asked: {why}"),
    e.Suspended: _until("暂缓办理，{day} 复核：{why}", "On hold until {day}: {why}"),
    e.SuspensionRefused: ("不同意挂账", "Suspension refused"),
    e.Resumed: _why("恢复办理：{why}", "Taken up again: {why}"),
    e.TerminationAsked: _why("申请终止办理：{why}", "Termination asked: {why}"),
    e.Terminated: lambda ev, r, lang: (
        f"终止办理：{code_name(ev.reason, lang)}"
        + (f"。可以向{code_name(ev.path, lang)}反映" if ev.path else ""),
        f"Handling terminated: {code_name(ev.reason, lang)}"
        + (f". Turn to {code_name(ev.path, lang)}" if ev.path else ""),
    ),
    e.TerminationRefused: ("不同意终止，继续办理", "Termination refused"),
    e.AssistanceAsked: _of_a_unit("请求{unit}协办", "{unit} called to help"),
    e.ReportedIn: _of_a_unit("{unit}已报到", "{unit} reported in"),
    e.AssistanceAnswered: _of_a_unit("{unit}答复协办", "{unit} answered the call"),
    e.AssistanceDisputed: _of_a_unit("{unit}对协办提出异议", "{unit} disputes the call"),
    e.AssistanceUpheld: _of_a_unit("裁定由{unit}协办", "{unit} has to help"),
    e.AssistanceReleased: _of_a_unit("{unit}不再协办", "{unit} need not help"),
    e.OrderIssued: _order,
    e.OrderAnswered: ("督办已回复", "The order was answered"),
    e.OrderSentBack: ("督办回复退回", "The answer to the order was sent back"),
    e.OrderVerified: ("督办核查通过", "The answer to the order was verified"),
    e.OrderLifted: ("督办解除", "The order was lifted"),
    e.AlertRaised: lambda ev, r, lang: (
        f"警情提示：{code_name(ev.kind, lang)}",
        f"Alert: {code_name(ev.kind, lang)}",
    ),
    e.AlertAcknowledged: ("值班台已接警", "The duty desk has the alert"),
    e.AlertResolved: _resolved_alert,
    e.SubjectsNamed: _subjects,
    e.UnmaskingAsked: _why("申请查看诉求人身份：{why}", "Asked to see who it is: {why}"),
    e.UnmaskingGranted: ("同意查看诉求人身份", "May see who it is"),
    e.UnmaskingRefused: ("不同意查看诉求人身份", "May not see who it is"),
    e.Merged: _with_number("与同类诉求一并办理", "Handled together with a like request", "into"),
    e.Unmerged: _why("改为单独办理：{why}", "Handled by itself again: {why}"),
    e.LeadTaken: ("有诉求并入本单", "A like request was merged into this"),
    e.LeadReleased: ("有诉求解除并单", "A request was taken out again"),
    e.FollowersReleased: ("并入的诉求改为单独办理", "The merged requests go on by themselves"),
    e.PassedOn: ("答复已转达并入的诉求", "The reply was passed on"),
    e.ReplyTaken: lambda ev, r, lang: (
        f"答复：{code_name(ev.outcome, lang)}",
        f"Reply: {code_name(ev.outcome, lang)}",
    ),
    e.Split: _with_number("已拆分为", "Split into", "into"),
    e.RepeatFound: _with_number("与未办结的诉求重复", "Repeats an open case", "of"),
    e.SimilarFound: _similar,
    e.RecurrenceFound: _with_number("此前的问题再次发生", "Has happened before", "of"),
    e.RulesChanged: (
        "年历或政策有变，时限已重新计算",
        "Calendar or policy has changed; dates counted anew",
    ),
    e.CallBackDue: ("已超期，安排回访", "Overdue: the citizen is to be called"),
    e.CalledBack: lambda ev, r, lang: (
        f"超期回访：{code_name(ev.result, lang)}",
        f"Called about the delay: {code_name(ev.result, lang)}",
    ),
    e.Redacted: ("已去除个人信息", "Personal data was taken out"),
    e.Promised: _until("承诺于 {day} 前解决", "To be solved by {day}"),
    e.PromiseBroken: ("承诺期限已过，转入督办", "The promised date has passed; supervised now"),
    e.Published: ("已公示", "Published"),
    e.Unpublished: ("已撤下公示", "Taken off the board"),
    e.Reminded: _reminded,
    e.Overdue: lambda ev, r, lang: (
        f"{clock_name(ev.clock, r, lang)}已超期",
        f"Overdue: {clock_name(ev.clock, r, lang)}",
    ),
}
