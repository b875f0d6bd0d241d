"""`decide`: what a command makes happen, or why it may not. The heart of the service.

`decide` looks at the table (who, when), then at the command's own guards, then says what
happens. It changes nothing; `evolve` does, event by event.
"""

from collections.abc import Sequence
from datetime import datetime

from casework.cases import handlers
from casework.cases.access import At, By, may_read, refused
from casework.cases.clocks import with_clocks
from casework.cases.guards import GUARDS
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.cases.table import ROWS
from schemas import commands as c
from schemas import events as e
from schemas.events import Event


def file(
    number: str, filing: c.File, kind: str, by: By, rules: Rules, now: datetime
) -> list[Event] | Refusal:
    """The first commit of a case. `kind` is the citizen's own word or the intake's guess."""
    if unknown := handlers.unknown_codes(filing, rules):
        return unknown
    happened: list[Event] = [
        e.Filed.model_validate(
            {
                "channel": filing.channel,
                "kind": kind,
                "category": filing.category,
                "area": filing.area,
                "publishable": filing.publishable,
            }
        )
    ]
    if filing.answer is not None:
        if kind != "enquiry":
            return Refusal("only_enquiries", pointer="/answer")
        if by.actor.role != "agent":
            return Refusal("role", {"role": by.actor.role, "command": "answer"}, pointer="/answer")
        answer = filing.answer
        happened.append(e.Answered(article=answer.article, article_version=answer.article_version))
        happened.append(e.Invited())
    return with_clocks(None, happened, number, by.actor, rules, now)


def decide(
    case: Case, command: c.Command, by: By, rules: Rules, now: datetime, text: str | None = None
) -> list[Event] | Refusal:
    """The events of a command, with the clocks they move; or a refusal that says what is allowed.

    `text` is the key under which the command's free text is stored, for events that name it.
    An empty list: nothing to do (a tick before its time).
    """
    name = c.name_of(command)
    at = At(case, by, rules, now, text)
    refusal = refused(case, name, by, rules) or GUARDS[name](at, command)
    if refusal is not None:
        if not may_read(case, by, rules) and by.actor.role != "system":
            return refusal
        return Refusal(
            refusal.code, refusal.details, refusal.pointer, tuple(allowed(case, by, rules, now))
        )
    happened = handlers.HANDLERS[name](at, command)
    if not happened:
        return []
    return with_clocks(case, happened, case.number, by.actor, rules, now)


def allowed(case: Case, by: By, rules: Rules, now: datetime) -> Sequence[str]:
    """The commands that this actor may give now, in the order of the table."""
    at = At(case, by, rules, now)
    return [
        name
        for name in ROWS
        if name not in c.BY_SYSTEM
        and refused(case, name, by, rules) is None
        and GUARDS[name](at, None) is None
    ]
