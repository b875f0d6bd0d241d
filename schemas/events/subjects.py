"""Whom a case is about, and who may know who the citizen is."""

from typing import Literal

from schemas import names
from schemas.base import Compact, Time


class SubjectsNamed(Compact):
    """Whom the case is about, from now on: none of their people may see it."""

    type: Literal["subjects-named"] = "subjects-named"
    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()


class UnmaskingAsked(Compact):
    type: Literal["unmasking-asked"] = "unmasking-asked"
    reason: names.UnmaskingReason


class UnmaskingGranted(Compact):
    """A second person lets `to` see who the citizen is, for a while."""

    type: Literal["unmasking-granted"] = "unmasking-granted"
    to: str
    until: Time


class UnmaskingRefused(Compact):
    type: Literal["unmasking-refused"] = "unmasking-refused"


class Revealed(Compact):
    """Somebody looked at the citizen's contact in full."""

    type: Literal["revealed"] = "revealed"
    reason: names.RevealReason


Confiding = SubjectsNamed | UnmaskingAsked | UnmaskingGranted | UnmaskingRefused | Revealed
