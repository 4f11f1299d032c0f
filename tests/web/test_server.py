"""On which addresses the page is served, and when it refuses."""

import json
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from roadlog.domain.refusals import Malformed, Refused
from roadlog.web.server import Listening, check
from tests.stores import Store
from tests.web.serving import STARTING, served
from tests.web.test_posting import certificate


def test_of_itself_it_is_local() -> None:
    listening = Listening()
    check(listening)
    assert listening.is_local
    assert listening.hosts(8080) == ["127.0.0.1:8080", "localhost:8080"]
    assert listening.hosts(80) == ["127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"]


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "::", "2001:db8::1"])  # noqa: S104
def test_others_reach_it_only_by_tls(address: str) -> None:
    with pytest.raises(Refused, match="without TLS"):
        check(Listening(address=address))


@pytest.mark.parametrize(
    "listening",
    [
        Listening(address="localhost"),
        Listening(certificate="cert.pem"),
        Listening(key="key.pem"),
        Listening(address="::", certificate="cert.pem", key="key.pem"),
        Listening(certificate=__file__, key=__file__),
        Listening(certificate="nowhere.pem", key="nowhere.pem"),
    ],
)
def test_what_does_not_fit_is_not_understood(listening: Listening) -> None:
    with pytest.raises(Malformed):
        check(listening)


def test_ipv6_and_names_stand_in_hosts() -> None:
    listening = Listening(address="::1", names=("Roadmap.Example.com",))
    assert listening.hosts(8443) == ["roadmap.example.com:8443", "[::1]:8443", "localhost:8443"]


@pytest.mark.parametrize(
    "name",
    [
        *("bad name", "bad/", "https://x", "x:8443", "a\nb", "x\n", "", ".", "x.", "a..b", "-x", "x-", "a_b"),
        *(
            "münchen.example",
            "x" * 64,
            "x." * 126 + "xx",
            "1.2.3",
            "256.1.1.1",
            "[::1]",
            "fe80::1%eth0",
            "x?",
            "x@y",
        ),
    ],
)
def test_what_is_no_host_is_no_name(name: str) -> None:
    with pytest.raises(Malformed, match="is no name of a host"):
        check(Listening(names=(name,)))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Roadmap.Example.com", "roadmap.example.com"),
        *(
            (each, each)
            for each in ("x", "a-1.b", "1.x", "x" * 63, "x." * 126 + "x", "xn--mnchen-3ya.example")
        ),
        *(("192.0.2.7", "192.0.2.7"), ("2001:DB8:0::7", "[2001:db8::7]")),
    ],
)
def test_a_name_stands_in_hosts_as_browsers_write_it(name: str, written: str) -> None:
    listening = Listening(names=(name,))
    check(listening)
    assert f"{written}:8080" in listening.hosts(8080)


def test_people_are_told_the_name_first() -> None:
    secured = partial(Listening, certificate="cert.pem", key="key.pem")
    listening = secured(address="192.0.2.7", names=("a.example", "b.example"))
    assert listening.addresses(8443) == [
        "https://a.example:8443/",
        "https://b.example:8443/",
        "https://192.0.2.7:8443/",
    ]
    assert listening.addresses(443)[0] == "https://a.example/"
    assert secured(address="::", names=("a.example",)).addresses(443) == ["https://a.example/"]
    assert Listening(names=("127.0.0.1",)).addresses(80) == ["http://127.0.0.1/"]


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_ends_when_it_is_told_to(team: Store, end: signal.Signals, code: int) -> None:
    line = [sys.executable, "-c", STARTING, "--store", str(team.folder), "serve", "--port", "0"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(end)
    out, error = process.communicate(timeout=20)
    assert (out, error, process.returncode) == ("", "", code)


@contextmanager
def first_line(folder: Path, *options: str) -> Iterator[str]:
    """What it says first, as long as the `with` lasts; nothing is said beside it."""
    line = [sys.executable, "-c", STARTING, "--store", str(folder), "serve", "--port", "0", *options]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.terminate()
        assert process.communicate(timeout=20) == ("", "")


def test_its_names_are_said_before_its_address(team: Store) -> None:
    with first_line(team.folder, "--name", "a.localhost", "--name", "b.localhost") as said:
        places = "http://a.localhost:PORT/, and at http://b.localhost:PORT/ and http://127.0.0.1:PORT/"
        assert (
            re.sub(r":\d+", ":PORT", said) == f"The page of {team.folder} is at {places}. Ctrl-C ends it.\n"
        )


def test_a_script_reads_where_it_is(team: Store) -> None:
    with first_line(
        team.folder, "--json", "--name", "a.localhost", "--webhook", "http://127.0.0.2:1/a"
    ) as said:
        told = json.loads(said)
        port = urlsplit(told["address"]).port
        with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            assert answer.status == 200
    assert told == {
        "address": f"http://a.localhost:{port}/",
        "also": [f"http://127.0.0.1:{port}/"],
        "store": str(team.folder),
        "webhook": {"url": "http://127.0.0.2:1/a", "secret": str(team.folder / "webhook.secret")},
        "warnings": ["http://127.0.0.2:1/a is not https: everybody on the way can read what is posted."],
    }
    with first_line(team.folder, "--json") as said:
        assert json.loads(said) | {"address": ""} == {
            "address": "",
            "also": [],
            "store": str(team.folder),
            "webhook": None,
        }


def test_a_port_that_is_taken_is_told(team: Store, tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = [sys.executable, "-c", STARTING, "--store", str(team.folder), "serve", "--port", port]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 6
    assert f"Port {port} of 127.0.0.1 cannot be listened on" in done.stderr


def test_it_is_served_by_tls_with_the_certificate_that_is_given(demo: Path, tmp_path: Path) -> None:
    both = str(certificate(tmp_path, "localhost"))
    trusting = ssl.create_default_context(cafile=both)
    with served(demo, "--certificate", both, "--key", both) as address:
        port = address.rpartition(":")[2]
        assert address == f"https://127.0.0.1:{port}"
        with urlopen(f"https://localhost:{port}/", context=trusting, timeout=20) as answer:
            assert (answer.status, b"Board of SUP" in answer.read()) == (200, True)
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(f"https://localhost:{port}/", timeout=20)
