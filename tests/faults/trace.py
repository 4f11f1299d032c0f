"""What a process does to its disk, step by step, as strace saw it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from tests.faults.disk import Disk, File
from tests.faults.work import ACKNOWLEDGED

ROOT = Path(__file__).parents[2]
NAMES = ("openat", "mkdir", "link", "rename", "unlink", "rmdir")
CONTENTS = ("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "close")
UNEXPECTED = (
    "writev",
    "pwritev",
    "pwritev2",
    "fallocate",
    "sendfile",
    "copy_file_range",
    "linkat",
    "renameat",
)
"""What the replay does not know, and must not meet on a file of ours."""
TRACED = ",".join((*NAMES, *CONTENTS, *UNEXPECTED, "unlinkat", "renameat2", "dup", "dup2", "truncate"))
CALL = re.compile(r"(?:\d+ +)?(?P<name>\w+)\((?P<given>.*)\) += (?P<result>-?\d+)")
HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def can_trace() -> bool:
    """Whether strace is here and may look at a process."""
    strace = which("strace")
    return (
        strace is not None and not subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode
    )


def traced(trace: Path, *program: str) -> None:
    """Runs a program of ours, and writes what it does to its disk."""
    strace = ["strace", "-f", "-xx", "-s", "1000000", "-e", f"trace={TRACED}", "-o", str(trace)]
    subprocess.run([*strace, sys.executable, "-m", *program], cwd=ROOT, check=True)


class Replay:
    """Does the steps of a trace again on a disk, as far as they are below `root`."""

    def __init__(self, root: str) -> None:
        self.disk = Disk()
        self._root = root
        self._open: dict[str, File | str] = {}
        self._offsets: dict[str, int] = {}

    def steps(self, trace: Path) -> Iterator[str]:
        """Does one step after the other; yields each one's name."""
        with trace.open(encoding="ascii") as lines:
            for line in lines:
                assert "<unfinished" not in line, "a workload with threads is not replayed"
                call = CALL.match(line)
                if call and call["result"][0] != "-" and self._step(**call.groupdict()):
                    yield call["name"]

    def told(self) -> str:
        """What was acknowledged so far, whatever of it is on disk."""
        file = self.disk.names.get(f"{self._root}/{ACKNOWLEDGED}")
        return file.seen().decode() if file else ""

    def _step(self, name: str, given: str, result: str) -> bool:
        """Whether the step was about something below the root."""
        paths = [path for path in map(_text, HEX.findall(given)) if self._is_ours(path)]
        descriptor, _, rest = given.partition(", ")
        if name in CONTENTS and descriptor in self._open:
            self._change(name, descriptor, rest, int(result))
        elif name in NAMES and paths:
            self._name(name, paths, given, result)
        else:
            assert not paths or name in CONTENTS, f"{name} is not replayed"
            assert descriptor not in self._open or name in NAMES, f"{name} is not replayed"
            return False
        return True

    def _name(self, name: str, paths: list[str], given: str, result: str) -> None:
        match name:
            case "openat":
                self._opened(paths[0], given, result)
            case "mkdir":
                self.disk.make_folder(paths[0])
            case "link":
                self.disk.link(*paths)
            case "rename":
                self.disk.rename(*paths)
            case _:
                self.disk.remove(paths[0])

    def _opened(self, path: str, given: str, result: str) -> None:
        if "O_CREAT" in given and path not in self.disk.names:
            self.disk.make(path)
        file = self.disk.names.get(path)
        self._open[result] = file or path
        if isinstance(file, File):
            if "O_TRUNC" in given and file.size:
                file.change(0, None)
            self._offsets[result] = file.size if "O_APPEND" in given else 0

    def _change(self, name: str, descriptor: str, rest: str, done: int) -> None:
        file = self._open[descriptor]
        if name == "close":
            del self._open[descriptor]
        elif isinstance(file, str):
            self.disk.sync_folder(file)
        elif name == "ftruncate":
            file.change(int(rest), None)
        elif name == "write":
            file.change(self._offsets[descriptor], _bytes(rest)[:done])
            self._offsets[descriptor] += done
        elif name == "pwrite64":
            file.change(int(rest.rpartition(", ")[2]), _bytes(rest)[:done])
        else:
            self.disk.sync(file)

    def _is_ours(self, path: str) -> bool:
        return path == self._root or path.startswith(f"{self._root}/")


def _bytes(given: str) -> bytes:
    found = HEX.search(given)
    assert found, f"strace cut this short: {given[:80]}"
    return bytes.fromhex(found[1].replace("\\x", ""))


def _text(found: str) -> str:
    return bytes.fromhex(found.replace("\\x", "")).decode("utf-8", "surrogateescape")
