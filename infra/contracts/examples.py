"""Examples for the contract. Requests are written here; answers are what the service really says.

The answers come from one invented case, played on the in-memory twin at a fixed time.
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
from schemas import commands as c
from schemas import views as v
from schemas.events import Actor

CITY = Path(__file__).resolve().parents[1] / "city"
BEGIN = datetime(2026, 9, 28, 1, 30, tzinfo=UTC)
"""A Monday, three days before the National Day holidays: deadlines then show skipped days."""

FILING = c.File(
    text="荷风社区东门外的路灯三天没亮，晚上很黑，昨晚有位老人在台阶上绊倒了，请尽快修好。",
    title="荷风社区东门路灯不亮",
    kind="complaint",
    category="0205",
    area="990102002001",
    place=c.Place(address="荷风社区东门外台阶旁"),
    contact=c.Contact(name="林女士", phone="19900001234"),
    publishable=True,
)
UNIT = "chengguan"

_COMMANDS: tuple[c.Command, ...] = (
    FILING,
    c.Accept(),
    c.Decline(
        reason="judicial",
        path="court",
        text="这起租赁纠纷法院已经立案，请按法院通知参加诉讼，诉讼服务热线 12368。",
    ),
    c.HandOver(service="119", receipt="XF-0928-0017", text="楼道冒烟，已请消防出警。"),
    c.RequestInfo(text="请补充路灯杆上的编号，或最近的门牌号。"),
    c.Answer(article="KB-0205-03", article_version=2, text="路灯报修后，一般故障两天内修复。"),
    c.Dispatch(unit=UNIT, category="0205"),
    c.Reclassify(kind="help"),
    c.Delegate(unit="tingyu", text="请到现场核实，三日内办结。"),
    c.Recall(text="涉及主干道照明，由区里直接办理。"),
    c.AssignOfficer(officer="chen.yu"),
    c.Arbitrate(units=[UNIT, "gongdian"], text="灯杆归城管，线路归供电，请双方说明。"),
    c.StatePosition(text="灯杆由我局管养，但故障在供电线路上。"),
    c.Designate(unit=UNIT, text="路灯照明由城管局牵头，供电公司配合。"),
    c.Claim(),
    c.Return(reason="not_our_area", unit="tingnan", text="这段路由汀南区管养。"),
    c.DecideReturn(approve=True, unit="tingnan", text="同意，改由汀南区办理。"),
    c.RecordContact(how="phone", result="reached", text="诉求人希望周末前修好。"),
    c.SendMessage(text="您好，请问是靠近台阶的那两盏灯吗？"),
    c.Note(text="配电箱钥匙在物业处。"),
    c.Urge(text="今晚还是没亮。"),
    c.Reveal(reason="contact"),
    c.Reply(outcome="resolved", text="两盏路灯的线路已更换，今晚已亮，请您看看。"),
    c.DecideReply(approve=True),
    c.Rate(contacted=True, resolved="yes", overall=5, text="修得很快，谢谢。"),
    c.Redo(text="诉求人说只亮了一盏，请再去现场。"),
    c.Close(explanation="beyond_power", text="该路灯为铁路部门管理，已书面移交并告知诉求人。"),
    c.Withdraw(reason="solved", text="邻居已经修好了。"),
    c.Reopen(text="修好的灯昨晚又不亮了。"),
    c.Object(text="这件事不是法院正在审理的那一件。"),
    c.DecideObjection(grant=True, text="核对后确非同一事项，重新办理。"),
    c.Publish(),
    c.Unpublish(),
    c.SeparateBinding(binding="bq0mWn6yJ3e1gV5cX8uTzA"),
)


def example(shape: type[c.Command]) -> c.Command:
    """The example of a command."""
    (found,) = [one for one in _COMMANDS if type(one) is shape]
    return found


def request(shape: type[c.Command]) -> dict[str, Any]:
    """An example of a command's body."""
    return example(shape).model_dump(mode="json", exclude_unset=True, exclude_none=True)


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
