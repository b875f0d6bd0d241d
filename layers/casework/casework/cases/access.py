"""Whether the table of `casework.cases.table` lets this actor give this command now."""

from dataclasses import dataclass
from datetime import datetime

from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.cases.table import ROWS, Relation
from schemas.events import Actor

CITY_WIDE = frozenset(
    {"agent", "moderator", "dispatcher", "supervisor", "leader", "auditor", "admin"}
)


@dataclass(frozen=True)
class Bound:
    """A keyed hash that a citizen is recognised by, for what was filed since <= t < until.

    None is open.
    """

    key: str
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, case: Case) -> bool:
        """Whether the case was filed by it, at a time that counts."""
        return (
            self.key == case.citizen
            and (self.since is None or self.since <= case.filed_at)
            and (self.until is None or case.filed_at < self.until)
        )


@dataclass(frozen=True)
class By:
    """Who asks: staff, or a citizen who opened the case by its code or is signed in.

    `bindings` are those of a signed-in citizen, as far as they had to be known; the account first.
    """

    actor: Actor
    opened: bool = False
    bindings: tuple[Bound, ...] = ()

    def owns(self, case: Case) -> bool:
        """Whether it is this citizen's own case."""
        return self.opened or any(bound.covers(case) for bound in self.bindings)


@dataclass(frozen=True)
class At:
    """What a guard or a handler looks at: the case, who asks, by which rules, when.

    `text` is the key under which the command's free text will be stored.
    """

    case: Case
    by: By
    rules: Rules
    now: datetime
    text: str | None = None


def stands(case: Case, by: By, relation: Relation, rules: Rules) -> bool:
    """Whether the actor stands in this relation to the case."""
    if relation == "own":
        return by.owns(case)
    if relation == "holder":
        return holds(case, by.actor, rules)
    if relation == "delegator":
        return case.delegator is not None and case.delegator == by.actor.unit
    if relation == "party":
        return by.actor.unit in case.to_be_heard
    if relation == "city":
        return by.actor.role in CITY_WIDE
    return by.actor.role == "system"


def holds(case: Case, actor: Actor, rules: Rules) -> bool:
    """Whether the case is held by the actor's unit or, for a head, by one below it."""
    if actor.unit is None or case.unit is None:
        return False
    if actor.role == "head" and actor.unit in rules.city.units:
        return case.unit in rules.city.subtree(actor.unit)
    return case.unit == actor.unit


def _of(actor: Actor, units: frozenset[str], rules: Rules) -> bool:
    """Whether the actor's unit is one of these or, for a head, stands above one of them."""
    if actor.unit is not None and actor.role == "head" and actor.unit in rules.city.units:
        return not rules.city.subtree(actor.unit).isdisjoint(units)
    return actor.unit in units


def may_read(case: Case, by: By, rules: Rules) -> bool:
    """Whether the actor may see the case: its citizen, its holder, or the city's own desk."""
    if by.owns(case) or by.actor.role in CITY_WIDE:
        return True
    return holds(case, by.actor, rules) or _of(by.actor, case.involved, rules)


def refused(case: Case, command: str, by: By, rules: Rules) -> Refusal | None:
    """None if some row of the table allows the command; else why the nearest row does not."""
    rows = ROWS[command]
    mine = [row for row in rows if by.actor.role in row.roles]
    if not mine:
        return Refusal("role", {"role": by.actor.role, "command": command})
    related = [row for row in mine if stands(case, by, row.relation, rules)]
    if not related:
        return Refusal("not_yours", {"unit": by.actor.unit, "holder": case.unit})
    if not any(case.state in row.states for row in related):
        return Refusal("state", {"state": case.state, "command": command})
    return None
