"""An OIDC issuer of our own: key pairs, the keys it publishes, and the tokens it signs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "https://issuer.test"
AUDIENCE = "lianxin"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """Signs with its newest key; publishes those it has not dropped."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._keys: dict[str, PrivateKey] = {}
        self.add("first", ec_key())

    def add(self, kid: str, key: PrivateKey) -> None:
        self._keys[kid] = key

    def drop(self, kid: str) -> None:
        del self._keys[kid]

    def key(self, kid: str) -> PrivateKey:
        return self._keys[kid]

    def published(self) -> dict[str, Any]:
        """The JWK set, public halves only."""
        return {"keys": [_public(kid, key) for kid, key in self._keys.items()]}

    @property
    def jwks_uri(self) -> str:
        """The keys of now as a `data:` URI, as the local stack hands them over."""
        document = json.dumps(self.published()).encode()
        return "data:application/json;base64," + base64.b64encode(document).decode()

    def claims(self, role: str, subject: str, **more: Any) -> dict[str, Any]:
        now = self._clock()
        return {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "role": role,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(hours=1)).timestamp()),
            **more,
        }

    def token(self, role: str, subject: str = "someone", **more: Any) -> str:
        """A token that is right in every respect; `more` claims replace or add to the usual."""
        return self.sign(self.claims(role, subject, **more))

    def sign(self, claims: dict[str, Any], kid: str | None = None, **header: Any) -> str:
        kid = kid or list(self._keys)[-1]
        key = self._keys[kid]
        algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid, **header})


def _public(kid: str, key: PrivateKey) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}
