"""Where departments, the hotline office and supervisors work."""

from casework.edge.acting import desk_acts, readable
from casework.edge.ask import Ask
from casework.edge.ask import case_number as parsed
from casework.edge.door import Reply, door
from casework.edge.lists import worklist
from casework.edge.similar import for_the_desk
from casework.views.cases import desk_case

desk = door("desk")
app = desk.app


@desk.route("/v1/desk/worklist")
def show_worklist(ask: Ask) -> Reply:
    return Reply(worklist(ask))


@desk.route("/v1/desk/cases/{case_number}")
def show_case(ask: Ask, case_number: str) -> Reply:
    dossier, by = readable(ask, parsed(case_number), ask.staff)
    service = ask.world.service
    contact = service.contact(dossier.body)
    similar = for_the_desk(ask, dossier, by)
    case = desk_case(dossier, contact, by, service.rules(), ask.language, service.clock(), similar)
    return Reply(case, headers={"ETag": f'"{case.version}"'})


@desk.route("/v1/desk/cases/{case_number}/{command}", "POST")
def act(ask: Ask, case_number: str, command: str) -> Reply:
    return desk_acts(ask, case_number, command)
