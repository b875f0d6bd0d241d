"""What is asked before a request is filed."""

from typing import Literal

from schemas.base import Code, Text, Title
from schemas.commands.base import Command
from schemas.commands.filing import Place


class AskSimilar(Command):
    """Which cases on the same matter there are; asked with what is about to be filed. Nothing of it
    is stored."""

    type: Literal["ask-similar"] = "ask-similar"
    text: Text
    title: Title | None = None
    area: Code | None = None
    place: Place | None = None
