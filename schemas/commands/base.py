"""What all commands share."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from schemas.base import Model, Text

_SEPARATORS = str.maketrans("", "", " -‐–—")
Account = Annotated[
    str, Field(pattern=r"^[^\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]{1,128}$")
]
CaseNumber = Annotated[
    str,
    BeforeValidator(lambda v: v.translate(_SEPARATORS) if isinstance(v, str) else v),
    Field(pattern=r"^1[0-9]{15}$"),
]
"""The number of another case, in 16 digits, in groups or not."""
EventId = Annotated[str, Field(pattern=r"^[a-z_]{1,20}-[0-9]{1,6}$")]
"""Names an alert or an order of a case, such as `hazard-3`."""


class Command(Model):
    """A command's free text travels as `text` and is stored apart from the events."""

    @property
    def free_text(self) -> str | None:
        """What is stored of its free text."""
        text: str | None = getattr(self, "text", None)
        return text


class Decision(Command):
    """Approved or not; a refusal says why in `text`."""

    approve: bool
    text: Text | None = None

    @model_validator(mode="after")
    def _why(self) -> "Decision":
        if not self.approve and self.text is None:
            raise ValueError("text_says_why")
        return self
