"""Where citizens file, follow and amend their requests."""

from pathlib import Path
from typing import TYPE_CHECKING

import schemas
from casework.edge.acting import citizen_acts, filer, readable
from casework.edge.ask import Ask
from casework.edge.ask import case_number as parsed
from casework.edge.door import Reply, door
from casework.edge.lists import own_page
from casework.edge.similar import before_filing
from casework.views.cases import citizen_case, receipt
from casework.views.catalogue import catalogue
from casework.views.people import person
from schemas import commands as c
from schemas.views import Document, Health, Supported

if TYPE_CHECKING:  # loaded where a citizen is recognised
    from casework.people.person import Person

intake = door("intake")
app = intake.app


@intake.route("/v1/cases", "POST")
def file_case(ask: Ask) -> Reply:
    request_id, filing = ask.request_id, ask.body(c.File)
    by, service = filer(ask, filing), ask.world.service
    subject = ask.identity.subject if ask.identity and by.bindings else None
    filed = service.file(filing, by, request_id, subject)
    intake.metrics.add_metric("CasesFiled", "Count", 0 if filed.repeated else 1)
    answer = receipt(filed.number, filed.access_code, filed.case, service.rules(), ask.language)
    return Reply(answer, 201, {"Location": f"/v1/cases/{filed.number}"})


@intake.route("/v1/cases")
def list_own_cases(ask: Ask) -> Reply:
    return Reply(own_page(ask))


@intake.route("/v1/cases/similar", "POST")
def show_similar(ask: Ask) -> Reply:
    return Reply(before_filing(ask))


@intake.route("/v1/cases/{case_number}")
def show_case(ask: Ask, case_number: str) -> Reply:
    number = parsed(case_number)
    by, _ = ask.own(number)
    dossier, by = readable(ask, number, by)
    service = ask.world.service
    case = citizen_case(dossier, by, service.rules(), ask.language, service.clock(), service.keys)
    return Reply(case, headers={"ETag": f'"{case.version}"'})


@intake.route("/v1/cases/{case_number}/messages", "POST")
def write(ask: Ask, case_number: str) -> Reply:
    return citizen_acts(ask, case_number, c.SendMessage)


@intake.route("/v1/cases/{case_number}/urges", "POST")
def urge(ask: Ask, case_number: str) -> Reply:
    return citizen_acts(ask, case_number, c.Urge)


@intake.route("/v1/cases/{case_number}/withdrawal", "POST")
def withdraw(ask: Ask, case_number: str) -> Reply:
    return citizen_acts(ask, case_number, c.Withdraw)


@intake.route("/v1/cases/{case_number}/reopening", "POST")
def reopen(ask: Ask, case_number: str) -> Reply:
    return citizen_acts(ask, case_number, c.Reopen)


@intake.route("/v1/cases/{case_number}/objection", "POST")
def object_to_end(ask: Ask, case_number: str) -> Reply:
    return citizen_acts(ask, case_number, c.Object)


@intake.route("/v1/cases/{case_number}/support", "POST")
def support(ask: Ask, case_number: str) -> Reply:
    subject, number = ask.citizen.subject, parsed(case_number)
    supports = ask.world.service.support(number, ask.world.persons.of(subject))
    return Reply(Supported(case_number=number, supports=supports))


@intake.route("/v1/me")
def show_person(ask: Ask) -> Reply:
    return _told(ask, ask.world.persons.of(ask.citizen.subject))


@intake.route("/v1/me/bindings", "POST")
def join_bindings(ask: Ask) -> Reply:
    return _told(ask, ask.world.persons.join(ask.citizen))


@intake.route("/v1/me/separation", "POST")
def separate_binding(ask: Ask) -> Reply:
    identity, asked = ask.citizen, ask.body(c.SeparateBinding)
    return _told(ask, ask.world.persons.separate(identity, asked.binding))


def _told(ask: Ask, found: "Person") -> Reply:
    return Reply(person(found, ask.world.service.rules().calendar, ask.language))


@intake.route("/v1/catalogue")
def show_catalogue(ask: Ask) -> Reply:
    return Reply(catalogue(ask.world.service.rules(), ask.language))


@intake.route("/v1/openapi.json")
def show_contract(ask: Ask) -> Reply:
    path = Path(schemas.__file__).with_name("contracts") / "openapi.json"
    return Reply(Document.model_validate_json(path.read_bytes()))


@intake.route("/v1/health")
def health(ask: Ask) -> Reply:
    return Reply(Health(status="ok", time=ask.world.clock()))
