"""People: the log holds handles and commitments; names and addresses live in an erasable directory."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from roadlog.directory import Directory
from tests.cli.line import Line
from tests.cli.refusing import refused

ADD = (
    "stakeholder",
    "add",
    "zoe",
    "--role",
    "compliance",
    "--name",
    "Zoë Brontë",
    "--email",
    "zoe@example.com",
)


def test_the_log_holds_commitments_and_the_directory_what_they_are_of(line: Line) -> None:
    (record,) = line.json(*ADD)["records"]
    entry = Directory.entries(line.folder)["zoe"]
    assert (entry.name, entry.address) == ("Zoë Brontë", "zoe@example.com")
    assert record["data"]["name_commitment"] == sha256(f"{entry.name_salt}:Zoë Brontë".encode()).hexdigest()
    assert record["data"]["address_commitment"] == entry.address_commitment
    assert entry.name_salt != entry.address_salt
    assert b"Bront" not in (line.folder / "events.db").read_bytes()
    wal = line.folder / "events.db-wal"
    assert not wal.exists() or b"Bront" not in wal.read_bytes()


def test_only_the_store_s_owner_may_read_the_directory(line: Line) -> None:
    line(*ADD)
    assert stat.S_IMODE((line.folder / "directory.db").stat().st_mode) == 0o600


def test_what_is_not_recorded_is_not_kept(line: Line) -> None:
    assert line.error(*ADD, by="dan")["rule"] == "authority"
    assert line.error(*ADD, "--role", "pilot")["exit"] == 2
    assert line.error(*ADD[:3], "--role", "nosuch", "--name", "Zoe")["exit"] == 2
    assert not (line.folder / "directory.db").exists()
    line(*ADD, "--dry-run")
    assert not (line.folder / "directory.db").exists()


def test_the_same_command_id_keeps_the_first_entry(line: Line) -> None:
    (first,) = line.json(*ADD, "--command-id", "once")["records"]
    (second,) = line.json(*ADD, "--command-id", "once")["records"]
    assert second == first
    assert Directory.entries(line.folder)["zoe"].name_commitment == first["data"]["name_commitment"]


def test_the_list_for_people_names_them_and_json_does_not(line: Line) -> None:
    line(*ADD)
    assert "Zoë Brontë <zoe@example.com>" in line("stakeholder", "list")
    assert "Bront" not in json.dumps(line.json("stakeholder", "list"), ensure_ascii=False)
    (line.folder / "directory.db").unlink()
    assert "Name" not in line("stakeholder", "list")
    assert not (line.folder / "directory.db").exists()


def test_a_name_that_cannot_be_shown_is_refused(line: Line) -> None:
    assert line.error(*ADD[:5], "--name", "Z\x1b[2J")["rule"] == "malformed-name"
    assert line.records() == 8


def test_without_name_and_address_there_is_no_directory(line: Line) -> None:
    line("stakeholder", "add", "zoe", "--role", "compliance")
    assert not (line.folder / "directory.db").exists()
    assert Directory.entries(line.folder) == {}


def test_a_directory_that_was_never_filled_is_empty(line: Line) -> None:
    (line.folder / "directory.db").touch()
    assert Directory.entries(line.folder) == {}
    assert "dan" in line("stakeholder", "list")


def test_a_directory_that_is_none_takes_no_name(line: Line) -> None:
    (line.folder / "directory.db").write_bytes(b"hello" * 2000)
    error = refused(line, 6, *ADD)
    assert error["rule"] == "directory"
    assert "directory.db cannot be used" in str(error["message"])
    assert error["try"] == ["roadlog stakeholder add --help"]
    line("stakeholder", "add", "zoe", "--role", "compliance")
    assert line.records() == 9


def test_what_a_power_cut_left_half_written_is_undone(line: Line, tmp_path: Path) -> None:
    line(*ADD)
    left = tmp_path / "left"
    left.mkdir()
    with closing(sqlite3.connect(line.folder / "directory.db", isolation_level=None)) as directory:
        directory.execute("PRAGMA cache_size = 1")
        directory.execute("BEGIN")
        directory.executemany("INSERT INTO directory (handle, name) VALUES (?, ?)", [("zoe", "z" * 900)] * 20)
        for path in line.folder.glob("directory.db*"):
            shutil.copyfile(path, left / path.name)
    assert (left / "directory.db-journal").stat().st_size > 512
    assert Directory.entries(left)["zoe"].name == "Zoë Brontë"
