"""How late what is measured was typed: not only moves, and nothing whose time no figure depends on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from roadlog.domain.events import Event, NoteAdded, OwnerChanged, RecordVoided, WorkBlocked
from roadlog.domain.evolve import fold
from roadlog.domain.folds.late import TIMED
from roadlog.domain.records import ImportSource, Record
from roadlog.projections.metrics.measured import measured
from tests.domain.random_records import histories
from tests.domain.spec import AI_PRODUCT, FIRST, at, record
from tests.projections.histories import asked, defined, moved, risk
from tests.projections.histories import measured as outcome_measured
from tests.projections.metrics.histories import approving, rejecting

DAY = timedelta(days=1)


def typed_late(event: Event, number: int = 1, *, late: timedelta = 3 * DAY) -> Record:
    moment = at(number)
    return record(event, position=FIRST + number, version=number + 1, at=moment, recorded_at=moment + late)


def imported(record: Record) -> Record:
    source = replace(record.body.source, imported=ImportSource(format="csv", digest="00", line="1"))
    return replace(record, body=replace(record.body, source=source))


@pytest.mark.parametrize(
    ("event", "days"),
    [
        (moved("feasibility"), 3),
        (asked("compliance", milestone=None), 3),
        (approving("compliance", None), 3),
        (rejecting("compliance", None), 3),
        (WorkBlocked(by="law"), 3),
        (outcome_measured(800), 3),
        (risk(), 3),
        (NoteAdded(text="seen"), 0),
        (OwnerChanged(owner="dan"), 0),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Event) else str(each),
)
def test_it_is_late_by_what_is_measured(event: Event, days: int) -> None:
    state = fold([record(defined(), position=FIRST), typed_late(event)])
    assert state.late == timedelta(days=days) // timedelta(microseconds=1)


def test_the_latest_counts_and_neither_what_is_void_nor_what_was_imported() -> None:
    first = record(defined(), position=FIRST)
    late, later = typed_late(risk()), typed_late(risk("R2"), 2, late=9 * DAY)
    assert fold([first, late, later]).late == 9 * 86_400_000_000
    assert fold([first, later, replace(late, version=3)]).late == 9 * 86_400_000_000
    void = record(RecordVoided(position=later.position), position=FIRST + 3, version=4, at=at(3))
    assert fold([first, late, later, void]).late == 3 * 86_400_000_000
    assert fold([first, late, imported(later)]).late == 3 * 86_400_000_000


@settings(deadline=None)
@given(histories(voids=False, max_size=20), st.lists(st.integers(-5, 5), min_size=20, max_size=20))
def test_no_figure_depends_on_the_time_of_any_other_record(records: list[Record], hours: list[int]) -> None:
    moved_on = [
        each
        if type(each.event) in TIMED
        else replace(each, body=replace(each.body, effective_at=each.effective_at + timedelta(hours=later)))
        for each, later in zip(records, hours, strict=False)
    ]
    found = [measured(fold(each), AI_PRODUCT, at(60)) for each in (records, moved_on)]
    assert found[0] == found[1]
