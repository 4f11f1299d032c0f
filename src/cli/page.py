"""The page: serving it."""

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from roadlog.cli.asking import answering
from roadlog.cli.output import say
from roadlog.cli.program import program
from roadlog.visible import plain

if TYPE_CHECKING:
    from urllib.parse import SplitResult

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
    from roadlog.web.server import Listening
    from roadlog.web.server import serve as served

    to = receiver(webhook) if webhook else None
    where = Listening(address=host, port=port, names=names, certificate=certificate, key=key)
    with ExitStack() as telling:

        def ready(address: str) -> None:
            if to:
                _tell(telling, folder, to)
            say(f"The page of {folder} is at {address}. Ctrl-C ends it.")
            if open_:
                click.launch(address)

        served(folder, where, zone=zone, ready=ready)


def _tell(telling: ExitStack, folder: str, to: "SplitResult") -> None:
    """Tells a webhook from now on, and says what its receiver checks with. Raises RoadlogError."""
    from roadlog.web.posting import secret
    from roadlog.web.webhook import told

    url, known = to.geturl(), secret(folder, os.environ)
    if to.scheme == "http" and to.hostname not in ("127.0.0.1", "::1", "localhost"):
        _warn(f"{url} is not https: everybody on the way can read what is posted.")
    telling.enter_context(told(folder, to, known.text, _warn))
    say(f"{url} is told of each new record and each decision newly owed. Its secret is in {known.place}.")


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
