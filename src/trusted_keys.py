"""Whom a store believes: keys of witnesses and certificates of authorities, in files beside the database.

Who runs the store can write them, so they show something only to who compares them with what is known from
elsewhere, or gives their own.
"""

import os
from collections.abc import Iterable

from roadlog.domain.refusals import Malformed, StoreFailure
from roadlog.store import Place
from roadlog.trust import whole_files
from roadlog.trust.anchor import Trusted
from roadlog.trust.cosignature import witness_key
from roadlog.trust.key_files import line_of, named
from roadlog.trust.note import BadNote, Verifier
from roadlog.trust.timestamps import LARGEST_ROOTS, BadStamp, certificates

WITNESSES = "witnesses.pub"
"""A witness' public key a line."""
ROOTS = "authorities.pem"
"""Root certificates of time-stamp authorities."""
LARGEST = 100_000
"""Bytes of a file of keys, at most."""


def trusted(folder: Place, witness_keys: Iterable[str] = (), roots: str | None = None) -> Trusted:
    """Whom a reader believes: those given, as keys or files; of each kind, where none is given, the store's.

    Raises Malformed for what is none, StoreFailure where the store's cannot be read.
    """
    given = tuple(map(witness_of, witness_keys))
    return Trusted(given or _witnesses(folder), roots_of(roots) if roots else _own_roots(folder))


def witness_of(given: str) -> Verifier:
    """A witness' key, given as such or as its file. Raises Malformed."""
    try:
        return witness_key(line_of(given))
    except BadNote as error:
        raise Malformed("witness-key", f"{named(given)} is no key of a witness: {error}.") from error


def believe_witness(folder: Place, key: Verifier) -> None:
    """Adds a witness' key to the store's. Raises StoreFailure."""
    known = _witnesses(folder)
    if key not in known:
        _write(os.path.join(folder, WITNESSES), "".join(f"{each}\n" for each in (*known, key)).encode())


def believe_authority(folder: Place, roots: bytes) -> None:
    """Adds certificates, a PEM file's content, to the store's. Raises StoreFailure."""
    known = _own_roots(folder)
    if roots not in known:
        _write(os.path.join(folder, ROOTS), known + roots)


def roots_of(path: str) -> bytes:
    """A file of root certificates. Raises Malformed."""
    try:
        with open(path, "rb") as file:
            return _checked(path, file.read(LARGEST_ROOTS))
    except OSError as error:
        raise Malformed("tsa-roots", f"{path} cannot be read: {error.strerror}.") from error


def _checked(path: str, content: bytes) -> bytes:
    try:
        certificates(content)
    except BadStamp as error:
        raise Malformed("tsa-roots", f"{path}: {error}.") from error
    return content


def _witnesses(folder: Place) -> tuple[Verifier, ...]:
    path = os.path.join(folder, WITNESSES)
    if not os.path.lexists(path):
        return ()
    try:
        return tuple(map(witness_key, _read(path, LARGEST).decode("ascii").splitlines()))
    except (BadNote, UnicodeDecodeError) as error:
        raise _unusable(f"{path} holds what is no key of a witness: {error}") from error


def _own_roots(folder: Place) -> bytes:
    path = os.path.join(folder, ROOTS)
    return _checked(path, _read(path, LARGEST_ROOTS)) if os.path.lexists(path) else b""


def _read(path: str, largest: int) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(largest)
    except OSError as error:
        raise _unusable(f"{path} cannot be read: {error.strerror}") from error


def _write(path: str, content: bytes) -> None:
    try:
        whole_files.replace(path, content)
    except OSError as error:
        raise _unusable(f"{path} cannot be written: {error.strerror}") from error


def _unusable(why: str) -> StoreFailure:
    return StoreFailure("trusted-keys", f"Whom this store believes is not known: {why}.")
