"""A small history, the same to the byte whenever it is played, and what is exported of it.

`python -m tests.interop.exports` writes the samples anew: read what changed before you commit it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from freezegun import freeze_time

import roadlog
from roadlog import attempt, machine
from roadlog.cli import exports  # noqa: F401 (before a clock is frozen: msgspec keeps the first `datetime`)
from roadlog.cli.main import roadlog as program
from roadlog.interop.tables import TABLES
from tests.cli.line import Line

SAMPLES = Path(__file__).parent / "samples"
SAID = "=SUM(A1) </string>]]>&amp;\n\tZq\u202e"
"""What an export has to hold, and nobody who reads it may obey."""
TITLE = "@Support \u202eload <b>"
OUTCOME = ("--metric", "tickets", "--unit", "a week", "--baseline", "900", "--target", "-30%")
SCORED = ("--category", "bias", "--likelihood", "4", "--impact", "3")
HISTORY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("paula", ("init", "--key", "SUP", "--name", "Support", "--workflow", "open")),
    ("paula", ("stakeholder", "add", "dan", "--role", "data-science")),
    ("paula", ("define", TITLE, "--problem", SAID, *OUTCOME, "--segment", "EU; DE", "--owner", "paula")),
    ("paula", ("define", "Answer sooner", "--problem", "Customers wait 9 hours", "--owner", "dan")),
    ("paula", ("expect", "SUP-1", "--iterations", "2-3")),
    ("paula", ("advance", "SUP-1")),
    ("dan", ("approve", "SUP-1", "--role", "data-science", "--statement", SAID, "--condition", "-1 day")),
    ("paula", ("advance", "SUP-1")),
    ("dan", ("risk", "log", "SUP-1", SAID, *SCORED)),
    ("paula", ("measure", "SUP-1", "tickets", "800")),
    ("dan", ("return", "SUP-1", "feasibility", "--loop", "learning", "--because", SAID, "--learned", SAID)),
    ("paula", ("measure", "SUP-1", "tickets", "-5")),
    ("paula", ("undo",)),
    ("paula", ("block", "SUP-1", "--by", "a contract")),
    ("paula", ("unblock", "SUP-1")),
    ("paula", ("advance", "SUP-1")),
    ("dan", ("risk", "mitigate", "SUP-1", "R1", "--treatment", "ask", "--likelihood", "2", "--impact", "3")),
    *(("paula", ("advance", "SUP-1")),) * 4,
    ("paula", ("advance", "SUP-2")),
    ("paula", ("measure", "SUP-1", "tickets", "700", "--sample", "40")),
    ("paula", ("return", "SUP-1", "training", "--loop", "drift", "--because", "the product changed")),
    ("paula", ("note", "SUP-2", SAID)),
)
FORMATS = {"jsonl": "records.jsonl", "cloudevents": "events.jsonl", "ocel": "log.ocel.json", "xes": "log.xes"}
"""The formats of one text file each, and its sample."""


@contextmanager
def small_history(folder: Path) -> Iterator[Line]:
    """A store with the history, a day after it; nothing in it came by chance."""
    drawn = (sha256(str(number).encode()).hexdigest() for number in count())
    with (
        pytest.MonkeyPatch.context() as patch,
        freeze_time("2026-03-02T09:00:00Z") as clock,
    ):
        for module in (machine, attempt):
            patch.setattr(module, "random_hex", lambda size: next(drawn)[: 2 * size])
        patch.setattr(roadlog, "__version__", "0")
        patch.setenv("LOGNAME", "paula")
        line = Line(folder)
        for by, words in HISTORY:
            line(*words, by=by)
            clock.tick(timedelta(hours=7, microseconds=1))
        clock.tick(timedelta(days=1))
        yield line


def exported(line: Line, *words: str) -> bytes:
    """What `roadlog export` writes to stdout."""
    environ = {"ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "paula"}
    result = CliRunner(env=environ).invoke(program, ["export", *words])
    assert result.exit_code == 0, (words, result.stderr)
    return result.stdout_bytes


def samples(line: Line) -> dict[str, bytes]:
    """What each sample should hold."""
    head = ("--position", str(line.records()))
    found = {name: exported(line, form, *head) for form, name in FORMATS.items()}
    return found | {f"{name}.csv": exported(line, "csv", "--table", name, *head) for name in TABLES}


def main() -> None:
    with TemporaryDirectory() as place, small_history(Path(place) / ".roadlog") as line:
        SAMPLES.mkdir(exist_ok=True)
        for name, content in samples(line).items():
            (SAMPLES / name).write_bytes(content)


if __name__ == "__main__":
    main()
