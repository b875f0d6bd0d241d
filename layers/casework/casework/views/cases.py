"""A case as its citizen sees it, and as the desk sees it."""

from collections.abc import Sequence
from datetime import datetime

from casework.cases import number as numbers
from casework.cases.access import By
from casework.cases.acts.subjects import hidden_from
from casework.cases.acts.subjects import masked as masked_wholly
from casework.cases.decide import allowed
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.due import foreseen
from casework.security.keys import Keys
from casework.store.items import Body, Dossier, OwnPage
from casework.store.table import Item
from casework.views import parts
from casework.views.named import area_named, category_named, code_named, unit_named, units_named
from casework.views.names import command_name, kind_name, state_name, unit_name
from casework.views.timeline import timeline
from casework.views.times import deadlines, local
from casework.words import Language, pick
from schemas import events as e
from schemas.commands import CITIZEN_PATHS, DESK_COMMANDS
from schemas.display import safe
from schemas.views import (
    Action,
    Alarm,
    Assisting,
    CitizenCase,
    DeskCase,
    Done,
    Named,
    Notice,
    Ordered,
    OwnCase,
    Receipt,
    SimilarCase,
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
    """What this reader may do now, each with the address that takes it: the desk's, or a citizen's.

    As it will be decided: with what is due recorded first.
    """
    return [
        Action(
            command=name,
            name=command_name(name, language),
            path=_path(case.number, name, desk=desk),
        )
        for name in allowed(foreseen(case, rules, now), by, rules, now)
    ]


def _path(number: str, command: str, *, desk: bool) -> str:
    """An agent has a desk, and yet rates for a citizen where citizens do."""
    if command in CITIZEN_PATHS and not (desk and command in DESK_COMMANDS):
        return f"/v1/cases/{number}/{CITIZEN_PATHS[command]}"
    return f"/v1/desk/cases/{number}/{command}"


def citizen_case(
    dossier: Dossier,
    by: By,
    rules: Rules,
    language: Language,
    now: datetime,
    keys: Keys | None = None,
) -> CitizenCase:
    """What the citizen may know: no internal notes, no officer's account, no other unit's opinion.

    `keys`: for the access codes of parts that were split off.
    """
    case, body = dossier.head.case, dossier.body
    return CitizenCase(
        case_number=case.number,
        case_number_spoken=numbers.spoken(case.number),
        version=case.version,
        status=case.state,
        status_text=state_name(case.state, language, to_citizen=True),
        kind=Named(code=case.kind, name=kind_name(case.kind, language)),
        category=category_named(case.category, rules, language),
        area=area_named(case.area, rules, language),
        department=unit_named(case.unit, rules, language),
        title=_filed(dossier, body.title, language),
        text=safe(dossier.redactions.get("body", "")) or _filed(dossier, body.text, language),
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
        related=parts.related(dossier, language, keys, desk=False),
        pauses=parts.pauses(dossier, rules, language),
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
    similar: Sequence[SimilarCase] = (),
) -> DeskCase:
    """What the desk sees: everything but the citizen's contact, which is masked.

    `similar`: the like cases that this reader may know of.
    """
    case, body = dossier.head.case, dossier.body
    shown = citizen_case(dossier, by, rules, language, now)
    common = {name: getattr(shown, name) for name in CitizenCase.model_fields}
    common |= {
        "status_text": state_name(case.state, language),
        "deadlines": deadlines(case, rules, language, now, owners=EVERYBODY),
        "next": actions(case, by, rules, language, now, desk=True),
        "timeline": timeline(dossier, rules, language, desk=True),
        "related": parts.related(dossier, language, None, desk=True),
    }
    filed = next(event for _, event in dossier.events if isinstance(event, e.Filed))
    address = None if masked_wholly(case) or "address" in dossier.redactions else body.address
    return DeskCase(
        **common,
        urgency=code_named(case.urgency, language),
        contact={} if hidden_from(case, by.actor) else parts.masked(contact),
        speaker=parts.speaker(case, filed, body, contact, language),
        origin=parts.origin(filed, language),
        addressee=unit_named(case.addressee, rules, language),
        subjects=parts.subjects(case, rules, language),
        asked=parts.asked(case, rules, language),
        assisting=[
            Assisting(department=named, state=aid.state)
            for aid in case.aids
            if (named := unit_named(aid.unit, rules, language))
        ],
        orders=[
            Ordered(
                order=order.id,
                department=named,
                level=order.level,
                answered=order.by is not None,
            )
            for order in case.orders
            if (named := unit_named(order.unit, rules, language))
        ],
        alerts=[
            Alarm(
                alert=alert.id,
                kind=code_named(alert.kind, language),
                acknowledged=alert.acknowledged,
            )
            for alert in case.alerts
        ],
        followers=case.followers,
        address=safe(address) if address else None,
        lon=None if masked_wholly(case) else body.lon,
        lat=None if masked_wholly(case) else body.lat,
        officer=safe(case.officer) if case.officer else None,
        chain=units_named((link.unit for link in case.chain), rules, language),
        copies=units_named(case.copies, rules, language),
        parties=units_named(case.parties, rules, language),
        heard=units_named(case.heard, rules, language),
        binding=case.binding,
        level=case.level,
        supervision=parts.supervision(dossier, rules, language),
        choices=list(case.choices),
        similar=list(similar),
        redo=case.redo,
        returned_by=list(case.returned_by),
        channel=case.channel,
    )


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
        category=category_named(entry.get("category"), rules, language),
        area=area_named(entry.get("area"), rules, language),
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


def _filed(dossier: Dossier, written: str, language: Language) -> str:
    gone = pick(("（已去除个人信息）", "(personal data taken out)"), language)
    return gone if "body" in dossier.redactions else safe(written)
