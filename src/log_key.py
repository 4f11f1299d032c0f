"""The log's keys: files beside the database, which cannot read them.

The first public key stays for ever: it is the one that whoever checks the log has. A key that comes in its
place waits in a file of its own, named by its id, until the record that brings it in stands; then it takes
the old private key's place. Whoever signs next finishes what a crash cut off between the two.
"""

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from roadlog import machine
from roadlog.store import Place

if TYPE_CHECKING:
    from roadlog.trust.note import Signer, Verifier

KEY = "log.key"
"""The private key: one line, as Go's package for signed notes writes it; nobody but its owner may read it."""
PUBLIC = "log.pub"
"""The first key to check with: one line, which whoever checks keeps where the store's owner cannot reach."""


def is_there(folder: Place) -> bool:
    """Whether the store has a private key, of whatever use it may be."""
    return os.path.lexists(os.path.join(folder, KEY))


def make(folder: Place, origin: str) -> None:
    """Makes the first key of the log with this origin: both files, for good. Raises StoreFailure."""
    from roadlog.trust import key_files

    made = another(origin)
    key_files.replace(os.path.join(folder, PUBLIC), str(made.verifier), key_files.FOR_ALL)
    key_files.replace(os.path.join(folder, KEY), str(made), key_files.PRIVATE)


def another(origin: str) -> "Signer":
    """A new private key for the log with this origin, which no file holds yet."""
    from roadlog.trust.note import Signer

    return Signer.from_seed(origin, bytes.fromhex(machine.random_hex(32)))


def keep_waiting(folder: Place, key: "Signer") -> None:
    """Puts a private key there that is not in force yet. Raises StoreFailure."""
    from roadlog.trust import key_files

    key_files.replace(_waiting(folder, key.verifier), str(key), key_files.PRIVATE)


def signer(folder: Place, origin: str, in_force: "Verifier | None") -> "Signer":
    """The private key that is in force, also where it waits still; without one named, the first one.

    Raises StoreFailure where there is none, where others may read it, or where it is of another log.
    """
    from roadlog.trust.key_files import read_private, unusable
    from roadlog.trust.note import BadNote, Signer

    waiting = _waiting(folder, in_force) if in_force else ""
    path = waiting if os.path.lexists(waiting) else os.path.join(folder, KEY)
    try:
        found = Signer.read(read_private(path))
    except BadNote as error:
        raise unusable(f"{path} holds no key: {error}") from error
    if found.verifier.name != origin:
        raise unusable(f"{path} is the key of {found.verifier.name}, and this log is {origin}")
    wanted = in_force or verifier(folder)
    if found.verifier != wanted:
        another = f"{wanted.id.hex()} is in force" if wanted else f"there is no {PUBLIC}"
        raise unusable(f"{path} is the key {found.verifier.id.hex()}, and {another}")
    return found


def settle(folder: Place, in_force: "Verifier") -> None:
    """Puts the key in force in the old one's place, which is gone then. Raises StoreFailure.

    Of several processes that do, one moves it; and no other key comes in force before that.
    """
    from roadlog.trust import key_files

    with suppress(FileNotFoundError):
        key_files.move(_waiting(folder, in_force), os.path.join(folder, KEY))


def verifier(folder: Place) -> "Verifier | None":
    """The first key to check with, as the store has it; None where there is none. Raises StoreFailure."""
    from roadlog.trust.key_files import read, unusable
    from roadlog.trust.note import BadNote, Verifier

    path = os.path.join(folder, PUBLIC)
    if not os.path.lexists(path):
        return None
    try:
        return Verifier.read(read(path))
    except BadNote as error:
        raise unusable(f"{path} holds no key: {error}") from error


def _waiting(folder: Place, key: "Verifier") -> str:
    """Where it waits: in a file of its own, so that of two who change the key none takes the other's."""
    return os.path.join(folder, f"{KEY}.{key.id.hex()}")
