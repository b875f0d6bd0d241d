"""A town for each story, behind the doors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from casework import runtime
from casework.cases.rules import Rules
from tests.stories.town import Town

Founded = Callable[..., Town]


@pytest.fixture
def town() -> Iterator[Founded]:
    """A town from a moment on: `town("2026-09-30 19:00")`."""

    def founded(at: str, rules: Rules | None = None) -> Town:
        made = Town(at, rules)
        runtime.configure({}, into=made.world)
        return made

    yield founded
    runtime.reset()
