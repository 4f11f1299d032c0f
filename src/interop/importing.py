"""An import from end to end: read the files, settle the workflow and the people, write the moves, sum up."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from msgspec import Struct, structs, to_builtins

from roadlog.application import Application, Wish
from roadlog.domain.events import InitiativeAdopted, MilestoneAdvanced, MilestoneReturned, StakeholderJoined
from roadlog.domain.refusals import Conflict, StoreFailure
from roadlog.interop import csv_log
from roadlog.interop.claims import Columns
from roadlog.interop.gathering import Gathered, gather
from roadlog.interop.history import Provenance
from roadlog.interop.narration import Narration
from roadlog.interop.preparation import Choices, check_actor, prepare
from roadlog.interop.sorting import Sorter

CSV = "csv"

Progress = Callable[[int, int], None]
"""Called with the lines that are done and the lines there are."""


class Summary(Struct, frozen=True, kw_only=True):
    """What an import did.

    initiatives: new ones
    moves: from one milestone to another, `returns` of them back
    people: enrolled
    lines: those that could be read; `unchanged` of them told nothing new, because the initiative stood there
        already or they were imported before
    zone: in which the times without an offset were read; None where all had one
    left_out: what could be read and was not imported, and why; `skipped`: what could not be read
    """

    initiatives: int = 0
    moves: int = 0
    returns: int = 0
    people: int = 0
    lines: int = 0
    unchanged: int = 0
    zone: str | None = None
    left_out: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []

    @property
    def complete(self) -> bool:
        return not self.left_out and not self.skipped


def import_csv(
    application: Application,
    paths: Sequence[Path],
    columns: Columns,
    choices: Choices,
    wish: Wish,
    *,
    now: datetime,
    zone: tzinfo,
    progress: Progress | None = None,
) -> Summary:
    """Imports CSV event logs; what is there already is recognised and left alone. A dry run only sums up.

    Whatever can be refused is refused before anything is written. Raises Malformed for a bad line without
    `skip_bad` and for a map or a workflow that cannot be; Refused for an actor who may not adopt the workflow
    or enrol the people that the import brings; Conflict when somebody else records in between.
    """
    files = tuple((path.name, csv_log.digest(path)) for path in paths)
    with Sorter() as sorter:
        lines = (csv_log.read(path, columns, now=now, zone=zone) for path in paths)
        gathered = gather(lines, sorter, skip_bad=choices.skip_bad)
        provenance = Provenance(typed=application.source, format=CSV, files=files)
        summary = record(application, gathered, provenance, choices, wish, progress)
        return structs.replace(summary, zone=str(zone)) if gathered.local else summary


def record(
    application: Application,
    gathered: Gathered,
    provenance: Provenance,
    choices: Choices,
    wish: Wish,
    progress: Progress | None,
) -> Summary:
    """Records what was gathered from files of any format, in transactions of their own."""
    roadmap = application.roadmap()
    check_actor(roadmap, wish.actor)
    prepared = prepare(application, roadmap, gathered, choices, wish)
    skipped = [to_builtins(each) for each in gathered.skipped]
    if not gathered.sorter.count:
        return Summary(skipped=skipped)
    narration = Narration(application, roadmap, gathered, prepared, provenance)
    with _without_collector():
        for _ in _written(application, narration, wish):
            if progress is not None:
                progress(narration.lines_told, gathered.sorter.count)
    return _summed_up(narration, gathered.sorter.count, skipped)


def _written(application: Application, narration: Narration, wish: Wish) -> Iterator[int]:
    """Tells all of it; yields after each transaction, of which a dry run has none."""
    if wish.dry_run:
        for _ in narration.events():
            pass
        return
    try:
        yield from application.record_history(narration.events())
    except (Conflict, StoreFailure) as error:
        raise type(error)(
            error.rule,
            f"{error.message} What was recorded until then is whole; the same import again adds what "
            "is missing.",
            try_=error.try_,
        ) from error


def _summed_up(narration: Narration, lines: int, skipped: list[dict[str, Any]]) -> Summary:
    told = narration.told
    initiatives, returns = told[InitiativeAdopted], told[MilestoneReturned]
    moves = told[MilestoneAdvanced] + returns
    return Summary(
        initiatives=initiatives,
        moves=moves,
        returns=returns,
        people=told[StakeholderJoined],
        lines=lines,
        unchanged=lines - initiatives - moves - narration.lines_left_out,
        left_out=narration.left_out,
        skipped=skipped,
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Events hold no cycles; the collector that looks for some takes a sixth of an import's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
