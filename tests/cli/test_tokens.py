"""Tokens of the laptop's own issuer: accepted by the service, for people who can exist."""

from __future__ import annotations

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.catalogue.load import read_city
from casework.security.tokens import BadToken, Verifier
from infra.cli import saying
from infra.cli.token import made
from infra.local.issuer import (
    AUDIENCE,
    FOLDER,
    IN_A_UNIT,
    ISSUER,
    KEY_FILE,
    SIGNED_IN,
    Issuer,
    UnknownWhoError,
    Who,
    verified,
    who,
)
from tests.cli.conftest import ROOT

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CITY = read_city(ROOT / "infra" / "city")


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer.of(tmp_path)


def verifier(issuer: Issuer, clock: Callable[[], datetime] = lambda: NOW) -> Verifier:
    return Verifier(ISSUER, AUDIENCE, issuer.jwks_uri, clock)


@pytest.mark.parametrize("role", SIGNED_IN)
def test_the_service_accepts_a_token_for_each_role(issuer: Issuer, role: str) -> None:
    person = who(CITY, role, "chengguan" if role in IN_A_UNIT else None)

    identity = verifier(issuer).identity(issuer.token(person, NOW))

    assert (identity.role, identity.unit) == (role, person.unit)
    assert identity.subject == person.subject


def test_what_the_issuer_would_have_verified_is_carried(issuer: Issuer) -> None:
    person = verified(who(CITY, "citizen"), "+86 199 0000 1234", "Lin@example.com")

    identity = verifier(issuer).identity(issuer.token(person, NOW))

    assert (identity.phone, identity.email) == ("19900001234", "lin@example.com")


@pytest.mark.parametrize(
    ("phone", "email"), [("110", None), ("one", None), (None, "lin"), (None, "@")]
)
def test_what_is_no_number_or_address_is_refused_in_both_languages(
    phone: str | None, email: str | None
) -> None:
    with pytest.raises(UnknownWhoError) as unknown:
        verified(who(CITY, "citizen"), phone, email)

    assert str(phone or email) in unknown.value.zh
    assert str(phone or email) in unknown.value.en


def test_department_area_and_account_are_carried(issuer: Issuer) -> None:
    person = who(CITY, "officer", "tingnan", "990102", "D021")

    identity = verifier(issuer).identity(issuer.token(person, NOW))

    assert (identity.subject, identity.unit, identity.area) == ("D021", "tingnan", "990102")


def test_a_token_ends_after_its_hours(issuer: Issuer) -> None:
    token = issuer.token(Who("agent", "A001"), NOW, timedelta(hours=2))

    verifier(issuer, lambda: NOW + timedelta(hours=2)).identity(token)  # clocks may differ a little
    with pytest.raises(BadToken, match="expired"):
        verifier(issuer, lambda: NOW + timedelta(hours=2, minutes=1)).identity(token)


def test_another_checkout_s_token_is_refused(issuer: Issuer, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Issuer.of(tmp_path / "other")

    with pytest.raises(BadToken, match="key"):
        verifier(issuer).identity(other.token(Who("admin", "X001"), NOW))


def test_the_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kids = set(pool.map(lambda _: Issuer.of(tmp_path).kid, range(8)))

    key = tmp_path / FOLDER / KEY_FILE
    assert len(kids) == 1
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in key.parent.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize(
    ("role", "unit", "area", "said"),
    [
        ("boss", None, None, "There is no role “boss”"),
        ("system", None, None, "There is no role “system”"),
        ("officer", None, None, "add --department"),
        ("officer", "nowhere", None, "There is no department “nowhere”"),
        ("agent", None, "000000", "There is no area “000000”"),
    ],
)
def test_nobody_who_cannot_exist_gets_a_token(
    role: str, unit: str | None, area: str | None, said: str
) -> None:
    with pytest.raises(UnknownWhoError, match=said):
        who(CITY, role, unit, area)


def test_the_command_says_so_in_one_sentence_and_two_languages() -> None:
    with pytest.raises(saying.Stop) as stopped:
        made("boss", None, None, "", 12)

    zh, en = str(stopped.value).split("\n")
    assert "没有“boss”这个角色" in zh
    assert "There is no role" in en
    assert stopped.value.code == 2
