"""Keyed hashes: each purpose a key of its own, nothing to be read back, the same every time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import pickle
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import number as numbers
from casework.security.keys import Keys, network, salted

KEYS = Keys(b"one master secret of a test city")
OTHER = Keys(b"another master secret of another")


def test_a_number_is_derived_from_what_makes_the_filing_unique() -> None:
    number = KEYS.case_number("web\nli\n1")

    assert numbers.parse(number) == number
    assert number == KEYS.case_number("web\nli\n1", 0)
    assert number != KEYS.case_number("web\nli\n2")
    assert number != KEYS.case_number("web\nli\n1", 1)
    assert number != OTHER.case_number("web\nli\n1")


def test_a_code_has_six_digits_and_belongs_to_one_case() -> None:
    codes = {KEYS.access_code(str(number)) for number in range(500)}

    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 490
    assert KEYS.access_code("1") == KEYS.access_code("1")
    assert KEYS.access_code("1") != KEYS.access_code("1", generation=1)
    assert KEYS.access_code("1") != OTHER.access_code("1")


def test_codes_are_spread_over_all_that_there_are() -> None:
    firsts = [KEYS.access_code(str(number))[0] for number in range(2000)]

    assert all(firsts.count(digit) > 120 for digit in string.digits)


@given(st.text())
def test_no_other_text_fits_as_a_code(text: str) -> None:
    fits = text == KEYS.access_code("1")
    assert KEYS.code_fits("1", text) == fits


def test_a_purpose_has_a_key_of_its_own() -> None:
    prints = {KEYS.fingerprint(p, "x") for p in ("filing", "content", "request", "command")}
    prints |= {KEYS.person("x"), KEYS.phone("x"), KEYS.email("x"), KEYS.source("x")}

    assert len(prints) == 8


def test_the_keys_are_derived_as_rfc_5869_says() -> None:
    """HKDF-Expand of 32 bytes: HMAC(PRK, info | 0x01)."""
    master = b"one master secret of a test city"
    key = hmac.digest(master, b"lianxin/person\x01", "sha256")
    digest = hmac.digest(key, b"li", hashlib.sha256)
    expected = base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
    assert KEYS.person("li") == expected


def test_the_master_secret_is_not_shown() -> None:
    assert "master" not in repr(KEYS)
    assert "master" not in str(KEYS)
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(KEYS)


def test_a_salted_hash_depends_on_both() -> None:
    assert salted("a", "b") == salted("a", "b")
    assert len({salted("a", "b"), salted("b", "a"), salted("a", "c"), salted("c", "b")}) == 4


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("2001:0DB8:0001::", "2001:db8:1::/48"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_party_of_the_net_is_an_address_or_a_whole_network(address: str, expected: str) -> None:
    assert network(address) == expected
