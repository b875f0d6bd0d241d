"""The API's description (OpenAPI 3.1), made from the route table, the models and the refusals."""

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from casework.cases.table import TABLE
from casework.edge.refusals import FIELDS, SENTENCES
from casework.words import LANGUAGES
from infra.contracts import examples, lives, prose, requests
from infra.contracts.messages import allowed, named_in_both
from infra.contracts.shapes import closed_list, shapes, told
from schemas import api
from schemas import commands as c
from schemas import views as v
from schemas.problem import Problem

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
REF = "#/components/schemas/{model}"
JSON, PROBLEM = "application/json", "application/problem+json"

_SECURITY: dict[api.Access, list[dict[str, list[str]]]] = {
    "anyone": [],
    "filer": [{}, {"token": []}],
    "citizen": [{"token": []}],
    "case": [{"accessCode": []}, {"token": []}],
    "staff": [{"token": []}],
}
_TOKEN = tuple(code for code in SENTENCES if code.startswith("token_") and code != "token_missing")
_REFUSALS: dict[api.Access, tuple[str, ...]] = {
    "anyone": (),
    "filer": _TOKEN,
    "citizen": (*_TOKEN, "token_missing", "role"),
    "case": (
        *(*_TOKEN, "credentials_missing", "role"),
        *("wrong_code", "locked", "not_found", "not_readable"),
    ),
    "staff": (*_TOKEN, "token_missing", "role"),
}
_OF_A_BODY = ("malformed", "invalid", "too_large")
_OF_A_KEY = ("key_missing", "key_invalid", "key_reused")
_OF_A_COMMAND = ("not_found", "not_yours", "not_readable", "state", "stale", "if_match_invalid")
_ALWAYS = ("busy", "not_set_up", "internal")


def routes() -> list[api.Route]:
    """Every operation: those of the table, and each command of the desk by itself."""
    return [*api.ROUTES, *(_desk_route(name) for name in api.DESK)]


def _desk_route(name: str) -> api.Route:
    about, refusals = api.DESK[name]
    words = name.split("-")
    return api.Route(
        "post",
        api.DESK_PATH.replace("{command}", name),
        "desk" + "".join(word.title() for word in words),
        "staff",
        named_in_both(name),
        about,
        v.Done,
        c.COMMANDS[name],
        refusals=refusals,
    )


def version() -> str:
    """The project's version, which pyproject.toml alone names: the interface has none of its own."""
    project: dict[str, Any] = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    return str(project["version"])


def document() -> dict[str, Any]:
    """The whole document. Texts stand in both languages, and apart under `x-…`."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes():
        paths[route.path][route.method] = _operation(route)
    refusals = _shared(paths)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "连心 · Lianxin",
            "version": version(),
            **told("summary", prose.SUMMARY, " · "),
            **told("description", prose.ABOUT),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": name, **told("description", words, " · ")}
            for name, words in prose.TAGS.items()
        ],
        "paths": dict(paths),
        "components": {
            "securitySchemes": prose.SECURITY,
            "parameters": prose.PARAMETERS,
            "headers": prose.HEADERS,
            "responses": refusals,
            "examples": {name: {"value": one} for name, one in sorted(_examples().items())},
            "schemas": _components(),
        },
        "x-problems": {
            code: {"status": said.status, **dict(zip(LANGUAGES, (said.zh, said.en), strict=True))}
            for code, said in SENTENCES.items()
        },
        "x-faults": {
            code: dict(zip(LANGUAGES, pair, strict=True)) for code, pair in FIELDS.items()
        },
    }


def _shared(paths: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Moves refusals out of the operations, so that equal ones stand in the document once."""
    named: dict[str, Any] = {}
    for item in paths.values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if "x-codes" in response:
                    name = f"{status}-" + "-".join(response["x-codes"])
                    named[name] = response
                    operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(named.items()))


def _components() -> dict[str, Any]:
    asked = [route.body for route in routes() if route.body is not None]
    answered: list[type[BaseModel]] = [
        *(route.answer for route in api.ROUTES if route.answer is not v.Document),
        Problem,
    ]
    requests = shapes(asked, "validation", REF)
    answers = shapes(answered, "serialization", REF)
    both = {name for name in requests.keys() & answers.keys() if requests[name] != answers[name]}
    assert not both, f"the same name for what is asked and what is answered: {both}"
    lists = {name: closed_list(name) for name in ("Queue", "Role")}
    return dict(sorted((requests | answers | lists).items()))


def _operation(route: api.Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [_tag(route)],
        **told("summary", route.summary, " · "),
        **told("description", route.about),
        "security": _SECURITY[route.access],
        "parameters": _parameters(route),
    }
    if route.body is not None:
        operation["requestBody"] = _body(route.body)
        name = c.name_of(route.body)
        if name in TABLE.commands:
            operation["x-allowed"] = _rows(route, name)
    operation["responses"] = _responses(route)
    return operation


def _tag(route: api.Route) -> str:
    if route.path.startswith("/v1/desk/"):
        return "desk-commands" if route.body else "desk"
    return "service" if route.access == "anyone" else "citizen"


def _rows(route: api.Route, command: str) -> list[dict[str, Any]]:
    """On the citizen's own routes the citizen and an agent act; on the desk's, the others."""
    here = {"citizen", "agent"} if route.access == "case" else set(_roles(allowed(command)))
    if route.access == "staff":
        here.discard("citizen")
    rows = [row | {"roles": [r for r in row["roles"] if r in here]} for row in allowed(command)]
    return [row for row in rows if row["roles"]]


def _roles(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(role for row in rows for role in row["roles"]))


def _parameters(route: api.Route) -> list[dict[str, Any]]:
    used = ["CaseNumber"] if "{case_number}" in route.path else []
    used += ["IdempotencyKey"] if route.keyed else []
    used += ["IfMatch"] if route.changes else []
    used += ["AcceptLanguage"]
    own = [
        {
            "name": parameter.name,
            "in": "query",
            "schema": parameter.schema,
            **told("description", parameter.words, " · "),
        }
        for parameter in route.query
    ]
    return [*({"$ref": f"#/components/parameters/{name}"} for name in used), *own]


def _body(shape: type[c.Command]) -> dict[str, Any]:
    example = requests.request(shape)
    shown: dict[str, Any] = {"example": example}
    if shape is c.File:
        shown = {
            "examples": {
                name: {**told("summary", words, " · "), "value": requests.body_of(filing)}
                for name, (words, filing) in requests.FILINGS.items()
            }
        }
    return {
        # A command that needs nothing said may come without a body.
        "required": bool(example),
        "content": {JSON: {"schema": {"$ref": REF.format(model=shape.__name__)}, **shown}},
    }


def _responses(route: api.Route) -> dict[str, Any]:
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in _codes(route):
        by_status[SENTENCES[code].status].append(code)
    return {
        str(route.status): _answer(route),
        **{str(status): _refusal(status, by_status[status]) for status in sorted(by_status)},
    }


def _codes(route: api.Route) -> list[str]:
    """The codes that this operation may answer with."""
    codes = [*_REFUSALS[route.access], *route.refusals, *_ALWAYS]
    codes += _OF_A_BODY if route.body else ()
    codes += _OF_A_KEY if route.keyed else ()
    codes += _OF_A_COMMAND if route.changes else ()
    if route.name in ("health", "showContract"):
        codes = ["internal"]
    return [code for code in SENTENCES if code in codes]


def _answer(route: api.Route) -> dict[str, Any]:
    headers = ["ContentLanguage"]
    headers += ["Location"] if route.status == 201 else []
    headers += ["ETag"] if route.changes or route.name in ("showCase", "showDeskCase") else []
    if route.answer is v.Document:
        content: dict[str, Any] = {"schema": {"type": "object"}}
    else:
        name = route.answer.__name__
        content = {
            "schema": {"$ref": REF.format(model=name)},
            "examples": {"case": {"$ref": f"#/components/examples/{_example_of(route)}"}},
        }
    return {
        **told("description", prose.STATUSES[route.status], " · "),
        "headers": {prose.HEADER_NAMES[name]: _header(name) for name in headers},
        "content": {JSON: content},
    }


def _example_of(route: api.Route) -> str:
    """Each command has an answer of its own; others are told apart by their shapes."""
    return route.name if route.changes else route.answer.__name__


def _examples() -> dict[str, Any]:
    commands = {
        _example_of(route): lives.recorded()[c.name_of(route.body), route.access == "staff"]
        for route in routes()
        if route.body is not None and route.changes
    }
    return examples.answers() | commands


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    headers = ["ContentLanguage"]
    headers += ["WWWAuthenticate"] if status == 401 else []
    headers += ["RetryAfter"] if status in (429, 503) else []
    return {
        **told("description", prose.STATUSES[status], " · "),
        "headers": {prose.HEADER_NAMES[name]: _header(name) for name in headers},
        "content": {
            PROBLEM: {
                "schema": {
                    "allOf": [
                        {"$ref": REF.format(model="Problem")},
                        {"properties": {"code": {"enum": codes}}},
                    ]
                }
            }
        },
        "x-codes": codes,
    }


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}
