"""People: the log holds handles and commitments; names and addresses live in an erasable directory."""

import json
import stat
from hashlib import sha256

from roadlog.directory import Directory
from tests.cli.line import Line

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
