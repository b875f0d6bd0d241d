"""Keys by purpose, all derived from the city's master secret, and the hashes made with them.

Each purpose has its own key (HKDF-Expand, RFC 5869), so that one hash says nothing of another.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from casework.cases import number as numbers


class Keys:
    """The hashes that the service makes. Holds the master secret; never print or pickle it."""

    def __init__(self, master: bytes) -> None:
        self._key = lru_cache(maxsize=None)(
            lambda purpose: hmac.digest(master, b"lianxin/" + purpose.encode() + b"\x01", "sha256")
        )

    def __repr__(self) -> str:
        return "Keys(…)"

    def case_number(self, identity: str, salt: int = 0) -> str:
        """The case number of a filing's identity; see `casework.cases.number`."""
        return numbers.derive(self._key("case-number"), identity, salt)

    def access_code(self, number: str, generation: int = 0) -> str:
        """Six digits that open one case. Derived, never stored, so a repeated filing gets the same."""
        digest = self._digest("access-code", f"{number}\n{generation}")
        return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"

    def code_fits(self, number: str, code: str, generation: int = 0) -> bool:
        """Whether this is the case's access code; takes the same time whatever the code."""
        return hmac.compare_digest(self.access_code(number, generation).encode(), code.encode())

    def fingerprint(self, purpose: str, content: str) -> str:
        """22 characters that recognise a content again and tell nothing of it without the key."""
        return _short(self._digest(purpose, content)[:16])

    def person(self, subject: str) -> str:
        """The key of "my cases" for a signed-in citizen, a blind index."""
        return self.fingerprint("person", subject)

    def phone(self, phone: str) -> str:
        """The key of "my cases" for a phone number, a blind index."""
        return self.fingerprint("phone", phone)

    def email(self, address: str) -> str:
        """The key of "my cases" for a mail address, a blind index."""
        return self.fingerprint("email", address)

    def source(self, address: str) -> str:
        """Who tries access codes: a network, not to be read back."""
        return self.fingerprint("source", network(address))

    def _digest(self, purpose: str, content: str) -> bytes:
        return hmac.digest(self._key(purpose), content.encode(), hashlib.sha256)


def network(address: str) -> str:
    """What one party has of the net: an IPv4 address, or a whole /48 of IPv6 (RFC 6177).

    A household's IPv6 addresses are more than there are access codes.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ip_network((int(parsed), 128)).supernet(new_prefix=48))
    return str(parsed)


def _short(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")


def salted(salt: str, text: str) -> str:
    """Salted SHA-256 of a text for the hash chain, base64url; with the salt gone, it tells nothing."""
    return _short(hashlib.sha256(f"{salt}\n{text}".encode()).digest())
