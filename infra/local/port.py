"""Taking a port of this machine: cheap to import, so that a busy one is told at once."""

from __future__ import annotations

import errno
import socket

HOST = "127.0.0.1"


class PortTakenError(Exception):
    """The port is another program's."""


def listen(port: int) -> socket.socket:
    """A socket on this port, 0 for any free one; raises `PortTakenError`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as fault:
        listener.close()
        if fault.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortTakenError(
                f"端口 {port} 已被占用或不允许使用，请换一个：--port {port + 1} / "
                f"Port {port} is taken or not allowed, choose another: --port {port + 1}"
            ) from fault
        raise
    return listener
