"""What a replay comes to: how many records were judged, and which of them break a rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple, overload

import roadlog
from roadlog import rows
from roadlog.domain.judging.findings import Broken
from roadlog.domain.judging.judged import Case, judge
from roadlog.domain.moments import MICROSECOND, rfc3339
from roadlog.domain.records import Record
from roadlog.event_store.errors import Unreadable
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import Row

DECODE = rows.codec().decode
FEW = 2_000
"""Records of a stream that are kept while it is judged."""
MOST = 250
"""Breaches that are kept: a log with more is no history by these rules."""


class Breach(NamedTuple):
    """A record that breaks a rule: where it stands, what the rule comes to, and what is recorded."""

    position: int
    stream: str
    version: int
    expected: str
    found: str


class Findings:
    """What is found in one pass over some streams.

    counts: `judged` records, and those `imported`, of which no rule is asked
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.counts: Counter[str] = Counter()
        self.breaches: list[Breach] = []

    def count(self, record: Record) -> None:
        """One record more that is judged."""
        if record.body.source.imported is not None:
            self.counts["imported"] += 1
            return
        self.counts["judged"] += 1

    def judge(self, case: Case) -> bool:
        """Whether a record is lawful; what it breaks is kept."""
        broken = judge(case, partial(_stepped_back, self._reader, case.record))
        if broken is not None:
            self.add(case.record, broken)
        return broken is None

    def add(self, record: Record, broken: Broken) -> None:
        """Keeps what a record breaks."""
        said = f"by the rules ({broken.rule}), {broken.expected}"
        self.breaches.append(Breach(record.position, record.stream, record.version, said, broken.found))

    def goes_on(self, record: Record) -> bool:
        """Whether the next record came of the same command."""
        row = next(self._reader.rows(record.position, record.position + 1), None)
        return row is not None and DECODE(row[3], row[5]).command_id == record.body.command_id

    def made(self, row: Row) -> Record | None:
        """The record of a row; None for one that no command can have put there, which is kept as a breach."""
        try:
            return rows.make_record(row, DECODE(row[3], row[5]))
        except Unreadable as error:
            expected = "by the rules (command), what a command records"
            self.counts["judged"] += 1
            self.breaches.append(Breach(*row[:3], expected, f"{row[3]}: {error.why}"))
            return None


def same_words(record: Record) -> bool:
    """Whether this version of roadlog recorded it."""
    return record.body.source.version == roadlog.__version__


def _stepped_back(reader: Reader, record: Record) -> bool:
    """Whether it is recorded a microsecond after the one before: the clock showed an earlier time."""
    just_before = rfc3339(record.recorded_at - MICROSECOND)
    position = reader.position_at(just_before)
    row = next(reader.rows(position - 1, position), None)
    return row is not None and row[4] == just_before


class History(Sequence[Record]):
    """A stream's records so far. Of a long one they are read again when they are looked at, which few do."""

    def __init__(self, reader: Reader, stream: str) -> None:
        self._reader = reader
        self._stream = stream
        self._records: list[Record] | None = []
        self._upto = 0

    def add(self, record: Record) -> None:
        """The next one."""
        self._upto = record.position
        if self._records is not None:
            self._records.append(record)
            if len(self._records) > FEW:
                self._records = None

    def __iter__(self) -> Iterator[Record]:
        return iter(self._read() if self._records is None else self._records)

    def _read(self) -> Iterator[Record]:
        for row in self._reader.stream(self._stream, upto=self._upto):
            with suppress(Unreadable):  # which is a breach of its own
                yield rows.make_record(row, DECODE(row[3], row[5]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        return list(self)[place]
