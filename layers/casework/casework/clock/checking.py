"""What a policy may say, entry by entry, and would still leave somebody waiting: refused, by its entry."""

from typing import get_args

from casework.clock.policy import URGENT, ClockRule, Policy, PolicyError
from schemas import names
from schemas.events import DATING


def checked(policy: Policy, *, urgent: bool) -> Policy:
    """The policy itself, which is for urgent cases only or for the others. Raises PolicyError at the
    first fault."""
    for rule in policy.clocks.values():
        _dated_by_what_says_when(rule)
        _goes_on_after_a_suspension(rule)
    if promise := policy.clocks.get("resolve"):
        _for_whatever_is_asked(promise, urgent=urgent)
    for name, ladder in policy.ladders.items():
        for number, rung in enumerate(ladder.rungs, 1):
            if rung.level and not rung.who:
                zh, en = (
                    f"第 {number} 级督办无人知晓，请补 who",
                    f"rung {number} tells nobody; add who",
                )
                raise fault(f"ladders.{name}", zh, en, f"ladders.{name}.{number}")
    return policy


def _dated_by_what_says_when(rule: ClockRule) -> None:
    if silent := sorted(rule.dated_by - DATING):
        zh, en = f"事件 {silent[0]} 不带日期", f"the event {silent[0]} says no date"
        raise fault(f"clocks.{rule.name}.dated_by", zh, en)


def _goes_on_after_a_suspension(rule: ClockRule) -> None:
    """Else it stands still for ever: whatever ends a suspension lets it go on, start anew or stop."""
    if "suspended" not in rule.pauses_on:
        return
    ends = {"resumed", "termination-asked"}
    if rule.during is None:  # others fall away with what they run beside
        ends.add("taken-away")
    if missing := sorted(ends - rule.resumes_on - rule.restarts_on - rule.stops_on):
        zh, en = (
            f"缺少 {missing[0]}，挂账结束后不会继续",
            f"lacks {missing[0]}: it would never go on",
        )
        raise fault(f"clocks.{rule.name}.resumes_on", zh, en)


def _for_whatever_is_asked(promise: ClockRule, *, urgent: bool) -> None:
    for kind in get_args(names.Kind):
        for urgency in get_args(names.Urgency):
            counts = (urgency in URGENT) is urgent
            if counts and promise.limit_for(kind, urgency=urgency) is None:
                zh, en = (
                    f"没有 {kind} 的时限，请补上或写 any",
                    f"says none for {kind}; add it, or any",
                )
                raise fault(f"clocks.{promise.name}.limit", zh, en)


def fault(where: str, zh: str, en: str, place: str = "") -> PolicyError:
    """`place`: the entry itself, where the words name the whole that it belongs to."""
    return PolicyError(f"政策文件的 {where}：{zh}", f"policy entry {where}: {en}", place or where)
