"""The log in memory: the same rules over plain lists, for tests and for trying things out."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from itertools import starmap
from threading import Lock

from roadlog.event_store.checkpoints import NO_CHECKPOINT, Sign, next_checkpoint
from roadlog.event_store.errors import CommandReused
from roadlog.event_store.merkle import Subtree, grow, kept, peaks_needed
from roadlog.event_store.proofs import root_at
from roadlog.event_store.reading import Fault
from roadlog.event_store.records import (
    EMPTY_LOG,
    EMPTY_STREAM,
    Between,
    CommandMark,
    CommandResult,
    Head,
    KeptAnchor,
    KeptCheckpoint,
    NewRecord,
    Row,
    Sealed,
    StoredRecord,
    Tail,
    recorded_time,
)
from roadlog.event_store.sealing import check_expected, check_names, in_time, seal


class Memory:
    """Appends to lists, and reads them: both halves of a backend."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._turn = Lock()
        self._records: list[StoredRecord] = []
        self._streams: defaultdict[str, list[StoredRecord]] = defaultdict(list)
        self._nodes: list[bytes] = []
        self._commands: dict[str, CommandResult] = {}
        self._checkpoints: list[KeptCheckpoint] = []
        self._anchors: list[KeptAnchor] = []

    def append(
        self,
        new: Sequence[NewRecord],
        *,
        expected: Mapping[str, int] | None = None,
        command: CommandMark | None = None,
        as_of: int | None = None,  # noqa: ARG002 - nobody else writes it
        sign: Sign | None = None,
        between: Between | None = None,
    ) -> Sealed:
        check_names(new)
        with self._turn:
            if command is not None and (first_time := self._commands.get(command.id)):
                return self._replay(command, first_time)
            expected = expected or {}
            tails = {stream: self.tail(stream) for stream in (*expected, *(record.stream for record in new))}
            check_expected(expected, tails)
            head = self.head()
            recorded_at = recorded_time(in_time(self._clock(), between), head.recorded_at)
            sealed = seal(new, head=head, tails=tails, recorded_at=recorded_at)
            records = tuple(starmap(StoredRecord, sealed))
            self._grow_tree(head, [record.leaf for record in records])
            self._records.extend(records)
            for record in records:
                self._streams[record.stream].append(record)
            if command is not None:
                bounds = (records[0].position, records[-1].position) if records else (None, None)
                self._commands[command.id] = CommandResult(command.id, command.digest, *bounds)
            try:
                return Sealed(records, replayed=False, checkpoint=self._checkpoint(sign) if sign else None)
            except BaseException:
                self._take_back(head, records, command)
                raise

    def keep_anchor(self, kind: str, size: int, content: bytes) -> KeptAnchor:
        with self._turn:
            self._anchors.append(KeptAnchor(len(self._anchors) + 1, kind, size, content))
            return self._anchors[-1]

    def select_rows(
        self, stream: str, *, gt: int | None = None, lte: int | None = None
    ) -> list[StoredRecord]:
        return [
            record
            for record in self._streams.get(stream, ())
            if (gt is None or record.version > gt) and (lte is None or record.version <= lte)
        ]

    def head(self) -> Head:
        if not self._records:
            return EMPTY_LOG
        last = self._records[-1]
        return Head(last.position, last.leaf, last.recorded_at)

    def scan(self, after: int = 0, upto: int | None = None) -> Iterator[StoredRecord]:
        return iter(self._records[after:upto])

    def rows(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        return self.scan(after, upto)

    def apart(self, positions: Sequence[int]) -> Iterator[tuple[Row, str | None]]:
        for record in self._records:
            if record.position in positions:
                before = self.select_rows(record.stream, gt=record.version - 2, lte=record.version - 1)
                yield record, before[0].leaf if before else None

    def places(self) -> Iterator[tuple[str, int, int]]:
        return (
            (name, record.version, record.position)
            for name in self.streams()
            for record in self._streams[name]
        )

    def stream(self, name: str, after_version: int = 0, upto: int | None = None) -> Iterator[StoredRecord]:
        found = self.select_rows(name, gt=after_version)
        return (record for record in found if upto is None or record.position <= upto)

    def streams(self) -> list[str]:
        return sorted(name for name, records in self._streams.items() if records)

    def command(self, command_id: str) -> CommandResult | None:
        return self._commands.get(command_id)

    def commands(self) -> Iterator[CommandResult]:
        return iter(sorted(self._commands.values(), key=lambda command: command.first or 0))

    def nodes(self) -> Iterator[tuple[int, bytes]]:
        return iter(enumerate(self._nodes, start=1))

    def node(self, place: Subtree) -> bytes:
        return self._nodes[place.number - 1] if place.level else bytes.fromhex(self._records[place.nth].leaf)

    def checkpoints(self) -> Iterator[KeptCheckpoint]:
        return iter(self._checkpoints)

    def anchors(self) -> Iterator[KeptAnchor]:
        return iter(self._anchors)

    def position_at(self, moment: str) -> int:
        return bisect_right(self._records, moment, key=lambda record: record.recorded_at)

    def snapshot(self) -> AbstractContextManager[None]:
        return nullcontext()

    def faults(self) -> list[Fault]:
        return []

    def written_by_others(self) -> int:
        """Nobody else can."""
        return 0

    def close(self) -> None:
        """Nothing is held."""

    def _take_back(self, head: Head, records: Sequence[StoredRecord], command: CommandMark | None) -> None:
        """As it was before these records."""
        del self._records[head.position :]
        del self._nodes[kept(head.position) :]
        for record in records:
            self._streams[record.stream].remove(record)
        if command is not None:
            del self._commands[command.id]

    def _checkpoint(self, sign: Sign) -> KeptCheckpoint | None:
        last = self._checkpoints[-1] if self._checkpoints else NO_CHECKPOINT
        head = self.head()
        made = next_checkpoint(
            last, head.position, self._clock(), head.recorded_at, lambda size: root_at(size, self.node), sign
        )
        self._checkpoints += [made] if made else []
        return made

    def _replay(self, command: CommandMark, first_time: CommandResult) -> Sealed:
        if first_time.digest != command.digest:
            raise CommandReused(command.id, command.digest, first_time.digest)
        if first_time.first is None or first_time.last is None:
            return Sealed((), replayed=True)
        return Sealed(tuple(self._records[first_time.first - 1 : first_time.last]), replayed=True)

    def tail(self, stream: str) -> Tail:
        records = self._streams.get(stream)
        return Tail(records[-1].version, records[-1].leaf) if records else EMPTY_STREAM

    def held_back(self) -> int:
        return 0

    def _grow_tree(self, head: Head, leaves: list[str]) -> None:
        rightmost = [
            self._nodes[peak.number - 1] if peak.level else bytes.fromhex(head.leaf)
            for peak in peaks_needed(head.position, len(leaves))
        ]
        self._nodes.extend(node for _, node in grow(head.position, rightmost, map(bytes.fromhex, leaves)))
