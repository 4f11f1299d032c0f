"""The server: on which address it listens, and for how long."""

import os
import socket
from collections.abc import Callable
from datetime import tzinfo

import uvicorn

from roadlog.domain.refusals import OutsideFailure
from roadlog.web.app import application

LOOPBACK = "127.0.0.1"


def serve(folder: str | os.PathLike[str], *, port: int, zone: tzinfo, ready: Callable[[str], None]) -> None:
    """Serves a store's site on the loopback until it is interrupted; `ready` is told its address.

    port: 0 takes one that is free. Raises OutsideFailure where the port cannot be had.
    """
    with _listening(port) as listener:
        taken = listener.getsockname()[1]
        hosts = [f"{name}:{taken}" for name in (LOOPBACK, "localhost")]
        config = uvicorn.Config(
            application(folder, hosts=hosts, zone=zone),
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        ready(f"http://{LOOPBACK}:{taken}/")
        uvicorn.Server(config).run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise OutsideFailure(
            "port",
            f"Port {port} of {LOOPBACK} cannot be listened on: {error.strerror}.",
            try_=("roadlog serve --port 0",),
        ) from error
    return made
