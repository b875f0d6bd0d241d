"""The contracts of what travels as messages: announcements to subscribers, and the commands."""

from typing import Any

from casework.cases.table import TABLE
from casework.views.names import command_name
from infra.contracts.shapes import shapes, told
from schemas import api
from schemas import commands as c
from schemas.events import Announcement

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/{model}"
_APART = ("different_person", "different_unit")
"""From whoever did, or whose unit did, what the command decides on."""


def events() -> dict[str, Any]:
    """What a subscriber of the topic CaseEvents, or a unit's own queue, receives."""
    made = shapes([Announcement], "validation", _REF)
    for schema in made.values():
        # A commit leaves out what equals its default, except what kind of event it tells.
        if "const" in schema.get("properties", {}).get("type", {}):
            schema["required"] = ["type", *schema.get("required", [])]
            schema["properties"]["type"] |= told(
                "description", ("事件的种类", "Kind of event"), " · "
            )
        schema.pop("additionalProperties", None)
    return {
        "$schema": DIALECT,
        "$id": "urn:lianxin:events:v1",
        **made.pop("Announcement"),
        "$comment": "Readers ignore fields and events that they do not know: more may come.",
        "$defs": made,
    }


def commands() -> dict[str, Any]:
    """Every command a person can give: its shape, who may give it, and in which states."""
    named = {"file": c.File} | {
        name: shape for name, shape in c.COMMANDS.items() if name not in c.BY_SYSTEM
    }
    made = shapes(named.values(), "validation", _REF)
    for name, shape in named.items():
        made[shape.__name__] |= {"x-command": name, **told("title", named_in_both(name), " · ")}
        if name in TABLE.commands:
            made[shape.__name__]["x-allowed"] = allowed(name)
    return {
        "$schema": DIALECT,
        "$id": "urn:lianxin:commands:v1",
        "anyOf": [{"$ref": _REF.format(model=shape.__name__)} for shape in named.values()],
        "$defs": made,
    }


def named_in_both(command: str) -> api.Words:
    return command_name(command, "zh-CN"), command_name(command, "en")


def allowed(command: str) -> list[dict[str, Any]]:
    """The rows of the table that allow this command to some person, as data."""
    return [
        {
            "roles": sorted(people),
            "relation": row.relation,
            "states": sorted(row.states),
            **{name: True for name in _APART if getattr(row, name)},
        }
        for row in TABLE.commands[command]
        if (people := row.roles - {"system"})
    ]
