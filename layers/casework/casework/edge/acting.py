"""The two ways in which a request changes a case: its citizen acts, or the desk does."""

from casework.cases.access import By, accused, may_read
from casework.cases.decide import allowed
from casework.cases.state import Case
from casework.edge.ask import Ask, case_number
from casework.edge.door import Reply
from casework.edge.problems import Wrong
from casework.outcomes import Changed, NotFound, Request
from casework.store.items import Dossier, Head
from casework.views.cases import done
from schemas import commands as c
from schemas import names

DESK_CHANNELS: frozenset[names.Channel] = frozenset({"hotline", "walk_in", "transfer"})
"""Channels that only the city's own people file by."""


def filer(ask: Ask, filing: c.File) -> By:
    """Who files: a citizen, an agent for a citizen, or a connected system."""
    by = ask.by
    if by.actor.role not in ("citizen", "agent", "integration"):
        raise Wrong("role", role=by.actor.role, command="file")
    if by.actor.role == "citizen" and filing.channel in DESK_CHANNELS:
        raise Wrong("channel_staff_only", pointer="/channel", channel=filing.channel)
    return by


def citizen_acts(ask: Ask, written: str, shape: type[c.Command]) -> Reply:
    """Carry out what the citizen of a case asks, opened by access code or token."""
    number = case_number(written)
    request_id, if_match = ask.request_id, ask.if_match
    command = ask.body(shape)
    by, head = ask.own(number)
    head = head or ask.world.service.store.head(number)
    if head is None:
        raise NotFound
    by = ask.towards(head.case, by)
    return _change(ask, number, command, Request(by, request_id, if_match), head, desk=False)


def desk_acts(ask: Ask, written: str, name: str) -> Reply:
    """Carry out a command of the desk, by its name in the path."""
    request = ask.request
    if name not in c.DESK_COMMANDS:
        raise Wrong("unknown_command", command=name)
    number = case_number(written)
    command = ask.body(c.COMMANDS[name])
    return _change(ask, number, command, request, None, desk=True)


def _change(
    ask: Ask, number: str, command: c.Command, request: Request, head: Head | None, *, desk: bool
) -> Reply:
    service = ask.world.service
    changed = service.change(number, command, request, head)
    if changed.repeated:  # it was carried out; what has become of it may be others' to know
        _for_reader(ask, changed.case, request.by)
    answer = done(
        changed.case, request.by, service.rules(), ask.language, service.clock(), desk=desk
    )
    if isinstance(command, c.Reveal) and (not changed.repeated or _still(ask, changed, request)):
        answer = answer.model_copy(update={"contact": _contact(ask, number)})
    return Reply(answer, headers={"ETag": f'"{changed.case.version}"'})


def _still(ask: Ask, changed: Changed, request: Request) -> bool:
    """Whether a repeated look at the contact would be let through today."""
    service = ask.world.service
    now = service.clock()
    return "reveal" in allowed(changed.case, request.by, service.rules(), now)


def _contact(ask: Ask, number: str) -> dict[str, str]:
    """In full: the look stands in the journal by now. Of a sealed case the address is part of it."""
    service = ask.world.service
    body = service.store.bodies([number])[number]
    address = {"address": body.address} if body.address else {}
    return service.contact(body) | address


def readable(ask: Ask, number: str, by: By) -> tuple[Dossier, By]:
    """The whole case, and who asks, as one who may see it. Raises NotFound, Wrong."""
    service = ask.world.service
    dossier = service.store.dossier(number)
    if dossier is None:
        raise NotFound
    by = ask.towards(dossier.head.case, by)
    _for_reader(ask, dossier.head.case, by)
    return dossier, by


def _for_reader(ask: Ask, case: Case, by: By) -> None:
    """Whoever a case is about does not learn that it is there. Raises NotFound, Wrong."""
    rules = ask.world.service.rules()
    if accused(case, by.actor, rules):
        raise NotFound
    if not may_read(case, by, rules):
        raise Wrong("not_readable")
