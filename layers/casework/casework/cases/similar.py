"""Cases on the same matter: which take part in the comparison, and what one may be to another. Pure.

Whoever finds them only proposes: that a case says nothing new, a person decides (LIFECYCLE,
Relations); the machine merges where the city has set from which likeness on.
"""

from collections.abc import Collection

from casework.cases.access import about_the_same, confidential
from casework.cases.acts.relations import LEADS
from casework.cases.rules import Rules
from casework.cases.state import Case
from schemas.names import LikeReason, Similarity


def takes_part(case: Case, rules: Rules, category: str | None = None) -> bool:
    """Whether the case may be compared with others at all; `category`: what it turns out to be.

    What is sealed, hidden or of a closed line never is: a proposal would tell that it is there.
    """
    if case.identity not in ("open", "anonymous"):
        return False
    return not any(
        confidential(case.identity, one, rules.of(case)) for one in {category, case.category}
    )


def similarity(
    case: Case, other: Case, reasons: Collection[LikeReason], rules: Rules
) -> Similarity | None:
    """What a like case is to this one; None where nothing follows from it.

    Cases about other units or people are kept apart, and so is a nuisance at another place from
    the one that has ended.
    """
    if not takes_part(other, rules) or not about_the_same(case, other):
        return None
    if other.state == "CLOSED":
        return None if "elsewhere" in reasons else "recurrence"
    if not other.is_open:
        return None
    if case.citizen is not None and case.citizen == other.citizen:
        return "same_person"
    return "same_matter" if other.follows is None and other.state in LEADS else None
