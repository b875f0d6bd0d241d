"""What goes on beside the handling: help from other units, orders, alerts."""

from typing import Literal

from schemas import names
from schemas.base import Compact, Time


class AssistanceAsked(Compact):
    """协办, 吹哨报到: a unit is called to help; one event for each."""

    type: Literal["assistance-asked"] = "assistance-asked"
    unit: str


class ReportedIn(Compact):
    type: Literal["reported-in"] = "reported-in"
    unit: str


class AssistanceAnswered(Compact):
    type: Literal["assistance-answered"] = "assistance-answered"
    unit: str


class AssistanceDisputed(Compact):
    type: Literal["assistance-disputed"] = "assistance-disputed"
    unit: str


class AssistanceUpheld(Compact):
    """The dispute was decided: the unit has to help."""

    type: Literal["assistance-upheld"] = "assistance-upheld"
    unit: str


class AssistanceReleased(Compact):
    """The dispute was decided: the unit need not help."""

    type: Literal["assistance-released"] = "assistance-released"
    unit: str


class OrderIssued(Compact):
    """督办单, 批示: an instruction to a unit that must be answered."""

    type: Literal["order-issued"] = "order-issued"
    order: str
    unit: str
    level: names.OrderLevel
    until: Time | None = None


class OrderAnswered(Compact):
    type: Literal["order-answered"] = "order-answered"
    order: str


class OrderSentBack(Compact):
    type: Literal["order-sent-back"] = "order-sent-back"
    order: str


class OrderVerified(Compact):
    type: Literal["order-verified"] = "order-verified"
    order: str


class OrderLifted(Compact):
    type: Literal["order-lifted"] = "order-lifted"
    order: str


class AlertRaised(Compact):
    """Words of danger, or a person's warning: the duty desk is called (BJ 29, XF 25)."""

    type: Literal["alert-raised"] = "alert-raised"
    alert: str
    kind: names.AlertKind


class AlertAcknowledged(Compact):
    type: Literal["alert-acknowledged"] = "alert-acknowledged"
    alert: str


class AlertResolved(Compact):
    type: Literal["alert-resolved"] = "alert-resolved"
    alert: str
    service: names.AlertService
    receipt: str | None = None


Beside = (
    AssistanceAsked
    | ReportedIn
    | AssistanceAnswered
    | AssistanceDisputed
    | AssistanceUpheld
    | AssistanceReleased
    | OrderIssued
    | OrderAnswered
    | OrderSentBack
    | OrderVerified
    | OrderLifted
    | AlertRaised
    | AlertAcknowledged
    | AlertResolved
)
