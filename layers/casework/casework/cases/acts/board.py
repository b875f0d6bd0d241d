"""The public board (公示), and taking out what should not stand anywhere."""

from datetime import datetime
from typing import Any

from casework.cases.access import At, confidential
from casework.cases.registry import Change, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@guards("publish")
def _publish_may(at: At, command: Any) -> Refusal | None:
    """No publication without separate consent (PIPL art. 25), and never of a report (举报)."""
    if at.case.public:
        return Refusal("published_already")
    if at.case.kind == "report" or confidential(at.case.identity, at.case.category, at.rules):
        return Refusal("reports_are_secret")
    return None if at.case.publishable else Refusal("no_consent")


@handles("publish")
def _publish(at: At, command: c.Publish) -> list[Event]:
    return [e.Published()]


@guards("unpublish")
def _unpublish_may(at: At, command: Any) -> Refusal | None:
    return None if at.case.public else Refusal("not_published")


@handles("unpublish")
def _unpublish(at: At, command: c.Unpublish) -> list[Event]:
    return [e.Unpublished()]


@guards("redact")
def _redact_may(at: At, command: Any) -> Refusal | None:
    """A part that is there: what was filed, or a version that has been (PIPL art. 47)."""
    if command is None or not command.part.isdigit():
        return None
    if not 1 <= int(command.part) <= at.case.version:
        return Refusal("unknown_version", {"version": command.part}, "/part")
    return None


@handles("redact")
def _redact(at: At, command: c.Redact) -> list[Event]:
    return [e.Redacted(part=command.part)]


@on(e.Published)
def _published(case: Case, event: e.Published, by: Actor, at: datetime) -> Change:
    return {"public": True}


@on(e.Unpublished)
def _unpublished(case: Case, event: e.Unpublished, by: Actor, at: datetime) -> Change:
    return {"public": False}


@on(e.Redacted)
def _redacted(case: Case, event: e.Redacted, by: Actor, at: datetime) -> Change:
    return {"reachable": False} if event.part == "contact" else {}
