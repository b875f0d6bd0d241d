"""The people of a city at its doors: each request as the person in that role would send it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from infra.local.issuer import Issuer, Who

Send = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, Any]]
"""Sends method, path, headers and body; gives status and JSON."""


class RefusedError(Exception):
    """The service said no; `problem` is its problem document."""

    def __init__(self, status: int, problem: Any) -> None:
        self.status, self.problem = status, problem if isinstance(problem, dict) else {}
        said = self.problem.get("detail") or self.problem.get("message") or "?"
        faults = self.problem.get("errors") or []
        where = "; ".join(f"{fault['pointer']} {fault['detail']}" for fault in faults)
        super().__init__(f"{status} {said}" + (f" ({where})" if where else ""))

    @property
    def code(self) -> str:
        """The problem's code, such as `state`."""
        return str(self.problem.get("code", ""))


@dataclass(frozen=True)
class Case:
    """What a citizen keeps of a filing."""

    number: str
    code: str


class Doors:
    """Requests in the name of somebody. Thread-safe if `send` is."""

    def __init__(self, send: Send, issuer: Issuer, language: str = "zh-CN") -> None:
        self._send, self._issuer, self._language = send, issuer, language
        self._tokens: dict[Who, str] = {}

    def token(self, who: Who) -> str:
        """A token for somebody, the same one for as long as these doors are used."""
        if who not in self._tokens:
            self._tokens[who] = self._issuer.token(who, datetime.now(UTC))
        return self._tokens[who]

    def get(self, path: str, who: Who | None = None, code: str | None = None) -> Any:
        """What stands there. Raises RefusedError."""
        return self._ask("GET", path, self._signed(who, code), None)

    def file(self, filing: Mapping[str, Any], key: str, who: Who | None = None) -> Any:
        """File a request; gives the receipt. Raises RefusedError."""
        return self._ask("POST", "/v1/cases", self._signed(who) | _key(key), filing)

    def citizen(self, case: Case, what: str, body: Mapping[str, Any], key: str) -> Any:
        """What the citizen of a case does (`messages`, `rating` ...), opened by its access code."""
        path = f"/v1/cases/{case.number}/{what}"
        return self._ask("POST", path, self._signed(None, case.code) | _key(key), body)

    def desk(self, number: str, command: str, body: Mapping[str, Any], key: str, who: Who) -> Any:
        """What somebody of the city does with a case. Raises RefusedError."""
        path = f"/v1/desk/cases/{quote(number)}/{command}"
        return self._ask("POST", path, self._signed(who) | _key(key), body)

    def _signed(self, who: Who | None, code: str | None = None) -> dict[str, str]:
        signed = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        return signed | ({"Access-Code": code} if code else {})

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: Mapping[str, Any] | None
    ) -> Any:
        usual = {"Accept-Language": self._language, "Content-Type": "application/json"}
        raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        status, answer = self._send(method, path, usual | headers, raw)
        if status >= 400:
            raise RefusedError(status, answer)
        return answer


def _key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}
