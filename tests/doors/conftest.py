"""A world behind the doors, and an ear on everything that they print."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from casework import runtime
from tests.doors.driving import PERSONAL, Api
from tests.support.world import MemoryWorld

SERVICES = ("intake", "desk", "feedback", "dispatch", "deadlines", "relay")


@pytest.fixture
def world() -> Iterator[MemoryWorld]:
    made = MemoryWorld()
    runtime.configure({}, into=made)
    yield made
    runtime.reset()


@pytest.fixture
def api(world: MemoryWorld) -> Api:
    return Api(world)


@pytest.fixture(autouse=True)
def said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[io.StringIO]:
    """All that the doors log; after every test it is searched for people, and so are the metrics."""
    heard = io.StringIO()
    listener = logging.StreamHandler(heard)
    logging.getLogger().addHandler(listener)
    for service in SERVICES:
        for handler in logging.getLogger(service).handlers:
            monkeypatch.setattr(handler, "stream", heard)
    yield heard
    logging.getLogger().removeHandler(listener)
    everything = heard.getvalue() + "".join(capsys.readouterr())
    for secret in PERSONAL:
        assert secret not in everything, f"a log line holds {secret}"
        assert secret.encode("unicode_escape").decode() not in everything
