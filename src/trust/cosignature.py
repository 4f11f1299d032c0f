"""Cosignatures: a witness says when a checkpoint was the largest it had seen of a log that only grew.

https://c2sp.org/tlog-cosignature, the kind with Ed25519.
"""

from datetime import UTC, datetime

from roadlog.trust.note import SIGNATURE, BadNote, Note, Signature, Signer, Verifier, check_ed25519

COSIGNATURE = 0x04
"""The kind of a signature over a time and the text."""
TIME = 8
"""Bytes of the time that stands before the signature: seconds since 1970, big-endian."""
LATEST = int(datetime.max.replace(tzinfo=UTC).timestamp())
"""The last second that a datetime can hold."""


class Cosigner(Signer):
    """A witness' private key, under its name."""

    kind = COSIGNATURE

    def cosign(self, text: str, at: datetime) -> Signature:
        """Its cosignature over a checkpoint's text, of that second."""
        seconds = int(at.timestamp())
        made = self.sign(_message(text, seconds))
        return made._replace(value=seconds.to_bytes(TIME, "big") + made.value)


def cosigned(note: Note, witness: Verifier) -> datetime | None:
    """When the witness cosigned the note, by its last cosignature; None where it did not.

    Raises BadNote for a cosignature that names the witness and is not its.
    """
    ours = [each for each in note.signatures if (each.name, each.key) == (witness.name, witness.id)]
    return max((_checked_time(note.text, each, witness) for each in ours), default=None)


def witness_key(text: str) -> Verifier:
    """A witness' public key, as it prints it. Raises BadNote, also for a key of another kind."""
    found = Verifier.read(text)
    if found.kind != COSIGNATURE:
        raise BadNote(f"the key of {found.name} is no witness' key: it is of kind {found.kind}")
    return found


def _checked_time(text: str, signature: Signature, witness: Verifier) -> datetime:
    if len(signature.value) != TIME + SIGNATURE:
        raise BadNote(f"a cosignature has {TIME + SIGNATURE} bytes")
    seconds = int.from_bytes(signature.value[:TIME], "big")
    if not 0 < seconds <= LATEST:
        raise BadNote("a cosignature says when it was made")
    check_ed25519(witness.public, signature.value[TIME:], _message(text, seconds).encode(), witness.name)
    return datetime.fromtimestamp(seconds, UTC)


def _message(text: str, seconds: int) -> str:
    return f"cosignature/v1\ntime {seconds}\n{text}"
