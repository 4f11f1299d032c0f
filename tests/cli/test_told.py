"""What lines tell people where something is missing, unasked for, or not what they meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.cli.line import NOW, Line
from tests.cli.refusing import refused

RUN = [sys.executable, "-c", "from roadlog.cli.main import main; main()"]


def conditions(line: Line, text: str) -> tuple[list[tuple[str, str | None]], str]:
    """The conditions recorded of an approval, and what was said on stderr."""
    with freeze_time(NOW):
        words = ("approve", "SUP-1", "--role", "compliance", "--condition", text)
        result = line.run(*words, "--json", by="carla")
    assert result.exit_code == 0, result.stderr
    import json

    answer = json.loads(result.stdout)
    kept = [(each["text"], each["due"]) for each in answer["records"][0]["data"]["conditions"]]
    return kept, " ".join(answer.get("warnings", []))


# Votes that a gate does not ask for


def test_a_vote_that_the_gate_does_not_ask_for_is_told_and_shown(line: Line) -> None:
    said = line("reject", "SUP-1", "--because", "No legal basis", by="carla")
    assert "The gate of SUP-1 does not ask compliance: the vote is on the record" in said
    assert line.json("gate", "SUP-1")["unasked"] == [
        {"position": 9, "stakeholder": "carla", "role": "compliance", "decision": "rejected"}
    ]
    told = " ".join(line("gate", "SUP-1").split())
    assert "compliance rejected it · #9 carla · this gate does not ask compliance" in told


def test_a_vote_that_the_gate_asks_for_is_told_as_always(line: Line) -> None:
    line("advance", "SUP-1")
    assert "does not ask" not in line("approve", "SUP-1", by="dan")
    assert "· #10 dan" in line("gate", "SUP-1")


# The day of a condition


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Publish it@2026-05-01", ("Publish it", "2026-05-01")),
        ("Publish it @ in 2 weeks", ("Publish it", "2026-04-01")),
        ("Publish it", ("Publish it", None)),
        ("Mail a@b.c@2026-05-01", ("Mail a@b.c", "2026-05-01")),
    ],
)
def test_a_condition_is_due_on_the_day_after_the_last_at(
    line: Line, text: str, kept: tuple[str, str | None]
) -> None:
    assert conditions(line, text) == ([kept], "")


@pytest.mark.parametrize("tail", ["example.com", "2026-02-30"])
def test_what_is_no_day_stays_in_the_text_and_is_warned_of(line: Line, tail: str) -> None:
    kept, warned = conditions(line, f"Ask legal@{tail}")
    assert kept == [(f"Ask legal@{tail}", None)]
    assert f"“@{tail}” names no day" in warned


# What is missing


def test_a_fallback_s_test_passed_or_failed(line: Line) -> None:
    line("fallback", "define", "SUP-1", "A person", "--kind", "human-handoff", "--trigger", "Doubt")
    assert "--passed or --failed is missing" in line.fails(2, "fallback", "test", "SUP-1")
    assert line.json("fallback", "test", "SUP-1", "--failed")["records"][0]["data"]["passed"] is False


def test_a_choice_that_is_missing_is_told_in_a_sentence(line: Line) -> None:
    said = line.fails(2, "edge-case", "triage", "SUP-1", "E1")
    assert "Not understood: --outcome is missing: dataset, risk, fix or wont-fix.\n" in said


def test_a_reason_that_is_missing_is_told_in_plain_words(line: Line) -> None:
    line("advance", "SUP-1")
    said = line.fails(5, "return", "SUP-1", "feasibility", "--loop", "rework")
    assert "A return needs a reason of at least" in said


def test_a_role_that_is_lacking_is_not_granted_to_oneself(line: Line) -> None:
    error = line.error("approve", "SUP-1", "--role", "compliance", by="dan")
    assert "held by carla" in error["message"]
    assert error["try"] == ["roadlog request SUP-1 --role compliance"]


# A second person


def test_who_is_asked_for_consent_reads_what_would_happen(line: Line) -> None:
    line("measure", "SUP-1", "tickets", "640", by="dan")
    asked = line("void", "9", "--because", "The wrong week", by="carla")
    assert "on SUP-1 to void record 9, dated 2" in asked
    assert "Z. Record 9 says: measured tickets: 640. It is dan's" in asked
    owed = " ".join(line("next", by="paula").split())
    assert "Say yes or no to what carla asks: void record 9. Record 9 says: measured tickets: 640." in owed


# Records of the roadmap, and its beginning


def test_a_record_of_the_roadmap_cannot_be_voided(line: Line) -> None:
    said = line.fails(5, "void", "4", "--because", "a slip")
    assert "Position 4, an enrolment, is a record of the roadmap, and those cannot be voided." in said


def test_a_dry_run_of_init_says_where_the_store_would_be(tmp_path: Path) -> None:
    folder = tmp_path / ".roadlog"
    said = Line(folder)("init", "--key", "SUP", "--dry-run")
    assert f", would be in {folder}." in said
    assert "is in" not in said
    assert not folder.exists()


def test_init_says_how_to_start_over_and_what_the_key_is_by_default(tmp_path: Path) -> None:
    line = Line(tmp_path / ".roadlog")
    assert "unless given, three letters" in " ".join(line("init", "--help").split())
    assert "To start over" in line("init", "--key", "SUP")


def test_init_says_the_same_next_steps_in_json(tmp_path: Path) -> None:
    line = Line(tmp_path / ".roadlog")
    assert line.json("init", "--key", "SUP", "--dry-run")["next"] == []
    steps = line.json("init", "--key", "SUP")["next"]
    assert [(each["key"], each["by"]) for each in steps] == [("SUP", ["paula"])] * 2
    said = Line(tmp_path / "other" / ".roadlog")("init", "--key", "SUP")
    assert f"Next: {', or '.join(each['what'].lower() for each in steps)}." in said
    assert [each["try"] for each in steps] == [
        each.strip() for each in said.splitlines() if each.startswith("      roadlog ")
    ]


# The catalogue of risks, and the shell


def test_no_risk_of_these_words_is_said_and_the_nearest_offered(line: Line) -> None:
    said = line("risk", "catalogue", "halucination")
    assert "No risk of the catalogue has this word: halucination" in said
    assert "Nearest: hallucination" in said
    assert "All of them: roadlog risk catalogue" in line("risk", "catalogue", "zzzzz")


def test_a_risk_from_the_catalogue_is_one_that_is_there(line: Line) -> None:
    scored = ("--likelihood", "3", "--impact", "4")
    error = refused(line, 2, "risk", "log", "SUP-1", "--from", "output-bais", *scored)
    assert error["rule"] == "unknown-catalogue-risk"
    assert "Did you mean output-bias?" in str(error["message"])
    assert error["try"] == ["roadlog risk catalogue TEXT"]
    (logged,) = line.json("risk", "log", "SUP-1", "--from", "output-bias", *scored)["records"]
    assert logged["data"]["catalogue"] == "output-bias"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_complete(line: Line, shell: str) -> None:
    environ = {**os.environ, "_ROADLOG_COMPLETE": f"{shell}_source", "ROADLOG_STORE": str(line.folder)}
    done = subprocess.run(RUN, env=environ, capture_output=True, text=True, check=True)
    assert "_ROADLOG_COMPLETE" in done.stdout


def test_a_request_that_nobody_can_answer_warns(line: Line) -> None:
    line("advance", "SUP-1")
    line("owner", "SUP-1", "dan")
    asked = ("request", "SUP-1", "--role", "data-science")
    (warning,) = line.json(*asked, "--dry-run")["warnings"]
    assert warning.startswith("Nobody here can answer as data-science")
    assert "Warning: Nobody here can answer as data-science" in line.run(*asked).stderr


def test_a_request_of_a_role_that_the_gate_does_not_ask_warns(line: Line) -> None:
    line("advance", "SUP-1")
    (warning,) = line.json("request", "SUP-1", "--role", "engineering", "--dry-run")["warnings"]
    assert warning == (
        "The gate of SUP-1 does not ask engineering: an answer is on the record, and neither opens nor "
        "closes the gate."
    )
    assert f"Warning: {warning}" in line.run("request", "SUP-1", "--role", "engineering").stderr
    assert "warnings" not in line.json("request", "SUP-1", "--role", "data-science")


# Moments before the log


@pytest.mark.parametrize(
    "words", [("metrics",), ("forecast", "--count", "1"), ("forecast", "score"), ("workflow", "show")]
)
@pytest.mark.parametrize("moment", [("--known-at", "2025-12-01T00:00:00Z"), ("--position", "0")])
def test_what_needs_a_workflow_says_when_the_log_begins(
    line: Line, words: tuple[str, ...], moment: tuple[str, ...]
) -> None:
    error = line.error(*words, *moment)
    assert (error["exit"], error["rule"]) == (2, "moment")
    assert "at position 0 (the log begins 2026-03-02T09:00:00.000000Z)" in str(error["message"])
    assert error["try"] == ["roadlog board --position 0"]


@pytest.mark.parametrize(
    "words", [("log",), ("stakeholder", "list"), ("risk", "list"), ("search", "support")]
)
def test_what_finds_nothing_before_the_log_says_when_that_begins(line: Line, words: tuple[str, ...]) -> None:
    begins = "The log begins 2026-03-02 09:00 UTC; --as-of asks what was true before, with all we know now."
    said = line(*words, "--known-at", "2025-12-01T00:00:00Z")
    assert begins in " ".join(said.split())
    assert "The log begins" not in line(*words, "--position", "8")
    line.json(*words, "--position", "0")
