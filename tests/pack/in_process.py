"""A pack's verify.py in this process: the same source, with what openssl and ssh-keygen said before known."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.pack.packs import Checked

REAL = subprocess.run


class Answered:
    """openssl and ssh-keygen: what they are asked with the same files a second time, is known."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], int] = {}

    def __call__(self, command: list[str], *, cwd: str, input: bytes, **options: Any) -> Any:
        given = tuple(sorted((each.name, each.read_bytes()) for each in Path(cwd).iterdir()))
        asked = (*command, input, *given)
        if asked not in self.known:
            self.known[asked] = REAL(command, cwd=cwd, input=input, **options).returncode
        return subprocess.CompletedProcess(command, self.known[asked])


ANSWERED = Answered()


class InProcess:
    """Runs a verify.py as `python verify.py` would; whatever it does not catch is raised here."""

    def __init__(self, source: str) -> None:
        self._code = compile(source, "verify.py", "exec")

    def __call__(self, pack: Path, *words: str) -> Checked:
        """Its exit code, and what it printed."""
        said = io.StringIO()
        name = str(pack / "verify.py")
        scope = {"__name__": "__main__", "__file__": name}
        with self._alone([name, *words]), redirect_stdout(said), redirect_stderr(said):
            try:
                exec(self._code, scope)  # noqa: S102 (it is ours, and has to run as it is)
            except SystemExit as ended:
                return Checked(int(ended.code or 0), said.getvalue())
        raise AssertionError("verify.py ended without an exit code")

    @contextmanager
    def _alone(self, argv: list[str]) -> Iterator[None]:
        with patch.object(sys, "argv", argv), patch.object(subprocess, "run", ANSWERED):
            yield
