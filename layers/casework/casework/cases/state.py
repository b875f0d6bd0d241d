"""What a case is between two commits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import Field

from casework.cases.parts import (
    Aid,
    Alert,
    Ask,
    Clock,
    Draft,
    End,
    Grant,
    Link,
    Order,
    Subjects,
)
from schemas import names
from schemas.base import Compact, Time
from schemas.events import Choice

HEARTBEAT = timedelta(days=7)
"""How long an open case may go unlooked at when no clock has anything left to say."""
PROMISES = ("promise", "redo", "resolve")
"""The clocks of what the citizen was promised, the one that counts first."""

_QUEUE_OF: dict[names.State, names.Queue] = {
    "IN_REVIEW": "review",
    "TRIAGE": "triage",
    "RETURN_ASKED": "returns",
    "ARBITRATION": "arbitration",
    "TERMINATION_ASKED": "approvals",
    "REPLY_REVIEW": "replies",
    "FOLLOW_UP": "follow_up",
    "OBJECTED": "objections",
}
_HELP: dict[str, tuple[names.AidState, ...]] = {
    "called": ("requested",),
    "helping": ("requested", "reported_in"),
    "disputed": ("disputed",),
}
WITH_UNIT: frozenset[names.State] = frozenset(
    {"ASSIGNED", "HANDLING", "REDO", "SUSPENDED", "PROMISED"}
)
"""States in which the case waits on its unit's own worklist."""


class Case(Compact):
    """One request and where it stands. Everything here follows from its events by `evolve`."""

    number: str
    version: int
    state: names.State
    kind: names.Kind
    channel: names.Channel
    filed_at: Time
    changed_at: Time
    category: str | None = None
    area: str | None = None
    urgency: names.Urgency = "ordinary"
    citizen: str | None = None
    """Keyed hash of the person, from BODY; None if nobody can be recognised again."""
    identity: names.Identity = "open"
    reachable: bool = True
    reply_wanted: bool = True
    subjects: Subjects | None = None
    addressee: str | None = None
    chain: tuple[Link, ...] = ()
    officer: str | None = None
    clocks: dict[str, Clock] = Field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    returned_by: tuple[str, ...] = ()
    asks: dict[str, Ask] = Field(default_factory=dict)
    """What waits for somebody's decision: return, extension, suspension, termination, unmasking."""
    granted: dict[str, int] = Field(default_factory=dict)
    """How often an extension or a suspension has been granted."""
    copies: tuple[str, ...] = ()
    """Units that may read along."""
    parties: tuple[str, ...] = ()
    """Units heard, or to be heard, in an arbitration."""
    heard: tuple[str, ...] = ()
    aids: tuple[Aid, ...] = ()
    orders: tuple[Order, ...] = ()
    alerts: tuple[Alert, ...] = ()
    grants: tuple[Grant, ...] = ()
    shown_to: tuple[str, ...] = ()
    """Worklists that ever showed it beside its holder's; what they show is kept true for good,
    since what was written to them may arrive late."""
    binding: bool = False
    """The holder was designated and cannot return the case."""
    before: names.State | None = None
    """Where a refused return, termination or objection goes back to, or a reply that is sent back."""
    draft: Draft | None = None
    replied_by: str | None = None
    passed_by: str | None = None
    """Who let that reply out, where it was read first."""
    redo: int = 0
    answered: bool = False
    """The reply came from the knowledge base, no unit has handled it."""
    reopened: int = 0
    objected: bool = False
    end: End | None = None
    call_back: bool = False
    """It is overdue, and its citizen has not been called about that yet."""
    unread: bool = False
    """The citizen wrote, and the unit has not acted since."""
    publishable: bool = False
    public: bool = False
    follows: str | None = None
    """The lead case that it has been merged into."""
    follows_since: int = 0
    """The version of its lead when it was."""
    leases: dict[str, str] = Field(default_factory=dict)
    """The cases that follow it or are about to, each by the merge that asked for it."""
    to_pass_on: names.Outcome | None = None
    """The outcome of its reply, which waits for the check before it goes to its followers."""

    @property
    def is_open(self) -> bool:
        return self.state not in names.ENDS

    @property
    def unit(self) -> str | None:
        """Who holds the case."""
        return self.chain[-1].unit if self.chain else None

    @property
    def delegator(self) -> str | None:
        """The unit one level up in the chain, which may take the case back."""
        return self.chain[-2].unit if len(self.chain) > 1 else None

    @property
    def level(self) -> int:
        """The level of supervision 0..3: of missed clocks and of open orders, the highest."""
        return max(
            (
                *(clock.level for clock in self.clocks.values()),
                *(order.level for order in self.orders),
            ),
            default=0,
        )

    @property
    def promise(self) -> Clock | None:
        """The clock of what the citizen was promised, the one that counts."""
        return next((self.clocks[name] for name in PROMISES if name in self.clocks), None)

    @property
    def units(self) -> frozenset[str]:
        """The units of its chain, from the first to its holder."""
        return frozenset(link.unit for link in self.chain)

    @property
    def involved(self) -> frozenset[str]:
        """Units that may read the case: its chain, and those that have something to do with it."""
        return frozenset(
            {
                *(link.unit for link in self.chain),
                *self.copies,
                *self.parties,
                *(aid.unit for aid in self.aids),
                *(order.unit for order in self.orders),
                *([self.addressee] if self.addressee and self.identity == "open" else ()),
            }
        )

    @property
    def to_be_heard(self) -> frozenset[str]:
        """Units whose position an arbitration waits for."""
        if self.state != "ARBITRATION":
            return frozenset()
        return frozenset(self.parties) - frozenset(self.heard)

    @property
    def led_by_it(self) -> tuple[str, ...]:
        """The cases that follow it, as far as it knows."""
        return tuple(dict.fromkeys(self.leases.values()))

    @property
    def followers(self) -> int:
        return len(self.led_by_it)

    @property
    def lasting(self) -> dict[str, Ask]:
        """What stays asked when the case changes hands: who the citizen is. All else was the holder's."""
        return {name: ask for name, ask in self.asks.items() if name == "unmasking"}

    def aid(self, unit: str | None) -> Aid | None:
        return next((aid for aid in self.aids if aid.unit == unit), None)

    def order(self, name: str) -> Order | None:
        return next((order for order in self.orders if order.id == name), None)

    def alert(self, name: str) -> Alert | None:
        return next((alert for alert in self.alerts if alert.id == name), None)

    # -- what is under way, which clocks run beside it, who sees it on a list -----------------

    def under_way(self, what: str) -> frozenset[str]:
        """The keys under which something is under way, "" for what there is but one of.

        Clocks that are declared with `while` run for these keys and for no others.
        """
        match what:
            case "delegated":
                return _once(self.delegator is not None)
            case "reachable":
                return _once(self.reachable)
            case "suspended":
                return _once(self.state == "SUSPENDED")
            case "calling_back":
                return _once(self.call_back)
            case "passing_on":
                return _once(self.to_pass_on is not None)
            case "called" | "helping" | "disputed":
                states = _HELP[what]
                return frozenset(aid.unit for aid in self.aids if aid.state in states)
            case "ordered" | "order_answered":
                answered = what == "order_answered"
                return frozenset(o.id for o in self.orders if (o.by is not None) == answered)
            case "alert" | "danger":
                waiting = [a for a in self.alerts if what == "danger" or not a.acknowledged]
                return frozenset(alert.id for alert in waiting)
            case _:
                return _once(what in self.asks)

    @property
    def queue(self) -> str | None:
        """The worklist where the case waits: `unit:<code>` or one of the city's own queues."""
        if self.state in WITH_UNIT:
            return f"unit:{self.unit}"
        if self.state in ("SUBMITTED", "ACCEPTED"):
            # Automatic dispatch has it; if that takes too long, a person sees it too.
            dispatch = self.clocks.get("dispatch")
            return "triage" if dispatch and dispatch.late else None
        if self.state == "FOLLOWING":
            # Its lead is handled; a promise of its own that breaks, or a word of its citizen's, is seen.
            return "followers" if self.unread or (self.promise and self.promise.late) else None
        if self.state == "AWAITING_RATING":
            # The unit has replied; what the citizen writes now is for the hotline office.
            return "follow_up" if self.unread else None
        return _QUEUE_OF.get(self.state)

    @property
    def asides(self) -> dict[str, datetime | None]:
        """The worklists that show the case beside its holder's, each with what is due there."""
        shown: dict[str, datetime | None] = {}
        for holder, clock in self._beside():
            if holder == self.queue:
                continue
            running = self.clocks.get(clock)
            dues = [at for at in (shown.get(holder), running.due if running else None) if at]
            shown[holder] = min(dues, default=None)
        return shown

    def _beside(self) -> Iterator[tuple[str, str]]:
        """(worklist, a clock that may run there) of all that is to be done beside the holder's work."""
        for alert in self.alerts:
            yield "alerts", f"alert:{alert.id}"
            yield "alerts", f"alert_open:{alert.id}"
        for order in self.orders:
            if order.by is None:
                yield f"unit:{order.unit}", f"order:{order.id}"
            else:
                yield "orders", f"order_check:{order.id}"
        if self.to_pass_on:
            yield "followers", "pass_on"
        if self.is_open:
            yield from self._beside_the_work()

    def _beside_the_work(self) -> Iterator[tuple[str, str]]:
        if self.call_back:
            yield "follow_up", "call_back"
        if self.state == "RETURN_ASKED" and self.delegator:
            # The level above decides on the return of what it delegated.
            yield f"unit:{self.delegator}", "return"
        yield from ((f"unit:{unit}", "arbitration") for unit in self.to_be_heard)
        yield from (
            ("approvals", ask)
            for ask in ("extension", "suspension", "unmasking")
            if ask in self.asks
        )
        for aid in self.aids:
            if aid.state == "disputed":
                yield "approvals", f"assist_dispute:{aid.unit}"
            elif aid.state != "answered":
                yield f"unit:{aid.unit}", f"assist_report:{aid.unit}"
                yield f"unit:{aid.unit}", f"assist:{aid.unit}"

    @property
    def next_due(self) -> datetime | None:
        """When the case must be looked at again; never None while something is open about it."""
        if not (self.is_open or self.alerts or self.orders or self.to_pass_on):
            return None
        heartbeat = self.changed_at + HEARTBEAT
        running = (clock.next for clock in self.clocks.values() if clock.paused is None)
        return min(running, default=heartbeat)

    @property
    def due(self) -> datetime | None:
        """What the worklist sorts by: the citizen's promise, else the nearest of the other clocks."""
        for name in PROMISES:
            if name in self.clocks and self.clocks[name].paused is None:
                return self.clocks[name].due
        running = (clock.due for clock in self.clocks.values() if clock.paused is None)
        return min(running, default=None)


def _once(so: bool) -> frozenset[str]:
    return frozenset({""}) if so else frozenset()
