"""The two stores, so that every test of the contract runs against each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casework.store.memory import MemoryTable
from casework.store.table import Table
from tests.support.aws import Aws, aws


@pytest.fixture(scope="module")
def cloud() -> Iterator[Aws]:
    with aws() as running:
        yield running


@pytest.fixture(params=["memory", "dynamodb"])
def table(request: pytest.FixtureRequest) -> Table:
    if request.param == "memory":
        return MemoryTable()
    cloud: Aws = request.getfixturevalue("cloud")
    return cloud.new_table()
