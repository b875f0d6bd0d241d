"""A progress bar on a terminal; elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function that is told how many are done, of how many."""
    if sys.stderr.isatty():
        with _bar(title) as report:
            yield report
    else:
        with _lines(title) as report:
            yield report


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def _lines(title: str) -> Iterator[Callable[[int, int], None]]:
    said = time.monotonic()

    def report(done: int, of: int) -> None:
        nonlocal said
        if done < of and time.monotonic() - said < EVERY:
            return
        said = time.monotonic()
        print(f"{title}: {done}/{of}", file=sys.stderr, flush=True)

    yield report
