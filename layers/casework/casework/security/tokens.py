"""Bearer tokens of an OIDC issuer: who asks, in which role, for which unit.

Source: RFC 7519, RFC 8725 (algorithms pinned, issuer and audience checked, keys by `kid`);
OpenID Connect Core 1.0, 5.1 (what the issuer has verified of a citizen).
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schemas.base import email, phone
from schemas.names import ROLES, Role

if TYPE_CHECKING:
    import jwt

ALGORITHMS = ("RS256", "ES256")
LEEWAY = 30
"""Seconds by which clocks may differ."""
KEYS_LIFE = 600.0
"""Seconds after which the issuer's keys are fetched again."""
KEYS_PAUSE = 10.0
"""Seconds between two fetches because of an unknown key."""
MOST_BYTES = 8_192
END_OF_TIME = 253_402_300_800
"""The year 10000; a token that would last longer, or is valid until NaN, never ends."""


class BadToken(Exception):
    """The token is not accepted; `reason` is one of malformed, expired, issuer, audience, key, claims."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeysUnavailable(Exception):
    """The issuer's keys cannot be fetched now."""


@dataclass(frozen=True)
class Identity:
    """Who a token speaks for. `phone` and `email` are there only if the issuer verified them."""

    subject: str
    role: Role
    unit: str | None = None
    area: str | None = None
    phone: str | None = None
    email: str | None = None


class Verifier:
    """Verifies tokens against the issuer's published keys, which it caches."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_uri: str,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer, self._audience, self._jwks_uri = issuer, audience, jwks_uri
        self._clock, self._monotonic = clock, monotonic
        self._keys: jwt.PyJWKSet | None = None
        self._fetched = 0.0
        self._lock = threading.Lock()

    def identity(self, token: str) -> Identity:
        """Whom the token speaks for. Raises BadToken, KeysUnavailable."""
        import jwt

        if len(token) > MOST_BYTES:
            raise BadToken("malformed")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise BadToken("key")
            claims = jwt.decode(
                token,
                self._key(header.get("kid")),
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                # Expiry is checked below, by the service's own clock.
                options={
                    "require": ["exp", "iss", "aud", "sub"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidIssuerError as error:
            raise BadToken("issuer") from error
        except jwt.InvalidAudienceError as error:
            raise BadToken("audience") from error
        except jwt.InvalidSignatureError as error:
            raise BadToken("key") from error
        except jwt.MissingRequiredClaimError as error:
            raise BadToken("claims") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise BadToken("malformed") from error
        self._in_time(claims)
        return _identity(claims)

    def _in_time(self, claims: dict[str, Any]) -> None:
        now = self._clock().timestamp()
        expires, begins = claims["exp"], claims.get("nbf", 0)
        if not isinstance(expires, int | float) or not isinstance(begins, int | float):
            raise BadToken("claims")
        if not expires < END_OF_TIME:
            raise BadToken("claims")
        if now >= expires + LEEWAY or now < begins - LEEWAY:
            raise BadToken("expired")

    def _key(self, kid: object) -> "jwt.PyJWK":
        key = self._find(kid)
        if key is None:
            self._fetch(KEYS_PAUSE)
            key = self._find(kid)
        if key is None:
            raise BadToken("key")
        return key

    def _find(self, kid: object) -> "jwt.PyJWK | None":
        if self._keys is None or self._monotonic() - self._fetched > KEYS_LIFE:
            self._fetch(0.0)
        keys = self._keys.keys if self._keys else []
        if kid is None and len(keys) == 1:
            return keys[0]
        return next((key for key in keys if key.key_id == kid and kid is not None), None)

    def _fetch(self, pause: float) -> None:
        import jwt

        with self._lock:
            if self._keys is not None and self._monotonic() - self._fetched < pause:
                return
            try:
                self._keys = jwt.PyJWKSet.from_dict(_read(self._jwks_uri))
            except (OSError, ValueError, RecursionError, jwt.PyJWTError) as error:
                if self._keys is None:
                    raise KeysUnavailable(str(error)) from error
            self._fetched = self._monotonic()


def _read(uri: str) -> dict[str, Any]:
    """A JWK set by https, or written in the setting itself as a `data:` URI."""
    from urllib.request import urlopen

    if not uri.startswith(("https://", "http://127.0.0.1", "http://localhost", "data:")):
        raise ValueError("signing keys come by https")
    with urlopen(uri, timeout=3) as answer:
        document = json.loads(answer.read(100_000))
    if not isinstance(document, dict):
        raise ValueError("signing keys come as a JSON object")
    return document


def _identity(claims: dict[str, Any]) -> Identity:
    role, subject = claims.get("role"), claims.get("sub")
    unit, area = claims.get("department"), claims.get("area")
    if role not in ROLES or role == "system" or not isinstance(subject, str) or not subject:
        raise BadToken("claims")
    if not all(value is None or isinstance(value, str) for value in (unit, area)):
        raise BadToken("claims")
    return Identity(
        subject=subject,
        role=role,
        unit=unit,
        area=area,
        phone=_verified(claims, "phone_number", phone),
        email=_verified(claims, "email", email),
    )


def _verified(claims: dict[str, Any], name: str, spelt: Callable[[str], str]) -> str | None:
    """The claim in our spelling if its issuer verified it; what cannot be read proves nothing."""
    value = claims.get(name)
    if claims.get(f"{name}_verified") is not True or not isinstance(value, str):
        return None
    try:
        return spelt(value)
    except ValueError:
        return None
