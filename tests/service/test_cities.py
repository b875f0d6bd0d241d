"""Small cities in which everybody does what they may, in any order: what must hold of all the cases
together. What holds of one alone is told in `tests/cases/test_life.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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

from casework.cases.access import By, accused, may_read
from casework.cases.decide import allowed
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.edge.lists import may_list
from casework.outcomes import NotFound, Refused, Request
from casework.store.items import Dossier
from schemas import commands as c
from schemas import events as e
from schemas import names
from schemas.commands import Command
from schemas.events import Actor, Event
from schemas.names import QUEUES
from tests.cases.journals import (
    assert_a_designation_binds,
    assert_nobody_decided_their_own,
    assert_rungs_once,
)
from tests.cases.samples import COMMANDS, PEOPLE
from tests.cases.telling import CITIZEN, DISPATCHER, LI, START, on, staff, under
from tests.cases.test_life import BESIDE, ONWARD
from tests.support.relatives import agree
from tests.support.soundness import sound
from tests.support.world import FrozenClock, MemoryWorld

TOGETHER = ("merge", "unmerge", "pass-on", "split")
"""What concerns more than one case, and what the others then hear of."""
TO_THE_END = ("reply", "keep-promise", "decide-reply", "pass-on", "rate", "redo", "close")
"""How a case gets its answer, and is judged by it."""
CROWD = (
    *PEOPLE,
    *(staff(role, "li", "roads") for role in ("moderator", "dispatcher", "supervisor")),
    staff("supervisor", "pan", "police"),
)
"""Everybody, some with an office of the city and a unit, one under two roles."""
STAFF = tuple(by for by in CROWD if by.actor.role in names.STAFF)
UNITS = ("gov", "roads", "police", "north", "north-roads", "elm-street")
SAMPLES: dict[str, list[Command]] = defaultdict(list)
for _command in COMMANDS:
    SAMPLES[c.name_of(_command)].append(_command)
GIVES = (e.Dispatched, e.Delegated, e.RedoOrdered, e.ReplyTaken)
"""What says which unit has the case from then on."""
BEGINNING = (
    (c.Dispatch(unit="roads", category="0203"), DISPATCHER),
    (c.Claim(), LI),
)
CITIZENS = ("lin", "bei")
MOST = 5
END_OF_TIME = on("2027-05-01 00:00")
LATER = on("2040-01-01 00:00")


class City(RuleBasedStateMachine):
    """A handful of cases, everybody who may have to do with them, the queues and the sweep."""

    world: MemoryWorld

    @initialize(
        review=st.sampled_from(["none", "suspicious", "all"]),
        replies=st.sampled_from(["none", "sampled", "all"]),
        kinds=st.lists(
            st.sampled_from(["complaint", "complaint", "enquiry", "help", "report"]),
            min_size=3,
            max_size=3,
        ),
        begun=st.lists(st.integers(0, 2), min_size=3, max_size=3),
        merged=st.integers(0, 2),
    )
    def begin(
        self, review: str, replies: str, kinds: list[str], begun: list[int], merged: int
    ) -> None:
        """Three cases, each of them dispatched and claimed already, or not yet; some merged."""
        self.world = MemoryWorld(FrozenClock(START), under(review=review, reply_review=replies))
        self.numbers: list[str] = []
        self.told: dict[str, int] = {}
        self.asked = 0
        for kind, steps in zip(kinds, begun, strict=True):
            self.file(kind, "lin", ())
            for command, by in BEGINNING[:steps]:
                self.give(self.cases()[-1], command, by)
        lead, *others = self.numbers
        for follower in others[:merged]:
            self.give(self.case(follower), c.Merge(case=lead), DISPATCHER)

    # -- what may happen -------------------------------------------------------------------

    @precondition(lambda self: len(self.numbers) < MOST)
    @rule(
        kind=st.sampled_from(["complaint", "report", "suggestion"]),
        who=st.sampled_from(CITIZENS),
        about=st.sampled_from([(), ("roads",), ("north",), ("police",)]),
    )
    def somebody_files(self, kind: str, who: str, about: tuple[str, ...]) -> None:
        self.file(kind, who, about)

    def file(self, kind: str, who: str, about: tuple[str, ...]) -> None:
        wish = c.File.model_validate(
            {
                "text": "路口的路灯杆歪了，怕砸到人。",
                "kind": kind,
                "about": list(about),
                "area": "990102001",
                "publishable": True,
            }
        )
        by = By(CITIZEN.actor)
        self.asked += 1
        filed = self.world.service.file(wish, by, f"filing {self.asked}", subject=who)
        self.numbers.append(filed.number)

    @rule(data=st.data())
    def a_case_goes_on(self, data: st.DataObject) -> None:
        self.do_one_of(data, ONWARD)

    @rule(data=st.data())
    def and_on(self, data: st.DataObject) -> None:
        self.do_one_of(data, ONWARD)

    @rule(data=st.data())
    def towards_its_end(self, data: st.DataObject) -> None:
        self.do_one_of(data, TO_THE_END)

    @rule(data=st.data())
    def further_towards_its_end(self, data: st.DataObject) -> None:
        self.do_one_of(data, TO_THE_END)

    @rule(data=st.data())
    def something_goes_on_beside_it(self, data: st.DataObject) -> None:
        self.do_one_of(data, BESIDE)

    @rule(data=st.data())
    def cases_are_brought_together_or_apart(self, data: st.DataObject) -> None:
        self.do_one_of(data, TOGETHER)

    @rule(data=st.data())
    def somebody_does_what_they_may(self, data: st.DataObject) -> None:
        self.do_one_of(data, c.COMMANDS.keys() - c.BY_SYSTEM)

    def do_one_of(self, data: st.DataObject, wanted: Collection[str]) -> None:
        """One of these commands on one of the cases, by somebody who is told that they may give it."""
        case = self.case(data.draw(st.sampled_from(self.numbers)))
        due = self.world.service.foreseen(case)
        may = [
            (name, by)
            for by in CROWD
            for name in allowed(due, by, self.world.rules, self.world.now())
            if name in wanted and not (name == "split" and len(self.numbers) >= MOST)
        ]
        if may:
            name = data.draw(st.sampled_from(sorted({name for name, _ in may})))
            by = data.draw(st.sampled_from([by for told, by in may if told == name]))
            command = data.draw(st.sampled_from(SAMPLES[name]))
            self.give(case, self.aimed(data, command, case), by)

    @rule(data=st.data(), by=st.sampled_from(CROWD), command=st.sampled_from(COMMANDS))
    def somebody_tries_something(self, data: st.DataObject, by: By, command: Command) -> None:
        if c.name_of(command) not in c.BY_SYSTEM:
            case = self.case(data.draw(st.sampled_from(self.numbers)))
            self.give(case, self.aimed(data, command, case), by)

    def aimed(self, data: st.DataObject, command: Command, case: Case) -> Command:
        """At an alert or an order that there is, and at a case of this city."""
        there: dict[str, list[str]] = {
            "alert": [alert.id for alert in case.alerts],
            "order": [order.id for order in case.orders],
            "case": self.numbers,
        }
        for field, known in there.items():
            if hasattr(command, field) and known:
                return command.model_copy(update={field: data.draw(st.sampled_from(known))})
        return command

    def give(self, case: Case, command: Command, by: By) -> None:
        """Given, carried out or refused; and where it is refused nothing is changed but what was due."""
        self.asked += 1
        due = self.world.service.foreseen(case)
        offered = allowed(due, by, self.world.rules, self.world.now())
        try:
            changed = self.world.service.change(
                case.number, command, Request(by, f"ask {self.asked}")
            )
        except NotFound:
            assert accused(case, by.actor, self.world.rules), (
                "only they do not know that it is there"
            )
        except Refused:
            assert self.case(case.number) in (case, due)
        else:
            assert c.name_of(command) in offered
            made = _made(changed.case, self.world)
            self.numbers += [number for number in made if number not in self.numbers]

    @precondition(lambda self: self.world.now() < END_OF_TIME)
    @rule(wait=st.sampled_from([61, 3_599, 86_399, 5 * 86_400]))
    def time_passes(self, wait: int) -> None:
        self.world.now.advance(seconds=wait)

    @precondition(lambda self: self.world.now() < END_OF_TIME)
    @rule()
    def the_next_alarm_rings(self) -> None:
        dues = [case.next_due for case in self.cases() if case.next_due]
        if dues:
            self.world.now.now = max(self.world.now(), min(dues))
            assert self.world.sweeper.sweep(0).failed == 0

    @rule(times=st.integers(1, 2))
    def the_queues_bring_what_was_announced(self, times: int) -> None:
        for number in self.numbers:
            self.world.dispatcher.route(number)
            self.bring(number, times)

    def bring(self, number: str, times: int) -> None:
        """Every commit since the last time, to whom it concerns, once or more."""
        for _ in range(times):
            for version in range(self.told.get(number, 0) + 1, self.case(number).version + 1):
                self.world.followers.follow(number, version)
            self.world.service.store.show_asides(number)
        self.told[number] = self.case(number).version

    # -- what always holds -----------------------------------------------------------------

    def case(self, number: str) -> Case:
        head = self.world.service.store.head(number)
        assert head is not None
        return head.case

    def cases(self) -> list[Case]:
        return [self.case(number) for number in self.numbers]

    @invariant()
    def each_case_with_something_open_has_exactly_one_alarm(self) -> None:
        alarms = self.world.service.store.due(0, LATER, 1_000)
        waiting = {
            case.number: case
            for case in self.cases()
            if case.is_open or case.alerts or case.orders or case.to_pass_on
        }
        assert sorted(number for number, _ in alarms) == sorted(waiting)
        for case in waiting.values():
            assert case.next_due is not None

    @invariant()
    def whoever_a_case_is_about_has_nothing_to_do_with_it(self) -> None:
        rules = self.world.rules
        for case in self.cases():
            if case.subjects is None:
                continue
            for by in STAFF:
                if accused(case, by.actor, rules):
                    assert not may_read(case, by, rules)
                    assert list(allowed(case, by, rules, self.world.now())) == []
            hands = {case.queue, *case.asides}
            for unit in case.subjects.units:
                assert not {f"unit:{below}" for below in rules.city.subtree(unit)} & hands
            assert case.officer not in case.subjects.persons

    @invariant()
    def a_follower_is_never_a_lead(self) -> None:
        cases = {case.number: case for case in self.cases()}
        for case in cases.values():
            assert (case.state == "FOLLOWING") == (case.follows is not None)
            if case.follows:
                assert cases[case.follows].follows is None
                assert case.follows != case.number

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for _ in range(2):
            for number in self.numbers:
                self.bring(number, 1)
        agree(self.world, *self.numbers)
        for number in self.numbers:
            dossier = sound(self.world.service, number)
            assert_rungs_once(dossier.journal)
            assert_nobody_decided_their_own(dossier.journal)
            assert_a_designation_binds(dossier.journal)
            assert_closed_by_an_answer_or_a_signature(dossier, self.world.rules)
            if accused_people := _accused(dossier, self.world.rules):
                self.assert_on_no_list(number, accused_people)

    def assert_on_no_list(self, number: str, people: Iterable[By]) -> None:
        """No worklist shows the case to any of these, and none of their own units' holds it."""
        store, rules = self.world.service.store, self.world.rules
        for holder in (*QUEUES, *(f"unit:{unit}" for unit in UNITS)):
            for entry in store.worklist(holder, 100):
                if entry["pk"] == number:
                    assert not any(may_list(entry, by, rules) for by in people), holder


def _made(case: Case, world: MemoryWorld) -> list[str]:
    """The cases that the last commit made of this one."""
    last = world.service.store.commit(case.number, case.version)
    assert last is not None
    return [number for event in last.events if isinstance(event, e.Split) for number in event.into]


def _accused(dossier: Dossier, rules: Rules) -> list[By]:
    return [by for by in STAFF if accused(dossier.head.case, by.actor, rules)]


def assert_closed_by_an_answer_or_a_signature(dossier: Dossier, rules: Rules) -> None:
    """From the journal alone: no case is closed but after a reply of a unit that held it (read by
    somebody outside where the policy says so), after an answer that was passed on, or by the word of
    a person outside the unit; or else its citizen left a question unanswered."""
    told = Told(rules)
    for commit in dossier.journal:
        for event in commit.events:
            told.hear(event, commit.actor)


@dataclass
class Told:
    """What a journal has told so far of who holds the case, and whether its citizen has an answer."""

    rules: Rules
    holder: str | None = None
    drafter: str | None = None
    answered: bool = False
    asked: bool = False

    def hear(self, event: Event, by: Actor) -> None:
        self.holder = (
            getattr(event, "unit", None) or self.holder if isinstance(event, GIVES) else self.holder
        )
        match event:
            case e.ReplyDrafted():
                self.drafter = by.id
                assert by.unit == self.holder or by.role == "head"
            case e.Replied():
                self.well_replied(event, by)
                self.answered = True
            case e.Answered() | e.ReplyTaken():
                self.answered = True
            case e.Accepted() | e.Reopened() | e.RedoOrdered():
                self.answered = False
            case e.InfoRequested() | e.InfoGiven():
                self.asked = isinstance(event, e.InfoRequested)
            case e.Closed():
                self.well_closed(event, by)

    def well_replied(self, event: e.Replied, by: Actor) -> None:
        assert event.text is not None or self.rules.policy.reply_review != "all"
        if event.text is None:
            assert by.unit == self.holder or by.role == "head"
        else:
            assert by.id != self.drafter
            assert by.role in ("moderator", "supervisor")
            assert by.unit is None or by.unit != self.holder

    def well_closed(self, event: e.Closed, by: Actor) -> None:
        match event.how:
            case "explained" | "repeat":
                assert by.role in ("supervisor", "moderator", "dispatcher")
                assert by.unit is None or by.unit != self.holder
            case "no_answer":
                assert self.asked
            case _:
                assert self.answered, f"{event.how} without an answer"


def test_whatever_people_do_the_cases_of_a_city_agree() -> None:
    run_state_machine_as_test(
        City,
        settings=settings(
            max_examples=75,
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            print_blob=True,
        ),
    )
