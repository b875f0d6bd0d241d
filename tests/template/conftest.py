"""The templates, as fixtures."""

from __future__ import annotations

import pytest

from tests.template.reading import TEMPLATES, Resources, translated


@pytest.fixture(scope="session")
def resources() -> Resources:
    return translated("template.yaml")


@pytest.fixture(scope="session", params=TEMPLATES)
def each(request: pytest.FixtureRequest) -> Resources:
    """The resources of each template in turn."""
    return translated(request.param)
