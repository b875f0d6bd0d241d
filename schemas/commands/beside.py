"""What goes on beside the handling: help from other units, orders, alerts."""

from typing import Literal

from pydantic import Field, model_validator

from schemas import names
from schemas.base import Code, Day, Text
from schemas.commands.base import Command, EventId


class AskAssistance(Command):
    """协办, 吹哨报到: call other units to help, streets included."""

    type: Literal["ask-assistance"] = "ask-assistance"
    units: list[Code] = Field(min_length=1, max_length=8)
    text: Text


class ReportIn(Command):
    type: Literal["report-in"] = "report-in"


class AnswerAssistance(Command):
    type: Literal["answer-assistance"] = "answer-assistance"
    text: Text


class DisputeAssistance(Command):
    type: Literal["dispute-assistance"] = "dispute-assistance"
    text: Text


class DecideAssistance(Command):
    """Whether a unit that disputes it has to help."""

    type: Literal["decide-assistance"] = "decide-assistance"
    unit: Code
    uphold: bool
    text: Text


class IssueOrder(Command):
    """督办, 批示: by default to the holder, due by the policy's limit."""

    type: Literal["issue-order"] = "issue-order"
    unit: Code | None = None
    level: names.OrderLevel = 1
    due: Day | None = None
    text: Text


class RespondOrder(Command):
    type: Literal["respond-order"] = "respond-order"
    order: EventId
    text: Text


class VerifyOrder(Command):
    """Whether what was answered is so, found by someone outside the unit."""

    type: Literal["verify-order"] = "verify-order"
    order: EventId
    accept: bool
    text: Text


class LiftOrder(Command):
    type: Literal["lift-order"] = "lift-order"
    order: EventId
    text: Text


class RaiseAlert(Command):
    type: Literal["raise-alert"] = "raise-alert"
    kind: names.AlertKind
    text: Text | None = None


class AcknowledgeAlert(Command):
    type: Literal["acknowledge-alert"] = "acknowledge-alert"
    alert: EventId


class ResolveAlert(Command):
    """Who took it over, with that service's receipt."""

    type: Literal["resolve-alert"] = "resolve-alert"
    alert: EventId
    service: names.AlertService
    receipt: Code | None = None
    text: Text

    @model_validator(mode="after")
    def _taken_over(self) -> "ResolveAlert":
        if self.receipt is None and self.service != "false_alarm":
            raise ValueError("receipt_needed")
        return self


Beside = (
    AskAssistance
    | ReportIn
    | AnswerAssistance
    | DisputeAssistance
    | DecideAssistance
    | IssueOrder
    | RespondOrder
    | VerifyOrder
    | LiftOrder
    | RaiseAlert
    | AcknowledgeAlert
    | ResolveAlert
)
