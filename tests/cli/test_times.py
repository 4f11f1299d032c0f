"""How times are read, and that what they were read as is said."""

import json
from datetime import UTC, datetime

import pytest
from freezegun import freeze_time

from roadlog import machine
from tests.cli.line import NOW, Line
from tests.cli.refusing import refused


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-03-17T10:00:00Z", "2026-03-17T10:00:00.000000Z"),
        ("2026-03-17t10:00:00.25z", "2026-03-17T10:00:00.250000Z"),
        ("2026-03-17 10:00:00+02:00", "2026-03-17T08:00:00.000000Z"),
        ("2026-03-17", "2026-03-17T00:00:00.000000Z"),
        ("2026-03-17 10:00", "2026-03-17T10:00:00.000000Z"),
        ("3 days ago", "2026-03-15T15:30:00.000000Z"),
        ("yesterday 14:00", "2026-03-17T14:00:00.000000Z"),
        ("last monday", "2026-03-16T00:00:00.000000Z"),
        ("monday", "2026-03-16T00:00:00.000000Z"),
        ("an hour ago", "2026-03-18T14:30:00.000000Z"),
        ("march 14", "2026-03-14T00:00:00.000000Z"),
    ],
)
def test_when_something_happened(line: Line, typed: str, read: str) -> None:
    with freeze_time(NOW):
        (record,) = line.json("note", "SUP-1", "x", "--at", typed)["records"]
    happened = record["data"]["at"] if record["type"] == "ConsentRequested" else record["effective_at"]
    assert happened == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("today", "2026-03-18T00:00:00.000000Z"),
        ("Yesterday", "2026-03-17T00:00:00.000000Z"),
        ("this week", "2026-03-16T00:00:00.000000Z"),
        ("this month", "2026-03-01T00:00:00.000000Z"),
        ("yesterday 14:00", "2026-03-17T14:00:00.000000Z"),
        ("2026-03-17", "2026-03-17T00:00:00.000000Z"),
    ],
)
def test_a_day_that_is_asked_about_is_its_beginning(line: Line, typed: str, read: str) -> None:
    with freeze_time(NOW):
        assert line.json("board", "--as-of", typed)["as_of"] == read


def test_a_day_begins_in_the_zone_of_the_store(line: Line) -> None:
    (line.folder / "config.toml").write_text('zone = "Europe/Berlin"\n', encoding="utf-8")
    with freeze_time(NOW):
        assert line.json("board", "--as-of", "today")["as_of"] == "2026-03-17T23:00:00.000000Z"


def test_in_the_zone_of_the_store(line: Line) -> None:
    (line.folder / "config.toml").write_text('zone = "Europe/Berlin"\n', encoding="utf-8")
    with freeze_time(NOW):
        for typed, read in (
            ("2026-03-17", "2026-03-16T23:00:00.000000Z"),
            ("2026-03-17T10:00", "2026-03-17T09:00:00.000000Z"),
            ("yesterday 14:00", "2026-03-17T13:00:00.000000Z"),
        ):
            (record,) = line.json("note", "SUP-1", "x", "--at", typed)["records"]
            assert record["effective_at"] == read


def test_a_zone_that_nobody_knows(line: Line) -> None:
    (line.folder / "config.toml").write_text('zone = "Europe/Atlantis"\n', encoding="utf-8")
    error = line.error("note", "SUP-1", "x", "--at", "2026-03-17")
    assert (error["exit"], error["rule"], error["missing"]) == (2, "unknown-zone", ["Europe/Atlantis"])
    assert error["message"].startswith("There is no zone 'Europe/Atlantis'. Did you mean Europe/")
    assert error["message"].endswith("? The store's config.toml names it.")


@pytest.mark.parametrize(
    "typed", ["5", "may", "a", "foo 5", "2026", "2026-02-30", "in a while", "", "x" * 200]
)
def test_what_names_no_day_is_not_guessed(line: Line, typed: str) -> None:
    with freeze_time(NOW):
        assert "is no time that can be read" in line.fails(2, "note", "SUP-1", "x", "--at", typed)


def test_what_was_read_is_said_unless_it_was_exact(line: Line) -> None:
    with freeze_time(NOW):
        said = line.run("note", "SUP-1", "x", "--at", "3 days ago").stderr
        assert said == 'Read "3 days ago" as 2026-03-15T15:30:00.000000Z\n'
        assert line.run("note", "SUP-1", "x", "--at", "2026-03-17T10:00:00Z").stderr == ""
        result = line.run("note", "SUP-1", "x", "--at", "3 days ago", "--json")
        assert result.stderr == ""
        answer = line.json("note", "SUP-1", "x", "--at", "3 days ago")
    assert answer["read_as"] == [{"text": "3 days ago", "time": "2026-03-15T15:30:00.000000Z"}]


def test_until_leans_to_the_future(line: Line) -> None:
    with freeze_time(NOW):
        line("risk", "log", "SUP-1", "Invents", "--category", "bias", "--likelihood", "4", "--impact", "4")
        words = ("risk", "accept", "SUP-1", "R1", "--because", "pilot", "--until")
        (record,) = line.json(*words, "friday")["records"]
    assert record["data"]["until"] == "2026-03-20T00:00:00.000000Z"


def test_a_day_may_be_said_in_words(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "clock", lambda: datetime(2026, 3, 18, 15, 30, tzinfo=UTC))
    (record,) = line.json("target", "SUP-1", "minutes", "--target", "5", "--by", "in 2 weeks")["records"]
    assert record["data"]["outcome"]["by"] == "2026-04-01"


def test_a_bad_day_is_named(line: Line) -> None:
    said = line.fails(2, "target", "SUP-1", "minutes", "--target", "5", "--by", "2026-02-30")
    assert "'--by'" in said
    assert "2026-02-30" in said


def test_the_actor_of_the_store_s_settings(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    (line.folder / "config.toml").write_text('actor = "dan"\n', encoding="utf-8")
    monkeypatch.delenv("ROADLOG_ACTOR", raising=False)
    (record,) = line.json("note", "SUP-1", "x", by="")["records"]
    assert record["actor"]["id"] == "dan"


def test_settings_that_are_no_toml(line: Line) -> None:
    (line.folder / "config.toml").write_text("actor = dan\n", encoding="utf-8")
    assert line.error("note", "SUP-1", "x", by="")["rule"] == "config"


def test_the_store_is_found_above_the_working_folder(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    below = line.folder.parent / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    nearest = Line(line.folder, named=False)
    assert nearest.json("note", "SUP-1", "x")["records"][0]["position"] == 9


@pytest.mark.parametrize("typed", ["03/04/2026", "3.4.2026", "03/04/26 10:00"])
def test_a_date_that_two_readers_read_differently_is_refused(line: Line, typed: str) -> None:
    error = refused(line, 2, "note", "SUP-1", "x", "--at", typed)
    assert "2026-03-01" in str(error["message"]) + str(error["try"])


def test_beside_an_answer_that_is_an_array_it_is_said_on_stderr(line: Line) -> None:
    with freeze_time(NOW):
        result = line.run("log", "--since", "3 days ago", "--json")
        assert isinstance(json.loads(result.stdout), list)
        assert result.stderr == 'Read "3 days ago" as 2026-03-15T15:30:00.000000Z\n'
        assert line.run("board", "--as-of", "3 days ago", "--json").stderr == ""
