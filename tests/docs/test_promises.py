"""The tables and worked examples of the documents say what the code does."""

import re
import sqlite3
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import get_args

import pytest

from roadlog.cli import errors
from roadlog.cli.workflows import built_in
from roadlog.domain import refusals
from roadlog.domain.workflow import RequirementKind
from roadlog.event_store.sealing import leaf
from tests.cli.line import Line
from tests.docs.played import BLOCK, ROOT

pytestmark = pytest.mark.docs

TRUST = ROOT / "docs" / "how-to" / "trust-the-log.md"


def table(document: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, cell by cell."""
    section = (
        (ROOT / document).read_text(encoding="utf-8").partition(f"# {heading}\n")[2].partition("\n## ")[0]
    )
    rows = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[1:]]


def block(name: str) -> str:
    """The file of that name that the document on trust shows."""
    text = TRUST.read_text(encoding="utf-8")
    return next(found["text"] for found in BLOCK.finditer(text) if found["name"] == name)


def test_the_milestones_are_those_of_ai_product_with_as_many_requirements() -> None:
    workflow = built_in("ai-product")
    rows = table("README.md", "Six milestones")
    assert [row[:2] for row in rows] == [[each.id, each.question] for each in workflow.milestones]
    for row, milestone in zip(rows[:-1], workflow.milestones, strict=False):
        told = row[2].removesuffix(", in each iteration")
        assert len(told.split(", ")) == len(milestone.requires)
        assert told != row[2] or not milestone.renew
    assert workflow.milestones[-1].requires == ()


def test_every_kind_of_requirement_is_explained() -> None:
    rows = table("docs/how-to/write-a-workflow.md", "What a gate can require")
    assert sorted(row[0].strip("`").partition(":")[0] for row in rows) == sorted(get_args(RequirementKind))


def test_every_exit_code_is_explained() -> None:
    failures = [value for value in vars(refusals).values() if isinstance(value, type)]
    codes = {value.exit_code for value in failures if issubclass(value, refusals.RoadlogError)}
    rows = table("docs/reference/exit-codes.md", "Exit codes")
    assert [int(row[0]) for row in rows] == sorted({0, 1, *codes, errors.DEFECT, errors.INTERRUPTED})


def test_the_worked_leaf_is_right_by_hand_and_as_the_store_computes_it() -> None:
    header, payload = block("header.txt"), block("example.json").rstrip("\n")
    lines = header.splitlines()
    assert len(lines) == 8
    assert sha256(payload.encode()).hexdigest() == lines[6]
    by_hand = sha256(b"\0" + header.encode()).hexdigest()
    assert re.findall(r"^[0-9a-f]{64}$", TRUST.read_text(encoding="utf-8"), flags=re.MULTILINE)[-1] == by_hand
    _, position, stream, version, kind, recorded_at, digest, previous = lines
    assert leaf(int(position), stream, int(version), kind, recorded_at, digest, previous) == by_hand


@pytest.fixture
def check(tmp_path: Path) -> Path:
    """The program that checks a store without roadlog, as the document has it."""
    path = tmp_path / "check_log.py"
    path.write_text(block("check_log.py"), encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    line = Line(tmp_path / ".roadlog")
    line("init", "--key", "SUP", "--name", "Support AI")
    for number in range(7):
        line("stakeholder", "add", f"person-{number}")
    return tmp_path / ".roadlog" / "events.db"


def test_the_check_without_roadlog_finds_the_root_that_verify_finds(check: Path, store: Path) -> None:
    said = subprocess.run([sys.executable, check, store], capture_output=True, text=True, check=True).stdout
    found = Line(store.parent).run("verify", "--json")
    assert found.exit_code == 1
    assert said.split() == [
        "10",
        "records,",
        "root",
        re.findall(r'"root": ?"([0-9a-f]{64})"', found.stdout)[0],
    ]


def test_the_check_without_roadlog_finds_an_earlier_root_again(check: Path, store: Path) -> None:
    def said(*size: str) -> str:
        command = [sys.executable, str(check), str(store), *size]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    before = said()
    Line(store.parent)("stakeholder", "add", "late")
    assert said("10") == before
    assert said().split()[0] == "11"
    assert said().split()[3] != before.split()[3]


def test_the_check_without_roadlog_notices_one_changed_byte(check: Path, store: Path) -> None:
    connection = sqlite3.connect(store)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    (state,) = connection.execute("SELECT state FROM stored_events WHERE position = 7").fetchone()
    changed = state.replace(b"person-3", b"person-9")
    assert changed != state
    connection.execute("UPDATE stored_events SET state = ? WHERE position = 7", (changed,))
    connection.commit()
    connection.close()
    done = subprocess.run([sys.executable, check, store], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "position 7 is not what was recorded\n")
