"""The API reference as one plain HTML page, rendered from the OpenAPI document alone.

No script, nothing loaded from elsewhere; readable on a phone, in Chinese and in English.
"""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from casework.words import Language, pick
from infra.local.reference_marks import breakable, curl, fold, inline, limits, prose
from infra.local.reference_words import WORDS
from infra.local.tour import KEY
from schemas import names

PAGES: dict[Language, str] = {"zh-CN": "/docs", "en": "/docs/en"}
"""Where the page is served, by language: the two link to each other."""
_STYLE = Path(__file__).with_name("reference.css")


def reference_html(document: dict[str, Any], language: Language, url: str) -> str:
    """The page in one language, for a service that answers at `url`."""
    return _Page(document, language, url).html()


class _Page:
    def __init__(self, document: dict[str, Any], language: Language, url: str) -> None:
        self._document, self._language, self._url = document, language, url
        components = document["components"]
        self._schemas: dict[str, Any] = components["schemas"]
        self._groups = {
            tag["name"]: (self._said(tag), list(self._operations(tag["name"])))
            for tag in document["tags"]
        }

    # -- the page ----------------------------------------------------------------------------

    def html(self) -> str:
        info = self._document["info"]
        other: Language = "en" if self._language == "zh-CN" else "zh-CN"
        return "\n".join(
            [
                f'<!doctype html><html lang="{self._language}"><head><meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f"<title>{self._word('title')}</title>",
                f"<style>{_STYLE.read_text('utf-8')}</style></head><body>",
                f'<header><a class="lang" hreflang="{other}" href="{PAGES[other]}">'
                f"{self._word('other')}</a>",
                f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>",
                f"<p>{self._said(info, 'summary')} · "
                f'<a href="/v1/openapi.json">{self._word("raw")}</a></p></header>',
                f'<div class="page">{self._contents()}<main>',
                f'<section id="about"><h2>{self._word("about")}</h2>{prose(self._said(info))}'
                f"<h3>{self._word('first')}</h3><p>{self._word('yours')}</p>"
                f"<pre>{escape(self._first())}</pre></section>",
                *(self._group(*pair) for pair in self._groups.items()),
                self._shapes(),
                self._codes("problems", self._document["x-problems"]),
                self._codes("faults", self._document["x-faults"]),
                "</main></div></body></html>",
            ]
        )

    def _first(self) -> str:
        """Shell lines that the examples stand on: where the service is, which case, who asks."""
        receipt = self._document["components"]["examples"]["Receipt"]["value"]
        return "\n".join(
            [
                f"API={self._url}/v1",
                f"NUMBER={receipt['case_number']}",
                f"CODE={receipt['access_code']}",
                "TOKEN=$(.venv/bin/lianxin token --role officer --department chengguan)",
                KEY,
            ]
        )

    def _contents(self) -> str:
        items = [f'<li><a href="#about">{self._word("about")}</a></li>']
        for name, (said, operations) in self._groups.items():
            inner = "".join(
                f'<li><a href="#{op["operationId"]}">{self._said(op, "summary")}</a></li>'
                for _, _, op in operations
            )
            items.append(f'<li><a href="#{name}">{said}</a><ul>{inner}</ul></li>')
        items += [
            f'<li><a href="#{part}">{self._word(part)}</a></li>'
            for part in ("shapes", "lists", "problems", "faults")
        ]
        listed = f"<ul>{''.join(items)}</ul>"
        # On a phone the contents fold away; beside the text they stand open.
        return (
            f'<nav class="wide">{listed}</nav><details class="narrow">'
            f"<summary>{self._word('contents')}</summary><nav>{listed}</nav></details>"
        )

    def _group(self, name: str, group: tuple[str, list[Any]]) -> str:
        said, operations = group
        shown = "".join(self._operation(*operation) for operation in operations)
        return f'<section id="{name}"><h2>{said}</h2>{shown}</section>'

    def _operations(self, tag: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, item in self._document["paths"].items():
            for method, operation in item.items():
                if tag in operation["tags"]:
                    yield method.upper(), path, operation

    # -- an operation ------------------------------------------------------------------------

    def _operation(self, method: str, path: str, operation: dict[str, Any]) -> str:
        parameters = [self._found(one) for one in operation["parameters"]]
        query = [one for one in parameters if one["in"] == "query"]
        headers = [one for one in parameters if one["in"] == "header"]
        parts = [
            f"<p>{inline(self._said(operation))}</p>",
            f'<dl class="facts"><dt>{self._word("who")}</dt><dd>{self._who(operation)}</dd>',
            f"<dt>{self._word('headers')}</dt><dd>{self._headers(headers)}</dd></dl>",
        ]
        if query:
            parts.append(f"<h4>{self._word('query')}</h4>{self._parameters(query)}")
        parts += [
            self._body(operation),
            self._tries(method, path, headers, operation),
            *self._answers(operation),
        ]
        return (
            f'<article id="{operation["operationId"]}"><h3>{self._said(operation, "summary")}</h3>'
            f'<p class="path"><b class="{method.lower()}">{method}</b> <code>{breakable(path)}</code></p>'
            f"{''.join(parts)}</article>"
        )

    def _who(self, operation: dict[str, Any]) -> str:
        ways = operation["security"]
        names = [next(iter(way), "anonymous") for way in ways]
        said = " / ".join(self._word(name) for name in names) or self._word("nobody")
        return "".join([said, *(f"<br>{self._row(row)}" for row in operation.get("x-allowed", []))])

    def _row(self, row: dict[str, Any]) -> str:
        """Who, standing how to the case, in which of its states."""
        states, roles = self._schemas["State"], self._schemas["Role"]["x-names"][self._language]
        named = states["x-names"][self._language]
        where = " / ".join(named[state] for state in row["states"])
        for word, every in (
            ("any state", set(names.STATES)),
            ("open", set(names.STATES) - names.ENDS),
        ):
            where = self._word(word) if set(row["states"]) == every else where
        who = " / ".join(roles[role] for role in row["roles"])
        apart = [self._word(one) for one in ("different_person", "different_unit") if one in row]
        how = " · ".join([self._word(row["relation"]), *apart])
        return f"{escape(who)} ({how}) — <small>{escape(where)}</small>"

    def _headers(self, headers: list[dict[str, Any]]) -> str:
        return " ".join(
            f'<code title="{self._said(one)}">{one["name"]}</code>'
            + (f' <b class="req">{self._word("required")}</b>' if one["required"] else "")
            for one in headers
        )

    def _parameters(self, parameters: list[dict[str, Any]]) -> str:
        rows = (
            f"<dt><code>{one['name']}</code> {self._type(one['schema'])}</dt><dd>{self._said(one)}</dd>"
            for one in parameters
        )
        return f'<dl class="fields">{"".join(rows)}</dl>'

    def _body(self, operation: dict[str, Any]) -> str:
        if "requestBody" not in operation:
            return ""
        (content,) = operation["requestBody"]["content"].values()
        name = _name(content["schema"])
        fields = {
            field: schema
            for field, schema in self._schemas[name]["properties"].items()
            if field != "type"
        }
        shown = self._fields(fields, self._schemas[name])
        return f"<h4>{self._word('body')}</h4>" + (shown or f"<p>{self._word('nothing')}</p>")

    def _tries(
        self, method: str, path: str, headers: list[dict[str, Any]], operation: dict[str, Any]
    ) -> str:
        """A call to copy, for each example of what can be sent."""
        bodies: list[dict[str, Any]] = [{}]
        if "requestBody" in operation:
            (content,) = operation["requestBody"]["content"].values()
            only = {"only": {"value": content.get("example")}}
            bodies = [*content.get("examples", only).values()]
        keyed = any(one["name"] == "Idempotency-Key" for one in headers)
        return "".join(
            fold(
                " · ".join(filter(None, (self._word("try"), self._said(body, "summary")))),
                f"<pre>{escape(curl(method, path, operation['security'], keyed, body))}</pre>",
            )
            for body in bodies
        )

    def _answers(self, operation: dict[str, Any]) -> Iterator[str]:
        refused = []
        for status, listed in operation["responses"].items():
            response = self._found(listed)
            if "x-codes" in response:
                refused += [(status, code) for code in response["x-codes"]]
                continue
            (content,) = response["content"].values()
            yield f"<h4>{self._word('answer')} {status}</h4><p>{self._type(content['schema'])}</p>"
            for example in content.get("examples", {}).values():
                value = json.dumps(self._found(example)["value"], ensure_ascii=False, indent=1)
                yield fold(self._word("example"), f"<pre>{escape(value)}</pre>")
        rows = "".join(
            f'<li>{status} <a href="#problems.{code}"><code>{code}</code></a> '
            f"{escape(self._document['x-problems'][code][self._language])}</li>"
            for status, code in refused
        )
        yield fold(self._word("refusals"), f'<ul class="codes">{rows}</ul>')

    # -- shapes and codes --------------------------------------------------------------------

    def _shapes(self) -> str:
        shapes, lists = [], []
        for name, schema in self._schemas.items():
            if "enum" in schema:
                lists.append(self._list(name, schema))
            elif schema.get("properties"):
                fields = self._fields(schema["properties"], schema)
                said = inline(self._said(schema))
                shapes.append(
                    f'<article id="{name}"><h3>{name}</h3><p>{said}</p>{fields}</article>'
                )
        return (
            f'<section id="shapes"><h2>{self._word("shapes")}</h2>{"".join(shapes)}</section>'
            f'<section id="lists"><h2>{self._word("lists")}</h2>{"".join(lists)}</section>'
        )

    def _list(self, name: str, schema: dict[str, Any]) -> str:
        named = schema["x-names"][self._language]
        items = "".join(f"<li><code>{v}</code> {escape(named[v])}</li>" for v in schema["enum"])
        said = self._said(schema)
        return f'<article id="{name}"><h3>{said} <small>{name}</small></h3><ul class="codes">{items}</ul></article>'

    def _fields(self, fields: dict[str, Any], shape: dict[str, Any]) -> str:
        """The fields of a shape: marked where one must be sent, or may be missing in an answer."""
        if not fields:
            return ""
        asked, always = "additionalProperties" in shape, set(shape.get("required", []))
        must = f' <b class="req">{self._word("required")}</b>'
        may = f" <small>{self._word('if any')}</small>"
        mark = {(True, True): must, (False, False): may}
        rows = (
            f"<dt><code>{name}</code> {self._type(schema)}{mark.get((asked, name in always), '')}</dt>"
            f"<dd>{inline(self._said(schema))}</dd>"
            for name, schema in fields.items()
        )
        return f'<dl class="fields">{"".join(rows)}</dl>'

    def _codes(self, part: str, codes: dict[str, dict[str, Any]]) -> str:
        rows = "".join(
            f'<dt id="{part}.{code}"><code>{code}</code> {said.get("status", "")}</dt>'
            f"<dd>{escape(said[self._language].replace('{{', '{').replace('}}', '}'))}</dd>"
            for code, said in codes.items()
        )
        return f'<section id="{part}"><h2>{self._word(part)}</h2><dl class="fields">{rows}</dl></section>'

    def _type(self, schema: dict[str, Any]) -> str:
        """A type in words, with its limits."""
        choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
        if choices:
            # That an optional field may also be null is for machines to know.
            return " / ".join(self._type(one) for one in choices)
        if "$ref" in schema:
            said = f'<a href="#{_name(schema)}">{_name(schema)}</a>'
        elif schema.get("type") == "array":
            said = self._word("list of") + self._type(schema.get("items", {}))
        else:
            form = schema.get("format")
            kind = form if form in ("date-time", "date") else schema.get("type", "any")
            said = self._word(kind)
        extra = [limit for limit in (limits(schema), self._default(schema)) if limit]
        return f'<span class="type">{" ".join([said, *extra])}</span>'

    def _default(self, schema: dict[str, Any]) -> str:
        if "default" not in schema or schema["default"] in ([], {}):
            return ""
        return f"{self._word('default')} <code>{escape(json.dumps(schema['default']))}</code>"

    # -- small things ------------------------------------------------------------------------

    def _word(self, key: str) -> str:
        return pick(WORDS[key], self._language)

    def _said(self, thing: dict[str, Any], field: str = "description") -> str:
        return escape(thing.get(f"x-{field}", {}).get(self._language, ""), quote=True)

    def _found(self, thing: dict[str, Any]) -> dict[str, Any]:
        """What a `$ref` into the components stands for."""
        if "$ref" not in thing:
            return thing
        kind, name = thing["$ref"].removeprefix("#/components/").split("/")
        found: dict[str, Any] = self._document["components"][kind][name]
        return found


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
