"""`roadlog anchor` and `roadlog witness`, as they are typed, and what verify makes of the anchors."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from freezegun import freeze_time

from roadlog.log_key import verifier
from roadlog.trust.note import Note
from roadlog.trust.timestamps import REPLY
from tests.cli.line import Line
from tests.cli.refusing import refused
from tests.trust.authority import Authority
from tests.trust.logs import OTHER_WITNESS, WITNESS
from tests.trust.serving import answering, witness_knowing

KEY = str(WITNESS.verifier)


def witness_of(line: Line, folder: Path) -> AbstractContextManager[str]:
    """The address of a witness that knows this store's log."""
    known = verifier(line.folder)
    assert known is not None
    return witness_knowing(known, folder)


def verdict(line: Line, *more: str) -> tuple[str, int, int, list[str]]:
    """The verdict, its exit code, how many records are anchored, and by whom."""
    result = line.run("verify", "--json", *more)
    answer = json.loads(result.stdout)
    assert answer["exit"] == result.exit_code
    return answer["verdict"], result.exit_code, answer["anchored"]["size"], answer["anchored"]["by"]


# A witness


def test_a_witness_anchors_a_log_that_grows(line: Line, tmp_path: Path) -> None:
    with witness_of(line, tmp_path) as url:
        first = line.json("anchor", "--witness", url, "--witness-key", KEY)
        line("note", "SUP-1", "more")
        second = line.json("anchor", "--witness", url)
    assert list(first) == ["kind", "origin", "size", "root", "place", "commit", "at", "by", "next"]
    assert (first["kind"], first["size"], first["place"]) == ("witness", 8, url)
    assert (second["size"], second["at"]) == (9, "2026-03-02T09:00:00.000000Z")
    assert second["by"] == f"witness {KEY}"
    assert line.records() == 9  # no record comes of it
    assert verdict(line) == ("intact-anchored", 0, 9, [f"witness {KEY}"])


def test_it_is_said_in_words_too(line: Line, tmp_path: Path) -> None:
    with witness_of(line, tmp_path) as url:
        said = line("anchor", "--witness", url, "--witness-key", KEY)
    assert said.startswith(f"A checkpoint of 8 records went to {url}.\nTheir root is ")
    assert said.endswith(f"\nSince 2026-03-02T09:00:00.000000Z it is vouched for by witness {KEY}.\n")
    shown = line("verify")
    assert "anchored 8 by witness" in shown
    assert "whose keys vouch: those beside the store were used" in shown
    assert "whose keys vouch" not in line("verify", "--witness-key", KEY)


def test_a_reader_believes_their_own_keys_instead(line: Line, tmp_path: Path) -> None:
    with witness_of(line, tmp_path) as url:
        line("anchor", "--witness", url, "--witness-key", KEY)
    key = tmp_path / "other.pub"
    key.write_text(f"{OTHER_WITNESS.verifier}\n", encoding="ascii")
    assert verdict(line, "--witness-key", str(key)) == ("intact-unanchored", 1, 0, [])
    assert verdict(line, "--witness-key", str(key), "--witness-key", KEY)[:3] == ("intact-anchored", 0, 8)


def test_a_log_that_was_cut_off_finds_no_witness(line: Line, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(line.folder, copy)
    with witness_of(line, tmp_path) as url:
        line("note", "SUP-1", "more")
        line("anchor", "--witness", url, "--witness-key", KEY)
        error = Line(copy).error("anchor", "--witness", url, "--witness-key", KEY)
    assert (error["exit"], error["rule"]) == (4, "witness")
    assert "has seen 9 records of this log; it holds 8" in str(error["message"])


def test_a_log_that_was_rebuilt_with_its_own_key_finds_no_witness(line: Line, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(line.folder, copy)
    with witness_of(line, tmp_path) as url:
        line("note", "SUP-1", "the truth")
        line("anchor", "--witness", url, "--witness-key", KEY)
        Line(copy)("note", "SUP-1", "a lie")
        Line(copy)("note", "SUP-1", "and more")
        error = Line(copy).error("anchor", "--witness", url, "--witness-key", KEY)
    assert (error["exit"], error["rule"]) == (4, "witness")
    assert "holds 9 records of this log with another root" in str(error["message"])


def test_without_a_key_no_witness_is_asked(line: Line, tmp_path: Path) -> None:
    asked: list[bytes] = []
    with answering(lambda body: (asked.append(body), (200, "text/plain", b""))[1]) as url:  # type: ignore[func-returns-value]
        error = refused(line, 2, "anchor", "--witness", url)
    assert "No key of a witness is known here" in str(error["message"])
    assert asked == []


@pytest.mark.parametrize(
    ("words", "code", "saying"),
    [
        ((), 2, "Give one of"),
        (("--git", "--file", "x"), 2, "Give one of"),
        (("--git", "--witness-key", KEY), 2, "--witness-key with --witness"),
        (("--file", "x", "--tsa-roots", "x"), 2, "--tsa-roots goes with --tsa"),
        (("--witness", "http://127.0.0.1:9", "--witness-key", "x"), 2, "x cannot be read"),
        (("--witness", "http://127.0.0.1:9", "--witness-key", "a+b+c"), 2, "no key of a witness"),
        (("--witness", "file:///etc/passwd", "--witness-key", KEY), 2, "no address of http or https"),
        (("--witness", "ftp://x", "--witness-key", KEY), 2, "'ftp://x' is no address of http or https"),
        (("--witness", "127.0.0.1:7461", "--witness-key", KEY), 2, "which begins with http:// or https://"),
        (("--tsa", "tsa.example.com", "--tsa-roots", "x"), 2, "'tsa.example.com' is no address"),
        (("--tsa", "http://127.0.0.1:9"), 2, "No certificates of a time-stamp authority"),
        (("--tsa", "http://127.0.0.1:9", "--tsa-roots", "nowhere.pem"), 2, "nowhere.pem cannot be read"),
        (("--git", "/nowhere"), 6, "No commit was made"),
        (("--file", "/nowhere/x"), 6, "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_done_is_told(line: Line, words: tuple[str, ...], code: int, saying: str) -> None:
    error = line.error("anchor", *words)
    assert (error["exit"], saying in error["message"]) == (code, True), error
    assert verdict(line)[0] == "intact-unanchored"
    said = line.fails(code, "anchor", *words)
    assert said.startswith("Not understood: " if code == 2 else "Failed: ")


def test_anchors_that_were_taken_out_leave_whom_they_were_of(line: Line, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.roots)
    with witness_of(line, tmp_path) as url, authority.serving() as stamps:
        line("anchor", "--witness", url, "--witness-key", KEY)
        line("anchor", "--tsa", stamps, "--tsa-roots", str(roots))
    assert unproved(line, "that no anchor was taken out") == []
    take_out_anchors(line.folder, "kind = 'tsa'")
    said = "that no anchor was taken out: {} is believed here, and the log holds none of it"
    gone = [said.format(f"the witness {WITNESS.verifier.name}"), said.format("a time-stamp authority")]
    assert unproved(line, "that no anchor was taken out") == gone[1:]
    take_out_anchors(line.folder, "true")
    assert unproved(line, "that no anchor was taken out") == gone
    assert verdict(line)[:2] == ("intact-unanchored", 1)


def unproved(line: Line, beginning: str) -> list[str]:
    answer = json.loads(line.run("verify", "--json").stdout)
    return [each for each in answer["not_proved"] if each.startswith(beginning)]


def take_out_anchors(folder: Path, which: str) -> None:
    """As somebody can who may write the database: triggers off and on again."""
    with closing(sqlite3.connect(folder / "events.db")) as database:
        (kept,) = database.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'anchors_no_delete'"
        ).fetchone()
        database.executescript(f"DROP TRIGGER anchors_no_delete; DELETE FROM anchors WHERE {which}; {kept};")


def test_what_no_anchor_covers_is_said_of_what_is_there(line: Line, tmp_path: Path) -> None:
    with witness_of(line, tmp_path) as url:
        line("anchor", "--witness", url, "--witness-key", KEY)
    last = "that the log never went on after 8, its last record: no anchor would cover that"
    assert unproved(line, "that")[0] == last
    line("note", "SUP-1", "more")
    assert unproved(line, "that")[0].startswith("that no record after 8 was cut off")
    line("anchor", "--file", str(tmp_path / "kept.txt"))
    (file,) = unproved(line, "what the last anchor by --file shows: ")
    assert file.endswith(f": give the file that went to {tmp_path}/kept.txt: roadlog verify --against FILE")


# Copies


def test_a_file_is_given_to_verify(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = line.json("anchor", "--file", "kept.txt")
    assert answer["next"] == ["roadlog verify --against kept.txt"]
    assert (answer["place"], answer["at"], answer["by"]) == (str(tmp_path / "kept.txt"), None, None)
    assert Note.read((tmp_path / "kept.txt").read_bytes())
    assert verdict(line) == ("intact-unanchored", 1, 0, [])  # who runs the store could have made it
    assert verdict(line, "--against", "kept.txt") == ("intact-anchored", 0, 8, ["the checkpoint given"])
    assert list(tmp_path.glob("kept.txt.*")) == []


def test_a_file_is_not_written_over(line: Line, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("before", encoding="utf-8")
    error = refused(line, 5, "anchor", "--file", str(tmp_path / "kept.txt"))
    assert error["rule"] == "file-exists"
    assert (tmp_path / "kept.txt").read_text(encoding="utf-8") == "before"


def test_a_folder_of_any_name_will_do(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = os.fsencode(tmp_path) + b"/\xff"
    os.mkdir(below)
    monkeypatch.chdir(os.fsdecode(below))
    assert line.json("anchor", "--file", "kept.txt")["place"] == f"{tmp_path}/\\xff/kept.txt"
    assert os.path.exists(below + b"/kept.txt")


def test_a_commit_says_what_to_push(line: Line, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    answer = line.json("anchor", "--git")
    assert answer["next"] == [f"git --git-dir {tmp_path}/.git push REMOTE refs/{answer['origin']}"]
    shown = subprocess.run(
        ["git", "show", f"{answer['commit']}:checkpoint"], cwd=tmp_path, check=True, capture_output=True
    ).stdout
    (tmp_path / "pulled.txt").write_bytes(shown)
    assert verdict(line) == ("intact-unanchored", 1, 0, [])
    assert verdict(line, "--against", str(tmp_path / "pulled.txt"))[:3] == ("intact-anchored", 0, 8)
    elsewhere = tmp_path / "elsewhere"
    subprocess.run(["git", "init", "--quiet", "--bare", str(elsewhere)], check=True)
    assert line.json("anchor", "--git", str(elsewhere))["place"] == str(elsewhere)
    assert "Push it where nobody can force a push" in line("anchor", "--git")


def test_a_record_of_a_clock_that_ran_ahead_gives_itself_no_time(line: Line, tmp_path: Path) -> None:
    with witness_of(line, tmp_path) as url:
        line("anchor", "--witness", url, "--witness-key", KEY)
    line("note", "SUP-1", "now")
    assert verdict(line)[:2] == ("intact-anchored", 0)
    with freeze_time("2030-01-01T00:00:00Z"):
        line("note", "SUP-1", "years later")
    assert verdict(line)[:2] == ("intact-anchored", 0)  # the oldest that nobody vouches for is new
    with witness_of(line, tmp_path) as url:
        line("anchor", "--witness", url)
    line("note", "SUP-1", "recorded just after that")
    assert verdict(line)[:2] == ("intact-unanchored", 1)


# An authority


def test_an_authority_stamps_a_checkpoint(line: Line, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "tsa")
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.roots)
    with authority.serving() as url:
        first = line.json("anchor", "--tsa", url, "--tsa-roots", str(roots))
        second = line.json("anchor", "--tsa", url)  # they are believed from now on
    by = f"time-stamp authority CN=tsa, SHA-256 {authority.signer}"
    assert (first["by"], second["by"]) == (by, by)
    assert verdict(line) == ("intact-anchored", 0, 8, [by])
    stranger = Authority(tmp_path / "theirs", "stranger")
    roots.write_bytes(stranger.roots)
    assert verdict(line, "--tsa-roots", str(roots)) == ("intact-unanchored", 1, 0, [])


def test_an_authority_that_nobody_vouches_for_is_no_anchor(line: Line, tmp_path: Path) -> None:
    authority, stranger = Authority(tmp_path / "tsa"), Authority(tmp_path / "theirs", "stranger")
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.roots)
    respond = lambda query: (200, REPLY, stranger.answer(query))  # noqa: E731
    with authority.serving(respond) as url:
        error = line.error("anchor", "--tsa", url, "--tsa-roots", str(roots))
    assert error["exit"] == 6
    why = "none of the certificates given vouches for who signed it, or it was changed"
    assert error["message"] == f"Nobody vouched for the checkpoint: {why}."
    assert not (line.folder / "authorities.pem").exists()


# The server, typed


@contextmanager
def typed_witness(folder: Path, *more: str, say: Callable[[str], None]) -> Iterator[subprocess.Popen[str]]:
    """A witness in a process of its own, once it listens; what it prints first is said."""
    code = "from roadlog.cli.main import main; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "witness",
        "--port",
        "0",
        "--dir",
        str(folder / "w"),
        "--json",
        *more,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        say(process.stdout.readline())
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(10)


def test_a_witness_is_typed_and_asked(line: Line, tmp_path: Path) -> None:
    said: list[str] = []
    log = ("--log", str(line.folder / "log.pub"))
    with typed_witness(tmp_path, *log, "--name", "witness.example/w", say=said.append) as process:
        started = json.loads(said[0])
        made = line.json(
            "anchor", "--witness", started["url"], "--witness-key", str(tmp_path / "w" / "witness.pub")
        )
    assert (process.returncode, made["by"]) == (0, f"witness {started['witness']}")
    assert started["logs"] == [made["origin"]]
    assert process.stderr is not None
    line("note", "SUP-1", "more")
    with typed_witness(tmp_path, *log, say=said.append) as process:
        assert json.loads(said[1])["witness"] == started["witness"]
        assert line.json("anchor", "--witness", json.loads(said[1])["url"])["size"] == 9
    assert oct((tmp_path / "w" / "witness.key").stat().st_mode)[-3:] == "600"


def ready(tmp_path: Path, line: Line) -> tuple[str, ...]:
    """A witness' folder, and what starts it; it then ends by itself, as its port is no port to listen at."""
    log = str(line.folder / "log.pub")
    typed = ("witness", "--log", log, "--dir", str(tmp_path / "w"), "--host", "192.0.2.1", "--port", "9")
    assert "cannot listen" in line.fails(6, *typed, "--name", "w")
    return typed


def test_a_witness_that_forgot_is_refused(line: Line, tmp_path: Path) -> None:
    typed = ready(tmp_path, line)
    (tmp_path / "w" / "witness.db").unlink()
    assert "a witness that forgot what it saw would cosign a fork" in line.fails(6, *typed)
    assert not (tmp_path / "w" / "witness.db").exists()


def test_a_key_that_others_may_read_is_refused(line: Line, tmp_path: Path) -> None:
    typed = ready(tmp_path, line)
    key = tmp_path / "w" / "witness.key"
    key.chmod(0o640)
    said = line.fails(6, *typed)
    assert "others than its owner may read" in said
    assert f"Try: chmod 600 {key}" in said


def test_a_witness_with_bad_words_is_refused(line: Line, tmp_path: Path) -> None:
    typed = ready(tmp_path, line)
    assert "is the key of w, not of v" in line.fails(6, *typed, "--name", "v")
    fresh = ("witness", "--dir", str(tmp_path / "v"))
    log = str(line.folder / "log.pub")
    assert "neither blanks nor +" in line.fails(2, *fresh, "--name", "a b", "--log", log)
    unnamed = line.fails(2, *fresh, "--log", log)
    assert "and a new one needs a name: --name." in " ".join(unnamed.split())
    assert "Try: roadlog witness --name witness.example/compliance --log FILE" in unnamed
    assert "no log's key" in line.fails(2, *fresh, "--name", "v", "--log", KEY)
    assert "cannot be read" in line.fails(2, *fresh, "--name", "v", "--log", "nowhere.pub")
    other = str(Path(__file__).parents[1] / "trust" / "vectors" / "ed25519.pub")
    assert f"'{other}' is no public key of a log" in line.fails(2, *fresh, "--name", "v", "--log", other)
    (tmp_path / "w" / "witness.key").write_text("nonsense", encoding="ascii")
    assert "holds no key of a witness" in line.fails(6, *typed)


def test_a_private_key_is_named_as_one_and_not_shown(line: Line, tmp_path: Path) -> None:
    secret = str(line.folder / "log.key")
    content = Path(secret).read_text(encoding="ascii").strip()
    for given in (secret, content):
        said = line.fails(2, "witness", "--dir", str(tmp_path / "v"), "--name", "v", "--log", given)
        said += line.fails(2, "anchor", "--witness", "http://127.0.0.1:9", "--witness-key", given)
        assert said.count("it is a private key, which stays where it is: give the public one") == 2
        assert content not in said
    assert "it is a private key" in line.fails(2, "verify", "--against", secret)
    assert not (tmp_path / "v").exists()
