"""Writing a pack: reads the log once, makes every file of it, and puts the folder there whole."""

import os
from datetime import datetime
from hashlib import sha256
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import orjson

from roadlog import failures, store
from roadlog.application import Application
from roadlog.domain.refusals import Refused, StoreFailure
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import KeptCheckpoint
from roadlog.folders import whole_folder
from roadlog.interop.ocel import ocel
from roadlog.pack.anchors import ANCHORS, write_anchors
from roadlog.pack.log import CHECKPOINT, HEADERS, RECORDS, Progress, Written, write_log
from roadlog.pack.readme import readme
from roadlog.pack.report import Tables, report, tables
from roadlog.pack.scope import Asked, scope_of
from roadlog.pack.signatures import APPROVALS, SIGNERS, write_signatures
from roadlog.pack.table import csv_text
from roadlog.pack.told import Told, told
from roadlog.reading import Reading
from roadlog.store import Place
from roadlog.trust.whole_files import sync
from roadlog.visible import safe_json

SUMS, REPORT, README, OCEL, VERIFY = "SHA256SUMS", "report.html", "README", "ocel.json", "verify.py"
TABLES, CONTROLS = "tables", "controls.json"
OPTIONAL = (ANCHORS, APPROVALS, SIGNERS)
"""Where there are none, there is no such file, or folder."""


def write(
    folder: Place, out: Path, asked: Asked, *, now: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """Makes the pack, and says what is in it.

    Raises Refused where `out` is something already, StoreFailure where it cannot be written, Unknown,
    Malformed; Damaged for a log that is not what its hashes say.
    """
    taken = Refused(
        "pack-exists",
        f"{out} exists already; nothing was changed.",
        try_=("roadlog evidence-pack --out OTHER-DIR",),
    )
    if os.path.lexists(out):
        raise taken
    if not out.absolute().parent.is_dir():
        raise StoreFailure("store", f"{out} cannot be made: {out.parent} is no folder.")
    with Reading(folder, now=now) as reading:
        size = reading.moment().position
        scope = scope_of(reading, asked, size, now)
        kept = _checkpoint(folder, size)
        with whole_folder(out, taken) as made, Reader(os.path.join(folder, store.EVENTS)) as reader:
            log = write_log(reader, made, kept, {each.position for each in scope.records}, progress)
            signed = write_signatures(scope, log.origin, made)
            anchors = write_anchors(reader, log.size, made)
            names = _write(made, told(reading, scope, log.root, signed, anchors), log)
    return {
        "out": os.fspath(out),
        "key": asked.key,
        "origin": log.origin,
        "size": log.size,
        "root": log.root,
        "checkpoint": {"size": log.size, "made_at": log.checkpoint.made_at, "signer": log.signer},
        "position": scope.upto,
        "after": scope.after,
        "told_of": len(scope.positions),
        "with_content": len(scope.records),
        "withheld": log.size - len(scope.records),
        "files": names,
    }


def _checkpoint(folder: Place, size: int) -> KeptCheckpoint:
    """The first that was kept of so many records, so that a pack made again is the same; else a new one."""
    with failures.in_our_words(), Reader(os.path.join(folder, store.EVENTS)) as reader:
        found = next((each for each in reader.checkpoints() if each.size == size), None)
    if found is not None:
        return found
    try:
        with Application.open(folder) as application:
            return application.checkpoint()
    except StoreFailure as error:
        why = f"A pack needs a checkpoint of all {size} records, and none can be kept here: {error}"
        raise StoreFailure(error.rule, why, try_=("roadlog checkpoint",)) from error


def _write(folder: Path, everything: Told, log: Written) -> dict[str, str]:
    """All files but those of the log, which are there; gives what each file, or folder, holds."""
    made, scope = tables(everything), everything.scope
    holds = {
        name: what for name, what in _holds(made).items() if name not in OPTIONAL or (folder / name).exists()
    }
    (folder / TABLES).mkdir()
    for name, table in made.items():
        (folder / TABLES / f"{name}.csv").write_bytes(csv_text(table).encode())
    (folder / CONTROLS).write_bytes(_json(everything.audit))
    (folder / OCEL).write_bytes(_json(ocel(scope.records, scope.workflow.finishing, {"origin": log.origin})))
    (folder / VERIFY).write_bytes((package_files("roadlog.pack") / VERIFY).read_bytes())
    (folder / REPORT).write_bytes(report(everything, log, made, holds).encode())
    (folder / README).write_bytes(readme(everything, log, holds).encode())
    files = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    (folder / SUMS).write_text("".join(f"{_digest(folder / name)}  {name}\n" for name in files))
    for name in (*files, SUMS):
        sync(folder / name)
    return holds


def _holds(made: Tables) -> dict[str, str]:
    """What each file of a pack holds, in the order in which a reader wants them."""
    return {
        README: "this list, how to check the pack, and what it cannot prove",
        REPORT: "the report: all that follows, for people",
        VERIFY: "checks the pack without roadlog",
        HEADERS: "the header of every record of the log, eight lines each, as they are hashed",
        RECORDS: "the stored bytes of the records in the scope, in base64, a JSON object a line",
        CHECKPOINT: "which log, how many records, the root over them: signed by the log's key",
        ANCHORS: "what witnesses and time-stamp authorities signed of the log, each of so many records",
        APPROVALS: "of each signed approval the text that was signed, and the signature",
        SIGNERS: "whose keys may sign approvals, and when, as ssh-keygen takes it",
        CONTROLS: "how each control of the frameworks stands, with the positions that show it",
        OCEL: "the records in the scope as events, for process mining (OCEL 2.0)",
        **{f"{TABLES}/{each.name}.csv": each.title for each in made.values()},
        SUMS: "the SHA-256 of each file",
    }


def _json(value: Any) -> bytes:
    """JSON with nothing in it that a terminal would obey."""
    return safe_json(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE).decode()).encode()


def _digest(path: Path) -> str:
    total = sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            total.update(part)
    return total.hexdigest()
