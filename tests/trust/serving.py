"""Servers for tests, on loopback, each in a thread of its own for as long as a `with` lasts."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from roadlog.trust.note import Verifier
from roadlog.trust.witness import Witness
from roadlog.trust.witness_server import Server
from tests.trust.logs import KEY, NOW, WITNESS


class Running(NamedTuple):
    server: Server
    told: list[str]

    @property
    def url(self) -> str:
        return self.server.url

    def raw(self, content: bytes) -> bytes:
        """What comes back for these bytes, until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.server.server_port), timeout=20) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def post(self, body: bytes, path: str = "/add-checkpoint") -> bytes:
        head = f"POST {path} HTTP/1.1\r\nHost: w\r\nContent-Length: {len(body)}\r\n\r\n"
        return self.raw(head.encode() + body)


@contextmanager
def witness_server(folder: Path, kind: type[Server] = Server) -> Iterator[Running]:
    """A witness that knows `logs.KEY`."""
    told: list[str] = []
    witness = Witness(WITNESS, [KEY.verifier], str(folder / "seen.db"), lambda: NOW)
    with kind("127.0.0.1", 0, witness, told.append) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield Running(server, told)
        server.shutdown()


@contextmanager
def witness_knowing(log: Verifier, folder: Path) -> Iterator[str]:
    """The address of a witness that knows this log."""
    witness = Witness(WITNESS, [log], str(folder / "seen.db"), lambda: NOW)
    with Server("127.0.0.1", 0, witness, lambda _: None) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.url
        server.shutdown()


Respond = Callable[[bytes], tuple[int, str, bytes]]
"""Status, content type and body, from the body of what was posted."""


@contextmanager
def answering(respond: Respond, **headers: str) -> Iterator[str]:
    """The address of somebody who answers like this, whatever is posted where."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, kind, body = respond(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def saying(content: Callable[[], bytes]) -> Iterator[str]:
    """The address of somebody who says these bytes to whoever connects, whatever they ask."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            with suppress(OSError):  # when the server is closed
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        connection.recv(65536)
                        connection.sendall(content())

        Thread(target=talk, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
