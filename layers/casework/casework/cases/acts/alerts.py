"""Danger (BJ 29, XF 25): the duty desk is called, answers in minutes, and keeps the receipt of
the service that took over; beside the case, whatever its state, even when it has ended."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, get_args

from casework.cases.access import At
from casework.cases.parts import Alert
from casework.cases.registry import Change, guards, handles, on
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.events import Actor, Event

KINDS: tuple[names.AlertKind, ...] = get_args(names.AlertKind)


def raised(present: Sequence[Alert], kinds: Collection[str], version: int) -> list[Event]:
    """An alert for each kind of danger, but for those that already wait to be acknowledged."""
    waiting = {alert.kind for alert in present if not alert.acknowledged}
    return [
        e.AlertRaised(alert=f"{kind}-{version}", kind=kind)
        for kind in KINDS
        if kind in kinds and kind not in waiting
    ]


@guards("raise-alert")
def _raise_may(at: At, command: Any) -> Refusal | None:
    if command is not None and not raised(at.case.alerts, (command.kind,), 0):
        return Refusal("alert_waits", pointer="/kind")
    return None


@handles("raise-alert")
def _raise(at: At, command: c.RaiseAlert) -> list[Event]:
    return raised(at.case.alerts, (command.kind,), at.case.version + 1)


@guards("acknowledge-alert")
def _acknowledge_may(at: At, command: Any) -> Refusal | None:
    return _among([a for a in at.case.alerts if not a.acknowledged], command)


@handles("acknowledge-alert")
def _acknowledge(at: At, command: c.AcknowledgeAlert) -> list[Event]:
    return [e.AlertAcknowledged(alert=command.alert)]


@guards("resolve-alert")
def _resolve_may(at: At, command: Any) -> Refusal | None:
    return _among(at.case.alerts, command)


@handles("resolve-alert")
def _resolve(at: At, command: c.ResolveAlert) -> list[Event]:
    return [e.AlertResolved(alert=command.alert, service=command.service, receipt=command.receipt)]


def _among(alerts: Sequence[Alert], command: Any) -> Refusal | None:
    if not alerts:
        return Refusal("no_alert")
    if command is not None and command.alert not in {alert.id for alert in alerts}:
        known = ", ".join(alert.id for alert in alerts)
        return Refusal("unknown_alert", {"alert": command.alert, "known": known}, "/alert")
    return None


@on(e.AlertRaised)
def _alerted(case: Case, event: e.AlertRaised, by: Actor, at: datetime) -> Change:
    return {"alerts": (*case.alerts, Alert(id=event.alert, kind=event.kind))}


@on(e.AlertAcknowledged)
def _acknowledged(case: Case, event: e.AlertAcknowledged, by: Actor, at: datetime) -> Change:
    return {
        "alerts": tuple(
            alert.model_copy(update={"acknowledged": True}) if alert.id == event.alert else alert
            for alert in case.alerts
        )
    }


@on(e.AlertResolved)
def _resolved(case: Case, event: e.AlertResolved, by: Actor, at: datetime) -> Change:
    return {"alerts": tuple(alert for alert in case.alerts if alert.id != event.alert)}
