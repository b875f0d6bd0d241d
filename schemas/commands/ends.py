"""Ends and ways back, the public board, and what should not stand anywhere."""

from typing import Annotated, Literal

from pydantic import Field

from schemas import names
from schemas.base import Text
from schemas.commands.base import Command


class Withdraw(Command):
    type: Literal["withdraw"] = "withdraw"
    reason: names.WithdrawalReason
    text: Text | None = None


class Reopen(Command):
    """New facts, in `text`."""

    type: Literal["reopen"] = "reopen"
    text: Text


class Object(Command):
    type: Literal["object"] = "object"
    text: Text


class DecideObjection(Command):
    type: Literal["decide-objection"] = "decide-objection"
    grant: bool
    text: Text


class Publish(Command):
    type: Literal["publish"] = "publish"


class Unpublish(Command):
    type: Literal["unpublish"] = "unpublish"


class Redact(Command):
    """Take personal data out of `part`: body, contact, address, or the text of a version such as 7.

    `text` stands there instead.
    """

    type: Literal["redact"] = "redact"
    part: Annotated[str, Field(pattern=r"^(body|contact|address|[0-9]{1,6})$")]
    text: Text | None = None


Ending = Withdraw | Reopen | Object | DecideObjection | Publish | Unpublish | Redact
