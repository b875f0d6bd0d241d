"""What a route is: who may, what goes in, what comes back, what can be refused."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from schemas import commands as c

Words = tuple[str, str]
"""What people read: Chinese, English."""
Access = Literal["anyone", "filer", "citizen", "case", "staff"]
"""anyone · filer: nobody known, a citizen, an agent or a connected system · citizen: signed in ·
case: whoever has the case's access code, its citizen, or an agent for its citizen · staff."""


@dataclass(frozen=True)
class Parameter:
    """A query parameter, with its JSON Schema."""

    name: str
    words: Words
    schema: dict[str, object] = field(default_factory=lambda: {"type": "string"}, hash=False)


@dataclass(frozen=True)
class Route:
    """One operation. `refusals` names the codes that are not implied by its access and its body."""

    method: Literal["get", "post"]
    path: str
    name: str
    access: Access
    summary: Words
    about: Words
    answer: type[BaseModel]
    body: type[c.Command] | None = None
    status: int = 200
    query: tuple[Parameter, ...] = ()
    refusals: tuple[str, ...] = ()
    repeatable: bool = False
    """Whether doing it twice is doing it once, so that it needs no Idempotency-Key."""

    @property
    def keyed(self) -> bool:
        """Whether it comes under an Idempotency-Key."""
        return self.body is not None and not self.repeatable

    @property
    def changes(self) -> bool:
        """Whether it is a command on a case, under an Idempotency-Key and If-Match."""
        return self.keyed and self.body is not c.File
