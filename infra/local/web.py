"""The gateway on a port of this machine, with a page or two and an entrance of our own beside it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as WebResponse

from infra.local.gateway import LARGEST_BODY, Gateway, Response
from infra.local.port import HOST, listen
from infra.local.port import PortTakenError as PortTakenError

Page = Callable[[], tuple[str, str | bytes]]
"""Makes a page: its content type and its body."""

Entrance = Callable[[str, bytes], tuple[int, object]]
"""Takes what is PUT to it (the file's name, its bytes): status and what to answer as JSON. Only
PUT: a web page elsewhere that tries it is stopped by the browser."""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """The functions log; the server need not."""


class Server:
    """The gateway, pages and entrances on one port of 127.0.0.1, a thread for each connection."""

    def __init__(
        self,
        gateway: Gateway,
        port: int,
        pages: Mapping[str, Page],
        entrances: Mapping[str, Entrance] = MappingProxyType({}),
    ) -> None:
        """Take the port, 0 for any free one; raises `PortTakenError`. Answers after `start`."""
        self._gateway = gateway
        self._pages, self._entrances = pages, entrances
        # Left to open its port by itself, werkzeug would end the process if that is taken.
        with listen(port) as listener:
            self.port: int = listener.getsockname()[1]
            self._server = make_server(
                HOST,
                self.port,
                self._answer,
                threaded=True,
                request_handler=_Quiet,
                fd=listener.fileno(),
            )
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Answer, in the background."""
        self._thread = threading.Thread(target=self._server.serve_forever, name="http", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give the port back."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join(timeout=30)
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        answer = (
            _page(request, self._pages)
            or _enter(request, self._entrances)
            or _api(request, self._gateway)
        )
        made = WebResponse(answer.body, answer.status)
        made.headers.clear()
        made.headers.extend(answer.headers)
        made.headers["Content-Length"] = str(len(answer.body))
        return made(environ, start)


def _page(request: Request, pages: Mapping[str, Page]) -> Response | None:
    page = pages.get(request.path)
    if page is None or request.method != "GET":
        return None
    kind, body = page()
    content = body.encode("utf-8") if isinstance(body, str) else body
    return Response(200, (("Content-Type", kind),), content)


def _enter(request: Request, entrances: Mapping[str, Entrance]) -> Response | None:
    entrance = entrances.get(request.path)
    if entrance is None or request.method != "PUT":
        return None
    body = request.stream.read(LARGEST_BODY)
    status, said = entrance(request.args.get("name", ""), body)
    content = json.dumps(said, ensure_ascii=False).encode("utf-8")
    return Response(status, (("Content-Type", "application/json"),), content)


def _api(request: Request, gateway: Gateway) -> Response:
    if (request.content_length or 0) > LARGEST_BODY:
        answer = gateway.own_answer("REQUEST_TOO_LARGE", 413, "Request Too Long")
        return Response(answer.status, (*answer.headers, ("Connection", "close")), answer.body)
    headers: dict[str, str | list[str]] = dict(request.headers.items())
    return gateway.handle(
        request.method,
        request.environ["REQUEST_URI"],  # as it came: the WSGI path is decoded
        headers,
        request.stream.read(LARGEST_BODY + 1),
        request.remote_addr or "127.0.0.1",
    )
