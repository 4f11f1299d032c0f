"""The log's key: two files beside the database, which cannot read them."""

import os
from typing import TYPE_CHECKING

from roadlog import machine
from roadlog.domain.refusals import StoreFailure
from roadlog.domain.wording import quoted
from roadlog.store import Place

if TYPE_CHECKING:
    from roadlog.trust.note import Signer, Verifier

KEY = "log.key"
"""The private key: one line, as Go's package for signed notes writes it; nobody but its owner may read it."""
PUBLIC = "log.pub"
"""The key to check with: one line, which whoever checks keeps where the store's owner cannot reach."""
LARGEST = 1000
"""Characters of either file, at most."""


def is_there(folder: Place) -> bool:
    """Whether the store has a private key, of whatever use it may be."""
    return os.path.lexists(os.path.join(folder, KEY))


def make(folder: Place, origin: str) -> None:
    """Makes the key of the log with this origin: both files, for good. Raises StoreFailure."""
    from roadlog.trust.note import Signer

    made = Signer.from_seed(origin, bytes.fromhex(machine.random_hex(32)))
    _write(os.path.join(folder, PUBLIC), f"{made.verifier}\n", 0o644)
    _write(os.path.join(folder, KEY), f"{made}\n", 0o600)


def signer(folder: Place, origin: str) -> "Signer":
    """The private key of the log with this origin.

    Raises StoreFailure where there is none, where others may read it, or where it is of another log.
    """
    from roadlog.trust.note import BadNote, Signer

    path = os.path.join(folder, KEY)
    try:
        with open(path, encoding="ascii") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise _unusable(f"others than its owner may read {path}", f"chmod 600 {quoted(path)}")
            found = Signer.read(file.read(LARGEST))
    except OSError as error:
        raise _unusable(f"{path} cannot be read: {error.strerror}") from error
    except (BadNote, UnicodeDecodeError) as error:
        raise _unusable(f"{path} holds no key: {error}") from error
    if found.verifier.name != origin:
        raise _unusable(f"{path} is the key of {found.verifier.name}, and this log is {origin}")
    return found


def verifier(folder: Place) -> "Verifier | None":
    """The key to check with, as the store itself has it; None where there is none. Raises StoreFailure."""
    from roadlog.trust.note import BadNote, Verifier

    path = os.path.join(folder, PUBLIC)
    try:
        with open(path, encoding="ascii") as file:
            return Verifier.read(file.read(LARGEST))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(f"{path} cannot be read: {error.strerror}") from error
    except (BadNote, UnicodeDecodeError) as error:
        raise _unusable(f"{path} holds no key: {error}") from error


def _write(path: str, text: str, mode: int) -> None:
    """Puts a file there whole, and for good."""
    from roadlog.trust import whole_files

    try:
        whole_files.replace(path, text.encode(), mode)
    except OSError as error:
        raise _unusable(f"{path} cannot be written: {error.strerror}") from error


def _unusable(why: str, *try_: str) -> StoreFailure:
    return StoreFailure("log-key", f"The log's key cannot be used: {why}.", try_=try_)
