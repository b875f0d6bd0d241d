"""Telling what happens to a case, so that a test reads as a story.

    given(*HANDLING).when(Return(reason="not_our_duty", text="不归我们管"), by=LI)
        .then(ReturnAsked(reason="not_our_duty")).leaves("RETURN_ASKED")

Every story begins on Wednesday, 30 September 2026, ten in the morning, with a complaint filed on
the web: the National Day holiday is about to begin, the next working days are Thursday the 8th,
Friday the 9th and (made up for) Saturday the 10th of October. Times are the city's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from casework.cases import chain
from casework.cases.access import By
from casework.cases.clocks import with_clocks
from casework.cases.decide import allowed, decide
from casework.cases.evolve import apply
from casework.cases.parts import Clock
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.catalogue.city import City
from casework.clock import calendar
from casework.clock.book import Pair, PolicyBook, read_book
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy
from schemas import events as e
from schemas.commands import COMMANDS, Command, SplitCase, Tick
from schemas.events import Actor, Commit, Event
from schemas.names import Role, State
from tests.catalogue.small_city import small_city

NUMBER = "1817209355617200"
"""Its 14th and 15th digits, 20, keep it out of a sample of 10 per cent."""
LEAD = "1204480193277514"
TWIN = "1599030216640327"
ENDED = "1330572718093468"
"""Other cases of the city: one that is handled, one of the same citizen, one that has ended."""
YEARS = Path(calendar.__file__).with_name("years")
PARTS = ("1762250994411836", "1948806357122090")
"""The numbers that the parts of a split case are given."""
NAMING = tuple(kind for kind in COMMANDS.values() if "case" in kind.model_fields)
"""The commands that name another case."""
PERSON = "p-1"
"""The keyed hash under which the citizen of a story is known, where it matters."""

POLICY = replace(Policy.preset(), spread=timedelta(0))
"""Stories go by the policy's own times; how a day's alarms are spread is told in test_spreading."""
RULES = Rules(POLICY, Calendar.seeded(), City.from_document(small_city()))


def under(**changes: Any) -> Rules:
    """The rules of the city with these entries of its policy changed."""
    return replace(RULES, policy=replace(RULES.policy, **changes))


def booked(**by_category: str) -> Rules:
    """The rules of the city with what is urgent over them, and other policies for these categories,
    as `c0204="jiesujiban"`; none of them spreads its alarms."""
    book = read_book(None, {}, {key[1:]: name for key, name in by_category.items()})
    return replace(
        RULES,
        book=PolicyBook(
            Pair(POLICY, _unspread(book.default.urgent)),
            {
                key: Pair(_unspread(pair.plain), _unspread(pair.urgent))
                for key, pair in book.by_category.items()
            },
        ),
    )


def _unspread(policy: Policy) -> Policy:
    return replace(policy, spread=timedelta(0))


def with_days_off(*days: str, rules: Rules = RULES) -> Rules:
    """The rules once a notice has made these days, all of one year, free."""
    document = json.loads((YEARS / f"{days[0][:4]}.json").read_text("utf-8"))
    off = document["holidays"] | dict.fromkeys(days, "国庆节")
    return replace(rules, calendar=rules.calendar.replacing(document | {"holidays": off}))


def with_days_worked(*days: str, rules: Rules = RULES) -> Rules:
    """The rules once a notice has taken these days off of 2026 back."""
    document = json.loads((YEARS / "2026.json").read_text("utf-8"))
    kept = {day: why for day, why in document["holidays"].items() if day not in days}
    return replace(rules, calendar=rules.calendar.replacing(document | {"holidays": kept}))


def known_until(year: int, rules: Rules = RULES) -> Rules:
    """The rules of a city that has entered no later year than this."""
    calendar = rules.calendar
    years = tuple(one for one in calendar.years if one.year <= year)
    return replace(rules, calendar=replace(calendar, years=years))


def retired(parent: str, day: str) -> Rules:
    """The city with one unit more, `gone` below `parent`, which was dissolved on this day."""
    document = small_city()
    unit = {"code": "gone", "name": "旧单位", "name_en": "Former Office", "parent": parent}
    known = next(row for row in document["units"] if row["code"] == "north-roads")
    document["units"].append({**known, **unit, "retired": day})
    return replace(RULES, city=City.from_document(document))


def on(text: str) -> datetime:
    """An instant by the city's clock: `2026-10-08 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=8))).astimezone(UTC)


START = on("2026-09-30 10:00")


def staff(role: Role, name: str, unit: str | None = None) -> By:
    return By(Actor(id=name, role=role, unit=unit))


CITIZEN = By(Actor(id="citizen", role="citizen"), opened=True)
STRANGER = By(Actor(id="citizen", role="citizen"))
AGENT = staff("agent", "an")
OTHER_AGENT = staff("agent", "ai")
MODERATOR = staff("moderator", "mo")
OTHER_MODERATOR = staff("moderator", "mei")
DISPATCHER = staff("dispatcher", "dai")
SUPERVISOR = staff("supervisor", "su", "gov")
OTHER_SUPERVISOR = staff("supervisor", "song")
LEADER = staff("leader", "long")
LI = staff("officer", "li", "roads")
WANG = staff("officer", "wang", "roads")
POLICE = staff("officer", "peng", "police")
POLICE_HEAD = staff("head", "pan", "police")
HEAD = staff("head", "he", "roads")
NAN = staff("officer", "nan", "north")
NING = staff("officer", "ning", "north")
HU = staff("head", "hu", "north")
YU = staff("officer", "yu", "elm-street")
ZHOU = staff("officer", "zhou", "elm-street")
MACHINE = By(Actor(id="clock", role="system"))


@dataclass(frozen=True)
class Step:
    """A commit of the past. Without `by`, whoever usually does it; without `at`, at once."""

    events: tuple[Event, ...]
    by: By | None = None
    at: datetime | None = None


def step(*events: Event, by: By | None = None, at: str | None = None) -> Step:
    return Step(events, by, on(at) if at else None)


_USUALLY: dict[type[Event], By] = {
    e.Accepted: MODERATOR,
    e.Declined: MODERATOR,
    e.HandedOver: AGENT,
    e.InfoRequested: MODERATOR,
    e.InfoGiven: CITIZEN,
    e.Answered: AGENT,
    e.Claimed: LI,
    e.ReturnAsked: LI,
    e.Returned: DISPATCHER,
    e.Delegated: NAN,
    e.Recalled: NAN,
    e.OfficerAssigned: HU,
    e.ReturnedUp: NAN,
    e.PositionGiven: LI,
    e.ReplyDrafted: LI,
    e.Replied: LI,
    e.Rated: CITIZEN,
    e.RedoOrdered: SUPERVISOR,
    e.Withdrawn: CITIZEN,
    e.Reopened: CITIZEN,
    e.Objected: CITIZEN,
    e.ObjectionGranted: OTHER_MODERATOR,
    e.ObjectionRefused: OTHER_MODERATOR,
    e.Published: MODERATOR,
    e.ExtensionAsked: LI,
    e.SuspensionAsked: LI,
    e.Suspended: SUPERVISOR,
    e.TerminationAsked: LI,
    e.Terminated: SUPERVISOR,
    e.Promised: MODERATOR,
    e.AssistanceAsked: LI,
    e.ReportedIn: POLICE,
    e.AssistanceDisputed: POLICE,
    e.OrderIssued: LEADER,
    e.OrderAnswered: LI,
    e.AlertRaised: AGENT,
    e.AlertAcknowledged: AGENT,
    e.SubjectsNamed: MODERATOR,
    e.UnmaskingAsked: LI,
    e.Merged: MODERATOR,
    e.Reclassified: DISPATCHER,
    e.CalledBack: AGENT,
}
Steps = tuple[Step, ...]

# How a case usually gets where it is.
SUBMITTED: Steps = ()
IN_REVIEW: Steps = (step(e.ReviewBegun(reason="all")),)
NEEDS_INFO: Steps = (*IN_REVIEW, step(e.InfoRequested()))
ACCEPTED: Steps = (*IN_REVIEW, step(e.Accepted()))
TRIAGE: Steps = (step(e.Accepted(), e.Queued(), by=MACHINE),)
ASSIGNED: Steps = (step(e.Accepted(), e.Dispatched(unit="roads", category="0204"), by=MACHINE),)
HANDLING: Steps = (*ASSIGNED, step(e.Claimed(officer="li")))
RETURN_ASKED: Steps = (*ASSIGNED, step(e.ReturnAsked(reason="not_our_duty")))
REPLY_REVIEW: Steps = (*HANDLING, step(e.ReplyDrafted(outcome="resolved", text="TEXT#li#1")))
REPLIED: Steps = (*HANDLING, step(e.Replied(outcome="resolved"), e.Invited()))
ANSWERED: Steps = (step(e.Answered(article="A1", article_version=3), e.Invited()),)
_BAD = e.Rated(contacted=True, resolved="no", overall=1)
FOLLOW_UP: Steps = (*REPLIED, step(_BAD, e.FollowUpBegun(reason="unresolved")))
REDO: Steps = (*FOLLOW_UP, step(e.RedoOrdered(reason="follow_up")))
_GOOD = e.Rated(contacted=True, resolved="yes", overall=5)
CLOSED: Steps = (*REPLIED, step(_GOOD, e.Closed(how="rated")))
DECLINED: Steps = (*IN_REVIEW, step(e.Declined(reason="judicial", path="court")))
HANDED_OVER: Steps = (step(e.HandedOver(service="110", receipt="110-7")),)
WITHDRAWN: Steps = (*HANDLING, step(e.Withdrawn(reason="solved")))
OBJECTED: Steps = (*DECLINED, step(e.Objected()))
MERGED: Steps = (*ACCEPTED, step(e.Merged(into=LEAD)))
_REVIEW_DATE = on("2026-10-21 00:00")
SUSPENSION_ASKED: Steps = (
    *HANDLING,
    step(e.SuspensionAsked(reason="season", until=_REVIEW_DATE)),
)
SUSPENDED: Steps = (
    *SUSPENSION_ASKED,
    step(e.Suspended(reason="season", until=_REVIEW_DATE)),
)
TERMINATION_ASKED: Steps = (*HANDLING, step(e.TerminationAsked(reason="refuses_to_cooperate")))
TERMINATED: Steps = (*TERMINATION_ASKED, step(e.Terminated(reason="refuses_to_cooperate")))
_BY_NOVEMBER = on("2026-11-01 00:00")
PROMISED: Steps = (
    *HANDLING,
    step(e.ReplyDrafted(outcome="promised", text="TEXT#li#1", until=_BY_NOVEMBER)),
    step(e.Promised(until=_BY_NOVEMBER, text="TEXT#li#1")),
)


def returned_by(*units: str) -> Steps:
    """Accepted, and given back by each of these units in turn."""
    return (
        step(e.Accepted()),
        *(
            step(*events, by=by)
            for unit in units
            for events, by in (
                ((e.Dispatched(unit=unit, category="0204"),), DISPATCHER),
                ((e.ReturnAsked(reason="not_our_duty"),), staff("officer", f"of {unit}", unit)),
                ((e.Returned(),), DISPATCHER),
            )
        ),
    )


_BOTH = e.ArbitrationBegun(reason="returned_twice", units=("roads", "police"))
ARBITRATION: Steps = (*returned_by("roads", "police"), step(_BOTH))
HEARD: Steps = (*ARBITRATION, step(e.PositionGiven(unit="roads")))
_BINDING = e.Dispatched(unit="roads", category="0204", binding=True)
DESIGNATED: Steps = (*HEARD, step(_BINDING, by=SUPERVISOR))

# And how it goes down the tree of units: the city, the north district, its elm street.
AT_NORTH: Steps = (step(e.Accepted(), e.Dispatched(unit="north", category="0204"), by=MACHINE),)
NORTH_HANDLES: Steps = (*AT_NORTH, step(e.Claimed(officer="nan"), by=NAN))
DELEGATED: Steps = (*NORTH_HANDLES, step(e.Delegated(unit="elm-street")))
STREET_HANDLES: Steps = (*DELEGATED, step(e.Claimed(officer="yu"), by=YU))
STREET_RETURNS: Steps = (*STREET_HANDLES, step(e.ReturnAsked(reason="not_our_duty"), by=YU))

# And what may be under way beside its state, wherever it stands.
SEALED: Steps = (step(e.Reclassified(kind="report"), e.Unpublished()),)
UNMASKING: Steps = (*SEALED, step(e.UnmaskingAsked(reason="visit")))
ACCUSED: Steps = (step(e.SubjectsNamed(units=("police",), persons=("mo",))),)
ORDERED: Steps = (step(e.OrderIssued(order="order-9", unit="roads", level=2)),)
ORDER_ANSWERED: Steps = (*ORDERED, step(e.OrderAnswered(order="order-9")))
ALERTED: Steps = (step(e.AlertRaised(alert="hazard-9", kind="hazard")),)
ACKNOWLEDGED: Steps = (*ALERTED, step(e.AlertAcknowledged(alert="hazard-9")))
CALLED: Steps = (step(e.AssistanceAsked(unit="police"), e.AssistanceAsked(unit="north")),)
REPORTED_IN: Steps = (*CALLED, step(e.ReportedIn(unit="police")))
DISPUTED: Steps = (*CALLED, step(e.AssistanceDisputed(unit="police")))
LEADING: Steps = (step(e.LeadTaken(follower=TWIN)),)
PUBLISHED: Steps = (step(e.Published()),)
OVERDUE: Steps = (step(e.CallBackDue(), by=MACHINE),)
EXTENSION_ASKED: Steps = (
    *HANDLING,
    step(e.ExtensionAsked(reason="works_under_way", until=on("2026-11-05 00:00"))),
)
LED: Steps = (*HANDLING, *LEADING, step(e.Replied(outcome="resolved"), e.Invited()))
"""Replied, and the reply waits to be passed on to the case that follows."""

PLACES: dict[str, Steps] = {
    "extension asked": EXTENSION_ASKED,
    "suspension asked": SUSPENSION_ASKED,
    "others called": (*HANDLING, *CALLED),
    "one reported in": (*HANDLING, *REPORTED_IN),
    "help disputed": (*HANDLING, *DISPUTED),
    "ordered": (*HANDLING, *ORDERED),
    "order answered": (*HANDLING, *ORDER_ANSWERED),
    "danger": (*SUBMITTED, *ALERTED),
    "danger, handled": (*HANDLING, *ACKNOWLEDGED),
    "danger, closed": (*CLOSED, *ALERTED),
    "sealed": (*HANDLING, *SEALED),
    "unmasking asked": (*HANDLING, *UNMASKING),
    "police accused": (*HANDLING, *ACCUSED),
    "leading": (*HANDLING, *LEADING),
    "to be passed on": LED,
    "published": (*HANDLING, *PUBLISHED),
    "overdue": (*HANDLING, *OVERDUE),
}
LEVELS: dict[str, Steps] = {
    "the district's": AT_NORTH,
    "the district handles": NORTH_HANDLES,
    "delegated": DELEGATED,
    "the street handles": STREET_HANDLES,
    "the street returns": STREET_RETURNS,
    "one is heard": HEARD,
    "designated": DESIGNATED,
}

HISTORIES: dict[State, Steps] = {
    "SUBMITTED": SUBMITTED,
    "IN_REVIEW": IN_REVIEW,
    "NEEDS_INFO": NEEDS_INFO,
    "ACCEPTED": ACCEPTED,
    "TRIAGE": TRIAGE,
    "ASSIGNED": ASSIGNED,
    "HANDLING": HANDLING,
    "RETURN_ASKED": RETURN_ASKED,
    "ARBITRATION": ARBITRATION,
    "SUSPENDED": SUSPENDED,
    "TERMINATION_ASKED": TERMINATION_ASKED,
    "FOLLOWING": MERGED,
    "REPLY_REVIEW": REPLY_REVIEW,
    "PROMISED": PROMISED,
    "AWAITING_RATING": REPLIED,
    "FOLLOW_UP": FOLLOW_UP,
    "REDO": REDO,
    "OBJECTED": OBJECTED,
    "CLOSED": CLOSED,
    "DECLINED": DECLINED,
    "HANDED_OVER": HANDED_OVER,
    "TERMINATED": TERMINATED,
    "WITHDRAWN": WITHDRAWN,
}

PASTS: dict[str, Steps] = {
    str(name): past for name, past in (*HISTORIES.items(), *LEVELS.items(), *PLACES.items())
}
"""Every state, every place in the tree of units where a case can stand, all that can be beside."""


def second_handling(*, replied_by: By = LI) -> Steps:
    """Replied, rated badly, sent back: and now claimed by a colleague of who replied."""
    return (
        *HANDLING,
        step(e.Replied(outcome="resolved"), e.Invited(), by=replied_by),
        step(_BAD, e.FollowUpBegun(reason="unresolved")),
        step(e.RedoOrdered(reason="follow_up")),
        step(e.Claimed(officer="wang"), by=WANG),
    )


@dataclass(frozen=True)
class Story:
    """A case with its journal, the time, and what the last command led to."""

    case: Case
    journal: tuple[Commit, ...]
    now: datetime
    rules: Rules
    last: tuple[Event, ...] | Refusal = ()

    # -- telling ---------------------------------------------------------------------------

    def at(self, text: str) -> Story:
        """Time goes on to this moment, and nothing happens."""
        return replace(self, now=on(text))

    def when(self, command: Command, by: By, at: str | None = None, text: str = "TEXT#1") -> Story:
        """Somebody gives a command; what they are refused leaves the case as it was.

        A case that the command names is one of `others`.
        """
        story = self.at(at) if at else self
        decided = story.decided(command, by, text)
        if isinstance(decided, Refusal):
            return replace(story, last=decided)
        return replace(story._committed(decided, by) if decided else story, last=tuple(decided))

    def decided(self, command: Command, by: By, text: str = "TEXT#1") -> list[Event] | Refusal:
        """What `decide` answers now, before anything comes of it."""
        named = getattr(command, "case", None) if isinstance(command, NAMING) else None
        return decide(
            self.case,
            command,
            by,
            self.rules,
            self.now,
            text,
            other=others().get(named) if named else None,
            made=PARTS[: len(command.parts)] if isinstance(command, SplitCase) else (),
        )

    def tick(self, at: str) -> Story:
        """The machine looks at the case at this moment."""
        return self.when(Tick(), by=MACHINE, at=at)

    def _committed(self, happened: list[Event], by: By) -> Story:
        commit = chain.seal(
            Commit(
                version=self.case.version + 1,
                at=self.now,
                actor=by.actor,
                events=tuple(happened),
                prev=self.journal[-1].hash,
            )
        )
        case = apply(self.case, commit, self.case.number)
        return replace(self, case=case, journal=(*self.journal, commit))

    # -- asserting -------------------------------------------------------------------------

    @property
    def happened(self) -> list[Event]:
        """What the last command led to, without the clocks."""
        assert not isinstance(self.last, Refusal), f"refused: {self.last}"
        return [event for event in self.last if not isinstance(event, e.ClocksChanged)]

    def then(self, *events: Event) -> Story:
        """Exactly this happened."""
        assert self.happened == list(events)
        return self

    def leaves(self, state: State) -> Story:
        """The case is now in this state."""
        assert self.case.state == state
        return self

    def refused(self, code: str, pointer: str | None = None) -> Story:
        """Nothing happened, for this reason."""
        assert isinstance(self.last, Refusal), f"not refused: {self.last}"
        assert (self.last.code, self.last.pointer) == (code, pointer)
        return self

    # -- asking ----------------------------------------------------------------------------

    def clock(self, name: str) -> Clock:
        return self.case.clocks[name]

    def may(self, by: By) -> set[str]:
        """What this person is told they may do next."""
        return set(allowed(self.case, by, self.rules, self.now))


def given(
    *steps: Step,
    rules: Rules = RULES,
    number: str = NUMBER,
    citizen: str | None = None,
    **filed: Any,
) -> Story:
    """A case with this past. `filed` are the fields of its filing that matter to the story."""
    filing = e.Filed.model_validate({"channel": "web", "kind": "complaint", **filed})
    first = with_clocks(None, [filing], number, CITIZEN.actor, rules, START)
    commit = chain.seal(Commit(version=1, at=START, actor=CITIZEN.actor, events=tuple(first)))
    case = apply(None, commit, number).model_copy(update={"citizen": citizen})
    story = Story(case, (commit,), START, rules)
    for past in steps:
        by = past.by or _USUALLY.get(type(past.events[0]), MACHINE)
        story = replace(story, now=past.at or story.now)
        events = with_clocks(story.case, past.events, number, by.actor, rules, story.now)
        story = story._committed(events, by)
    return story


@cache
def others() -> Mapping[str, Case]:
    """The city's other cases, by their numbers."""
    return {
        LEAD: given(*HANDLING, number=LEAD).case,
        TWIN: given(*ACCEPTED, number=TWIN, citizen=PERSON).case,
        ENDED: given(*CLOSED, number=ENDED).case,
    }
