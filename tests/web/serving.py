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
    line = [sys.executable, "-c", STARTING, "--store", str(folder), "serve", "--port", "0", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROADLOG_")}
    process = subprocess.Popen(
        line, stdout=subprocess.PIPE, text=True, env=environment | {"PYTHONUNBUFFERED": "1"}
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"https?://[^/]+", said)
        assert found, said
        yield found[0]
    finally:
        process.terminate()
        process.communicate(timeout=20)
