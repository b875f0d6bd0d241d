"""How the command line speaks: one clear sentence, Chinese first, English equal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout that this command line belongs to."""
CITY = ROOT / "infra" / "city"


class Stop(Exception):
    """The command ends here, with a sentence to its user and an exit code (2: used wrongly)."""

    def __init__(self, zh: str, en: str, code: int = 1) -> None:
        super().__init__(f"{zh}\n{en}")
        self.code = code


def both(zh: str, en: str) -> str:
    """A text for help pages, in both languages."""
    return f"{zh} · {en}"


@contextmanager
def misuse() -> Iterator[None]:
    """What people got wrong, as a sentence and exit code 2."""
    from infra.local.issuer import UnknownWhoError

    try:
        yield
    except UnknownWhoError as fault:
        raise Stop(fault.zh, fault.en, 2) from fault
