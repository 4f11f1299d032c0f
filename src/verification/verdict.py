"""Verifying a store: what is stored is recomputed, what was derived from it is built again and compared.

The event store knows bytes and hashes; here bytes are read as roadlog's records, strictly.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from roadlog import failures, log_key, rows, store, trusted_keys
from roadlog.domain.events import PersonalDataErased
from roadlog.domain.moments import instant
from roadlog.domain.refusals import RoadlogError, StoreFailure
from roadlog.domain.roadmap import fold_roadmap
from roadlog.domain.workflow import Policy
from roadlog.event_store.reading import Reader
from roadlog.event_store.verify import verify_file
from roadlog.store import Place
from roadlog.trust.anchor import Trusted
from roadlog.trust.approvals import AnchoredAt, SignedApprovals
from roadlog.trust.checkpoint import Checkpoint
from roadlog.trust.note import Note, Verifier
from roadlog.verification import not_proved
from roadlog.verification.anchors import AnchorsCheck
from roadlog.verification.checkpoints import CheckpointsCheck
from roadlog.verification.log_keys import LogKeysCheck
from roadlog.verification.rules.replay import replay

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
ABSENT = {
    "absent": "there are none yet",
    "stale": "they are of another version or another history, and the next read builds them anew",
}
"""States of the projections in which there is nothing to compare."""
BEHIND = "that the projections are right after position {position}: they end there until somebody reads again"
NO_PROJECTIONS = "anything about the projections: {why}"


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
    log_keys: those that signed the log, and the record since which each does; `given`: the one of `against`
    checked: how many of each were held against the stored bytes; `policy` counts the records judged by the
        rules, `projections` the rows of those
    against: what was given: a `checkpoint` or a `key`, of which log, and how many of the log's checkpoints
        that key signed
    unanchored_tail: how many records at the end no anchor covers; without anchors, all of them
    """
    path = os.path.join(folder, store.EVENTS)
    origin = _origin(folder) or ""
    approvals = SignedApprovals(origin)
    erased: set[str] = set()
    keys = LogKeysCheck(origin, log_key.verifier(folder), against)
    checkpoints = CheckpointsCheck(against)
    anchors = AnchorsCheck(trusted or trusted_keys.trusted(folder))

    def beside(reading: "Reading", size: int) -> "list[Problem]":
        if not size:
            return []
        return (
            [*keys.check()]
            or checkpoints.check(reading, size, keys.keys)
            or [*anchors.check(reading, size, keys.keys)]
        )

    report = verify_file(
        path, read_command_id=_command_id_reader(approvals, keys, erased), beside=beside, progress=progress
    )
    if report.verdict == COULD_NOT_RUN:
        raise StoreFailure(
            COULD_NOT_RUN,
            f"Nothing could be verified: {report.problems[0].found}.",
            try_=("roadlog --store FOLDER verify",),
        )
    problems = [_problem(each) for each in report.problems]
    anchored = checkpoints.anchored.beside(anchors.anchored)
    judged, compared = None, 0
    no_projections: str | None = NO_PROJECTIONS.format(why="the records come first")
    if report.verdict == INTACT:
        with failures.in_our_words():
            judged = replay(path, report.size, progress)
        problems += [{"verdict": FORGED, **each._asdict()} for each in approvals.forged]
        problems += [{"verdict": BROKEN, **each._asdict()} for each in judged.breaches]
    if not problems:
        compared, differs, no_projections = _projections(folder, now)
        problems += [] if differs is None else [differs]
    verdict = str(report.verdict)
    if verdict == INTACT:
        if problems:
            verdict = problems[0]["verdict"]
        elif anchored.size and _is_recent(path, anchored.size, now):
            verdict = ANCHORED
    unproved = [not_proved.NOTHING]
    if report.size:
        unproved = [
            not_proved.cut_off(anchored, report.size),
            *not_proved.not_shown(anchors, trusted),
            *report.not_proved,
            *not_proved.NOT_PROVED,
            *not_proved.who_acted(approvals, _since(anchors, checkpoints.given)),
            *not_proved.still_held(folder, erased),
            *not_proved.names(folder),
            *(not_proved.taken_out(keys.keys, checkpoints, anchors) if report.verdict == INTACT else ()),
            *not_proved.what_rules_allow(judged),
            *([] if no_projections is None else [no_projections]),
        ]
    return {
        "verdict": verdict,
        "exit": EXITS.get(verdict, 4),
        "origin": origin or None if report.size else None,
        "size": report.size,
        "root": report.root,
        "checkpoint": _last(checkpoints),
        "log_keys": keys.told(),
        "anchored": {"size": anchored.size, "at": anchored.at, "by": list(anchored.by)},
        "unanchored_tail": report.size - anchored.size,
        "checked": {
            **_checked(report),
            "checkpoints": checkpoints.checkpoints,
            "anchors": anchors.anchors,
            "approvals": approvals.signed,
            "policy": judged.judged if judged else 0,
            "projections": compared,
        },
        "against": None if against is None else _given(against, checkpoints),
        "problems": problems,
        "not_proved": unproved,
    }


def _command_id_reader(
    approvals: SignedApprovals, keys: LogKeysCheck, erased: set[str]
) -> "Callable[[StoredRecord], str]":
    """Decodes a record's body strictly and gives its command id.

    Who approved is checked on the way, keys of the log are gathered; whom it erases is put among `erased`.
    """
    codec = rows.codec()

    def read(record: "StoredRecord") -> str:
        body = codec.decode(record.type, record.state, position=record.position, stream=record.stream)
        made = rows.make_record(record, body)
        approvals.take(made)
        keys.take(made)
        if isinstance(body.event, PersonalDataErased):
            erased.add(body.event.stakeholder)
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


def _given(against: Note | Verifier, checkpoints: CheckpointsCheck) -> dict[str, Any]:
    if isinstance(against, Note):
        return {"kind": "checkpoint", "origin": Checkpoint.of(against).origin, "signed": None}
    return {"kind": "key", "origin": against.name, "signed": checkpoints.by_given}


def _last(checkpoints: CheckpointsCheck) -> dict[str, Any] | None:
    last = checkpoints.last
    return None if last is None else {"size": last.size, "root": last.root.hex(), "made_at": last.made_at}


def _is_recent(path: str, anchored: int, now: datetime) -> bool:
    """Whether the first record that no anchor covers, if any, is younger than the policy allows it to be.

    The policy is the one that is anchored: a record that nobody vouches for gives itself no time, neither by
    another policy nor by a clock that ran ahead.
    """
    with Reader(path) as reader:
        unanchored = next(reader.scan(after=anchored, upto=anchored + 1), None)
        if unanchored is None:
            return True
        first = next(reader.scan(upto=1))
        roadmap = fold_roadmap(rows.records(reader.stream(first.stream, upto=anchored), reader))
    policy = roadmap.workflow.policy if roadmap.workflow else Policy()
    oldest = now - timedelta(hours=policy.anchor_max_age_hours)
    return oldest < instant(unanchored.recorded_at) <= now


def _since(anchors: AnchorsCheck, given: Checkpoint | None) -> AnchoredAt:
    """When the first anchor that covers a record vouched for it; None where none does.

    Of what was given only the log says when it was made, which is the earliest that it can have been.
    """

    def since(position: int) -> datetime | None:
        times = [each.at for each in anchors.vouched if position <= each.checkpoint.size]
        if given and given.made_at and position <= given.size:
            times.append(instant(given.made_at))
        return min(times, default=None)

    return since


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
    """How many rows were compared, the first that differs, and what is not proved of them."""
    from roadlog.reading import Reading

    try:
        with Reading(folder, now=now) as reading:
            standing = reading.status()
            if standing["state"] in ABSENT:
                return 0, None, NO_PROJECTIONS.format(why=ABSENT[standing["state"]])
            compared = sum(standing["counts"].values())
            answer = reading.check()
    except RoadlogError as error:
        return 0, None, NO_PROJECTIONS.format(why=f"they could not be read: {error.message}")
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

    try:
        with Reader(os.path.join(folder, store.EVENTS)) as reader:
            first = next(reader.scan(upto=1), None)
    except EventStoreError:
        return None
    return store.origin(first.stream, first.leaf) if first else None
