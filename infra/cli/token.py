"""`lianxin token`: somebody's sign-in to the local stack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework.catalogue.load import read_city
from infra.cli.saying import CITY, ROOT, misuse
from infra.local.issuer import Issuer, verified, who


def made(
    role: str,
    department: str | None,
    area: str | None,
    subject: str,
    hours: float,
    phone: str | None = None,
    email: str | None = None,
) -> str:
    """A token signed by this checkout's issuer. Raises Stop for a role or code that is unknown."""
    with misuse():
        person = verified(who(read_city(CITY), role, department, area, subject), phone, email)
    return Issuer.of(ROOT).token(person, datetime.now(UTC), timedelta(hours=hours))
