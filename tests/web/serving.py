"""A server of one store's site on the loopback, in a process of its own, as `roadlog serve` starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTING = "from roadlog.cli.main import main; main()"


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """Its address, as long as the `with` lasts."""
    with running(folder, *options) as (_, address):
        yield address


@contextmanager
def running(
    folder: Path, *options: str, port: int = 0, starting: str = STARTING
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server's process and its address; where it still runs at the end, it is ended.

    starting: the Python that starts it
    """
    line = [sys.executable, "-c", starting, "--store", str(folder), "serve", "--port", str(port), *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROADLOG_")}
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, text=True, env=environment | {"PYTHONUNBUFFERED": "1"}
    )
    try:
        assert process.stdout is not None
        said = ""
        while not (found := re.search(r"is at (https?://[^/]+)", said)):
            said = process.stdout.readline()
            assert said, "it ended"
        yield process, found[1]
    finally:
        process.terminate()
        process.communicate(timeout=20)
