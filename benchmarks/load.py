"""Loading an initiative of a thousand records, beside reading its rows and parsing their JSON.

Ours is what every command on that initiative does before it decides: `Streams.initiative` selects the
stream, holds each row against its leaf, reads it strictly as its type, makes a record of it, and folds the
records into the state. `records` is the same without the fold. Bare is the SELECT of the same rows on an
open connection and `orjson.loads` of each, which gives untyped dicts and has looked at nothing. Both read
from a warm cache.
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import orjson

from benchmarks import bare
from benchmarks.figures import Figure, Group, Size
from benchmarks.histories import add_initiative, open_roadmap
from benchmarks.timing import Contender, in_turn, over, seconds
from roadlog import machine, rows, store
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.records import Record
from roadlog.event_store.log import Log
from roadlog.streams import Streams

FIGURES = (
    Figure(
        name="load",
        what="load and fold of an initiative of 1,000 records: a second ÷ SELECT and orjson.loads",
        bound="at least",
        limit=0.40,
        aim=0.60,
    ),
    Figure(
        name="records",
        what="load of its records without the fold: a second ÷ SELECT and orjson.loads",
        bound="at least",
        limit=None,
        aim=None,
    ),
)


def _measure(folder: Path, size: Size, rounds: int) -> dict[str, list[float]]:
    path = folder / "store"
    with open_roadmap(path) as application:
        key = add_initiative(application, size.events)
        log = Log.open(str(path / store.EVENTS), rows.codec(), rows.make_record, machine.clock)
        with log, bare.opened(path / store.EVENTS) as connection:
            contenders: dict[str, Contender] = {
                "load": partial(_often, partial(_loaded, log, key), size.loads),
                "records": partial(_often, partial(log.load, key, _gather), size.loads),
                "bare": partial(_often, partial(_parsed, connection, key), size.loads),
            }
            taken = in_turn(contenders, rounds)
    return {figure.name: over(taken["bare"], taken[figure.name]) for figure in FIGURES}


def _often(work: Callable[[], object], times: int) -> float:
    return seconds(lambda: [work() for _ in range(times)])


def _loaded(log: Log[Record], key: str) -> InitiativeState:
    return Streams(log).initiative(key)[0]


def _gather(_: object, records: Iterable[Record]) -> list[Record]:
    return list(records)


def _parsed(connection: sqlite3.Connection, key: str) -> list[object]:
    found = connection.execute(bare.SELECT_STREAM, (key,)).fetchall()
    return [orjson.loads(row[-1]) for row in found]


GROUP = Group(name="load", figures=FIGURES, rounds=15, measure=_measure)
