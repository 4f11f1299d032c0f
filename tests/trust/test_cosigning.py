"""Asking a witness: a real one, one that has seen more, and ones that say what they should not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from roadlog.trust import exchange
from roadlog.trust.cosignature import Cosigner, cosigned
from roadlog.trust.cosigning import Forked, cosign
from roadlog.trust.exchange import NoAnswer, post
from roadlog.trust.note import Note
from tests.trust.logs import FORK, KEY, LOG, NOW, OTHER_WITNESS, WITNESS
from tests.trust.serving import Respond, Running, answering, witness_server

HEADERS = {"Content-Type": "text/plain"}
PLAIN = "text/plain"
SIZE = "text/x.tlog.size"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with witness_server(tmp_path) as found:
        yield found


def cosign_at(url: str, size: int = 12) -> Note:
    return cosign(url, LOG.note(size), [OTHER_WITNESS.verifier, WITNESS.verifier], LOG.proof)


def test_a_witness_cosigns_a_log_that_grows(running: Running) -> None:
    for size in (1, 7, 7, 9, 64):
        note = cosign_at(f"{running.url}/", size)
        assert cosigned(note, WITNESS.verifier) == NOW
        assert note.text == LOG.note(size).text
        assert [each.name for each in note.signatures] == [KEY.verifier.name, WITNESS.verifier.name]


def test_a_log_that_shrank_is_told(running: Running) -> None:
    cosign_at(running.url, 64)
    with pytest.raises(Forked, match="has seen 64 records of this log; it holds 12"):
        cosign_at(running.url, 12)


def test_a_fork_is_told(running: Running) -> None:
    cosign_at(running.url, 9)
    with pytest.raises(Forked, match="holds 9 records of this log with another root"):
        cosign(running.url, FORK.note(12), [WITNESS.verifier], FORK.proof)


def test_a_witness_with_another_key_is_told(running: Running) -> None:
    with pytest.raises(
        NoAnswer, match=r"signs as witness.example/w1, not with the key of witness.example/w2"
    ):
        cosign(running.url, LOG.note(9), [OTHER_WITNESS.verifier], LOG.proof)


def line(size: int = 12) -> bytes:
    return str(WITNESS.cosign(LOG.note(size).text, NOW)).encode()


def test_signatures_of_others_beside_its_own_are_left_out() -> None:
    other = str(Cosigner.from_seed("w3", bytes(32)).cosign(LOG.note(12).text, NOW)).encode()
    with answering(lambda _: (200, PLAIN, other + line())) as url:
        assert [each.name for each in cosign_at(url).signatures] == [KEY.verifier.name, WITNESS.verifier.name]


@pytest.mark.parametrize(
    ("status", "kind", "body", "saying"),
    [
        (200, PLAIN, b"", "sent no cosignature"),
        (200, PLAIN, line(13), "not over this text"),
        (200, PLAIN, line()[:-1], "sent no cosignature"),
        (200, PLAIN, line() + b"\xff", "sent no cosignature"),
        (200, PLAIN, b"evil.example\n1\n" + line(), "sent no cosignature"),
        (200, PLAIN, str(KEY.sign(LOG.note(12).text)).encode(), "not with the key"),
        (200, PLAIN, b"x" * (exchange.LARGEST + 1), "more than 262,144 bytes"),
        (404, PLAIN, b"unknown\nlog", "answered 404: unknown log"),
        (500, PLAIN, b"", "answered 500: nothing"),
        (409, PLAIN, b"3\n", "answered 409"),
        (409, SIZE, b"three\n", "named no size"),
        (409, SIZE, b"\xff", "named no size"),
        (409, SIZE, b"-1\n", "named no size"),
        (409, SIZE, b"0\n", "another size each of 4 times"),
        (301, PLAIN, b"", "answered 301"),
    ],
)
def test_an_answer_that_is_none_is_told(status: int, kind: str, body: bytes, saying: str) -> None:
    with answering(lambda _: (status, kind, body)) as url, pytest.raises(NoAnswer, match=saying):
        cosign_at(url)


def test_nobody_there_is_told() -> None:
    with answering(lambda _: (200, PLAIN, b"")) as url:
        pass
    with pytest.raises(NoAnswer, match=r"did not answer: .*refused"):
        cosign_at(url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_that_points_elsewhere_is_not_followed(status: int, tmp_path: Path) -> None:
    asked: list[bytes] = []

    def told(body: bytes) -> tuple[int, str, bytes]:
        asked.append(body)
        return 200, PLAIN, line()

    secret = tmp_path / "secret"
    secret.write_text("x")
    with answering(told) as elsewhere:
        for place in (f"{elsewhere}/add-checkpoint", secret.as_uri()):
            respond: Respond = lambda _: (status, PLAIN, b"")  # noqa: E731
            with answering(respond, Location=place) as url:
                assert post(url, b"", HEADERS).status == status
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://a.example/", "", "w", "http://", "http://a b/", "http://a\n/"),
        *("http://[/", "http://a:0/", "http://a:x/", "http://ü.example/", "data:,x", "javascript:1"),
    ],
)
def test_only_http_and_https_are_asked(url: str) -> None:
    with pytest.raises(NoAnswer, match="no address of http or https"):
        post(url, b"", HEADERS)


def test_who_talks_for_ever_is_given_up() -> None:
    """A byte now and then never lets a socket time out."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                for each in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
                    try:
                        connection.sendall(bytes([each]))
                    except OSError:
                        return
                    time.sleep(0.02)

        Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"took longer than 0\.3 seconds"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}", b"", HEADERS, longest=0.3)
        assert time.monotonic() - began < 3
