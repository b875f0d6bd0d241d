"""Many open cases in memory, to be swept: clones of one real case, with alarms of their own."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.catalogue.load import read_city
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy, preset_text
from casework.dispatching import Dispatcher
from casework.outcomes import Request
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.items import HEAD
from casework.store.memory import MemoryTable, MemoryVault
from casework.store.ordered import Ordered
from casework.store.table import ALARM, INDEXES, Item, Table
from schemas import commands as c
from schemas.base import iso
from schemas.events import Actor

CITY = Path(__file__).resolve().parents[1] / "city"
BEGIN = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
"""A Monday, nine o'clock in the city."""
CITIZEN = By(Actor(id="citizen", role="citizen"), opened=True)
MINUTE = timedelta(minutes=1)
_STRIDE = 7_368_787_001_339
"""Prime to 10^14: numbers as if drawn, none twice."""


class Town:
    """The service over a table in memory, on a clock that is moved by hand."""

    def __init__(self, table: Table, shards: int) -> None:
        self.now, self.shards = BEGIN, shards
        policy = Policy.parse({**tomllib.loads(preset_text()), "reply_review": "none"})
        rules = Rules(policy=policy, calendar=Calendar.seeded(), city=read_city(CITY))
        store = CaseStore(table, alarm_shards=shards, worklist_shards=4)
        self.service = Service(store, MemoryVault(), lambda: rules, lambda: self.now)

    def assigned(self, key: str) -> tuple[str, By]:
        """An ordinary case that dispatch has given to a unit, and an officer of it."""
        filing = c.File.model_validate(
            {
                "text": "小区里有人遛狗不牵绳，昨天差点咬到孩子，请派人来管一管。",
                "kind": "complaint",
                "category": "0208",
                "contact": {"name": "王小云", "phone": "19900001234"},
            }
        )
        number = self.service.file(filing, By(CITIZEN.actor), key).number
        Dispatcher(self.service).route(number)
        head = self.service.store.head(number)
        return number, By(
            Actor(id="officer-1", role="officer", unit=head.case.unit if head else None)
        )

    def handled(self, key: str) -> tuple[str, By]:
        """The same, once the officer has it in hand: the promise's clock runs and no other."""
        number, officer = self.assigned(key)
        self.does(number, c.Claim(), officer)
        self.does(number, c.RecordContact(how="phone", result="reached"), officer)
        return number, officer

    def does(self, number: str, command: c.Command, by: By) -> None:
        """Carry a command out."""
        self.service.change(number, command, Request(by, f"{c.name_of(command)}-{number}"))


class Filled(MemoryTable):
    """A table that takes a great many items at once, and keeps them as they are given: they may
    share what is in them, since whatever is read is copied."""

    def fill(self, items: Iterable[Item]) -> None:
        entries: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
        for item in items:
            self._items[item["pk"]] = {item["sk"]: item}
            for index in INDEXES:
                if index.partition in item and index.sort in item:
                    entry = item[index.sort], item["pk"], item["sk"]
                    entries[index.name, item[index.partition]].append(entry)
        for place, found in entries.items():
            self._entries[place] = Ordered(found)


class OpenCases(Town):
    """So many open cases, of which `due` come due in each of some minutes to come, the rest later."""

    def __init__(self, count: int, due: int, minutes: int, shards: int) -> None:
        self.table = Filled()
        super().__init__(self.table, shards)
        number, _ = self.handled("first")
        head = self.service.store.head(number)
        clone = self.table.get((number, HEAD))
        if head is None or head.case.next_due is None or clone is None:
            raise ValueError("an ordinary case that is handled is there, and has an alarm")
        self.due_at = head.case.next_due
        """When the ladder's first rung is reached, of all of them alike; they come due by and by."""
        self.table = Filled()
        self.service.store.table = self.table
        self.table.fill(self._clones(clone, count, due, minutes))

    def _clones(self, clone: Item, count: int, due: int, minutes: int) -> Iterable[Item]:
        later = iso(self.due_at + timedelta(days=30))
        worklist, _, _ = str(clone["holder"]).rpartition("#")
        for place in range(count):
            digits = (place + 1) * _STRIDE % 10**14
            minute = place // due
            yield {
                **clone,
                "pk": f"1{digits:014d}0",
                ALARM.partition: str(place % self.shards),
                ALARM.sort: iso(self.due_at + minute * MINUTE) if minute < minutes else later,
                "holder": f"{worklist}#{place % 4}",
            }
