"""One delivery: where it may go, how it is signed, and what counts as taken."""

import hmac
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from roadlog.domain.refusals import Malformed, StoreFailure
from roadlog.web import posting
from roadlog.web.posting import Delivery, post, receiver, secret, signature
from tests.web.receiving import MOODS, Receiver

DELIVERY = Delivery("a", b'{"delivery":"a","record":{"position":1}}')
KNOWN = "of at least sixteen characters"


def test_a_signature_is_over_the_time_and_the_body() -> None:
    mark = hmac.digest(b"key", b'1700000000.{"a":1}', "sha256").hex()
    assert signature("key", b'{"a":1}', 1_700_000_000) == f"t=1700000000,v1={mark}"


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = secret(tmp_path, {})
    path = tmp_path / "webhook.secret"
    assert (first.place, len(first.text), stat.S_IMODE(path.stat().st_mode)) == (str(path), 64, 0o600)
    assert secret(tmp_path, {}) == first


def test_a_secret_of_the_environment_comes_first(tmp_path: Path) -> None:
    assert secret(tmp_path, {"ROADLOG_WEBHOOK_SECRET": KNOWN}) == (KNOWN, "ROADLOG_WEBHOOK_SECRET")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "fifteen letters"])
def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Malformed, match="fewer than 16 characters"):
        secret(tmp_path, {"ROADLOG_WEBHOOK_SECRET": text})
    (tmp_path / "webhook.secret").write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(StoreFailure, match="fewer than 16 characters"):
        secret(tmp_path, {})


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.com",
            "ftp://example.com/",
            "file:///etc/passwd",
            "http:///x",
            "https://example.com/#a",
            "https://example..com/",
            f"https://{'a' * 64}.example.com/",
        ),
        *(
            "https://example.com:port/",
            "http://example.com:0/",
            "https://example.com/a b",
            "https://example.com/\nHost: x",
        ),
        *("https://exämple.com/", "https://dana:word@example.com/", "http://[::1/"),
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(Malformed):
        receiver(url)


@pytest.mark.parametrize("mood", dict.fromkeys(MOODS))
def test_only_an_answer_that_says_so_is_taking_it(mood: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.3)
    asked = Receiver((mood,))
    with asked.open():
        why = post(receiver(asked.url), DELIVERY, KNOWN)
    said = {"sound": None, "cut": "Remote end closed connection without response", "silent": "timed out"}
    assert why == said.get(mood, f"it answers {mood}")
    assert len(asked.arrived) == 1  # a redirect is not followed


def test_nobody_listens() -> None:
    assert "refused" in (post(receiver(Receiver().url), DELIVERY, KNOWN) or "")


def certificate(folder: Path, name: str) -> Path:
    """A file with a key and its certificate for a name, which is its own issuer."""
    key = generate_private_key(SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("name", "is_trusted", "why"),
    [
        ("localhost", True, None),
        ("localhost", False, "self-signed certificate"),
        ("elsewhere.example", True, "Hostname mismatch"),
    ],
)
def test_a_certificate_must_be_trusted_and_of_that_name(
    name: str, is_trusted: bool, why: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, name)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = SSLContext(PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    asked = Receiver()
    with asked.open(server):
        found = post(receiver(asked.url.replace("http://127.0.0.1", "https://localhost")), DELIVERY, KNOWN)
    assert (found is None) == (why is None)
    assert (why or "") in (found or "")
    assert len(asked.arrived) == (why is None)
