"""Talk with the citizen (沟通): contacts, messages, urges; and notes among the city's own."""

from datetime import datetime

from casework.cases.access import At
from casework.cases.registry import Change, handles, on
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas.events import Actor, Event


@handles("contact")
def _contact(at: At, command: c.RecordContact) -> list[Event]:
    return [e.Contacted(how=command.how, result=command.result, call_id=command.call_id)]


@handles("message")
def _message(at: At, command: c.SendMessage) -> list[Event]:
    if at.by.actor.role in ("citizen", "agent"):
        return [e.InfoGiven()] if at.case.state == "NEEDS_INFO" else [e.MessageReceived()]
    return [e.MessageSent()]


@handles("note")
def _note(at: At, command: c.Note) -> list[Event]:
    return [e.Noted()]


@handles("urge")
def _urge(at: At, command: c.Urge) -> list[Event]:
    """An urge in words answers the question that was asked before acceptance."""
    if at.case.state == "NEEDS_INFO" and command.text and at.by.actor.role != "system":
        return [e.InfoGiven()]
    return [e.Urged()]


@handles("reveal")
def _reveal(at: At, command: c.Reveal) -> list[Event]:
    return [e.Revealed(reason=command.reason)]


@on(e.Contacted)
def _contacted(case: Case, event: e.Contacted, by: Actor, at: datetime) -> Change:
    """Whoever was not reached has had no answer."""
    return {"unread": False} if event.result == "reached" else {}


@on(e.MessageSent)
def _written_to(case: Case, event: e.MessageSent, by: Actor, at: datetime) -> Change:
    return {"unread": False}


@on(e.MessageReceived, e.Urged)
def _citizen_wrote(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {"unread": True}


@on(e.Noted, e.Revealed)
def _unmoved(case: Case, event: Event, by: Actor, at: datetime) -> Change:
    return {}
