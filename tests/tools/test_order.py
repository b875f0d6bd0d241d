"""In which order the suite's files are run."""

from __future__ import annotations

from tests.conftest import FIRST, HERE


def test_the_files_that_begin_are_there() -> None:
    """One that has been renamed would begin last, and nobody would notice but the clock."""
    assert [name for name in FIRST if not (HERE / name).is_file()] == []
