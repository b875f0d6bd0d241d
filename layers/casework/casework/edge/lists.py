"""Lists of cases, page by page: worklists, and a citizen's own."""

import re

from casework.cases.access import CITY_WIDE, By, confidential, of_the_accused
from casework.cases.parts import Subjects
from casework.cases.rules import Rules
from casework.edge.ask import Ask
from casework.edge.problems import Wrong
from casework.store.table import Item
from casework.views.cases import own_cases, worklist_item
from schemas.names import QUEUES, Queue, Role
from schemas.views import OwnCases, Worklist

PAGE = 20
MOST = 100
_DECIDED_BY: dict[Queue, tuple[str, ...]] = {
    "review": ("accept",),
    "triage": ("dispatch",),
    "returns": ("decide-return",),
    "arbitration": ("designate",),
    "approvals": (
        "decide-extension",
        "decide-suspension",
        "decide-termination",
        "decide-assistance",
        "decide-unmasking",
    ),
    "alerts": ("acknowledge-alert",),
    "orders": ("verify-order",),
    "followers": ("pass-on",),
    "replies": ("decide-reply",),
    "follow_up": ("redo",),
    "objections": ("decide-objection",),
}
"""The commands that each of the city's queues waits for."""
_SECOND = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
_IN_A_WORKLIST = re.compile(rf"({_SECOND}|9999)#[0-9]{{16}}")
_IN_TIME = re.compile(_SECOND)


def worklist(ask: Ask) -> Worklist:
    """A page of a unit's worklist, or of one of the city's own queues; most overdue first.

    `queue` names a queue, `department` a unit (by default the reader's own, for those who see no
    other); `cursor` goes on after the last page. Raises Wrong.
    """
    service = ask.world.service
    holder = _holder(ask, ask.staff, service.rules())
    limit, cursor = _limit(ask), _cursor(ask, _IN_A_WORKLIST)
    found = service.store.worklist(holder, limit + 1, cursor)
    unit = holder.removeprefix("unit:")
    if not found and holder != unit and unit not in service.rules().city.units:
        # A unit that has left the catalogue may still hold cases; one that never was holds none.
        raise Wrong("unknown_unit", "department", unit=unit)
    page, rules, now = found[:limit], service.rules(), service.clock()
    shown = [entry for entry in page if may_list(entry, ask.staff, rules)]
    bodies = service.store.bodies([entry["pk"] for entry in shown])
    return Worklist(
        holder=holder,
        items=[
            worklist_item(entry, bodies.get(entry["pk"]), rules, ask.language, now)
            for entry in shown
        ],
        cursor=page[-1]["queued"] if len(found) > limit else None,
    )


def _holder(ask: Ask, by: By, rules: Rules) -> str:
    queue, unit = ask.query.get("queue"), ask.query.get("department")
    city_wide = by.actor.role in CITY_WIDE
    if queue and queue != "unit":
        if queue not in QUEUES:
            known = ", ".join(QUEUES)
            why = (f"只能是 {known}", f"it must be one of {known}")
            raise Wrong("parameter", "queue", name="queue", why=why)
        if not city_wide:
            raise Wrong("list_not_readable")
        return queue
    # Who works for the whole city would take the empty list of the own office for "no work".
    unit = unit or (None if city_wide else by.actor.unit)
    if not unit:
        raise _unnamed(by.actor.role, rules) if city_wide else Wrong("list_not_readable")
    if unit not in rules.city.units and not city_wide:
        raise Wrong("unknown_unit", "department", unit=unit)
    if not city_wide and not _in_charge(by, unit, rules):
        raise Wrong("list_not_readable")
    return f"unit:{unit}"


def _unnamed(role: Role, rules: Rules) -> Wrong:
    """No list was named: the queues in which the role has to decide, or all for who looks on."""
    decides = [
        queue
        for queue, commands in _DECIDED_BY.items()
        if any(rules.table.ever(role, command) for command in commands)
    ]
    queues = ", ".join(decides or QUEUES)
    why = (
        f"请指明 queue（{queues}）或 department",
        f"name a `queue` ({queues}) or a `department`",
    )
    return Wrong("parameter", "queue", name="queue", why=why)


def may_list(entry: Item, by: By, rules: Rules) -> bool:
    """Whether this reader may know of an entry: not whom it is about, and of what is confidential
    only those who have to do with it."""
    named = entry.get("subjects")
    subjects = Subjects.model_validate(named, strict=False) if named else None
    if subjects and of_the_accused(subjects, by.actor, rules):
        return False
    secret = confidential(entry.get("identity", "open"), entry.get("category"), rules)
    city_wide = by.actor.role in CITY_WIDE
    return not (secret and city_wide) or by.actor.role in rules.policy.confidants


def _in_charge(by: By, unit: str, rules: Rules) -> bool:
    own = by.actor.unit
    if by.actor.role == "head" and own is not None and own in rules.city.units:
        return unit in rules.city.subtree(own)
    return unit == own


def _limit(ask: Ask) -> int:
    written = ask.query.get("limit") or str(PAGE)
    if not re.fullmatch(r"[0-9]{1,3}", written) or not 1 <= int(written) <= MOST:
        raise Wrong(
            "parameter", "limit", name="limit", why=(f"应为 1 到 {MOST}", f"it must be 1 to {MOST}")
        )
    return int(written)


def own_page(ask: Ask) -> OwnCases:
    """A page of the signed-in citizen's own cases, newest first. Raises Wrong."""
    service = ask.world.service
    person = ask.world.persons.of(ask.citizen.subject)
    found = service.store.cases_of(person.bounds, PAGE, _cursor(ask, _IN_TIME))
    items = own_cases(found, service.rules(), ask.language)
    return OwnCases(items=items, cursor=found.cursor)


def _cursor(ask: Ask, shape: re.Pattern[str]) -> str | None:
    """Where the page before ended; None for the first. Raises Wrong for what no page has said."""
    written = ask.query.get("cursor") or None
    if written is not None and not shape.fullmatch(written):
        why = ("请原样带回上一页的 cursor", "send the `cursor` of the page before as it came")
        raise Wrong("parameter", "cursor", name="cursor", why=why)
    return written
