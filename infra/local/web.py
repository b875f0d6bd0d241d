"""The gateway on a port of this machine, with a page or two beside it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as WebResponse

from infra.local.gateway import LARGEST_BODY, Gateway, Response

Page = Callable[[], tuple[str, str | bytes]]
"""Makes a page: its content type and its body."""


class PortTakenError(Exception):
    """The port is another program's."""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """The functions log; the server need not."""


def open_server(
    gateway: Gateway, port: int, pages: Mapping[str, Page], host: str = "127.0.0.1"
) -> BaseWSGIServer:
    """A server, not yet running, a thread for each connection; port 0 takes any free one.

    Raises `PortTakenError`.
    """

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        request = Request(environ)
        answer = _page(request, pages) or _api(request, gateway)
        made = WebResponse(answer.body, answer.status)
        made.headers.clear()
        made.headers.extend(answer.headers)
        made.headers["Content-Length"] = str(len(answer.body))
        return made(environ, start)

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as fault:
        listener.close()
        if fault.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortTakenError(
                f"端口 {port} 已被占用或不允许使用，请换一个：--port {port + 1} / "
                f"Port {port} is taken or not allowed, choose another: --port {port + 1}"
            ) from fault
        raise
    # Left to open its port by itself, werkzeug would end the process if that is taken.
    with listener:
        return make_server(
            host, port, application, threaded=True, request_handler=_Quiet, fd=listener.fileno()
        )


def _page(request: Request, pages: Mapping[str, Page]) -> Response | None:
    page = pages.get(request.path)
    if page is None or request.method != "GET":
        return None
    kind, body = page()
    content = body.encode("utf-8") if isinstance(body, str) else body
    return Response(200, (("Content-Type", kind),), content)


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
