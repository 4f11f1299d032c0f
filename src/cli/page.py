"""The page: serving it."""

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from roadlog.cli.asking import answering
from roadlog.cli.output import print_json_line, say, with_asides
from roadlog.cli.program import program
from roadlog.visible import plain

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from roadlog.web.posting import Secret

PORT = 8080


@answering(lambda _: None)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    metavar="N",
    help="Where to listen; 0 takes a port that is free.",
)
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The IP address to listen on. One that other machines reach needs TLS; nobody reads there "
    "without a token.",
)
@click.option("--name", "names", multiple=True, metavar="NAME", help="By which name browsers reach it, too.")
@click.option("--certificate", metavar="FILE", help="For TLS: the certificate, PEM.")
@click.option("--key", metavar="FILE", help="For TLS: its private key, PEM.")
@click.option(
    "--webhook",
    metavar="URL",
    help="Post each new record and each decision newly owed there, until they are taken; signed with the "
    "secret in the store's webhook.secret, or in ROADLOG_WEBHOOK_SECRET.",
)
def serve(
    port: int,
    open_: bool,
    host: str,
    names: tuple[str, ...],
    certificate: str | None,
    key: str | None,
    webhook: str | None,
) -> None:
    """On this machine alone, unless told otherwise, until Ctrl-C. It needs the extra web:
    pip install 'roadlog[web]'.

    roadlog serve
    roadlog serve --port 0 --open
    roadlog serve --webhook https://example.com/roadlog
    roadlog serve --host 192.0.2.7 --name roadmap.example.com --certificate cert.pem --key key.pem
    """
    run = program()
    folder, zone = run.folder(), run.zone()
    _check_installed()
    from roadlog.web.posting import receiver
    from roadlog.web.server import Listening, listener_of
    from roadlog.web.server import serve as served
    from roadlog.web.webhook import told

    to = receiver(webhook) if webhook else None
    where = Listening(address=host, port=port, names=names, certificate=certificate, key=key)

    hook: dict[str, str] | None = None

    def ready(addresses: list[str]) -> None:
        _tell(folder, addresses, hook)
        if open_:
            click.launch(addresses[0])

    with listener_of(where) as listener, ExitStack() as telling:
        if to:
            known = _secret(folder, to)
            hook = {"url": to.geturl(), "secret": known.place}
            telling.enter_context(told(folder, to, known.text, _warn))
        served(folder, where, listener, zone=zone, ready=ready)


def _secret(folder: str, to: "SplitResult") -> "Secret":
    """What deliveries are signed with. Warns where others read them. Raises RoadlogError."""
    from roadlog.web.posting import secret

    if to.scheme == "http" and to.hostname not in ("127.0.0.1", "::1", "localhost"):
        program().warn(f"{to.geturl()} is not https: everybody on the way can read what is posted.")
    return secret(folder, os.environ)


def _tell(folder: str, addresses: list[str], hook: dict[str, str] | None) -> None:
    """Says at once where the page is, and what a webhook's receiver checks with."""
    address, *also = addresses
    if program().json:
        answer = {"address": address, "also": also, "store": folder, "webhook": hook}
        print_json_line(with_asides(answer, program()))
        sys.stdout.flush()
        return
    if hook:
        told_of = "is told of each new record and each decision newly owed"
        say(f"{hook['url']} {told_of}. Its secret is in {hook['secret']}.")
    others = f", and at {' and '.join(also)}" if also else ""
    say(f"The page of {folder} is at {address}{others}. Ctrl-C ends it.")


def _warn(text: str) -> None:
    """Says at once what is wrong, also from another thread than that of the command."""
    click.echo(f"Warning: {plain(text)}", err=True)


def _check_installed() -> None:
    """Raises OutsideFailure where a package of the extra web is missing."""
    from importlib.util import find_spec

    missing = [
        name for name in ("jinja2", "python_multipart", "starlette", "uvicorn") if find_spec(name) is None
    ]
    if missing:
        from roadlog.domain.refusals import OutsideFailure

        raise OutsideFailure(
            "extra",
            f"The page is served by packages of which {missing[0]} is not installed. Install them: "
            'pip install "roadlog[web]"',
        )
