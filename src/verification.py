"""Verifying a store: what is stored is recomputed, what was derived from it is built again and compared.

The event store knows bytes and hashes; here bytes are read as roadlog's records, strictly.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roadlog import failures, log_key, rows, store, trusted_keys
from roadlog.anchors_check import AnchorsCheck
from roadlog.checkpoints_check import Anchored, CheckpointsCheck
from roadlog.directory import HELD, Directory
from roadlog.domain.events import PersonalDataErased
from roadlog.domain.moments import instant
from roadlog.domain.refusals import Malformed, RoadlogError, StoreFailure
from roadlog.domain.roadmap import fold_roadmap
from roadlog.domain.workflow import Policy
from roadlog.event_store.reading import Reader
from roadlog.event_store.verify import verify_file
from roadlog.rules.replay import NOTHING as NOTHING_JUDGED
from roadlog.rules.replay import Replayed, replay
from roadlog.store import Place
from roadlog.trust.anchor import Trusted
from roadlog.trust.approvals import AnchoredAt, SignedApprovals
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import LARGEST, BadNote, Note, Verifier

if TYPE_CHECKING:
    from roadlog.event_store.reading import Reading
    from roadlog.event_store.records import StoredRecord
    from roadlog.event_store.report import Problem, Report

Progress = Callable[[int, int], None]
"""Told how many records are done, of how many."""

ANCHORED = "intact-anchored"
INTACT = "intact-unanchored"
FORGED = "forged-approval"
BROKEN = "rule-broken"
COULD_NOT_RUN = "could-not-run"
EXITS = {ANCHORED: 0, INTACT: 1}
"""All other verdicts say that something is wrong."""
CUT_OFF = (
    "that the end was not cut off in all tables, nor all of it rebuilt: a checkpoint kept outside shows that"
)
CUT_OFF_AFTER = "that no record after {size} was cut off or recorded anew: no anchor covers these"
WHOSE_KEYS = (
    "whose keys vouch: those beside the store were used, which its owner can write; compare what they are "
    "called above with what you know, or give yours: --witness-key, --tsa-roots"
)
NOT_PROVED = (
    "that files and links named as evidence still hold the bytes that were attached: compare their SHA-256",
)
ASSERTED = "who was at the keyboard: actors are asserted, {but}"
OUTLIVED = (
    "that keys were in use still when they signed approvals for which nothing outside vouches since then: "
    "{positions}"
)
NOTHING = "anything: there was no record that could be read"
ABSENT = {
    "absent": "there are none yet",
    "stale": "they are of another version or another history, and the next read builds them anew",
}
"""States of the projections in which there is nothing to compare."""
BEHIND = "they were compared up to position {position}, where they stand; the next read adds the rest"
ERASED = "that what the directory held of {who} is gone: {why}"
NO_PROJECTIONS = "anything about the projections: {why}"
NO_RULES = "that approvals, moves and exceptions were allowed when they were made: the records come first"
IMPORTED = "that what imports brought was so: {count} of the records are as their sources claim, by no rule"


def given(path: str) -> Note | Verifier:
    """What somebody has from elsewhere: a checkpoint, or the log's key. Raises Malformed for all else."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Malformed("against", f"{path} cannot be read: {error.strerror}.") from error
    try:
        if content.count(b"\n") <= 1:
            return Verifier.read(content.decode())
        note = Note.read(content)
        Checkpoint.of(note)
    except (BadNote, UnicodeDecodeError) as error:
        message = f"{path} is neither a checkpoint nor the key of a log: {error}."
        raise Malformed("against", message, try_=("roadlog checkpoint > FILE",)) from error
    return note


def verify(
    folder: Place,
    *,
    now: datetime,
    against: Note | Verifier | None = None,
    trusted: Trusted | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The answer of `roadlog verify` (cli.md). The log is only read.

    Raises StoreFailure where there is nothing that can be verified; all else that is wrong is an answer.

    against: what the one who asks has from elsewhere
    trusted: whom the one who asks believes; None takes the keys beside the store
    checked: how many of each were held against the stored bytes; `policy` counts the records judged by the
        rules, `projections` the rows of those
    unanchored_tail: how many records at the end no anchor covers; without anchors, all of them
    """
    path = os.path.join(folder, store.EVENTS)
    approvals = SignedApprovals(_origin(folder) or "")
    erased: set[str] = set()
    key = log_key.verifier(folder)
    checkpoints = CheckpointsCheck(key, against)
    anchors = AnchorsCheck(key, trusted or trusted_keys.trusted(folder))

    def beside(reading: "Reading", size: int) -> "list[Problem]":
        return checkpoints.check(reading, size) or [*anchors.check(reading, size)]

    report = verify_file(
        path, read_command_id=_command_id_reader(approvals, erased), beside=beside, progress=progress
    )
    if report.verdict == COULD_NOT_RUN:
        raise StoreFailure(
            COULD_NOT_RUN,
            f"Nothing could be verified: {report.problems[0].found}.",
            try_=("roadlog --store FOLDER verify",),
        )
    problems = [_problem(each) for each in report.problems]
    anchored = checkpoints.anchored.beside(anchors.anchored)
    not_proved = [NOTHING]
    if report.size:
        not_proved = [*_end(anchored), *_not_shown(anchors, trusted), *report.not_proved, *NOT_PROVED]
        not_proved += _signed(approvals, _since(anchors, checkpoints.anchored))
        not_proved += _still_held(folder, erased)
    verdict, compared, judged = str(report.verdict), 0, NOTHING_JUDGED
    if verdict == INTACT and approvals.forged:
        verdict = FORGED
        problems += [{"verdict": FORGED, **each._asdict()} for each in approvals.forged]
    if report.verdict == INTACT:
        with failures.in_our_words():
            judged = replay(path, report.size, progress)
        problems += [{"verdict": BROKEN, **each._asdict()} for each in judged.breaches]
        verdict = BROKEN if verdict == INTACT and judged.breaches else verdict
    if report.size:
        not_proved += _ruled(report, judged)
    if verdict == INTACT:
        compared, differs, why = _projections(folder, now)
        if differs is not None:
            verdict = "altered"
            problems.append(differs)
        if why is not None:
            not_proved.append(NO_PROJECTIONS.format(why=why))
        if verdict == INTACT and anchored.size and _is_recent(path, anchored.size, now):
            verdict = ANCHORED
    elif report.size:
        not_proved.append(NO_PROJECTIONS.format(why="the records come first"))
    return {
        "verdict": verdict,
        "exit": EXITS.get(verdict, 4),
        "origin": _origin(folder) if report.size else None,
        "size": report.size,
        "root": report.root,
        "checkpoint": _last(checkpoints),
        "anchored": {"size": anchored.size, "at": anchored.at, "by": list(anchored.by)},
        "unanchored_tail": report.size - anchored.size,
        "checked": {
            **_checked(report),
            "checkpoints": checkpoints.checkpoints,
            "anchors": anchors.anchors,
            "approvals": approvals.signed,
            "policy": judged.judged,
            "projections": compared,
        },
        "problems": problems,
        "not_proved": not_proved,
    }


def _command_id_reader(approvals: SignedApprovals, erased: set[str]) -> "Callable[[StoredRecord], str]":
    """Decodes a record's body strictly and gives its command id.

    Who approved is checked on the way; whom it erases is put among `erased`.
    """
    codec = rows.codec()

    def read(record: "StoredRecord") -> str:
        body = codec.decode(record.type, record.state, position=record.position, stream=record.stream)
        approvals.take(rows.make_record(record, body))
        if isinstance(body.event, PersonalDataErased):
            erased.add(body.event.stakeholder)
        return str(body.command_id)

    return read


def _still_held(folder: Place, erased: set[str]) -> list[str]:
    """What is said while the directory holds what the log says was erased, or cannot be asked."""
    try:
        held = Directory.held(Path(folder), erased) if erased else ()
    except StoreFailure as error:
        return [ERASED.format(who=", ".join(sorted(erased)), why=error.message)]
    return [ERASED.format(who=", ".join(held), why=HELD)] if held else []


def _problem(problem: Any) -> dict[str, Any]:
    return {
        "verdict": problem.verdict,
        "position": problem.position,
        "stream": problem.stream,
        "version": problem.version,
        "expected": problem.expected,
        "found": problem.found,
    }


def _last(checkpoints: CheckpointsCheck) -> dict[str, Any] | None:
    last = checkpoints.last
    return None if last is None else {"size": last.size, "root": last.root.hex(), "made_at": last.made_at}


def _end(anchored: Anchored) -> tuple[str, ...]:
    """What nothing outside vouches for."""
    if anchored.size:
        return (CUT_OFF_AFTER.format(size=anchored.size),)
    return (CUT_OFF,)


def _not_shown(anchors: AnchorsCheck, trusted: Trusted | None) -> Iterator[str]:
    """What anchors would show to somebody else, and who says that those who vouch are who they should be."""
    for kind, why in anchors.unchecked.items():
        yield f"what an anchor of the kind {kind} would show: {why}"
    if anchors.vouched and trusted is None:
        yield WHOSE_KEYS


def _is_recent(path: str, anchored: int, now: datetime) -> bool:
    """Whether the first record that no anchor covers, if any, is younger than the policy allows it to be."""
    with Reader(path) as reader:
        unanchored = next(reader.scan(after=anchored, upto=anchored + 1), None)
        if unanchored is None:
            return True
        first = next(reader.scan(upto=1))
        roadmap = fold_roadmap(rows.records(reader.stream(first.stream), reader))
    policy = roadmap.workflow.policy if roadmap.workflow else Policy()
    return instant(unanchored.recorded_at) > now - timedelta(hours=policy.anchor_max_age_hours)


def _since(anchors: AnchorsCheck, given: Anchored) -> AnchoredAt:
    """When the first anchor that covers a record vouched for it; None where none does."""

    def since(position: int) -> datetime | None:
        times = [each.at for each in anchors.vouched if position <= each.checkpoint.size]
        if given.at and position <= given.size:
            times.append(instant(given.at))
        return min(times, default=None)

    return since


def _signed(approvals: SignedApprovals, since: AnchoredAt) -> Iterator[str]:
    """How far it is proved who acted."""
    many = f"{approvals.signed} of {approvals.approvals} approvals"
    but = f"but for {many}, signed by whoever had the key" if approvals.signed else "no vote is signed"
    yield ASSERTED.format(but=but)
    late = approvals.outlived(since)
    if late:
        yield OUTLIVED.format(positions=", ".join(f"#{each}" for each in late))


def _ruled(report: "Report", judged: Replayed) -> Iterator[str]:
    """What the rules do not say."""
    if report.verdict != INTACT:
        yield NO_RULES
    elif judged.imported:
        yield IMPORTED.format(count=judged.imported)


def _checked(report: "Report") -> dict[str, int]:
    checked = report.checked
    return {
        "records": checked.records,
        "leaves": checked.leaves,
        "nodes": checked.nodes,
        "commands": checked.commands,
        "bodies": checked.bodies,
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
