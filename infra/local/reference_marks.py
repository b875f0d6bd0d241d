"""Small pieces of the API reference's page: limits in plain numbers, texts as HTML, calls to copy."""

import json
import re
import shlex
from html import escape
from typing import Any


def limits(schema: dict[str, Any]) -> str:
    """How long or how great a value may be: `1–100`, `≥ 1`, `≤ 5000`; empty if nothing is said."""
    low, high = (
        "" if limit is None else plain(limit)
        for limit in (
            schema.get("minLength", schema.get("minimum")),
            schema.get("maxLength", schema.get("maximum")),
        )
    )
    if low and high:
        return f"{low}–{high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


def plain(number: float) -> str:
    """Without an exponent, and without a fraction that is none: 1000000, 180, 0.5."""
    return str(int(number) if number == int(number) else number)


def fold(label: str, inner: str) -> str:
    """HTML that opens when it is asked to."""
    return f"<details><summary>{label}</summary>{inner}</details>"


def breakable(path: str) -> str:
    """A path that may be broken at its slashes."""
    return escape(path).replace("/", "/<wbr>")


def inline(text: str) -> str:
    """Escaped text with its `code` and **strong** parts marked."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)


def prose(text: str) -> str:
    """Paragraphs, parted by empty lines."""
    return "".join(f"<p>{inline(paragraph)}</p>" for paragraph in text.split("\n\n"))


def curl(
    method: str, path: str, security: list[dict[str, Any]], keyed: bool, body: dict[str, Any]
) -> str:
    """A call to copy into a shell; `body` holds the JSON to send as its `value`, if there is one."""
    where = "$API" + path.removeprefix("/v1").replace("{case_number}", "$NUMBER")
    lines = [f'curl -X {method} "{where}"' if method != "GET" else f'curl "{where}"']
    schemes = [scheme for way in security for scheme in way]
    if schemes[:1] == ["accessCode"]:
        lines.append('-H "Access-Code: $CODE"')
    elif schemes and {} not in security:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if keyed:
        lines.append('-H "Idempotency-Key: $(key)"')
    if body:
        written = json.dumps(body["value"], ensure_ascii=False, indent=1)
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(written)}"]
    return " \\\n  ".join(lines)
