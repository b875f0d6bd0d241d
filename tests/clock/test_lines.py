"""The line of an entry in a TOML text: exact for what is there, the nearest around it for what is not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from casework.clock.book import OVERLAY, presets
from casework.clock.lines import line_of, line_of_fault
from casework.clock.policy import preset_text

LISTS = '''\
note = """
[clocks.claim]
"""
[clocks.claim]
stops_on = [
  "claimed",   # the first
  "returned", "replied",

  "merged",
]
limit.help = "1WD"
limit."any" = "2WD"

[clocks]
redo = {limit = {help = "3WD"}, ladder = "short"}
[ladders]
short = [
  {at = "80%", do = "remind", who = ["officer"]},
  {at = "due", do = "level 1", who = [
    "head",
    "leader",
  ]},
]
'''


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("note", 3),  # where it is complete
        ("clocks", 4),
        ("clocks.claim", 4),
        ("clocks.claim.stops_on", 5),
        ("clocks.claim.stops_on.1", 6),
        ("clocks.claim.stops_on.2", 7),
        ("clocks.claim.stops_on.3", 7),
        ("clocks.claim.stops_on.4", 9),
        ("clocks.claim.limit", 11),
        ("clocks.claim.limit.help", 11),
        ("clocks.claim.limit.any", 12),
        ("clocks.redo", 15),
        ("clocks.redo.limit.help", 15),
        ("ladders", 16),
        ("ladders.short", 17),
        ("ladders.short.1", 18),
        ("ladders.short.2", 22),  # where it is complete
    ],
)
def test_finds_the_line_of_what_is_there(entry: str, line: int) -> None:
    assert line_of(LISTS, entry) == line


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("clocks.claim.owner", 4),  # its table
        ("clocks.claim.stops_on.5", 5),
        ("clocks.claim.stops_on.0", 5),
        ("clocks.claim.limit.help.any", 11),
        ("clocks.gone.limit", 4),
        ("windows.objection", 0),
    ],
)
def test_finds_the_nearest_around_what_is_not_there(entry: str, line: int) -> None:
    assert line_of(LISTS, entry) == line


def paths(value: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if before:
        yield before
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*before, key))
    if isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from paths(inner, (*before, str(place)))


@pytest.mark.parametrize("name", [*presets(), OVERLAY])
def test_entries_of_every_packaged_policy_stand_on_the_line_that_is_said(name: str) -> None:
    text = preset_text(name)
    lines, every = text.split("\n"), [*paths(tomllib.loads(text))]
    for path in every[
        :: max(1, len(every) // 60)
    ]:  # of the long one not all, for the time it takes
        line = lines[line_of(text, ".".join(path)) - 1]
        found = _value(text, path) if path[-1].isdecimal() else path[-1]
        assert found in line, path


def _value(text: str, path: tuple[str, ...]) -> str:
    """What tells an entry of a list from the others: an event's name, a rung's time."""
    found: Any = tomllib.loads(text)
    for key in path:
        found = found[int(key) - 1] if isinstance(found, list) else found[key]
    return str(found["at"]) if isinstance(found, dict) else str(found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name = "ours"\nreview = all\n', 2),
        ('name = "ours"\n\nstops_on = [\n  "a",\n', 4),
        ('name = "ours"\nname = "theirs"\n', 2),
        ("name = \n", 1),
        ('name = "ours"\n[clocks.claim]\n[clocks.claim]\n', 3),
    ],
)
def test_what_is_no_toml_has_its_line_too(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(text)
    assert line_of_fault(refused.value, text) == line
