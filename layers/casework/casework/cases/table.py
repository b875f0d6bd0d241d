"""Who decides: one table, read by the checks, by "what is allowed next" and by the documentation.

A row reads: in these states, these roles may give this command if they stand in this relation to
the case, and not if they did what it decides on themselves, or their unit did. Rows of one command
are alternatives. What a row cannot say (a window, a number of times) stands with the command.

A city may give a command to other roles of the same relation, within `may`; what a regulation
wants of a row (`law`) it may tighten and never loosen (`casework.cases.deciders`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, get_args

from schemas import names
from schemas.names import Role, State

Relation = Literal["own", "holder", "delegator", "party", "called", "ordered", "city", "system"]
"""own: it is the citizen's case · holder: the case is held by the actor's unit or one below it ·
delegator: the actor's unit delegated it to the holder · party: the actor's unit is to be heard in
its arbitration · called: the actor's unit is called to help · ordered: an order is to the actor's
unit · city: the actor works for the whole city · system: the machine itself."""
RELATIONS: tuple[Relation, ...] = get_args(Relation)

OPEN: frozenset[State] = frozenset(names.STATES) - names.ENDS
ANY: frozenset[State] = frozenset(names.STATES)
_UNDISPATCHED: tuple[State, ...] = ("SUBMITTED", "IN_REVIEW", "ACCEPTED", "TRIAGE")
_HELD = OPEN - {*_UNDISPATCHED, "NEEDS_INFO", "ARBITRATION", "FOLLOWING"}
UNANSWERED = OPEN - {"PROMISED", "AWAITING_RATING", "FOLLOW_UP", "REDO", "OBJECTED"}
"""States in which the citizen waits for a first answer, and is called when it is overdue (BJ 23)."""
HELPED = _HELD - {"AWAITING_RATING", "FOLLOW_UP", "OBJECTED"}
"""States in which a unit that has been called still has something to help with."""
_WORKED: tuple[State, ...] = ("HANDLING", "SUSPENDED", "PROMISED")
TAKES: dict[Relation, frozenset[Role]] = {
    "own": frozenset({"citizen"}),
    "holder": frozenset({"officer", "head", "integration"}),
    "delegator": frozenset({"officer", "head"}),
    "party": frozenset({"officer", "head"}),
    "called": frozenset({"officer", "head", "integration"}),
    "ordered": frozenset({"officer", "head", "integration"}),
    "city": frozenset({"agent", "moderator", "dispatcher", "supervisor", "leader"}),
    "system": frozenset({"system"}),
}
"""The roles that can stand in a relation: what a city may ever give a command to."""


@dataclass(frozen=True)
class Row:
    """`asked_by`: the command whose wish this one decides on. `law`: why it is so, with its source;
    a row that has one keeps its roles within those it was given."""

    command: str
    states: frozenset[State]
    roles: frozenset[Role]
    relation: Relation
    asked_by: str | None = None
    different_person: bool = False
    different_unit: bool = False
    law: str | None = None

    @property
    def may(self) -> frozenset[Role]:
        """The roles to which a city may give it."""
        return self.roles if self.law else TAKES[self.relation]


@dataclass(frozen=True, eq=False)
class Table:
    """All rows, in the order in which people are told what is allowed."""

    rows: tuple[Row, ...]

    @cached_property
    def commands(self) -> Mapping[str, tuple[Row, ...]]:
        return {
            command: tuple(row for row in self.rows if row.command == command)
            for command in dict.fromkeys(row.command for row in self.rows)
        }

    def of(self, role: Role, command: str) -> tuple[Row, ...]:
        """The rows of a command that are for this role; none where it may never give it."""
        return self._of_role[command].get(role, ())

    @cached_property
    def _of_role(self) -> Mapping[str, Mapping[Role, tuple[Row, ...]]]:
        return {
            command: {
                role: tuple(row for row in rows if role in row.roles)
                for role in frozenset[Role]().union(*(row.roles for row in rows))
            }
            for command, rows in self.commands.items()
        }

    def open_to(self, role: Role, state: State) -> tuple[str, ...]:
        """The commands that some row gives the role in this state, in the order of the table."""
        return self._open.get((role, state), ())

    @cached_property
    def _open(self) -> Mapping[tuple[Role, State], tuple[str, ...]]:
        opened: dict[tuple[Role, State], dict[str, None]] = {}
        for command, rows in self.commands.items():
            for row in rows:
                for cell in product(row.roles, row.states):
                    opened.setdefault(cell, {})[command] = None
        return {cell: tuple(commands) for cell, commands in opened.items()}

    def ever(self, role: Role, command: str) -> bool:
        """Whether the role may give the command in any state at all."""
        return bool(self.of(role, command))


def _rows(
    command: str,
    states: Iterable[State],
    *,
    asked: str | None = None,
    another: str = "",
    law: str | None = None,
    **who: str,
) -> tuple[Row, ...]:
    """A row for each relation, its roles with blanks between; `another`: "person", "unit" or both."""
    return tuple(
        Row(
            command,
            frozenset(states),
            frozenset(role for role in names.ROLES if role in roles.split()),
            relation,
            asked,
            "person" in another,
            "unit" in another,
            law,
        )
        for relation in RELATIONS
        if (roles := who.get(relation)) is not None
    )


_UNIT = "officer head integration"
_DESK = "agent moderator dispatcher supervisor"

TABLE = Table(
    (
        *_rows("route", ["SUBMITTED", "ACCEPTED"], system="system"),
        *_rows("merge-alike", ["SUBMITTED", "ACCEPTED"], system="system"),
        *_rows("tick", ANY, system="system"),
        *_rows("recount", ANY, system="system"),
        # review before acceptance
        *_rows("accept", ["IN_REVIEW"], city="moderator supervisor"),
        *_rows("decline", ["IN_REVIEW"], city="moderator supervisor"),
        *_rows("decline", ["TRIAGE"], city="dispatcher supervisor"),
        *_rows("request-info", ["IN_REVIEW"], city="moderator supervisor"),
        *_rows("hand-over", _UNDISPATCHED, city=_DESK),
        *_rows("answer", _UNDISPATCHED, city="agent moderator dispatcher"),
        # dispatch
        *_rows("dispatch", ["SUBMITTED", "ACCEPTED", "TRIAGE"], city="dispatcher supervisor"),
        *_rows(  # 改派: no dead end; a designated case only by someone of no unit that was heard
            "dispatch", ["ASSIGNED", "HANDLING", "REDO"], city="supervisor", another="unit"
        ),
        *_rows("reclassify", ["IN_REVIEW"], city="moderator supervisor"),
        *_rows("reclassify", ["ACCEPTED", "TRIAGE"], city="dispatcher supervisor"),
        *_rows(
            "reclassify",
            ["ASSIGNED", "HANDLING", "REDO", "RETURN_ASKED", "SUSPENDED", "PROMISED"],
            another="unit",
            city="dispatcher supervisor",
            law="LIFECYCLE: after dispatch outside the handling unit",
        ),
        # handling
        *_rows("claim", ["ASSIGNED", "REDO"], holder=_UNIT),
        *_rows("return", ["ASSIGNED", "HANDLING"], holder=_UNIT),
        *_rows(
            "decide-return",
            ["RETURN_ASKED"],
            asked="return",
            another="person unit",
            law="WF 22",
            delegator="officer head",
            city="dispatcher supervisor",
        ),
        *_rows("assign-officer", ["ASSIGNED", "HANDLING", "REDO"], holder="head"),
        *_rows("delegate", ["ASSIGNED", "HANDLING"], holder="officer head"),
        *_rows("recall", ["ASSIGNED", "HANDLING", "RETURN_ASKED"], delegator="officer head"),
        *_rows(
            "arbitrate",
            ["ACCEPTED", "TRIAGE", "RETURN_ASKED", "ARBITRATION"],
            another="person unit",
            city="dispatcher supervisor",
        ),
        *_rows("state-position", ["ARBITRATION"], party="officer head"),
        *_rows(
            "designate",
            ["ARBITRATION"],
            asked="arbitrate",
            another="unit",
            law="WF 22",
            city="supervisor",
        ),
        # more time, a pause, an early end
        *_rows("ask-extension", ["HANDLING"], holder=_UNIT),
        *_rows(
            "decide-extension",
            ["HANDLING"],
            asked="ask-extension",
            another="person",
            holder="",  # a city may leave it to the unit's own head
        ),
        *_rows(
            "decide-extension",
            ["HANDLING"],
            asked="ask-extension",
            another="person unit",
            city="supervisor",
        ),
        *_rows("ask-suspension", ["HANDLING"], holder="officer head"),
        *_rows(
            "decide-suspension",
            ["HANDLING"],
            asked="ask-suspension",
            another="person unit",
            law="LIFECYCLE: outside the handling unit",
            city="supervisor",
        ),
        *_rows("lift-suspension", ["SUSPENDED"], holder="officer head", city="supervisor leader"),
        *_rows("ask-termination", ["HANDLING", "SUSPENDED"], holder="officer head"),
        *_rows(
            "decide-termination",
            ["TERMINATION_ASKED"],
            asked="ask-termination",
            another="person unit",
            law="WF 21",
            city="supervisor",
        ),
        # help from other units
        *_rows(
            "ask-assistance",
            ["ASSIGNED", "HANDLING", "REDO", "SUSPENDED", "PROMISED"],
            holder="officer head",
            city="dispatcher supervisor",
        ),
        *_rows("report-in", HELPED, called=_UNIT),
        *_rows("answer-assistance", HELPED, called=_UNIT),
        *_rows("dispute-assistance", HELPED, called="officer head"),
        *_rows(
            "decide-assistance",
            HELPED,
            asked="dispute-assistance",
            another="person unit",
            city="dispatcher supervisor",
        ),
        # supervision by hand
        *_rows("issue-order", OPEN, city="supervisor leader"),
        *_rows("respond-order", ANY, ordered=_UNIT),
        *_rows(
            "verify-order",
            ANY,
            asked="respond-order",
            another="person unit",
            law="LIFECYCLE: verified by another",
            city="supervisor leader",
        ),
        *_rows(
            "lift-order",
            ANY,
            asked="issue-order",
            another="unit",
            law="LIFECYCLE: the supervised unit cannot lift its own",
            city="supervisor leader",
        ),
        # danger
        *_rows("raise-alert", _HELD | {"CLOSED", "TERMINATED", "WITHDRAWN"}, holder=_UNIT),
        *_rows("raise-alert", HELPED, called=_UNIT),
        *_rows("raise-alert", ANY, city=f"{_DESK} leader", system="system"),
        *_rows("acknowledge-alert", ANY, city=_DESK),
        *_rows("resolve-alert", ANY, city=_DESK),
        # whom it is about, and who the citizen is
        *_rows("name-subjects", OPEN, city="agent moderator dispatcher supervisor"),
        *_rows(
            "drop-subjects",
            OPEN,
            asked="name-subjects",
            another="person",
            law="XF 30",
            city="supervisor",
        ),
        *_rows("ask-unmasking", _HELD, holder="officer head"),
        *_rows("ask-unmasking", OPEN, city="moderator supervisor"),
        *_rows(
            "decide-unmasking",
            OPEN,
            asked="ask-unmasking",
            another="person unit",
            law="XF 28, 30, 46",
            city="supervisor",
        ),
        *_rows("reveal", _HELD, holder=_UNIT),
        *_rows("reveal", OPEN, city="agent moderator supervisor"),
        # relations
        *_rows(
            "merge",
            ["ACCEPTED", "TRIAGE", "ASSIGNED", "HANDLING"],
            another="unit",
            city="moderator dispatcher supervisor",
        ),
        *_rows("unmerge", ["FOLLOWING"], city="moderator dispatcher supervisor"),
        *_rows(
            "pass-on",
            OPEN | {"CLOSED"},
            another="person unit",
            city="moderator dispatcher supervisor",
        ),
        *_rows(
            "split",
            [*_UNDISPATCHED, "ASSIGNED", "HANDLING"],
            city="moderator dispatcher supervisor",
        ),
        *_rows(
            "mark-repeat",
            [*_UNDISPATCHED, "ASSIGNED"],
            another="unit",
            city="moderator dispatcher supervisor",
        ),
        *_rows("mark-recurrence", OPEN, city="moderator dispatcher supervisor"),
        *_rows("split", ANY, system="system"),  # what was filed of it meanwhile is recorded
        *_rows("take-lead", OPEN, system="system"),
        *_rows("release-lead", ANY, system="system"),
        *_rows("follow-lead", ["FOLLOWING"], system="system"),
        # talk
        *_rows("contact", ["HANDLING", "SUSPENDED", "PROMISED", "REPLY_REVIEW"], holder=_UNIT),
        *_rows(
            "contact",
            ["IN_REVIEW", "NEEDS_INFO", "FOLLOWING", "AWAITING_RATING", "FOLLOW_UP"],
            city="agent moderator supervisor",
        ),
        *_rows("message", [*_WORKED, "REPLY_REVIEW"], holder=_UNIT),
        *_rows("message", OPEN, own="citizen", city="agent"),
        *_rows("note", _HELD, holder=_UNIT),
        *_rows("note", OPEN, city=f"{_DESK} leader"),
        *_rows("urge", OPEN - {"AWAITING_RATING"}, own="citizen", city="agent", system="system"),
        *_rows(
            "call-back",
            UNANSWERED,
            another="unit",
            law="BJ 23",
            city="agent moderator supervisor",
        ),
        # the answer
        *_rows("reply", ["HANDLING"], holder=_UNIT),
        *_rows("keep-promise", ["PROMISED"], holder=_UNIT),
        *_rows(
            "decide-reply",
            ["REPLY_REVIEW"],
            asked="reply",
            another="person unit",
            law="JN 27",
            city="moderator supervisor",
        ),
        # judged by the citizen
        *_rows(
            "rate",
            ["AWAITING_RATING"],
            another="person unit",
            law="LIFECYCLE: never collected by the handling unit",
            own="citizen",
            city="agent",
        ),
        *_rows("redo", ["FOLLOW_UP"], city="moderator dispatcher supervisor"),
        *_rows("promise", ["FOLLOW_UP"], another="person unit", city="supervisor"),
        *_rows("close", ["FOLLOW_UP"], another="person unit", law="JN 27", city="supervisor"),
        # ends, and ways back
        *_rows(
            "withdraw",
            OPEN - {"AWAITING_RATING", "OBJECTED"},
            own="citizen",
            law="LIFECYCLE: by the citizen's own verified channel",
        ),
        *_rows("reopen", ["CLOSED", "WITHDRAWN"], own="citizen", city="agent"),
        *_rows("reopen", ["CLOSED"], system="system"),  # one of two that were closed for each other
        *_rows("object", names.ENDS - {"WITHDRAWN"}, own="citizen", city="agent"),
        *_rows(
            "decide-objection",
            ["OBJECTED"],
            asked="object",
            another="person unit",
            law="LIFECYCLE: before another decider",
            city="moderator supervisor",
        ),
        # the public board, and what should not stand anywhere
        *_rows("publish", OPEN | {"CLOSED"}, city="moderator supervisor"),
        *_rows("unpublish", ANY, city="moderator supervisor"),
        *_rows("redact", ANY, city="moderator supervisor", system="system"),
    )
)
