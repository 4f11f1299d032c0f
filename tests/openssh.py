"""ssh-keygen and ssh-agent, found on the path, for tests that hold signatures against them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest

needs_openssh = pytest.mark.skipif(
    any(which(each) is None for each in ("ssh-keygen", "ssh-agent", "ssh-add")), reason="OpenSSH is absent"
)


def make_key(folder: Path, name: str, *, passphrase: str = "") -> Path:
    """A new Ed25519 key; its public half is beside it."""
    path = folder / name
    words = [
        "ssh-keygen",
        "-q",
        "-t",
        "ed25519",
        "-N",
        passphrase,
        "-C",
        f"{name}@example.com",
        "-f",
        str(path),
    ]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    return path


def verified(
    text: Path,
    signature: Path,
    allowed: Path,
    *,
    by: str,
    namespace: str,
    at: str,
) -> tuple[bool, str]:
    """Whether `ssh-keygen -Y verify` accepts it at a time (YYYYMMDDHHMMSSZ), and what it said."""
    words: list[str | Path] = ["ssh-keygen", "-Y", "verify", f"-Overify-time={at}", "-f", allowed]
    words += ["-I", by, "-n", namespace, "-s", signature]
    done = subprocess.run(words, input=text.read_bytes(), capture_output=True, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).decode()


@contextmanager
def agent(folder: Path, *keys: Path) -> Iterator[str]:
    """An agent that holds these keys: where it listens. It ends with the block."""
    socket = folder / "agent"
    with subprocess.Popen(
        ["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        try:
            assert running.stdout is not None
            running.stdout.readline()  # it says where it listens once it does
            for key in keys:
                environ = {"SSH_AUTH_SOCK": str(socket), "PATH": "/usr/bin:/bin"}
                subprocess.run(["ssh-add", "-q", key], check=True, env=environ, stdin=subprocess.DEVNULL)
            yield str(socket)
        finally:
            running.terminate()
