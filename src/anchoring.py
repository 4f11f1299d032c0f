"""Anchoring a log: a checkpoint of it as it stands goes where those who run the store cannot reach.

Each way makes a checkpoint, brings it out, and keeps beside the log what came of that. What is brought out
and not kept, as when the machine stops in between, does no harm.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from roadlog import trusted_keys
from roadlog.application import Application
from roadlog.domain.moments import rfc3339
from roadlog.domain.refusals import Damaged, Malformed, OutsideFailure, Refused
from roadlog.domain.wording import quoted
from roadlog.proving import prove_growth
from roadlog.store import Place
from roadlog.trust import whole_files
from roadlog.trust.anchor import Anchored, Kept, Trusted, shown
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.cosigning import Forked, cosign
from roadlog.trust.exchange import NoAnswer, checked
from roadlog.trust.git_commits import NoCommit, committed
from roadlog.trust.note import Note
from roadlog.trust.timestamps import BadStamp, stamped


class _Brought(NamedTuple):
    """What is to be kept of it, whom that shows something to, and what to do next."""

    kept: Kept
    trusted: Trusted = Trusted()
    next: tuple[str, ...] = ()


Bring = Callable[[Note], _Brought]


def by_file(folder: Place, path: str) -> dict[str, Any]:
    """Writes the checkpoint to a new file. Raises Refused over one, StoreFailure, Damaged."""
    there = Refused("file-exists", f"{path} is there already, and a checkpoint is not written over anything.")
    if os.path.lexists(path):
        raise there

    def bring(note: Note) -> _Brought:
        try:
            whole_files.write(path, note.write())
        except FileExistsError as error:
            raise there from error
        except OSError as error:
            raise OutsideFailure("anchor", f"{path} cannot be written: {error.strerror}.") from error
        return _Brought(
            Kept(kind="file", note=note.write().decode(), place=_shown(os.path.abspath(path))),
            next=(f"roadlog verify --against {quoted(path)}",),
        )

    return _anchored(folder, bring)


def by_commit(folder: Place, repository: str | None, now: datetime) -> dict[str, Any]:
    """Commits the checkpoint in a git repository: the one given, else that of the store's folder.

    Raises StoreFailure, Damaged.
    """

    def bring(note: Note) -> _Brought:
        try:
            made = committed(note, repository or os.fspath(folder), now)
        except NoCommit as error:
            raise OutsideFailure("anchor", f"No commit was made: {error}.") from error
        place = _shown(made.repository)
        kept = Kept(kind="git", note=note.write().decode(), place=place, commit=made.commit)
        return _Brought(kept, next=(f"git --git-dir {quoted(place)} push REMOTE {made.ref}",))

    return _anchored(folder, bring)


def by_stamp(folder: Place, url: str, roots: str | None) -> dict[str, Any]:
    """Has an authority stamp the checkpoint. `roots`, a file of certificates, are believed from now on.

    Raises Malformed where none are known, or for no address; StoreFailure, Damaged.
    """
    _check_address(url)
    given = trusted_keys.roots_of(roots) if roots else b""
    trusted = Trusted(roots=given or trusted_keys.trusted(folder).roots)
    if not trusted.roots:
        message = (
            "No certificates of a time-stamp authority are known here: give the file of its roots, once."
        )
        raise Malformed("tsa-roots", message, try_=(f"roadlog anchor --tsa {quoted(url)} --tsa-roots FILE",))

    def bring(note: Note) -> _Brought:
        content = note.write()
        token = stamped(url, content, trusted.roots)
        return _Brought(Kept(kind="tsa", note=content.decode(), place=url, token=token), trusted)

    made = _anchored(folder, bring)
    if given:
        trusted_keys.believe_authority(folder, given)
    return made


def by_witness(folder: Place, url: str, key: str | None) -> dict[str, Any]:
    """Has a witness cosign the checkpoint. Its `key`, given as such or as a file, is believed from now on.

    Raises Malformed where none is known, or for no address; StoreFailure; Damaged where the witness saw
    another log.
    """
    _check_address(url)
    given = trusted_keys.witness_of(key) if key else None
    trusted = Trusted((given,) if given else trusted_keys.trusted(folder).witnesses)
    if not trusted.witnesses:
        message = "No key of a witness is known here: give the one that it prints when it starts, once."
        raise Malformed(
            "witness-key", message, try_=(f"roadlog anchor --witness {quoted(url)} --witness-key KEY",)
        )

    def prove(old: int, new: int) -> list[bytes]:
        return [bytes.fromhex(each) for each in prove_growth(folder, old, new)["proof"]]

    def bring(note: Note) -> _Brought:
        cosigned = cosign(url, note, trusted.witnesses, prove)
        return _Brought(Kept(kind="witness", note=cosigned.write().decode(), place=url), trusted)

    made = _anchored(folder, bring)
    if given:
        trusted_keys.believe_witness(folder, given)
    return made


def _anchored(folder: Place, bring: Bring) -> dict[str, Any]:
    """Brings out a checkpoint of the log as it stands, and keeps what came of it.

    at, by: since when and by whom it is vouched for, as far as that shows here
    """
    with Application.open(folder) as application:
        note = Note.read(application.checkpoint().note)
        with _in_our_words():
            kept, trusted, steps = bring(note)
        said = Checkpoint.of(note)
        application.keep_anchor(kept.kind, said.size, kept.write())
    found = shown(kept, trusted)
    vouched = found if isinstance(found, Anchored) else None
    return {
        "kind": kept.kind,
        "origin": said.origin,
        "size": said.size,
        "root": said.root.hex(),
        "place": kept.place,
        "commit": kept.commit or None,
        "at": rfc3339(vouched.at) if vouched else None,
        "by": vouched.by if vouched else None,
        "next": list(steps),
    }


def _check_address(url: str) -> None:
    """Before anything is made. Raises Malformed."""
    try:
        checked(url)
    except NoAnswer as error:
        raise Malformed("url", f"{error}.", missing=("URL",)) from error


def _shown(path: str) -> str:
    """A path as text, of whatever bytes its names are."""
    return os.fsencode(path).decode(errors="backslashreplace")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except Forked as error:
        message = (
            f"{error} Either this log was cut off or rebuilt, or somebody signed another one with its key."
        )
        raise Damaged("witness", message, try_=("roadlog verify",)) from error
    except (BadStamp, NoAnswer) as error:
        raise OutsideFailure("anchor", f"Nobody vouched for the checkpoint: {error}.") from error
