"""The city's own classifier, in the settings table apart from its settings: only dispatch reads it.

| pk | sk | what |
|---|---|---|
| `model` | `category` | which is in force: `version` counts the changes, `artefact` is empty after it was forgotten |
| `model` | `artefact#<digest>` | its bytes, named by what they are; earlier ones stay |
"""

import logging
import threading
import time
from collections.abc import Callable
from hashlib import sha256

from casework.routing.artefact import ModelError
from casework.routing.classifier import Classifier
from casework.routing.learned import load
from casework.store.table import Item, Table, Unavailable

MODEL, IN_FORCE = "model", "category"
LARGEST = 350_000
"""Bytes of a model: an item of the table takes 400 KB."""
REFRESH = 300.0
"""Seconds after which a process looks for another model."""


class Models:
    """Writing and reading the city's own model. Every method may raise Unavailable."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, data: bytes) -> int:
        """Put a model in force; its version. Raises ModelError for one that could not be used, and
        Taken if another is put at the same time: the one in force stays then."""
        load(data)
        if len(data) > LARGEST:
            raise ModelError(
                f"模型有 {len(data)} 字节，设置表最多放 {LARGEST}；请减少样本里的分类。",
                f"The model has {len(data)} bytes; the settings table holds {LARGEST}. "
                "Learn from fewer categories.",
            )
        present = self._in_force()
        name = f"artefact#{sha256(data).hexdigest()[:32]}"
        # The bytes first: whoever reads their name finds them.
        self._table.put({"pk": MODEL, "sk": name, "bytes": data})
        return self._point(present, name)

    def forget(self) -> bool:
        """Put the packaged model alone in force; False if it was. Raises Taken."""
        present = self._in_force()
        if not _artefact(present):
            return False
        self._point(present, "")
        return True

    def version(self) -> int:
        """How often the model has changed; 0 where the city never had one. Half a read unit."""
        return _version(self._in_force())

    def read(self) -> bytes | None:
        """The model in force; None where the packaged one alone is. Raises ModelError if it is lost."""
        name = _artefact(self._in_force())
        if not name:
            return None
        found = self._table.partition(MODEL, name)
        if not found:
            raise ModelError("模型的内容不见了，请重新学习。", "Its bytes are lost; learn again.")
        return bytes(found[0]["bytes"])

    def _in_force(self) -> Item | None:
        found = self._table.partition(MODEL, IN_FORCE)
        return found[0] if found else None

    def _point(self, present: Item | None, name: str) -> int:
        version = _version(present) + 1
        item = {"pk": MODEL, "sk": IN_FORCE, "version": version, "artefact": name}
        if present is None:
            self._table.put_new(item)
        else:
            self._table.put_at(item, version - 1)
        return version


class CurrentModel:
    """The city's own model, read when it is first asked for and looked for again after a while.

    By one that cannot be used nothing is decided: the packaged model counts alone, the log says so,
    and `fault` does for as long as that lasts, so that the door can raise an alarm.
    """

    def __init__(self, models: Models, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._models, self._monotonic = models, monotonic
        self._model: Classifier | None = None
        self._version = -1
        self._until = float("-inf")
        self._lock = threading.Lock()
        self.fault: str | None = None

    def __call__(self) -> Classifier | None:
        """The model; None where there is none. Raises Unavailable if it was never seen."""
        with self._lock:
            if self._monotonic() >= self._until:
                self._look()
                self._until = self._monotonic() + REFRESH
            return self._model

    def _look(self) -> None:
        log = logging.getLogger("lianxin")
        try:
            version = self._models.version()
            if version == self._version:
                return
            data = self._models.read()
        except Unavailable:
            if self._version < 0:
                raise
            log.exception("the settings cannot be read; the city's present model stays in force")
            return
        except ModelError as fault:
            data, self.fault = None, str(fault)
        else:
            self.fault = None
        self._version, self._model = version, None
        try:
            self._model = load(data) if data is not None else None
        except ModelError as fault:
            self.fault = str(fault)
        if self.fault is not None:
            log.error(
                "the city's own model cannot be used; the packaged one counts alone",
                extra={"model_version": version, "fault": self.fault},
            )


def _version(present: Item | None) -> int:
    return int(present["version"]) if present else 0


def _artefact(present: Item | None) -> str:
    return str(present["artefact"]) if present else ""
