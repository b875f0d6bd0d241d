"""Talk with the citizen, and among the city's own."""

from typing import Literal

from schemas import names
from schemas.base import Code, Text
from schemas.commands.base import Command


class RecordContact(Command):
    type: Literal["contact"] = "contact"
    how: names.ContactMode
    result: names.ContactResult
    call_id: Code | None = None
    text: Text | None = None


class SendMessage(Command):
    """From the city, or on the citizen's own route from the citizen."""

    type: Literal["message"] = "message"
    text: Text


class Note(Command):
    """Internal: never shown to the citizen."""

    type: Literal["note"] = "note"
    text: Text


class Urge(Command):
    type: Literal["urge"] = "urge"
    text: Text | None = None


Talking = RecordContact | SendMessage | Note | Urge
