"""A case as its citizen sees it, and as the desk sees it."""

from collections.abc import Iterable
from datetime import datetime

from casework.cases import number as numbers
from casework.cases.access import By
from casework.cases.decide import allowed
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.store.items import Body, Dossier, OwnPage
from casework.store.table import Item
from casework.views.names import command_name, kind_name, state_name
from casework.views.timeline import category_name, timeline, unit_name
from casework.views.times import deadlines, local
from casework.words import Language, pick
from schemas.commands import CITIZEN_PATHS, DESK_COMMANDS
from schemas.display import masked_name, masked_phone, safe
from schemas.views import (
    Action,
    CitizenCase,
    DeskCase,
    Done,
    Named,
    Notice,
    OwnCase,
    Receipt,
    WorklistItem,
)

_NOTICES = {
    "invitation": (
        "您的诉求已有答复。问题解决了吗？请告诉我们：有没有人联系您、解决了没有、满意几分。",
        "Your request has been answered. Was it solved? Tell us: did anyone get in touch, "
        "is it solved, how satisfied are you?",
    )
}
PROMISES = frozenset({"citizen"})
"""What the citizen is shown beside the promise to reply: what waits for the citizen."""
EVERYBODY = frozenset({"citizen", "unit", "hotline"})


def receipt(number: str, access_code: str, case: Case, rules: Rules, language: Language) -> Receipt:
    """The answer to a filing, as of the filing: a repeat is answered the same."""
    return Receipt(
        case_number=number,
        case_number_spoken=numbers.spoken(number),
        access_code=access_code,
        status=case.state,
        status_text=state_name(case.state, language, to_citizen=True),
        filed_at=local(case.filed_at, rules.calendar),
        deadlines=deadlines(case, rules, language, case.filed_at, owners=PROMISES),
    )


def done(
    case: Case, by: By, rules: Rules, language: Language, now: datetime, *, desk: bool
) -> Done:
    """Where a command left the case."""
    return Done(
        case_number=case.number,
        version=case.version,
        status=case.state,
        status_text=state_name(case.state, language, to_citizen=not desk),
        department=unit_name(case.unit, rules, language),
        deadlines=deadlines(case, rules, language, now, owners=EVERYBODY if desk else PROMISES),
        next=actions(case, by, rules, language, now, desk=desk),
    )


def actions(
    case: Case, by: By, rules: Rules, language: Language, now: datetime, *, desk: bool
) -> list[Action]:
    """What this reader may do now, each with the address that takes it: the desk's, or a citizen's."""
    return [
        Action(
            command=name,
            name=command_name(name, language),
            path=_path(case.number, name, desk=desk),
        )
        for name in allowed(case, by, rules, now)
    ]


def _path(number: str, command: str, *, desk: bool) -> str:
    """An agent has a desk, and yet rates for a citizen where citizens do."""
    if command in CITIZEN_PATHS and not (desk and command in DESK_COMMANDS):
        return f"/v1/cases/{number}/{CITIZEN_PATHS[command]}"
    return f"/v1/desk/cases/{number}/{command}"


def citizen_case(
    dossier: Dossier, by: By, rules: Rules, language: Language, now: datetime
) -> CitizenCase:
    """What the citizen may know: no internal notes, no officer's account, no other unit's opinion."""
    case, body = dossier.head.case, dossier.body
    return CitizenCase(
        case_number=case.number,
        case_number_spoken=numbers.spoken(case.number),
        version=case.version,
        status=case.state,
        status_text=state_name(case.state, language, to_citizen=True),
        kind=Named(code=case.kind, name=kind_name(case.kind, language)),
        category=_category(case.category, rules, language),
        area=_area(case.area, rules, language),
        department=_unit(case.unit, rules, language),
        title=safe(body.title),
        text=safe(body.text),
        filed_at=local(case.filed_at, rules.calendar),
        deadlines=deadlines(case, rules, language, now, owners=PROMISES),
        next=actions(case, by, rules, language, now, desk=False),
        timeline=timeline(dossier, rules, language, desk=False),
        notices=[
            Notice(
                at=local(datetime.fromisoformat(notice.at), rules.calendar),
                kind=notice.kind,
                channel=notice.channel,
                fate=notice.fate,
                words=pick(_NOTICES[notice.kind], language),
            )
            for notice in dossier.notices
        ],
        rating_open=case.state == "AWAITING_RATING",
        supports=dossier.supports,
    )


def desk_case(
    dossier: Dossier,
    contact: dict[str, str],
    by: By,
    rules: Rules,
    language: Language,
    now: datetime,
) -> DeskCase:
    """What the desk sees: everything but the citizen's contact, which is masked."""
    case, body = dossier.head.case, dossier.body
    shown = citizen_case(dossier, by, rules, language, now)
    common = {name: getattr(shown, name) for name in CitizenCase.model_fields}
    common |= {
        "status_text": state_name(case.state, language),
        "deadlines": deadlines(case, rules, language, now, owners=EVERYBODY),
        "next": actions(case, by, rules, language, now, desk=True),
        "timeline": timeline(dossier, rules, language, desk=True),
    }
    return DeskCase(
        **common,
        contact=masked(contact),
        address=safe(body.address) if body.address else None,
        lon=body.lon,
        lat=body.lat,
        officer=safe(case.officer) if case.officer else None,
        chain=_units((link.unit for link in case.chain), rules, language),
        copies=_units(case.copies, rules, language),
        parties=_units(case.parties, rules, language),
        heard=_units(case.heard, rules, language),
        binding=case.binding,
        level=case.level,
        choices=list(case.choices),
        redo=case.redo,
        returned_by=list(case.returned_by),
        channel=case.channel,
    )


def masked(contact: dict[str, str]) -> dict[str, str]:
    mask = {"phone": masked_phone, "name": masked_name}
    return {field: mask[field](value) for field, value in contact.items()}


def worklist_item(
    entry: Item, body: Body | None, rules: Rules, language: Language, now: datetime
) -> WorklistItem:
    """One line of a worklist, from its index entry and the case's title."""
    due = None if entry["due"] == "9999" else datetime.fromisoformat(entry["due"])
    return WorklistItem(
        case_number=entry["pk"],
        case_number_spoken=numbers.spoken(entry["pk"]),
        title=safe(body.title) if body else "",
        status=entry["state"],
        status_text=state_name(entry["state"], language),
        kind=Named(code=entry["kind"], name=kind_name(entry["kind"], language)),
        category=_category(entry.get("category"), rules, language),
        area=_area(entry.get("area"), rules, language),
        due_at=local(due, rules.calendar) if due else None,
        late=due is not None and now >= due,
        level=entry.get("level", 0),
        unread=entry.get("unread", False),
        version=entry["version"],
    )


def own_cases(found: OwnPage, rules: Rules, language: Language) -> list[OwnCase]:
    return [
        OwnCase(
            case_number=case.number,
            case_number_spoken=numbers.spoken(case.number),
            status=case.state,
            status_text=state_name(case.state, language, to_citizen=True),
            title=safe(title),
            filed_at=local(case.filed_at, rules.calendar),
        )
        for case, title in found.cases
    ]


def _category(code: str | None, rules: Rules, language: Language) -> Named | None:
    name = category_name(code, rules, language)
    return Named(code=code, name=name) if code and name else None


def _unit(code: str | None, rules: Rules, language: Language) -> Named | None:
    name = unit_name(code, rules, language)
    return Named(code=code, name=name) if code and name else None


def _units(codes: Iterable[str], rules: Rules, language: Language) -> list[Named]:
    return [Named(code=code, name=unit_name(code, rules, language) or code) for code in codes]


def _area(code: str | None, rules: Rules, language: Language) -> Named | None:
    area = rules.city.areas.get(code) if code else None
    return Named(code=area.code, name=pick((area.name, area.name_en), language)) if area else None
