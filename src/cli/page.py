"""The page: serving it."""

import click

from roadlog.cli.asking import answering
from roadlog.cli.output import say
from roadlog.cli.program import program

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
def serve(
    port: int, open_: bool, host: str, names: tuple[str, ...], certificate: str | None, key: str | None
) -> None:
    """On this machine alone, unless told otherwise, until Ctrl-C. It needs the extra web:
    pip install 'roadlog[web]'.

    roadlog serve
    roadlog serve --port 0 --open
    roadlog serve --host 192.0.2.7 --name roadmap.example.com --certificate cert.pem --key key.pem
    """
    run = program()
    folder, zone = run.folder(), run.zone()
    _check_installed()
    from roadlog.web.server import Listening
    from roadlog.web.server import serve as served

    def ready(address: str) -> None:
        say(f"The page of {folder} is at {address}. Ctrl-C ends it.")
        if open_:
            click.launch(address)

    where = Listening(address=host, port=port, names=names, certificate=certificate, key=key)
    served(folder, where, zone=zone, ready=ready)


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
