"""Files that people hand in: evidence, results, edge cases, workflows. A mistake is named; none is kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.line import Line

Write = Callable[[str, str | bytes], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def written(name: str, content: str | bytes) -> str:
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return written


@pytest.fixture
def criteria(line: Line) -> Line:
    for name in ("F1", "F2"):
        words = ("--milestone", "training", "--metric", "acc", "--operator", ">=", "--threshold", "0.8")
        line("criterion", "set", "SUP-1", name, *words)
    return line


def test_a_file_is_fixed_by_its_bytes(line: Line, write: Write) -> None:
    content = os.urandom(3 * 1024 * 1024 + 7)
    (record,) = line.json("evidence", "attach", "SUP-1", write("model.bin", content), "--kind", "model")[
        "records"
    ]
    assert record["data"] == {
        "evidence": "D1",
        "kind": "model",
        "title": "model.bin",
        "uri": "model.bin",
        "media_type": "application/octet-stream",
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
    }


def test_a_file_of_another_digest_is_refused(line: Line, write: Write) -> None:
    words = (
        "evidence",
        "attach",
        "SUP-1",
        write("data.csv", "a,b\n"),
        "--kind",
        "dataset",
        "--sha256",
        "0" * 64,
    )
    assert line.error(*words)["rule"] == "sha256-differs"
    right = sha256(b"a,b\n").hexdigest().upper()
    (record,) = line.json(*words[:-1], right)["records"]
    assert (record["data"]["sha256"], record["data"]["media_type"]) == (right.lower(), "text/csv")


def test_a_link_is_fixed_by_the_digest_given(line: Line) -> None:
    words = (
        "evidence",
        "attach",
        "SUP-1",
        "s3://bucket/tickets.parquet",
        "--kind",
        "dataset",
        "--sha256",
        "ab" * 32,
    )
    (record,) = line.json(*words)["records"]
    assert (record["data"]["uri"], record["data"]["title"]) == (
        "s3://bucket/tickets.parquet",
        "tickets.parquet",
    )
    assert line.error(*words[:-1], "abc")["rule"] == "sha256"


def test_the_same_command_id_with_another_file_content_is_a_conflict(line: Line, write: Write) -> None:
    words = ("evidence", "attach", "SUP-1", "data.csv", "--kind", "dataset", "--command-id", "once")
    write("data.csv", "a\n")
    line(*words)
    write("data.csv", "b\n")
    assert line.error(*words)["rule"] == "command-reused"


def test_results_of_a_file_are_recorded_with_the_file_as_their_evidence(criteria: Line, write: Write) -> None:
    name = write("r.csv", "\ufeffCriterion , value,sample,low,high\nF1,0.9,50,0.85,0.95\n\nF2,0.7,,,\n")
    attached, first, second = criteria.json("result", "SUP-1", "--from", name)["records"]
    assert (attached["data"]["evidence"], attached["data"]["kind"]) == ("D1", "evaluation")
    assert [each["data"]["evidence"] for each in (first, second)] == ["D1", "D1"]
    assert [each["data"]["verdict"] for each in (first, second)] == ["met", "missed"]
    assert (first["data"]["sample"], second["data"]["sample"]) == (50, None)
    assert first["command_id"] == second["command_id"] == attached["command_id"]


def test_results_may_be_json(criteria: Line, write: Write) -> None:
    name = write(
        "r.json", '[{"criterion": "F1", "value": 0.9, "sample": null}, {"criterion": "F2", "value": "1"}]'
    )
    assert len(criteria.json("result", "SUP-1", "--from", name)["records"]) == 3


@pytest.mark.parametrize(
    ("name", "content", "saying"),
    [
        ("r.csv", "criterion,value\nF1,0.9\nF2,nan\n", "r.csv:3 value: 'nan' is no number"),
        ("r.csv", "criterion,value\nF1,0.9\nF2,\n", "r.csv:3 value: is missing"),
        ("r.csv", "criterion,value\nF1,0.9\nF3,1\n", "r.csv:3 There is no criterion 'F3'. Did you mean F"),
        ("r.csv", "criterion,value,sample\nF1,0.9,many\n", "r.csv:2 sample: 'many' is no whole number"),
        ("r.csv", "criterion,value,sample\nF1,0.9,0\n", "r.csv:2 The sample is a whole number from 1 on"),
        ("r.csv", "criterion,value,low\nF1,0.9,0.8\n", "r.csv:2 An interval has both ends"),
        ("r.csv", "criterion,valeu\nF1,0.9\n", "r.csv:2 valeu: no such column; there are criterion, value"),
        ("r.csv", "criterion,value\nF1,0.9,7\n", "r.csv:2 has 3 fields; the header has 2"),
        ("r.csv", "value,value\n1,2\n", "r.csv:1 names a column twice: value"),
        ("r.csv", 'criterion,value\nF1,0.9\n"F2,1\n', "r.csv:3 is no CSV"),
        ("r.csv", b"criterion,value\nF1,0.9\nF\xff,1\n", "r.csv:3 is no UTF-8 text"),
        ("r.csv", "criterion,value\n", "r.csv has no rows"),
        ("r.csv", "", "r.csv has no rows"),
        ("r.csv", "criterion,value\n" + "F1,1\n" * 1001, "1,001 rows; at most 1,000"),
        ("r.csv", "criterion,value\nF1," + "1" * (1024 * 1024 + 1) + "\n", "r.csv:2 is longer than 1 MiB"),
        ("r.json", '[{"criterion": "F1", "value": NaN}]', "r.json is no JSON"),
        ("r.json", '{"criterion": "F1"}', "r.json is no list of objects"),
        ("r.json", '[{"criterion": "F1", "value": [1]}]', "r.json entry 1 value: is neither text nor number"),
        (
            "r.json",
            '[{"criterion": "F1", "value": 1}, {"criterion": "F2", "value": 1, "value": 2}]',
            "r.json entry 2 value: is there twice",
        ),
        ("r.json", '[{"criterion": "F1", "\\u0063riterion": "F2", "value": 1}]', "criterion: is there twice"),
        ("r.json", '[{"criterion": "F1", "value": ' + "9" * 5000 + "}]", "r.json"),
        ("r.json", '[{"criterion": "F1", "value": 1}, {"value": 1}]', "r.json entry 2 criterion: is missing"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_recorded(
    criteria: Line, write: Write, name: str, content: str | bytes, saying: str
) -> None:
    said = criteria.fails(2, "result", "SUP-1", "--from", write(name, content))
    assert saying in said
    assert criteria.records() == 10


def test_a_line_that_a_rule_refuses_keeps_its_exit_code(criteria: Line, write: Write) -> None:
    criteria("criterion", "retire", "SUP-1", "F2", "--because", "replaced")
    said = criteria.fails(5, "result", "SUP-1", "--from", write("r.csv", "criterion,value\nF1,1\nF2,1\n"))
    assert said.startswith("Refused: r.csv:3 F2 was retired at position 11.")


def test_with_a_file_nothing_else_is_given(criteria: Line, write: Write) -> None:
    words = ("result", "SUP-1", "F1", "0.9", "--from", write("r.csv", "criterion,value\nF1,1\n"))
    assert "everything stands in the file" in criteria.fails(2, *words)


def test_edge_cases_of_a_file(line: Line, write: Write) -> None:
    name = write("cases.csv", 'severity,description\n2,"asked in Catalan,\nanswered in Spanish"\n5,rude\n')
    records = line.json("edge-case", "import", "SUP-1", name)["records"]
    assert [(each["data"]["case"], each["data"]["severity"]) for each in records] == [("E1", 2), ("E2", 5)]
    assert records[0]["data"]["description"] == "asked in Catalan,\nanswered in Spanish"


def test_an_edge_case_line_is_named_after_one_that_holds_a_line_break(line: Line, write: Write) -> None:
    name = write("cases.csv", 'severity,description\n2,"two\nlines"\n6,rude\n')
    assert "cases.csv:4 The severity goes from 1 to 5; 6 lies outside." in line.fails(
        2, "edge-case", "import", "SUP-1", name
    )
    assert line.records() == 8


def test_a_workflow_file_is_checked_with_file_line_and_key(line: Line, write: Write) -> None:
    said = line("workflow", "show", "lite").splitlines()
    assert "  problem_first = true" in said
    assert '  may_waive = ["product", "compliance"]' in said
    toml = line("workflow", "show", "lite", "--toml")
    assert line.json("workflow", "show", "lite", "--toml")["toml"].strip() == toml.strip()
    assert line.json("workflow", "check", write("good.toml", toml)) == {
        "file": "good.toml",
        "name": "lite",
        "version": 1,
        "milestones": 6,
        "problems": [],
    }
    bad = write("bad.toml", toml.replace("reason_min_chars = 3", 'reason_min_chars = "3"'))
    number = 1 + toml.splitlines().index("reason_min_chars = 3")
    error = line.error("workflow", "check", bad)
    assert (error["exit"], len(error["missing"])) == (2, 1)
    assert error["missing"][0].startswith(f"bad.toml:{number} policy.reason_min_chars: ")
    assert line.fails(2, "workflow", "adopt", bad).count("policy.reason_min_chars") == 1
    assert line.records() == 8


def test_init_takes_a_workflow_file(line: Line, write: Write, tmp_path: Path) -> None:
    ours = write(
        "ours.toml", line("workflow", "show", "open", "--toml").replace('name = "open"', 'name = "ours"')
    )
    other = Line(tmp_path / "other" / ".roadlog")
    assert "It follows the workflow ours 1" in other("init", "--workflow", ours)


def test_init_offers_a_role_of_its_workflow(line: Line, write: Write, tmp_path: Path) -> None:
    toml = (
        line("workflow", "show", "open", "--toml")
        .replace('"data-science"', '"x"')
        .replace('name = "open"', 'name = "ours"')
    )
    other = Line(tmp_path / "other" / ".roadlog")
    assert "stakeholder add HANDLE --role x" in other("init", "--workflow", write("ours.toml", toml))
    assert other.json("workflow", "show")["name"] == "ours"
    assert other.json("workflow", "show", "--position", "3")["name"] == "ours"


def test_a_workflow_is_as_wide_as_the_screen(line: Line) -> None:
    from tests.cli.views.seen import seen, widest

    text = seen(line, "workflow", "show", "ai-product", columns=80)
    assert widest(text) <= 80
    assert "  out of the backlog: " in text
