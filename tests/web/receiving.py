"""A receiver of webhooks on the loopback that fails as receivers do, and what it finds wrong."""

import hmac
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from ssl import SSLContext
from typing import Any, NamedTuple

SOUND = "sound"
CUT = "cut"
SILENT = "silent"
MOODS = (SOUND, "500", SOUND, CUT, "404", SILENT, "302", SOUND, "429")
"""What it does with one delivery after the other: takes it; refuses it; takes it and says nothing."""


class Arrived(NamedTuple):
    """A delivery as it came; taken: whether the receiver did something with it."""

    id: str
    signature: str
    body: bytes
    taken: bool


class Receiver:
    """Listens while it is `open`, on the same port each time."""

    def __init__(self, moods: Sequence[str] = (SOUND,)) -> None:
        self.arrived: list[Arrived] = []
        self.moods = moods
        self._came = threading.Condition()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/roadlog?for=us"

    @contextmanager
    def open(self, tls: SSLContext | None = None) -> Iterator[None]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", self._port), Handler) as server:
            if tls:
                server.socket = tls.wrap_socket(server.socket, server_side=True)
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        assert request.path == "/roadlog?for=us"
        with self._came:
            mood = self.moods[len(self.arrived) % len(self.moods)]
            taken = mood in (SOUND, CUT, SILENT)
            self.arrived.append(
                Arrived(
                    request.headers["Roadlog-Delivery"], request.headers["Roadlog-Signature"], body, taken
                )
            )
            self._came.notify_all()
        if mood == SILENT:
            threading.Event().wait(0.6)
        if mood in (CUT, SILENT):
            request.connection.shutdown(socket.SHUT_RDWR)
            return
        request.send_response(204 if mood == SOUND else int(mood))
        request.send_header("Location", "/elsewhere")
        request.end_headers()

    def until(self, last: object, patience: float) -> bool:
        """Waits so many seconds until something was taken. Gives whether it was."""

        def has_come() -> bool:
            return any(each.taken and told(each) == last for each in self.arrived)

        with self._came:
            return self._came.wait_for(has_come, patience)


def told(delivery: Arrived) -> object:
    """What a delivery says: the position of a record, or what is to be decided."""
    said: dict[str, Any] = json.loads(delivery.body)
    return said["record"]["position"] if "record" in said else said["decision"]["what"]


def is_ours(delivery: Arrived, secret: str) -> bool:
    """Whether the signature is that of whoever knows the secret."""
    seconds, mark = (each.partition("=")[2] for each in delivery.signature.split(","))
    signed = f"{seconds}.".encode() + delivery.body
    return hmac.compare_digest(mark, hmac.new(secret.encode(), signed, "sha256").hexdigest())


def faults(arrived: Sequence[Arrived], expected: Sequence[object], secret: str) -> list[str]:
    """What is wrong with what arrived: lost, out of order, another under the same id, or not signed."""
    found = []
    for name, some in (("arrived", arrived), ("taken", [each for each in arrived if each.taken])):
        once = [said for said, _ in groupby(told(each) for each in some)]
        if once != list(expected):
            found.append(f"{name}: {once}, not {list(expected)}")
    found += [f"not signed: {told(each)}" for each in arrived if not is_ours(each, secret)]
    if any(json.loads(each.body)["delivery"] != each.id for each in arrived):
        found.append("another id in the body")
    if len({(each.id, each.body) for each in arrived}) > len({each.id for each in arrived}):
        found.append("one id of two things")
    return found
