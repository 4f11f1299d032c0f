"""Power cuts at every step of a store's day: what a disk may then hold is laid out, and opened."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from roadlog.application import Application
from roadlog.directory import Directory
from roadlog.event_store.reading import Reader
from roadlog.store import config
from tests.conftest import Figure, Times
from tests.faults import checked, work
from tests.faults.counts import IMAGES, OPENINGS, Count
from tests.faults.disk import SECTOR, Disk, lay
from tests.faults.trace import Replay, can_trace, traced

GOING_ON = 20
"""Of so many stores one is also recorded in."""

needs_strace = pytest.mark.skipif(
    not can_trace(), reason="strace is absent, or may not look at processes here"
)


def images(folder: Path, part: str, kind: str, count: int) -> tuple[Counter[str], list[str]]:
    """What was counted over so many images, spread over the steps of a store's day or opening; all faults."""
    lived, root = folder / "lived", str(folder / "lived")
    lived.mkdir()
    traced(folder / "trace", "tests.faults.work", root, part, kind)
    steps = sum(1 for _ in Replay(root).steps(folder / "trace"))
    replay, chance = Replay(root), Random(kind)
    counted, faults = Counter(steps=steps), []
    for step, _ in enumerate(replay.steps(folder / "trace"), start=1):
        while counted["images"] * steps < step * count:
            counted["images"] += 1
            image = folder / "image"
            image.mkdir()
            lay(replay.disk.cut(chance), root, image)
            faults += looked_at(image / ".roadlog", work.acknowledged(replay.told()), counted, chance)
            shutil.rmtree(image)
    return counted, faults


def looked_at(store: Path, acks: dict[int, str], counted: Counter[str], chance: Random) -> list[str]:
    """What is wrong with an image of a store; nothing, if all is well."""
    counted["acknowledged"] += len(acks)
    if not store.exists():
        counted["none yet"] += 1
        return ["the store is lost"] if acks else []
    config(store)
    wrong = [*checked.faults(store, acks), *names_lost(store)]
    if not wrong and chance.random() * GOING_ON < 1:
        counted["gone on"] += 1
        with Application.open(store) as application:
            application.execute(work.PAULA, work.PROBLEM)
        wrong = [*checked.faults(store, acks), *checked.differing(store)]
    return wrong


def names_lost(store: Path) -> list[str]:
    """Whether the log refers to a name that the directory does not hold."""
    with Reader(str(store / work.EVENTS)) as reader:
        told = any(b'"zoe"' in each.state for each in reader.scan() if each.type == "StakeholderJoined")
    return ["zoe's name is lost"] if told and "zoe" not in Directory.entries(store) else []


@needs_strace
@pytest.mark.parametrize(("part", "count"), [("opening", OPENINGS), ("day", IMAGES)], ids=("opening", "day"))
def test_a_power_cut_loses_nothing(
    tmp_path: Path, times: Times, figure: Figure, part: str, count: Count
) -> None:
    """No record that was acknowledged is lost, and no store is unreadable."""
    counted, faults = images(tmp_path, part, "Hasty", times(count))
    figure(
        f"{counted['images']:,} images at {counted['steps']:,} steps, {counted['acknowledged']:,} "
        f"acknowledgements held, {counted['gone on']:,} recorded in; {len(faults)} lost or unreadable"
    )
    assert faults == []


@needs_strace
def test_what_is_not_synced_is_lost(tmp_path: Path, figure: Figure) -> None:
    """The control: the same day, without waiting for the disk at each commit."""
    counted, faults = images(tmp_path, "day", "Unsynced", IMAGES.test)
    figure(f"{counted['images']:,} images with synchronous=NORMAL, {len(faults):,} acknowledged records lost")
    assert [each for each in faults if each.endswith("was acknowledged, and is lost")]


@needs_strace
def test_the_replay_of_a_trace_is_what_the_process_left(tmp_path: Path) -> None:
    """Nothing that the process wrote is missing from its trace."""
    lived = tmp_path / "lived"
    lived.mkdir()
    traced(tmp_path / "trace", "tests.faults.work", str(lived), "day", "Hasty")
    replay = Replay(str(lived))
    for _ in replay.steps(tmp_path / "trace"):
        pass
    for file in filter(None, replay.disk.names.values()):
        file.sync()
    left = {str(path): path.read_bytes() if path.is_file() else None for path in lived.rglob("*")}
    assert {path: file and bytes(file.durable) for path, file in replay.disk.names.items()} == left
    assert len(work.acknowledged(replay.told())) > 35


def test_a_disk_keeps_what_was_synced_and_may_lose_the_rest() -> None:
    disk = Disk()
    file = disk.make("/d/a")
    file.change(0, b"x" * 2 * SECTOR)
    assert seen(disk, "/d/a") > {None, b"", b"x" * 2 * SECTOR, b"x" * SECTOR, bytes(SECTOR) + b"x" * SECTOR}
    disk.sync(file)
    assert seen(disk, "/d/a") == {b"x" * 2 * SECTOR}
    file.change(1, b"y")
    file.change(2, None)
    assert seen(disk, "/d/a") >= {b"xy", b"xx", b"xy" + b"x" * (2 * SECTOR - 2), b"x" * 2 * SECTOR}


def test_a_disk_keeps_names_in_the_order_of_their_steps() -> None:
    disk = Disk()
    disk.sync(disk.make("/d/a"))
    disk.rename("/d/a", "/d/b")
    disk.link("/d/b", "/e/c")
    disk.remove("/d/b")
    assert names(disk) == {("/d/a",), ("/d/b",), ("/d/b", "/e/c"), ("/e/c",)}
    disk.sync_folder("/e")
    assert names(disk) == {("/d/b", "/e/c"), ("/e/c",)}
    disk.sync_folder("/d")
    assert names(disk) == {("/e/c",)}


def cuts(disk: Disk) -> list[dict[str, bytes | None]]:
    chance = Random(1)
    return [dict(disk.cut(chance)) for _ in range(500)]


def seen(disk: Disk, path: str) -> set[bytes | None]:
    return {cut.get(path) for cut in cuts(disk)}


def names(disk: Disk) -> set[tuple[str, ...]]:
    return {tuple(sorted(cut)) for cut in cuts(disk)}
