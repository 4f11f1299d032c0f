"""The one write path: load, decide, append, retry."""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Literal, Self

import msgspec
from msgspec import Struct

import roadlog
from roadlog import failures, machine, rows, store
from roadlog.attempt import Attempt, Typist
from roadlog.checkpoints import Checkpoints
from roadlog.domain.commands import Command, OpenRoadmap
from roadlog.domain.decisions.in_time import DECIDED_WITHIN
from roadlog.domain.events import SCHEMA, Event, WorkflowAdopted
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.limits import check_text
from roadlog.domain.records import Actor, Body, Record, Source
from roadlog.domain.refusals import Conflict, RoadlogError, StoreFailure
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Policy
from roadlog.event_store.errors import OutOfTime, VersionConflict, WrittenMeanwhile
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark, KeptAnchor, KeptCheckpoint
from roadlog.event_store.sqlite import check_there
from roadlog.machine import clock
from roadlog.store import Place
from roadlog.streams import Streams

if TYPE_CHECKING:
    from roadlog.trust.signing import GivenSignature, KeyFile, Signing

Client = Literal["cli", "web", "import", "api"]

ATTEMPTS = 50
"""How often a command is decided again after somebody else recorded first, before it is a conflict."""
BATCH = 10_000
"""Records in one transaction of an import."""


class Wish(Struct, frozen=True, kw_only=True):
    """Who wishes, when it happened, why, and how to recognise the same wish again.

    at: effective time; None is now
    typed: the command's name and arguments as typed, for the command id's digest; None takes the commands
    command_id: idempotency key; None makes one
    expect_version: the version that the first command's stream must have
    key: what the approvals among them are signed with
    """

    actor: str
    at: datetime | None = None
    reason: str | None = None
    typed: Mapping[str, Any] | None = None
    command_id: str | None = None
    expect_version: int | None = None
    dry_run: bool = False
    key: "KeyFile | GivenSignature | None" = None


class Done(Struct, frozen=True, kw_only=True):
    """What a wish recorded, and the states after it.

    `replayed`: it had been carried out before under the same command id. Of a dry run, the records are what
    would be recorded, their positions the next free ones and their leaves empty; `texts` are what approvals
    would be signed over.
    """

    records: tuple[Record, ...]
    replayed: bool
    dry_run: bool
    roadmap: RoadmapState
    initiatives: dict[str, InitiativeState]
    now: datetime
    texts: tuple[str, ...] = ()


class HistoricalEvent(Struct, frozen=True, kw_only=True):
    """One event of an import: the fact, where it belongs, and when, by whom and why as the source claims.

    `version` is its own in the stream: somebody else's record there meanwhile makes a conflict.
    """

    stream: str
    version: int
    event: Event
    at: datetime
    actor: Actor
    reason: str | None
    source: Source


class Application:
    """Carries out wishes on one store. Close it, or use it as a context manager.

    unerased: why the directory still holds what the log says was erased; None where it does not
    """

    def __init__(self, folder: Place, log: Log[Record], *, client: Client = "cli") -> None:
        self.unerased: str | None = None
        self._log = log
        self.folder = folder
        self._streams = Streams(log)
        self._checkpoints = Checkpoints(folder, log)
        self.source = Source(
            client=client, version=roadlog.__version__, os_user=machine.os_user(), imported=None
        )

    @classmethod
    def open(cls, folder: Place, *, client: Client = "cli") -> Self:
        """Opens a store's folder for writing. Raises StoreFailure."""
        path = os.path.join(folder, store.EVENTS)
        with failures.in_our_words():
            check_there(path)
            return cls(folder, Log.open(path, rows.codec(), rows.make_record, clock), client=client)

    @classmethod
    def create(cls, folder: Place, wish: Wish, command: OpenRoadmap, *, client: Client = "cli") -> Done:
        """Makes the store's folder with its roadmap in it, whole or not at all. Raises Refused over one."""
        from roadlog.new_store import new_folder

        with new_folder(folder, keep=not wish.dry_run) as made:
            with failures.in_our_words():
                log = Log.create(str(made / store.EVENTS), rows.codec(), rows.make_record, clock)
            with cls(made, log, client=client) as application:
                done = application.execute(wish, command)
                if not wish.dry_run:
                    application.checkpoint()
        return done

    def close(self) -> None:
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def execute(self, wish: Wish, *commands: Command) -> Done:
        """Decides the commands in order and records what comes of them, all or nothing.

        When somebody else recorded first, decides again on the new state. Raises RoadlogError: refused,
        malformed, unknown, conflict, or the store's failure. Whom the log says are erased, the directory
        forgets then, whichever command it is.
        """
        done = self._execute(wish, commands)
        if done.roadmap.erasures and not done.dry_run:
            self._forget(done.roadmap.erasures)
        return done

    def _forget(self, handles: Collection[str]) -> None:
        """What was recorded stands, also where the directory cannot be written now."""
        from pathlib import Path

        from roadlog.directory import HELD, Directory

        try:
            Directory.forget(Path(self.folder), handles)
            self.unerased = None
        except StoreFailure as error:
            self.unerased = f"{HELD} {error.message}"

    def _execute(self, wish: Wish, commands: tuple[Command, ...]) -> Done:
        with failures.in_our_words():
            as_of = self._streams.mark
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return self._attempt(wish, commands, as_of)
                except (VersionConflict, WrittenMeanwhile, OutOfTime):
                    if attempt == ATTEMPTS:
                        raise
                    time.sleep(int(machine.random_hex(1), 16) % attempt / 1000)
                except RoadlogError:  # by what was known, which need not be so any more
                    if as_of is None or not self._streams.look():
                        raise
                self._streams.look()
                as_of = None
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, wish: Wish, commands: tuple[Command, ...], as_of: int | None) -> Done:
        """One attempt, by what is known; as of when, unless it was looked at for this attempt."""
        now = clock()
        mark = CommandMark(id=_command_id(wish), digest=_digest(wish, commands))
        before = self._carried_out(mark) if wish.command_id else None
        if before is not None:
            return _replayed(self._look(), before, replayed=True)
        signing = _signing(wish)
        attempt = Attempt(
            self._log, self._streams, command_id=mark.id, source=self.source, now=now, signing=signing
        )
        self._check_version(attempt, wish, commands)
        reason = wish.reason if (wish.reason or "").strip() else None
        typist = Typist(actor=wish.actor, at=wish.at or now, reason=reason)
        for place, command in enumerate(commands):
            try:
                attempt.carry_out(command, typist)
                if len(commands) > 1:
                    attempt.check_together()
            except RoadlogError as error:
                error.place = place
                raise
        if as_of is not None and (wish.dry_run or not attempt.pending) and self._streams.look():
            raise WrittenMeanwhile
        if wish.dry_run:
            for each in attempt.pending:
                self._log.codec.encode(each.type, each.body)  # a record too large is one in a dry run, too
        if wish.dry_run or (not attempt.pending and not wish.command_id):
            texts = tuple(signing.texts) if signing else ()
            return _done(attempt, tuple(attempt.pending), dry_run=wish.dry_run, texts=texts)
        appended = self._log.append(
            [New(each.stream, each.type, each.body) for each in attempt.pending],
            expected=attempt.versions,
            command=mark,
            as_of=self._streams.mark if attempt.names_itself() else as_of,
            between=(now, now + DECIDED_WITHIN),
            sign=self._checkpoints.when_due(attempt.pending, _every_hours(attempt)),
        )
        if [each.position for each in appended.records] != [each.position for each in attempt.pending]:
            self._streams.outdated()  # others recorded meanwhile: what was decided stands elsewhere
            return _replayed(self._look(), appended.records, replayed=appended.replayed)
        self._streams.recorded(appended.records, attempt.roadmap, attempt.initiatives)
        return _done(attempt, appended.records, replayed=appended.replayed)

    def recorded_before(self, wish: Wish) -> Done | None:
        """What the wish's command id recorded before, None if it is new. Raises Conflict for others."""
        with failures.in_our_words():
            mark = CommandMark(id=wish.command_id or "", digest=_digest(wish, ()))
            before = self._carried_out(mark)
            return None if before is None else _replayed(self._look(), before, replayed=True)

    def _carried_out(self, mark: Any) -> tuple[Record, ...] | None:
        """What this command id recorded before, None when it is new. Raises Conflict for other content."""
        result = self._log.command(mark.id)
        if result is None:
            return None
        if result.digest != mark.digest:
            raise failures.command_reused(mark.id)
        if result.first is None or result.last is None:
            return ()
        return tuple(self._log.scan(after=result.first - 1, upto=result.last))

    def _check_version(self, attempt: Attempt, wish: Wish, commands: tuple[Command, ...]) -> None:
        if wish.expect_version is None or not commands:
            return
        stream, found = attempt.version_for(commands[0])
        if found != wish.expect_version:
            raise Conflict(
                "conflict",
                f"{stream} is at version {found}, not {wish.expect_version}: somebody recorded first.",
                try_=(f"roadlog log {stream}",),
            )

    def record_history(self, events: Iterable[HistoricalEvent], told_of: RoadmapState) -> Iterator[int]:
        """Appends an import's events in transactions of 10,000 records; yields how many stand after each.

        What was claimed is recorded as claimed: no rule is asked. Every transaction is whole or absent, so
        that an import cut short can be started again with the events that are not there yet. Raises Conflict
        where the roadmap is no longer the one that they were told of: its workflow may be another.
        """
        remaining = iter(events)
        recorded = 0
        roadmap, version, workflow = told_of.key, told_of.version, told_of.workflow_digest
        while batch := list(islice(remaining, BATCH)):
            command_id = machine.random_hex(16)
            expected = {roadmap: version}
            new = []
            salts = machine.random_hexes(16, len(batch))
            for each, salt in zip(batch, salts, strict=True):
                expected.setdefault(each.stream, each.version - 1)
                version += each.stream == roadmap
                if isinstance(each.event, WorkflowAdopted):
                    workflow = each.event.digest
                new.append(
                    New(each.stream, type(each.event).__name__, _body(each, command_id, workflow, salt))
                )
            mark = CommandMark(id=command_id, digest=sha256(command_id.encode()).hexdigest())
            with failures.in_our_words():
                self._log.append(new, expected=expected, command=mark)
            self._streams.outdated()
            recorded += len(batch)
            yield recorded

    def origin(self) -> str:
        """Which log this is."""
        with failures.in_our_words():
            return self._look().origin()

    def checkpoint(self) -> KeptCheckpoint:
        """Makes a checkpoint of the log as it stands. Raises StoreFailure where its key cannot be used."""
        return self._checkpoints.make()

    def checkpoint_when_due(self) -> KeptCheckpoint | None:
        """Makes one where the policy's hours passed since the last, also where nothing was recorded.

        What keeps it from signing is in `unsigned`.
        """
        with failures.in_our_words():
            sign = self._checkpoints.when_due((), _every_hours(self._look()))
            return self._log.checkpoint(sign) if sign else None

    def keep_anchor(self, kind: str, size: int, content: bytes) -> KeptAnchor:
        """Keeps what vouches for the first `size` records from outside; no record comes of it."""
        with failures.in_our_words():
            return self._log.anchor(kind, size, content)

    @property
    def unsigned(self) -> str | None:
        """Why a checkpoint that was due could not be made; None where it was, or none was due."""
        return self._checkpoints.unsigned

    def held_back(self) -> int:
        """Bytes that grow on disk because somebody still reads an older state; 0 while they are few."""
        with failures.in_our_words():
            return self._log.held_back()

    def roadmap(self) -> RoadmapState:
        """The roadmap as it stands now."""
        with failures.in_our_words():
            return self._look().roadmap

    def new_keys(self) -> Iterator[str]:
        """The keys that new initiatives get, in order."""
        with failures.in_our_words():
            attempt = self._look()
            first = attempt.next_key()
        prefix, _, number = first.rpartition("-")
        return (f"{prefix}-{each}" for each in count(int(number)))

    def _look(self) -> Attempt:
        """What an attempt would read now."""
        self._streams.look()
        return Attempt(self._log, self._streams, command_id="", source=self.source, now=clock())

    def initiative(self, key: str) -> InitiativeState:
        """An initiative as it stands now."""
        with failures.in_our_words():
            self._streams.look()
            return self._streams.initiative(key)[0]

    def imported(self, format_: str, *types: type[Event]) -> Iterator[Record]:
        """The records of these types that imports of this format brought, in the log's order."""
        with failures.in_our_words():
            for record in self._log.scan():
                imported = record.body.source.imported
                if imported is not None and imported.format == format_ and isinstance(record.event, types):
                    yield record


def _done(
    attempt: Attempt,
    records: tuple[Record, ...],
    *,
    replayed: bool = False,
    dry_run: bool = False,
    texts: tuple[str, ...] = (),
) -> Done:
    return Done(
        records=records,
        replayed=replayed,
        dry_run=dry_run,
        roadmap=attempt.roadmap,
        initiatives=attempt.initiatives,
        now=attempt.now,
        texts=texts,
    )


def _signing(wish: Wish) -> "Signing | None":
    if wish.key is None:
        return None
    from roadlog.trust.signing import Signing

    return Signing(wish.key, dry_run=wish.dry_run)


def _replayed(attempt: Attempt, records: tuple[Record, ...], *, replayed: bool) -> Done:
    """What is recorded already, with the states as this attempt reads them."""
    for stream in {each.stream for each in records} - {attempt.key}:
        attempt.version(stream)
    return _done(attempt, records, replayed=replayed)


def _every_hours(attempt: Attempt) -> int:
    workflow = attempt.roadmap.workflow
    return (workflow.policy if workflow else Policy()).checkpoint_every_hours


def _command_id(wish: Wish) -> str:
    """The idempotency key given, or a new one. Raises Malformed for one that no log can hold."""
    if wish.command_id is None:
        return machine.random_hex(16)
    check_text("command id", wish.command_id)
    return wish.command_id


def _digest(wish: Wish, commands: tuple[Command, ...]) -> str:
    """What makes two wishes the same: the actor and the arguments as typed, never the clock.

    Lone surrogates, which a decision refuses by name, have no bytes in JSON, and are written out here.
    """
    content: dict[str, Any] = {"actor": wish.actor}
    if wish.typed is not None:
        content["arguments"] = wish.typed
    else:
        content |= {
            "arguments": {"at": wish.at, "reason": wish.reason},
            "commands": [[type(command).__name__, command] for command in commands],
        }
    try:
        encoded = msgspec.json.encode(content, order="sorted")
    except UnicodeEncodeError:
        encoded = repr(content).encode("utf-8", "backslashreplace")
    return sha256(encoded).hexdigest()


def _body(each: HistoricalEvent, command_id: str, workflow: str | None, salt: str) -> Body[Event]:
    return Body(
        schema=SCHEMA,
        effective_at=each.at,
        actor=each.actor,
        reason=each.reason,
        command_id=command_id,
        source=each.source,
        workflow=workflow,
        event=each.event,
        salt=salt,
    )
