"""Plays API Gateway: the template's routes, proxy events, and the answers it gives by itself."""

from __future__ import annotations

import base64
import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from infra.local.functions import Function, FunctionError

LOG = logging.getLogger("infra.local")
LARGEST_BODY = 10 * 1024 * 1024  # of a request to a REST API
LARGEST_EVENT = 6 * 1024 * 1024  # of a synchronous invocation of a function
Headers = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Response:
    """An HTTP answer. `headers` keeps repeated ones apart; look single ones up by `header`."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    def json(self) -> Any:
        """The body as JSON; ValueError if it is none."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Route:
    """A path of the API as segments, `{name}` for a parameter, and its functions by method."""

    path: str
    methods: Mapping[str, Function] = field(hash=False)

    def parameters(self, segments: list[str]) -> dict[str, str] | None:
        """What the path's parameters stand for, or None if it is another path."""
        own = self.path.strip("/").split("/")
        if len(own) != len(segments):
            return None
        pairs = list(zip(own, segments, strict=True))
        if any(not given or (mine[0] != "{" and mine != given) for mine, given in pairs):
            return None
        return {mine[1:-1]: given for mine, given in pairs if mine[0] == "{"}


class Gateway:
    """A REST API, as its own domain serves it: without the stage in the path."""

    def __init__(
        self,
        api: Mapping[str, Any],
        api_id: str,
        stage: str,
        functions: Mapping[str, Function],
        now: Callable[[], datetime],
    ) -> None:
        """`api` holds the RestApi's properties, resolved; `functions` are found by their ARN."""
        body = api["Body"]
        self._routes = [
            Route(path, {m.upper(): _function(op, functions) for m, op in methods.items()})
            for path, methods in body["paths"].items()
        ]
        # A literal segment goes before a parameter.
        self._routes.sort(key=lambda route: route.path.replace("{", "\uffff"))
        self._own_answers = body.get("x-amazon-apigateway-gateway-responses", {})
        self._api_id, self._stage, self._now = api_id, stage, now

    def handle(
        self,
        method: str,
        target: str,
        headers: Headers | None = None,
        body: bytes | str | None = None,
        source_ip: str = "127.0.0.1",
    ) -> Response:
        """Answer one request; `target` is the path with its query, percent-encoded."""
        raw = body.encode("utf-8") if isinstance(body, str) else body or b""
        path, _, query = target.partition("?")
        if len(raw) > LARGEST_BODY:
            return self.own_answer("REQUEST_TOO_LARGE", 413, "Request Too Long")
        found = self._find(method, path)
        if found is None:
            return self.own_answer("MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication")
        route, parameters = found
        event = self._event(method, path, query, route, parameters, headers or {}, raw, source_ip)
        if len(raw) > LARGEST_EVENT:
            return self.own_answer("REQUEST_TOO_LARGE", 413, "Request Entity Too Large")
        try:
            return _response(route.methods[method].invoke(event))
        except FunctionError:
            return self.own_answer("DEFAULT_5XX", 502, "Internal server error")
        except (TypeError, ValueError, KeyError, AttributeError) as fault:
            LOG.warning("%s %s: malformed answer: %s", method, route.path, fault)
            return self.own_answer("DEFAULT_5XX", 502, "Internal server error")

    def own_answer(self, kind: str, status: int, message: str) -> Response:
        """What the gateway says without asking a function, as the template words it."""
        family = f"DEFAULT_{status // 100}XX"
        said = self._own_answers.get(kind) or self._own_answers.get(family) or {}
        status = int(said.get("statusCode", status))
        template = said.get("responseTemplates", {}).get(
            "application/json", '{"message": $context.error.messageString}'
        )
        text = template.replace("$context.error.messageString", json.dumps(message))
        headers = {
            name.removeprefix("gatewayresponse.header."): value.strip("'")
            for name, value in said.get("responseParameters", {}).items()
        }
        return Response(
            status,
            tuple({"Content-Type": "application/json", **headers}.items()),
            text.encode("utf-8"),
        )

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route and its parameters. API Gateway does not tell a wrong method from a wrong
        path: both are "missing authentication token"."""
        segments = path.strip("/").split("/")
        for route in self._routes:
            parameters = route.parameters(segments)
            if parameters is not None and method in route.methods:
                return route, parameters
        return None

    def _event(
        self,
        method: str,
        path: str,
        query: str,
        route: Route,
        parameters: dict[str, str],
        headers: Headers,
        body: bytes,
        source_ip: str,
    ) -> dict[str, Any]:
        """The event of a Lambda proxy integration, version 1.0.

        Path and path parameters stay percent-encoded and the query is decoded, as REST APIs do.
        """
        arguments = _grouped(parse_qsl(query, keep_blank_values=True))
        many = {name: [v] if isinstance(v, str) else list(v) for name, v in headers.items()}
        many.setdefault("X-Forwarded-For", [source_ip])
        many.setdefault("X-Forwarded-Proto", ["https"])
        agent = next((v[-1] for k, v in many.items() if k.lower() == "user-agent"), None)
        now = self._now()
        return {
            "resource": route.path,
            "path": path,
            "httpMethod": method,
            "headers": {name: values[-1] for name, values in many.items()},
            "multiValueHeaders": many,
            "queryStringParameters": {n: v[-1] for n, v in arguments.items()} or None,
            "multiValueQueryStringParameters": arguments or None,
            "pathParameters": parameters or None,
            "stageVariables": None,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": self._api_id,
                "domainName": "localhost",
                "extendedRequestId": uuid.uuid4().hex[:16],
                "httpMethod": method,
                "identity": {"sourceIp": source_ip, "userAgent": agent},
                "path": path,
                "protocol": "HTTP/1.1",
                "requestId": str(uuid.uuid4()),
                "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
                "requestTimeEpoch": int(now.timestamp() * 1000),
                "resourceId": "local",
                "resourcePath": route.path,
                "stage": self._stage,
            },
            "body": body.decode("utf-8", "replace") if body else None,
            "isBase64Encoded": False,  # the template declares no binary media types
        }


def _function(operation: Mapping[str, Any], functions: Mapping[str, Function]) -> Function:
    uri: str = operation["x-amazon-apigateway-integration"]["uri"]
    return functions[uri.partition("/functions/")[2].removesuffix("/invocations")]


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _response(answer: Any) -> Response:
    """The answer of a proxy integration as HTTP; raises if a function gave no such answer."""
    many = {name: [str(value)] for name, value in (answer.get("headers") or {}).items()}
    many.update(answer.get("multiValueHeaders") or {})
    if not any(name.lower() == "content-type" for name in many):
        many["Content-Type"] = ["application/json"]
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode("utf-8")
    headers = tuple((name, value) for name, values in many.items() for value in values)
    return Response(int(answer["statusCode"]), headers, body)
