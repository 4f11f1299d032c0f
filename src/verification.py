"""Verifying a store: what is stored is recomputed, what was derived from it is built again and compared.

The event store knows bytes and hashes; here bytes are read as roadlog's records, strictly.
"""

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from roadlog import rows, store
from roadlog.domain.refusals import RoadlogError, StoreFailure
from roadlog.event_store.verify import verify_file
from roadlog.store import Place

if TYPE_CHECKING:
    from roadlog.event_store.records import StoredRecord
    from roadlog.event_store.report import Report

Progress = Callable[[int, int], None]
"""Told how many records are done, of how many."""

INTACT = "intact-unanchored"
COULD_NOT_RUN = "could-not-run"
NOT_PROVED = (
    "that approvals, moves and exceptions were allowed when they were made: the rules are not replayed",
    "that files and links named as evidence still hold the bytes that were attached: compare their SHA-256",
    "who was at the keyboard: actors are asserted, no vote is signed",
)
NOTHING = "anything: there was no record that could be read"
ABSENT = {
    "absent": "there are none yet",
    "stale": "they are of another version or another history, and the next read builds them anew",
}
"""States of the projections in which there is nothing to compare."""
BEHIND = "they were compared up to position {position}, where they stand; the next read adds the rest"
NO_PROJECTIONS = "anything about the projections: {why}"


def verify(folder: Place, *, now: datetime, progress: Progress | None = None) -> dict[str, Any]:
    """The answer of `roadlog verify` (cli.md). The log is only read.

    Raises StoreFailure where there is nothing that can be verified; all else that is wrong is an answer.

    checked: how many of each were held against the stored bytes; `projections` counts their rows
    unanchored_tail: how many records at the end no anchor covers; without anchors, all of them
    """
    path = os.path.join(folder, store.EVENTS)
    report = verify_file(path, read_command_id=_command_id_reader(), progress=progress)
    if report.verdict == COULD_NOT_RUN:
        raise StoreFailure(
            COULD_NOT_RUN,
            f"Nothing could be verified: {report.problems[0].found}.",
            try_=("roadlog --store FOLDER verify",),
        )
    problems = [_problem(each) for each in report.problems]
    not_proved = [*report.not_proved, *NOT_PROVED] if report.size else [NOTHING]
    verdict, compared = str(report.verdict), 0
    if verdict == INTACT:
        compared, differs, why = _projections(folder, now)
        if differs is not None:
            verdict = "altered"
            problems.append(differs)
        if why is not None:
            not_proved.append(NO_PROJECTIONS.format(why=why))
    elif report.size:
        not_proved.append(NO_PROJECTIONS.format(why="the records come first"))
    return {
        "verdict": verdict,
        "exit": 1 if verdict == INTACT else 4,
        "origin": _origin(folder) if report.size else None,
        "size": report.size,
        "root": report.root,
        "checkpoint": None,
        "anchored": {"size": 0, "at": None, "by": []},
        "unanchored_tail": report.size,
        "checked": _checked(report, compared),
        "problems": problems,
        "not_proved": not_proved,
    }


def _command_id_reader() -> "Callable[[StoredRecord], str]":
    """Decodes a record's body strictly and gives its command id."""
    codec = rows.codec()

    def read(record: "StoredRecord") -> str:
        body = codec.decode(record.type, record.state, position=record.position, stream=record.stream)
        return str(body.command_id)

    return read


def _problem(problem: Any) -> dict[str, Any]:
    return {
        "verdict": problem.verdict,
        "position": problem.position,
        "stream": problem.stream,
        "version": problem.version,
        "expected": problem.expected,
        "found": problem.found,
    }


def _checked(report: "Report", compared: int) -> dict[str, int]:
    checked = report.checked
    return {
        "records": checked.records,
        "leaves": checked.leaves,
        "nodes": checked.nodes,
        "commands": checked.commands,
        "bodies": checked.bodies,
        "checkpoints": 0,
        "approvals": 0,
        "policy": 0,
        "projections": compared,
    }


def _projections(folder: Place, now: datetime) -> tuple[int, dict[str, Any] | None, str | None]:
    """How many rows were compared, the first that differs, and why there was nothing to compare."""
    from roadlog.reading import Reading

    try:
        with Reading(folder, now=now) as reading:
            standing = reading.status()
            if standing["state"] in ABSENT:
                return 0, None, ABSENT[standing["state"]]
            compared = sum(standing["counts"].values())
            answer = reading.check()
    except RoadlogError as error:
        return 0, None, f"they could not be read: {error.message}"
    if answer["same"]:
        return compared, None, BEHIND.format(**standing) if standing["state"] == "behind" else None
    differs = answer["differs"]
    problem = {
        "verdict": "altered",
        "position": None,
        "stream": None,
        "version": None,
        "expected": "projections as the records make them",
        "found": f"{differs['table']} {differs['row']} differs; try `roadlog projections rebuild`",
    }
    return compared, problem, None


def _origin(folder: Place) -> str | None:
    """Which log this is, as far as its first record can be read."""
    from roadlog.event_store.errors import EventStoreError
    from roadlog.event_store.reading import Reader

    try:
        with Reader(os.path.join(folder, store.EVENTS)) as reader:
            first = next(reader.scan(upto=1), None)
    except EventStoreError:
        return None
    return store.origin(first.stream, first.leaf) if first else None
