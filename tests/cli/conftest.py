"""The sample city on the local stack, in this process, with and without its past."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.city import LocalCity

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def empty_city() -> Iterator[LocalCity]:
    """The city without cases, answering on a free port."""
    with LocalCity(ROOT) as city:
        city.start(seed=False)
        city.serve(0)
        yield city


@pytest.fixture(scope="module")
def old_city() -> Iterator[LocalCity]:
    """The city with its seventy-one cases, not yet served: nothing moves by itself."""
    with LocalCity(ROOT) as city:
        city.start(seed=True)
        yield city
