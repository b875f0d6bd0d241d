"""The city on the local stack; tests of a module share one, each with cases of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.town import Town


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Town().open() as town:
        yield town
