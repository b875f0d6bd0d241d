"""More time, a pause, an early end."""

from typing import Literal

from pydantic import model_validator

from schemas import names
from schemas.base import Day, Text
from schemas.commands.base import Command, Decision


class AskExtension(Command):
    """延期: asked before expiry; `until` is the last day, `text` the plan."""

    type: Literal["ask-extension"] = "ask-extension"
    reason: names.ExtensionReason
    until: Day
    text: Text


class DecideExtension(Decision):
    type: Literal["decide-extension"] = "decide-extension"


class AskSuspension(Command):
    """挂账: objectively blocked; `until` is the review date, `text` the plan."""

    type: Literal["ask-suspension"] = "ask-suspension"
    reason: names.SuspensionReason
    until: Day
    text: Text


class DecideSuspension(Decision):
    type: Literal["decide-suspension"] = "decide-suspension"


class LiftSuspension(Command):
    type: Literal["lift-suspension"] = "lift-suspension"
    text: Text


class AskTermination(Command):
    """终止办理: the citizen refuses to cooperate, or a reason to decline has appeared (WF 21)."""

    type: Literal["ask-termination"] = "ask-termination"
    reason: names.TerminationReason
    path: names.LawfulPath | None = None
    text: Text

    @model_validator(mode="after")
    def _lawful_path(self) -> "AskTermination":
        if self.reason == "reason_to_decline" and self.path is None:
            raise ValueError("path_needed")
        return self


class DecideTermination(Command):
    """The citizen reads the `text`: why handling ends, or that it goes on."""

    type: Literal["decide-termination"] = "decide-termination"
    approve: bool
    text: Text


Pausing = (
    AskExtension
    | DecideExtension
    | AskSuspension
    | DecideSuspension
    | LiftSuspension
    | AskTermination
    | DecideTermination
)
