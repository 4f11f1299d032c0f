"""What every backend does: appending, versions, positions, times, command ids, reading. One suite for all."""

from datetime import datetime, timedelta

import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import IntegrityError

from roadlog.event_store.errors import (
    CommandReused,
    OutOfTime,
    PayloadTooLarge,
    Unstorable,
    VersionConflict,
)
from roadlog.event_store.log import Log, New
from roadlog.event_store.mapper import NewEvent
from roadlog.event_store.records import EMPTY_LOG, CommandMark, CommandResult, Head
from roadlog.event_store.verify import verify
from tests.event_store.rfc9162 import tree_hash
from tests.event_store.samples import Clock, Record, note, noted, texts

MARK = CommandMark("c1", "d1")


def test_an_empty_log(log: Log[Record]) -> None:
    assert log.head() == EMPTY_LOG
    assert list(log.scan()) == []
    assert log.reader.streams() == []
    assert log.load("A", texts) is None
    assert log.command("c1") is None
    assert log.reader.position_at("2026-03-02T09:00:00.000000Z") == 0
    assert verify(log.reader).verdict == "intact-unanchored"


def test_positions_and_versions_follow_without_gaps(log: Log[Record]) -> None:
    note(log, "A", "one", "two", at=0, command="1")
    note(log, "B", "three", at=0, command="2")
    note(log, "A", "four", at=2, command="3")
    assert [
        (record.stored.position, record.stored.stream, record.stored.version) for record in log.scan()
    ] == [
        (1, "A", 1),
        (2, "A", 2),
        (3, "B", 1),
        (4, "A", 3),
    ]
    assert log.reader.streams() == ["A", "B"]


def test_one_append_may_write_several_streams(log: Log[Record]) -> None:
    new = [New("A", "Noted", noted("x")), New("B", "Noted", noted("y")), New("A", "Noted", noted("z"))]
    appended = log.append(new, expected={"A": 0, "B": 0}, command=MARK)
    assert [(r.stored.position, r.stored.stream, r.stored.version) for r in appended.records] == [
        (1, "A", 1),
        (2, "B", 1),
        (3, "A", 2),
    ]
    assert [record.body for record in appended.records] == [item.body for item in new]
    assert log.load("A", texts) == ("x", "z")
    assert list(log.scan()) == list(appended.records)


def test_a_stream_is_loaded_by_folding_its_records(log: Log[Record]) -> None:
    note(log, "A", "one", "two", "three", at=0, command="1")
    note(log, "B", "other", at=0, command="2")
    assert log.load("A", texts) == ("one", "two", "three")
    assert log.load("A", texts, version=2) == ("one", "two")
    assert log.load("C", texts) is None


def test_a_stale_reader_is_told_so(log: Log[Record]) -> None:
    note(log, "A", "one", at=0, command="1")
    with pytest.raises(VersionConflict, match="stream A is at version 1, not at the expected 0") as caught:
        note(log, "A", "late", at=0, command="2")
    assert (caught.value.stream, caught.value.expected, caught.value.found) == ("A", 0, 1)
    with pytest.raises(VersionConflict, match="stream A is at version 1, not at the expected 5"):
        note(log, "A", "early", at=5, command="3")
    assert log.head().position == 1
    assert log.command("2") is None


def test_a_stream_that_was_only_read_is_checked_too(log: Log[Record]) -> None:
    note(log, "SUP", "roles", at=0, command="1")
    note(log, "SUP", "a role was revoked", at=1, command="2")
    with pytest.raises(VersionConflict, match="stream SUP"):
        log.append([New("SUP-1", "Noted", noted())], expected={"SUP-1": 0, "SUP": 1}, command=MARK)
    assert log.load("SUP-1", texts) is None


def test_a_stream_written_must_be_among_those_expected(log: Log[Record]) -> None:
    with pytest.raises(KeyError):
        log.append([New("A", "Noted", noted())], expected={"B": 0}, command=MARK)


def test_an_append_is_all_or_nothing(log: Log[Record]) -> None:
    new = [New("A", "Noted", noted("good")), New("A", "Noted", noted("x" * 300_000))]
    with pytest.raises(PayloadTooLarge):
        log.append(new, expected={"A": 0}, command=MARK)
    assert log.head() == EMPTY_LOG
    assert log.command("c1") is None


def test_a_command_id_records_once(log: Log[Record]) -> None:
    first = log.append([New("A", "Noted", noted("x"))], expected={"A": 0}, command=MARK)
    again = log.append([New("A", "Noted", noted("x"))], expected={"A": 0}, command=MARK)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.records == first.records
    assert log.head().position == 1
    assert log.command("c1") == CommandResult("c1", "d1", 1, 1)


def test_a_repeated_command_is_answered_before_versions_are_looked_at(log: Log[Record]) -> None:
    log.append([New("A", "Noted", noted("x"))], expected={"A": 0}, command=MARK)
    note(log, "A", "y", at=1, command="2")
    again = log.append([New("A", "Noted", noted("x"))], expected={"A": 1}, command=MARK)
    assert [record.stored.position for record in again.records] == [1]


def test_a_command_id_with_other_content_is_refused(log: Log[Record]) -> None:
    log.append([New("A", "Noted", noted("x"))], expected={"A": 0}, command=MARK)
    with pytest.raises(CommandReused, match="c1 was already used with other content"):
        log.append([New("A", "Noted", noted("y"))], expected={"A": 1}, command=CommandMark("c1", "d2"))
    assert log.head().position == 1


def test_a_command_that_records_nothing_is_remembered(log: Log[Record]) -> None:
    appended = log.append([], expected={"A": 0}, command=MARK)
    assert (appended.records, appended.replayed) == ((), False)
    assert log.command("c1") == CommandResult("c1", "d1", None, None)
    assert log.append([], expected={"A": 0}, command=MARK).replayed
    assert log.head() == EMPTY_LOG
    assert verify(log.reader).verdict == "intact-unanchored"


def test_a_command_that_records_nothing_still_has_its_versions_checked(log: Log[Record]) -> None:
    with pytest.raises(VersionConflict):
        log.append([], expected={"A": 3}, command=MARK)
    assert log.command("c1") is None


def test_recorded_time_is_the_clocks(log: Log[Record], clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-03-02T10:00:00.000041+01:00")
    (record,) = note(log, "A", "one", at=0, command="1")
    assert record.recorded_at == "2026-03-02T09:00:01.000041Z"


def test_recorded_time_never_decreases(log: Log[Record], clock: Clock) -> None:
    start = clock.now
    times = [note(log, "A", "one", at=0, command="1")[0].recorded_at]
    clock.now = start - timedelta(days=1)
    times.append(note(log, "A", "two", at=1, command="2")[0].recorded_at)
    times.append(note(log, "A", "three", at=2, command="3")[0].recorded_at)
    clock.now = start + timedelta(days=365)
    times.append(note(log, "A", "four", at=3, command="4")[0].recorded_at)
    assert times == [
        "2026-03-02T09:00:01.000000Z",
        "2026-03-02T09:00:01.000001Z",
        "2026-03-02T09:00:01.000002Z",
        "2027-03-02T09:00:01.000000Z",
    ]


def test_a_moment_is_found_by_its_recorded_time(log: Log[Record]) -> None:
    for version in range(9):
        note(log, "A", "x", "y", at=2 * version, command=str(version))
    assert log.reader.position_at("2026-03-02T09:00:00.999999Z") == 0
    assert log.reader.position_at("2026-03-02T09:00:01.000000Z") == 2
    assert log.reader.position_at("2026-03-02T09:00:04.500000Z") == 8
    assert log.reader.position_at("2030-01-01T00:00:00.000000Z") == 18


def test_the_head_is_the_last_record(log: Log[Record]) -> None:
    *_, last = note(log, "A", "one", "two", at=0, command="1")
    assert log.head() == Head(2, last.leaf, last.recorded_at)


def test_the_version_of_a_stream(log: Log[Record]) -> None:
    assert log.version("A") == 0
    note(log, "A", "one", "two", at=0, command="1")
    assert log.version("A") == 2


def test_scanning_takes_bounds(log: Log[Record]) -> None:
    note(log, "A", *"abcdef", at=0, command="1")
    assert [record.stored.position for record in log.scan(after=2, upto=4)] == [3, 4]
    assert [record.stored.position for record in log.scan(after=4)] == [5, 6]
    assert [row.version for row in log.reader.stream("A", after_version=1, upto=3)] == [2, 3]
    assert [row[0] for row in log.reader.rows(upto=2)] == [1, 2]


def test_the_kept_tree_has_the_root_of_the_leaves(log: Log[Record]) -> None:
    version = 0
    for size in (1, 1, 3, 2, 9, 1, 16):
        note(log, "A", *(["x"] * size), at=version, command=str(version))
        version += size
        answer = verify(log.reader)
        leaves = [bytes.fromhex(record.stored.leaf) for record in log.scan()]
        assert (answer.verdict, answer.size) == ("intact-unanchored", version)
        assert answer.root == tree_hash(leaves).hex()
        assert answer.checked.nodes == version - version.bit_count()


def test_names_that_a_leaf_could_not_hold_are_refused(log: Log[Record]) -> None:
    for name in ("A\nB", "", "A\x00", "\ud800"):
        with pytest.raises(Unstorable):
            log.append([New(name, "Noted", noted())], expected={name: 0}, command=MARK)
    assert log.head() == EMPTY_LOG


def test_ten_thousand_records_in_one_transaction(log: Log[Record]) -> None:
    new = [New(f"A-{place % 7}", "Noted", noted(str(place))) for place in range(10_000)]
    log.append(new, expected={f"A-{key}": 0 for key in range(7)}, command=MARK)
    assert log.head().position == 10_000
    assert verify(log.reader, read_command_id=lambda _: MARK.id).verdict == "intact-unanchored"


def test_the_librarys_event_store_writes_by_the_same_rules(log: Log[Record]) -> None:
    recordings = log.events.put([NewEvent("A", 1, "Noted", noted("x"))], command=MARK)
    assert [recording.notification.id for recording in recordings] == [1]
    assert log.load("A", texts) == ("x",)
    assert log.command("c1") == CommandResult("c1", "d1", 1, 1)
    with pytest.raises(IntegrityError):
        log.events.put([NewEvent("A", 1, "Noted", noted("y"))])
    with pytest.raises(IntegrityError):
        log.events.put([NewEvent("A", 3, "Noted", noted("y"))])


def test_the_librarys_repository_reads_the_same_records(log: Log[Record]) -> None:
    note(log, "A", "one", "two", "three", at=0, command="1")
    assert log.repository.get("A", projector_func=texts) == log.load("A", texts)  # type: ignore[type-var]
    assert log.repository.get("A", version=2, projector_func=texts) == ("one", "two")  # type: ignore[type-var]
    assert [record.stored.version for record in log.events.get("A", desc=True, limit=1)] == [3]
    with pytest.raises(AggregateNotFoundError):
        log.repository.get("B", projector_func=texts)  # type: ignore[type-var]


def test_nothing_is_recorded_outside_the_time_that_it_was_decided_for(log: Log[Record], clock: Clock) -> None:
    """So a record's time says when it was decided, however long its writer slept."""
    now, second = clock.now, timedelta(seconds=1)
    new = [New("A", "Noted", noted("x"))]
    for outside in ((now - 9 * second, now - second), (now + 5 * second, now + 9 * second)):
        clock.now = now
        with pytest.raises(OutOfTime):
            log.append(new, expected={"A": 0}, command=MARK, between=outside)
    assert log.head() == EMPTY_LOG
    clock.now = now
    log.append(new, expected={"A": 0}, command=MARK, between=(now, now + 9 * second))
    assert log.head().position == 1
