"""Plays the Lambda service: execution environments that take one event at a time."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.local.cloud import ACTOR

LOG = logging.getLogger("infra.local")
_LOADING = threading.RLock()
_serial = iter(range(1, sys.maxsize))


class FunctionError(Exception):
    """An invocation that gave no answer: the handler raised, died or could not be loaded."""

    def __init__(self, function: str, cause: BaseException) -> None:
        super().__init__(f"{function}: {type(cause).__name__}: {cause}")
        self.function = function


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler of its invocation."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    log_group_name: str = "local"
    log_stream_name: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        """Time is not limited here."""
        return 30_000


@dataclass(frozen=True)
class Environment:
    """One execution environment: the function's module, loaded for it alone."""

    module: ModuleType
    handler: Callable[[Any, Any], Any]

    def unload(self) -> None:
        """Forget the module, as Lambda forgets a process that died."""
        sys.modules.pop(self.module.__name__, None)


class Function:
    """A function with up to `limit` environments, each made when it is first needed.

    Chalice keeps the current request on its app object, so an environment takes one event at a
    time and has a module (and with it an app) of its own.
    """

    def __init__(
        self,
        name: str,
        arn: str,
        source: Path,
        handler: str,
        environment: Mapping[str, str],
        limit: int = 8,
    ) -> None:
        self.name = name
        self.arn = arn
        self.environment = environment
        self._source = source
        self._handler = handler
        self._places = threading.Semaphore(limit)
        self._free: list[Environment] = []

    def invoke(self, event: Any) -> Any:
        """Give the event to an environment and return the handler's answer, both as JSON.

        Raises `FunctionError`. An exception leaves the environment in use, as in Lambda; any
        other BaseException ends it like a crash of the process, and only a Ctrl-C goes through.
        """
        with self._places:
            actor = ACTOR.set(self.name)
            environment: Environment | None = None
            try:
                environment = self._take()
                context = Context(self.name, self.arn)
                answer = environment.handler(json.loads(json.dumps(event)), context)
                result = json.loads(json.dumps(answer))
            except KeyboardInterrupt:
                raise
            except Exception as error:
                LOG.warning("%s failed", self.name, exc_info=error)
                if environment is not None:
                    self._free.append(environment)
                raise FunctionError(self.name, error) from error
            except BaseException as error:
                LOG.warning("%s died: %r", self.name, error)
                if environment is not None:
                    environment.unload()
                raise FunctionError(self.name, error) from error
            finally:
                ACTOR.reset(actor)
            self._free.append(environment)
            return result

    def warm(self) -> None:
        """Make the first environment now, so that a fault in the code shows at once."""
        self._free.append(self._take())

    def unload(self) -> None:
        """Forget every environment."""
        while self._free:
            self._free.pop().unload()

    def _take(self) -> Environment:
        try:
            return self._free.pop()
        except IndexError:  # asking first whether there is one would be a race
            return self._load()

    def _load(self) -> Environment:
        path = self._source / "app.py"
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: the template wants it for {self.name}")
        name = f"lianxin_function_{self.name.lower()}_{next(_serial)}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"{path} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        # The process has one environment; what differs between functions (their name in the
        # logs) is read by Powertools while the module is loaded.
        with _LOADING, _process_environment(self.environment):
            sys.modules[name] = module
            try:
                spec.loader.exec_module(module)
                return Environment(module, getattr(module, self._handler))
            except BaseException:
                del sys.modules[name]
                raise


@contextmanager
def _process_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set the variables one by one: other threads must never see the environment half empty."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
