"""The write-ahead log of a short history cut at every byte: a whole prefix of its commands is left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote
from roadlog.event_store.reading import Reader
from roadlog.verification.verdict import INTACT, verify
from tests.conftest import Figure, Times
from tests.faults import careless, work
from tests.faults.counts import BYTES_BETWEEN

SIZES = (1, 3, 2, 1, 4)
"""Records of each command."""
FRAME = 24 + 4096
"""Bytes of a frame: https://www.sqlite.org/fileformat.html#the_write_ahead_log."""
HEADER = 32
PARTS = 4


def recorded(folder: Path, kind: str | None) -> Path:
    """A store whose last commands stand in the write-ahead log alone."""
    lived, left = work.opened(folder), folder / "left"
    with careless.connections(kind), Application.open(lived) as application:
        for number, size in enumerate(SIZES):
            notes = [AddNote(stream="SUP-1", text=f"{number}, {each}") for each in range(size)]
            application.execute(Wish(actor="paula", command_id=f"{number}/{size}"), *notes)
        shutil.copytree(lived, left)
    return left


def cut_to(store: Path, length: int) -> None:
    os.truncate(store / "events.db-wal", length)
    (store / "events.db-shm").unlink(missing_ok=True)


def held(store: Path) -> tuple[int, str, tuple[str, ...]]:
    """How many records a store holds, its last leaf, and the ids of the commands that the test gave."""
    with Reader(str(store / work.EVENTS)) as reader:
        head = reader.head()
        assert head.position == sum(1 for _ in reader.rows())
        return head.position, head.leaf, tuple(each.id for each in reader.commands() if "/" in each.id)


def prefixes(store: Path) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """What a store holds after each of its last commands, the longest first."""
    with Reader(str(store / work.EVENTS)) as reader:
        leaves = [record.leaf for record in reader.scan()]
    ids = tuple(f"{number}/{size}" for number, size in enumerate(SIZES))
    for commands in range(len(SIZES), -1, -1):
        position = len(leaves) - sum(SIZES[commands:])
        yield position, leaves[position - 1], ids[:commands]


def cuts(length: int, step: int, part: int) -> list[int]:
    """Lengths to cut to, longest first: the ends of frames, a byte around them, and every so many bytes."""
    ends = range(HEADER, length + 1, FRAME)
    wanted = {end + beside for end in ends for beside in (-1, 0, 1)} | set(range(0, length + 1, step))
    first, last = length * part // PARTS, length * (part + 1) // PARTS
    return sorted((each for each in wanted if first <= each <= last), reverse=True)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_left_is_a_whole_prefix(tmp_path: Path, times: Times, figure: Figure, part: int) -> None:
    store = recorded(tmp_path, None)
    whole = list(prefixes(store))
    lengths = cuts((store / "events.db-wal").stat().st_size, times(BYTES_BETWEEN), part)
    seen = []
    for length in lengths:
        cut_to(store, length)
        found = held(store)
        assert found in whole, length
        if found not in seen:
            seen.append(found)
            assert verify(store, now=datetime.now(UTC))["verdict"] == INTACT
            goes_on(store, tmp_path / "copy")
    assert seen == [each for each in whole if each in seen]
    figure(f"{len(lengths):,} cuts, {len(seen)} whole prefixes, nothing else")


def goes_on(store: Path, copy: Path) -> None:
    shutil.copytree(store, copy)
    with Application.open(copy) as application:
        application.execute(work.PAULA, work.PROBLEM)
    assert verify(copy, now=datetime.now(UTC))["verdict"] == INTACT
    shutil.rmtree(copy)


def test_all_prefixes_are_met(tmp_path: Path) -> None:
    store = recorded(tmp_path, None)
    whole = list(prefixes(store))
    length = (store / "events.db-wal").stat().st_size
    met = []
    for end in range(length, 0, -FRAME):
        cut_to(store, end)
        met.append(held(store))
    assert list(dict.fromkeys(met)) == whole
    assert all(before[0] >= after[0] for before, after in pairwise(met))


def test_half_a_command_is_found(tmp_path: Path) -> None:
    """The control: recorded without transactions, a cut leaves halves."""
    store = recorded(tmp_path, "WithoutTransactions")
    whole = list(prefixes(store))
    length = (store / "events.db-wal").stat().st_size
    halves = 0
    for end in range(length, HEADER - 1, -FRAME):
        cut_to(store, end)
        halves += held(store) not in whole and verify(store, now=datetime.now(UTC))["verdict"] != INTACT
    assert halves > len(SIZES)
