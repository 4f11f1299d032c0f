"""Verifying a log: everything recomputed from the stored bytes, read-only, in one pass over the records."""

from collections.abc import Callable, Iterable
from hashlib import sha256

import msgspec

from roadlog.event_store.diagnosis import Suspect, diagnose
from roadlog.event_store.errors import EventStoreError, StoreError, Unreadable
from roadlog.event_store.reading import Reader, Reading
from roadlog.event_store.records import NO_LEAF, StoredRecord
from roadlog.event_store.report import Checked, Problem, Report, Verdict, report
from roadlog.event_store.sealing import leaf
from roadlog.event_store.tables_check import CommandCheck, TreeCheck

MAX_SUSPECTS = 250
"""Suspects kept for the diagnosis; a log with more is broken from there on."""

ReadCommandId = Callable[[StoredRecord], str]
"""Decodes a body strictly and says its command id; raises `Unreadable`."""

Beside = Callable[[Reading, int], Iterable[Problem]]
"""Checks what stands beside the records, in their snapshot, once these are whole; told how many there are."""
Progress = Callable[[int, int], None]
"""Told how many records are done, of how many."""
PROGRESS_EVERY = 1000
BEFORE_ALL = -(2**63)
NOTHING = (0, NO_LEAF)


def verify_file(
    path: str,
    *,
    read_command_id: ReadCommandId | None = None,
    beside: Beside | None = None,
    progress: Progress | None = None,
) -> Report:
    """Verify the store at `path`; the answer is a report whatever the file holds."""
    try:
        reader = Reader(path)
    except StoreError as error:
        return _could_not_run(error)
    except Unreadable as error:
        return _broken_off(None, error)
    with reader:
        return verify(reader, read_command_id=read_command_id, beside=beside, progress=progress)


def verify(
    reading: Reading,
    *,
    read_command_id: ReadCommandId | None = None,
    beside: Beside | None = None,
    progress: Progress | None = None,
) -> Report:
    """Recompute leaves, each stream's chain, tree and root; hold all else that is stored against them."""
    checking = _Pass(reading, read_command_id, progress)
    try:
        with reading.snapshot():
            return checking.run(beside)
    except StoreError as error:
        return _broken_off(checking, error) if checking.problems else _could_not_run(error)
    except Unreadable as error:
        return _broken_off(checking, error)


class _Pass:
    """One pass over the records, with the tree and the commands in step."""

    def __init__(
        self, reading: Reading, read_command_id: ReadCommandId | None, progress: Progress | None
    ) -> None:
        self.reading = reading
        self.read_command_id = read_command_id
        self.progress = progress
        self.position = 0
        self.problems: list[Problem] = []
        self.suspects: list[Suspect] = []
        self.gaps: list[range] = []
        self.records = 0
        self.bodies = 0
        self.places = 0
        """The sum of the hashes of (stream, version, position). Python keys its hashes anew in every process:
        nobody can prepare other places with the same sum."""

    def run(self, beside: Beside | None) -> Report:
        for fault in self.reading.faults():
            self._problem("altered", None, f"{fault.what}: {fault.expected}", fault.found)
        tree = TreeCheck(self.reading.nodes())
        commands = CommandCheck(self.reading.commands())
        self._records(tree, commands)
        self._index()
        root = tree.finish()
        commands.finish(self.position)
        found = diagnose(self.reading, self.suspects, self.gaps)
        found += _settle(found, tree, commands)
        self.problems += sorted(found, key=lambda problem: problem.position or 0)
        if beside is not None and not self.problems:
            self.problems += beside(self.reading, self.position)
        checked = Checked(
            records=self.records,
            leaves=self.records,
            nodes=tree.checked,
            commands=commands.checked,
            bodies=self.bodies,
        )
        return report(
            size=self.position,
            root=root.hex(),
            checked=checked,
            problems=self.problems,
            decoded=self.read_command_id is not None,
        )

    def _records(self, tree: TreeCheck, commands: CommandCheck) -> None:
        tails: dict[str, tuple[int, str]] = {}
        last_position, last_recorded, places = 0, "", 0
        covered = 0
        command_id: str | None = None
        total = self.reading.head().position
        for row in self.reading.rows(after=BEFORE_ALL):
            position, stream, version, type_name, recorded_at, state, stored = row
            if type(state) is not bytes or type(stored) is not str or type(recorded_at) is not str:
                raise Unreadable("a column holds another kind of value", position=position)
            if position != last_position + 1:
                self.gaps.append(range(last_position + 1, position))
                tree.skip(position - last_position - 1)
            if position > covered:
                command_id = commands.at(position)
                covered = position if command_id is None else commands.upto
            last_version, previous = tails.get(stream, NOTHING)
            tails[stream] = (version, stored)
            payload = sha256(state).hexdigest()
            computed = leaf(position, stream, version, type_name, recorded_at, payload, previous)
            last_position = self.position = position
            places += hash((stream, version, position))
            self.records += 1
            if computed == stored and version == last_version + 1 and recorded_at >= last_recorded:
                last_recorded = recorded_at
                tree.add(computed, sound=True)
                if self.read_command_id is not None:
                    self._body(self.read_command_id, StoredRecord(*row), command_id)
            else:
                tree.add(computed, sound=False)
                if len(self.suspects) < MAX_SUSPECTS:
                    self.suspects.append(_suspect(StoredRecord(*row), payload, computed, last_recorded))
            if self.progress is not None and self.records % PROGRESS_EVERY == 0:
                self.progress(self.records, total)
        self.places = places

    def _index(self) -> None:
        """Does loading by stream find exactly the records that reading by position finds, and in order?"""
        places = 0
        before = ("", 0)
        for place in self.reading.places():
            places += hash(place)
            stream, version, position = place
            if type(stream) is not str or type(version) is not int:
                self._problem("altered", None, "an index of names and versions", f"{stream!r}, {version!r}")
                return
            if (stream, version) <= before:
                self._problem(
                    "altered", None, "an index in order", f"{stream} version {version} out of order"
                )
            before = (stream, version)
        if places != self.places:
            by_stream = set(self.reading.places())
            by_position = {(row[1], row[2], row[0]) for row in self.reading.rows(after=BEFORE_ALL)}
            for stream, version, position in sorted(by_stream ^ by_position):
                found = (
                    "only in the index" if (stream, version, position) in by_stream else "not in the index"
                )
                self._problem("altered", position, f"{stream} version {version} in table and index", found)

    def _body(self, read: ReadCommandId, record: StoredRecord, command_id: str | None) -> None:
        """Does the body decode, and name the command that the commands table names?"""
        try:
            said = read(record)
        except Unreadable as error:
            why = f"{error.path}: {error.why}"
            self._problem("unreadable", record.position, f"a body of type {record.type}", why, record)
            return
        self.bodies += 1
        if command_id is not None and said != command_id:
            self._problem("altered", record.position, f"command {said}", f"command {command_id}", record)

    def _problem(
        self,
        verdict: Verdict,
        position: int | None,
        expected: str,
        found: str | None,
        record: StoredRecord | None = None,
    ) -> None:
        problem = Problem(
            verdict=verdict,
            position=position,
            stream=record.stream if record else None,
            version=record.version if record else None,
            expected=expected,
            found=found,
        )
        self.problems.append(problem)


def _suspect(record: StoredRecord, payload: str, computed: str, recorded_after: str) -> Suspect:
    return Suspect(
        position=record.position,
        stream=record.stream,
        version=record.version,
        type=record.type,
        recorded_at=record.recorded_at,
        payload=payload,
        leaf=record.leaf,
        computed=computed,
        backdated=record.recorded_at < recorded_after,
    )


def _settle(found: list[Problem], tree: TreeCheck, commands: CommandCheck) -> list[Problem]:
    """The problems of the tables; records that neither of them knows were put in, which explains the rest."""
    moved = {problem.position for problem in found if problem.verdict == "reordered"}
    unknown = [position for position in commands.uncovered if not tree.vouches_for(position)]
    put_in = [position for position in unknown if position not in moved]
    lost = [position for position in commands.uncovered if tree.vouches_for(position)]
    beside = [*tree.problems, *commands.problems]
    found[:] = [problem for problem in found if problem.position not in put_in]
    if moved or put_in:
        beside = [problem for problem in beside if problem.verdict != "torn"]
    expected = "a command that recorded it"
    beside += [Problem(verdict="inserted", position=position, expected=expected) for position in put_in]
    beside += [Problem(verdict="missing", position=position, expected=expected) for position in lost]
    return beside


def _could_not_run(error: StoreError) -> Report:
    problem = Problem(verdict="could-not-run", expected="a store that can be read", found=str(error))
    return report(size=0, root="", checked=Checked(), problems=[problem], decoded=True)


def _broken_off(checking: _Pass | None, error: EventStoreError) -> Report:
    """The report when reading stopped midway: what was found, and where it stopped."""
    records = checking.records if checking else 0
    stopped = Problem(
        verdict="unreadable", position=records + 1, expected="a readable record", found=str(error)
    )
    problems = [*checking.problems, stopped] if checking else [stopped]
    checked = Checked(records=records, leaves=records)
    ended = report(size=records, root="", checked=checked, problems=problems, decoded=True)
    return msgspec.structs.replace(
        ended, not_proved=[*ended.not_proved, f"anything after record {records}: reading stopped there"]
    )
