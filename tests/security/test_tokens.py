"""Bearer tokens: accepted only if right in every respect, and refused with the reason."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from casework.security.tokens import (
    KEYS_LIFE,
    KEYS_PAUSE,
    LEEWAY,
    MOST_BYTES,
    BadToken,
    Identity,
    KeysUnavailable,
    Verifier,
)
from schemas.names import ROLES
from tests.support.issuer import AUDIENCE, ISSUER, Issuer, ec_key, rsa_key
from tests.support.world import FrozenClock

RSA = rsa_key()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def issuer(clock: FrozenClock) -> Issuer:
    return Issuer(clock)


def verifier_of(issuer: Issuer, clock: FrozenClock) -> Verifier:
    return Verifier(ISSUER, AUDIENCE, issuer.jwks_uri, clock)


@pytest.fixture
def verifier(issuer: Issuer, clock: FrozenClock) -> Verifier:
    return verifier_of(issuer, clock)


def reason(verifier: Verifier, token: str) -> str:
    with pytest.raises(BadToken) as bad:
        verifier.identity(token)
    return bad.value.reason


# -- accepted ------------------------------------------------------------------------------


def test_a_token_says_who_asks_in_which_role_and_for_which_unit(
    issuer: Issuer, verifier: Verifier
) -> None:
    token = issuer.token("officer", "o-1", department="chengguan", area="990102")

    assert verifier.identity(token) == Identity("o-1", "officer", "chengguan", "990102")


@pytest.mark.parametrize(
    ("claims", "phone", "email"),
    [
        ({}, None, None),
        ({"phone_number": "+86 199-0000-1234", "phone_number_verified": True}, "19900001234", None),
        ({"phone_number": "+447400123456", "phone_number_verified": True}, "+447400123456", None),
        ({"email": "Li@Example.COM", "email_verified": True}, None, "li@example.com"),
        ({"email": "李@例子.中国", "email_verified": True}, None, "李@例子.中国"),
        # The Kelvin sign in lower case is a k: another's address must not become one's own.
        ({"email": "\u212aim@x.example", "email_verified": True}, None, "\u212aim@x.example"),
        ({"phone_number": "19900001234"}, None, None),
        ({"phone_number": "19900001234", "phone_number_verified": "true"}, None, None),
        ({"phone_number": "19900001234", "phone_number_verified": 1}, None, None),
        ({"phone_number": "19900001234", "email_verified": True}, None, None),
        ({"phone_number": "110", "phone_number_verified": True}, None, None),
        ({"phone_number": 19900001234, "phone_number_verified": True}, None, None),
        ({"email": "li@example.com", "email_verified": False}, None, None),
        ({"email": "li", "email_verified": True}, None, None),
        ({"email": "li@a@b.example", "email_verified": True}, None, None),
        ({"email": "l" * 65 + "@example.com", "email_verified": True}, None, None),
        ({"email": "li@" + "a." * 130 + "com", "email_verified": True}, None, None),
        ({"email": None, "email_verified": True}, None, None),
    ],
)
def test_what_the_issuer_verified_of_a_citizen_and_nothing_else(
    issuer: Issuer,
    verifier: Verifier,
    claims: dict[str, Any],
    phone: str | None,
    email: str | None,
) -> None:
    """OpenID Connect Core 1.0, 5.1. What cannot be read proves nothing, and is no fault."""
    identity = verifier.identity(issuer.token("citizen", "li", **claims))

    assert identity == Identity("li", "citizen", phone=phone, email=email)


@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_both_kinds_of_signature_are_accepted(clock: FrozenClock, kind: str) -> None:
    issuer = Issuer(clock)
    issuer.add("second", RSA if kind == "RS256" else ec_key())
    token = issuer.token("citizen", "li")

    assert jwt.get_unverified_header(token)["alg"] == kind
    assert verifier_of(issuer, clock).identity(token) == Identity("li", "citizen")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system"])
def test_every_role_of_people_is_accepted(issuer: Issuer, verifier: Verifier, role: Any) -> None:
    assert verifier.identity(issuer.token(role)).role == role


def test_one_of_several_audiences_is_enough(issuer: Issuer, verifier: Verifier) -> None:
    token = issuer.token("citizen", "li", aud=["another", AUDIENCE])

    assert verifier.identity(token).subject == "li"


def test_a_lone_key_needs_no_name(issuer: Issuer, verifier: Verifier) -> None:
    token = jwt.encode(issuer.claims("citizen", "li"), issuer.key("first"), algorithm="ES256")

    assert verifier.identity(token).subject == "li"


# -- time ----------------------------------------------------------------------------------


def test_a_token_ends_when_it_says_give_or_take_what_clocks_differ(
    issuer: Issuer, verifier: Verifier, clock: FrozenClock
) -> None:
    token = issuer.token("citizen", "li")
    clock.advance(hours=1, seconds=LEEWAY - 1)
    assert verifier.identity(token).subject == "li"

    clock.advance(seconds=1)
    assert reason(verifier, token) == "expired"


def test_a_token_begins_when_it_says_give_or_take_what_clocks_differ(
    issuer: Issuer, verifier: Verifier, clock: FrozenClock
) -> None:
    token = issuer.token("citizen", "li", nbf=int(clock().timestamp()) + 60 + LEEWAY)
    clock.advance(seconds=59)
    assert reason(verifier, token) == "expired"

    clock.advance(seconds=1)
    assert verifier.identity(token).subject == "li"


@pytest.mark.parametrize("claim", ["exp", "nbf"])
@pytest.mark.parametrize("value", ["soon", "1", None, [], {}], ids=repr)
def test_a_time_that_is_none_is_refused(
    issuer: Issuer, verifier: Verifier, claim: str, value: object
) -> None:
    assert reason(verifier, issuer.token("citizen", "li", **{claim: value})) in (
        "claims",
        "malformed",
    )


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**400], ids=["NaN", "Infinity", "10**400"]
)
def test_a_token_that_would_never_end_is_refused(
    issuer: Issuer, verifier: Verifier, value: float
) -> None:
    assert reason(verifier, issuer.token("citizen", "li", exp=value)) == "claims"


# -- claims --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"iss": "https://another"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["another"]}, "audience"),
        ({"aud": []}, "claims"),
        ({"role": "king"}, "claims"),
        ({"role": "system"}, "claims"),
        ({"role": ["admin"]}, "claims"),
        ({"role": None}, "claims"),
        ({"role": ""}, "claims"),
        ({"sub": ""}, "claims"),
        ({"department": 5}, "claims"),
        ({"department": ["chengguan"]}, "claims"),
        ({"area": {"code": 1}}, "claims"),
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_is_refused(
    issuer: Issuer, verifier: Verifier, claims: dict[str, Any], expected: str
) -> None:
    assert reason(verifier, issuer.sign({**issuer.claims("officer", "o-1"), **claims})) == expected


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "role"])
def test_a_claim_that_is_missing_is_refused(
    issuer: Issuer, verifier: Verifier, missing: str
) -> None:
    claims = issuer.claims("officer", "o-1")
    del claims[missing]

    assert reason(verifier, issuer.sign(claims)) in ("claims", "audience", "issuer")


@pytest.mark.parametrize("subject", [5, None, ["li"], {"id": "li"}], ids=repr)
def test_a_subject_that_is_no_text_is_refused(
    issuer: Issuer, verifier: Verifier, subject: object
) -> None:
    token = issuer.sign({**issuer.claims("citizen", "li"), "sub": subject})

    assert reason(verifier, token) in ("claims", "malformed")


# -- signature -----------------------------------------------------------------------------


def encoded(part: object) -> str:
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_token_without_a_signature_is_refused(issuer: Issuer, verifier: Verifier) -> None:
    claims = issuer.claims("admin", "mallory")
    for alg in ("none", "None", "NONE", ""):
        header = {"alg": alg, "typ": "JWT", "kid": "first"}
        assert reason(verifier, f"{encoded(header)}.{encoded(claims)}.") == "key"
    assert reason(verifier, f"{encoded({'kid': 'first'})}.{encoded(claims)}.") in (
        "key",
        "malformed",
    )


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(clock: FrozenClock) -> None:
    """The classic confusion of algorithms (RFC 8725, 2.1)."""
    issuer = Issuer(clock)
    issuer.add("rsa", RSA)
    verifier = verifier_of(issuer, clock)
    public = RSA.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = issuer.claims("admin", "mallory")
    for alg in ("HS256", "RS256"):
        signed = f"{encoded({'alg': alg, 'kid': 'rsa'})}.{encoded(claims)}"
        signature = hmac.digest(public, signed.encode(), hashlib.sha256)
        assert reason(verifier, f"{signed}.{encoded(signature)}") == "key"


@pytest.mark.parametrize("alg", ["PS256", "RS512", "ES384", "EdDSA", "HS256"])
def test_another_algorithm_is_refused(issuer: Issuer, verifier: Verifier, alg: str) -> None:
    header = {"alg": alg, "kid": "first"}
    token = f"{encoded(header)}.{encoded(issuer.claims('citizen', 'li'))}.{encoded(b'x' * 64)}"

    assert reason(verifier, token) == "key"


def test_a_key_of_one_kind_is_no_key_for_the_other(clock: FrozenClock) -> None:
    issuer = Issuer(clock)
    issuer.add("rsa", RSA)
    claims = issuer.claims("citizen", "li")
    crossed = [
        jwt.encode(claims, issuer.key("first"), algorithm="ES256", headers={"kid": "rsa"}),
        jwt.encode(claims, RSA, algorithm="RS256", headers={"kid": "first"}),
    ]
    for token in crossed:
        assert reason(verifier_of(issuer, clock), token) in ("key", "malformed")


def test_a_token_of_somebody_elses_key_under_our_name_is_refused(
    clock: FrozenClock, verifier: Verifier
) -> None:
    mallory = Issuer(clock)

    assert reason(verifier, mallory.token("admin", "mallory")) == "key"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_token_that_was_changed_is_refused(issuer: Issuer, verifier: Verifier, part: int) -> None:
    parts = issuer.token("citizen", "li").split(".")
    changed = {
        0: encoded({"alg": "ES256", "typ": "JWT", "kid": "first", "more": 1}),
        1: encoded({**issuer.claims("admin", "li")}),
        2: encoded(b"\x01" * 64),
    }
    parts[part] = changed[part]

    assert reason(verifier, ".".join(parts)) == "key"


def test_a_key_that_a_token_brings_along_is_not_used(issuer: Issuer, clock: FrozenClock) -> None:
    """`jwk`, `jku` and `x5u` in a header name keys; whoever trusts them trusts anybody."""
    mallory = Issuer(clock)
    for header in (
        {"jwk": mallory.published()["keys"][0]},
        {"jku": mallory.jwks_uri},
        {"x5u": mallory.jwks_uri},
    ):
        token = mallory.sign(mallory.claims("admin", "mallory"), **header)
        assert reason(verifier_of(issuer, clock), token) == "key"


# -- shape ---------------------------------------------------------------------------------

DEEP = b"[" * 3000


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "a.b.c.d.e",
        "garbage",
        "中文.中文.中文",
        "\ud800.\ud800.\ud800",
        "\x00\x01\x02",
        f"{encoded([])}.{encoded({})}.",
        f"{encoded(DEEP)}.{encoded({})}.x",
        f"{encoded({'alg': ['ES256'], 'kid': 'first'})}.{encoded({})}.x",
        f"{encoded({'alg': 'ES256', 'kid': {}})}.{encoded({})}.x",
        f"{encoded({'alg': 'ES256', 'kid': 'first', 'b64': False, 'crit': ['b64']})}..x",
    ],
    ids=lambda token: ascii(token)[:30],
)
def test_garbage_is_refused(verifier: Verifier, token: str) -> None:
    assert reason(verifier, token) in ("malformed", "key")


def test_a_payload_that_is_no_object_is_refused(issuer: Issuer, verifier: Verifier) -> None:
    jws = jwt.PyJWS()
    for payload in (b"[]", b"null", b"garbage", b"\xff", DEEP):
        token = jws.encode(payload, issuer.key("first"), "ES256", headers={"kid": "first"})
        assert reason(verifier, token) == "malformed"


def test_a_token_that_is_too_large_is_refused_before_it_is_read(
    issuer: Issuer, verifier: Verifier
) -> None:
    token = issuer.token("citizen", "li", filler="x" * MOST_BYTES)

    assert reason(verifier, token) == "malformed"


def test_a_header_that_demands_what_nobody_here_understands_is_refused(
    issuer: Issuer, verifier: Verifier
) -> None:
    """RFC 7515, 4.1.11: an extension that is critical and not understood makes a token invalid."""
    token = issuer.sign(issuer.claims("citizen", "li"), crit=["policy"], policy="strict")

    assert reason(verifier, token) == "malformed"


# -- keys ----------------------------------------------------------------------------------


class Endpoint:
    """A JWKS endpoint on this machine that counts its visitors and can be made to fail."""

    def __init__(self, document: Callable[[], Any]) -> None:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                endpoint.visits += 1
                body = document()
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(endpoint.status)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.visits = 0
        self.status = 200
        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.uri = f"http://127.0.0.1:{self._server.server_port}/jwks.json"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def endpoint(issuer: Issuer) -> Iterator[Endpoint]:
    running = Endpoint(issuer.published)
    yield running
    running.close()


@pytest.fixture
def now() -> list[float]:
    """The process's own seconds, by which keys grow old."""
    return [1000.0]


@pytest.fixture
def remote(endpoint: Endpoint, clock: FrozenClock, now: list[float]) -> Verifier:
    return Verifier(ISSUER, AUDIENCE, endpoint.uri, clock, monotonic=lambda: now[0])


def test_keys_are_fetched_once_and_again_when_they_are_old(
    issuer: Issuer, endpoint: Endpoint, remote: Verifier, now: list[float]
) -> None:
    for _ in range(3):
        remote.identity(issuer.token("citizen", "li"))
    assert endpoint.visits == 1

    now[0] += KEYS_LIFE + 1
    remote.identity(issuer.token("citizen", "li"))
    assert endpoint.visits == 2


def test_a_new_key_is_found_without_waiting_for_the_old_to_grow_old(
    issuer: Issuer, endpoint: Endpoint, remote: Verifier, now: list[float]
) -> None:
    remote.identity(issuer.token("citizen", "li"))
    issuer.add("second", RSA)
    now[0] += KEYS_PAUSE

    assert remote.identity(issuer.token("citizen", "li")).subject == "li"
    assert endpoint.visits == 2


def test_a_key_that_was_withdrawn_is_refused_when_the_keys_are_fetched_again(
    issuer: Issuer, remote: Verifier, now: list[float]
) -> None:
    stolen = issuer.token("admin", "mallory")
    issuer.add("second", ec_key())
    remote.identity(issuer.token("citizen", "li"))
    issuer.drop("first")
    now[0] += KEYS_LIFE + 1

    assert reason(remote, stolen) == "key"


def test_unknown_keys_do_not_make_us_ask_the_issuer_again_and_again(
    issuer: Issuer, endpoint: Endpoint, remote: Verifier, now: list[float]
) -> None:
    """Anybody can write a token with a key's name of their own making."""
    claims, key = issuer.claims("admin", "mallory"), ec_key()
    for place in range(20):
        token = jwt.encode(claims, key, algorithm="ES256", headers={"kid": f"unknown-{place}"})
        assert reason(remote, token) == "key"
        now[0] += 0.1

    assert endpoint.visits == 1


def test_while_the_issuer_is_away_known_keys_stay_good(
    issuer: Issuer, endpoint: Endpoint, remote: Verifier, now: list[float]
) -> None:
    remote.identity(issuer.token("citizen", "li"))
    endpoint.status = 503
    now[0] += KEYS_LIFE + 1

    assert remote.identity(issuer.token("citizen", "li")).subject == "li"


def test_without_any_keys_the_caller_is_asked_to_come_again(
    issuer: Issuer, endpoint: Endpoint, remote: Verifier
) -> None:
    """A fault of ours, not of the token: no 401."""
    endpoint.status = 503
    with pytest.raises(KeysUnavailable):
        remote.identity(issuer.token("citizen", "li"))

    endpoint.status = 200
    assert remote.identity(issuer.token("citizen", "li")).subject == "li"


@pytest.mark.parametrize(
    "document",
    [b"", b"garbage", b"\xff\xfe", b"[]", b"null", b"5", b"{}", b'{"keys": []}', b'{"keys": 5}',
     b'{"keys": [5]}', b'{"keys": [{"kty": "king"}]}', b"[" * 50_000, b" " * 200_000],
    ids=lambda document: repr(document[:24]),
)  # fmt: skip
def test_keys_that_are_none_are_as_good_as_none(
    clock: FrozenClock, issuer: Issuer, document: bytes
) -> None:
    endpoint = Endpoint(lambda: document)
    try:
        with pytest.raises(KeysUnavailable):
            Verifier(ISSUER, AUDIENCE, endpoint.uri, clock).identity(issuer.token("citizen"))
    finally:
        endpoint.close()


def test_a_key_that_nobody_understands_does_not_spoil_the_others(
    clock: FrozenClock, issuer: Issuer
) -> None:
    keys = [{"kty": "OKP", "crv": "X999", "kid": "odd", "x": "AA"}, *issuer.published()["keys"]]
    endpoint = Endpoint(lambda: {"keys": keys})
    try:
        verifier = Verifier(ISSUER, AUDIENCE, endpoint.uri, clock)
        assert verifier.identity(issuer.token("citizen", "li")).subject == "li"
    finally:
        endpoint.close()


@pytest.mark.parametrize("uri", ["http://issuer.test/jwks", "file:///etc/hostname", "ftp://x/y"])
def test_keys_come_by_a_way_that_can_be_trusted(
    clock: FrozenClock, issuer: Issuer, uri: str
) -> None:
    with pytest.raises(KeysUnavailable):
        Verifier(ISSUER, AUDIENCE, uri, clock).identity(issuer.token("citizen"))
