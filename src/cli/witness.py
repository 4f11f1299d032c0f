"""The witness: a small server that Compliance runs, and that cosigns checkpoints of the logs it knows."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from roadlog.cli.asking import answering
from roadlog.cli.output import print_json_line, say
from roadlog.cli.program import program
from roadlog.visible import plain

if TYPE_CHECKING:
    from roadlog.trust.note import Verifier
    from roadlog.trust.witness_server import Server

FOLDER = "roadlog-witness"
PORT = 7461


@answering(lambda _: None)
@click.option(
    "--log",
    "logs",
    multiple=True,
    required=True,
    metavar="KEY|FILE",
    help="The public key of a log to cosign, or the file that holds it (log.pub). As many as there are logs.",
)
@click.option("--name", metavar="N", help="What its key is called, say witness.example/compliance; once.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False),
    default=FOLDER,
    metavar="D",
    show_default=True,
    help="Where its key is, and what it saw.",
)
@click.option("--host", default="127.0.0.1", metavar="H", show_default=True, help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, metavar="N", show_default=True, help="0 picks one."
)
def witness(
    logs: tuple[str, ...], name: str | None, folder: str, host: str, port: int
) -> dict[str, Any] | None:
    """Run it where the people who run the store cannot write. It keeps the largest checkpoint that it saw of
    each log, and cosigns another only when a proof shows that the log did nothing but grow from there.
    It speaks tlog-witness of C2SP, until Ctrl-C. At its first start it makes a key: give the public one,
    which it prints, to whoever checks. Never put an older copy of its folder back: begin a new witness.

    roadlog witness --name witness.example/compliance --log log.pub
    """
    server = _listening(logs, name, folder, host, port)
    known = server.witness.logs
    if program().json:
        print_json_line(
            {"witness": str(server.witness.cosigner.verifier), "url": server.url, "logs": [*known]}
        )
    else:
        say(f"Witness key: {server.witness.cosigner.verifier}")
        for each in known:
            say(f"It cosigns {each}.")
        say(f"It listens at {server.url}, until Ctrl-C.")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt), server:  # how it is meant to end
        server.serve_forever()
    return None


def _listening(logs: tuple[str, ...], name: str | None, folder: str, host: str, port: int) -> "Server":
    """The server, which takes connections from now on. Raises Malformed, OutsideFailure."""
    import sqlite3

    from roadlog import machine
    from roadlog.domain.refusals import Malformed, OutsideFailure
    from roadlog.trust import witness_folder
    from roadlog.trust.note import BadNote
    from roadlog.trust.witness import Witness
    from roadlog.trust.witness_server import Server

    try:
        known = list(map(_log_key, logs))
        cosigner = witness_folder.cosigner(folder, name, bytes.fromhex(machine.random_hex(32)))
        witness = Witness(cosigner, known, witness_folder.seen(folder), machine.clock)
    except BadNote as error:
        raise Malformed("key", f"{error}.", try_=("roadlog witness --help",)) from error
    except sqlite3.Error as error:
        raise OutsideFailure("witness", f"{witness_folder.seen(folder)} cannot be used: {error}.") from error
    try:
        return Server(host, port, witness, _tell)
    except (OSError, OverflowError, UnicodeError) as error:
        why = f"It cannot listen at {host}, port {port}: {getattr(error, 'strerror', None) or error}."
        raise OutsideFailure("witness", why, try_=("roadlog witness --port 0",)) from error


def _log_key(given: str) -> "Verifier":
    """The public key of a log, given as such or as its file. Raises Malformed."""
    from roadlog.domain.refusals import Malformed
    from roadlog.trust.key_files import line_of, named
    from roadlog.trust.note import BadNote, Verifier

    try:
        return Verifier.read(line_of(given))
    except BadNote as error:
        message = f"{named(given)} is no public key of a log, as log.pub holds it: {error}."
        raise Malformed("log-key", message, missing=("--log",), try_=("roadlog witness --help",)) from error


def _tell(line: str) -> None:
    """A line of its own log, on stderr, where nothing that somebody sent is obeyed."""
    from roadlog import machine
    from roadlog.domain.moments import rfc3339

    click.echo(f"{rfc3339(machine.clock())} {plain(line)}", err=True)
