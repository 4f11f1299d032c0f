"""Every page of 500 initiatives with 100,000 records, beside an empty page of the same server.

Time to first byte, warm: each page was asked for before, as any page is that somebody looks at twice, or
that two look at; its frame, without anything in it, is the empty page. Both come from one server, a process
of its own, on one connection that stays open. The figure is that of the slowest page of each round.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import click

from benchmarks.command import plain_environ
from benchmarks.figures import Figure, Group, Size
from benchmarks.long_history import open_side_by_side
from benchmarks.timing import in_turn, over

FIGURES = (
    Figure(
        name="page-first-byte",
        what="the slowest page of 500 initiatives, time to first byte ÷ an empty page of the same server",
        bound="at most",
        limit=3.0,
        aim=None,
    ),
)
INITIATIVES = 500
EMPTY = "/empty"
ASKED = 20
"""Requests in one measurement: each takes less than a millisecond."""


def paths(key: str) -> list[str]:
    """The address of every page; of those about one initiative, of that one."""
    from roadlog.web.pages.registry import PAGES

    return [page.path.replace("{key}", key) for page in PAGES]


def serve(folder: str) -> None:
    """Serves the site and an empty page; prints the port first."""
    import uvicorn

    from roadlog.web.app import application
    from roadlog.web.pages.registry import PAGES, Page
    from roadlog.web.server import LOOPBACK, Listening, listener_of

    with listener_of(Listening(port=0)) as listener:
        port = listener.getsockname()[1]
        empty = Page(EMPTY, "page", lambda _: {})
        site = application(folder, hosts=[f"{LOOPBACK}:{port}"], pages=(*PAGES, empty))
        click.echo(port)
        uvicorn.Server(uvicorn.Config(site, log_level="warning")).run(sockets=[listener])


@contextmanager
def _served(folder: Path) -> Iterator[HTTPConnection]:
    line = [sys.executable, "-c", f"from benchmarks.pages import serve; serve({str(folder)!r})"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=plain_environ())
    try:
        port = int(next(iter(process.stdout or ())))
        with closing(HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
            yield connection
    finally:
        process.terminate()
        process.communicate()


def _first_bytes(connection: HTTPConnection, path: str) -> float:
    """Seconds until the first byte of so many answers came, one after another."""
    taken = 0.0
    for _ in range(ASKED):
        began = perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()  # which has read the first line when it returns
        taken += perf_counter() - began
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.reason}")
    return taken


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float] | str]:
    if find_spec("uvicorn") is None:
        return {"page-first-byte": "the extra web is not installed: make dev"}
    store = folder / "store"
    initiatives = min(INITIATIVES, size.many_initiatives)
    open_side_by_side(store, initiatives, size.long[-1])
    pages = paths(f"SUP-{(initiatives + 1) // 2}")
    with _served(store) as connection:
        taken = in_turn({path: partial(_first_bytes, connection, path) for path in (EMPTY, *pages)}, rounds)
    ratios = [over(taken[path], taken[EMPTY]) for path in pages]
    return {"page-first-byte": [max(each) for each in zip(*ratios, strict=True)]}


GROUP = Group(name="pages", figures=FIGURES, rounds=9, measure=_measure)
