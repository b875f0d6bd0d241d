"""No sequence of commands, waits and ticks breaks what must always hold of a case."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from casework.cases.access import By, may_read
from casework.cases.chain import whole
from casework.cases.rules import Refusal
from casework.cases.state import Case
from casework.cases.table import HELPED
from schemas import commands as c
from schemas import names
from schemas.commands import Command, Tick
from schemas.names import State
from tests.cases.journals import (
    assert_a_designation_binds,
    assert_folds,
    assert_more_time_is_anothers_to_give,
    assert_no_answer_ends_it_unread,
    assert_nobody_decided_their_own,
    assert_nobody_is_taken_off_alone,
    assert_rungs_once,
    assert_who_called_does_not_decide,
    assert_written_as_read,
)
from tests.cases.samples import COMMANDS, PEOPLE
from tests.cases.telling import (
    CITIZEN,
    MACHINE,
    NUMBER,
    PASTS,
    PERSON,
    RULES,
    START,
    Story,
    given,
    on,
    staff,
    under,
)

TWO_HATS = tuple(
    staff(role, "li", "roads")
    for role in names.ROLES
    if role in ("agent", "moderator", "dispatcher", "supervisor", "head", "integration")
)
"""Li, an officer of the roads office, whom somebody gave every other role as well."""
EVERYBODY = (*PEOPLE, *TWO_HATS)
SAMPLES: dict[str, list[Command]] = defaultdict(list)
for _command in COMMANDS:
    SAMPLES[c.name_of(_command)].append(_command)
END_OF_TIME = on("2027-06-01 00:00")
"""Far from the end of the calendars; no limit reaches from here beyond them."""
ONWARD = (
    *("route", "accept", "request-info", "message", "dispatch", "claim", "return"),
    *("decide-return", "reply", "decide-reply", "rate", "redo", "close"),
    *("reopen", "object", "decide-objection"),
    *("delegate", "recall", "assign-officer", "arbitrate", "state-position", "designate"),
    *("ask-extension", "decide-extension", "ask-suspension", "decide-suspension"),
    *("lift-suspension", "ask-termination", "decide-termination", "promise", "keep-promise"),
    *("merge", "unmerge", "take-lead", "pass-on", "follow-lead"),
)
BESIDE = (
    *("ask-assistance", "report-in", "answer-assistance", "dispute-assistance"),
    *("decide-assistance", "issue-order", "respond-order", "verify-order", "lift-order"),
    *("raise-alert", "acknowledge-alert", "resolve-alert", "name-subjects", "drop-subjects"),
    "ask-unmasking",
    *("decide-unmasking", "publish", "release-lead", "reclassify"),
)
"""What goes on beside the state."""
"""What moves a case on, rather than ends it or leaves it where it is."""
ONLY_IN: dict[str, tuple[State, ...]] = {
    "dispatch": ("SUBMITTED", "ACCEPTED"),
    "review": ("IN_REVIEW",),
    "info": ("NEEDS_INFO",),
    "triage": ("TRIAGE",),
    "return": ("RETURN_ASKED",),
    "arbitration": ("ARBITRATION",),
    "termination": ("TERMINATION_ASKED",),
    "review_date": ("SUSPENDED",),
    "reply_review": ("REPLY_REVIEW",),
    "rating": ("AWAITING_RATING",),
    "follow_up": ("FOLLOW_UP",),
    "objection": ("OBJECTED",),
}
"""The clock of who must act, and the states in which it runs: in no other, and in each of these."""
HELD = frozenset({*HELPED, "AWAITING_RATING", "FOLLOW_UP"})
"""States in which a unit has the case, or has just answered; an answered enquiry has none."""
UNHELD: tuple[State, ...] = (
    *("SUBMITTED", "IN_REVIEW", "NEEDS_INFO", "ACCEPTED", "TRIAGE", "ARBITRATION", "FOLLOWING"),
)
BY_ITSELF = ("role", "not_yours", "state")
MACHINES = {"route", "merge-alike", "take-lead", "release-lead", "follow-lead", "split", "reopen"}


class Life(RuleBasedStateMachine):
    """One case, and everybody who may have to do with it, at any time and in any order."""

    story: Story

    @initialize(
        past=st.sampled_from(sorted(PASTS)),
        kind=st.sampled_from(["enquiry", "complaint", "suggestion", "report"]),
        review=st.sampled_from(["none", "suspicious", "all"]),
        replies=st.sampled_from(["none", "sampled", "all"]),
        public=st.booleans(),
        number=st.sampled_from([NUMBER, NUMBER[:13] + "050"]),
        odd=st.integers(0, 59),
    )
    def begin(
        self,
        past: str,
        kind: str,
        review: str,
        replies: str,
        public: bool,
        number: str,
        odd: int,
    ) -> None:
        """A case with the usual past of some state or level, under some policy."""
        rules = under(review=review, reply_review=replies)
        if past == "published" and kind == "report":
            kind = "complaint"  # no report ever is
        filed: dict[str, Any] = {"kind": kind, "publishable": public, "citizen": PERSON}
        self.story = given(*PASTS[past], rules=rules, number=number, **filed)
        self.story = replace(self.story, now=START + timedelta(seconds=odd))

    # -- what may happen -------------------------------------------------------------------

    @rule(data=st.data())
    def the_case_goes_on(self, data: st.DataObject) -> None:
        self.do_one_of(data, ONWARD)

    @rule(data=st.data())
    def and_on(self, data: st.DataObject) -> None:
        self.do_one_of(data, ONWARD)

    @rule(data=st.data())
    def something_goes_on_beside_it(self, data: st.DataObject) -> None:
        self.do_one_of(data, BESIDE)

    @rule(data=st.data())
    def somebody_does_what_they_may(self, data: st.DataObject) -> None:
        self.do_one_of(data, c.COMMANDS.keys() - {"tick"})

    def do_one_of(self, data: st.DataObject, names_: Collection[str]) -> None:
        """One of these commands, by somebody who is told that they may give it."""
        may = {
            (name, by)
            for by in EVERYBODY
            for name in self.story.may(by) | (MACHINES if by is MACHINE else set())
        }
        offered = sorted({name for name, _ in may} & set(names_))
        if offered:
            name = data.draw(st.sampled_from(offered))
            people = [by for by in EVERYBODY if (name, by) in may]
            by = data.draw(st.sampled_from(people))
            command = data.draw(st.sampled_from(SAMPLES[name]))
            self.give(aimed(command, self.story.case), by)

    @rule(command=st.sampled_from(COMMANDS), by=st.sampled_from(EVERYBODY))
    def somebody_tries_something(self, command: Command, by: By) -> None:
        self.give(aimed(command, self.story.case), by)

    @precondition(lambda self: self.story.now < END_OF_TIME)
    @rule(wait=st.sampled_from([1, 61, 3_599, 86_399, 3 * 86_400 + 1, 11 * 86_400]))
    def time_passes(self, wait: int) -> None:
        self.story = replace(self.story, now=self.story.now + timedelta(seconds=wait))

    @precondition(lambda self: self.story.case.next_due and self.story.now < END_OF_TIME)
    @rule()
    def the_alarm_rings(self) -> None:
        due = self.story.case.next_due
        assert due is not None
        self.story = replace(self.story, now=max(self.story.now, due))
        self.give(Tick(), MACHINE)

    @rule(times=st.integers(1, 2))
    def the_machine_looks(self, times: int) -> None:
        for _ in range(times):
            self.give(Tick(), MACHINE)
        assert_looked_after(self.story)
        self.give(Tick(), MACHINE)
        assert self.story.last == (), "a repeated tick does nothing"

    # -- what holds of each step -----------------------------------------------------------

    def give(self, command: Command, by: By) -> None:
        before, name = self.story, c.name_of(command)
        offered = before.may(by)
        after = before.when(command, by=by)
        if isinstance(after.last, Refusal):
            assert after.case is before.case
            assert not (name in offered and after.last.code in BY_ITSELF)
        else:
            assert name in offered | c.BY_SYSTEM
        if after.journal != before.journal:
            assert_alarm_moved_on(before.case, after)
            assert_written_as_read(before.case, after.journal[-1], after.case)
        self.story = after

    # -- what always holds -----------------------------------------------------------------

    @invariant()
    def versions_are_gapless(self) -> None:
        versions = [commit.version for commit in self.story.journal]
        assert versions == list(range(1, self.story.case.version + 1))

    @invariant()
    def what_is_open_has_an_alarm_and_what_is_not_has_none(self) -> None:
        case = self.story.case
        waits = case.is_open or case.alerts or case.orders or case.to_pass_on
        assert (case.next_due is not None) == bool(waits)
        if not case.is_open:
            beside = {name.partition(":")[0] for name in case.clocks}
            assert beside <= {"alert", "alert_open", "order", "order_check", "pass_on"}

    @invariant()
    def each_state_has_what_it_needs(self) -> None:
        case = self.story.case
        assert (case.draft is not None) == (case.state == "REPLY_REVIEW")
        assert ("return" in case.asks) == (case.state == "RETURN_ASKED")
        assert ("termination" in case.asks) == (case.state == "TERMINATION_ASKED")
        assert (case.end is not None) == (case.state in names.ENDS | {"OBJECTED"})
        assert (case.follows is not None) == (case.state == "FOLLOWING")
        if case.state in HELD:
            assert case.unit is not None or case.answered
        if case.state in UNHELD:
            assert (case.unit, case.officer, case.binding, case.copies) == (None, None, False, ())
        assert case.redo <= 2 + len(RULES.city.ancestors("elm-street"))
        assert case.reopened <= 2
        assert case.granted.get("extension", 0) <= 1
        assert case.granted.get("suspension", 0) <= 2
        assert case.granted.get("promise", 0) <= 2
        assert not (case.public and case.kind == "report")
        assert not (case.followers and case.identity == "sealed")

    @invariant()
    def what_falls_away_with_the_work_has_fallen_away(self) -> None:
        case = self.story.case
        assert not case.aids or case.state in HELPED
        assert not case.asks or case.is_open
        assert not case.asks.keys() & {"extension", "suspension"} or case.state == "HANDLING"
        assert case.is_open or case.level == 0 or case.alerts or case.orders or case.to_pass_on

    @invariant()
    def what_runs_for_each_runs_for_each_and_for_no_other(self) -> None:
        case = self.story.case
        running: dict[str, set[str]] = defaultdict(set)
        for name in case.clocks:
            kind, _, key = name.partition(":")
            running[kind].add(key)
        aids = {s: {aid.unit for aid in case.aids if aid.state == s} for s in AID_STATES}
        assert running["assist_report"] == aids["requested"]
        assert running["assist"] == aids["requested"] | aids["reported_in"]
        assert running["assist_dispute"] == aids["disputed"]
        assert running["order"] == {order.id for order in case.orders if order.by is None}
        assert running["order_check"] == {order.id for order in case.orders if order.by}
        assert running["alert"] == {a.id for a in case.alerts if not a.acknowledged}
        assert running["alert_open"] == {a.id for a in case.alerts}
        for ask in ("extension", "suspension", "termination", "unmasking"):
            assert (ask in running) == (ask in case.asks)
        assert ("pass_on" in running) == (case.to_pass_on is not None)

    @invariant()
    def in_each_state_somebodys_clock_runs_and_no_other(self) -> None:
        case = self.story.case
        for clock, states in ONLY_IN.items():
            assert (clock in case.clocks) == (case.state in states), clock
        if "claim" in case.clocks:
            assert case.state in ("ASSIGNED", "REDO", "RETURN_ASKED")
        assert "claim" in case.clocks or case.state not in ("ASSIGNED", "REDO")
        if case.is_open and case.state not in ("AWAITING_RATING", "FOLLOW_UP", "OBJECTED"):
            assert len(case.clocks.keys() & {"resolve", "redo", "promise"}) == 1

    @invariant()
    def only_a_suspension_stops_the_clock_and_only_that_of_the_promise(self) -> None:
        case = self.story.case
        still = {name for name, clock in case.clocks.items() if clock.paused is not None}
        assert still <= {"resolve", "redo", "level"}
        assert case.state == "SUSPENDED" or not still
        if case.state == "SUSPENDED":
            assert still >= case.clocks.keys() & {"resolve", "redo", "level"}

    @invariant()
    def a_levels_time_is_inside_the_promise(self) -> None:
        case = self.story.case
        around = [case.clocks[n] for n in ("promise", "redo", "resolve") if n in case.clocks]
        if "level" in case.clocks:
            assert case.state in HELPED - {"REDO", "PROMISED"}
            assert len(case.chain) > 1
            assert case.clocks["level"].due <= around[0].due

    @invariant()
    def a_case_goes_down_the_tree_of_units_and_only_its_own_read_it(self) -> None:
        case = self.story.case
        chain = [link.unit for link in case.chain]
        for above, below in pairwise(chain):
            assert RULES.city.units[below].parent == above
        assert set(case.heard) <= set(case.parties)
        assert case.parties == () or case.is_open
        assert set(case.asides) <= set(case.shown_to)
        own = {*case.involved}
        over = {above for unit in own for above in RULES.city.ancestors(unit)}
        for by in EVERYBODY:
            if not may_read(case, by, RULES):
                continue
            if by.actor.role in ("officer", "integration", "head"):
                assert by.actor.unit in (own | over if by.actor.role == "head" else own)
            if case.subjects and by is not CITIZEN and by is not MACHINE:
                assert by.actor.id not in case.subjects.persons
                assert by.actor.unit not in case.subjects.units

    @invariant()
    def nothing_is_in_the_hands_of_whom_it_is_about(self) -> None:
        case = self.story.case
        if case.subjects and case.state != "OBJECTED" and case.is_open:
            working = {*(aid.unit for aid in case.aids), *(order.unit for order in case.orders)}
            working |= {link.unit for link in case.chain} | set(case.parties)
            assert working.isdisjoint(case.subjects.units)

    def teardown(self) -> None:
        if not hasattr(self, "story"):
            return
        journal = self.story.journal
        assert whole(list(journal))
        assert_folds(journal, self.story.case)
        assert_rungs_once(journal)
        assert_nobody_decided_their_own(journal)
        assert_a_designation_binds(journal)
        assert_more_time_is_anothers_to_give(journal)
        assert_who_called_does_not_decide(journal)
        assert_no_answer_ends_it_unread(journal)
        assert_nobody_is_taken_off_alone(journal)


AID_STATES: tuple[names.AidState, ...] = get_args(names.AidState)


def aimed(command: Command, case: Case) -> Command:
    """The command at an alert, an order or a lead that there is, where there is one."""
    for field, there in (
        ("alert", [alert.id for alert in case.alerts]),
        ("order", [order.id for order in case.orders]),
        ("lead", [case.follows] if case.follows else []),
    ):
        if hasattr(command, field) and there:
            return command.model_copy(update={field: there[case.version % len(there)]})
    return command


def assert_looked_after(story: Story) -> None:
    """After a tick, an open case's alarm lies in the future."""
    due = story.case.next_due
    assert due is None or due > story.now


def assert_alarm_moved_on(before: Case, after: Story) -> None:
    """A command leaves the alarm in the future; what was due before it is left to the tick."""
    for name, clock in after.case.clocks.items():
        left = before.clocks.get(name)
        assert clock.next > after.now or (left == clock and clock.next <= after.now)
    if after.case.is_open and not after.case.clocks:
        assert_looked_after(after)


def test_whatever_happens_to_a_case_it_stays_whole() -> None:
    run_state_machine_as_test(
        Life, settings=settings(max_examples=60, stateful_step_count=50, deadline=None)
    )
