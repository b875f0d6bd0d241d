"""A request as the doors read it: who asks, in which language, under which id, with what."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import unquote

from casework.cases import number as numbers
from casework.cases.access import Bound, By
from casework.cases.state import Case
from casework.edge.problems import Wrong
from casework.outcomes import NotFound, Request, WrongCode
from casework.runtime import World
from casework.security.tokens import Identity
from casework.store.items import Head
from casework.words import Language, preferred
from schemas.base import Model
from schemas.events import Actor
from schemas.names import STAFF, Role

BODY_LIMIT = 131_072
"""Bytes. A text of 5 000 characters written in JSON escapes takes 60 000."""
_NOT_UTF8 = (
    "不是 UTF-8（有乱码 �），请改用 UTF-8 重发",
    "it is not UTF-8 (�); send it again in UTF-8",
)
_ACCESS_CODE = re.compile(r"[0-9]{6}")
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_VERSION = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')
_M = TypeVar("_M", bound=Model)

AT_THE_DESK = ("使用工作台", "use the desk")
AS_A_CITIZEN = ("以诉求人身份办理", "act as a citizen")

# Without validation: the validator would have to be built at every start of a function.
CITIZEN = Actor.model_construct(id="citizen", role="citizen")


@dataclass(frozen=True)
class Ask:
    """One HTTP request. `headers` is case-insensitive."""

    world: World
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes
    source: str

    @cached_property
    def language(self) -> Language:
        return preferred(self.headers.get("accept-language"))

    # -- what is asked ---------------------------------------------------------------------

    def body(self, shape: type[_M]) -> _M:
        """The body as this shape. Raises Wrong, or pydantic's ValidationError with the fields."""
        if len(self.raw) > BODY_LIMIT:
            raise Wrong("too_large", limit=BODY_LIMIT)
        # API Gateway itself hands bytes that are no UTF-8 over as U+FFFD: the words are lost then.
        written = self.raw.decode("utf-8-sig", "replace")
        if "\ufffd" in written:
            raise Wrong("malformed", why=_NOT_UTF8)
        try:
            values = json.loads(written or "{}", parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Wrong("malformed", why=_where(error)) from error
        return shape.model_validate(values)

    @cached_property
    def request_id(self) -> str:
        """The Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header)."""
        key = self.headers.get("idempotency-key", "").strip()
        if not key:
            raise Wrong("key_missing", pointer="Idempotency-Key")
        if not _KEY.fullmatch(key):
            raise Wrong("key_invalid", pointer="Idempotency-Key")
        return key

    @property
    def if_match(self) -> int | None:
        written = self.headers.get("if-match", "").strip()
        if not written or written == "*":
            return None
        match = _VERSION.fullmatch(written)
        if match is None:
            raise Wrong("if_match_invalid", pointer="If-Match")
        return int(match[1])

    @property
    def desk(self) -> bool:
        """Whether it comes by the desk's doors."""
        return self.path.startswith("/v1/desk/")

    # -- who asks --------------------------------------------------------------------------

    @cached_property
    def identity(self) -> Identity | None:
        """Whom the bearer token speaks for; None without one. Raises BadToken, Wrong."""
        authorization = self.headers.get("authorization", "").strip()
        if not authorization:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Wrong("token_scheme")
        return self.world.verifier.identity(token.strip())

    @cached_property
    def by(self) -> By:
        """Who asks, as the rules see it: a citizen (perhaps nobody known), or staff."""
        identity = self.identity
        if identity is None:
            return By(CITIZEN)
        if identity.role == "citizen":
            account = self.world.service.keys.person(identity.subject)
            return By(CITIZEN, bindings=(Bound(account),))
        return By(Actor(id=identity.subject, role=identity.role, unit=identity.unit))

    def towards(self, case: Case, by: By) -> By:
        """`by` with all bindings of a signed-in citizen, if the account alone did not file the case.

        To know them costs a read, which those who look at their own case are spared.
        """
        if self.identity is None or not by.bindings or by.owns(case):
            return by
        return By(CITIZEN, bindings=self.world.persons.of(self.identity.subject).bounds)

    @property
    def staff(self) -> By:
        """Staff only. Raises Wrong."""
        self._signed_in(STAFF, AT_THE_DESK)
        return self.by

    @property
    def citizen(self) -> Identity:
        """A signed-in citizen only. Raises Wrong."""
        return self._signed_in(frozenset({"citizen"}), AS_A_CITIZEN)

    def _signed_in(self, roles: frozenset[Role], doing: tuple[str, str]) -> Identity:
        if self.identity is None:
            raise Wrong("token_missing")
        if self.identity.role not in roles:
            raise Wrong("role", role=self.identity.role, command=doing)
        return self.identity

    @property
    def request(self) -> Request:
        """The request as staff makes it."""
        return Request(self.staff, self.request_id, self.if_match)

    def own(self, number: str) -> tuple[By, Head | None]:
        """The citizen of this case: by access code, else by token (then checked with the case).

        Agents act for the citizen on these routes. Raises Wrong, NotFound, WrongCode, Locked.
        """
        code = numbers.bare(_as_sent(self.headers.get("access-code", "")))
        if code:
            if not _ACCESS_CODE.fullmatch(code):
                raise WrongCode  # and no try: it can open no case
            head = self.world.service.open_by_code(number, code, self.source)
            return By(CITIZEN, opened=True), head
        if self.identity is None:
            raise Wrong("credentials_missing")
        if self.identity.role not in ("citizen", "agent"):
            raise Wrong("role", role=self.identity.role, command=AS_A_CITIZEN)
        return self.by, None


def case_number(written: str) -> str:
    """The case number in a path, however it is written. NotFound without asking the database."""
    # API Gateway hands path parameters over as they came, percent-encoded.
    number = numbers.parse(unquote(written))
    if number is None:
        raise NotFound
    return number


def _as_sent(header: str) -> str:
    """A header that was sent in UTF-8 and read as Latin-1, as HTTP has it (RFC 9110, 5.5)."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _where(error: Exception) -> tuple[str, str]:
    """Where the JSON breaks; never what stands there."""
    if isinstance(error, json.JSONDecodeError):
        line, column = error.lineno, error.colno
        return f"第 {line} 行第 {column} 列", f"line {line}, column {column}"
    if isinstance(error, RecursionError):
        return "嵌套太深", "nested too deeply"
    return "有不能表示的数", "a number that cannot be"
