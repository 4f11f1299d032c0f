"""The log in the pack: the headers of all its records, and the stored bytes of those in the scope."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from roadlog import failures, store
from roadlog.domain.refusals import Damaged
from roadlog.event_store.merkle import grow, root
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import NO_LEAF, KeptCheckpoint
from roadlog.event_store.sealing import header
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import BadNote, Note

HEADERS, RECORDS, CHECKPOINT = "headers.txt", "records.jsonl", "checkpoint.note"
TELL_EVERY = 1_000

Progress = Callable[[int, int], None]


class Written(NamedTuple):
    """The log as it was written: which one, how many records, the root in hex, and their last time.

    checkpoint: what the log's key signed of it; signer: the name and the id of that key
    """

    origin: str
    size: int
    root: str
    recorded_at: str
    checkpoint: Checkpoint
    signer: str


def write_log(
    reader: Reader, folder: Path, kept: KeptCheckpoint, shown: set[int], progress: Progress | None = None
) -> Written:
    """Writes the log up to a checkpoint, and that: every header, and the bytes at the positions to be shown.

    Raises Damaged for a record that is not what its leaf says, or is missing, and for a checkpoint of others.
    """
    size = kept.size
    last: dict[str, str] = {}
    peaks: list[bytes] = []
    first = recorded_at = ""
    position = 0
    with (
        failures.in_our_words(),
        open(folder / HEADERS, "wb") as headers,
        open(folder / RECORDS, "wb") as records,
    ):
        for position, (place, stream, version, kind, recorded_at, state, leaf) in enumerate(
            reader.rows(upto=size), 1
        ):
            if place != position:
                raise failures.missing(position)
            previous = last.get(stream, NO_LEAF)
            lines = header(
                position, stream, version, kind, recorded_at, sha256(state).hexdigest(), previous
            ).encode()
            made = sha256(b"\0" + lines)
            if made.hexdigest() != leaf:
                raise Damaged(
                    "altered", f"Record {position} is not what its leaf says.", try_=("roadlog verify",)
                )
            last[stream] = leaf
            first = first or store.origin(stream, leaf)
            grow(position - 1, peaks, [made.digest()])
            headers.write(lines)
            if position in shown:
                records.write(b'{"position":%d,"bytes":"%b"}\n' % (position, b64encode(state)))
            if progress is not None and position % TELL_EVERY == 0:
                progress(position, size)
    if position < size:
        raise failures.missing(position + 1)
    made_of = root(peaks)
    checkpoint, signer = _said(kept)
    if (checkpoint.origin, checkpoint.size, checkpoint.root) != (first, size, made_of):
        why = f"Checkpoint {kept.id} is not of these {size} records."
        raise Damaged("altered", why, try_=("roadlog verify",))
    (folder / CHECKPOINT).write_bytes(kept.note)
    return Written(first, size, made_of.hex(), recorded_at, checkpoint, signer)


def _said(kept: KeptCheckpoint) -> tuple[Checkpoint, str]:
    """What a checkpoint says, and by which key it is signed, as far as it names one."""
    try:
        note = Note.read(kept.note)
        said = Checkpoint.of(note)
    except BadNote as error:
        raise Damaged("unreadable", f"Checkpoint {kept.id}: {error}.", try_=("roadlog verify",)) from error
    signature = note.signatures[0]
    return said, f"{signature.name}+{signature.key.hex()}"
