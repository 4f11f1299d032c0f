"""`roadlog import jira` as it is typed: what it prints, its JSON, its exit codes; and reading after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.line import Line
from tests.interop.boards import FILES, STEPS, Json, files, history, issue, page, status
from tests.interop.logs import at
from tests.interop.test_import_command import KEYS

SEARCH = (str(FILES / "search-1.json"), str(FILES / "search-2.json"))
BOARD = page(issue("DEMO-1", *STEPS, history(15, at(6))), issue("DEMO-2", now="To Do", created=at(2)))


@pytest.fixture
def line(tmp_path: Path) -> Line:
    line = Line(tmp_path / ".roadlog")
    line("init", "--key", "DEMO", "--name", "As it was")
    return line


def typed(line: Line, *answers: Any) -> tuple[str, ...]:
    """The words that import these answers."""
    return ("import", "jira", *map(str, files(line.folder.parent, answers)), "--infer-workflow")


def test_it_says_what_it_imported_and_the_second_time_that_all_is_there(line: Line) -> None:
    words = typed(line, BOARD)
    assert line(*words).splitlines() == [
        "Imported 2 initiatives with 4 moves, 1 return among them; 2 people enrolled.",
        "Adopted the workflow inferred, version 1: To Do → Doing → Done. Cycles run from To Do to Done.",
    ]
    assert line(*words) == "Everything in the file is here already; nothing was imported.\n"


def test_in_json_it_answers_with_counts_as_any_import(line: Line) -> None:
    answer = line.json(*typed(line, BOARD))
    assert list(answer) == KEYS
    assert answer["left_out"] == answer["skipped"] == answer["truncated"] == []
    assert (answer["initiatives"], answer["moves"], answer["returns"], answer["people"]) == (2, 4, 1, 2)


ORDER = "To Do → Backlog → In Progress → Ready for Review → Done"


def test_a_dry_run_names_what_is_truncated_and_records_nothing(line: Line) -> None:
    result = line.run("import", "jira", *SEARCH, "--infer-workflow", "--dry-run")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "Would import 7 initiatives with 12 moves, 2 returns among them; 3 people enrolled.",
        f"Would adopt the workflow inferred, version 1: {ORDER}. Cycles run from To Do to Done.",
        (
            "Truncated: DEMO-6: its changelog holds 2 of 4 entries (/rest/api/3/issue/DEMO-6/changelog gives "
            "the rest); it is told from 2026-03-16T09:00:00Z on, and what comes before cannot be added later."
        ),
        "Truncated: DEMO-7: it is in 'Parked' now, and nothing says since when.",
    ]
    assert line.records() == 3


def test_a_search_without_all_its_pages_exits_1(line: Line) -> None:
    result = line.run("import", "jira", SEARCH[0], "--infer-workflow", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["truncated"] == [{"case": None, "why": "Jira found 7 issues, of which 4 are here"}]
    assert answer["initiatives"] == 4
    said = line.run("import", "jira", SEARCH[0], "--infer-workflow").stdout
    assert said.splitlines()[-1] == "Truncated: the files: Jira found 7 issues, of which 4 are here."


def test_statuses_that_mean_nothing_and_late_changes_are_named_in_words_of_jira(
    line: Line, tmp_path: Path
) -> None:
    (tmp_path / "map.toml").write_text('[activity]\n"Doing" = "training"\n')
    doing, *_ = STEPS
    words = ("import", "jira", *map(str, files(tmp_path, [page(issue("DEMO-1", doing, now="Doing"))])))
    assert line.run(*words, "--map", str(tmp_path / "map.toml")).stdout.splitlines() == [
        "Imported 1 initiative with 0 moves, 0 returns among them; 1 person enrolled.",
        "Left out: status To Do (1 change): it means no milestone of the workflow.",
    ]
    (tmp_path / "map.toml").write_text('[activity]\n"To Do" = "prototype"\n"Doing" = "training"\n')
    assert line.run(*words, "--map", str(tmp_path / "map.toml")).stdout.splitlines() == [
        "Nothing was imported.",
        "Left out: page-1.json, case DEMO-1: it belongs before what is recorded of this initiative.",
    ]
    back = history(9, at(1, 10), status("To Do", "To Do"))
    earlier = files(tmp_path, [page(issue("DEMO-1", back, doing, now="Doing", created=at(2)))])
    said = line.run("import", "jira", str(earlier[0]), "--map", str(tmp_path / "map.toml")).stdout
    assert "Left out: page-1.json, change 9, case DEMO-1: it belongs before" in said


def test_bad_issues_exit_2_with_file_line_and_field(line: Line, tmp_path: Path) -> None:
    bad = issue("DEMO-3", *STEPS)
    bad["changelog"]["histories"][1]["items"][0]["toString"] = "\ud800"
    words = typed(line, BOARD, page(bad))
    error = line.error(*words)
    assert (error["exit"], error["rule"]) == (2, "import")
    assert error["message"].startswith("1 of 3 issues cannot be read; nothing was imported.")
    where = "page-2.json, line 1, DEMO-3.changelog.histories[1].items[0].toString"
    assert error["missing"] == [f"{where}: it holds a lone surrogate at place 1"]
    assert line.records() == 3
    result = line.run(*words, "--skip-bad")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[2] == f"Skipped: {where}: it holds a lone surrogate at place 1."


def test_a_file_that_is_no_json_exits_2_with_its_place(line: Line) -> None:
    said = line.fails(2, *typed(line, BOARD, '{"issues": [\n{"key": }]}'))
    assert said.startswith("Not understood: page-2.json, line 2, byte 22: it is no JSON: invalid character.")
    assert line.records() == 3


def test_an_export_without_changelogs_says_what_to_ask_jira_for(line: Line) -> None:
    bare: Json = {"key": "DEMO-1", "fields": BOARD["issues"][0]["fields"]}
    said = line.fails(2, *typed(line, page(bare)))
    assert "DEMO-1.changelog: it is missing; Jira gives it with a search with fields=summary,status," in said


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--infer-workflow", "--start", "Sold"), 2),
        (("--infer-workflow", "--start", "Done", "--finish", "To Do"), 2),
        (("--start", "Done"), 2),
        (("--map", "nowhere.toml"), 2),
        (("--infer-workflow", "--as", "nobody"), 5),
    ],
)
def test_each_refusal_has_its_exit_code_and_records_nothing(
    line: Line, args: tuple[str, ...], code: int
) -> None:
    assert line.fails(code, *typed(line, BOARD)[:-1], *args)
    assert line.records() == 3


def test_a_start_that_is_no_status_is_told_with_the_one_like_it(line: Line) -> None:
    said = line.fails(2, *typed(line, BOARD), "--start", "doing")
    assert "--start 'doing' is no status of this log. Did you mean 'Doing'?" in said


def test_a_time_without_an_offset_is_in_the_stores_zone(line: Line) -> None:
    (line.folder / "config.toml").write_text('zone = "America/New_York"\n')
    single = issue("DEMO-1", now="To Do")
    single["fields"]["created"] = "2026-03-01T09:00:00.000"
    assert line.json(*typed(line, page(single)))["zone"] == "America/New_York"
    (adopted,) = line.json("log", "--type", "InitiativeAdopted")
    assert adopted["effective_at"] == "2026-03-01T14:00:00.000000Z"


def test_names_that_a_terminal_would_obey_are_shown(line: Line) -> None:
    single = issue(
        "DEMO-1", history(1, at(2), status("To\u202eDo", "fea\u200bsibility")), now="fea\u200bsibility"
    )
    result = line.run(*typed(line, page(single))[:-1])
    assert "status fea\\u200bsibility" in result.stdout
    assert "\u200b" not in result.stdout


def test_an_initiative_says_where_it_comes_from_also_when_it_is_called_otherwise(line: Line) -> None:
    line(*typed(line, page(issue("AI-4", *STEPS))))
    assert line.json("show", "DEMO-1")["origin"] == {
        "format": "jira",
        "line": "AI-4",
        "title": "AI-4 An issue",
    }
    assert "from jira AI-4\n" in line("show", "DEMO-1")
    line("define", "Support load", "--problem", "Customers wait for days", "--for", "DEMO-1")
    assert "from jira AI-4, “AI-4 An issue”" in line("show", "DEMO-1")
    line("define", "Typed here", "--problem", "Customers wait for days")
    assert line.json("show", "DEMO-2")["origin"] is None


def test_an_issue_that_is_told_from_a_later_change_on_says_its_key(line: Line) -> None:
    line.run(*typed(line, page(issue("AI-4", *STEPS[-2:], total=4))))
    assert "from jira AI-4\n" in line("show", "DEMO-1")


def test_after_it_board_show_log_metrics_and_verify_read_the_same_history(line: Line) -> None:
    line(*typed(line, BOARD))
    board = line.json("board")["initiatives"]
    assert [(each["key"], each["title"], each["milestone"], each["iteration"]) for each in board] == [
        ("DEMO-1", "DEMO-1 An issue", "Done", 2),
        ("DEMO-2", "DEMO-2 An issue", "To Do", 1),
    ]
    trail = line.json("log", "DEMO-1")
    assert [(each["type"], each["actor"]) for each in trail] == [
        ("InitiativeAdopted", "paula"),
        ("MilestoneAdvanced", "ana"),
        ("MilestoneAdvanced", "ben"),
        ("MilestoneReturned", "ana"),
        ("MilestoneAdvanced", "paula"),
    ]
    assert len(line.json("show", "DEMO-1")["visits"]) == 5
    cycles = line.json("metrics")["initiatives"][0]["cycles"]
    assert [each["cycle_time"] for each in cycles] == [2 * 86400.0, 86400.0]
    assert line.run("verify").exit_code == 1  # intact, and not anchored yet
