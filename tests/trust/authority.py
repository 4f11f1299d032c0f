"""A time-stamp authority: `openssl ts` with certificates of a day, made here."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from roadlog.trust.timestamps import REPLY
from tests.trust.serving import Respond, answering

CONFIG = """\
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
{chain}
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """Signs in a folder of its own."""

    def __init__(self, folder: Path, name: str = "root") -> None:
        openssl = which("openssl")
        if openssl is None:
            pytest.skip("openssl is not installed")
        folder.mkdir()
        self._openssl = openssl
        self._folder = folder
        key = ec.generate_private_key(ec.SECP256R1())
        self._root = (key, _certificate(name, key.public_key(), name, key))
        self.roots = self._root[1].public_bytes(Encoding.PEM)
        (folder / "root.pem").write_bytes(self.roots)
        (folder / "serial").write_text("01\n", encoding="ascii")
        self._write("tsa", (ExtendedKeyUsageOID.TIME_STAMPING,))

    def answer(self, query: bytes, chain: str | None = None) -> bytes:
        """What `openssl ts` answers, with the certificates of another file, too."""
        folder = self._folder
        certs = f"certs = {folder}/{chain}.pem" if chain else ""
        (folder / "config").write_text(CONFIG.format(folder=folder, chain=certs), encoding="ascii")
        (folder / "query").write_bytes(query)
        command = ["ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "reply"]
        subprocess.run([self._openssl, *command], cwd=folder, check=True, capture_output=True)
        return (folder / "reply").read_bytes()

    def accepts(self, reply: bytes, content: bytes) -> bool:
        """Whether `openssl ts -verify` says that the reply stamps the content."""
        (self._folder / "in").write_bytes(reply)
        (self._folder / "data").write_bytes(content)
        command = ["ts", "-verify", "-in", "in", "-data", "data", "-CAfile", "root.pem"]
        done = subprocess.run(
            [self._openssl, *command], cwd=self._folder, capture_output=True, text=True, check=False
        )
        return done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr

    @contextmanager
    def serving(self, respond: Respond | None = None) -> Iterator[str]:
        """Its address, on loopback."""
        with answering(respond or (lambda query: (200, REPLY, self.answer(query)))) as url:
            yield url

    def _write(self, name: str, uses: Sequence[x509.ObjectIdentifier]) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(name, key.public_key(), self._root[1].subject, self._root[0], uses)
        (self._folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
        self.signer = made.fingerprint(hashes.SHA256()).hex()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self._folder / f"{name}.key").write_bytes(private)


def _certificate(
    name: str,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name | str,
    signer: ec.EllipticCurvePrivateKey,
    uses: Sequence[x509.ObjectIdentifier] = (),
) -> x509.Certificate:
    """One of a day, that began an hour ago."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer) if isinstance(issuer, str) else issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not uses, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if uses:
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=True)
    return builder.sign(signer, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
