"""The laptop's own sign-in: an OIDC issuer reduced to its key pair.

The key is made on first use and kept in `.local/`, out of version control, so that a token from
one terminal opens the stack that runs in another. The stack gets the public half as a `data:` URI.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from schemas.base import email as spelt_email
from schemas.base import phone as spelt_phone
from schemas.names import ROLES, Role

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from casework.catalogue.city import City

ISSUER = "https://issuer.lianxin.invalid"
AUDIENCE = "lianxin"
FOLDER = ".local"
KEY_FILE = "issuer-key.pem"
IN_A_UNIT: frozenset[Role] = frozenset({"officer", "head", "integration"})
"""Roles that see the cases of their own unit only, and so are nobody without one."""
SIGNED_IN: tuple[Role, ...] = tuple(role for role in ROLES if role != "system")


class UnknownWhoError(ValueError):
    """Nobody like that can sign in; says why in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Who:
    """Somebody with an account: the claims of a token. `unit` is the department's code.

    `phone` and `email` are what the issuer would have verified.
    """

    role: Role
    subject: str
    unit: str | None = None
    area: str | None = None
    phone: str | None = None
    email: str | None = None


def who(
    city: City, role: str, unit: str | None = None, area: str | None = None, subject: str = ""
) -> Who:
    """Somebody who exists in this city. Raises UnknownWhoError for a role, unit or area that does not."""
    if role not in SIGNED_IN:
        known = ", ".join(SIGNED_IN)
        raise UnknownWhoError(
            f"没有“{role}”这个角色，可以是：{known}。",
            f"There is no role “{role}”; it can be {known}.",
        )
    if unit is None and role in IN_A_UNIT:
        raise UnknownWhoError(
            f"角色 {role} 要指明单位：--department chengguan。",
            f"The role {role} belongs to a department; add --department.",
        )
    if unit is not None and (unit not in city.units or city.units[unit].retired):
        raise UnknownWhoError(
            f"没有代码为“{unit}”的在用单位，代码见 /v1/catalogue 的 departments。",
            f"There is no department “{unit}”; /v1/catalogue lists their codes.",
        )
    if area is not None and area not in city.areas:
        raise UnknownWhoError(
            f"没有代码为“{area}”的区域，代码见 /v1/catalogue 的 areas。",
            f"There is no area “{area}”; /v1/catalogue lists their codes.",
        )
    made = "-".join(part for part in ("local", role, unit) if part)
    return Who(role, subject or made, unit, area)


def verified(who: Who, phone: str | None, email: str | None) -> Who:
    """The same, with what this issuer has verified. Raises UnknownWhoError for what is none."""
    try:
        number = spelt_phone(phone) if phone else None
    except ValueError:
        raise UnknownWhoError(
            f"“{phone}”不是电话号码：手机 11 位，固定电话带区号，境外号码以 + 开头。",
            f"“{phone}” is no phone number: 11 digits, an area code before a landline, + for abroad.",
        ) from None
    try:
        address = spelt_email(email) if email else None
    except ValueError:
        raise UnknownWhoError(
            f"“{email}”不是邮箱地址，例如 lin@example.com。",
            f"“{email}” is no mail address, such as lin@example.com.",
        ) from None
    return replace(who, phone=number, email=address)


@dataclass(frozen=True)
class Issuer:
    """Signs tokens with one ES256 key."""

    key: EllipticCurvePrivateKey

    @classmethod
    def of(cls, root: Path) -> Issuer:
        """The issuer of this checkout; its key is made on first use."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        path = root / FOLDER / KEY_FILE
        if not path.is_file():
            _make_key(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
        return cls(cast("EllipticCurvePrivateKey", key))

    @cached_property
    def _public(self) -> dict[str, Any]:
        from jwt.algorithms import ECAlgorithm

        return ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)

    @cached_property
    def kid(self) -> str:
        """The key's name: the first half of its thumbprint (RFC 7638)."""
        from hashlib import sha256

        named = {name: self._public[name] for name in ("crv", "kty", "x", "y")}
        text = json.dumps(named, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()[:32]

    @property
    def jwks_uri(self) -> str:
        """The public key as a JWK set in a `data:` URI, for the template's TokenJwksUri."""
        jwks = {"keys": [{**self._public, "kid": self.kid, "use": "sig", "alg": "ES256"}]}
        text = base64.b64encode(json.dumps(jwks).encode()).decode()
        return f"data:application/json;base64,{text}"

    @property
    def parameters(self) -> dict[str, str]:
        """What the template must be told so that this issuer's tokens are accepted."""
        return {
            "TokenIssuer": ISSUER,
            "TokenAudience": AUDIENCE,
            "TokenJwksUri": self.jwks_uri,
        }

    def token(self, who: Who, now: datetime, life: timedelta = timedelta(hours=12)) -> str:
        """A signed token for somebody, good from `now` for `life`."""
        import jwt

        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": who.subject,
            "role": who.role,
            "department": who.unit,
            "area": who.area,
            "phone_number": who.phone,
            "phone_number_verified": True if who.phone else None,
            "email": who.email,
            "email_verified": True if who.email else None,
            "iat": int(now.timestamp()),
            "exp": int((now + life).timestamp()),
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": self.kid})


def _make_key(path: Path) -> None:
    """Make the key file, readable by its owner only. Of two who make it at once, the first wins."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
