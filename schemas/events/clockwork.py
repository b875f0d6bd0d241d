"""What the clocks did."""

from typing import Literal

from pydantic import Field

from schemas import names
from schemas.base import Compact, Time


class ClockSet(Compact):
    """A running clock: from when it counts, when it is due, when its next rung is reached.

    `fired`: rungs that stay reached. `decided`: the due time was decided and is not counted anew.
    `late`: it had been missed before it was moved here, with this level of supervision.
    """

    since: Time
    due: Time
    next: Time
    fired: int = 0
    decided: bool = False
    late: bool = False
    level: int = 0


class ClocksChanged(Compact):
    """Which clocks the other events of the same commit started and stopped."""

    type: Literal["clocks-changed"] = "clocks-changed"
    started: dict[str, ClockSet] = Field(default_factory=dict)
    stopped: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()
    as_of: Time | None = None
    """When those that stood still went on, where that was before this commit."""


class Reminded(Compact):
    """Rungs of a clock's ladder were reached, all those since the last tick at once."""

    type: Literal["reminded"] = "reminded"
    clock: str
    rungs: tuple[int, ...]
    who: tuple[str, ...]
    told: tuple[str, ...] = ()
    """The accounts that are told; none in a city that keeps no list of its staff."""
    gaps: tuple[str, ...] = ()
    """Of `who` and of the levels above: where nobody was found, so that the next one up was told."""
    level: int = 0
    """Level of supervision (督办) that the rungs call for, 0..3."""
    card: Literal["yellow", "red"] | None = None
    manual: str | None = None
    """What a person has to do about it, such as a summons (约谈)."""
    notice: str | None = None
    """The paper that goes out, by the name that the policy gives it (催办通知单)."""
    next: Time


class Overdue(Compact):
    type: Literal["overdue"] = "overdue"
    clock: str


class Checked(Compact):
    """A heartbeat: the case was looked at, nothing was due."""

    type: Literal["checked"] = "checked"


class RulesChanged(Compact):
    """The city's calendar or policy has changed: the running clocks are counted anew."""

    type: Literal["rules-changed"] = "rules-changed"


class CallBackDue(Compact):
    """The promise has passed without a reply: a follow-up begins all the same (BJ 23)."""

    type: Literal["call-back-due"] = "call-back-due"


class CalledBack(Compact):
    """The citizen was called about an overdue case, by somebody outside its unit."""

    type: Literal["called-back"] = "called-back"
    result: names.ContactResult
    contacted: bool | None = None
    """Whether anyone of the unit had been in touch, as the citizen says."""
    call_id: str | None = None


Running = ClocksChanged | Reminded | Overdue | Checked | RulesChanged | CallBackDue | CalledBack
