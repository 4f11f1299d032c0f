"""The witness over HTTP: what it answers, and that nobody makes it hang, grow or say what it should not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import active_count

import pytest

from roadlog.trust.witness import LARGEST
from roadlog.trust.witness_server import MOST_CONNECTIONS, Server
from tests.trust.logs import FORK, LOG, ORIGIN
from tests.trust.serving import Running, witness_server

PAGE = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with witness_server(tmp_path) as found:
        yield found


def status(said: bytes) -> int:
    return int(said.split(b" ", 2)[1])


def test_each_answer_has_its_status_and_type(running: Running) -> None:
    said = running.post(LOG.request(0, 9))
    head, body = said.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Type: text/plain; charset=utf-8\r\n" in head
    assert body.startswith("— witness.example/w1 ".encode())
    said = running.post(LOG.request(0, 12))
    assert said.startswith(b"HTTP/1.1 409 Conflict\r\n")
    assert b"Content-Type: text/x.tlog.size\r\n" in said
    assert said.endswith(b"\r\n\r\n9\n")
    assert status(running.post(FORK.request(9, 12))) == 422
    assert status(running.post(b"x")) == 400
    page = running.raw(f"GET {PAGE} HTTP/1.1\r\n\r\n".encode())
    assert status(page) == 200
    assert LOG.note(9).write() + body == page.split(b"\r\n\r\n", 1)[1]
    assert status(running.raw(f"GET {PAGE.upper()} HTTP/1.1\r\n\r\n".encode())) == 404


def test_a_connection_carries_several_requests(running: Running) -> None:
    def asked(body: bytes) -> bytes:
        return b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    said = running.raw(asked(LOG.request(0, 9)) + asked(LOG.request(9, 20)) + asked(FORK.request(20, 30)))
    assert [status(each) for each in said.split(b"HTTP/1.1")[1:]] == [200, 200, 422]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"POST /elsewhere HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST /add-checkpoint HTTP/1.1\r\n\r\n", 411),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 411),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", 411),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: \xd9\xa3\r\n\r\n", 411),
        (b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0", 411),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST + 1), 413),
        (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"DELETE / HTTP/1.1\r\n\r\n", 501),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused(running: Running, content: bytes, expected: int) -> None:
    said = running.raw(content)
    found = status(said) if said.startswith(b"HTTP/") else 400  # without a version there is no status line
    assert found == expected
    assert status(running.post(LOG.request(0, 9))) == 200


def test_a_body_that_is_cut_off_is_no_request(running: Running) -> None:
    body = LOG.request(0, 9)
    head = b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (len(body) + 1)
    assert running.raw(head + body) == b""
    assert status(running.post(body)) == 200


def test_what_somebody_sent_is_told_in_one_line_and_not_obeyed(running: Running) -> None:
    running.raw(b"GET /\x1b]0;owned\x07\xe2\x80\xae" + b"x" * 2000 + b" HTTP/1.1\r\n\r\n")
    assert len(running.told) == 1
    line = running.told[0]
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 1500


def test_an_error_of_the_file_is_500_and_told(running: Running, tmp_path: Path) -> None:
    (tmp_path / "seen.db").write_bytes(b"no database, but long enough to be one" * 100)
    assert status(running.post(LOG.request(0, 9))) == 500
    assert status(running.raw(f"GET {PAGE} HTTP/1.1\r\n\r\n".encode())) == 500
    assert "not a database" in running.told[0]


class Impatient(Server):
    longest = 0.3


def test_who_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    """However busily it sends: one byte after the other never is a request."""
    with (
        witness_server(tmp_path, Impatient) as running,
        socket.create_connection(("127.0.0.1", running.server.server_port), timeout=10) as slow,
    ):
        assert bytes_taken(slow) < 100


def bytes_taken(connection: socket.socket) -> int:
    """How many of 200 bytes can be sent in ten seconds, one after the other."""
    for count in range(200):
        try:
            connection.sendall(b"G")
        except OSError:
            return count
        time.sleep(0.05)
    return 200


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


def test_connections_have_a_limit(running: Running) -> None:
    address = ("127.0.0.1", running.server.server_port)
    before = active_count()
    many = [socket.create_connection(address, timeout=10) for _ in range(MOST_CONNECTIONS + 20)]
    try:
        assert all(map(is_closed, many[-20:]))
        assert active_count() - before <= MOST_CONNECTIONS
    finally:
        for each in many:
            each.close()
    assert answered(running)


def answered(running: Running) -> bool:
    """Whether it answers within some seconds, once those who left were noticed."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError):  # it was closed: there is no room yet
            if running.post(LOG.request(0, 9)):
                return True
    return False
