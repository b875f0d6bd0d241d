"""What the service answers, and why it may not: the words between it and the doors."""

from dataclasses import dataclass
from datetime import datetime

from casework.cases.access import By
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas.base import iso


class NotFound(Exception):
    """No case has this number."""


class Refused(Exception):
    """The command was refused; the case is as it was."""

    def __init__(self, refusal: Refusal, case: Case | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal, self.case = refusal, case


class KeyReused(Exception):
    """The same Idempotency-Key came with another content."""


class Stale(Exception):
    """The case is not at the version that the caller has seen (If-Match)."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"at version {case.version}")
        self.case = case


class WrongCode(Exception):
    """The access code does not open this case."""


class Locked(Exception):
    """Too many wrong access codes from this source."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {iso(until)}")
        self.until = until


@dataclass(frozen=True)
class Filed:
    """A filing's receipt; the same for a repeat."""

    number: str
    access_code: str
    case: Case
    repeated: bool


@dataclass(frozen=True)
class Changed:
    """Where a command left the case."""

    case: Case
    repeated: bool = False


@dataclass(frozen=True)
class Request:
    """Whose request it is, under the id that its sender repeats it with."""

    by: By
    id: str
    if_match: int | None = None
