"""A witness' folder: its private key, its public key, and what it saw. The three belong together.

A key without what it saw would cosign a fork of any log, so such a folder is refused.
"""

import os
from contextlib import suppress

from roadlog.domain.refusals import Malformed
from roadlog.trust.cosignature import Cosigner
from roadlog.trust.key_files import FOR_ALL, PRIVATE, read_private, unusable, write
from roadlog.trust.note import BadNote

KEY = "witness.key"
PUBLIC = "witness.pub"
"""The key that whoever checks its cosignatures needs."""
SEEN = "witness.db"


def seen(folder: str) -> str:
    """Where the witness keeps what it saw."""
    return os.path.join(folder, SEEN)


def cosigner(folder: str, name: str | None, seed: bytes) -> Cosigner:
    """The witness' key; made from `seed`, under `name`, where there is none yet.

    Raises OutsideFailure for a folder that cannot be used, or is another witness'; BadNote for a bad name;
    Malformed for none where one is needed.
    """
    key = os.path.join(folder, KEY)
    if not os.path.lexists(key):
        if name is None:
            message = f"There is no witness in {folder} yet, and a new one needs a name: --name."
            example = "roadlog witness --name witness.example/compliance --log FILE"
            raise Malformed("name", message, missing=("--name",), try_=(example,))
        _make(folder, Cosigner.from_seed(name, seed))
    elif not os.path.lexists(seen(folder)):
        raise unusable(
            f"{key} is there and {SEEN} is not, and a witness that forgot what it saw would cosign a fork; "
            "begin a new witness, with a new key, in another folder"
        )
    try:
        found = Cosigner.read(read_private(key))
    except BadNote as error:
        raise unusable(f"{key} holds no key of a witness: {error}") from error
    with suppress(FileExistsError):
        write(os.path.join(folder, PUBLIC), str(found.verifier), FOR_ALL)
    if name not in (None, found.verifier.name):
        raise unusable(f"{key} is the key of {found.verifier.name}, not of {name}")
    return found


def _make(folder: str, made: Cosigner) -> None:
    """Writes what was seen, which is nothing, then the key: wherever it is cut off, no key stands alone."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.close(os.open(seen(folder), os.O_CREAT | os.O_WRONLY, PRIVATE))
    except OSError as error:
        raise unusable(f"{folder} cannot be used: {error.strerror}") from error
    with suppress(FileExistsError):  # another process made it meanwhile, and its key counts
        write(os.path.join(folder, KEY), str(made), PRIVATE)
