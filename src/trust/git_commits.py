"""Checkpoints as commits of a git repository, on a ref of their own: neither work tree nor branches change.

The ref is `refs/` and the log's origin. Each commit holds one file and follows the last, so that one
that was pushed to a server without forced pushes cannot be taken back. git is called by its path, and nothing
of the user's configuration, hooks or environment runs or decides anything.
"""

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from shutil import which
from typing import NamedTuple

from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import Note

FILE = "checkpoint"
LONGEST = 60
"""Seconds that git may take."""
SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.fsync=all", "protocol.allow=never")
"""A repository's own configuration could run a program; these are where."""


class NoCommit(Exception):
    """git did not do it, and said why."""


class Committed(NamedTuple):
    """Where the checkpoint is now: push `ref`, or it is no anchor."""

    repository: str
    ref: str
    commit: str


def committed(note: Note, place: str, at: datetime) -> Committed:
    """Commits a checkpoint in the repository that `place` is in. Raises NoCommit."""
    checkpoint = Checkpoint.of(note)
    git = _Git(place)
    ref = f"refs/{checkpoint.origin}"
    git("check-ref-format", ref)
    blob = git("hash-object", "-w", "--no-filters", "--stdin", given=note.write())
    tree = git("mktree", given=f"100644 blob {blob}\t{FILE}\n".encode())
    last = git("for-each-ref", "--format=%(objectname)", ref)
    parents = ("-p", last) if last else ()
    message = f"Checkpoint of {checkpoint.origin} with {checkpoint.size} records\n"
    dates = {f"GIT_{who}_DATE": f"{int(at.timestamp())} +0000" for who in ("AUTHOR", "COMMITTER")}
    commit = git("commit-tree", tree, *parents, given=message.encode(), environ=dates)
    git("update-ref", ref, commit, last or "0" * len(commit))
    return Committed(git.repository, ref, commit)


class _Git:
    """git in one repository."""

    def __init__(self, place: str) -> None:
        program = which("git")
        if program is None:
            raise NoCommit("git is not installed")
        self._command = [program, *(word for each in SETTINGS for word in ("-c", each))]
        self._place = place
        self.repository = self("rev-parse", "--absolute-git-dir")

    def __call__(self, *arguments: str, given: bytes = b"", environ: Mapping[str, str] | None = None) -> str:
        """What git prints. Raises NoCommit where it fails."""
        try:
            done = subprocess.run(
                [*self._command, *arguments],
                cwd=self._place,
                env={**CLEAN, **(environ or {})},
                input=given,
                capture_output=True,
                timeout=LONGEST,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoCommit(f"git {arguments[0]} in {self._place}: {error}") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise NoCommit(f"git {arguments[0]} in {self._place}: {said or 'failed'}")
        return done.stdout.decode(errors="replace").strip()


CLEAN = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_AUTHOR_NAME": "roadlog",
    "GIT_AUTHOR_EMAIL": "roadlog@localhost",
    "GIT_COMMITTER_NAME": "roadlog",
    "GIT_COMMITTER_EMAIL": "roadlog@localhost",
    "LC_ALL": "C",
}
"""All that git sees of the environment: no HOME, no GIT_DIR, no PATH."""
