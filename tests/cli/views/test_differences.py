"""`roadlog diff`: what differs between two moments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.line import Line
from tests.cli.views.seen import seen, widest


def test_diff_tells_what_came_went_and_changed(line: Line) -> None:
    found = line.json("diff", "20", "now")
    assert list(found) == ["from", "to", "added", "removed", "changed"]
    assert (found["from"]["position"], found["to"]["position"]) == (20, 64)
    back = line.json("diff", "now", "20")
    assert (back["removed"], back["added"]) == (found["added"], found["removed"])
    assert back["changed"] == [
        {**each, "before": each["after"], "after": each["before"]} for each in found["changed"]
    ]
    text, away = seen(line, "diff", "#20", "now"), seen(line, "diff", "now", "#20")
    assert all(f"+ {each['key']}  {each['title'][:40]}" in text for each in found["added"])
    assert all(f"− {each['key']}  {each['title'][:40]}" in away for each in found["added"])


def test_diff_says_in_words_what_every_field_holds(line: Line) -> None:
    for start, end in (("0", "now"), ("8", "now"), ("20", "40"), ("now", "12")):
        text = seen(line, "diff", start, end)
        assert not set("{}[]'").intersection(text.replace("'s ", ""))
        assert "None" not in text


@pytest.mark.parametrize("columns", [40, 57, 80, 140])
def test_no_line_is_wider_than_the_screen(line: Line, columns: int) -> None:
    for start, end in (("0", "now"), ("8", "now"), ("now", "20")):
        assert widest(seen(line, "diff", start, end, columns=columns)) <= columns


def test_diff_of_one_initiative_and_of_nothing(line: Line) -> None:
    found = line.json("diff", "20", "now", "sup-1")
    assert {each["key"] for each in found["changed"]} == {"SUP-1"}
    assert {each["key"] for each in line.json("diff", "3", "now", "SUP")["changed"]} == {"SUP"}
    assert seen(line, "diff", "30", "30").splitlines()[-1] == "Nothing differs."
    assert line.json("diff", "30", "30")["changed"] == []


def test_the_moments_of_a_diff(line: Line) -> None:
    assert line.json("diff", "3 weeks ago", "now")["from"]["position"] < 64
    assert line.json("diff", "2026-02-01")["to"]["position"] == 64
    assert line.json("diff", "0", "2020-01-01")["to"]["position"] == 0
    assert line.error("diff", "65", "now")["exit"] == 2
    assert line.error("diff", "9" * 5_000, "now")["exit"] == 2
    unread = line.error("diff", "yesteryear", "now")
    assert unread["exit"] == 2
    assert "a position such as 1240, or now" in unread["message"]
    future = line.error("diff", "2099-01-01", "now")
    assert (future["exit"], future["rule"]) == (2, "future")
    assert future["message"].startswith("2099-01-01T00:00:00.000000Z is after now")
    assert line.error("diff", "1", "now", "SUP-99")["exit"] == 2


def test_initiatives_are_called_as_they_were_then(line: Line) -> None:
    line("reframe", "SUP-1", "--title", "We want to answer within an hour", "--because", "It is what hurts")
    before = seen(line, "diff", "20", "64", "SUP-1")
    assert "We want to answer within an hour" not in before
    assert line.json("show", "SUP-1", "--position", "64")["title"] in " ".join(before.split())
    after = seen(line, "diff", "64", "now")
    assert "SUP-1  We want to answer within an hour" in after
    assert "→ We want to answer within an hour" in after


def test_what_was_voided_in_between_is_gone_again(line: Line) -> None:
    line(
        "risk",
        "log",
        "SUP-1",
        "Invents rules",
        "--category",
        "security",
        "--likelihood",
        "2",
        "--impact",
        "2",
    )
    logged = line.json("diff", "64", "now")["changed"]
    assert [(each["field"], each["before"]) for each in logged] == [("risks", None)]
    line("undo", "--because", "Twice")
    assert line.json("diff", "64", "now")["changed"] == []
    gone = line.json("diff", "65", "now")["changed"]
    assert [(each["before"], each["after"]) for each in gone] == [(logged[0]["after"], None)]
    assert [each["voided_by"] for each in line.json("why", "SUP-1", "risks")[-2:]] == [66, None]


def test_a_stopped_initiative_says_so(line: Line) -> None:
    line("stop", "SUP-1", "--because", "No budget")
    statuses = [each for each in line.json("diff", "64", "now")["changed"] if each["field"] == "status"]
    assert [(each["key"], each["after"]) for each in statuses] == [("SUP-1", "stopped")]


def test_another_workflow_changes_statuses_without_a_record_of_theirs(line: Line, tmp_path: Path) -> None:
    before = {each["key"]: each["status"] for each in line.json("board")["initiatives"]}
    text = line("workflow", "show", "--toml")
    other = tmp_path / "other.toml"
    key = next(key for key, status in before.items() if status == "active")
    here = line.json("show", key)["milestone"]
    other.write_text(text.replace('"live"', f'"{here}"', 1).replace("version = 1", "version = 2"))
    line("workflow", "adopt", str(other), "--because", "We finish earlier")
    after = {each["key"]: each["status"] for each in line.json("board")["initiatives"]}
    assert after[key] == "live"
    moments: tuple[tuple[str, ...], ...] = (("64", "now"), ("now", "64"), ("64", "now", key))
    for words in moments:
        told = [each for each in line.json("diff", *words)["changed"] if each["field"] == "status"]
        asked = {key} if words[2:] else set(before)
        old, new = (after, before) if words[0] == "now" else (before, after)
        assert {each["key"]: (each["before"], each["after"]) for each in told} == {
            each: (old[each], new[each]) for each in asked if old[each] != new[each]
        }
