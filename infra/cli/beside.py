"""What a case has beside its state: who asks for what, who helps, what was ordered, what it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

Case = Mapping[str, Any]
Say = Callable[[str, str], str]
Fact = tuple[str, str]

_ASKED = {
    "return": ("退单", "return"),
    "extension": ("延期", "extension"),
    "suspension": ("挂账", "suspension"),
    "termination": ("终止办理", "termination"),
    "unmasking": ("查看身份", "to see who the citizen is"),
}
_HELP = {
    "requested": ("待报到", "called"),
    "reported_in": ("已报到", "has reported in"),
    "answered": ("已答复", "has answered"),
    "disputed": ("有异议，待裁定", "disputes it"),
}


def people(case: Case, say: Say) -> Iterator[Fact]:
    """Who the citizen is to those who talk to the citizen, and whom the case is about."""
    speaker = case.get("speaker") or {}
    identity = speaker.get("identity")
    if identity and identity["code"] != "open":
        yield say("身份", "Identity"), identity["name"]
    if by := speaker.get("represented_by"):
        yield say("代为提出", "Spoken for by"), by["name"]
    wishes = [one["name"] for one in speaker.get("needs", [])]
    wishes += [say("未成年人", "a minor")] if speaker.get("minor") else []
    wishes += [speaker["contact_mode"]["name"]] if speaker.get("contact_mode") else []
    wishes += [speaker["language"]] if speaker.get("language") else []
    wishes += [] if speaker.get("reply_wanted", True) else [say("不需要答复", "wants no reply")]
    if wishes:
        yield say("沟通须知", "To know"), _listed(wishes, say)
    if about := case.get("subjects"):
        yield say("被反映对象", "About"), _named(about, say)


def source(case: Case, say: Say) -> Iterator[Fact]:
    """From where it came and to whom it was written."""
    if origin := case.get("origin"):
        number = f" {origin['number']}" if origin.get("number") else ""
        yield say("来源", "From"), f"{origin['system']['name']}{number}"
    if addressee := case.get("addressee"):
        yield say("写给", "Written to"), addressee["name"]


def units(case: Case, say: Say) -> Iterator[Fact]:
    """Through whose hands it went, who reads along, who disputes whose it is."""
    chain = [one["name"] for one in case.get("chain", [])]
    if len(chain) > 1:
        yield say("逐级交办", "Given on"), " → ".join(chain)
    if copies := case.get("copies"):
        yield say("抄送", "Copied to"), _named(copies, say)
    heard = {one["code"] for one in case.get("heard", [])}
    if case.get("parties") and case["status"] == "ARBITRATION":
        marks = {True: say("已陈述", "heard"), False: say("待陈述", "to be heard")}
        said = [_so(one["name"], marks[one["code"] in heard], say) for one in case["parties"]]
        yield say("会商单位", "Heard"), _listed(said, say)


def under_way(case: Case, say: Say) -> Iterator[Fact]:
    """What waits for somebody beside the case itself: danger first."""
    for one in case.get("alerts", []):
        answered = say("值班台已响应", "answered by the duty desk")
        mark = answered if one["acknowledged"] else say("待值班台响应", "waits for the duty desk")
        yield say("警情", "Danger"), _so(f"{one['kind']['name']} {one['alert']}", mark, say)
    for one in case.get("orders", []):
        answered = say("已回复，待核实", "answered, to be verified")
        mark = answered if one["answered"] else say("待回复", "to be answered")
        level = say(f"{one['level']} 级", f"level {one['level']}")
        whose = f"{one['department']['name']} {level} {one['order']}"
        yield say("督办", "Order"), _so(whose, mark, say)
    for one in case.get("asked", []):
        day = _last_day(one["until"]) if one.get("until") else None
        when = say(f"，至 {day}", f", until {day}") if day else ""
        name = say(*_ASKED.get(one["what"], (one["what"], one["what"])))
        by = (one.get("department") or {}).get("name", one["by"])
        yield say("待审批", "Asked"), _so(f"{by} {name}", f"{one['reason']}{when}", say)
    for one in case.get("assisting", []):
        yield say("协办", "Helps"), _so(one["department"]["name"], say(*_HELP[one["state"]]), say)


def related(case: Case, say: Say) -> Iterator[Fact]:
    """The cases it belongs to, by the numbers that people say."""
    for one in case.get("related", []):
        code = one.get("access_code")
        opened = say(f"（查询码 {code}）", f" (access code {code})") if code else ""
        yield one["name"], f"{one['case_number_spoken']}{opened}"
    if many := case.get("followers"):
        yield say("并入本件", "Followed by"), say(f"{many} 件", f"{many} case(s)")


def _last_day(at: str) -> str:
    """The day that ends at this moment, or in which it lies."""
    return (datetime.fromisoformat(at) - datetime.resolution).date().isoformat()


def _so(what: str, how: str, say: Say) -> str:
    return say(f"{what}：{how}", f"{what}: {how}")


def _named(found: list[Mapping[str, str]], say: Say) -> str:
    return _listed([one["name"] for one in found], say)


def _listed(words: list[str], say: Say) -> str:
    return say("、", ", ").join(words)
