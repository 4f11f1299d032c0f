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
    help="Where to listen on this machine; 0 takes a port that is free.",
)
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
def serve(port: int, open_: bool) -> None:
    """On this machine alone, until Ctrl-C. It needs the extra web: pip install 'roadlog[web]'.

    roadlog serve
    roadlog serve --port 0 --open
    """
    run = program()
    folder, zone = run.folder(), run.zone()
    _check_installed()
    from roadlog.web import server

    def ready(address: str) -> None:
        say(f"The page of {folder} is at {address}. Ctrl-C ends it.")
        if open_:
            click.launch(address)

    server.serve(folder, port=port, zone=zone, ready=ready)


def _check_installed() -> None:
    """Raises OutsideFailure where a package of the extra web is missing."""
    from importlib.util import find_spec

    missing = [name for name in ("jinja2", "starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        from roadlog.domain.refusals import OutsideFailure

        raise OutsideFailure(
            "extra",
            f"The page needs the extra web, of which {missing[0]} is not installed.",
            try_=("pip install 'roadlog[web]'",),
        )
