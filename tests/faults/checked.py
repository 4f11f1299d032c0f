"""What must hold of a store after any fault: it is whole, and nothing acknowledged is missing from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from roadlog.event_store.reading import Reader
from roadlog.reading import Reading
from roadlog.verification.verdict import INTACT, verify
from tests.faults.work import EVENTS


def faults(store: Path, acks: Mapping[int, str]) -> list[str]:
    """What is wrong with a store: its log, projections, what was acknowledged. Nothing, if all is well."""
    answer = verify(store, now=datetime.now(UTC))
    if answer["verdict"] != INTACT:
        return [f"{answer['verdict']}: {answer['problems'][:3]}"]
    return list(_lost(store, acks))


def _lost(store: Path, acks: Mapping[int, str]) -> Iterator[str]:
    with Reader(str(store / EVENTS)) as reader:
        leaves = {record.position: record.leaf for record in reader.scan()}
        for command in reader.commands():
            _, slash, size = command.id.partition("/")
            if slash and (command.last or 0) - (command.first or 1) + 1 != int(size):
                yield f"half of command {command.id}: {command.first} to {command.last}"
    for position, leaf in acks.items():
        if position not in leaves or (leaf and leaves[position] != leaf):
            yield f"record {position} was acknowledged, and is lost"


def differing(store: Path) -> list[str]:
    """What a read that catches up leaves otherwise than a fold from zero would. Nothing, if all is well."""
    with Reading(store, now=datetime.now(UTC)) as reading:
        reading.board(reading.moment())
        answer = reading.check()
    return [] if answer["same"] else [f"projections differ: {answer['differs']}"]
