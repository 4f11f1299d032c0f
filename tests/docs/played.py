"""Playing a document: its commands are carried out, one after another, and what they print is put under them.

A block fenced as `console` holds lines that begin with `$ `, each followed by what it printed. A block whose
language is followed by a name is the file of that name, written before the commands that follow it. All of a
document is played in one folder that is empty at first, on one morning, a minute a command; a block fenced as
`console demo` in the folder that `roadlog demo` makes, just after it was played. Of a block fenced as
`console quiet` the commands are carried out, and what they print is left out.
"""

import pkgutil
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner
from freezegun import freeze_time

import roadlog as package
from roadlog.cli.main import roadlog

ROOT = Path(__file__).parents[2]
SHOWN_FOLDER = "/home/paula/support"
"""What the documents say instead of the folder in which a test plays them."""
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""
BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n", re.MULTILINE)
NEW_LINE = "\n"
DEMO = "demo"
QUIET = "quiet"
HASH = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{16}|[0-9a-f]{8})\b|(?<![\w+/])[\w+/]{40,}={0,2}")
"""In hex, or in base64, as are signatures."""


def documents() -> list[Path]:
    """The documents that hold commands with their output."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [each for each in found if "\n```console" in each.read_text(encoding="utf-8")]


def without_hashes(text: str) -> str:
    """The text with every hash and signature as dots: a salt makes them other ones each time."""
    return HASH.sub(lambda found: "·" * len(found[0]), text)


def played(document: str) -> str:
    """The document with what its commands print today. Raises AssertionError where one cannot be played."""
    return played_with(document)[0]


def played_with(document: str, *lines: str) -> list[str]:
    """The same, and what further commands print that are typed after it."""
    with TemporaryDirectory() as place:
        folder = Path(place).resolve() / Path(SHOWN_FOLDER).name
        folder.mkdir()
        with _morning(folder) as terminal:
            written = BLOCK.sub(lambda block: _block(block, terminal), document)
            return [written, *(terminal(line) for line in lines)]


class Terminal:
    """A shell that knows few words: roadlog and python3, into a file or not; export; echo $?."""

    def __init__(self, folder: Path, clock: Iterator[None]) -> None:
        self.folder = folder
        self.clock = clock
        self.exit_code = 0
        self.environ = {
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "LOGNAME": "paula",
            "ROADLOG_STORE": "",
            "ROADLOG_ACTOR": "",
        }

    def __call__(self, line: str) -> str:
        """What a line prints, on either stream."""
        next(self.clock)
        words = shlex.split(line.replace("\\\n", " "))
        file = words[-1] if words[-2:-1] == [">"] else None
        printed = self._run(words[:-2] if file else words)
        if file is None:
            return printed.replace(str(self.folder), SHOWN_FOLDER)
        (self.folder / file).write_text(printed, encoding="utf-8")
        return ""

    def enter_demo(self) -> None:
        """From now on the store is the demo's, played here and now."""
        if not (self.folder / DEMO).exists():
            self._run(["roadlog", "demo", "--dir", DEMO])
        self.environ["ROADLOG_STORE"] = DEMO

    def leave_demo(self) -> None:
        """From now on the store is the folder's."""
        if self.environ["ROADLOG_STORE"] == DEMO:
            self.environ["ROADLOG_STORE"] = ""

    def _run(self, words: list[str]) -> str:
        match words:
            case ["roadlog", *arguments]:
                result = CliRunner(env=self.environ).invoke(roadlog, arguments, prog_name="roadlog")
                self.exit_code = result.exit_code
                return result.output
            case ["python3", *arguments]:
                done = subprocess.run(
                    [sys.executable, *arguments], capture_output=True, text=True, check=False
                )
                self.exit_code = done.returncode
                return done.stdout + done.stderr
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.environ[name] = value
                return ""
            case ["echo", "$?"]:
                return f"{self.exit_code}\n"
            case _:
                raise AssertionError(f"no document may say {words!r}: it cannot be played")


@contextmanager
def _morning(folder: Path) -> Iterator[Terminal]:
    """A terminal in the folder; a minute goes by before each of its commands."""
    for module in pkgutil.walk_packages(package.__path__, "roadlog."):
        import_module(module.name)  # types that are made while time is frozen would hold freezegun's datetime
    with freeze_time(START) as now, chdir(folder):

        def minutes() -> Iterator[None]:
            while True:
                now.tick(timedelta(minutes=1))
                yield

        yield Terminal(folder, minutes())


def _block(block: re.Match[str], terminal: Terminal) -> str:
    """The block as it is when it is played; a file's block is written, any other left alone."""
    if block["language"] != "console":
        if block["name"]:
            (terminal.folder / block["name"]).write_text(block["text"], encoding="utf-8")
        return block[0]
    if block["name"] == QUIET:
        for found in COMMAND.finditer(f"{block['text']}\n"):
            printed = terminal(found[1])
            assert terminal.exit_code == 0, printed
        return block[0]
    if block["name"] == DEMO:
        terminal.enter_demo()
    told = "".join(f"$ {found[1]}\n{_ended(terminal(found[1]))}" for found in COMMAND.finditer(block["text"]))
    terminal.leave_demo()
    return f"{block[0].partition(NEW_LINE)[0]}\n{told}```"


def _ended(printed: str) -> str:
    """What was printed, its last line ended, no line with blanks at its end."""
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
