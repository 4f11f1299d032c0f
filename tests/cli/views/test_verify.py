"""verify: the verdict, its exit code, what was checked and what that does not prove."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from msgspec.structs import replace

from roadlog import machine, rows
from roadlog.domain.events import StakeholderConsulted
from roadlog.domain.moments import instant
from roadlog.event_store.log import Log, New
from roadlog.event_store.records import CommandMark
from roadlog.reading import Reading
from tests.cli.line import Line
from tests.cli.views.conftest import Draw
from tests.cli.views.seen import seen


def verdict(line: Line) -> tuple[int, dict[str, Any]]:
    result = line.run("verify", "--json")
    assert result.stderr == ""
    return result.exit_code, json.loads(result.stdout)


def tamper(line: Line, *statements: str) -> None:
    """As somebody would who may write the file: triggers taken away and put back."""
    with closing(sqlite3.connect(line.folder / "events.db")) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


def test_a_whole_log_is_intact_and_nothing_vouches_for_it(line: Line) -> None:
    line("board")
    code, answer = verdict(line)
    origin, root = answer.pop("origin"), answer.pop("root")
    assert code == 1
    assert re.fullmatch(r"roadlog/SUP/[0-9a-f]{16}", origin)
    assert re.fullmatch(r"[0-9a-f]{64}", root)
    assert len(answer.pop("not_proved")) == 5
    last = answer.pop("checkpoint")
    (key,) = answer.pop("log_keys")
    assert (key["position"], key["given"]) == (None, False)
    assert (last["size"], last["root"]) == (64, root)
    assert answer == {
        "verdict": "intact-unanchored",
        "exit": 1,
        "size": 64,
        "anchored": {"size": 0, "at": None, "by": []},
        "unanchored_tail": 64,
        "checked": {
            "records": 64,
            "leaves": 64,
            "nodes": 63,
            "commands": 50,
            "bodies": 64,
            "checkpoints": 39,
            "anchors": 0,
            "approvals": 0,
            "policy": 64,
            "projections": 89,
        },
        "against": None,
        "problems": [],
    }


def test_the_origin_begins_with_the_first_leaf(line: Line) -> None:
    with closing(sqlite3.connect(line.folder / "events.db")) as connection:
        (leaf,) = connection.execute("SELECT leaf FROM stored_events WHERE position = 1").fetchone()
    assert verdict(line)[1]["origin"] == f"roadlog/SUP/{leaf[:16]}"


def test_for_people_it_says_what_was_checked_and_what_that_does_not_prove(line: Line) -> None:
    line("board")
    text = seen(line, "verify", exit_code=1).splitlines()
    assert text[:6] == [
        "✓ intact-unanchored",
        "The log is whole. Nothing outside of it vouches for that yet.",
        "",
        "Checked",
        "  64 records, read strictly · 64 leaves · 63 tree nodes · 50 commands · 39 checkpoints",
        "  64 records judged by the rules · 89 rows of projections",
    ]
    assert "Not proved" in text


def test_records_that_could_not_all_be_read_are_counted(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.verify import render

    answer = json.loads(line.run("verify", "--json").stdout)
    checked = {**answer["checked"], "bodies": 63}
    assert "  64 records, 63 of them read strictly · " in draw(render, {**answer, "checked": checked})


def test_without_projections_it_says_that_they_were_not_checked(line: Line) -> None:
    code, answer = verdict(line)
    assert (code, answer["checked"]["projections"]) == (1, 0)
    assert "anything about the projections: there are none yet" in answer["not_proved"]
    assert not (line.folder / "projections.db").exists()


SET_STATE = "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '{}', '{}') AS BLOB) {}"
PAYLOAD = SET_STATE.format("640", "400", "WHERE position = 63")
ACTOR = SET_STATE.format('"dan"', '"eve"', "WHERE position = 54")
MIDDLE = "DELETE FROM stored_events WHERE position = 40"


@pytest.mark.parametrize(
    ("statement", "found", "position"),
    [(PAYLOAD, "altered", 63), (ACTOR, "altered", 54), (MIDDLE, "missing", 40)],
)
def test_tampering_is_found_and_its_position_named(
    line: Line, statement: str, found: str, position: int
) -> None:
    tamper(line, statement)
    code, answer = verdict(line)
    assert (code, answer["exit"], answer["verdict"]) == (4, 4, found)
    assert answer["problems"][0]["position"] == position
    text = seen(line, "verify", exit_code=4)
    assert text.startswith(f"✗ {found}\nThe log, or what was derived from it, is not what was recorded.\n")
    assert f"#{position}" in text
    told = " ".join(text.split())
    assert f"Show this to whoever reviews the log: positions #{position}" in told
    assert "roadlog --store FOLDER verify" in told
    assert ", recomputed from what is stored now" in told


def test_a_record_that_no_rule_allowed_is_found_though_all_hashes_fit(line: Line) -> None:
    """dan, whose role it is not, says that engineering was heard."""
    with closing(sqlite3.connect(line.folder / "events.db")) as connection:
        (newest,) = connection.execute("SELECT max(recorded_at) FROM stored_events").fetchone()
    with freeze_time(instant(newest) + timedelta(minutes=1)):
        records = Reading(line.folder, now=machine.clock())
        with records as reading:
            *_, said = (each for each in reading.records() if each.actor.id == "dan")
        body = replace(said.body, event=StakeholderConsulted(role="engineering", said="Fine"))
        path = str(line.folder / "events.db")
        with Log.open(path, rows.codec(), rows.make_record, machine.clock) as log:
            body = replace(body, effective_at=instant(newest), command_id="forged")
            version = log.version("SUP-1")
            new = [New("SUP-1", "StakeholderConsulted", body)]
            log.append(new, expected={"SUP-1": version}, command=CommandMark("forged", "0" * 64))
    code, answer = verdict(line)
    assert (code, answer["verdict"]) == (4, "rule-broken")
    (problem,) = answer["problems"]
    assert problem == {
        "verdict": "rule-broken",
        "position": 65,
        "stream": "SUP-1",
        "version": version + 1,
        "expected": "by the rules (role), refused: dan does not hold the role engineering, and so cannot "
        "speak for it: it is held by erin.",
        "found": "a check-in",
    }
    text = seen(line, "verify", exit_code=4)
    assert text.startswith("✗ rule-broken\nThe log is whole, and holds what no rule allowed")
    assert "#65  rule-broken" in text
    assert "anything about the projections: the records come first" in " ".join(text.split())


def test_projections_that_say_something_else_are_found(line: Line) -> None:
    line("board")
    with closing(sqlite3.connect(line.folder / "projections.db")) as connection:
        connection.execute("UPDATE lines SET line = upper(line) WHERE position = 54")
        connection.commit()
    code, answer = verdict(line)
    assert (code, answer["verdict"]) == (4, "altered")
    assert answer["problems"] == [
        {
            "verdict": "altered",
            "position": None,
            "stream": None,
            "version": None,
            "expected": "projections as the records make them",
            "found": "lines 54 differs; try `roadlog projections rebuild`",
        }
    ]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: path.unlink(), "there is no store here"),
        (lambda path: path.write_bytes(b"no database at all" * 100), "not an SQLite database"),
    ],
)
def test_where_there_is_nothing_to_verify_is_a_failure(
    line: Line, spoil: Callable[[Any], None], why: str
) -> None:
    for left in line.folder.glob("events.db-*"):
        left.unlink()
    spoil(line.folder / "events.db")
    result = line.run("verify", "--json")
    assert (result.exit_code, result.stdout) == (6, "")
    error = json.loads(result.stderr)["error"]
    assert (error["exit"], error["rule"]) == (6, "could-not-run")
    assert error["message"].endswith(f"{why}.")
    assert error["try"] == ["roadlog --store FOLDER verify"]


def test_a_store_damaged_beyond_reading_is_an_answer(line: Line) -> None:
    with closing(sqlite3.connect(line.folder / "events.db")) as connection:
        connection.execute("DROP TABLE stored_events")
    code, answer = verdict(line)
    assert (code, answer["exit"], answer["verdict"]) == (4, 4, "altered")
    assert {each["verdict"] for each in answer["problems"]} == {"altered", "unreadable"}
    assert answer["origin"] is None
    assert answer["not_proved"] == ["anything: there was no record that could be read"]


def test_problems_that_are_alike_are_told_once(line: Line) -> None:
    tamper(line, "DELETE FROM commands")
    code, answer = verdict(line)
    assert (code, len(answer["problems"])) == (4, 64)
    text = " ".join(seen(line, "verify", exit_code=4).split())
    assert "#1-#64 missing 64 times: expected a command that recorded it; found nothing What to do" in text
    assert "whoever reviews the log: positions #1-#64." in text


def test_what_is_gone_from_the_schema_is_told_once_by_name(line: Line) -> None:
    with closing(sqlite3.connect(line.folder / "events.db")) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        ]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
    assert len(verdict(line)[1]["problems"]) == len(names)
    text = " ".join(seen(line, "verify", exit_code=4).split())
    what = f"as roadlog made it, in the database's schema: {', '.join(names)}; found nothing"
    assert f"altered {len(names)} times: expected {what}" in text


def test_problems_that_differ_are_told_each(line: Line, draw: Draw) -> None:
    from roadlog.cli.views.verify import render

    one = {"verdict": "altered", "stream": "SUP-1", "version": 1, "expected": "a", "found": "b"}
    problems = [{**one, "position": each} for each in (3, 4, 6)] + [{**one, "position": 9, "found": "c"}]
    answer = {**verdict(line)[1], "verdict": "altered", "exit": 4, "problems": problems}
    text = " ".join(draw(render, answer).split())
    assert "#3-#4, #6 altered SUP-1 3 times: expected a; found b" in text
    assert "#9 altered SUP-1 version 1 expected a; found c" in text
    assert "positions #3-#4, #6, #9." in text


def test_a_key_that_was_given_is_said_to_have_signed(line: Line, tmp_path: Path) -> None:
    key = str(line.folder / "log.pub")
    answer = json.loads(line.run("verify", "--against", key, "--json").stdout)
    assert answer["against"] == {"kind": "key", "origin": answer["origin"], "signed": 39}
    text = seen(line, "verify", "--against", key, exit_code=1)
    assert "39 of 39 checkpoints signed by the key that you gave" in text
    other = tmp_path / "other"
    Line(other, named=False)("--store", str(other), "init", "--key", "OPS")
    Line(other)("checkpoint")
    text = " ".join(seen(line, "verify", "--against", str(next(other.rglob("log.pub"))), exit_code=4).split())
    assert text.startswith("✗ replaced The key given is of the log roadlog/OPS/")
    assert f"and this one is {answer['origin']}: if you gave the wrong file, give the right one" in text
    assert "signed by the key that you gave" not in text
