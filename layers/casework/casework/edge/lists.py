"""Worklists: whose, which page, and who may see them."""

from typing import get_args

from casework.cases.access import CITY_WIDE, By
from casework.cases.rules import Rules
from casework.edge.ask import Ask
from casework.edge.problems import Wrong
from casework.views.cases import worklist_item
from schemas.names import Queue
from schemas.views import Worklist

PAGE = 20
MOST = 100


def worklist(ask: Ask) -> Worklist:
    """A page of a unit's worklist, or of one of the city's own queues; most overdue first.

    `queue` names a queue, `department` a unit (by default the reader's own); `cursor` goes on
    after the last page. Raises Wrong.
    """
    service = ask.world.service
    holder = _holder(ask, ask.staff, service.rules())
    limit, cursor = _limit(ask), ask.query.get("cursor") or None
    found = service.store.worklist(holder, limit + 1, cursor)
    page = found[:limit]
    bodies = service.store.bodies([entry["pk"] for entry in page])
    rules, now = service.rules(), service.clock()
    return Worklist(
        holder=holder,
        items=[
            worklist_item(entry, bodies.get(entry["pk"]), rules, ask.language, now)
            for entry in page
        ],
        cursor=page[-1]["queued"] if len(found) > limit else None,
    )


def _holder(ask: Ask, by: By, rules: Rules) -> str:
    queue, unit = ask.query.get("queue"), ask.query.get("department")
    city_wide = by.actor.role in CITY_WIDE
    if queue and queue != "unit":
        if queue not in get_args(Queue):
            raise Wrong("parameter", "queue", name="queue", why=" | ".join(get_args(Queue)))
        if not city_wide:
            raise Wrong("not_readable")
        return queue
    unit = unit or by.actor.unit
    if not unit:
        raise Wrong("parameter", "department", name="department", why="?department=… | ?queue=…")
    if unit not in rules.city.units:
        raise Wrong("unknown_unit", "department", unit=unit)
    if not city_wide and not _in_charge(by, unit, rules):
        raise Wrong("not_readable")
    return f"unit:{unit}"


def _in_charge(by: By, unit: str, rules: Rules) -> bool:
    own = by.actor.unit
    if by.actor.role == "head" and own is not None and own in rules.city.units:
        return unit in rules.city.subtree(own)
    return unit == own


def _limit(ask: Ask) -> int:
    written = ask.query.get("limit") or str(PAGE)
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= MOST:
        raise Wrong("parameter", "limit", name="limit", why=f"1–{MOST}")
    return int(written)
