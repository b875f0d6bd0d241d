"""Cases on the same matter: as the desk is shown them, and as whoever is about to file is."""

from casework.cases import number as numbers
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.store.items import Body
from casework.views.named import area_named, category_named, code_named
from casework.views.names import command_name, state_name
from casework.views.times import local
from casework.words import Language
from schemas.display import safe
from schemas.events import Similar
from schemas.names import Similarity
from schemas.views import Action, OpenOwn, PublicCase, SimilarCase

ANSWERS: dict[Similarity, str] = {
    "same_person": "mark-repeat",
    "same_matter": "merge",
    "recurrence": "mark-recurrence",
}
"""The command by which a person says that it is so."""


def similar_case(
    number: str, found: Similar, other: Case, allowed: set[str], rules: Rules, language: Language
) -> SimilarCase:
    """A like case for the desk. `allowed`: what this reader may do to the case `number` now."""
    command = ANSWERS[found.relation]
    action = Action(
        command=command,
        name=command_name(command, language),
        path=f"/v1/desk/cases/{number}/{command}",
    )
    return SimilarCase(
        relation=code_named(found.relation, language),
        case_number=other.number,
        case_number_spoken=numbers.spoken(other.number),
        score=found.score,
        reasons=[code_named(reason, language) for reason in found.reasons],
        status=other.state,
        status_text=state_name(other.state, language),
        category=category_named(other.category, rules, language),
        area=area_named(other.area, rules, language),
        filed_at=local(other.filed_at, rules.calendar),
        action=action if command in allowed else None,
    )


def public_case(case: Case, body: Body, rules: Rules, language: Language) -> PublicCase:
    """A published case, without what its citizen wrote but the title, as it stands now."""
    return PublicCase(
        case_number=case.number,
        case_number_spoken=numbers.spoken(case.number),
        title=safe(body.title) or None,
        category=category_named(case.category, rules, language),
        area=area_named(case.area, rules, language),
        status=case.state,
        status_text=state_name(case.state, language, to_citizen=True),
        filed_on=local(case.filed_at, rules.calendar)[:10],
    )


def open_own(
    case: Case, body: Body, next_actions: list[Action], rules: Rules, language: Language
) -> OpenOwn:
    """A citizen's own case that is open still, and what the citizen may do instead of filing anew."""
    return OpenOwn(
        case_number=case.number,
        case_number_spoken=numbers.spoken(case.number),
        title=safe(body.title),
        status=case.state,
        status_text=state_name(case.state, language, to_citizen=True),
        filed_at=local(case.filed_at, rules.calendar),
        next=[action for action in next_actions if action.command in ("urge", "message")],
    )
