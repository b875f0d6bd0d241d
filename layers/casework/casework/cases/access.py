"""Whether the table of `casework.cases.table` lets this actor give this command now, and who may read."""

from dataclasses import dataclass
from datetime import datetime

from casework.cases.parts import Subjects
from casework.cases.rules import Refusal, Rules
from casework.cases.state import Case
from casework.cases.table import Relation, Row
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

    `text` is the key under which the command's free text will be stored, `other` the case that the
    command names (None if there is none such), `made` the numbers of cases that were made for it.
    """

    case: Case
    by: By
    rules: Rules
    now: datetime
    text: str | None = None
    other: Case | None = None
    made: tuple[str, ...] = ()


def stands(case: Case, by: By, relation: Relation, rules: Rules) -> bool:
    """Whether the actor stands in this relation to the case."""
    unit = by.actor.unit
    match relation:
        case "own":
            return by.owns(case)
        case "holder":
            return holds(case, by.actor, rules)
        case "delegator":
            return case.delegator is not None and case.delegator == unit
        case "party":
            return unit in case.to_be_heard
        case "called":
            return case.aid(unit) is not None
        case "ordered":
            return any(order.unit == unit for order in case.orders)
        case "city":
            return by.actor.role in CITY_WIDE and _in_confidence(case, by.actor, rules)
        case "system":
            return by.actor.role == "system"


def holds(case: Case, actor: Actor, rules: Rules) -> bool:
    """Whether the case is held by the actor's unit or, for a head, by one below it."""
    return case.unit is not None and _of(actor, frozenset({case.unit}), rules)


def _of(actor: Actor, units: frozenset[str], rules: Rules) -> bool:
    """Whether the actor's unit is one of these or, for a head, stands above one of them."""
    if actor.unit is not None and actor.role == "head" and actor.unit in rules.city.units:
        return not rules.city.subtree(actor.unit).isdisjoint(units)
    return actor.unit in units


def accused(case: Case, actor: Actor, rules: Rules) -> bool:
    """Whether the case is about the actor, or about a unit that the actor belongs to (XF 30, JN 32)."""
    return case.subjects is not None and of_the_accused(case.subjects, actor, rules)


def of_the_accused(subjects: Subjects, actor: Actor, rules: Rules) -> bool:
    """Whether the actor is one of these, or belongs to one of these units."""
    if actor.role in ("citizen", "system"):
        return False
    return actor.id in subjects.persons or _below(subjects, actor.unit, rules)


def about(case: Case, unit: str | None, rules: Rules) -> bool:
    """Whether the unit is one that the case is about, or stands below one, its head included."""
    return case.subjects is not None and _below(case.subjects, unit, rules)


def _below(subjects: Subjects, unit: str | None, rules: Rules) -> bool:
    if unit is None or not subjects.units:
        return False
    known = rules.city.units
    above = rules.city.ancestors(unit) if unit in known else ()
    # A complaint about the city itself is about its own office, not about all there is below.
    above = tuple(code for code in above if known[code].kind != "city")
    return not {unit, *above}.isdisjoint(subjects.units)


def about_the_same(case: Case, other: Case) -> bool:
    """Whether two cases complain about the same units and people, or both about nobody."""
    return _accused(case) == _accused(other)


def _accused(case: Case) -> tuple[frozenset[str], frozenset[str]]:
    named = case.subjects
    return (frozenset(named.units), frozenset(named.persons)) if named else (frozenset(),) * 2


def confidential(identity: str, category: str | None, rules: Rules) -> bool:
    """Whether not every office of the city may read such a case: a sealed one, or of a closed line."""
    return identity == "sealed" or line_of(category, rules) in rules.policy.closed_lines


def line_of(category: str | None, rules: Rules) -> str | None:
    """党务, 政务 or 服务; None while the category is open."""
    known = rules.city.categories.get(category) if category else None
    return known.line if known else None


def _in_confidence(case: Case, actor: Actor, rules: Rules) -> bool:
    return not confidential(case.identity, case.category, rules) or (
        actor.role in rules.policy.confidants
    )


def may_read(case: Case, by: By, rules: Rules) -> bool:
    """Whether the actor may see the case: its citizen, those who have to do with it, the city's desk.

    Never whoever it is about.
    """
    if by.owns(case):
        return True
    if accused(case, by.actor, rules):
        return False
    if by.actor.role in CITY_WIDE and _in_confidence(case, by.actor, rules):
        return True
    return holds(case, by.actor, rules) or _of(by.actor, case.involved, rules)


def permitted(case: Case, command: str, by: By, rules: Rules) -> Row | Refusal:
    """The row of the table that allows the command; else why the nearest row does not."""
    mine = rules.table.of(by.actor.role, command)
    if not mine:
        return Refusal("role", {"role": by.actor.role, "command": command})
    nobody = accused(case, by.actor, rules)
    related = [] if nobody else [row for row in mine if stands(case, by, row.relation, rules)]
    if not related:
        return Refusal("not_yours", {"unit": by.actor.unit, "holder": case.unit})
    return next(
        (row for row in related if case.state in row.states),
        Refusal("state", {"state": case.state, "command": command}),
    )


@dataclass(frozen=True)
class Doers:
    """Who did what a command decides on: nobody decides on their own wish, or on their unit's."""

    persons: frozenset[str | None] = frozenset()
    units: frozenset[str | None] = frozenset()

    def among(self, row: Row, actor: Actor) -> Refusal | None:
        if row.different_person and actor.id in self.persons:
            return Refusal("same_person")
        if row.different_unit and actor.unit is not None and actor.unit in self.units:
            return Refusal("own_unit", {"unit": actor.unit})
        return None
