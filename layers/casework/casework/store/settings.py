"""The city's settings: catalogue, policy and calendar, a section an item, read as one.

| sk | document (JSON) |
|---|---|
| `catalogue#<section>` | rows of areas, units, categories, rules, terms, staff, routing, shapes |
| `deciders` | rows of what the city changes of who decides; without them the packaged table counts |
| `policies` | the city's policies, and which counts for what; without it the packaged default counts |
| `calendar#<year>` | a year that the city has entered; it replaces the packaged one |
| `profile` | the city's name and the like |

All policies are one item: they build on each other, so that no reader may find some of them old and
some new.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casework.cases.rules import Rules
from casework.store.marks import Marks
from casework.store.table import Table

if TYPE_CHECKING:
    from casework.catalogue.city import City
    from casework.catalogue.policies import Policies
    from casework.catalogue.tables import Line

SETTINGS = "settings"
POLICIES = "policies"
REFRESH = 300.0
"""Seconds after which a process looks for changed settings."""


class NotSetUp(Exception):
    """The settings table holds no city yet: load one with `lianxin city load`."""


def write(table: Table, section: str, document: object) -> int:
    """Store a section; its new version. Open cases are counted anew then.

    Two who write at once: the second raises Taken. Raises Unavailable.
    """
    present = table.get((SETTINGS, section))
    version = int((present or {}).get("version", 0)) + 1
    item = {
        "pk": SETTINGS,
        "sk": section,
        "version": version,
        "document": json.dumps(document, ensure_ascii=False, separators=(",", ":")),
    }
    Marks(table).note()
    if present is None:
        table.put_new(item)
    else:
        table.put_at(item, version - 1)
    return version


def write_city(
    table: Table,
    city: "City",
    deciders: "Iterable[Line]" = (),
    policies: "Policies | None" = None,
) -> None:
    """Store a valid city, section by section, and all that it changes of who decides.

    Without `policies` those that it has stay.
    """
    for section, rows in city.document().items():
        write(table, f"catalogue#{section}", rows)
    write(table, "deciders", [line.cells for line in deciders])
    if policies is not None:
        write(table, POLICIES, policies.document())


def read_rules(table: Table, zone: str) -> Rules:
    """The rules as they stand. Raises NotSetUp, or what a faulty section raises."""
    from casework.cases.deciders import decided
    from casework.catalogue.city import City
    from casework.catalogue.tables import Line
    from casework.clock.book import read_book
    from casework.clock.calendar import Calendar

    sections: dict[str, Any] = {
        item["sk"]: json.loads(item["document"]) for item in table.partition(SETTINGS)
    }
    catalogue = _below(sections, "catalogue#")
    if not catalogue:
        raise NotSetUp
    calendar = Calendar.seeded(zone)
    for year, document in sorted(_below(sections, "calendar#").items()):
        calendar = calendar.replacing(document, f"calendar {year}")
    city = City.from_document(catalogue)
    book = read_book(**sections.get(POLICIES, {}))
    changes = enumerate(sections.get("deciders", ()), 1)
    return Rules(
        policy=book.default.plain,
        calendar=calendar,
        city=city,
        table=decided(Line("deciders", n, row) for n, row in changes),
        book=book,
    )


def _below(sections: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): v for key, v in sections.items() if key.startswith(prefix)}


class CurrentRules:
    """The rules, read again after a while. While a new reading fails, the old rules stay."""

    def __init__(
        self, read: Callable[[], Rules], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._monotonic = read, monotonic
        self._rules: Rules | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Read the rules now. Raises what a reading raises; the old ones stay then."""
        with self._lock:
            self._rules = self._read()
            self._until = self._monotonic() + REFRESH

    def __call__(self) -> Rules:
        with self._lock:
            if self._rules is None:
                self._rules = self._read()
                self._until = self._monotonic() + REFRESH
            elif self._monotonic() > self._until:
                self._until = self._monotonic() + REFRESH
                try:
                    self._rules = self._read()
                except Exception:  # noqa: BLE001 - whatever is wrong with the new ones
                    _log_stale()
            return self._rules


def _log_stale() -> None:
    import logging

    logging.getLogger("lianxin").exception(
        "new settings cannot be read; the old ones stay in force"
    )
