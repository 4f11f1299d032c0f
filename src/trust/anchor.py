"""What an anchor is made of, as it is kept beside the log, and what it shows to whom.

A witness and a time-stamp authority vouch for a checkpoint with a key of their own, so what they said can be
checked again, by who has their public key or root certificate from elsewhere. A file and a commit are copies:
what is kept here says where to look, and whoever holds the copy gives it to `verify --against`.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple, assert_never

import msgspec

from roadlog.domain.refusals import StoreFailure
from roadlog.domain.wording import quoted
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.cosignature import cosigned
from roadlog.trust.note import BadNote, Note, Verifier
from roadlog.trust.timestamps import BadStamp, is_of, stamp

Kind = Literal["file", "git", "tsa", "witness"]
LARGEST = 4_000_000
"""Bytes of what is kept of an anchor, at most."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is kept of an anchor: as JSON, below a line with the SHA-256 of that JSON.

    note: the signed note of the checkpoint, with the witness' cosignature where there is one
    place: where it is: a path, an address, or the git directory and the ref
    token: the authority's answer (DER)
    commit: the id of the git commit
    """

    kind: Kind
    note: str
    place: str
    token: bytes = b""
    commit: str = ""

    @classmethod
    def read(cls, content: bytes) -> "Kept":
        """Raises BadNote."""
        digest, _, said = content[: LARGEST + 1].partition(b"\n")
        if len(content) > LARGEST or sha256(said).hexdigest().encode() != digest:
            raise BadNote("what is kept of an anchor is not what its SHA-256 says")
        try:
            return msgspec.json.decode(said, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadNote(f"what is kept of an anchor cannot be read: {error}") from error

    def write(self) -> bytes:
        """As it is kept."""
        said = msgspec.json.encode(self)
        return sha256(said).hexdigest().encode() + b"\n" + said


class Trusted(NamedTuple):
    """Whom the reader believes: public keys of witnesses, and root certificates of authorities (PEM)."""

    witnesses: Sequence[Verifier] = ()
    roots: bytes = b""


class Anchored(NamedTuple):
    """Somebody outside vouches for the checkpoint. `at`: since when, by their clock; `by`: who."""

    checkpoint: Checkpoint
    at: datetime
    by: str


class Unchecked(NamedTuple):
    """Nothing is wrong with it, and it shows nothing here. `why`, and what would show it."""

    checkpoint: Checkpoint
    why: str


def check_anchor(
    kind: str, size: int, content: bytes, log: Verifier, trusted: Trusted
) -> Anchored | Unchecked:
    """What an anchor shows, from the columns of its row, the log's public key and whom the reader trusts.

    Whether the log has that root at that size is for the caller to see. Raises BadNote for what is no anchor,
    is not signed by the log, or was changed.
    """
    kept = Kept.read(content)
    note = Note.read(kept.note.encode())
    checkpoint = Checkpoint.of(note)
    if (kept.kind, checkpoint.size) != (kind, size):
        raise BadNote(f"it is kept as {kind} of {size} records, and is {kept.kind} of {checkpoint.size}")
    if checkpoint.origin != log.name or log.signed(note) is None:
        raise BadNote(f"the key of {log.name} did not sign it")
    return shown(kept, trusted)


def shown(kept: Kept, trusted: Trusted) -> Anchored | Unchecked:
    """What an anchor shows to who trusts these, whoever signed the checkpoint. Raises BadNote."""
    note = Note.read(kept.note.encode())
    checkpoint = Checkpoint.of(note)
    match kept.kind:
        case "witness":
            return _by_witness(note, checkpoint, kept, trusted.witnesses)
        case "tsa":
            return _by_authority(note, checkpoint, kept, trusted.roots)
        case "git":
            show = f"git --git-dir={quoted(kept.place)} show {kept.commit}:checkpoint"
            return Unchecked(checkpoint, f"its checkpoint counts where it was pushed to: {show}")
        case "file":
            why = f"give the file that went to {kept.place}: roadlog verify --against FILE"
            return Unchecked(checkpoint, why)
    assert_never(kept.kind)


def _by_witness(
    note: Note, checkpoint: Checkpoint, kept: Kept, witnesses: Sequence[Verifier]
) -> Anchored | Unchecked:
    for each in witnesses:
        at = cosigned(note, each)
        if at is not None:
            return Anchored(checkpoint, at, f"witness {each}")
    names = ", ".join(each.name for each in note.signatures[1:]) or "nobody"
    return Unchecked(checkpoint, f"no trusted key is that of {names}, the witness at {kept.place}")


def _by_authority(note: Note, checkpoint: Checkpoint, kept: Kept, roots: bytes) -> Anchored | Unchecked:
    content = note.write()
    try:
        if not is_of(kept.token, content):
            raise BadNote("its time stamp is of other bytes")
    except BadStamp as error:
        raise BadNote(f"its time stamp cannot be read: {error}") from error
    except StoreFailure as error:
        return Unchecked(checkpoint, error.message.rstrip("."))
    if not roots:
        return Unchecked(checkpoint, f"no certificates are trusted for the authority at {kept.place}")
    try:
        found = stamp(kept.token, content, roots)
    except BadStamp as error:
        return Unchecked(checkpoint, f"the trusted certificates do not vouch for {kept.place}: {error}")
    return Anchored(checkpoint, found.at, f"time-stamp authority {found.by}")
