"""`decide`: what a command makes happen, or why it may not. The heart of the service.

`decide` looks at the table (who, when, on whose wish), then at the command's own guard, then says
what happens. It changes nothing; `evolve` does, event by event.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from casework.cases.access import At, By, may_read, permitted
from casework.cases.acts.alerts import raised
from casework.cases.acts.common import imposed_on, unknown_codes
from casework.cases.clocks import with_clocks
from casework.cases.registry import GUARDS, HANDLERS, WHOSE
from casework.cases.rules import Refusal, Rules
from casework.cases.secrecy import kept_secret
from casework.cases.state import Case
from casework.cases.ticking import ticked
from schemas import commands as c
from schemas import events as e
from schemas.events import Event


def file(
    number: str,
    filing: c.File,
    kind: str,
    by: By,
    rules: Rules,
    now: datetime,
    *,
    known: bool = False,
    dangers: Collection[str] = (),
    split_from: Case | None = None,
) -> list[Event] | Refusal:
    """The first commit of a case. `kind` is the citizen's own word or the intake's guess.

    `known`: the citizen has an account; `dangers`: the kinds of danger that the text speaks of;
    `split_from`: the case of which it was a part, and whose subjects are its own.
    """
    if unknown := unknown_codes(filing, by, rules, now):
        return unknown
    origin = filing.origin
    happened: list[Event] = [
        e.Filed.model_validate(
            {
                "channel": filing.channel,
                "kind": kind,
                "category": filing.category,
                "area": filing.area,
                "urgency": filing.urgency,
                "publishable": filing.publishable,
                "identity": filing.identity or ("sealed" if kind == "report" else "open"),
                "reachable": known or bool(filing.contact and filing.contact.phone),
                "reply_wanted": filing.reply_wanted,
                "minor": filing.minor,
                "represented": filing.on_behalf_of is not None,
                "about": tuple(dict.fromkeys(filing.about)),
                "addressee": filing.addressee,
                "origin": origin.system if origin else None,
                "external": origin.number if origin else None,
                "until": imposed_on(filing, rules) or _of_the_whole(split_from),
                "split_from": split_from.number if split_from else None,
            }
        )
    ]
    if split_from and split_from.subjects:
        accused = split_from.subjects
        happened.append(e.SubjectsNamed(units=accused.units, persons=accused.persons))
    if filing.answer is not None:
        if kind != "enquiry":
            return Refusal("only_enquiries", pointer="/answer")
        if by.actor.role != "agent":
            return Refusal("role", {"role": by.actor.role, "command": "answer"}, pointer="/answer")
        answer = filing.answer
        happened.append(e.Answered(article=answer.article, article_version=answer.article_version))
        happened.append(e.Invited())
    happened += raised((), dangers, version=1)
    return with_clocks(None, happened, number, by.actor, rules, now)


def _of_the_whole(whole: Case | None) -> datetime | None:
    """A part is promised for when the whole was: nothing is gained by splitting late."""
    running = whole.promise if whole else None
    return running.due if running and running.paused is None else None


def decide(
    case: Case,
    command: c.Command,
    by: By,
    rules: Rules,
    now: datetime,
    text: str | None = None,
    *,
    dangers: Collection[str] = (),
    other: Case | None = None,
    made: tuple[str, ...] = (),
) -> list[Event] | Refusal:
    """The events of a command, with the clocks they move; or a refusal that says what is allowed.

    `text` and the rest: see `At`. An empty list: nothing to do (a tick before its time).
    """
    name, rules = c.name_of(command), rules.of(case)
    at = At(case, by, rules, now, text, other, made)
    refusal = _refusal(at, name, command)
    if refusal is not None:
        if not may_read(case, by, rules) and by.actor.role != "system":
            return refusal
        return Refusal(
            refusal.code, refusal.details, refusal.pointer, tuple(allowed(case, by, rules, now))
        )
    if name == "tick":
        return ticked(case, by.actor, rules, now)
    happened = [*HANDLERS[name](at, command)]
    if not happened:
        return []
    if name == "recount":
        counted = with_clocks(case, happened, case.number, by.actor, rules, now)
        return counted if len(counted) > 1 else []
    happened += kept_secret(case, happened, by.actor, rules, now)
    happened += raised(case.alerts, dangers, version=case.version + 1)
    return with_clocks(case, happened, case.number, by.actor, rules, now)


def allowed(case: Case, by: By, rules: Rules, now: datetime) -> Sequence[str]:
    """The commands that this actor may give now, in the order of the table."""
    rules = rules.of(case)
    at = At(case, by, rules, now)
    return [
        name
        for name in rules.table.open_to(by.actor.role, case.state)
        if name not in c.BY_SYSTEM and _refusal(at, name, None) is None
    ]


def _refusal(at: At, name: str, command: Any) -> Refusal | None:
    """Why the command may not be given; with None for it, why none of its kind may."""
    row = permitted(at.case, name, at.by, at.rules)
    if isinstance(row, Refusal):
        return row
    if name in WHOSE and (own := WHOSE[name](at.case, command).among(row, at.by.actor)):
        return own
    return GUARDS[name](at, command) if name in GUARDS else None
