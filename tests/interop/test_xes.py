"""XES: how long a trace is, and what it says of that; pm4py reads it in process_mining."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from roadlog.domain.commands import (
    AdvanceMilestone,
    ReopenInitiative,
    RetireInitiative,
    ReturnMilestone,
    StopInitiative,
)
from roadlog.interop.exported import Exported
from roadlog.interop.xes import write
from roadlog.reading import Reading
from tests.stores import Store, team_store

DAY = 86_400.0
SPACE = "{http://www.xes-standard.org/}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """One initiative that was a day in its first milestone, and came to the second."""
    with team_store(tmp_path / "store", "open") as store:
        store.define()
        store.do(AdvanceMilestone(stream="SUP-1"))
        store.clock.tick(timedelta(days=1, minutes=-1))
        store.do(AdvanceMilestone(stream="SUP-1"))
        yield store


def finish(store: Store) -> None:
    """From the second milestone to the last, at once."""
    for _ in range(4):
        store.do(AdvanceMilestone(stream="SUP-1"))


def told(reading: Reading) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The attributes of the last trace, and those of its events."""
    file = io.BytesIO()
    write(Exported(reading, reading.moment()), file)
    *_, trace = ET.fromstring(file.getvalue()).iter(f"{SPACE}trace")  # noqa: S314 (we wrote it)
    attributes, *events = (
        {each.get("key", ""): each.get("value") for each in one if "key" in each.attrib}
        for one in (trace, *trace.iter(f"{SPACE}event"))
    )
    return attributes, events


def length(events: list[dict[str, Any]]) -> float:
    """What a tool finds: from the first event to the last."""
    first, *_, last = (datetime.fromisoformat(each["time:timestamp"]) for each in events)
    return (last - first).total_seconds()


def stays(events: list[dict[str, Any]]) -> float:
    return sum(float(each["seconds"]) for each in events if "seconds" in each)


def test_an_open_cycle_ends_with_its_last_move_and_has_its_age(store: Store) -> None:
    store.clock.tick(timedelta(days=9))
    with store.reading() as reading:
        trace, events = told(reading)
        (measured,) = reading.metrics(reading.moment())["initiatives"]
    assert (trace["outcome"], "cycle_time" in trace, length(events)) == ("open", False, DAY)
    assert float(trace["age"]) == measured["age"] == stays(events) == 10 * DAY


def test_a_finished_cycle_is_as_long_as_its_trace(store: Store) -> None:
    finish(store)
    store.clock.tick(timedelta(days=9))
    with store.reading() as reading:
        trace, events = told(reading)
    assert (trace["outcome"], "age" in trace) == ("finished", False)
    assert float(trace["cycle_time"]) == length(events) == stays(events)


def test_a_stopped_cycle_has_no_age_until_it_is_reopened(store: Store) -> None:
    store.do(StopInitiative(stream="SUP-1"))
    store.clock.tick(timedelta(days=9))
    with store.reading() as reading:
        trace, events = told(reading)
    assert (trace["outcome"], "age" in trace, length(events)) == ("stopped", False, DAY)
    store.do(ReopenInitiative(stream="SUP-1"))
    with store.reading() as reading:
        trace, events = told(reading)
    assert (trace["outcome"], length(events)) == ("open", DAY)
    assert float(trace["age"]) == stays(events) == 10 * DAY + 120


def test_a_retired_cycle_is_measured_to_its_end(store: Store) -> None:
    finish(store)
    for to in ("training", "prototype"):
        store.do(ReturnMilestone(stream="SUP-1", to=to, loop="rework", learned="much"))
    store.do(RetireInitiative(stream="SUP-1"))
    store.clock.tick(timedelta(days=9))
    with store.reading() as reading:
        trace, events = told(reading)
    assert (trace["cycle"], trace["outcome"], "age" in trace) == ("2", "ended", False)
    assert (length(events), stays(events)) == (60, 120)
