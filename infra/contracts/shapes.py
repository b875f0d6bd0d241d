"""From pydantic models to JSON Schema that integrators like to read.

Beside what pydantic says: closed lists become schemas of their own with the names people read,
every field is described in both languages, and an answer says what it really holds (a field
without a value is left out, never null).
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from casework.views import people
from casework.views.names import code_name, kind_name, role_name, state_name
from casework.words import LANGUAGES
from infra.contracts.words import CODES, ENUMS, FIELDS, SHAPES
from schemas import names
from schemas.api import Words

Schema = dict[str, Any]

_LISTS: dict[tuple[str, ...], str] = {
    get_args(value): name
    for name, value in vars(names).items()
    if get_origin(value) is Literal and isinstance(get_args(value)[0], str)
}
"""The closed lists of texts by their values; a number needs no name."""
_TIMES = ("at", "since", "due_at", "filed_at", "joined_at", "time", "next")
_FORMS: dict[str, Schema] = {
    **{name: {"format": "date-time"} for name in _TIMES},
    **{name: {"format": "date"} for name in ("due_on", "date")},
    "case_number": {"pattern": "^1[0-9]{15}$"},
    "access_code": {"pattern": "^[0-9]{6}$"},
}
"""What a text of this name looks like, where its type does not say."""


def told(field: str, words: Words, joint: str = "\n\n") -> Schema:
    """A text of the document in both languages at once, and apart under `x-<field>`."""
    return {field: joint.join(words), f"x-{field}": dict(zip(LANGUAGES, words, strict=True))}


def shapes(
    models: Iterable[type[BaseModel]], mode: Literal["validation", "serialization"], ref: str
) -> dict[str, Schema]:
    """A schema for each of these models and for what they hold. `ref` has a place for `{model}`."""
    _, made = models_json_schema(
        [(model, mode) for model in dict.fromkeys(models)], ref_template=ref
    )
    found: dict[str, Schema] = {}
    for name, schema in made["$defs"].items():
        found[name] = _shape(name, schema, ref, found)
        if mode == "serialization":
            _as_answered(found[name])
    return dict(sorted(found.items()))


def _shape(name: str, schema: Schema, ref: str, lists: dict[str, Schema]) -> Schema:
    schema = _tidy(schema, ref, lists)
    schema |= told("description", SHAPES[name])
    for field, property_ in schema.get("properties", {}).items():
        if property_.get("type") == "string" and field in _FORMS:
            property_.update(_FORMS[field])
        property_.update(told("description", _field_words(name, field), " · "))
    return schema


def _field_words(model: str, field: str) -> Words:
    return FIELDS.get(f"{model}.{field}") or FIELDS[field]


def _tidy(value: Any, ref: str, lists: dict[str, Schema]) -> Any:
    """Without pydantic's titles and null defaults, and with closed lists as references."""
    if isinstance(value, list):
        return [_tidy(one, ref, lists) for one in value]
    if not isinstance(value, dict):
        return value
    if "enum" in value and (name := _LISTS.get(tuple(value["enum"]))):
        lists[name] = closed_list(name)
        kept = {"default": value["default"]} if value.get("default") is not None else {}
        return {"$ref": ref.format(model=name)} | kept
    tidied = {}
    for key, held in value.items():
        if key == "properties":
            tidied[key] = {field: _tidy(one, ref, lists) for field, one in held.items()}
        elif not (key == "title" or (key == "default" and held is None)):
            tidied[key] = _tidy(held, ref, lists)
    return tidied


def closed_list(name: str) -> Schema:
    """A list of `schemas.names`, with the name that people read for each value."""
    values = get_args(getattr(names, name))
    read = {
        language: {value: _name_of(name, value, language) for value in values}
        for language in LANGUAGES
    }
    return {
        "type": "string",
        "enum": list(values),
        **told("description", ENUMS[name], " · "),
        "x-names": read,
    }


_NAMED: dict[str, Callable[[Any, Any], str]] = {
    "State": state_name,
    "Kind": kind_name,
    "Role": role_name,
    "BindingKind": people.kind_name,
    "Proof": people.proof_name,
}


def _name_of(list_name: str, value: str, language: Any) -> str:
    if (list_name, value) in CODES:
        return CODES[list_name, value][LANGUAGES.index(language)]
    return _NAMED.get(list_name, code_name)(value, language)


def _as_answered(schema: Schema) -> None:
    """An answer leaves out what has no value, and may grow: readers ignore what they don't know."""
    required = []
    for field, property_ in schema.get("properties", {}).items():
        choices = property_.get("anyOf", [])
        if {"type": "null"} in choices:
            (held,) = [one for one in choices if one != {"type": "null"}]
            del property_["anyOf"]
            schema["properties"][field] = held | property_
        else:
            required.append(field)
    if required:
        schema["required"] = required
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
