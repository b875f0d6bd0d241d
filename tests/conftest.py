"""What the whole suite shares: which files begin, and how patient its property tests are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes on a busy machine is no property of what is tried.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

HERE = Path(__file__).parent
FIRST = (
    "cli/test_plans.py",
    "tools/test_setup.py",
    "service/test_at_once.py",
    "cli/test_seed.py",
    "service/test_crashes_on_aws.py",
    "cases/test_table.py",
    "stack/test_crashes.py",
    "service/test_relations_at_once.py",
    "doors/test_lives.py",
    "stack/test_relations.py",
    "cli/test_local.py",
    "deadlines/test_replay.py",
    "service/test_cities.py",
)
"""The files that take about ten seconds and more, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no process begin with a long file when the others are about to end."""
    place = {HERE / name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path, len(FIRST)))
