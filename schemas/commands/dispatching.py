"""Whose the case is: dispatch, levels, returns, arbitration."""

from typing import Literal

from pydantic import Field, model_validator

from schemas import names
from schemas.base import Code, Text
from schemas.commands.base import Account, Command


class Dispatch(Command):
    type: Literal["dispatch"] = "dispatch"
    unit: Code
    category: Code | None = None
    kind: names.Kind | None = None
    urgency: names.Urgency | None = None
    area: Code | None = None


class Reclassify(Command):
    type: Literal["reclassify"] = "reclassify"
    kind: names.Kind | None = None
    category: Code | None = None
    urgency: names.Urgency | None = None
    area: Code | None = None

    @model_validator(mode="after")
    def _something(self) -> "Reclassify":
        if (self.kind, self.category, self.urgency, self.area) == (None,) * 4:
            raise ValueError("kind_category_urgency_or_area")
        return self


class Claim(Command):
    type: Literal["claim"] = "claim"


class Delegate(Command):
    """Give the case one level down: a district to its street, a department to its own office."""

    type: Literal["delegate"] = "delegate"
    unit: Code
    text: Text | None = None


class Recall(Command):
    type: Literal["recall"] = "recall"
    text: Text | None = None


class AssignOfficer(Command):
    """The head names who handles it; `officer` is that person's account."""

    type: Literal["assign-officer"] = "assign-officer"
    officer: Account


class Arbitrate(Command):
    """Hear the units between which it is disputed whose the case is."""

    type: Literal["arbitrate"] = "arbitrate"
    units: list[Code] = Field(min_length=2, max_length=6)
    text: Text


class StatePosition(Command):
    """A unit that is heard says why the case is, or is not, its own."""

    type: Literal["state-position"] = "state-position"
    text: Text


class Designate(Command):
    """Name the responsible unit after arbitration, binding (WF 22)."""

    type: Literal["designate"] = "designate"
    unit: Code
    category: Code | None = None
    text: Text


class Return(Command):
    type: Literal["return"] = "return"
    reason: names.ReturnReason
    unit: Code | None = None
    text: Text


class DecideReturn(Command):
    """Approved, the case goes to `unit`, or back to dispatch; refused, back to who asked."""

    type: Literal["decide-return"] = "decide-return"
    approve: bool
    unit: Code | None = None
    text: Text | None = None


Dispatching = (
    Dispatch
    | Reclassify
    | Claim
    | Delegate
    | Recall
    | AssignOfficer
    | Arbitrate
    | StatePosition
    | Designate
    | Return
    | DecideReturn
)
