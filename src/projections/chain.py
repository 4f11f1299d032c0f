"""One stream's history at a moment: each record with what it changed, from the first to the last.

What the log said then holds voided records, and their voids that changed things back. What was true then,
with all that is known later, holds neither: records that were voided never were, and those that came late
stand where the log has them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from roadlog.domain.events import RecordVoided
from roadlog.domain.evolve import Fold, fold
from roadlog.domain.records import Record
from roadlog.domain.roadmap import RoadmapState, evolve_roadmap
from roadlog.projections import trail
from roadlog.projections.standing import status_of


def of_roadmap(records: Iterable[Record], as_of: datetime | None) -> Iterator[dict[str, Any]]:
    """Lines of the trail for the roadmap's own records; with `as_of`, of those effective by then."""
    state = RoadmapState()
    for record in _effective(records, as_of):
        before, state = state, evolve_roadmap(state, record)
        yield trail.entry(record, before, state, None)


def of_initiative(
    records: Sequence[Record], roadmap: Iterable[Record], as_of: datetime | None
) -> Iterator[dict[str, Any]]:
    """Lines of the trail for an initiative's records; with `as_of`, of those effective by then, not void.

    Records of the roadmap are among them where they change the initiative's status: another workflow may say
    that another milestone is live.
    """
    voided_by: dict[int, int] = {}
    for each in records:
        if isinstance(each.event, RecordVoided):
            voided_by.setdefault(each.event.position, each.position)
    whole, folding = RoadmapState(), Fold()
    every = sorted([*records, *roadmap], key=attrgetter("position"))
    for record in _effective(every, as_of):
        before, workflow = folding.state(), whole.workflow
        if record.stream != records[0].stream:
            whole = evolve_roadmap(whole, record)
            if before.version and workflow and whole.workflow and workflow is not whole.workflow:
                old, new = status_of(before, workflow), status_of(before, whole.workflow)
                if old != new:
                    yield trail.line(record, [trail.change("status", old, new)])
            continue
        void = record.position in voided_by
        if as_of is None and isinstance(record.event, RecordVoided):
            folding = Fold(fold(each for each in records if each.position <= record.position))
        else:
            folding.take(record, void and as_of is not None)
        if as_of is None or not void:
            line = trail.entry(record, before, folding.state(), workflow)
            yield {**line, "voided_by": voided_by.get(record.position)}


def _effective(records: Iterable[Record], as_of: datetime | None) -> Iterator[Record]:
    return (each for each in records if as_of is None or each.effective_at <= as_of)
