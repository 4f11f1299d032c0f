"""On which addresses the page is served, and when it refuses."""

import signal
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
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
    assert listening.hosts(8443) == ["[::1]:8443", "localhost:8443", "roadmap.example.com:8443"]


@pytest.mark.parametrize(("end", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_ends_when_it_is_told_to(team: Store, end: signal.Signals, code: int) -> None:
    line = [sys.executable, "-c", STARTING, "--store", str(team.folder), "serve", "--port", "0"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(end)
    out, error = process.communicate(timeout=20)
    assert (out, error, process.returncode) == ("", "", code)


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
