"""Erasing: names and addresses are gone from every byte of the store, whatever happened in between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from roadlog.directory import Directory, Entry
from roadlog.domain.refusals import StoreFailure
from tests.cli.line import Line

NAME, ADDRESS = "Zoe Quillbright", "zq@mail.example"
ADD = ("stakeholder", "add", "zoe", "--role", "compliance", "--name", NAME, "--email", ADDRESS)
BASIS = "Left; asked on 4 May"
ASK = ("erase", "zoe", "--basis", BASIS)


def holding(folder: Path, *words: str) -> list[str]:
    """The files of a store whose bytes hold one of the words."""
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    )


@pytest.fixture
def enrolled(line: Line) -> Line:
    """With zoe, whom the directory knows, at position 9; tim, too, at 10."""
    line(*ADD)
    line("stakeholder", "add", "tim", "--role", "product", "--name", "Tim Underwood")
    return line


def secrets(folder: Path) -> tuple[str, ...]:
    """What has to go: name, address and the salts of both."""
    entry = Directory.entries(folder)["zoe"]
    return (NAME, ADDRESS, str(entry.name_salt), str(entry.address_salt))


def erased(line: Line) -> None:
    asked = line.json(*ASK)["records"][-1]["position"]
    line("consent", str(asked), by="dan")


def test_it_is_erased_when_another_person_consents_and_not_before(enrolled: Line) -> None:
    words = secrets(enrolled.folder)
    (asked,) = enrolled.json(*ASK)["records"]
    assert (asked["type"], asked["reason"]) == ("ConsentRequested", BASIS)
    assert holding(enrolled.folder, *words) == ["directory.db"]
    given, gone = enrolled.json("consent", str(asked["position"]), by="dan")["records"]
    assert (given["type"], given["actor"]["id"]) == ("ConsentGiven", "dan")
    assert (gone["type"], gone["actor"]["id"]) == ("PersonalDataErased", "paula")
    assert (gone["data"], gone["reason"]) == ({"stakeholder": "zoe"}, BASIS)
    assert holding(enrolled.folder, *words) == []
    assert Directory.entries(enrolled.folder)["tim"].name == "Tim Underwood"


def test_who_asks_again_while_one_request_waits_is_told_where_it_is(enrolled: Line) -> None:
    asked = enrolled.json(*ASK)["records"][-1]["position"]
    error = enrolled.error(*ASK, by="dan")
    assert (error["exit"], error["rule"], error["try"]) == (5, "waiting", [f"roadlog consent {asked}"])
    assert error["message"].startswith(f"paula asked for that already, at position {asked}:")
    enrolled("erase", "tim", "--basis", BASIS)  # another's is another request
    enrolled("consent", str(asked), "--refuse", "--because", "Not yet", by="dan")
    erased(enrolled)
    assert holding(enrolled.folder, NAME) == []


@pytest.mark.parametrize(
    ("basis", "what"),
    [(f"{NAME} left us", "name"), ("zoe  QUILLBRIGHT left", "name"), (f"Mail to {ADDRESS}", "address")],
)
def test_a_basis_that_holds_what_is_to_be_erased_is_not_recorded(
    enrolled: Line, basis: str, what: str
) -> None:
    for option in ("--basis", "--because"):
        error = enrolled.error("erase", "zoe", option, basis)
        assert (error["exit"], error["rule"]) == (2, "basis")
        assert f"The basis holds the {what} that is to be erased" in error["message"]
    assert enrolled.records() == 10
    enrolled("erase", "zoe", "--basis", "zoe left us")


def test_nothing_is_left_while_others_read_and_have_read_everything(enrolled: Line) -> None:
    """With the log's WAL, the projections, the search index and old readers in the folder."""
    words = secrets(enrolled.folder)
    for each in ("stakeholder list", "board", "log", "search reduce", "digest --for zoe --after 0"):
        enrolled(*each.split())
    with closing(sqlite3.connect(enrolled.folder / "events.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM stored_events").fetchone()
        erased(enrolled)
        assert (enrolled.folder / "events.db-wal").stat().st_size
        assert holding(enrolled.folder, *words) == []


def test_every_hash_stays_valid(enrolled: Line) -> None:
    before = enrolled.json("log")[-1], enrolled.json("prove", "9")
    leaves = [each["leaf"] for each in records(enrolled)]
    erased(enrolled)
    assert [each["leaf"] for each in records(enrolled)][: len(leaves)] == leaves
    assert enrolled.run("verify", "--json").exit_code == 1
    verdict = json.loads(enrolled.run("verify", "--json").stdout)
    assert (verdict["verdict"], verdict["problems"]) == ("intact-unanchored", [])
    assert not any(each.startswith("that what the directory held") for each in verdict["not_proved"])
    assert before[0] in enrolled.json("log")


def records(line: Line) -> list[dict[str, str]]:
    size = str(line.records())
    return [
        json.loads(each) for each in line("watch", "--position", "0", "--count", size, "--json").splitlines()
    ]


def test_they_show_as_handles_at_every_moment(enrolled: Line) -> None:
    assert NAME in enrolled("stakeholder", "list", "--position", "9")
    erased(enrolled)
    for moment in ((), ("--position", "9"), ("--position", "11"), ("--as-of", "2026-03-02T09:00:00Z")):
        said = enrolled("stakeholder", "list", *moment)
        assert NAME not in said
        assert ADDRESS not in said
    assert "erased by #13" in enrolled("stakeholder", "list")
    assert "erased by" not in enrolled("stakeholder", "list", "--position", "11")
    zoe = next(each for each in enrolled.json("stakeholder", "list") if each["handle"] == "zoe")
    assert zoe["erased_by"] == 13


def test_all_entries_of_a_handle_go(enrolled: Line) -> None:
    enrolled("stakeholder", "leave", "zoe")
    again = "Zoe Underhill"
    enrolled("stakeholder", "add", "zoe", "--role", "compliance", "--name", again)
    words = (*secrets(enrolled.folder), again)
    assert holding(enrolled.folder, *words) == ["directory.db"]
    erased(enrolled)
    assert holding(enrolled.folder, *words) == []


def test_erased_once_more_is_already_so(enrolled: Line) -> None:
    erased(enrolled)
    assert enrolled.json(*ASK)["records"] == []
    size = enrolled.records()
    error = enrolled.error("stakeholder", "add", "zoe", "--role", "compliance", "--name", NAME)
    assert (error["exit"], error["rule"]) == (5, "erased")
    assert (enrolled.records(), holding(enrolled.folder, NAME)) == (size, [])


def test_a_handle_that_nobody_knows_is_not_understood(enrolled: Line) -> None:
    error = enrolled.error("erase", "zoey", "--basis", BASIS)
    assert (error["exit"], error["rule"], error["missing"]) == (2, "unknown-stakeholder", ["zoey"])
    assert "Did you mean zoe?" in str(error["message"])


def test_a_dry_run_and_a_refusal_erase_nothing(enrolled: Line) -> None:
    words = secrets(enrolled.folder)
    (asked,) = enrolled.json(*ASK)["records"]
    position = str(asked["position"])
    enrolled("consent", position, "--dry-run", by="dan")
    assert enrolled.error("consent", position)["rule"] == "consent"
    enrolled("consent", position, "--refuse", by="dan")
    assert Directory.entries(enrolled.folder)["zoe"].name in words


def test_a_basis_or_a_reason_is_due_and_not_both(enrolled: Line) -> None:
    assert enrolled.error("erase", "zoe")["rule"] == "reason"
    assert enrolled.error(*ASK, "--because", "x")["exit"] == 2
    assert enrolled.json("erase", "zoe", "--because", BASIS)["records"][0]["reason"] == BASIS


def test_what_a_crash_or_a_refused_consent_left_of_one_who_never_joined_goes_too(enrolled: Line) -> None:
    (asked,) = enrolled.json(
        "stakeholder", "add", "una", "--role", "product", "--name", "Una Vanstone", "--at", "2026-01-05"
    )["records"]
    assert asked["type"] == "ConsentRequested"
    enrolled("consent", str(asked["position"]), "--refuse", by="dan")
    assert holding(enrolled.folder, "Una Vanstone") == ["directory.db"]
    request = enrolled.json("erase", "una", "--basis", BASIS)["records"][0]["position"]
    enrolled("consent", str(request), by="dan")
    assert holding(enrolled.folder, "Una Vanstone") == []


def test_a_copy_of_the_directory_that_comes_back_is_erased_again(enrolled: Line, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    shutil.copyfile(enrolled.folder / "directory.db", backup)
    erased(enrolled)
    shutil.copyfile(backup, enrolled.folder / "directory.db")
    assert holding(enrolled.folder, NAME) == ["directory.db"]
    assert NAME not in enrolled("stakeholder", "list")
    assert holding(enrolled.folder, NAME) == []
    shutil.copyfile(backup, enrolled.folder / "directory.db")
    enrolled("note", "SUP-1", "Anything at all")
    assert holding(enrolled.folder, NAME) == []


def test_who_takes_an_entry_back_takes_no_other_s(tmp_path: Path) -> None:
    """Which an erasure in between could make, where rows were known by their numbers, as those come again."""
    zoe, tim = Entry.of("zoe", NAME, None), Entry.of("tim", "Tim Underwood", None)
    with Directory.open(tmp_path) as directory:
        directory.add(zoe)
        Directory.forget(tmp_path, ["zoe"])
        directory.add(tim)
        directory.remove(zoe)
    assert Directory.entries(tmp_path) == {"tim": tim}


def test_no_digest_of_a_command_tells_a_name(line: Line, tmp_path: Path) -> None:
    """Who guesses a name could hash it with what was typed beside it, and compare: erasing would not help."""
    found = []
    for name in (NAME, "Somebody Else"):
        folder = tmp_path / name[:3] / ".roadlog"
        shutil.copytree(line.folder, folder)
        Line(folder)(*ADD[:5], "--name", name, "--command-id", "once")
        with closing(sqlite3.connect(folder / "events.db")) as events:
            (table,) = events.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%command%'"
            ).fetchone()
            rows = events.execute(f"SELECT * FROM {table}").fetchall()
        found.append([row for row in rows if "once" in row])
    assert found[0] == found[1] != []


def test_a_command_id_is_held_to_its_name_while_the_directory_knows_it(enrolled: Line) -> None:
    add = ("stakeholder", "add", "una", "--role", "product", "--command-id", "once", "--name")
    first = enrolled.json(*add, "Una Vanstone")["records"]
    assert enrolled.json(*add, "Una Vanstone")["records"] == first
    error = enrolled.error(*add, "Una Other")
    assert (error["exit"], error["rule"]) == (3, "command-reused")
    request = enrolled.json("erase", "una", "--basis", BASIS)["records"][0]["position"]
    enrolled("consent", str(request), by="dan")
    assert enrolled.json(*add, "Una Other")["records"] == first
    assert holding(enrolled.folder, "Una Vanstone", "Una Other") == []


# What stops it in between

STOPS = ("forget", "before UPDATE", "within UPDATE", "before VACUUM", "within VACUUM", "before DELETE", "")
KILLED = """
import os, signal, sqlite3, sys
from roadlog.directory import Directory
when, what = (sys.argv.pop(1).split(" ") + [""])[:2]
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
class Connection(sqlite3.Connection):
    def _at(self, statement):
        if what and statement.startswith(what):
            die() if when == "before" else self.set_progress_handler(die, 8)
    def execute(self, statement, *rest):
        self._at(statement)
        return super().execute(statement, *rest)
    def executemany(self, statement, *rest):
        self._at(statement)
        return super().executemany(statement, *rest)
connect = sqlite3.connect
sqlite3.connect = lambda *given, **named: connect(*given, factory=Connection, **named)
if when == "forget":
    Directory.forget = die
from roadlog.cli.main import main
main()
"""


def killed(line: Line, stop: str, *words: str) -> tuple[int, str]:
    """How a process of its own ends that is killed there, as SIGKILL does it; 0 where it is not.

    With what it said of errors: one that ends by itself before it comes so far says why.
    """
    environ = {**os.environ, "ROADLOG_STORE": str(line.folder), "ROADLOG_ACTOR": "dan", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, stop, *words], env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("then", [("stakeholder", "list"), ("note", "SUP-1", "Whatever comes next")])
def test_what_a_kill_left_undone_the_next_command_does(
    enrolled: Line, stop: str, then: tuple[str, ...]
) -> None:
    words = secrets(enrolled.folder)
    position = enrolled.json(*ASK)["records"][0]["position"]
    assert killed(enrolled, stop, "consent", str(position)) == (-signal.SIGKILL if stop else 0, "")
    assert [each["type"] for each in enrolled.json("log", "--last", "1")] == ["PersonalDataErased"]
    undone = Directory.held(enrolled.folder, ["zoe"]) == ("zoe",)
    said = json.loads(enrolled.run("verify", "--json").stdout)["not_proved"]
    assert undone == bool(stop) == any("what the directory held of zoe is gone" in each for each in said)
    assert not any(word in enrolled(*then) for word in words)
    assert holding(enrolled.folder, *words) == []
    assert Directory.held(enrolled.folder, ["zoe", "tim"]) == ("tim",)
    assert NAME not in enrolled("stakeholder", "list")


def test_where_the_directory_cannot_be_written_it_is_said_until_it_is_done(
    enrolled: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = str(enrolled.json(*ASK)["records"][0]["position"])

    def full(*_: object) -> None:
        raise StoreFailure("directory", "directory.db cannot be used: disk full.")

    with monkeypatch.context() as patched:
        patched.setattr(Directory, "_erase", full)
        error = enrolled.error("consent", position, by="dan")
        assert (error["exit"], error["rule"]) == (6, "erasure")
        assert "recorded at position 13" in str(error["message"])
        assert "disk full" in str(error["message"])
        noted = enrolled.run("note", "SUP-1", "Anything")
        assert noted.exit_code == 0
        assert "Warning: The directory still holds what the log says was erased" in noted.stderr
        listed = enrolled.run("stakeholder", "list")
        assert listed.exit_code == 0
        assert "Warning: The directory still holds" in listed.stderr
        assert NAME not in listed.stdout
        assert holding(enrolled.folder, NAME) == ["directory.db"]
    assert "Warning" not in enrolled.run("note", "SUP-1", "More").stderr
    assert holding(enrolled.folder, NAME) == []


# That the search finds what careless erasing leaves


def test_rows_that_are_only_deleted_are_found(enrolled: Line) -> None:
    """The control: without secure_delete a page keeps what was deleted from it."""
    with closing(sqlite3.connect(enrolled.folder / "directory.db", isolation_level=None)) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("DELETE FROM directory WHERE handle = 'zoe'")
    assert "zoe" not in Directory.entries(enrolled.folder)
    assert holding(enrolled.folder, NAME) == ["directory.db"]


def test_a_directory_of_many_is_clean_of_those_erased(tmp_path: Path) -> None:
    """Entries of all sizes, some taken back, some erased: pages split, overflow and are freed."""
    names = {f"h{each}": f"N{each:04}" + "q" * (each * 37 % 4000) for each in range(160)}
    with Directory.open(tmp_path) as directory:
        entries = [Entry.of(handle, name, None) for handle, name in names.items()]
        for entry in entries:
            directory.add(entry)
        for entry in entries[::5]:
            directory.remove(entry)
    gone = [handle for place, handle in enumerate(names) if place % 3]
    Directory.forget(tmp_path, gone)
    left = {handle for place, handle in enumerate(names) if place % 3 == 0 and place % 5}
    assert set(Directory.entries(tmp_path)) == left
    held = {handle for handle, name in names.items() if holding(tmp_path, name[:5])}
    assert held == left
