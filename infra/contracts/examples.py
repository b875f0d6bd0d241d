"""Examples of answers for the contract: what the service really says.

They come from one invented case, played on the in-memory twin at a fixed time.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from casework.cases.access import By
from casework.cases.rules import Rules
from casework.catalogue.load import read_city
from casework.clock.calendar import Calendar
from casework.clock.policy import Policy
from casework.dispatching import Dispatcher
from casework.outcomes import Request
from casework.persons import Persons
from casework.security.tokens import Identity
from casework.service import Service
from casework.store.cases import CaseStore
from casework.store.memory import MemoryTable, MemoryVault
from casework.views import cases as seen
from casework.views import people
from casework.views.catalogue import catalogue
from casework.views.similar import open_own, public_case
from infra.contracts.requests import FILING, example
from schemas import commands as c
from schemas import views as v
from schemas.events import Actor

CITY = Path(__file__).resolve().parents[1] / "city"
BEGIN = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
"""A Monday, three days before the National Day holidays: deadlines then show skipped days."""


@cache
def answers() -> dict[str, dict[str, Any]]:
    """An example of each answer, by the name of its shape; those to commands are in `lives`."""
    city = read_city(CITY)
    rules = Rules(Policy.preset(), Calendar.seeded(), city)
    now = [BEGIN]
    service = Service(CaseStore(MemoryTable()), MemoryVault(), lambda: rules, lambda: now[0])
    citizen = By(Actor(id="citizen", role="citizen"), opened=True)
    filed = service.file(FILING, citizen, "example", subject="citizen-0017")
    receipt = seen.receipt(filed.number, filed.access_code, filed.case, rules, "zh-CN")
    now[0] += timedelta(seconds=2)
    Dispatcher(service).route(filed.number)
    head = service.store.head(filed.number)
    assert head is not None
    officer = By(Actor(id="chen.yu", role="officer", unit=head.case.unit))

    def do(command: c.Command, by: By, minutes: int) -> None:
        now[0] += timedelta(minutes=minutes)
        service.change(filed.number, command, Request(by, f"example {minutes}"))

    do(c.Claim(), officer, 5)
    do(c.SendMessage(text="您好，请问是靠近台阶的那两盏灯吗？"), officer, 40)
    do(c.SendMessage(text="对，就是那两盏。"), citizen, 25)
    do(example(c.AskExtension), officer, 30)
    do(example(c.AskAssistance), By(Actor(id="he.ping", role="head", unit=head.case.unit)), 35)
    do(example(c.IssueOrder), By(Actor(id="gu.changhe", role="leader", unit="yunting")), 50)
    do(example(c.RaiseAlert), officer, 10)
    dossier = service.store.dossier(filed.number)
    assert dossier is not None
    contact = service.contact(dossier.body)
    desk = seen.desk_case(dossier, contact, officer, rules, "zh-CN", now[0])
    holder = f"unit:{head.case.unit}"
    entries = service.store.worklist(holder, 20)
    persons, account = Persons(service), Identity("citizen-0017", "citizen", phone="19900001234")
    person = persons.join(account)
    own = service.store.cases_of(person.bounds, 20)
    whole = catalogue(rules, "zh-CN")
    examples: list[BaseModel] = [
        receipt,
        seen.citizen_case(dossier, citizen, rules, "zh-CN", now[0]),
        desk,
        v.SimilarCases(
            public=[public_case(head.case, dossier.body, rules, "zh-CN")],
            own=[
                open_own(
                    dossier.head.case,
                    dossier.body,
                    seen.actions(dossier.head.case, citizen, rules, "zh-CN", now[0], desk=False),
                    rules,
                    "zh-CN",
                )
            ],
        ),
        v.Supported(case_number=filed.number, supports=3),
        people.person(person, rules.calendar, "zh-CN"),
        v.OwnCases(items=seen.own_cases(own, rules, "zh-CN")),
        v.Worklist(
            holder=holder,
            items=[
                seen.worklist_item(one, dossier.body, rules, "zh-CN", now[0]) for one in entries
            ],
        ),
        whole.model_copy(
            update={
                "categories": whole.categories[:2],
                "areas": whole.areas[:2],
                "departments": whole.departments[:2],
            }
        ),
        v.Health(status="ok", time=BEGIN),
    ]
    return {
        type(one).__name__: json.loads(one.model_dump_json(exclude_none=True)) for one in examples
    }
