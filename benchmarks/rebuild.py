"""Rebuilding all projections of a log, beside reading the same records and decoding them into their types.

Ours is what `roadlog projections rebuild` does: it reads and checks every record, folds the state of each
initiative and of the roadmap, computes board rows and the trail with before and after, writes all of that to
a new file and puts it in place. Bare is a SELECT of the same rows, and of each the strict msgspec decoder of
its type, nothing kept. The log has 100 initiatives of 100 records each. Told beside it: an imported log of
many initiatives with ten moves each, where states and board rows weigh more.
"""

from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import bare
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import open_long_roadmap, open_roadmap
from benchmarks.importing import event_log, import_log
from benchmarks.timing import in_turn, over, seconds
from roadlog import machine, store
from roadlog.domain.events import CATALOGUE
from roadlog.domain.records import Body
from roadlog.reading import Reading

FIGURES = (
    Figure(
        name="rebuild",
        what="rebuild of all projections: records a second ÷ SELECT and typed decode",
        bound="at least",
        limit=0.25,
        aim=0.50,
    ),
    Figure(
        name="rebuild-imported",
        what="rebuild of all projections of 2,000 imported initiatives of ten moves each: likewise",
        bound="at least",
        limit=None,
        aim=None,
    ),
)


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    typed, imported = folder / "typed", folder / "imported"
    open_long_roadmap(typed, size.initiatives, size.records)
    open_roadmap(imported).close()
    import_log(imported, event_log(folder / "log.csv", size.imported))
    return {"rebuild": _compared(typed, rounds), "rebuild-imported": _compared(imported, rounds)}


def _compared(path: Path, rounds: int) -> list[float]:
    taken = in_turn(
        {"roadlog": partial(rebuilt, path), "bare": partial(decoded, path / store.EVENTS)}, rounds
    )
    return over(taken["bare"], taken["roadlog"])


def rebuilt(path: Path) -> float:
    """Seconds of a rebuild of a store's projections."""
    with Reading(path, now=machine.clock()) as reading:
        return seconds(reading.rebuild)


def decoded(path: Path) -> float:
    """Seconds of a SELECT of a log's records, each decoded into its type."""
    decoders: dict[str, msgspec.json.Decoder[Any]] = {
        name: msgspec.json.Decoder(Body[kind])  # type: ignore[valid-type]
        for name, kind in CATALOGUE.items()
    }

    def scan() -> None:
        for row in connection.execute(bare.SELECT):
            decoders[row[3]].decode(row[5])

    with bare.opened(path) as connection:
        return seconds(scan)


GROUP = Group(name="rebuild", figures=FIGURES, rounds=7, measure=_measure)
