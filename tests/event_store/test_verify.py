"""Tampering: what an insider with write access to the file does, and what verify calls it, and where."""

import sqlite3
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadlog.event_store.errors import Unreadable
from roadlog.event_store.log import Log
from roadlog.event_store.reading import Reader
from roadlog.event_store.records import StoredRecord
from roadlog.event_store.report import Report
from roadlog.event_store.sealing import leaf
from roadlog.event_store.sqlite import OBJECTS, SCHEMA
from roadlog.event_store.verify import verify, verify_file
from tests.event_store.samples import CODEC, Clock, Record, make_record, note

SIZE = 13
"""Positions 1 to 12 in commands of one or two records over three streams, and a last one alone."""


def command_id(stored: StoredRecord) -> str:
    body = CODEC.decode(stored.type, stored.state, position=stored.position, stream=stored.stream)
    said: str = body.command_id
    return said


@pytest.fixture
def told(on_disk: Log[Record], path: str) -> str:
    """A log of 13 records: A A B A A B A A B A A B C."""
    for turn in range(4):
        note(on_disk, "A", "one", "two", at=2 * turn, command=f"a{turn}")
        note(on_disk, "B", "three", at=turn, command=f"b{turn}")
    note(on_disk, "C", "last", at=0, command="c")
    on_disk.close()
    return path


def tamper(path: str, *statements: str) -> None:
    """Edit the file as somebody who knows of the triggers, and puts them back."""
    connection = sqlite3.connect(path, isolation_level=None)
    triggers = {name: sql for name, sql in OBJECTS[SCHEMA].items() if sql.startswith("CREATE TRIGGER")}
    for name in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for sql in triggers.values():
        connection.execute(sql)
    connection.close()


def checked(path: str) -> Report:
    return verify_file(path, read_command_id=command_id)


def first(report: Report) -> tuple[str, int | None]:
    """The verdict, and the position of the first problem with it."""
    return report.verdict, next(p.position for p in report.problems if p.verdict == report.verdict)


def test_an_untouched_log_is_intact(told: str) -> None:
    report = checked(told)
    assert (report.verdict, report.size, report.problems) == ("intact-unanchored", SIZE, [])
    assert msgspec.structs.asdict(report.checked) == {
        "records": 13,
        "leaves": 13,
        "nodes": 10,
        "commands": 9,
        "bodies": 13,
    }
    assert any("is true" in line for line in report.not_proved)


ONE_WORD = "UPDATE stored_events SET state = CAST(replace(state, 'one', 'won') AS BLOB) WHERE position = {0}"
RENUMBER_DOWN = "UPDATE stored_events SET position = position - 1 WHERE position > {0}"
MAKE_ROOM = (
    "UPDATE stored_events SET position = position + 1000 WHERE position > {0}",
    "UPDATE stored_events SET position = position - 999 WHERE position > 1000",
)
FORGED = (
    "INSERT INTO stored_events SELECT {position}, 'Z', 1, topic, recorded_at, state, leaf"
    " FROM stored_events WHERE position = 1"
)
SWAP = (
    "UPDATE stored_events SET position = 999 WHERE position = {0}",
    "UPDATE stored_events SET position = {0} WHERE position = {1}",
    "UPDATE stored_events SET position = {1} WHERE position = 999",
)


@pytest.mark.parametrize(
    ("statements", "verdict", "position"),
    [
        pytest.param(
            ["UPDATE stored_events SET state = x'7b7d' WHERE position = 5"], "altered", 5, id="payload"
        ),
        pytest.param(
            [ONE_WORD.format(1)],
            "altered",
            1,
            id="one word",
        ),
        pytest.param(
            ["UPDATE stored_events SET topic = 'Counted' WHERE position = 5"], "altered", 5, id="type"
        ),
        pytest.param(
            ["UPDATE stored_events SET originator_id = 'D' WHERE position = 5"], "altered", 5, id="stream"
        ),
        pytest.param(
            ["UPDATE stored_events SET originator_id = 'D' WHERE position = 13"],
            "altered",
            13,
            id="stream at the end",
        ),
        pytest.param(
            ["UPDATE stored_events SET originator_version = 99 WHERE position = 5"],
            "altered",
            5,
            id="version",
        ),
        pytest.param(
            ["UPDATE stored_events SET originator_version = 9 WHERE position = 5"],
            "altered",
            5,
            id="next version",
        ),
        pytest.param(
            ["UPDATE stored_events SET recorded_at = '2026-03-02T09:00:04.000001Z' WHERE position = 5"],
            "altered",
            5,
            id="recorded time",
        ),
        pytest.param(
            ["UPDATE stored_events SET recorded_at = '2036-03-02T09:00:04.000001Z' WHERE position = 5"],
            "altered",
            5,
            id="recorded time far ahead",
        ),
        pytest.param(
            [f"UPDATE stored_events SET leaf = '{'0' * 64}' WHERE position = 5"], "altered", 5, id="leaf"
        ),
        pytest.param(
            [f"UPDATE stored_events SET leaf = '{'0' * 64}' WHERE position = 13"],
            "altered",
            13,
            id="last leaf",
        ),
        pytest.param(
            ["UPDATE stored_events SET leaf = '' WHERE position = 5"], "altered", 5, id="leaf emptied"
        ),
        pytest.param(
            ["UPDATE stored_events SET position = 77 WHERE position = 5"], "reordered", 77, id="position"
        ),
        pytest.param(
            ["DELETE FROM stored_events WHERE position = 5"], "missing", 5, id="a row from the middle"
        ),
        pytest.param(["DELETE FROM stored_events WHERE position = 1"], "missing", 1, id="the first row"),
        pytest.param(
            ["DELETE FROM stored_events WHERE position BETWEEN 4 AND 9"],
            "missing",
            4,
            id="rows from the middle",
        ),
        pytest.param(
            ["DELETE FROM stored_events WHERE position = 5", RENUMBER_DOWN.format(5)],
            "missing",
            5,
            id="a row from the middle, the rest renumbered",
        ),
        pytest.param(["DELETE FROM stored_events WHERE position = 13"], "truncated", 13, id="the last row"),
        pytest.param(["DELETE FROM stored_events WHERE position > 8"], "truncated", 9, id="the tail"),
        pytest.param(["DELETE FROM stored_events WHERE position > 7"], "truncated", 8, id="half a command"),
        pytest.param(["DELETE FROM stored_events"], "truncated", 1, id="every row"),
        pytest.param(
            ["DELETE FROM stored_events WHERE position > 8", "DELETE FROM commands WHERE first > 8"],
            "truncated",
            9,
            id="the tail and its commands",
        ),
        pytest.param(
            ["DELETE FROM stored_events WHERE position > 8", "DELETE FROM tree WHERE node > 7"],
            "truncated",
            9,
            id="the tail and its nodes",
        ),
        pytest.param([s.format(4, 9) for s in SWAP], "reordered", 4, id="two rows swapped"),
        pytest.param([s.format(4, 5) for s in SWAP], "reordered", 4, id="two neighbours of a stream swapped"),
        pytest.param(
            [*(s.format(6) for s in MAKE_ROOM), FORGED.format(position=7)], "inserted", 7, id="a row put in"
        ),
        pytest.param([FORGED.format(position=14)], "inserted", 14, id="a row at the end"),
        pytest.param(
            [FORGED.format(position=14), "INSERT INTO commands VALUES ('z', '', 14, 14)"],
            "altered",
            14,
            id="a row at the end, with a command",
        ),
        pytest.param(["DELETE FROM tree WHERE node = 3"], "missing", 4, id="a tree node"),
        pytest.param(["DELETE FROM tree WHERE node > 8"], "torn", 12, id="the last tree nodes"),
        pytest.param(["DELETE FROM tree"], "torn", 2, id="every tree node"),
        pytest.param(
            [f"UPDATE tree SET hash = x'{'00' * 32}' WHERE node = 3"], "altered", 4, id="a tree hash"
        ),
        pytest.param([f"INSERT INTO tree VALUES (0, x'{'00' * 32}')"], "inserted", 2, id="a tree node below"),
        pytest.param(
            [f"INSERT INTO tree VALUES (11, x'{'00' * 32}')"], "truncated", 14, id="a tree node above"
        ),
        pytest.param(["DELETE FROM commands WHERE id = 'a1'"], "missing", 4, id="a command"),
        pytest.param(["UPDATE commands SET first = 3 WHERE id = 'a1'"], "altered", 3, id="a command's first"),
        pytest.param(["UPDATE commands SET last = 4 WHERE id = 'a1'"], "missing", 5, id="a command's last"),
        pytest.param(
            ["UPDATE commands SET last = 99 WHERE id = 'c'"], "truncated", 14, id="the last command's last"
        ),
        pytest.param(["UPDATE commands SET last = NULL WHERE id = 'a1'"], "missing", 4, id="half a range"),
        pytest.param(["UPDATE commands SET id = 'x' WHERE id = 'b2'"], "altered", 9, id="a command's id"),
        pytest.param(["INSERT INTO commands VALUES ('x', '', 2, 2)"], "altered", 2, id="a second command"),
        pytest.param(["DROP TRIGGER stored_events_no_update"], "altered", None, id="a trigger dropped"),
        pytest.param(["CREATE TABLE more (x)"], "altered", None, id="a table added"),
        pytest.param(
            ["CREATE TRIGGER also AFTER INSERT ON tree BEGIN DELETE FROM commands; END"],
            "altered",
            None,
            id="a trigger added",
        ),
        pytest.param(["DROP TABLE tree"], "altered", None, id="the tree dropped"),
        pytest.param(["DROP TABLE stored_events"], "altered", None, id="the records dropped"),
        pytest.param(["DROP TABLE commands"], "altered", None, id="the commands dropped"),
    ],
)
def test_tampering_is_named_with_its_position(
    told: str, statements: list[str], verdict: str, position: int | None
) -> None:
    if any(word in statements[0] for word in ("TRIGGER", "TABLE")):
        connection = sqlite3.connect(told, isolation_level=None)
        connection.execute(statements[0])
        connection.close()
    else:
        tamper(told, *statements)
    assert first(checked(told)) == (verdict, position)


def test_a_missing_record_is_named_by_its_stream_and_version(told: str) -> None:
    tamper(told, "DELETE FROM stored_events WHERE position = 5")
    (problem,) = checked(told).problems
    assert (problem.position, problem.stream, problem.version) == (5, "A", 4)


def test_both_hashes_of_an_altered_record_are_told(told: str) -> None:
    with Reader(told) as reader:
        stored = next(reader.scan(after=4)).leaf
    tamper(told, "UPDATE stored_events SET state = x'7b7d' WHERE position = 5")
    (problem,) = checked(told).problems
    assert (problem.stream, problem.version, problem.expected) == ("A", 4, stored)
    assert problem.found != stored


def reseal(path: str) -> None:
    """Recompute every leaf, as an insider would who knows how; the tree is left as it was."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TRIGGER stored_events_no_update")
    tails: dict[str, str] = {}
    with Reader(path) as reader:
        rows = list(reader.scan())
    for row in rows:
        payload = sha256(row.state).hexdigest()
        previous = tails.get(row.stream, "-")
        tails[row.stream] = leaf(
            row.position, row.stream, row.version, row.type, row.recorded_at, payload, previous
        )
        connection.execute(
            "UPDATE stored_events SET leaf = ? WHERE position = ?", (tails[row.stream], row.position)
        )
    connection.execute(OBJECTS[SCHEMA]["stored_events_no_update"])
    connection.close()


def test_leaves_recomputed_over_an_edit_differ_from_the_tree(told: str) -> None:
    tamper(told, ONE_WORD.format(4))
    reseal(told)
    assert first(checked(told)) == ("altered", 4)


def test_a_back_dated_record_is_called_inserted(told: str) -> None:
    tamper(told, "UPDATE stored_events SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE position = 13")
    reseal(told)
    assert first(checked(told)) == ("inserted", 13)


def test_a_body_of_another_command_is_altered(on_disk: Log[Record], path: str) -> None:
    note(on_disk, "A", "one", at=0, command="c1")
    on_disk.close()
    assert verify_file(path).verdict == "intact-unanchored"
    assert first(verify_file(path, read_command_id=lambda _: "c2")) == ("altered", 1)


def test_a_body_that_cannot_be_read_is_unreadable(told: str) -> None:
    def refuse_the_seventh(stored: StoredRecord) -> str:
        if stored.position == 7:
            raise Unreadable("Expected `str`, got `int`", position=7, path="$.text")
        return command_id(stored)

    report = verify_file(told, read_command_id=refuse_the_seventh)
    assert first(report) == ("unreadable", 7)
    assert (report.problems[0].found, report.checked.bodies) == ("$.text: Expected `str`, got `int`", 12)


def test_without_a_decoder_verify_says_what_it_did_not_check(told: str) -> None:
    report = verify_file(told)
    assert (report.verdict, report.checked.bodies) == ("intact-unanchored", 0)
    assert any("decoder" in line for line in report.not_proved)


def test_an_index_that_tells_another_story_is_altered(told: str) -> None:
    """Loading a stream goes through the index, verifying through the table: both must find the same."""
    connection = sqlite3.connect(told, isolation_level=None)
    connection.execute("PRAGMA writable_schema=ON")
    name = "sqlite_autoindex_stored_events_1"
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(Path(told).read_bytes())
    start = (page - 1) * page_size
    spot = (
        content.index(b"C\x01\x0d", start)
        if b"C\x01\x0d" in content[start:]
        else content.index(b"C", start + 8)
    )
    content[spot : spot + 1] = b"D"
    Path(told).write_bytes(content)
    report = checked(told)
    assert first(report) == ("altered", 13)
    assert {problem.found for problem in report.problems} == {"only in the index", "not in the index"}


def test_progress_is_told(log: Log[Record]) -> None:
    for turn in range(5):
        note(log, "A", *(["x"] * 500), at=500 * turn, command=str(turn))
    seen: list[tuple[int, int]] = []
    verify(log.reader, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1000, 2500), (2000, 2500)]


def test_problems_listed_are_bounded(on_disk: Log[Record], path: str) -> None:
    note(on_disk, "A", *(["x"] * 3000), at=0, command="1")
    on_disk.close()
    tamper(path, "UPDATE stored_events SET state = x'7b7d'")
    report = verify_file(path)
    assert (report.verdict, len(report.problems)) == ("altered", 100)
    assert any("further problems" in line for line in report.not_proved)


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all, but long enough" * 40, b"SQLite format 3\0" * 400]
)
def test_a_file_that_is_no_store_could_not_be_verified(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.db"
    path.write_bytes(content)
    assert verify_file(str(path)).verdict == "could-not-run"


def test_a_missing_file_could_not_be_verified(path: str) -> None:
    report = verify_file(path)
    assert report.verdict == "could-not-run"
    assert report.problems[0].found == f"{path}: there is no store here"


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 200 records on some fifty pages."""
    path = tmp_path_factory.mktemp("big") / "events.db"
    with Log.create(str(path), CODEC, make_record, Clock()) as log:
        for turn in range(20):
            note(log, f"A-{turn % 5}", *(["x" * 300] * 10), at=10 * (turn // 5), command=str(turn))
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offset=st.integers(0, 2**20), junk=st.binary(min_size=1, max_size=200))
def test_a_damaged_page_is_named_or_makes_no_difference(
    big: Path, tmp_path: Path, offset: int, junk: bytes
) -> None:
    """Whatever is written over the file, verify answers; intact only when every record reads as before."""
    content = bytearray(big.read_bytes())
    offset %= len(content) - len(junk)
    content[offset : offset + len(junk)] = junk
    path = tmp_path / "damaged.db"
    path.write_bytes(content)
    with Reader(str(big)) as reader:
        before = list(reader.rows())
    report = verify_file(str(path), read_command_id=command_id)
    if report.verdict == "intact-unanchored":
        with Reader(str(path)) as reader:
            assert list(reader.rows()) == before
    else:
        assert report.problems


def test_a_damaged_page_is_unreadable(big: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    content = big.read_bytes()
    page = content.index(b'"command_id":"9"') // 4096
    path.write_bytes(content[: page * 4096] + bytes(4096) + content[(page + 1) * 4096 :])
    report = verify_file(str(path), read_command_id=command_id)
    assert report.verdict == "unreadable"
    assert any("reading stopped" in line for line in report.not_proved)
