"""What the one who verifies has from elsewhere."""

from roadlog.domain.refusals import Malformed
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import LARGEST, BadNote, Note, Verifier


def given(path: str) -> Note | Verifier:
    """What somebody has from elsewhere: a checkpoint, or the log's key. Raises Malformed for all else."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Malformed("against", f"{path} cannot be read: {error.strerror}.") from error
    try:
        if content.count(b"\n") <= 1:
            return Verifier.read(content.decode())
        note = Note.read(content)
        Checkpoint.of(note)
    except (BadNote, UnicodeDecodeError) as error:
        message = f"{path} is neither a checkpoint nor the key of a log: {error}."
        raise Malformed("against", message, try_=("roadlog checkpoint > FILE",)) from error
    return note
