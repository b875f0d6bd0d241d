"""The base of every shape, and the field types that all of them share.

Input is strict: unknown fields and wrong types are refused, never guessed at. What a person
wrote is cleaned (control characters dropped), never judged: no word and no script is refused.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    model_serializer,
)

TITLE_LIMIT = 100
TEXT_LIMIT = 5_000


class Model(BaseModel):
    """A frozen, strict shape. Its validator is built on first use, to keep cold starts short."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


@cache
def _defaults(shape: type[BaseModel]) -> dict[str, Any]:
    """What may be left out; the type of an event or a command never is."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in shape.model_fields.items()
        if name != "type" and not field.is_required()
    }


class Compact(Model):
    """Leaves out what equals its default when written: a stored item is billed by its size."""

    @model_serializer(mode="wrap")
    def _compact(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        defaults = _defaults(type(self))
        return {
            key: value
            for key, value in handler(self).items()
            if key not in defaults or _as_held(value) != defaults[key]
        }


def _as_held(value: Any) -> Any:
    """JSON has lists where fields have tuples."""
    return tuple(value) if isinstance(value, list) else value


_KEPT = {"\n", "\t"}
_OTHER_LINE_ENDS = str.maketrans(
    {"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)


def clean(text: object) -> object:
    """Drop control characters (keeping line ends and tabs) and outer blanks; compose to NFC.

    Bidirectional controls stay: Uyghur and Arabic need them. `schemas.display.safe` makes
    them harmless where text is shown. A lone surrogate is half a character and cannot be
    stored: ValueError, as the one thing that is refused.
    """
    if not isinstance(text, str):
        return text
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("lone_surrogate")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_OTHER_LINE_ENDS)
    kept = "".join(c for c in text if c in _KEPT or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", kept).strip()


def half_width(text: str) -> str:
    """Full-width digits and signs as ASCII, as an old person's input method may send them."""
    return unicodedata.normalize("NFKC", text)


# Not \d, which takes the digits of every script.
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{9,11}")
_ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{6,14}")


def phone(value: str) -> str:
    """A phone number in one spelling: 11 digits for a mainland mobile, 0… for a landline, +… abroad.

    Raises ValueError if it is none. Source: 电信网编号计划 (2017).
    """
    bare = re.sub(r"[\s\-()–—]", "", half_width(value))
    bare = re.sub(r"^(\+|00)86(?=1|0)", "", bare)
    bare = re.sub(r"^00(?=[1-9])", "+", bare)
    if any(shape.fullmatch(bare) for shape in (_MOBILE, _LANDLINE, _ABROAD)):
        return bare
    raise ValueError("phone_invalid")


_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]+")


def email(value: str) -> str:
    """A mail address in one spelling: ASCII in lower case, as every provider in use takes it.

    Other scripts stay as they are (RFC 6531): folding them would make two people's addresses one.
    Raises ValueError if it is none. Source: RFC 5321, 4.5.3.1 (64 and 254 octets).
    """
    bare = value.strip()
    bare = bare.lower() if bare.isascii() else bare
    if len(bare.encode()) <= 254 and _EMAIL.fullmatch(bare):
        return bare
    raise ValueError("email_invalid")


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("time_without_zone")
    return value.astimezone(UTC)


def iso(value: datetime) -> str:
    """A time as text, in UTC and to the second: `2026-11-23T05:16:51Z`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _from_text(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Time = Annotated[
    datetime,
    BeforeValidator(_from_text),
    AfterValidator(_aware),
    PlainSerializer(iso, return_type=str, when_used="always"),
]


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", value) is None:
        raise ValueError("no_date")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("no_date") from error


Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat, return_type=str, when_used="always"),
]
"""A local date of our days, `2026-11-23`; what it limits ends at 24:00 of that day."""
# Limits stand next to `str`, so that they bear on the cleaned text and count characters.
Title = Annotated[str, Field(max_length=TITLE_LIMIT), BeforeValidator(clean)]
Text = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT), BeforeValidator(clean)]
Line = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(clean)]
Phone = Annotated[str, Field(max_length=40), BeforeValidator(clean), AfterValidator(phone)]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._:-]+$")]
