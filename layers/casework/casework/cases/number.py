"""Case numbers: 16 digits in four groups that can be said on the phone and typed on any keypad.

The first is 1, so that it is no bank card; 14 come from a keyed hash of what makes the filing
unique; the last is a check digit (ISO 7064 MOD 11,10, which finds every wrong digit and nearly
every swap of neighbours).
"""

import hashlib
import hmac
import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-‐-―−._]+")
_SHAPE = re.compile(r"1[0-9]{15}")


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of decimal digits."""
    product = 10
    for digit in digits:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


def derive(key: bytes, identity: str, salt: int = 0) -> str:
    """The number of the filing with this identity; another salt gives another number."""
    digest = hmac.digest(key, f"{identity}\n{salt}".encode(), hashlib.sha256)
    body = "1" + f"{int.from_bytes(digest[:12], 'big') % 10**14:014d}"
    return body + check_digit(body)


def bare(written: str) -> str:
    """What a person wrote in groups or typed in full width, as plain signs without separators."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", written))


def parse(written: str) -> str | None:
    """The number as 16 digits, however a person wrote it; None if it cannot be one."""
    digits = bare(written)
    if not _SHAPE.fullmatch(digits) or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits


def spoken(number: str) -> str:
    """`1817209355617206` as `1817 2093 5561 7206`."""
    return " ".join(number[i : i + 4] for i in range(0, 16, 4))
