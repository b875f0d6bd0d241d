"""How a case comes to where each command can be given: short stories, told through the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.dispatching import ROUTER
from casework.outcomes import Filed, Request
from casework.service import Service
from casework.store.table import Table
from schemas import commands as c
from schemas import events as e
from tests.support.world import CITIZEN, FrozenClock, MemoryWorld, rules_of, staff

UNIT = "chengguan"
OFFICER = staff("officer", "officer-1", UNIT)
AGENT = staff("agent", "agent-1", "hotline")
DISPATCHER = staff("dispatcher", "dispatcher-1")
MODERATOR = staff("moderator", "moderator-1")
SUPERVISOR = staff("supervisor", "supervisor-1")
DISTRICT, STREET = "tingnan", "tingyu"
AT_DISTRICT = staff("officer", "district-1", DISTRICT)
AT_STREET = staff("officer", "street-1", STREET)
HEAD_OF_UNIT = staff("head", "head-1", UNIT)
RIVAL = "gongdian"
AT_RIVAL = staff("officer", "rival-1", RIVAL)

NAME, PHONE = "欧阳清和", "19912345678"
TEXT = "小区门口的路灯坏了三天了，晚上很黑，老人摔倒过。"

Step = tuple[c.Command, By]


def filing(**changes: object) -> c.File:
    """An ordinary complaint by someone who leaves a name and a phone."""
    usual: dict[str, object] = {
        "text": TEXT,
        "kind": "complaint",
        "contact": c.Contact(name=NAME, phone=PHONE),
        "publishable": True,
    }
    return c.File.model_validate({**usual, **changes})


def file(service: Service, request_id: str = "filing-1", **changes: object) -> Filed:
    return service.file(filing(**changes), By(CITIZEN.actor), request_id)


SUSPECT: Step = (c.Route(suspicious="太短"), ROUTER)
UNSURE: Step = (c.Route(), ROUTER)
DISPATCH: Step = (c.Dispatch(unit=UNIT, category="0205"), DISPATCHER)
CLAIM: Step = (c.Claim(), OFFICER)
PHOTO = e.Evidence(kind="photo", reference="P-20260928-1")
REPLY: Step = (c.Reply(outcome="resolved", text="已修好，请您查看。", evidence=[PHOTO]), OFFICER)
HANDLED = (UNSURE, DISPATCH, CLAIM)
REPLIED = (*HANDLED, REPLY)
DISSATISFIED: Step = (c.Rate(contacted=True, resolved="no", overall=1), CITIZEN)
CLOSED = (*REPLIED, (c.Rate(contacted=True, resolved="yes", overall=5), CITIZEN))
RETURN: Step = (c.Return(reason="not_our_duty", text="不属我单位职责。"), OFFICER)
OBJECT: Step = (c.Object(text="没有人来修过。"), CITIZEN)
TO_DISTRICT: Step = (c.Dispatch(unit=DISTRICT, category="0205"), DISPATCHER)
DELEGATE: Step = (c.Delegate(unit=STREET, text="请现场核实。"), AT_DISTRICT)
DELEGATED = (UNSURE, TO_DISTRICT, DELEGATE)
ARBITRATE: Step = (c.Arbitrate(units=[UNIT, RIVAL], text="灯杆与线路各管一半。"), DISPATCHER)
DISPUTED = (UNSURE, ARBITRATE)
POSITION: Step = (c.StatePosition(text="故障在供电线路上。"), OFFICER)
DESIGNATE: Step = (c.Designate(unit=UNIT, category="0205", text="由城管局牵头。"), SUPERVISOR)


@dataclass(frozen=True)
class Story:
    """What happened before, and the command that is now to be given."""

    before: tuple[Step, ...]
    command: c.Command
    by: By
    rules: Callable[[], Rules] = rules_of
    kind: str = "complaint"
    days: int = 0
    """How much time passes before the command."""

    def begin(self, table: Table | None = None) -> tuple[MemoryWorld, str]:
        """A world of its own in which all that was before has happened, and the case's number."""
        told, number = self._told
        world = MemoryWorld(FrozenClock(told.now()), told.rules, table)
        for item in told.stored():
            world.cases_table.put(item)
        return world, number

    @cached_property
    def _told(self) -> tuple[MemoryWorld, str]:
        """Told once; each test begins with a copy."""
        world = MemoryWorld(FrozenClock(), self.rules())
        number = file(world.service, kind=self.kind).number
        for place, (command, by) in enumerate(self.before):
            world.now.advance(minutes=1)
            world.service.change(number, command, Request(by, f"before-{place}"))
        world.now.advance(minutes=1, days=self.days)
        return world, number

    def tell(self, service: Service, number: str, request_id: str = "told") -> None:
        """Give the command, as its sender would give it again."""
        if isinstance(self.command, c.Tick):
            service.tick(number)
        else:
            service.change(number, self.command, Request(self.by, request_id))


def _reviewed() -> Rules:
    return rules_of(reply_review="all")


STORIES: dict[str, Story] = {
    "route": Story((), c.Route(), ROUTER),
    "route, sure": Story(
        (),
        c.Route(category="0205", unit=UNIT, confidence=1.0, confident=True, words=("路灯",)),
        ROUTER,
    ),
    "tick": Story((), c.Tick(), ROUTER, days=1),
    "tick, overdue": Story(HANDLED, c.Tick(), ROUTER, days=60),
    "accept": Story((SUSPECT,), c.Accept(), MODERATOR),
    "decline": Story(
        (SUSPECT,), c.Decline(reason="judicial", path="court", text="请向法院起诉。"), MODERATOR
    ),
    "hand-over": Story((), c.HandOver(service="119", receipt="20260928-1"), AGENT),
    "hand-over, with text": Story(
        (), c.HandOver(service="119", receipt="20260928-1", text="已转消防。"), AGENT
    ),
    "request-info": Story((SUSPECT,), c.RequestInfo(text="请问在哪条路？"), MODERATOR),
    "answer": Story(
        (), c.Answer(article="kb-7", article_version=2, text="周一至周五。"), AGENT, kind="enquiry"
    ),
    "dispatch": Story((UNSURE,), *DISPATCH),
    "reclassify": Story((UNSURE,), c.Reclassify(kind="help", category="0205"), DISPATCHER),
    "delegate": Story((UNSURE, TO_DISTRICT), *DELEGATE),
    "recall": Story(DELEGATED, c.Recall(), AT_DISTRICT),
    "recall, with text": Story(DELEGATED, c.Recall(text="由区里直接办。"), AT_DISTRICT),
    "assign-officer": Story((UNSURE, DISPATCH), c.AssignOfficer(officer="officer-2"), HEAD_OF_UNIT),
    "arbitrate": Story((UNSURE,), *ARBITRATE),
    "state-position": Story(DISPUTED, *POSITION),
    "designate": Story((*DISPUTED, POSITION), *DESIGNATE),
    "claim": Story((UNSURE, DISPATCH), *CLAIM),
    "return": Story((UNSURE, DISPATCH), *RETURN),
    "decide-return": Story((*HANDLED, RETURN), c.DecideReturn(approve=True), DISPATCHER),
    "decide-return, with text": Story(
        (*HANDLED, RETURN), c.DecideReturn(approve=False, text="属你单位职责。"), DISPATCHER
    ),
    "contact": Story(HANDLED, c.RecordContact(how="phone", result="no_answer"), OFFICER),
    "contact, with text": Story(
        HANDLED, c.RecordContact(how="phone", result="reached", text="约明天上门。"), OFFICER
    ),
    "message, from the unit": Story(HANDLED, c.SendMessage(text="明天上门。"), OFFICER),
    "message, from the citizen": Story(HANDLED, c.SendMessage(text="好的，谢谢。"), CITIZEN),
    "note": Story(HANDLED, c.Note(text="要带梯子。"), OFFICER),
    "urge": Story(HANDLED, c.Urge(), CITIZEN),
    "urge, with text": Story(HANDLED, c.Urge(text="还没人来。"), CITIZEN),
    "reveal": Story(HANDLED, c.Reveal(reason="visit"), OFFICER),
    "reply": Story(HANDLED, *REPLY),
    "reply, to be reviewed": Story(HANDLED, *REPLY, rules=_reviewed),
    "decide-reply": Story(REPLIED, c.DecideReply(approve=True), MODERATOR, rules=_reviewed),
    "decide-reply, with text": Story(
        REPLIED, c.DecideReply(approve=False, text="请写明日期。"), MODERATOR, rules=_reviewed
    ),
    "rate": Story(REPLIED, c.Rate(contacted=True, resolved="yes", overall=5), CITIZEN),
    "rate, with text": Story(
        REPLIED, c.Rate(contacted=False, resolved="no", overall=1, text="没人联系我。"), CITIZEN
    ),
    "redo": Story((*REPLIED, DISSATISFIED), c.Redo(text="请重新办理。"), SUPERVISOR),
    "close": Story(
        (*REPLIED, DISSATISFIED), c.Close(explanation="lawful", text="依法无法支持。"), SUPERVISOR
    ),
    "withdraw": Story(HANDLED, c.Withdraw(reason="solved"), CITIZEN),
    "withdraw, with text": Story(HANDLED, c.Withdraw(reason="solved", text="修好了。"), CITIZEN),
    "reopen": Story(CLOSED, c.Reopen(text="又坏了。"), CITIZEN),
    "object": Story(CLOSED, *OBJECT),
    "decide-objection": Story(
        (*CLOSED, OBJECT), c.DecideObjection(grant=True, text="同意复核。"), SUPERVISOR
    ),
    "publish": Story(HANDLED, c.Publish(), MODERATOR),
    "unpublish": Story((*HANDLED, (c.Publish(), MODERATOR)), c.Unpublish(), MODERATOR),
}
