"""Asking a witness for its cosignature: https://c2sp.org/tlog-witness, from the log's side."""

import re
from collections.abc import Callable, Sequence

from roadlog.trust.checkpoint import Checkpoint, size_of
from roadlog.trust.cosignature import cosigned
from roadlog.trust.exchange import Answer, NoAnswer, post
from roadlog.trust.note import BadNote, Note, Verifier
from roadlog.trust.witness import SIZE, Request

TRIES = 4
"""Others may ask the witness at the same time, and move the size that it starts from."""
SHOWN = 200

Prove = Callable[[int, int], Sequence[bytes]]
"""The proof that the log of the second size begins with that of the first."""


class Forked(Exception):
    """The witness saw a log of this origin that is larger, or another one."""


def cosign(url: str, note: Note, witnesses: Sequence[Verifier], prove: Prove) -> Note:
    """The checkpoint with the witness' cosignature, checked with that of these keys which is its.

    Raises NoAnswer where nobody answers or the answer cannot be used, Forked where the witness refuses.
    """
    checkpoint = Checkpoint.of(note)
    old = 0
    for _ in range(TRIES):
        proof = prove(old, checkpoint.size) if 0 < old < checkpoint.size else ()
        body = Request(old, tuple(proof), note, checkpoint).write()
        answer = post(f"{url.rstrip('/')}/add-checkpoint", body, {"Content-Type": "text/plain"})
        if answer.status == 200:
            return _with_cosignature(note, answer, witnesses, url)
        if answer.status == 422:
            raise Forked(
                f"The witness at {url} holds {old} records of this log with another root: {_shown(answer)}."
            )
        if answer.status != 409 or answer.kind != SIZE:
            raise NoAnswer(f"{url} answered {answer.status}: {_shown(answer)}")
        old = _size(answer, url)
        if old > checkpoint.size:
            raise Forked(
                f"The witness at {url} has seen {old} records of this log; it holds {checkpoint.size}."
            )
    raise NoAnswer(f"{url} named another size each of {TRIES} times")


def _with_cosignature(note: Note, answer: Answer, witnesses: Sequence[Verifier], url: str) -> Note:
    """Reads the answer as the specification proposes: as the end of the note."""
    try:
        said = Note.read(f"{note.text}\n".encode() + answer.body)
        ours = [each for each in witnesses if cosigned(said, each)]
    except BadNote as error:
        raise NoAnswer(f"{url} sent no cosignature: {error}") from error
    if not ours:
        names, known = (
            ", ".join(dict.fromkeys(e.name for e in each)) for each in (said.signatures, witnesses)
        )
        raise NoAnswer(f"{url} signs as {names}, not with the key of {known} that was given")
    keys = {(each.name, each.id) for each in ours}
    return note.and_signed(each for each in said.signatures if (each.name, each.key) in keys)


def _size(answer: Answer, url: str) -> int:
    try:
        return size_of(answer.body.decode("ascii").removesuffix("\n"))
    except (BadNote, UnicodeDecodeError) as error:
        raise NoAnswer(f"{url} named no size: {_shown(answer)}") from error


def _shown(answer: Answer) -> str:
    """The first of what somebody said, in one line."""
    return re.sub(r"\s+", " ", answer.body[:SHOWN].decode(errors="replace")).strip(" .") or "nothing"
