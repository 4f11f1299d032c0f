"""What every write has in common: what it prints, its JSON, dry runs, command ids, options anywhere."""

from pathlib import Path

import pytest

from roadlog.application import Application, Done, Wish
from roadlog.domain.commands import Command
from tests.cli.line import Line

RECORD = [
    "position",
    "stream",
    "version",
    "type",
    "schema",
    "recorded_at",
    "effective_at",
    "actor",
    "reason",
    "command_id",
    "source",
    "workflow",
    "data",
    "leaf",
]


def test_a_write_prints_position_short_leaf_and_sentence_then_the_next_thing_owed(line: Line) -> None:
    said = line("place", "SUP-1", "now", "--rank", "1").splitlines()
    leaf = line.json("note", "SUP-1", "x")["records"][0]["leaf"]
    assert len(leaf) == 64
    position, short, rest = said[0].split("  ", 2)
    assert (position, len(short), rest) == ("#9", 8, "SUP-1  paula placed it in now, rank 1")
    assert said[1].startswith("Next: ")
    assert said[2] == "      roadlog advance SUP-1"


def test_what_is_owed_by_others_says_by_whom(line: Line) -> None:
    said = line("note", "SUP-1", "x", by="dan")
    assert "Next (paula): " in said or "Next: " in said


def test_a_write_in_json_has_the_keys_of_the_contract(line: Line) -> None:
    answer = line.json(
        "risk", "log", "SUP-1", "Invents", "--category", "bias", "--likelihood", "2", "--impact", "3"
    )
    assert list(answer) == ["initiative", "records", "dry_run", "next"]
    assert (answer["initiative"], answer["dry_run"]) == ("SUP-1", False)
    (record,) = answer["records"]
    assert list(record) == RECORD
    assert record["actor"] == {"id": "paula", "kind": "human", "assurance": "asserted", "roles": ["product"]}
    assert list(record["source"]) == ["client", "version", "os_user", "import"]
    assert record["recorded_at"].endswith("Z")
    assert len(record["recorded_at"]) == len("2026-03-01T09:00:00.000000Z")
    assert record["data"]["risk"] == "R1"
    assert record["data"]["owner"] is None
    assert answer["next"][0]["try"] == "roadlog advance SUP-1"


def test_a_move_says_from_under_its_stored_name(line: Line) -> None:
    (record,) = line.json("advance", "SUP-1")["records"]
    assert (record["data"]["from"], record["data"]["to"]) == (None, "feasibility")


def test_a_write_to_the_roadmap_has_no_initiative(line: Line) -> None:
    answer = line.json("stakeholder", "grant", "dan", "--role", "product")
    assert (answer["initiative"], answer["next"]) == (None, [])


@pytest.mark.parametrize("place", range(4))
def test_json_may_stand_anywhere(line: Line, place: int) -> None:
    words = ["place", "SUP-1", "now"]
    words.insert(place, "--json")
    assert line(*words).startswith('{"initiative":"SUP-1"')


@pytest.mark.parametrize("place", range(4))
def test_json_may_stand_anywhere_when_it_fails(line: Line, place: int) -> None:
    words = ["place", "SUP-9", "now"]
    words.insert(place, "--json")
    assert line.fails(2, *words).startswith('{"error":{"exit":2,"rule":"unknown-initiative"')


def test_as_and_store_may_stand_after_the_verb(line: Line, tmp_path: Path) -> None:
    other = tmp_path / "other"
    answer = line.json("init", "--store", str(other), "--as", "zoe", "--key", "OPS")
    assert answer["records"][1]["data"]["stakeholder"] == "zoe"
    assert answer["store"] == str(other / ".roadlog")
    assert line.records() == 8


def test_a_dry_run_shows_events_and_gate_and_stores_nothing(line: Line) -> None:
    said = line("advance", "SUP-1", "--dry-run")
    assert said.splitlines()[:3] == [
        "Dry run: this would be recorded, and nothing was.",
        "#9  --------  SUP-1  paula advanced from the backlog to feasibility",
        "Gate of feasibility, SUP-1: closed, 0 of 6 met.",
    ]
    answer = line.json("advance", "SUP-1", "--dry-run")
    assert answer["dry_run"] is True
    assert answer["records"][0]["leaf"] == ""
    assert (answer["gates"][0]["milestone"], answer["gates"][0]["open"]) == ("feasibility", False)
    assert line.records() == 8


def test_a_dry_run_fails_as_the_run_would(line: Line) -> None:
    assert line.error("return", "SUP-1", "feasibility", "--loop", "learning", "--dry-run")["exit"] == 5


def test_a_dry_run_of_init_makes_nothing(tmp_path: Path) -> None:
    line = Line(tmp_path / ".roadlog")
    assert "opened the roadmap" in line("init", "--key", "SUP", "--dry-run")
    assert list(tmp_path.iterdir()) == []


def test_already_so_is_said_and_done(line: Line) -> None:
    line("place", "SUP-1", "now")
    assert line("place", "SUP-1", "now") == "Already so; nothing was recorded.\n"
    answer = line.json("place", "SUP-1", "now")
    assert (answer["records"], answer["initiative"], answer["dry_run"]) == ([], "SUP-1", False)
    assert line.records() == 9


def test_the_same_command_id_records_once_and_answers_the_same(line: Line) -> None:
    words = ("note", "SUP-1", "x", "--at", "1 hour ago", "--command-id", "once")
    first, second = line.json(*words), line.json("--as", "paula", *words)
    assert second["records"] == first["records"]
    assert (first.get("replayed"), second["replayed"]) == (None, True)
    assert line.records() == 9
    assert line(*words).startswith("Recorded before under this command id; nothing was added.\n#9  ")


def test_an_undo_takes_back_no_other_record_than_the_last(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note typed elsewhere, between what undo read and what it records, would have been meant."""
    line("note", "SUP-1", "first")
    execute = Application.execute

    def after_the_other(self: Application, wish: Wish, *commands: Command) -> Done:
        monkeypatch.setattr(Application, "execute", execute)
        line("note", "SUP-1", "second")
        return execute(self, wish, *commands)

    monkeypatch.setattr(Application, "execute", after_the_other)
    assert "somebody recorded first" in line.fails(3, "undo")
    line("undo")
    notes = [each["text"] for each in line.json("show", "SUP-1")["notes"]]
    assert "first" in notes
    assert "second" not in notes


def test_a_command_id_of_an_undo_is_answered_again(line: Line) -> None:
    line("note", "SUP-1", "x")
    first = line.json("undo", "--command-id", "back")
    assert line.json("undo", "--command-id", "back")["records"] == first["records"]
    assert line.records() == 10


def test_expect_version_lets_the_right_one_through(line: Line) -> None:
    assert line.json("note", "SUP-1", "x", "--expect-version", "1")["records"][0]["version"] == 2


def test_a_write_that_needs_consent_says_who_may_give_it(line: Line) -> None:
    answer = line.json("note", "SUP-1", "long ago", "--at", "2026-01-01T00:00:00Z", by="dan")
    assert answer["consent"] == [{"position": 9, "may": ["paula", "erin", "carla", "otto"]}]
    assert answer["initiative"] == "SUP-1"
    said = line("note", "SUP-1", "again", "--at", "2026-01-01", by="dan")
    assert "It takes effect when another person consents: paula, erin, carla, otto." in said
    assert "\n      roadlog consent 10 --as paula\n" in said
    agreed = line.json("consent", "9")["records"]
    assert [each["type"] for each in agreed] == ["ConsentGiven", "NoteAdded"]
    assert (agreed[1]["actor"]["id"], agreed[1]["effective_at"]) == ("dan", "2026-01-01T00:00:00.000000Z")
    assert [each["type"] for each in line.json("consent", "10", "--refuse")["records"]] == ["ConsentRefused"]


def test_hostile_text_is_stored_as_it_is_and_shown_escaped(line: Line) -> None:
    text = "a \u202eb\u200b \u061c c\ufeff"
    assert "a \\u202eb\\u200b \\u061c c\\ufeff" in line("note", "SUP-1", text)
    printed = line("note", "SUP-1", text, "--json")
    assert "\u202e" not in printed
    assert line.json("note", "SUP-1", text)["records"][0]["data"]["text"] == text


def test_right_to_left_text_and_emoji_stay_as_they_are(line: Line) -> None:
    assert "👩‍💻 سلام می‌خواهم" in line("note", "SUP-1", "👩‍💻 سلام می‌خواهم")


def test_negative_numbers_are_values(line: Line) -> None:
    assert line.json("measure", "SUP-1", "tickets", "-3.5")["records"][0]["data"]["value"] == -3.5
    assert line.json("measure", "SUP-1", "tickets", "−4")["records"][0]["data"]["value"] == -4


def test_a_small_key_is_taken_for_a_capital_one(line: Line) -> None:
    assert line.json("note", "sup-1", "x")["initiative"] == "SUP-1"
