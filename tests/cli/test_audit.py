"""`roadlog audit` as it is typed: exit codes, JSON keys, and what is shown of it."""

from __future__ import annotations

from freezegun import freeze_time

from tests.cli.line import NOW, Line

KEYS = {"id", "title", "framework_refs", "status", "evidence", "findings"}


def typed(line: Line, *args: str) -> tuple[int, str]:
    with freeze_time(NOW):
        result = line.run("audit", *args)
    assert result.stderr == ""
    return result.exit_code, result.stdout


def test_0_where_nothing_was_found(line: Line) -> None:
    code, said = typed(line)
    assert code == 0
    assert said.startswith("Audit of SUP, the whole log\n✗ finding         0  ")


def test_1_where_something_was_found(line: Line) -> None:
    with freeze_time(NOW):
        line("approve", "SUP-1", "--role", "product")
    code, said = typed(line, "--control", "self-approval", "--control", "soc2")
    assert code == 1
    found = "    · SUP-1: paula approved the backlog as product while owning it, which no gate counted · #9\n"
    assert said.count(found) == 1
    assert said.count("    · found by self-approval, above\n") == 2
    assert "Where to look\n  roadlog log SUP-1\n" in said


def test_each_control_has_the_keys_of_the_contract(line: Line) -> None:
    with freeze_time(NOW):
        controls = line.json("audit")["controls"]
    assert all(each.keys() >= KEYS for each in controls)
    assert {each["status"] for each in controls} <= {"satisfied", "finding", "absent", "out-of-scope"}


def test_it_says_what_it_is_not(line: Line) -> None:
    _, said = typed(line)
    _, _, told = said.partition("What this is not\n")
    assert "does not make the runtime logs of Articles 12 and 19" in told


def test_what_is_out_of_scope_is_told_together_with_why(line: Line) -> None:
    with freeze_time(NOW):
        classified = (
            "--purpose",
            "Answer",
            "--affected",
            "Customers",
            "--class",
            "limited",
            "--basis",
            "Read",
        )
        line("classify", "SUP-1", *classified)
    _, said = typed(line, "--control", "eu-ai-act")
    assert "SUP-1: its purpose is classified as limited\n" in said
    assert "– out-of-scope  eu-ai-act-9.1 · eu-ai-act-9.2" in said


def test_the_period_is_told_and_a_moment_too(line: Line) -> None:
    answer = line.run("audit", "--from", "2026-03-01", "--to", "2026-04-01", "--position", "8")
    assert answer.stdout.startswith("Audit of SUP, from 2026-03-01 to 2026-04-01\n")
    assert "position 8" in answer.stdout.splitlines()[-1]
