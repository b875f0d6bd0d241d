"""Driving the doors as AWS does: events in AWS's documented shape, put to the Lambda handlers.

Whatever a door answers is held against the published contract at once: a status, a code or a
field that the contract does not know fails the test that met it.
"""

from __future__ import annotations

import base64
import copy
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator

from functions.desk.app import app as desk
from functions.feedback.app import app as feedback
from functions.intake.app import app as intake
from infra import contracts
from tests.support.world import MemoryWorld

PAYLOADS = Path(__file__).with_name("payloads")
DOORS = (intake, desk, feedback)
NAME, PHONE = "欧阳慕晴", "19900007788"
TEXT = "月亮河小区三号楼电梯停了两天，老人下不了楼。"
PERSONAL = (NAME, PHONE, "月亮河", "moon river")
"""What no log line may hold, whatever else goes wrong."""
_ids = itertools.count()


def payload(name: str) -> Any:
    """A fixture of `payloads/`."""
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


class Context:
    """What Lambda hands a handler beside the event."""

    function_name = "door"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws-cn:lambda:cn-north-1:123456789012:function:door"
    aws_request_id = "8f507cfc-1c2b-4e8e-9c0f-3c9bd2f0a111"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer of a door."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@dataclass
class Api:
    """API Gateway before the doors of one world."""

    world: MemoryWorld

    def get(self, path: str, **how: Any) -> Answer:
        return self.send("GET", path, **how)

    def post(self, path: str, body: Any = None, **how: Any) -> Answer:
        """POST under a new Idempotency-Key, unless `headers` says otherwise."""
        how["headers"] = {"Idempotency-Key": f"key-{next(_ids)}"} | (how.get("headers") or {})
        raw = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        return self.send("POST", path, **({"raw": raw} | how))

    def send(
        self,
        method: str,
        path: str,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        query: Mapping[str, str] | None = None,
        language: str | None = None,
        source: str = "203.0.113.7",
        base64_body: bool = False,
    ) -> Answer:
        """Put one request to its door. A header of None is left out."""
        template, parameters, handler = _route(method, path)
        event = payload("api_get" if method == "GET" else "api_post")
        event |= {
            "resource": template,
            "path": path,
            "httpMethod": method,
            "pathParameters": parameters or None,
            "queryStringParameters": dict(query) if query else None,
            "multiValueQueryStringParameters": {k: [v] for k, v in query.items()}
            if query
            else None,
            "body": _body(raw, base64_body),
            "isBase64Encoded": base64_body,
        }
        asked = {"Accept-Language": language, "Idempotency-Key": None} | dict(headers or {})
        kept = {k: v for k, v in event["headers"].items() if k not in asked}
        sent = kept | {k: v for k, v in asked.items() if v is not None}
        event["headers"] = sent
        event["multiValueHeaders"] = {name: [value] for name, value in sent.items()}
        context = event["requestContext"]
        context |= {"resourcePath": template, "path": path, "httpMethod": method}
        context["identity"]["sourceIp"] = source
        answered = handler(event, Context())
        many = {k: v[0] for k, v in (answered.get("multiValueHeaders") or {}).items()}
        answer = Answer(
            answered["statusCode"], {**answered.get("headers", {}), **many}, answered["body"]
        )
        held_to_contract(method, path, answer)
        return answer

    # -- the usual first steps ---------------------------------------------------------------

    def file(self, **changed: Any) -> Case:
        """File a request as somebody who is not signed in."""
        body = {
            "text": TEXT,
            "category": "0101",
            "contact": {"name": NAME, "phone": PHONE},
        } | changed
        answer = self.post("/v1/cases", {k: v for k, v in body.items() if v is not None})
        assert answer.status == 201, answer.text
        return Case(self, answer.body["case_number"], answer.body["access_code"])

    def bearer(self, role: str, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.world.issuer.token(role, **claims)}"}

    def stored(self) -> list[dict[str, Any]]:
        """All that lies in the cases table now, a copy: to be compared with later."""
        return self.world.stored()


@dataclass
class Case:
    """A filed case, and the ways in which people reach it."""

    api: Api
    number: str
    code: str

    @property
    def path(self) -> str:
        return f"/v1/cases/{self.number}"

    @property
    def desk_path(self) -> str:
        return f"/v1/desk/cases/{self.number}"

    @property
    def opened(self) -> dict[str, str]:
        return {"Access-Code": self.code}

    def citizen(self, what: str, body: Any = None, **headers: str) -> Answer:
        """What its citizen asks, by access code."""
        return self.api.post(f"{self.path}/{what}", body, headers=self.opened | headers)

    def desk(self, command: str, body: Any = None, role: str = "officer", **claims: Any) -> Answer:
        """What the desk does, an officer of the holding unit unless said otherwise."""
        if role in ("officer", "head"):
            claims = {"department": self.unit, "subject": f"{role} of {self.unit}"} | claims
        headers = self.api.bearer(role, **claims)
        return self.api.post(f"{self.desk_path}/{command}", body, headers=headers)

    @property
    def unit(self) -> str | None:
        head = self.api.world.service.store.head(self.number)
        assert head is not None
        return head.case.unit

    def dispatched(self) -> Case:
        self.api.world.dispatcher.route(self.number)
        assert self.unit is not None
        return self

    def claimed(self) -> Case:
        assert self.dispatched().desk("claim").status == 200
        return self

    def answered(self) -> Case:
        said = self.claimed().desk("reply", {"outcome": "resolved", "text": "电梯已修好。"})
        assert said.status == 200, said.text
        return self


def _body(raw: bytes | None, base64_body: bool) -> str | None:
    if raw is None:
        return None
    return base64.b64encode(raw).decode() if base64_body else raw.decode("utf-8", "replace")


def _route(method: str, path: str) -> tuple[str, dict[str, str], Callable[[Any, Any], Any]]:
    """The resource of a path, its parameters as they came, and whose it is."""
    segments = path.split("/")
    for door in DOORS:
        for template, methods in sorted(door.routes.items(), key=lambda one: "{" in one[0]):
            own = template.split("/")
            pairs = list(zip(own, segments, strict=False))
            if len(own) == len(segments) and all(a == b or a[:1] == "{" for a, b in pairs):
                if method not in methods:
                    continue
                return template, {a[1:-1]: b for a, b in pairs if a[:1] == "{"}, door
    raise LookupError(f"no door for {method} {path}")


# -- the contract ------------------------------------------------------------------------------


@cache
def contract() -> dict[str, Any]:
    """The OpenAPI document, closed: here a field that it does not name is a fault."""
    document = copy.deepcopy(contracts.documents()["openapi.json"])
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document


@cache
def _operation(method: str, path: str) -> Any:
    segments = path.split("/")
    for template, item in contract()["paths"].items():
        own = template.split("/")
        pairs = zip(own, segments, strict=False)
        same = len(own) == len(segments) and all(a == b or a[0:1] == "{" for a, b in pairs)
        if same and method.lower() in item:
            return item[method.lower()]
    return None


def held_to_contract(method: str, path: str, answer: Answer) -> None:
    """Fail unless the contract foresees this answer."""
    kind = "application/json" if answer.status < 400 else "application/problem+json"
    assert answer.headers["Content-Type"].startswith(kind)
    operation = _operation(method, path)
    if operation is None:
        assert answer.status >= 400, f"nothing is said of {method} {path}"
        return
    assert str(answer.status) in operation["responses"], (method, path, answer.text)
    response = operation["responses"][str(answer.status)]
    if "$ref" in response:
        name = response["$ref"].rpartition("/")[2]
        response = contract()["components"]["responses"][name]
    schema = response["content"][kind]["schema"] | {"components": contract()["components"]}
    OAS31Validator(schema).validate(answer.body)
    for name in response["headers"]:
        assert name in answer.headers, (method, path, answer.status, name)
