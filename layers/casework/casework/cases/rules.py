"""What a decision is made by, beside the case and the command: policy, calendar, city and table."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from casework.cases.table import TABLE, Table

if TYPE_CHECKING:  # they are loaded with the city's settings, not by every function's start
    from casework.cases.state import Case
    from casework.catalogue.city import City
    from casework.clock.book import PolicyBook
    from casework.clock.calendar import Calendar
    from casework.clock.policy import Policy


@dataclass(frozen=True, eq=False)
class Rules:
    """The city's rules at one moment. Immutable; a change of any part makes another."""

    policy: "Policy"
    calendar: "Calendar"
    city: "City"
    table: Table = TABLE
    """Who decides."""
    book: "PolicyBook | None" = None
    """The city's other policies: for categories, and for what is urgent."""

    def of(self, case: "Case") -> "Rules":
        """The rules for this case: its category's policy, overlaid by its urgency."""
        if self.book is None:
            return self
        policy = self.book.of(case.category, case.urgency)
        return self if policy is self.policy else replace(self, policy=policy)


@dataclass(frozen=True)
class Refusal:
    """Why a command was not carried out. Nothing has happened.

    `code` names the reason (its sentence stands in `casework.edge.refusals`), `details` fill the
    sentence, `pointer` points at the faulty field of the command if it is one's fault.
    """

    code: str
    details: dict[str, Any] = field(default_factory=dict)
    pointer: str | None = None
    allowed: tuple[str, ...] = ()
