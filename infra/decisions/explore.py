"""Where each command leads, found out by asking `decide` itself.

From some cases just filed, every command is tried by everybody to whom the table gives it, and then
again on whatever came of it, until nothing new comes: first come, first tried. What a case is like
is reduced to what can matter for its state, or there would be no end to it.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from casework.cases.access import By
from casework.cases.decide import decide, file
from casework.cases.evolve import apply
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.cases.table import Relation, Row
from casework.catalogue.load import read_city
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy
from infra.decisions.samples import ANSWER, DRAWN, ENDED, FILING, LEAD, NUMBER, PART, samples
from schemas import commands as c
from schemas.events import Actor, Commit, Event
from schemas.names import State

CITY = Path(__file__).resolve().parents[1] / "city"
BEGIN = datetime(2026, 10, 12, 2, tzinfo=UTC)
PERSON = "person"
_CITIZEN = By(Actor(id="citizen", role="citizen"), opened=True)
_MACHINE = By(Actor(id="clock", role="system"))
_AGENT = By(Actor(id="agent", role="agent"))
_LOOKED_AT: frozenset[State] = frozenset({"HANDLING", "AWAITING_RATING", "CLOSED"})
"""States in which it is tried out what can go on beside a state."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Found:
    """`moves`: by which commands a case gets from one state to another. `given`: all commands that
    were ever carried out, whether or not they moved the case."""

    moves: Mapping[tuple[State, State], tuple[str, ...]]
    given: frozenset[str]


@dataclass
class _Search:
    """What has been seen, and what is still to be tried."""

    rules: Rules
    others: Mapping[str, Case]
    waiting: deque[Case] = field(default_factory=deque)
    seen: set[tuple[object, ...]] = field(default_factory=set)
    moves: dict[tuple[State, State], dict[str, None]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def add(self, case: Case) -> None:
        """One thing at a time goes on beside a case."""
        if len(_beside(case)) < 2 and (kind := _likeness(case)) not in self.seen:
            self.seen.add(kind)
            self.waiting.append(case)

    def run(self) -> None:
        while self.waiting:
            case = self.waiting.popleft()
            for command, after in self._next(case):
                self.given.add(command)
                if after.state != case.state:
                    self.moves.setdefault((case.state, after.state), {})[command] = None
                self.add(after)

    def _next(self, case: Case) -> Iterator[tuple[str, Case]]:
        """Every command that is carried out, and the case after it."""
        now = case.changed_at + _MINUTE
        for command in samples(case, now):
            name = c.name_of(command)
            for by in _givers(case, name, self.rules):
                if after := self._after(case, command, by, now):
                    yield name, after
        for due in sorted({clock.due for clock in case.clocks.values() if clock.due > now}):
            if after := self._after(case, c.Tick(), _MACHINE, due):
                yield "tick", after

    def _after(self, case: Case, command: c.Command, by: By, now: datetime) -> Case | None:
        happened = decide(
            case,
            command,
            by,
            self.rules,
            now,
            "TEXT#1",
            other=self.others.get(getattr(command, "case", "")),
            made=(PART,) if isinstance(command, c.SplitCase) else (),
        )
        if isinstance(happened, Refusal) or not happened:
            return None
        return _changed(case, happened, case.number, by, now)


@cache
def explored() -> Found:
    """All moves of a case, by the packaged policy and table, in the sample city."""
    rules = Rules(Policy.preset(), Calendar.seeded(), read_city(CITY))
    search = _Search(rules, _others(rules))
    enquiry = FILING.model_copy(update={"kind": "enquiry"})
    no_reply = FILING.model_copy(update={"reply_wanted": False})
    for filing, by, number in (
        (FILING, _CITIZEN, NUMBER),
        (FILING, _CITIZEN, DRAWN),
        (no_reply, _CITIZEN, NUMBER),
        (no_reply, _CITIZEN, DRAWN),
        (enquiry, _CITIZEN, NUMBER),
        (enquiry.model_copy(update={"answer": ANSWER}), _AGENT, NUMBER),
    ):
        search.add(_filed(filing, by, rules, number))
    search.run()
    return Found(
        {move: tuple(commands) for move, commands in search.moves.items()},
        frozenset(search.given),
    )


def _filed(filing: c.File, by: By, rules: Rules, number: str) -> Case:
    happened = file(number, filing, filing.kind or "help", by, rules, BEGIN, known=True)
    if isinstance(happened, Refusal):
        raise RuntimeError(f"the sample filing is refused: {happened.code}")
    return _changed(None, happened, number, by, BEGIN).model_copy(update={"citizen": PERSON})


def _changed(case: Case | None, happened: list[Event], number: str, by: By, now: datetime) -> Case:
    version = case.version + 1 if case else 1
    return apply(case, Commit(version=version, at=now, actor=by.actor, events=(*happened,)), number)


def _others(rules: Rules) -> Mapping[str, Case]:
    lead, ended = (_filed(FILING, _CITIZEN, rules, number) for number in (LEAD, ENDED))
    return {
        LEAD: lead.model_copy(update={"state": "TRIAGE"}),
        ENDED: ended.model_copy(update={"state": "CLOSED"}),
    }


def _likeness(case: Case) -> tuple[object, ...]:
    """What can matter for where a case goes from here."""
    return (
        case.state,
        case.before,
        len(case.chain) > 1,
        min(len(case.returned_by), 2),
        case.answered,
        case.kind == "enquiry" and not case.chain,
        case.reply_wanted,
        case.number,
        case.draft is not None and case.draft.until is not None,
        *(_beside(case) if case.state in _LOOKED_AT else ()),
    )


def _beside(case: Case) -> list[str]:
    """What goes on beside the state."""
    return [
        *sorted({"suspension", "extension", "unmasking"} & case.asks.keys()),
        *(aid.state for aid in case.aids),
        *("ordered" if order.by is None else "order answered" for order in case.orders),
        *("alert seen" if alert.acknowledged else "alert" for alert in case.alerts),
        *(["public"] if case.public else []),
        *(["to be called"] if case.call_back else []),
        *(["accused"] if case.subjects else []),
        *(["written"] if case.unread and case.state == "AWAITING_RATING" else []),
        *(["to pass on"] if case.to_pass_on else ["leads"] if case.followers else []),
    ]


def _givers(case: Case, command: str, rules: Rules) -> Iterator[By]:
    """Somebody for each row that holds in the case's state: never who did what is decided on."""
    for row in rules.table.commands[command]:
        if case.state in row.states and row.roles:
            yield from _of(row, case)


def _of(row: Row, case: Case) -> Iterator[By]:
    role = min(row.roles)
    if row.relation == "own":
        yield _CITIZEN
        return
    for unit in _units(row.relation, case):
        yield By(Actor(id=f"{role} {row.command} {case.redo}", role=role, unit=unit))


def _units(relation: Relation, case: Case) -> Iterable[str | None]:
    match relation:
        case "holder":
            return (case.unit,) if case.unit else ()
        case "delegator":
            return (case.delegator,) if case.delegator else ()
        case "party":
            return sorted(case.to_be_heard)[:1]
        case "called":
            return [aid.unit for aid in case.aids]
        case "ordered":
            return [order.unit for order in case.orders]
        case _:
            return (None,)
