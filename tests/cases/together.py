"""Telling what a command leads to that names another case."""

from __future__ import annotations

from dataclasses import replace

from casework.cases.access import By
from casework.cases.decide import decide
from casework.cases.rules import Refusal
from schemas.commands import Command
from tests.cases.telling import Story

OTHER_NUMBER = "1817209355617218"
"""Of the case that the command names."""


def relate(
    story: Story,
    command: Command,
    by: By,
    other: Story | None = None,
    made: tuple[str, ...] = (),
) -> Story:
    """As `Story.when`, where the service has looked up `other`, or made cases for it."""
    decided = decide(
        story.case,
        command,
        by,
        story.rules,
        story.now,
        "TEXT#1",
        other=other.case if other else None,
        made=made,
    )
    if isinstance(decided, Refusal):
        return replace(story, last=decided)
    return replace(story._committed(decided, by) if decided else story, last=tuple(decided))
