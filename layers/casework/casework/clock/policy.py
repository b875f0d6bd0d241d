"""A policy: which clocks run when, for how long, and what happens on the way. Data, validated.

A clock is declared by the events that start and stop it, so that the life of a case and its
clocks cannot drift apart. Policies are TOML documents (`policies/*.toml`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from casework.clock.calendar import Calendar
from casework.clock.ladder import Ladder
from casework.clock.limits import Limit, due
from casework.clock.words import ClockError
from schemas.names import Role, Urgency

POLICIES = Path(__file__).with_name("policies")
DEFAULT = "12345-general"

URGENT: tuple[Urgency, ...] = ("life_and_safety", "utilities")

Owner = Literal["citizen", "unit", "hotline"]
Review = Literal["none", "suspicious", "all"]
ReplyReview = Literal["none", "sampled", "all"]

AtDue = Literal["close", "resume", "break", "call_back", "district"]
"""close: the case ends · resume: a suspension is over · break: a promise was not kept ·
call_back: the citizen is called though there is no reply yet (BJ 23) ·
district: the district government takes what nobody has dispatched (BJ 12)."""
TRIGGERS = (
    "starts_on", "restarts_on", "recounts_on", "dated_by", "pauses_on", "resumes_on", "stops_on",
)  # fmt: skip
UNDER_WAY = (
    "delegated", "reachable", "suspended", "extension", "suspension", "termination", "unmasking",
    "called", "helping", "disputed", "ordered", "order_answered", "alert", "danger", "passing_on", "calling_back",
)  # fmt: skip
"""What a clock may run beside: see `Case.under_way`."""
KEYED = {
    "called": "unit", "helping": "unit", "disputed": "unit",
    "ordered": "order", "order_answered": "order",
    "alert": "alert", "danger": "alert",
}  # fmt: skip
"""Of what there can be several under way at once, and by which field of the events each is known."""


class PolicyError(ClockError):
    """A policy that cannot be read; the words name the entry and what it should be."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How one clock runs. `limit` by urgency, line or kind of request, `any` for those not named."""

    name: str
    limit: Mapping[str, Limit]
    owner: Owner
    ladder: Ladder
    starts_on: frozenset[str] = frozenset()
    restarts_on: frozenset[str] = frozenset()
    recounts_on: frozenset[str] = frozenset()
    dated_by: frozenset[str] = frozenset()
    """Events that carry its due time, in `until`; that is then not counted anew."""
    pauses_on: frozenset[str] = frozenset()
    resumes_on: frozenset[str] = frozenset()
    stops_on: frozenset[str] = frozenset()
    within: str | None = None
    """The clock whose due time this one never passes."""
    during: str | None = None
    """It runs only while this is under way."""
    per: str | None = None
    """It runs once for each of what is under way; the events name which by this field."""
    beside: bool = False
    """It runs beside the case, and on when the case has ended."""
    at_due: AtDue | None = None
    """What happens by itself at its due time."""

    def limit_for(
        self, kind: str, line: str | None = None, urgency: str = "ordinary"
    ) -> Limit | None:
        """The limit for an urgency, a line or a kind of request, in this order; None: there is none."""
        keys = (urgency, line or kind, kind, "any")
        return next((self.limit[key] for key in keys if key in self.limit), None)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of time and review of a city."""

    name: str
    review: Review
    reply_review: ReplyReview
    reply_sample: int
    clocks: Mapping[str, ClockRule]
    ladders: Mapping[str, Ladder]
    """By name; those that no clock climbs are there to be chosen."""
    windows: Mapping[str, Limit]
    times: Mapping[str, int]
    at_most: Mapping[str, Limit]
    """How far an extension, a suspension or a promise may reach."""
    closed_lines: frozenset[str]
    """Lines (线条) whose cases are confidential."""
    confidants: frozenset[Role]
    """City-wide roles that may read what is confidential."""
    at_close: bool
    """Whether limits in working days end when offices close, and not at 24:00."""
    merge_from: int | None
    """From how many per cent of likeness on the machine merges cases of different citizens."""
    spread: timedelta
    """Over so long a time reminders before due and closings of one moment are spread."""

    @classmethod
    def parse(cls, document: Mapping[str, Any], *, urgent: bool = False) -> "Policy":
        """Read a policy document. Raises ClockError (PolicyError) at the first fault, named.

        `urgent`: it is for urgent cases only.
        """
        from casework.clock.reading import policy_of

        return policy_of(document, urgent=urgent)

    @classmethod
    def preset(cls, name: str = DEFAULT) -> "Policy":
        """A packaged policy, read once a process."""
        return _preset(name)

    def rule(self, clock: str) -> ClockRule | None:
        """The rule of a clock by its full name: `assist:<unit>` is one of `assist`."""
        return self.clocks.get(clock.partition(":")[0])

    def window_open(self, name: str, since: datetime, now: datetime, calendar: Calendar) -> bool:
        """Whether something that may be asked within a limit of `since` may still be asked."""
        return not due(since, self.windows[name], calendar).late(now)


@cache
def _preset(name: str) -> Policy:
    from casework.clock.book import whole

    return Policy.parse(whole({"extends": name, "name": name}, {}))


def preset_text(name: str = DEFAULT) -> str:
    """The text of a packaged policy, as a city may take and change it."""
    return (POLICIES / f"{name}.toml").read_text("utf-8")
