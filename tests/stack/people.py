"""Who comes to the doors over HTTP: citizens with their access code or token, staff with theirs."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol

from infra.local.gateway import Headers, Response

PHOTO = {"kind": "photo", "reference": "P-1"}
"""What shows that a street was cleared: such replies bring one."""


class Client(Protocol):
    """What carries a request to the stack: its gateway, or a connection to its port."""

    def request(
        self, method: str, path: str, headers: Headers | None = None, body: str | None = None
    ) -> Response: ...


def fresh_key() -> str:
    """An Idempotency-Key that nobody has used."""
    return str(uuid.uuid4())


def good(response: Response, status: int = 200) -> dict[str, Any]:
    """The answer's body; fails with the whole answer if it is another status."""
    assert response.status == status, f"{response.status}: {response.text}"
    body: dict[str, Any] = response.json()
    return body


def refused(response: Response, status: int, code: str) -> dict[str, Any]:
    """The problem; fails unless it is one with this status and code, in problem+json."""
    problem = good(response, status)
    assert problem["code"] == code, problem
    assert (response.header("Content-Type") or "").startswith("application/problem+json")
    return problem


@dataclass(frozen=True)
class Person:
    """Somebody with credentials."""

    client: Client
    credentials: dict[str, str] = field(repr=False)

    def get(self, path: str) -> Response:
        return self.client.request("GET", path, {**self.credentials})

    def post(
        self, path: str, body: dict[str, Any], key: str | None = None, **headers: str
    ) -> Response:
        sent = {
            **self.credentials,
            "Content-Type": "application/json",
            "Idempotency-Key": key or fresh_key(),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.request("POST", path, sent, json.dumps(body, ensure_ascii=False))


@dataclass(frozen=True)
class Citizen(Person):
    """The citizen of one case."""

    number: str
    code: str | None = None

    def see(self) -> dict[str, Any]:
        """The case as its citizen sees it."""
        return good(self.get(f"/v1/cases/{self.number}"))

    def ask(
        self, what: str, body: dict[str, Any] | None = None, key: str | None = None, **headers: str
    ) -> Response:
        """One of the citizen's own routes: messages, urges, rating, …"""
        return self.post(f"/v1/cases/{self.number}/{what}", body or {}, key, **headers)

    def rate(self, overall: int, resolved: str = "yes", **more: Any) -> dict[str, Any]:
        body = {"contacted": True, "resolved": resolved, "overall": overall, **more}
        return good(self.ask("rating", body))


@dataclass(frozen=True)
class Staff(Person):
    """Somebody at the desk."""

    def act(
        self, number: str, command: str, body: dict[str, Any] | None = None, **headers: Any
    ) -> Response:
        """Give a command; `key` and headers may come with it."""
        return self.post(f"/v1/desk/cases/{number}/{command}", body or {}, **headers)

    def does(self, number: str, command: str, **body: Any) -> dict[str, Any]:
        """Give a command that is carried out."""
        return good(self.act(number, command, body))

    def sees(self, number: str) -> dict[str, Any]:
        """The case as the desk sees it."""
        return good(self.get(f"/v1/desk/cases/{number}"))

    def worklist(self, query: str = "") -> list[dict[str, Any]]:
        """The first page of a worklist; of the own unit without a query."""
        items: list[dict[str, Any]] = good(self.get(f"/v1/desk/worklist?limit=100&{query}"))[
            "items"
        ]
        return items

    def finds(self, number: str, query: str = "") -> dict[str, Any] | None:
        """The case's line in a worklist, if it is there."""
        return next((one for one in self.worklist(query) if one["case_number"] == number), None)


def events_of(case: dict[str, Any]) -> list[str]:
    """The types of the events in a case's timeline, in their order."""
    return [entry["event"] for entry in case["timeline"]]
