"""pm4py reads our logs and measures what we measure: the duration of every finished cycle, and its rework."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from roadlog.application import Wish
from roadlog.domain.commands import (
    AddNote,
    AdoptInitiative,
    AdvanceMilestone,
    Approve,
    BlockWork,
    Command,
    PauseWork,
    ReopenInitiative,
    ResumeWork,
    RetireInitiative,
    ReturnMilestone,
    StopInitiative,
    UnblockWork,
)
from roadlog.domain.refusals import Refused
from roadlog.interop import ocel, xes
from roadlog.interop.exported import Exported, Write
from roadlog.reading import Reading
from tests.conftest import Figure
from tests.demo.conftest import TODAY, Played
from tests.docs.played import ROOT
from tests.stores import Store, team_store

PYTHON = ROOT / "build" / "pm4py" / "bin" / "python"
PROGRAM = Path(__file__).parent / "told_by_pm4py.py"
LATER = datetime(2030, 1, 1, tzinfo=UTC)
CLOSE = pytest.approx
MILESTONES = ("feasibility", "prototype", "training", "integration", "live")
HISTORIES = 12
STEPS = 200

needs_pm4py = pytest.mark.skipif(not PYTHON.exists(), reason="pm4py is not installed: make pm4py")


class Measured(NamedTuple):
    """What metrics/1 says of a log: of finished cycles, and of all. Cycles are named as in the exports."""

    cycle_times: dict[str, float]
    rework: dict[str, float]
    reworked: dict[str, int]
    events: int


def measured(reading: Reading) -> Measured:
    moment = reading.moment()
    cycles = [
        (f"{each['key']} {cycle['cycle']}", cycle)
        for each in reading.metrics(moment)["initiatives"]
        for cycle in each["cycles"]
    ]
    again = [{visit["milestone"] for visit in cycle["visits"] if visit["visit"] > 1} for _, cycle in cycles]
    finished = [(name, cycle) for name, cycle in cycles if cycle["cycle_time"] is not None]
    return Measured(
        {name: cycle["cycle_time"] for name, cycle in finished},
        {name: cycle["rework"] for name, cycle in finished},
        dict(Counter(milestone for each in again for milestone in each)),
        moment.position,
    )


def written(folder: Path, name: str, reading: Reading) -> list[Path]:
    """The log as XES and as OCEL."""
    writers: dict[str, Write] = {"xes": xes.write, "json": ocel.write}
    paths = []
    for ending, write in writers.items():
        paths.append(folder / f"{name}.{ending}")
        with paths[-1].open("wb") as file:
            write(Exported(reading, reading.moment()), file)
    return paths


def told(*paths: Path) -> list[dict[str, Any]]:
    """What pm4py says of logs: XES and OCEL in turn."""
    done = subprocess.run([PYTHON, PROGRAM, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return answer


def assert_same(found: dict[str, Any], ours: Measured) -> None:
    of_xes, of_ocel = found["xes"], found["ocel"]
    outcomes = {name.replace(" cycle", ""): outcome for name, outcome in of_xes["outcomes"].items()}
    assert {name for name, outcome in outcomes.items() if outcome == "finished"} == set(ours.cycle_times)
    for name, time in ours.cycle_times.items():
        trace, thing = name.replace(" ", " cycle "), f"cycle:{name}"
        assert of_xes["durations"][trace] == CLOSE(time, abs=1e-5)
        assert of_ocel["durations"][thing] == CLOSE(time, abs=1e-5)
        assert of_xes["rework"][trace] == CLOSE(ours.rework[name], abs=1e-5)
        assert of_ocel["rework"][thing] == CLOSE(ours.rework[name], abs=1e-5)
    assert of_xes["reworked"] == ours.reworked
    assert sorted(of_xes["durations"].values()) == CLOSE(sorted(of_xes["all"]), abs=1e-5)
    assert of_ocel["events"] == ours.events


def wander(folder: Path, seed: int) -> Reading:
    """A roadmap whose initiatives go to and fro by chance, and come to the finish now and then.

    Three begin here, two come with a past; what happened may be recorded up to a day later.
    """
    chance = Random(seed)  # noqa: S311
    with team_store(folder, "open") as store:
        for _ in range(3):
            store.define()
        store.clock.tick(timedelta(days=1))
        for _ in range(2):
            do(store, chance, adoption(chance, store.now))
        for _ in range(STEPS):
            store.clock.tick(timedelta(seconds=chance.choice([0, 0, 1e-6, 61.5, 86_400, 400_000.25])))
            with suppress(Refused):
                do(store, chance, step(chance, f"SUP-{chance.randint(1, 5)}"))
    return Reading(folder, now=LATER)


def do(store: Store, chance: Random, command: Command) -> None:
    """Carries it out, as somebody, now or as of a little while ago."""
    ago = timedelta(seconds=chance.choice([0, 0, 0, 0.5, 3_600, 86_000]))
    wish = Wish(actor=chance.choice(["paula", "dan"]), reason="it is so", at=store.now - ago if ago else None)
    store.application.execute(wish, command)


def adoption(chance: Random, now: datetime) -> Command:
    since = now - timedelta(seconds=chance.choice([90_000, 3_000_000.5]))
    return AdoptInitiative(title="It was there", milestone=chance.choice(MILESTONES), since=since)


def step(chance: Random, key: str) -> Command:
    if chance.random() < 0.7:
        return AdvanceMilestone(stream=key)
    to = chance.choice(MILESTONES)
    others: list[Command] = [
        *(ReturnMilestone(stream=key, to=to, loop="rework", learned="much"),) * 6,
        *(ReopenInitiative(stream=key), ResumeWork(stream=key), UnblockWork(stream=key)),
        *(StopInitiative(stream=key), ReopenInitiative(stream=key), AddNote(stream=key, text="a note")),
        *(PauseWork(stream=key), ResumeWork(stream=key), Approve(stream=key, role="data-science")),
        *(BlockWork(stream=key, by="a contract"), UnblockWork(stream=key), RetireInitiative(stream=key)),
    ]
    return chance.choice(others)


@needs_pm4py
def test_pm4py_measures_the_demo_as_we_do(played: Played, tmp_path: Path) -> None:
    with Reading(played.folder / ".roadlog", now=TODAY) as reading:
        (found,) = told(*written(tmp_path, "demo", reading))
        ours = measured(reading)
        assert_same(found, ours)
        assert len(ours.cycle_times) == 2
        assert found["ocel"]["objects"]["initiative"] == 2
    assert sum(ours.rework.values()) > 0


@needs_pm4py
def test_pm4py_measures_histories_with_loops_as_we_do(tmp_path: Path, figure: Figure) -> None:
    paths: list[Path] = []
    ours: list[Measured] = []
    kinds: Counter[str] = Counter()
    for seed in range(HISTORIES):
        with wander(tmp_path / f"store-{seed}", seed) as reading:
            paths += written(tmp_path, str(seed), reading)
            ours.append(measured(reading))
            kinds.update(record.type for record in reading.records())
    for found, expected in zip(told(*paths), ours, strict=True):
        assert_same(found, expected)
    cycles = sum(len(each.cycle_times) for each in ours)
    reworked = sum(rework > 0 for each in ours for rework in each.rework.values())
    figure(f"{HISTORIES} histories, {cycles} finished cycles, {reworked} with rework, all as pm4py has them")
    assert cycles > 2 * HISTORIES
    assert reworked > HISTORIES
    for kind in ("InitiativeAdopted", "InitiativeStopped", "InitiativeReopened", "InitiativeRetired"):
        assert kinds[kind] >= HISTORIES // 2


@needs_pm4py
def test_a_log_that_says_something_else_is_found(played: Played, tmp_path: Path) -> None:
    """The control: a finish a day later, and a stay that is not seen to be a second one."""
    with Reading(played.folder / ".roadlog", now=TODAY) as reading:
        xes_file, ocel_file = written(tmp_path, "demo", reading)
        ours = measured(reading)
        finish = max(
            cycle["finished_at"]
            for each in reading.metrics(reading.moment())["initiatives"]
            for cycle in each["cycles"]
            if cycle["finished_at"]
        )
    late = (datetime.fromisoformat(finish) + timedelta(days=1)).isoformat()
    for path in (xes_file, ocel_file):
        text = path.read_text(encoding="utf-8")
        assert finish in text
        path.write_text(text.replace(finish, late), encoding="utf-8")
        (found,) = told(xes_file, ocel_file)
        with pytest.raises(AssertionError):
            assert_same(found, ours)
        path.write_text(text, encoding="utf-8")
    text = xes_file.read_text(encoding="utf-8")
    xes_file.write_text(text.replace('value="training"', 'value="tuning"', 1), encoding="utf-8")
    (found,) = told(xes_file, ocel_file)
    with pytest.raises(AssertionError):
        assert_same(found, ours)
