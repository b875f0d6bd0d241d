"""The one place where the local stack hands the functions their environment and their clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from casework import runtime


def configure(environment: Mapping[str, str], clock: Callable[[], datetime]) -> None:
    """Give `casework` the environment and the clock; third parties read the process's own."""
    os.environ.update(environment)
    runtime.configure(environment=dict(environment), clock=clock)


def reset() -> None:
    """Let `casework` forget them; the process's environment is the cloud's to restore."""
    runtime.reset()
