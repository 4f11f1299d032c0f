"""Several processes, and processes that are killed: no gap, no double, nothing acknowledged lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roadlog.event_store.appending import Appender
from roadlog.event_store.errors import VersionConflict
from roadlog.event_store.log import Log
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import CommandMark
from roadlog.event_store.verify import verify_file
from tests.event_store.samples import CODEC, Clock, Record, make_record, note, texts

ROOT = Path(__file__).parents[2]


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.event_store.writer", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_that_append_together_leave_no_gap_and_no_double(path: str) -> None:
    Log.create(path, CODEC, make_record, Clock()).close()
    writers = [start(path, f"own-{number}", "30") for number in range(3)]
    acknowledged = [line for writer in writers for line in writer.communicate(timeout=120)[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with Reader(path) as reader:
        rows = list(reader.scan())
        assert [row.position for row in rows] == list(range(1, 181))
        assert reader.streams() == ["own-0", "own-1", "own-2", "shared"]
        shared = [row.version for row in reader.stream("shared")]
    assert shared == list(range(1, 91))
    assert len(acknowledged) == len(set(acknowledged)) == 90
    assert verify_file(path).verdict == "intact-unanchored"


def killed_at_random(path: str, rounds: int, *flags: str) -> set[str]:
    """Start a writer and kill it, again and again; what it acknowledged."""
    acknowledged: set[str] = set()
    for turn in range(rounds):
        writer = start(path, f"own-{turn}", "100000", *flags)
        assert writer.stdout is not None
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(0.011 * turn % 0.05)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged.update(line.strip() for line in writer.stdout.read().splitlines() if line.endswith("."))
        writer.stdout.close()
        writer.wait()
    return acknowledged


def stored_commands(path: str) -> set[str]:
    with Reader(path) as reader:
        return {f"{command.id}." for command in reader.commands()}


def test_nothing_acknowledged_is_lost_when_writers_are_killed(path: str) -> None:
    Log.create(path, CODEC, make_record, Clock()).close()
    acknowledged = killed_at_random(path, 6)
    report = verify_file(path)
    assert (report.verdict, report.problems) == ("intact-unanchored", [])
    assert len(acknowledged) > 6
    assert acknowledged <= stored_commands(path)


def test_a_writer_that_acknowledges_too_early_is_caught(path: str) -> None:
    """The control: the same campaign goes red when acknowledging comes before the commit."""
    Log.create(path, CODEC, make_record, Clock()).close()
    acknowledged = killed_at_random(path, 6, "--too-early")
    assert not acknowledged <= stored_commands(path)


def test_a_store_made_by_a_killed_process_is_whole_or_absent(tmp_path: Path) -> None:
    whole = 0
    for turn in range(6):
        path = tmp_path / f"{turn}.db"
        code = f"import roadlog.event_store.sqlite as s; print(flush=True); s.create({str(path)!r})"
        maker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert maker.stdout is not None
        maker.stdout.readline()
        time.sleep(turn * 0.003)
        maker.kill()
        maker.stdout.close()
        maker.wait()
        if path.exists():
            whole += 1
            assert verify_file(str(path)).verdict == "intact-unanchored"
    assert whole < 7


def test_a_conflict_is_decided_again_on_what_is_there(on_disk: Log[Record], path: str, clock: Clock) -> None:
    with Log.open(path, CODEC, make_record, clock) as other:
        note(on_disk, "A", "first", at=0, command="1")
        with pytest.raises(VersionConflict) as caught:
            note(other, "A", "second", at=0, command="2")
        note(other, "A", "second", at=caught.value.found, command="2")
    assert on_disk.load("A", texts) == ("first", "second")


def test_both_of_two_that_repeat_one_command_get_the_first_result(
    on_disk: Log[Record], path: str, clock: Clock
) -> None:
    with Log.open(path, CODEC, make_record, clock) as other:
        mine = note(on_disk, "A", "x", at=0, command="1")
        assert note(other, "A", "x", at=0, command="1") == mine


def test_a_long_reader_does_not_stop_the_writer(on_disk: Log[Record], path: str) -> None:
    note(on_disk, "A", "x", at=0, command="first")
    with Reader(path) as reader, reader.snapshot():
        assert reader.head().position == 1
        for turn in range(20):
            note(on_disk, "A", *(["y" * 500] * 100), at=1 + 100 * turn, command=str(turn))
        assert reader.head().position == 1
    note(on_disk, "A", "z", at=2001, command="last")
    on_disk.close()
    assert os.path.getsize(path) > 1_000_000
    assert not os.path.exists(f"{path}-wal")


def test_an_appender_holds_no_transaction_open_after_a_refusal(path: str, clock: Clock) -> None:
    with Log.create(path, CODEC, make_record, clock) as log:
        with pytest.raises(VersionConflict):
            note(log, "A", "x", at=4, command="1")
        other = Appender(path, clock, lock_timeout=0.05)
        other.append([], command=CommandMark("2", "d"))
        other.close()
