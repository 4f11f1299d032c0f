"""A command of roadlog in a process of its own: how long it takes, and the most memory it needs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROADLOG = str(Path(sys.executable).with_name("roadlog"))
STARTER = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - began, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Starts a command from a small process: a child's peak is at least its parent's at that moment."""
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts a process's peak memory."""


class Run(NamedTuple):
    """What a command took."""

    seconds: float
    megabytes: float


def run(store: Path, actor: str, *typed: str, code: int = 0) -> Run:
    """Runs `roadlog --as ACTOR --store STORE …`, which ends with this code; what it prints is thrown away."""
    command = (sys.executable, "-c", STARTER, ROADLOG, "--as", actor, "--store", str(store), *typed)
    done = subprocess.run(command, env=plain_environ(), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != code:
        raise subprocess.CalledProcessError(done.returncode, command)
    took, peak = done.stdout.split()
    return Run(float(took), int(peak) * PEAK_UNIT / 1e6)


def plain_environ() -> dict[str, str]:
    """The environment without what changes how Python and roadlog start, such as not to write bytecode."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ROADLOG_"))}
