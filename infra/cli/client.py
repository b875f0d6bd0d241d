"""HTTP to the running stack."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from casework.words import Language
from infra.cli.saying import ROOT, Stop
from infra.local.issuer import Issuer
from infra.local.people import Doors

TRIES = 6
"""How often a request is sent again that was answered by “busy”, or not at all."""
CONNECTIONS = 16


class Http:
    """Sends requests over connections that are kept open. Thread-safe."""

    def __init__(self, port: int) -> None:
        import urllib3

        self._port = port
        self._pool = urllib3.HTTPConnectionPool("127.0.0.1", port, maxsize=CONNECTIONS, timeout=60)

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> tuple[int, Any]:
        """Status and JSON. Raises Stop if nothing answers. A repeat is safe by its key."""
        import urllib3

        for tried in range(TRIES):
            try:
                answer = self._pool.request(
                    method, path, body=body, headers=dict(headers), retries=False
                )
            except urllib3.exceptions.NewConnectionError as fault:
                raise Stop(
                    f"端口 {self._port} 上没有运行中的服务。请先运行 lianxin local，或用 --port 指定端口。",
                    f"Nothing answers on port {self._port}. Run `lianxin local`, or give --port.",
                ) from fault
            except urllib3.exceptions.HTTPError as fault:
                if tried + 1 == TRIES:
                    raise Stop(
                        f"端口 {self._port} 上的服务没有回答。",
                        f"The service on port {self._port} does not answer ({type(fault).__name__}).",
                    ) from fault
                continue
            if answer.status not in (502, 503, 504) or tried + 1 == TRIES:
                return answer.status, _json(answer.data, self._port)
            time.sleep(0.2 * 2**tried)
        raise AssertionError("the last try returns or raises")


def put(port: int, address: str, document: object) -> dict[str, Any]:
    """Put a document at an entrance of the local stack; its answer. Raises Stop if it is refused."""
    body = json.dumps(document, ensure_ascii=False).encode("utf-8")
    status, answer = Http(port)("PUT", address, {}, body)
    said = answer if isinstance(answer, dict) else {}
    if status != 200:
        raise Stop(
            str(said.get("zh", f"端口 {port} 上的服务不接受（HTTP {status}）。")),
            str(said.get("en", f"The service on port {port} does not take it (HTTP {status}).")),
        )
    return said


def doors(port: int, language: Language = "zh-CN") -> Doors:
    """The doors of the running stack, with this checkout's issuer."""
    return Doors(Http(port), Issuer.of(ROOT), language)


def _json(data: bytes, port: int) -> Any:
    try:
        return json.loads(data)
    except ValueError as fault:
        raise Stop(
            f"端口 {port} 上运行的不是连心。", f"What runs on port {port} is not Lianxin.", 2
        ) from fault
