"""Records put into a log past every rule, hashes and all: through the log itself, which decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import roadlog
from roadlog import machine, rows, store
from roadlog.domain.events import ROADMAP_EVENTS, SCHEMA, Event
from roadlog.domain.records import Actor, Body, ImportSource, Record, Source
from roadlog.domain.roadmap import fold_roadmap
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark
from roadlog.verification.verdict import verify
from tests.stores import MINUTE, Store

IMPORT = ImportSource(format="csv", digest="a" * 64, line="1")


def forge(
    team: Store,
    *events: Event,
    by: str,
    at: datetime | None = None,
    last_at: datetime | None = None,
    reason: str | None = "because",
    stream: str = "SUP-1",
    imported: ImportSource | None = None,
    **envelope: Any,
) -> int:
    """Appends the events in one transaction, a minute after the last; the first one's position.

    Who acts has the kind and the roles that the roadmap gives them, unless `envelope` says otherwise. The
    last event may have a time of its own.
    """
    team.clock.tick(MINUTE)
    now = team.now
    roadmap = fold_roadmap(each for each in team.records() if each.stream == "SUP")
    there = roadmap.stakeholders.get(by)
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "effective_at": at or now,
        "actor": Actor(
            id=by,
            kind=there.kind if there else "human",
            assurance="asserted",
            roles=there.roles if there else (),
        ),
        "reason": reason,
        "command_id": machine.random_hex(16),
        "source": Source(
            client="import" if imported else "cli",
            version=roadlog.__version__,
            os_user="mallory",
            imported=imported,
        ),
        "workflow": roadmap.workflow_digest,
        "salt": machine.random_hex(16),
    } | envelope
    new = [
        New(
            "SUP" if type(event) in ROADMAP_EVENTS else stream,
            type(event).__name__,
            Body(event=event, **body),
        )
        for event in events
    ]
    new[-1] = replace(new[-1], body=replace(new[-1].body, effective_at=last_at or at or now))
    with Log.open(str(team.folder / store.EVENTS), rows.codec(), rows.make_record, lambda: now) as log:
        expected = {each.stream: log.version(each.stream) for each in new}
        mark = CommandMark(id=str(body["command_id"]), digest="0" * 64)
        return log.append(new, expected=expected, command=mark).records[0].position


def problems(team: Store) -> list[dict[str, Any]]:
    """What `roadlog verify` finds."""
    answer = verify(team.folder, now=team.now)
    found: list[dict[str, Any]] = answer["problems"]
    assert answer["verdict"] == ("rule-broken" if found else "intact-unanchored")
    assert answer["exit"] == (4 if found else 1)
    return found


def written(folder: Path, records: Iterable[Record]) -> Path:
    """A log with these records, each as it was recorded then, all hashes computed anew."""
    folder.mkdir()
    path = str(folder / store.EVENTS)
    for _, found in groupby(records, key=lambda each: each.body.command_id):
        together: Sequence[Record] = list(found)
        new = [New(each.stream, each.type, each.body) for each in together]
        first: dict[str, int] = {}
        for each in together:
            first.setdefault(each.stream, each.version - 1)
        begin = Log.create if together[0].position == 1 else Log.open
        with begin(path, rows.codec(), rows.make_record, lambda: together[0].recorded_at) as log:  # noqa: B023
            mark = CommandMark(id=together[0].body.command_id, digest="0" * 64)
            log.append(new, expected=first, command=mark)
    return folder


LONG_AGO = timedelta(days=30)
"""Longer ago than may be typed without a second person."""
