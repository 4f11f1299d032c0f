"""The witness over HTTP: POST /add-checkpoint, and GET /<SHA-256 of the origin>/checkpoint.

Who asks is not trusted: bodies, threads and the time that a connection may take have limits, and what the
server's own log says of a request is escaped.
"""

import re
import socket
import sqlite3
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, ClassVar

from roadlog.trust.witness import LARGEST, Answer, Witness

MOST_CONNECTIONS = 32
IDLE = 5.0
"""Seconds until somebody who sends nothing is cut off."""
LONGEST = 30.0
"""Seconds that a connection may last, whatever it sends."""
SHOWN = 300
"""Characters of a request line that are told."""
LATEST = re.compile(r"/([0-9a-f]{64})/checkpoint")
DIGITS = re.compile(r"[0-9]{1,9}")

Tell = Callable[[str], None]


class Server(ThreadingHTTPServer):
    """Listens, with a thread for each connection, up to a limit; beyond it connections are closed at once."""

    daemon_threads = True
    request_queue_size = MOST_CONNECTIONS
    longest: ClassVar[float] = LONGEST

    def __init__(self, host: str, port: int, witness: Witness, tell: Tell) -> None:
        self.witness = witness
        self.tell = tell
        self._places = BoundedSemaphore(MOST_CONNECTIONS)
        self._since: dict[socket.socket, float] = {}
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        shown = host.decode() if isinstance(host, bytes) else str(host)
        return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._places.acquire(blocking=False):
            self.tell("too many connections: one was closed")
            self.shutdown_request(request)
            return
        self._since[request] = monotonic()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._since.pop(request, None)
            self._places.release()

    def service_actions(self) -> None:
        """Called twice a second: cuts off who takes too long, however busily."""
        for request, since in list(self._since.items()):
            if monotonic() - since > self.longest:
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:  # it has ended by itself
                    self._since.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One line instead of a trace: somebody hung up, or what was to be done failed."""
        self.tell(f"a connection broke: {sys.exception()!r}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "roadlog"
    sys_version = ""
    error_content_type = "text/plain; charset=utf-8"
    error_message_format = "%(message)s\n"
    timeout = IDLE
    wbufsize = -1  # an answer is sent at once: its two halves would wait for each other
    server: Server

    def do_POST(self) -> None:
        if self.path != "/add-checkpoint":
            self._refuse(404, "there is only /add-checkpoint to post to")
            return
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not DIGITS.fullmatch(length):
            self._refuse(411, "the length of the body is missing")
            return
        if int(length) > LARGEST:
            self._refuse(413, f"a request has {LARGEST} bytes at most")
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        try:
            answer = self.server.witness.add_checkpoint(body)
        except sqlite3.Error as error:
            answer = Answer(
                500, b"what was seen could not be stored, so nothing is cosigned\n", told=str(error)
            )
        self._send(answer)

    def do_GET(self) -> None:
        found = LATEST.fullmatch(self.path)
        if found is None:
            self._send(Answer(404, b"there is no such page\n"))
            return
        try:
            answer = self.server.witness.latest(found[1])
        except sqlite3.Error as error:
            answer = Answer(500, b"what was seen could not be read\n", told=str(error))
        self._send(answer)

    def _refuse(self, status: int, why: str) -> None:
        """What is left of the request is not read."""
        self.close_connection = True
        self._send(Answer(status, f"{why}\n".encode()))

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)
        self._tell(answer.status, answer.told)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """An answer is told where it is sent, with what it is about."""
        self._tell(code, "")

    def log_error(self, format: str, *args: Any) -> None:
        """Told with the answer."""

    def _tell(self, status: Any, told: str) -> None:
        line = self.requestline[:SHOWN] if self.requestline else "-"
        self.server.tell(f"{self.client_address[0]} {line!a} {int(status)} {told}".rstrip())
