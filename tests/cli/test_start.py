"""The program as a process: pipes that close, terminals of all kinds, completion."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from roadlog import __version__
from roadlog.cli import story
from tests.cli.line import Line

RUN = [sys.executable, "-c", "from roadlog.cli.main import main; main()"]


def test_help_says_no_ranges(tmp_path: Path) -> None:
    said = Line(tmp_path)("edge-case", "review", "--help")
    assert "How many they looked at.  [required]\n" in said
    assert "Record only on this version of the initiative or roadmap." in " ".join(said.split())
    assert "x>=" not in said


def test_help_shows_every_command_that_there_is(tmp_path: Path) -> None:
    said = Line(tmp_path)("--help")
    for name in story.names():
        assert f"\n  {name} " in said
    for noun in story.NOUNS:
        said = Line(tmp_path)(noun, "--help")
        assert all(f"\n  {name} " in said for name in story.names(noun))


def test_a_pipe_that_closes_ends_quietly(line: Line) -> None:
    environ = {**os.environ, "ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "paula"}
    process = subprocess.Popen(
        [*RUN, "risk", "catalogue"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), said) == (0, b"")


def test_a_full_disk_is_told(line: Line) -> None:
    environ = {**os.environ, "ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "paula"}
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*RUN, "risk", "catalogue"], env=environ, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 6
    assert done.stderr.startswith(b"Failed: Could not write or read the output: No space left")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "environment"),
    [((), {}), (("--no-color",), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"})],
)
def test_colour_can_be_refused(line: Line, option: tuple[str, ...], environment: dict[str, str]) -> None:
    """On a terminal the label of an error is red, unless it must not be."""
    said = on_a_terminal(line, "nonsense", *option, **environment)
    assert b"Not understood:" in said
    assert (b"\x1b[31m" in said) is (not option and not environment)


def test_a_dumb_terminal_shows_what_it_shows_without_colour(line: Line) -> None:
    wide = {"COLUMNS": "120"}
    dumb = on_a_terminal(line, "board", TERM="dumb", **wide)
    assert dumb == on_a_terminal(line, "board", "--no-color", **wide)
    assert max(map(len, dumb.decode().split("\r\n"))) == 120


def on_a_terminal(line: Line, *args: str, **environment: str) -> bytes:
    """What a line prints where stdout and stderr are a terminal."""
    import pty

    leader, follower = pty.openpty()
    environ = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    environ |= {"ROADLOG_STORE": str(line.folder), "TERM": "xterm", **environment}
    subprocess.run([*RUN, *args], env=environ, stdout=follower, stderr=follower, check=False)
    os.close(follower)
    said = os.read(leader, 4096)
    os.close(leader)
    return said


def test_a_terminal_without_utf_8_does_not_stop_it(line: Line) -> None:
    environ = {
        **os.environ,
        "ROADLOG_STORE": str(line.folder),
        "ROADLOG_ACTOR": "paula",
        "PYTHONIOENCODING": "latin-1",
    }
    done = subprocess.run([*RUN, "note", "SUP-1", "naïve 👍"], env=environ, capture_output=True, check=True)
    assert b"na\xefve \\U0001f44d" in done.stdout


def test_arguments_that_are_no_utf_8_are_refused(line: Line) -> None:
    environ = {**os.environ, "ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "paula"}
    command = [*map(os.fsencode, RUN), b"note", b"SUP-1", b"\xff\xfe", b"--json"]
    done = subprocess.run(command, env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"are no UTF-8 text" in done.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("roadlog pl", ["place"]),
        ("roadlog edge-case ", ["log", "import", "triage", "review", "list"]),
        ("roadlog note S", ["SUP-1"]),
        ("roadlog owner SUP-1 ", ["paula", "dan", "erin", "carla", "otto"]),
        ("roadlog waive SUP-1 ", ["problem"]),
        ("roadlog advance SUP-1 --to pro", ["prototype"]),
        ("roadlog checkin SUP-1 --role c", ["compliance", "customer-ops"]),
        ("roadlog place SUP-1 n", ["now", "next"]),
        ("roadlog measure SUP-1 t", ["tickets"]),
        ("roadlog workflow adopt l", ["lite", "l"]),
        ("roadlog why S", ["SUP-1"]),
        ("roadlog why SUP-1 mile", ["milestone"]),
        ("roadlog diff yes", ["yesterday"]),
        ("roadlog place SUP-1 now --ra", ["--rank"]),
        ("roadlog digest --for ca", ["carla"]),
        ("roadlog digest --h", ["--html", "--help"]),
        ("roadlog metrics --zone Europe/Berl", ["Europe/Berlin"]),
        ("roadlog forecast ", ["keep", "score", "SUP-1"]),
        ("roadlog forecast k", ["keep"]),
        ("roadlog forecast SUP-1 ", ["keep", "score"]),
        ("roadlog forecast --count 2 s", ["score", "SUP-1"]),
        ("roadlog forecast SUP-1 keep --b", ["--by", "--because"]),
        ("roadlog forecast keep S", ["SUP-1"]),
        ("roadlog forecast score ", []),
    ],
)
def test_the_shell_completes_from_the_story_and_the_store(line: Line, words: str, offered: list[str]) -> None:
    environ = {
        **os.environ,
        "ROADLOG_STORE": str(line.folder),
        "_ROADLOG_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(RUN, env=environ, capture_output=True, text=True, check=True)
    assert [each.partition(",")[2] for each in done.stdout.split()] == offered


def test_the_shell_completes_nothing_where_there_is_no_store(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "ROADLOG_STORE": str(tmp_path),
        "_ROADLOG_COMPLETE": "bash_complete",
        "COMP_WORDS": "roadlog note S",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(RUN, env=environ, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_the_version_as_text_and_as_json(tmp_path: Path) -> None:
    for switch, said in (
        ((), f"roadlog {__version__}\n"),
        (("--json",), f'{{"version":"{__version__}"}}\n'),
    ):
        run = subprocess.run(
            [*RUN, "--version", *switch], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert run.stdout == said
