"""Keys: whose public keys are known, from when until when they sign approvals, and which sign no more.

The log's own key, which signs checkpoints, is changed here too.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.arguments import HANDLE
from roadlog.cli.asking import reading
from roadlog.cli.program import program
from roadlog.cli.recorded import tell
from roadlog.cli.times import LATER
from roadlog.cli.writing import Commands, warn_of, writing
from roadlog.domain.commands import EnrolKey, RetireKey
from roadlog.domain.refusals import Malformed

if TYPE_CHECKING:
    from roadlog.projections.moment import Moment
    from roadlog.reading import Reading

LARGEST = 16 * 1024
"""Bytes of a public key's file, at most."""


@writing
@click.argument("handle", type=HANDLE)
@click.argument("file", metavar="PUBFILE")
@click.option(
    "--from", "valid_from", type=LATER, metavar="TIME", help="Since when it signs; now, unless given."
)
@click.option("--until", "valid_until", type=LATER, metavar="TIME", help="Until when it signs.")
def key_enrol(handle: str, file: str, valid_from: datetime | None, valid_until: datetime | None) -> Commands:
    """Your own, or anybody's where you may enrol people. PUBFILE is the `.pub` file of an Ed25519 key, or of
    one in FIDO hardware (ssh-keygen -t ed25519, or -t ed25519-sk): a private key is never read. What it
    signs, `roadlog approve --sign` says.

    roadlog key enrol carla ~/.ssh/id_ed25519.pub
    roadlog key enrol carla carla.pub --until 2027-01-01
    """
    line = _line_of(file)
    program().typed["public key"] = line
    return EnrolKey(stakeholder=handle, public_key=line, valid_from=valid_from, valid_until=valid_until)


def _line_of(path: str) -> str:
    """The text of a public key's file. Raises Malformed."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # a ValueError: its name holds a zero byte
        why = getattr(error, "strerror", None) or "no file has such a name"
        raise _no_key(path, f"cannot be read: {why}.") from error
    if b"PRIVATE KEY" in content:
        raise _no_key(path, f"is a private key, which is nobody's business. Give {path}.pub.")
    if len(content) > LARGEST:
        raise _no_key(path, f"is longer than {LARGEST:,} bytes, and no public key.")
    try:
        return content.decode().strip()
    except UnicodeDecodeError as error:
        raise _no_key(path, f"is not text (at byte {error.start + 1}), and no public key.") from error


def _no_key(path: str, why: str) -> Malformed:
    return Malformed("key-file", f"{path!r} {why}", missing=("PUBFILE",))


@writing
@click.argument("handle", type=HANDLE)
@click.argument("fingerprint")
def key_retire(handle: str, fingerprint: str) -> Commands:
    """A reason is mandatory. Approvals that it signed before stay signed: withdraw those that its holder did
    not give. A retired key stays so. FINGERPRINT is as `roadlog key list` and ssh-keygen -l show it.

    roadlog key retire carla SHA256:ZxTZQ/K7JZpz0mHqWqdmYCUcq3MAtnu9TYA66TCBkxM \\
      --because "The laptop was stolen"
    """
    return RetireKey(stakeholder=handle, fingerprint=fingerprint)


@writing
def key_rotate() -> None:
    """A reason is mandatory. It makes a new key, which the old one and the new one sign for, and a checkpoint
    by it; the old private key is gone then. Witnesses need the new key, which `roadlog key list --log` shows.
    `log.pub` stays the log's first key: it leads whoever checks the log to the new one.

    roadlog key rotate --because "The backup server was stolen"
    """
    from roadlog import rotation

    run = program()
    with run.application() as application:
        done = rotation.rotate(application, run.wish())
        warn_of(application)
    tell(done)


def _render(answer: Any) -> None:
    from roadlog.cli.output import say
    from roadlog.cli.views import lists

    if isinstance(answer, dict) and "log_keys" in answer:
        lists.log_keys(answer["log_keys"])
    elif isinstance(answer, dict):
        for line in answer["allowed_signers"].splitlines():
            say(line)
    else:
        lists.keys(answer)


@reading(_render)
@click.option(
    "--allowed-signers",
    is_flag=True,
    help="As the file that ssh-keygen -Y verify takes; handles are its principals.",
)
@click.option("--log", "log", is_flag=True, help="The keys that sign the log's checkpoints instead.")
def key_list(
    reading: "Reading", moment: "Moment", allowed_signers: bool, log: bool
) -> list[Any] | dict[str, Any]:
    """Handles that ever had a key in common count as one person.

    roadlog key list
    roadlog key list --log
    roadlog key list --allowed-signers > allowed_signers
    """
    if allowed_signers and log:
        raise click.UsageError("Give --allowed-signers or --log.")
    roadmap = reading.roadmap(moment)
    if log:
        from roadlog import log_key
        from roadlog.projections.people import log_keys

        public = log_key.verifier(program().folder())
        return {"log_keys": log_keys(roadmap, str(public) if public else None)}
    if allowed_signers:
        from roadlog.store import origin
        from roadlog.trust.allowed_signers import allowed_signers as written

        first = reading.record(1)
        name = origin(first.stream, first.leaf)
        return {"origin": name, "allowed_signers": written(roadmap.keys, name)}
    from roadlog.projections.people import keys

    return keys(roadmap)
