"""Whatever may be typed: names that are not there, numbers, times, texts, files, and closed outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.line import Line
from tests.cli.refusing import edited, refused, typed

EU = ("--problem", "People type forms by hand")
SEGMENTS_OF_272_KB = tuple(word for n in range(17) for word in ("--segment", f"{n}{'é' * 8000}"))


@pytest.fixture
def full(line: Line) -> Line:
    """With one of each thing that has an id."""
    line("evidence", "attach", "SUP-1", "https://x.example/d.csv", "--kind", "dataset", "--sha256", "ab" * 32)
    measured = ("--metric", "acc", "--operator", ">=", "--threshold", "0.8")
    line("criterion", "set", "SUP-1", "F1", "--milestone", "training", *measured)
    line("risk", "log", "SUP-1", "Invents", "--category", "bias", "--likelihood", "4", "--impact", "4")
    line("edge-case", "log", "SUP-1", "Catalan", "--severity", "2")
    line(
        "incident",
        "open",
        "SUP-1",
        "Oops",
        "--aware",
        "2026-01-01",
        "--severity",
        "3",
        "--because",
        "it hurt",
    )
    arms = ("--variant", "a", "--variant", "b")
    line("experiment", "start", "SUP-1", "X1", "--hypothesis", "It helps", "--metric", "m", *arms)
    return line


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("show SUP-11", "SUP-1"),
        ("log SUP-11", "SUP-1"),
        ("metrics SUP-11", "SUP-1"),
        ("audit SUP-11", "SUP-1"),
        ("audit --control slf-approval", "self-approval"),
        ("audit --control soc3", "soc2"),
        ("depend SUP-1 --on SUP-11", "SUP-1"),
        ("log --type ProblmDefined", "ProblemDefined"),
        ("log --actor carle", "carla"),
        ("next --for carle", "carla"),
        ("metrics --milestone trainin", "training"),
        ("adopt T --in trainng --since 2026-01-01", "training"),
        ("adopt T --in training --since 2026-01-01 --owner carle", "carla"),
        ("stakeholder grant dann --role product", "dan"),
        ("stakeholder grant dan --role prodct", "product"),
        ("stakeholder add zed --role prodct", "product"),
        ("waive SUP-1 problm --until 2999-01-01 --because abcd", "problem"),
        ("request SUP-1 --role complianc", "compliance"),
        ("expect SUP-1 --iterations 3-5 --told complianc", "compliance"),
        ("target SUP-9 tickets --target 5", "SUP-1"),
        ("risk log SUP-1 x --category biass --likelihood 1 --impact 1", "bias"),
        ("risk assess SUP-1 R11 --likelihood 1 --impact 1", "R1"),
        ("edge-case triage SUP-1 E11 --outcome fix", "E1"),
        ("incident close SUP-1 I11 --because abcd", "I1"),
        ("result SUP-1 F11 0.9", "F1"),
        ("experiment conclude SUP-1 X11 --decision ship --summary s", "X1"),
        ("experiment conclude SUP-1 X1 --decision ship --summary s --variant aa=1:2", "a"),
        ("measure SUP-1 tickets 5 --evidence D11", "D1"),
        ("workflow show lit", "lite"),
    ],
)
def test_the_nearest_of_what_there_is_is_offered(full: Line, words: str, nearest: str) -> None:
    error = refused(full, 2, *words.split())
    assert f"Did you mean {nearest}?" in str(error["message"])


@pytest.mark.parametrize(
    "number", ["nan", "inf", "-inf", "1e999", "9" * 17, "9" * 19, "9" * 5000, "0x1", "", "½"]
)
def test_what_is_no_finite_exact_number_is_refused(line: Line, number: str) -> None:
    for words in (
        ("measure", "SUP-1", "tickets", number),
        ("target", "SUP-1", "tickets", "--target", number),
    ):
        assert len(str(refused(line, 2, *words)["message"])) < 1000


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "1.5", "", "1e3"])
@pytest.mark.parametrize(
    "words",
    [
        "void N --because abcd",
        "consent N",
        "review SUP-1 N --upheld --because abcd",
        "board --position N",
        "place SUP-1 now --rank N",
        "measure SUP-1 tickets 5 --sample N",
        "request SUP-1 --valid N",
    ],
)
def test_what_counts_nothing_is_refused(line: Line, words: str, number: str) -> None:
    refused(line, 2, *(number if word == "N" else word for word in words.split()))


@pytest.mark.parametrize(
    "time",
    [
        "2026-02-30",
        "2026-01-01T25:00:00Z",
        "",
        "nan",
        "soonish",
        "10000-01-01",
        "999999 years ago",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-01-01\x1b[0m",
        "1 day ago " * 500,
    ],
)
def test_what_is_no_time_is_refused(line: Line, time: str) -> None:
    for words in (("note", "SUP-1", "x", "--at", time), ("board", "--as-of", time), ("log", "--since", time)):
        assert len(str(refused(line, 2, *words)["message"])) < 1000


def test_the_first_and_the_last_times_there_are(line: Line) -> None:
    for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
        assert line.json("metrics", "--as-of", "0002-01-01T00:00:00Z", "--zone", zone)["n"] == 0
        window = ("--from", "0001-01-01T00:00:00Z", "--zone", zone)
        for words in (("metrics", *window), ("forecast", *window)):
            assert line.run(*words).exit_code == 0
    assert line.json("board", "--as-of", "0002-01-01T00:00:00Z")["initiatives"] == []
    assert refused(line, 2, "board", "--as-of", "0001-12-31T23:59:59Z")["rule"] == "time"
    assert (
        refused(line, 5, "note", "SUP-1", "x", "--at", "0001-12-31T23:59:59Z")["rule"] == "before-all-times"
    )
    assert refused(line, 2, "board", "--as-of", "9999-12-31T23:59:59Z")["rule"]
    assert refused(line, 5, "note", "SUP-1", "x", "--at", "9999-12-31T23:59:59Z")["rule"] == "future"


@pytest.mark.parametrize(("size", "code"), [(16384, 0), (16385, 2), (17 * 1024, 2)])
def test_a_text_holds_16_kib(line: Line, size: int, code: int) -> None:
    for words in (
        ("note", "SUP-1", "x" * size),
        ("note", "SUP-1", "x", "--because", "é" * (size // 2) + "x" * (size % 2)),
    ):
        result = line.run(*words)
        assert (result.exit_code, len(result.stderr) < 1000) == (code, True)


@pytest.mark.parametrize(("entries", "code"), [(1000, 0), (1001, 2)])
def test_a_list_holds_1000_entries(line: Line, entries: int, code: int) -> None:
    segments = [word for n in range(entries) for word in ("--segment", f"s{n}")]
    assert line.run("define", "T t", *EU, *segments).exit_code == code


def test_a_record_holds_256_kib_in_a_dry_run_too(line: Line) -> None:
    for more in ((), ("--dry-run",)):
        error = refused(line, 2, "define", "T t", *EU, *SEGMENTS_OF_272_KB, *more)
        assert "at most 262,144" in str(error["message"])


@pytest.mark.parametrize("name", ["x" * 300, "a\nb", "nowhere/x.toml", "."])
def test_a_workflow_that_is_nowhere(line: Line, name: str) -> None:
    assert refused(line, 2, "workflow", "adopt", name)["rule"] == "unknown-workflow"


def test_a_row_is_not_ended_by_what_only_looks_like_a_line_break(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("description,severity\nsaid\u2028twice\x85and\x0bmore,9\n", encoding="utf-8")
    assert "cases.csv:2 The " in str(refused(line, 2, "edge-case", "import", "SUP-1", str(file))["message"])


@pytest.mark.parametrize("words", ["result SUP-1 --from", "edge-case import SUP-1", "workflow check"])
def test_a_file_without_end_is_refused(line: Line, words: str) -> None:
    assert "larger than 64 MiB" in str(refused(line, 2, *words.split(), "/dev/zero")["message"])


def test_what_is_no_file_is_no_evidence(line: Line) -> None:
    words = ("evidence", "attach", "SUP-1", "/dev/zero", "--kind", "dataset")
    assert "not a file" in str(refused(line, 2, *words)["message"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"actor =", 2),
        (b"\xff\xfe", 2),
        (b"zone = 5\n", 2),
        (b'zone = "Mars/X"\n', 2),
        (b'zone = "\\u001b[2J"', 2),
    ],
)
def test_settings_that_cannot_be_read(line: Line, content: bytes, code: int) -> None:
    (line.folder / "config.toml").write_bytes(content)
    assert "config.toml" in str(refused(line, code, "board", "--as-of", "2026-01-01")["message"])


@pytest.mark.parametrize(
    "setting", ["actor = 5", "actor = true", "zone = 5", "zone = 2026-01-01", 'actor = ["dan"]']
)
def test_a_setting_that_is_no_text_is_refused_by_its_key(line: Line, setting: str) -> None:
    (line.folder / "config.toml").write_text(setting + "\n", encoding="utf-8")
    key, _, _ = setting.partition(" ")
    for words in ("note SUP-1 x", "board --as-of 2026-01-01"):
        error = refused(line, 2, *words.split(), by="")
        assert f"config.toml: {key} is no text: put its value in quotes." in str(error["message"])
        assert error["missing"] == [key]


@pytest.mark.parametrize("name", ["\udcff", "\x1b[2J", "x" * 20_000])
def test_an_account_with_a_name_that_cannot_be_kept(
    line: Line, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whoever typed it has no say in the name of the account; the record says what can be said of it."""
    monkeypatch.setenv("LOGNAME", name)
    (record,) = line.json("note", "SUP-1", "x")["records"]
    kept = record["source"]["os_user"]
    assert kept.isprintable()
    assert len(kept) <= 256


def test_bytes_that_are_no_text(line: Line) -> None:
    for words in (r"note SUP-1 $'\xff'", r"note $'\xff' x", r"show $'SUP-\xed\xa0\x80'", r"$'\xff'"):
        done = typed(line, f"{words} --json")
        assert (done.returncode, done.stdout) == (2, "")
        assert list(json.loads(done.stderr)) == ["error"]
    assert line.records() == 8


def test_an_output_that_was_closed_before(line: Line) -> None:
    for closed, code in ((">&-", 0), (">&- 2>&-", 0), ("<&-", 0)):
        assert typed(line, f"note SUP-1 x {closed}").returncode == code
        assert typed(line, f"board {closed}").returncode == code
    assert typed(line, "note SUP-9 x 2>&-").returncode == 2
    assert typed(line, "note SUP-9 x 2>/dev/full").returncode == 2
    assert line.records() == 11


def test_a_verdict_stands_though_nobody_reads_it(line: Line) -> None:
    for words in ("verify", "verify --json"):
        assert typed(line, f"{words} > >(true)", before="import time; time.sleep(0.3)").returncode == 1
    edited("UPDATE stored_events SET leaf = upper(leaf)")(line.folder / "events.db")
    assert typed(line, "verify > >(true)", before="import time; time.sleep(0.3)").returncode == 4


def test_a_folder_that_was_deleted_meanwhile(line: Line, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    assert typed(line, "board", before=f'import os; os.chdir("{gone}"); os.rmdir("{gone}")').returncode == 0
