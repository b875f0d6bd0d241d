"""Whom a case is about, and who may know who the citizen is."""

from typing import Literal

from pydantic import Field

from schemas import names
from schemas.base import Code, Text
from schemas.commands.base import Account, Command, Decision


class NameSubjects(Command):
    """Units and staff accounts complained about, beside those that are named already."""

    type: Literal["name-subjects"] = "name-subjects"
    units: list[Code] = Field(default_factory=list, max_length=5)
    persons: list[Account] = Field(default_factory=list, max_length=5)
    text: Text | None = None


class DropSubjects(Command):
    """It is not about these after all: a second person says so, and why."""

    type: Literal["drop-subjects"] = "drop-subjects"
    units: list[Code] = Field(default_factory=list, max_length=5)
    persons: list[Account] = Field(default_factory=list, max_length=5)
    text: Text


class AskUnmasking(Command):
    type: Literal["ask-unmasking"] = "ask-unmasking"
    reason: names.UnmaskingReason
    text: Text


class DecideUnmasking(Decision):
    type: Literal["decide-unmasking"] = "decide-unmasking"


class Reveal(Command):
    """See the citizen's contact in full, with a reason; the look is recorded."""

    type: Literal["reveal"] = "reveal"
    reason: names.RevealReason


Confiding = NameSubjects | DropSubjects | AskUnmasking | DecideUnmasking | Reveal
