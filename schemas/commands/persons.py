"""What is asked of a person, not of a case."""

from typing import Literal

from schemas.base import Code
from schemas.commands.base import Command


class SeparateBinding(Command):
    """Asked of a person, not of a case: this binding was joined by mistake."""

    type: Literal["separate-binding"] = "separate-binding"
    binding: Code
