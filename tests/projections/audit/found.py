"""What a check finds in a history that a test states: texts and positions, exactly."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from roadlog.controls import mapping
from roadlog.domain.events import Event, MilestoneAdvanced, Satisfied
from roadlog.domain.records import ImportSource, Record
from roadlog.domain.workflow import Workflow
from roadlog.projections.audit.story import Ground, Story
from tests.domain.spec import By, Given, given
from tests.projections.histories import day, defined, moved, on, short

END = day(400)
"""Long after all that happens in these histories."""
IMPORTED = ImportSource(format="csv", digest="0" * 64, line="1")

Found = list[tuple[str, tuple[int, ...]]]


def story(history: Given, at: datetime = END) -> Story:
    ground = Ground(history.roadmap, at, mapping.limits())
    return Story("SUP-1", ground).read(history.initiative)


def found_in(history: Given, check: str, at: datetime = END) -> Found:
    """What one check finds by a moment."""
    return [(each.text, each.positions) for each in story(history, at).found.get(check, [])]


def found(check: str, *steps: Event | By, at: datetime = END, workflow: Workflow | None = None) -> Found:
    """What one check finds by a moment in the history of these steps."""
    return found_in(given(*steps, workflow=workflow or short()), check, at)


def imported(record: Record) -> Record:
    """The record as an import would have brought it."""
    source = replace(record.body.source, client="import", imported=IMPORTED)
    return replace(record, body=replace(record.body, source=source))


def typed(record: Record, *, account: str, at: datetime | None = None) -> Record:
    """The record as typed by an account, and recorded at a time."""
    source = replace(record.body.source, os_user=account)
    body = replace(record.body, source=source)
    return replace(record, body=body, recorded_at=at or record.recorded_at)


def passed(*gate: Satisfied, to: str = "run", break_glass: bool = False) -> MilestoneAdvanced:
    """The move through the gate of build."""
    return MilestoneAdvanced(
        from_="build", to=to, cycle=1, iteration=1, visit=1, break_glass=break_glass, gate=gate
    )


def satisfied(requirement: str, *by: int, waiver: int | None = None, met: bool = True) -> Satisfied:
    """A line of the gate of build."""
    return Satisfied(milestone="build", requirement=requirement, by=by, waiver=waiver, met=met)


BUILT = (on(0, defined()), on(1, moved("learn")), on(2, moved("build")))
"""SUP-1 at the gate of build, by position 103; paula owns it."""
LIVE = (*BUILT, on(3, passed()))
"""SUP-1 live since the third day, by position 104."""
