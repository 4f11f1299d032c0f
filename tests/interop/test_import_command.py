"""`roadlog import csv` as it is typed: what it prints, its JSON, its exit codes; and reading after it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.line import Line

LOG = """ticket;status;changed;who
T-1;Design;2026-01-12T09:00:00+01:00;Ana
T-2;Design;2026-01-13 09:00;Ben
T-1;Build;2026-01-20T09:00:00+01:00;Ben
T-1;Build;2026-01-21T09:00:00+01:00;Ben
T-1;Design;2026-01-22T09:00:00+01:00;Ana
"""
COLUMNS = ("--case", "ticket", "--activity", "status", "--time", "changed", "--actor", "who")
KEYS = [
    "initiatives",
    "moves",
    "returns",
    "people",
    "lines",
    "unchanged",
    "recorded",
    "zone",
    "workflow",
    "left_out",
    "skipped",
    "truncated",
    "dry_run",
]
TRY = (
    "Try: --infer-workflow, which makes a workflow of these activities, or --map FILE, which gives each a "
    "milestone."
)
READ_IN_UTC = "Times without an offset were read in UTC, the store's zone."


@pytest.fixture
def line(tmp_path: Path) -> Line:
    line = Line(tmp_path / ".roadlog")
    line("init", "--key", "LOG", "--name", "As it was")
    return line


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return str(path)


def test_it_says_what_it_imported_and_the_second_time_that_all_is_there(line: Line, log: str) -> None:
    said = line("import", "csv", log, *COLUMNS, "--infer-workflow")
    assert said.splitlines() == [
        "Imported 2 initiatives with 2 moves, 1 return among them; 2 people enrolled.",
        "1 of 5 lines are no new move: 1 without a change of milestone.",
        "Adopted the workflow inferred, version 1: Design → Build. Cycles run from Design to Build.",
        READ_IN_UTC,
    ]
    again = line("import", "csv", log, *COLUMNS, "--infer-workflow")
    assert again == f"Everything in the file is here already; nothing was imported.\n{READ_IN_UTC}\n"


def test_what_is_no_new_move_is_told_apart(line: Line, log: str, tmp_path: Path) -> None:
    line("import", "csv", log, *COLUMNS, "--infer-workflow")
    later = tmp_path / "later.csv"
    later.write_text(LOG + "T-1;Build;2026-01-23T09:00:00Z;Ana\nT-1;Build;2026-01-24T09:00:00Z;Ana\n")
    words = ("import", "csv", str(later), *COLUMNS, "--infer-workflow")
    said = "6 of 7 lines are no new move: 5 recorded already, 1 without a change of milestone."
    assert said in line(*words, "--dry-run").splitlines()
    answer = line.json(*words)
    assert (answer["lines"], answer["unchanged"], answer["recorded"]) == (7, 6, 5)


def test_in_json_it_answers_with_counts(line: Line, log: str) -> None:
    answer = line.json("import", "csv", log, *COLUMNS, "--infer-workflow")
    assert list(answer) == KEYS
    assert answer["left_out"] == answer["skipped"] == []
    assert (answer["initiatives"], answer["moves"], answer["returns"], answer["people"]) == (2, 2, 1, 2)


def test_a_dry_run_records_nothing(line: Line, log: str) -> None:
    said = line("import", "csv", log, *COLUMNS, "--infer-workflow", "--dry-run")
    assert said.startswith("Would import 2 initiatives with 2 moves")
    assert line.records() == 3


def test_what_is_left_out_is_named_and_exits_1(line: Line, log: str) -> None:
    result = line.run("import", "csv", log, *COLUMNS)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Nothing was imported.",
        READ_IN_UTC,
        "Left out: activity Design (3 lines): it means no milestone of the workflow.",
        "Left out: activity Build (2 lines): it means no milestone of the workflow.",
        TRY,
    ]
    assert line.records() == 3


def test_what_a_map_names_in_vain_is_a_warning_and_what_is_like_it_is_told(
    line: Line, log: str, tmp_path: Path
) -> None:
    path = tmp_path / "map.toml"
    path.write_text(
        '[activity]\nDESIGN = "training"\nBuild = "live"\n[person]\nAna = "ana"\nBenn = "benjamin"\n'
    )
    words = ("import", "csv", log, *COLUMNS, "--map", str(path), "--dry-run")
    result = line.run(*words)
    assert result.stdout.splitlines()[-1] == (
        "Left out: activity Design (3 lines): it means no milestone of the workflow; the map has 'DESIGN'."
    )
    assert result.stderr == (
        "Warning: The map names what is nowhere in the files: [activity] 'DESIGN' (they have 'Design'), "
        "[person] 'Benn' (they have 'Ben').\n"
    )
    path.write_text('[activity]\nDESIGN = "training"\n')
    assert "Try" not in line.run(*words).stdout
    path.write_text('[activity]\nDesign = "training"\nBuild = "live"\n')
    assert line.run(*words).stderr == ""
    path.write_text("[activity]\n" + "".join(f'Old{n} = "live"\n' for n in range(12)))
    assert line.run(*words).stderr.endswith("'Old9', and 2 more.\n")


def test_without_a_map_a_milestone_like_an_activity_is_told(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG.replace("Design", "Training"))
    said = line.run("import", "csv", str(path), *COLUMNS).stdout
    assert "Training (3 lines): it means no milestone of the workflow; the workflow has 'training'." in said


def test_an_initiative_says_which_line_it_comes_from(line: Line, log: str) -> None:
    line("import", "csv", log, *COLUMNS, "--infer-workflow")
    assert line.json("show", "LOG-2")["origin"] == {"format": "csv", "line": "3", "title": "T-2"}
    assert "from csv line 3\n" in line("show", "LOG-2")


def test_a_case_that_has_this_roadmaps_key_is_a_warning(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    words = ("import", "csv", str(path), *COLUMNS, "--infer-workflow")
    path.write_text(LOG.replace("T-", "LOG-"))
    assert line.run(*words, "--dry-run").stderr == ""
    path.write_text(LOG.replace("T-1", "LOG-7"))
    for _ in range(2):
        (warning,) = line.json(*words, "--dry-run")["warnings"]
        assert "LOG-1 here is LOG-7 there" in warning
    line(*words)
    assert "warnings" not in line.json(*words)


def test_bad_lines_exit_2_with_file_line_and_field(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(LOG + "T-3;Design;soon;Ana\n")
    error = line.error("import", "csv", str(path), *COLUMNS, "--infer-workflow")
    assert (error["exit"], error["rule"]) == (2, "import")
    assert error["missing"] == [
        "bad.csv, line 7, changed: 'soon' is no time; ISO 8601 is read, for example 2026-03-02T09:00:00+01:00"
    ]
    assert line.records() == 3
    result = line.run("import", "csv", str(path), *COLUMNS, "--infer-workflow", "--skip-bad", "--json")
    assert result.exit_code == 1
    (skipped,) = json.loads(result.stdout)["skipped"]
    assert (skipped["file"], skipped["line"], skipped["field"]) == ("bad.csv", 7, "changed")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--infer-workflow", "--start", "Ship"), 2),
        (("--infer-workflow", "--start", "Build", "--finish", "Design"), 2),
        (("--start", "Design"), 2),
        (("--time", "when"), 2),
        (("--map", "nowhere.toml"), 2),
        (("--infer-workflow", "--as", "nobody"), 5),
    ],
)
def test_each_refusal_has_its_exit_code_and_records_nothing(
    line: Line, log: str, args: tuple[str, ...], code: int
) -> None:
    assert line.fails(code, "import", "csv", log, *COLUMNS, *args)
    assert line.records() == 3


def test_a_time_without_an_offset_is_in_the_stores_zone(line: Line, log: str) -> None:
    (line.folder / "config.toml").write_text('zone = "America/New_York"\n')
    assert line.json("import", "csv", log, *COLUMNS, "--infer-workflow")["zone"] == "America/New_York"
    adopted = line.json("log", "--type", "InitiativeAdopted")
    assert [each["effective_at"] for each in adopted] == [
        "2026-01-12T08:00:00.000000Z",
        "2026-01-13T14:00:00.000000Z",
    ]


def test_several_files_are_one_log(line: Line, log: str, tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    later.write_text("ticket,status,changed,who\nT-2,Build,2026-01-30T09:00:00Z,Ana\n")
    answer = line.json("import", "csv", str(later), log, *COLUMNS, "--infer-workflow")
    assert (answer["initiatives"], answer["moves"]) == (2, 3)


def test_a_pipe_is_read_as_the_file_that_it_brings(line: Line, log: str, tmp_path: Path) -> None:
    for number in range(2):
        pipe = tmp_path / f"pipe-{number}"
        os.mkfifo(pipe)
        writer = Thread(target=pipe.write_text, args=(LOG,))
        writer.start()
        answer = line.json("import", "csv", str(pipe), *COLUMNS, "--infer-workflow")
        writer.join()
        assert (answer["lines"], answer["initiatives"]) == (5, 2 if number == 0 else 0)
    assert line.json("import", "csv", log, *COLUMNS, "--infer-workflow")["initiatives"] == 0


@pytest.mark.parametrize("format_", ["csv", "jira"])
def test_what_never_ends_is_refused(line: Line, log: str, format_: str) -> None:
    columns = COLUMNS if format_ == "csv" else ()
    message = "/dev/zero is larger than 64 MiB."
    assert line.error("import", format_, "/dev/zero", *columns, "--infer-workflow")["message"] == message
    assert line.error("import", format_, log, *columns, "--map", "/dev/zero")["exit"] == 2
    assert line.records() == 3


def test_a_finish_that_a_later_export_moves_is_a_warning(line: Line, log: str, tmp_path: Path) -> None:
    line("import", "csv", log, *COLUMNS, "--infer-workflow")
    later = tmp_path / "later.csv"
    later.write_text(LOG + "T-1;Build;2026-01-23T09:00:00Z;Ana\nT-1;Ship;2026-01-24T09:00:00Z;Ana\n")
    args = ("import", "csv", str(later), *COLUMNS, "--infer-workflow")
    (warning,) = line.json(*args, "--dry-run")["warnings"]
    assert warning.startswith("The finish is 'Ship' now; it was 'Build'")
    dry = line(*args, "--dry-run")
    assert "Would adopt the workflow inferred, version 2: Design → Build → Ship." in dry
    assert "Warning: The finish is 'Ship' now" in line.run(*args).stderr
    again = line.json(*args)
    assert "warnings" not in again
    assert again["workflow"] == {
        "name": "inferred",
        "version": 2,
        "adopted": False,
        "start": "Design",
        "finish": "Ship",
        "milestones": ["Design", "Build", "Ship"],
    }
    cycles = line.json("metrics")["initiatives"][0]["cycles"]
    assert [each["finished_at"] for each in cycles] == [
        "2026-01-20T08:00:00.000000Z",  # by the finish that there was: another cycle follows it
        "2026-01-24T09:00:00.000000Z",
    ]
    rows = [row.split() for row in line("metrics").splitlines() if row.startswith("LOG-1")]
    assert [row[3] for row in rows[:2]] == ["2026-01-20", "2026-01-24"]


def test_another_start_is_a_warning_and_said(line: Line, log: str) -> None:
    line("import", "csv", log, *COLUMNS, "--infer-workflow")
    result = line.run("import", "csv", log, *COLUMNS, "--infer-workflow", "--start", "Build")
    assert "Warning: The start is 'Build' now; it was 'Design'." in result.stderr
    assert "Adopted the workflow inferred, version 2: Design → Build. Cycles run from Build" in result.stdout


def test_after_it_board_show_log_metrics_and_verify_read_the_same_history(line: Line, log: str) -> None:
    line("import", "csv", log, *COLUMNS, "--infer-workflow")
    board = line.json("board")["initiatives"]
    assert [(each["key"], each["title"], each["milestone"], each["iteration"]) for each in board] == [
        ("LOG-1", "T-1", "Design", 2),
        ("LOG-2", "T-2", "Design", 1),
    ]
    assert len(line.json("show", "LOG-1")["visits"]) == 3
    trail = line.json("log", "LOG-1")
    assert [(each["type"], each["actor"]) for each in trail] == [
        ("InitiativeAdopted", "ana"),
        ("MilestoneAdvanced", "ben"),
        ("MilestoneReturned", "ana"),
    ]
    cycle = line.json("metrics")["initiatives"][0]["cycles"]
    assert [(each["cycle"], each["finished_at"]) for each in cycle] == [
        (1, "2026-01-20T08:00:00.000000Z"),
        (2, None),
    ]
    before = line.json("board", "--as-of", "2026-01-21")["initiatives"]
    assert [each["milestone"] for each in before] == ["Build", "Design"]
    assert line.run("verify").exit_code == 1  # intact, and not anchored yet


def test_names_that_a_terminal_would_obey_are_shown(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("ticket,status,changed,who\nT\u202e1,fea\u200bsibility,2026-01-30T09:00:00Z,Ana\n")
    result = line.run("import", "csv", str(path), *COLUMNS)
    assert "fea\\u200bsibility" in result.stdout
    assert "\u200b" not in result.stdout


def test_the_zone_is_told_only_where_a_time_had_no_offset(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "exact.csv"
    path.write_text(LOG.replace("2026-01-13 09:00", "2026-01-13T09:00:00Z"))
    args = ("import", "csv", str(path), *COLUMNS, "--infer-workflow", "--dry-run")
    assert line.json(*args)["zone"] is None
    assert "offset" not in line(*args)
