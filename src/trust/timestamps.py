"""Time stamps: an authority says that it was shown the SHA-256 of some bytes, and when.

https://www.rfc-editor.org/rfc/rfc3161, read and checked by the package rfc3161-client, which only needs to be
there where a time stamp is.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from roadlog.domain.refusals import OutsideFailure
from roadlog.trust.der import with_certificates_in_order
from roadlog.trust.exchange import NoAnswer, post

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse, VerifierBuilder

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
BEGIN = "-----BEGIN CERTIFICATE-----"
LARGEST_ROOTS = 10_000_000
"""Bytes of a file of certificates, at most: that of a whole system is a quarter of a megabyte."""


class Stamp(NamedTuple):
    """When an authority was shown some bytes, in UTC; its certificate's subject and SHA-256."""

    at: datetime
    by: str


class BadStamp(ValueError):
    """It is no time stamp, not of these bytes, or of an authority that the given roots do not vouch for."""


def stamped(url: str, content: bytes, roots: bytes) -> bytes:
    """The authority's answer over the content, as it sent it (DER), checked with the roots.

    Raises NoAnswer, BadStamp, OutsideFailure where the package is missing.
    """
    _check_installed()
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder

    trusted = certificates(roots)
    builder = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256)
    asked = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    answer = post(url, asked.as_bytes(), {"Content-Type": QUERY, "Accept": REPLY})
    if answer.status != 200 or answer.kind != REPLY:
        raise NoAnswer(f"{url} answered {answer.status} with {answer.kind}, not with a time stamp")
    _check(answer.body, content, trusted, VerifierBuilder.from_request(asked))
    return answer.body


def stamp(answer: bytes, content: bytes, roots: bytes) -> Stamp:
    """What the authority's answer says of the content, checked with the roots.

    Raises BadStamp, OutsideFailure where the package is missing.
    """
    _check_installed()
    from rfc3161_client import VerifierBuilder

    return _check(answer, content, certificates(roots), VerifierBuilder())


def is_of(answer: bytes, content: bytes) -> bool:
    """Whether the answer speaks of these bytes, whoever signed it.

    Raises BadStamp for what is no answer, OutsideFailure where the package is missing.
    """
    _check_installed()
    try:
        return _read(answer).tst_info.message_imprint.message == sha256(content).digest()
    except ValueError as error:
        raise BadStamp(str(error)) from error


def certificates(pem: bytes) -> "Sequence[Certificate]":
    """The certificates of a PEM file. Raises BadStamp where it holds none."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return list(dict.fromkeys(load_pem_x509_certificates(pem[:LARGEST_ROOTS])))
    except ValueError as error:
        raise BadStamp(f"it holds no certificates in PEM, which begin with {BEGIN}") from error


def _check(
    answer: bytes, content: bytes, roots: "Sequence[Certificate]", builder: "VerifierBuilder"
) -> Stamp:
    from rfc3161_client import VerificationError

    for each in roots:
        builder = builder.add_root_certificate(each)
    read = _read(answer)
    try:
        builder.build().verify_message(read, content)
        return Stamp(read.tst_info.gen_time, _signer(read))
    except (VerificationError, ValueError) as error:
        raise BadStamp(_in_a_sentence(error)) from error


def _in_a_sentence(error: Exception) -> str:
    """What was wrong, without what OpenSSL adds for programmers."""
    said, inside, _ = str(error).partition("ErrorStack")
    if inside:
        return "none of the certificates given vouches for who signed it, or it was changed"
    return said


def _read(answer: bytes) -> "TimeStampResponse":
    from rfc3161_client import PKIStatus, decode_timestamp_response

    try:
        read = decode_timestamp_response(with_certificates_in_order(answer))
    except ValueError as error:
        raise BadStamp(str(error)) from error
    if read.status != PKIStatus.GRANTED:
        raise BadStamp(f"the authority refused: {' '.join(read.status_string) or f'status {read.status}'}")
    return read


def _signer(read: "TimeStampResponse") -> str:
    """Whose certificate it is signed with. The check before saw that there is one."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_der_x509_certificate

    (made,) = read.signed_data.signer_infos
    found = map(load_der_x509_certificate, read.signed_data.certificates)
    ours = (each for each in found if (each.issuer, each.serial_number) == (made.issuer, made.serial_number))
    signer = next(ours)
    return f"{signer.subject.rfc4514_string()}, SHA-256 {signer.fingerprint(SHA256()).hex()}"


def _check_installed() -> None:
    from importlib.util import find_spec

    if find_spec("rfc3161_client") is None:
        why = (
            "Time stamps are read by the package rfc3161-client, which is not there: pip install "
            "'roadlog[tsa]', or pip install '.[tsa]' in a clone of roadlog."
        )
        raise OutsideFailure("tsa", why)
