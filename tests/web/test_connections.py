"""Connections that ask nothing: they keep nobody waiting, and the server ends them."""

import os
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from roadlog.web import connections
from tests.web.listening import Connection, note
from tests.web.serving import STARTING, running
from tests.web.test_posting import certificate

FEW = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))\n"
"""The server may open 96 files."""
MANY = 150
WITHOUT_ROOM = FEW + "from roadlog.web import connections; connections.most = lambda: 10**6\n"
"""A server as it would be that makes no room."""
SOON = "from roadlog.web import connections; connections.PATIENCE = 0.5\n"
LONG = 6.0
"""Seconds: more than the server waits for a next request."""
HALF = b"GET / HTTP/1.1\r\nHost: 127"
WHOLE = "GET /nowhere HTTP/1.1\r\nHost: {}\r\n{}\r\n"


def place(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or 0


@contextmanager
def crowd(address: str, sent: bytes) -> Iterator[None]:
    """Many connections that send nothing more."""
    with ExitStack() as all_:
        for _ in range(MANY):
            all_.enter_context(socket.create_connection(place(address), 10)).sendall(sent)
        yield


@pytest.mark.parametrize("sent", [b"", HALF])
def test_a_crowd_that_asks_nothing_keeps_nobody_waiting(folder: Path, sent: bytes) -> None:
    with running(folder, starting=FEW + STARTING) as (_, address), crowd(address, sent):
        for _ in range(3):
            with urlopen(f"http://{urlsplit(address).netloc}/", timeout=10) as answer:
                assert answer.status == 200


def test_nor_does_one_that_does_not_go_on_to_secure_its_connections(folder: Path, tmp_path: Path) -> None:
    both = str(certificate(tmp_path, "localhost"))
    trusting = ssl.create_default_context(cafile=both)
    options = ("--certificate", both, "--key", both)
    with running(folder, *options, starting=FEW + STARTING) as (_, address), crowd(address, b""):
        port = urlsplit(address).port
        for _ in range(3):
            with urlopen(f"https://localhost:{port}/", timeout=10, context=trusting) as answer:
                assert answer.status == 200


def test_a_server_that_makes_no_room_is_caught(folder: Path) -> None:
    with (
        running(folder, starting=WITHOUT_ROOM + STARTING) as (_, address),
        crowd(address, HALF),
        pytest.raises((TimeoutError, URLError)),
    ):
        urlopen(f"http://{urlsplit(address).netloc}/", timeout=3)


def seconds_until_it_ends(address: str, pieces: Sequence[bytes]) -> float:
    """How long the server keeps a connection after what was sent, answers read in between; at most `LONG`."""
    with socket.create_connection(place(address), 10) as connection:
        for piece in pieces:
            connection.sendall(piece)
            connection.settimeout(0.3)
            try:
                while connection.recv(2**16):
                    pass
            except TimeoutError:
                continue
        connection.settimeout(LONG)
        begun = time.monotonic()
        try:
            while connection.recv(2**16):
                pass
        except ConnectionResetError:
            pass
        except TimeoutError:
            return LONG
        return time.monotonic() - begun


@pytest.mark.parametrize("first", ["nothing", "a request", "a request that announces a body"])
def test_what_does_not_arrive_is_not_waited_for(folder: Path, first: str) -> None:
    with running(folder, starting=SOON + STARTING) as (_, address):
        whole = WHOLE.format(urlsplit(address).netloc, "Content-Length: 9\r\n" if "body" in first else "")
        before = [] if first == "nothing" else [whole.encode()]
        assert seconds_until_it_ends(address, [*before, HALF]) < 4  # the server's own patience is 5


def test_a_server_with_much_patience_is_caught(folder: Path) -> None:
    with running(folder) as (_, address):
        assert seconds_until_it_ends(address, [HALF]) == LONG


def test_who_listens_and_who_asks_again_stays(folder: Path) -> None:
    with running(folder, starting=SOON + STARTING) as (_, address):
        again = HTTPConnection(urlsplit(address).netloc, timeout=10)
        with Connection(address) as told:
            for _ in range(4):
                again.request("GET", "/")
                assert again.getresponse().read()
                kept = again.sock
                time.sleep(0.4)
                assert again.sock is kept
            note(folder, "Late")
            assert next(told)["sentence"].endswith("Late")
        again.close()


def test_who_is_answered_stays_where_all_are(folder: Path) -> None:
    with running(folder, starting=FEW + STARTING) as (_, address), ExitStack() as all_:
        told = [all_.enter_context(Connection(address)) for _ in range(48)]
        with pytest.raises(HTTPError, match="503"):
            urlopen(f"http://{urlsplit(address).netloc}/", timeout=10)
        note(folder, "To all")
        assert all(next(each)["sentence"].endswith("To all") for each in told)


def test_there_are_fewer_where_fewer_files_can_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, count in ((256, 128), (1024, 512), (10**6, 512), (-1, 512)):
        monkeypatch.setattr(os, "sysconf", lambda _, given=files: given)
        assert connections.most() == count
