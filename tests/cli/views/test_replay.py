"""`roadlog replay`: on a terminal the board step by step, elsewhere a line a record."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.cli.line import Line

ROADLOG = (sys.executable, "-c", "from roadlog.cli.main import main; main()")


def lines(text: str) -> list[Any]:
    return [json.loads(each) for each in text.splitlines()]


def test_replay_elsewhere_than_on_a_terminal_is_a_line_a_record(line: Line) -> None:
    trail = line.json("log")
    said = line("replay").splitlines()
    assert [each.split()[0] for each in said] == [f"#{each['position']}" for each in trail]
    steps = lines(line("replay", "--json"))
    assert steps == trail


def test_replay_of_a_part(line: Line) -> None:
    steps = lines(line("replay", "SUP-1", "--from", "20", "--to", "40", "--json"))
    assert steps
    assert all(20 < each["position"] <= 40 and each["key"] == "SUP-1" for each in steps)


def test_replay_on_a_terminal_shows_the_board_as_each_record_left_it(line: Line) -> None:
    shown = on_a_terminal(line, "replay", "SUP-2", "--step", keys="x" * 80)
    frames = shown.split("\x1b[2J")[1:]
    trail = line.json("log", "SUP-2")
    assert len(frames) == len(trail)
    for each, frame in zip(trail, frames, strict=True):
        assert f"#{each['position']}  " in frame
        assert f"position {each['position']}, " in frame
        assert "SUP-2" in frame


def test_a_frame_is_as_high_as_the_terminal(line: Line) -> None:
    shown = on_a_terminal(line, "replay", "--from", "60", "--step", keys="x" * 4, LINES="16")
    frames = shown.split("\x1b[2J")[1:]
    assert len(frames) == 4
    for each, frame in zip(line.json("log", "--last", "4"), frames, strict=True):
        assert frame.count("\n") < 16
        assert frame.count(each["key"]) >= 2  # what happened, and its row of the board
        assert "\r\n…\r\n" in frame
        assert "Any key goes on, q ends it." in frame


def test_json_lines_are_lines_on_a_terminal_too(line: Line) -> None:
    for words in (
        ("replay", "--json", "--from", "62"),
        ("watch", "--json", "--position", "62", "--count", "2"),
    ):
        shown = on_a_terminal(line, *words, keys="").splitlines()
        assert [json.loads(each)["position"] for each in shown] == [63, 64]


def test_a_key_ends_the_replay(line: Line) -> None:
    assert on_a_terminal(line, "replay", "--step", keys="xq").count("\x1b[2J") == 2


def test_replay_on_a_terminal_that_only_prints_is_a_line_a_record(line: Line) -> None:
    shown = on_a_terminal(line, "replay", "--from", "60", keys="", TERM="dumb")
    assert [each.split()[0] for each in shown.splitlines()] == ["#61", "#62", "#63", "#64"]


def test_replay_of_what_is_not_there(line: Line) -> None:
    assert line.error("replay", "SUP-99")["rule"] == "unknown-initiative"
    assert line.error("replay", "--from", "65")["exit"] == 2
    assert line("replay", "--from", "now") == "Nothing was recorded between these moments.\n"
    assert line("replay", "--from", "now", "--json") == ""
    assert "Nothing was recorded" in on_a_terminal(line, "replay", "--from", "now", keys="")
    assert line.error("replay", "--from", "60", "--to", "50")["rule"] == "window"


def on_a_terminal(line: Line, *words: str, keys: str, **environment: str) -> str:
    """What a terminal shows while these keys are typed, each after a frame."""
    ours, theirs = pty.openpty()
    environ = {
        **os.environ,
        "ROADLOG_STORE": str(line.folder),
        "ROADLOG_ACTOR": "paula",
        "TERM": "xterm",
        "NO_COLOR": "1",
        **environment,
    }
    try:
        with subprocess.Popen([*ROADLOG, *words], stdin=theirs, stdout=theirs, env=environ) as process:
            os.close(theirs)
            shown = b"".join(typed(ours, keys))
            process.wait()
    finally:
        os.close(ours)
    return shown.decode()


def typed(terminal: int, keys: str) -> Iterator[bytes]:
    """What a terminal shows; once a frame is there, and the terminal rests, the next key is typed."""
    left, frames = list(keys), 0
    while True:
        rests = not select.select([terminal], [], [], 0.2)[0]
        if rests and left and frames > len(keys) - len(left):
            os.write(terminal, left.pop(0).encode())
        if rests:
            continue
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # the other end is closed
            return
        frames += part.count(b"\x1b[2J")
        yield part
