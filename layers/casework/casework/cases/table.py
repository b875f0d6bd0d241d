"""Who may ask what of a case, and when: one table, read by the checks and by "what is allowed next".

A row reads: in these states, these roles may give this command, if they stand in this relation
to the case. Several rows of one command are alternatives. Guards that need more than the row
(a window, a number of times, another person) stand with the command in `decide`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from schemas import names
from schemas.names import State

Relation = Literal["own", "holder", "delegator", "party", "city", "system"]
"""own: it is the citizen's case · holder: the case is held by the actor's unit or one below it ·
delegator: the actor's unit delegated it to the holder · party: the actor's unit is to be heard in
its arbitration · city: the actor works for the whole city · system: the machine itself."""

OPEN: frozenset[State] = frozenset(names.STATES) - names.ENDS
ANY: frozenset[State] = frozenset(names.STATES)
_UNDISPATCHED: tuple[State, ...] = ("SUBMITTED", "IN_REVIEW", "ACCEPTED", "TRIAGE")
_HELD = OPEN - {*_UNDISPATCHED, "NEEDS_INFO", "ARBITRATION"}


@dataclass(frozen=True)
class Row:
    command: str
    states: frozenset[State]
    roles: frozenset[names.Role]
    relation: Relation


def _rows(command: str, states: Iterable[State], **who: str) -> tuple[Row, ...]:
    """A row for each relation; its roles are written with blanks between."""
    return tuple(
        Row(
            command,
            frozenset(states),
            frozenset(role for role in names.ROLES if role in roles.split()),
            relation,
        )
        for relation in _RELATIONS
        if (roles := who.get(relation))
    )


_RELATIONS: tuple[Relation, ...] = get_args(Relation)
_UNIT = "officer head integration"

TABLE: tuple[Row, ...] = (
    *_rows("route", ["SUBMITTED", "ACCEPTED"], system="system"),
    *_rows("tick", ANY, system="system"),
    # review before acceptance
    *_rows("accept", ["IN_REVIEW"], city="moderator supervisor"),
    *_rows("decline", ["IN_REVIEW"], city="moderator supervisor"),
    *_rows("decline", ["TRIAGE"], city="dispatcher supervisor"),
    *_rows("request-info", ["IN_REVIEW"], city="moderator supervisor"),
    *_rows("hand-over", _UNDISPATCHED, city="agent moderator dispatcher supervisor"),
    *_rows("answer", _UNDISPATCHED, city="agent moderator dispatcher"),
    # dispatch
    *_rows("dispatch", ["SUBMITTED", "ACCEPTED", "TRIAGE"], city="dispatcher supervisor"),
    *_rows("dispatch", ["ASSIGNED", "HANDLING", "REDO"], city="supervisor"),  # 改派: no dead end
    *_rows("reclassify", ["IN_REVIEW"], city="moderator supervisor"),
    *_rows("reclassify", ["ACCEPTED", "TRIAGE"], city="dispatcher supervisor"),
    *_rows(
        "reclassify", ["ASSIGNED", "HANDLING", "REDO", "RETURN_ASKED"], city="dispatcher supervisor"
    ),
    # handling
    *_rows("claim", ["ASSIGNED", "REDO"], holder=_UNIT),
    *_rows("return", ["ASSIGNED", "HANDLING"], holder=_UNIT),
    *_rows(
        "decide-return", ["RETURN_ASKED"], delegator="officer head", city="dispatcher supervisor"
    ),
    *_rows("assign-officer", ["ASSIGNED", "HANDLING", "REDO"], holder="head"),
    *_rows("delegate", ["ASSIGNED", "HANDLING"], holder="officer head"),
    *_rows("recall", ["ASSIGNED", "HANDLING", "RETURN_ASKED"], delegator="officer head"),
    *_rows(
        "arbitrate",
        ["ACCEPTED", "TRIAGE", "RETURN_ASKED", "ARBITRATION"],
        city="dispatcher supervisor",
    ),
    *_rows("state-position", ["ARBITRATION"], party="officer head"),
    *_rows("designate", ["ARBITRATION"], city="supervisor"),
    *_rows("contact", ["HANDLING", "REPLY_REVIEW"], holder=_UNIT),
    *_rows(
        "contact",
        ["IN_REVIEW", "NEEDS_INFO", "AWAITING_RATING", "FOLLOW_UP"],
        city="agent moderator supervisor",
    ),
    *_rows("message", ["HANDLING", "REPLY_REVIEW"], holder=_UNIT),
    *_rows("message", OPEN, own="citizen", city="agent"),
    *_rows("note", _HELD, holder=_UNIT),
    *_rows("note", OPEN, city="agent moderator dispatcher supervisor leader"),
    *_rows("reveal", _HELD, holder=_UNIT),
    *_rows("reveal", OPEN, city="agent moderator supervisor"),
    *_rows("urge", OPEN - {"AWAITING_RATING"}, own="citizen", city="agent"),
    *_rows("reply", ["HANDLING"], holder=_UNIT),
    *_rows("decide-reply", ["REPLY_REVIEW"], city="moderator supervisor"),
    # judged by the citizen
    *_rows("rate", ["AWAITING_RATING"], own="citizen", city="agent"),
    *_rows("redo", ["FOLLOW_UP"], city="moderator dispatcher supervisor"),
    *_rows("close", ["FOLLOW_UP"], city="supervisor"),
    # ends, and ways back
    *_rows("withdraw", OPEN - {"AWAITING_RATING", "OBJECTED"}, own="citizen"),
    *_rows("reopen", ["CLOSED", "WITHDRAWN"], own="citizen", city="agent"),
    *_rows("object", names.ENDS - {"WITHDRAWN"}, own="citizen", city="agent"),
    *_rows("decide-objection", ["OBJECTED"], city="moderator supervisor"),
    # the public board
    *_rows("publish", OPEN | {"CLOSED"}, city="moderator supervisor"),
    *_rows("unpublish", ANY, city="moderator supervisor"),
)

ROWS: dict[str, tuple[Row, ...]] = {
    command: tuple(row for row in TABLE if row.command == command)
    for command in dict.fromkeys(row.command for row in TABLE)
}
