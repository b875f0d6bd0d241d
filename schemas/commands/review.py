"""Before a unit has it: review, what is not the city's to handle, the answer in the call."""

from typing import Literal

from pydantic import Field

from schemas import names
from schemas.base import Code, Text
from schemas.commands.base import Command


class Accept(Command):
    type: Literal["accept"] = "accept"


class Decline(Command):
    """Declining is routing: it names the lawful path (BJ art. 11)."""

    type: Literal["decline"] = "decline"
    reason: names.DeclineReason
    path: names.LawfulPath
    text: Text


class HandOver(Command):
    type: Literal["hand-over"] = "hand-over"
    service: names.EmergencyService
    receipt: Code
    text: Text | None = None


class RequestInfo(Command):
    type: Literal["request-info"] = "request-info"
    text: Text


class Answer(Command):
    type: Literal["answer"] = "answer"
    article: Code
    article_version: int = Field(ge=1, le=1_000_000)
    text: Text


Reviewing = Accept | Decline | HandOver | RequestInfo | Answer
