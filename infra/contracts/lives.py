"""What each command answers: recorded from short lives of one invented case, played on the twin."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.catalogue.load import read_city
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy
from casework.dispatching import ROUTER
from casework.outcomes import Request
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.memory import MemoryTable, MemoryVault
from casework.views.cases import done
from infra.contracts.examples import BEGIN, CITY
from infra.contracts.requests import FILING, FILINGS, UNIT, example
from schemas import commands as c
from schemas.events import Actor
from schemas.names import Role

Given = tuple[str, bool]
"""A command by its name, and whether the desk gives it."""
Step = tuple[c.Command, By]


@dataclass(frozen=True)
class Other:
    """A step of another citizen's life that touches this one: what happens to the second case."""

    command: c.Command
    by: By


@dataclass(frozen=True)
class Later:
    """Days go by, and the machine looks at the case."""

    days: int


_PAUSE = timedelta(minutes=20)


def _staff(role: Role, account: str, unit: str) -> By:
    return By(Actor(id=account, role=role, unit=unit))


CITIZEN = By(Actor(id="citizen", role="citizen"), opened=True)
_AGENT = _staff("agent", "zhao.min", "hotline")
_MODERATOR = _staff("moderator", "qian.li", "hotline")
_DISPATCHER = _staff("dispatcher", "sun.hao", "hotline")
_OFFICER = _staff("officer", "chen.yu", UNIT)
_SUPERVISOR = _staff("supervisor", "zhou.jing", "supervision")

_HEAD = _staff("head", "he.ping", UNIT)
_LEADER = _staff("leader", "gu.changhe", "yunting")
_DISTRICT = _staff("head", "lin.qu", "tingnan")
_PARTY = _staff("officer", "dian.gong", "gongdian")
_DISPUTANT = _staff("officer", "zhu.an", "zhujian")

_SUSPECT: Step = (c.Route(suspicious="short"), ROUTER)
_UNSURE: Step = (c.Route(), ROUTER)
_GIVEN = (_UNSURE, (example(c.Dispatch), _DISPATCHER))
_HANDLED = (*_GIVEN, (example(c.Claim), _OFFICER))
_REPLIED = (*_HANDLED, (example(c.Reply), _OFFICER))
_DISSATISFIED = (*_REPLIED, (c.Rate(contacted=True, resolved="no", overall=2), CITIZEN))
_CLOSED = (*_REPLIED, (example(c.Rate), CITIZEN))
_DECLINED = (_SUSPECT, (example(c.Decline), _MODERATOR))
_SUSPENDED = (
    *_HANDLED,
    (example(c.AskSuspension), _HEAD),
    (example(c.DecideSuspension), _SUPERVISOR),
)
_CALLED = (*_HANDLED, (example(c.AskAssistance), _HEAD))
_ORDERED = (*_HANDLED, (example(c.IssueOrder), _LEADER))
_MERGED = (Other(*_UNSURE), _UNSURE, (example(c.Merge), _DISPATCHER))


@dataclass(frozen=True)
class Life:
    """What happens to one case, step by step."""

    steps: tuple[Step | Other | Later, ...]
    filing: c.File = FILING
    reviewed: bool = False
    """Whether replies are read before they go out."""


LIVES = (
    Life(
        (
            *_HANDLED,
            (example(c.RecordContact), _OFFICER),
            (example(c.SendMessage), _OFFICER),
            (c.SendMessage(text="对，就是那两盏。"), CITIZEN),
            (example(c.Note), _OFFICER),
            (example(c.Urge), CITIZEN),
            (example(c.Urge), _AGENT),
            (example(c.Reveal), _OFFICER),
            (example(c.Publish), _MODERATOR),
            (example(c.Unpublish), _MODERATOR),
            (example(c.Reply), _OFFICER),
            (example(c.Rate), CITIZEN),
            (example(c.Reopen), CITIZEN),
        )
    ),
    Life((_UNSURE, (example(c.Reclassify), _DISPATCHER))),
    Life((*_HANDLED, Later(40), (example(c.CallBack), _AGENT))),
    Life(
        (
            *_GIVEN,
            (example(c.Return), _OFFICER),
            (example(c.DecideReturn), _DISPATCHER),
        )
    ),
    Life(
        (
            _SUSPECT,
            (example(c.RequestInfo), _MODERATOR),
            (c.SendMessage(text="3 号杆，旁边是 12 号楼。"), CITIZEN),
            (example(c.Accept), _MODERATOR),
        )
    ),
    Life(
        (
            *_DECLINED,
            (example(c.Object), CITIZEN),
            (example(c.DecideObjection), _SUPERVISOR),
        )
    ),
    Life((*_DECLINED, (example(c.Object), _AGENT))),
    Life(((example(c.HandOver), _AGENT),)),
    Life(
        ((example(c.Answer), _AGENT),),
        FILING.model_copy(update={"kind": "enquiry"}),
    ),
    Life((*_REPLIED, (example(c.DecideReply), _MODERATOR)), reviewed=True),
    Life((*_DISSATISFIED, (example(c.Redo), _SUPERVISOR))),
    Life((*_DISSATISFIED, (example(c.Close), _SUPERVISOR))),
    Life((*_CLOSED, (example(c.Reopen), _AGENT))),
    Life((*_HANDLED, (example(c.Withdraw), CITIZEN))),
    Life((*_GIVEN, (example(c.AssignOfficer), _HEAD))),
    Life(
        (
            _UNSURE,
            (c.Dispatch(unit="tingnan", category="0204"), _DISPATCHER),
            (example(c.Delegate), _DISTRICT),
            (example(c.Recall), _DISTRICT),
        )
    ),
    Life(
        (
            _UNSURE,
            (example(c.Arbitrate), _DISPATCHER),
            (example(c.StatePosition), _PARTY),
            (c.StatePosition(text="灯杆由我局管养。"), _OFFICER),
            (example(c.Designate), _SUPERVISOR),
        )
    ),
    # more time, a pause, an early end
    Life(
        (
            *_HANDLED,
            (example(c.AskExtension), _OFFICER),
            (example(c.DecideExtension), _SUPERVISOR),
        )
    ),
    Life((*_SUSPENDED, (example(c.LiftSuspension), _HEAD))),
    Life(
        (
            *_HANDLED,
            (example(c.AskTermination), _HEAD),
            (example(c.DecideTermination), _SUPERVISOR),
        )
    ),
    Life(
        (
            *_DISSATISFIED,
            (example(c.Promise), _SUPERVISOR),
            (example(c.KeepPromise), _OFFICER),
        )
    ),
    # help, orders, danger
    Life(
        (
            *_CALLED,
            (example(c.ReportIn), _PARTY),
            (example(c.AnswerAssistance), _PARTY),
            (example(c.DisputeAssistance), _DISPUTANT),
            (example(c.DecideAssistance), _SUPERVISOR),
        )
    ),
    Life(
        (
            *_ORDERED,
            (example(c.RespondOrder), _OFFICER),
            (example(c.VerifyOrder), _SUPERVISOR),
        )
    ),
    Life((*_ORDERED, (example(c.LiftOrder), _LEADER))),
    Life(
        (
            *_HANDLED,
            (example(c.RaiseAlert), _OFFICER),
            (example(c.AcknowledgeAlert), _DISPATCHER),
            (example(c.ResolveAlert), _DISPATCHER),
        )
    ),
    # whom it is about, and who the citizen is
    Life(
        (
            *_HANDLED,
            (example(c.NameSubjects), _DISPATCHER),
            (example(c.DropSubjects), _SUPERVISOR),
        )
    ),
    Life(
        (
            *_HANDLED,
            (example(c.AskUnmasking), _HEAD),
            (example(c.DecideUnmasking), _SUPERVISOR),
        ),
        FILINGS["report"][1],
    ),
    # relations
    Life((*_MERGED, (example(c.Unmerge), _DISPATCHER))),
    Life(
        (
            *_HANDLED,
            Other(*_UNSURE),
            Other(example(c.Merge), _DISPATCHER),
            (example(c.Reply), _OFFICER),
            (example(c.PassOn), _MODERATOR),
        )
    ),
    Life((_UNSURE, (example(c.SplitCase), _DISPATCHER))),
    Life((_UNSURE, (example(c.MarkRepeat), _DISPATCHER))),
    Life(
        (
            *_GIVEN,
            Other(c.Withdraw(reason="solved"), CITIZEN),
            (example(c.MarkRecurrence), _DISPATCHER),
        )
    ),
    Life((*_HANDLED, (example(c.Redact), _MODERATOR))),
)


@cache
def recorded() -> dict[Given, dict[str, Any]]:
    """The answer to each command that people give, as it was given for the first time."""
    answers: dict[Given, dict[str, Any]] = {}
    for life in LIVES:
        for given, answer in _played(life):
            answers.setdefault(given, answer)
    return answers


def _played(life: Life) -> Iterator[tuple[Given, dict[str, Any]]]:
    policy = replace(Policy.preset(), reply_review="all" if life.reviewed else "none")
    rules = Rules(policy, Calendar.seeded(), read_city(CITY))
    now = [BEGIN]
    service = Service(CaseStore(MemoryTable()), MemoryVault(), lambda: rules, lambda: now[0])
    number, other = (
        service.file(life.filing, CITIZEN, name, subject="citizen-0017").number
        for name in ("example", "another")
    )
    for place, step in enumerate(life.steps):
        now[0] += timedelta(days=step.days) if isinstance(step, Later) else _PAUSE
        if isinstance(step, Later):
            service.tick(number)
            continue
        if isinstance(step, Other):
            command = about(step.command, number)
            service.change(other, command, Request(step.by, f"another {place}"))
            continue
        command, by = step
        changed = service.change(number, about(command, other), Request(by, f"example {place}"))
        desk = by is not CITIZEN
        answer = done(changed.case, by, rules, "zh-CN", now[0], desk=desk)
        if isinstance(command, c.Reveal) and (dossier := service.store.dossier(number)):
            contact = service.contact(dossier.body) | {"address": dossier.body.address or ""}
            answer = answer.model_copy(update={"contact": contact})
        yield (c.name_of(command), desk), answer.model_dump(mode="json", exclude_none=True)


def about(command: c.Command, other: str) -> c.Command:
    """The example's number of another case is only an example."""
    return command.model_copy(update={"case": other}) if hasattr(command, "case") else command
