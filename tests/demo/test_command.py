"""`roadlog demo`: what it prints, where it plays, and what it refuses."""

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from freezegun import freeze_time

from roadlog.demo.player import run
from tests.demo.conftest import TODAY, Played, told

COMMAND = re.compile(r"^\$ (roadlog (?:.*\\\n)*.*)", re.MULTILINE)


def test_it_ends_with_the_answers_and_what_to_try_next(played: Played) -> None:
    asked = [shlex.split(each)[1] for each in COMMAND.findall(played.out)][-6:]
    assert asked == ["board", "show", "gate", "log", "metrics", "verify"]
    assert "intact-unanchored" in played.out
    assert f"roadlog --store {played.folder} next --for devi" in played.out


def test_each_command_is_one_that_could_be_typed(played: Played) -> None:
    """Taken apart by a shell's rules, the lines shown are the arguments that were recorded."""
    typed = [shlex.split(each) for each in COMMAND.findall(played.out)]
    writes = [each for each in typed if "--at" in each]
    assert len(writes) > 140
    assert all(each[0] == "roadlog" and "--as" in each for each in writes)
    define = next(each for each in writes if "We want to reduce support load by 30 %" in each)
    assert define[define.index("--target") + 1] == "-30%"


def test_what_it_says_to_try_next_works(played: Played) -> None:
    lines = played.out.partition("Try next:")[2].splitlines()
    commands = [shlex.split(each)[1:] for each in lines if each.startswith("  roadlog ")]
    assert len(commands) >= 5
    assert commands[-1][-1] == "serve"  # which does not end by itself
    for each in commands[:-2]:  # the one before is a decision
        with freeze_time(TODAY):
            code, _, complaint = run(each)
        assert code == (5 if "--dry-run" in each else 0), complaint


def test_its_store_says_that_it_is_a_demos(played: Played) -> None:
    (adopted,) = played.of("WorkflowAdopted")
    assert told(adopted, "name") == "ai-product-demo"
    assert "dated back 400 days instead of 7" in played.out
    assert "400 instead of 7" in (played.folder / "demo.toml").read_text(encoding="utf-8")


def test_its_workflow_is_ai_product_but_for_name_and_backdating(played: Played) -> None:
    from roadlog.cli.workflows import built_in, from_file
    from roadlog.domain.workflow_file import definition

    ours, usual = definition(from_file(played.folder / "demo.toml")), definition(built_in("ai-product"))
    assert ours["policy"].pop("max_backdate_days") == 400
    assert usual["policy"].pop("max_backdate_days") == 7
    assert ours | {"name": usual["name"]} == usual


def test_a_finished_demo_is_not_played_over(played: Played) -> None:
    code, out, complaint = run(("demo", "--dir", str(played.folder)))
    assert (code, out) == (5, "")
    assert "holds a demo already" in complaint
    assert f"roadlog --store {played.folder} board" in complaint
    code, _, complaint = run(("demo", "--dir", str(played.folder), "--json"))
    error = json.loads(complaint)["error"]
    assert (code, error["rule"]) == (5, "demo-exists")
    assert error["try"][0] == f"roadlog --store {played.folder} board"


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, complaint = run(("demo", "--dir", str(tmp_path), "--json"))
    assert code == 5
    assert json.loads(complaint)["error"]["rule"] == "folder-exists"
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_demo_cut_short_is_told_from_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").touch()
    code, _, complaint = run(("demo", "--dir", str(tmp_path), "--json"))
    error = json.loads(complaint)["error"]
    assert (code, error["rule"]) == (5, "demo-unfinished")
    assert f"(rm -r {tmp_path})" in error["message"]
    assert error["try"][0] == f"roadlog demo --dir {tmp_path}"


def test_it_takes_no_store_of_somebody_else(tmp_path: Path) -> None:
    code, _, complaint = run(("--store", str(tmp_path), "demo", "--dir", str(tmp_path / "d")))
    assert code == 2
    assert "--dir" in complaint
    assert list(tmp_path.iterdir()) == []


def test_as_json_it_says_one_thing_and_plays_the_same_again(
    played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same day, the same trail; and neither the environment nor the working folder has a say."""
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("ROADLOG_STORE", str(elsewhere))
    monkeypatch.setenv("ROADLOG_ACTOR", "nobody")
    monkeypatch.chdir(tmp_path)
    with freeze_time(TODAY):
        code, out, complaint = run(("--json", "demo"))
        trails = [
            json.loads(run(("--store", str(folder), "--json", "log"))[1])
            for folder in (tmp_path / "roadlog-demo", played.folder)
        ]
    assert (code, complaint, Path.cwd(), os.environ["ROADLOG_STORE"]) == (0, "", tmp_path, str(elsewhere))
    answer = json.loads(out)
    assert (answer["store"], answer["records"]) == ("roadlog-demo/.roadlog", len(played.records))
    assert [(each["key"], each["status"]) for each in answer["initiatives"]] == [
        ("SUP-1", "live"),
        ("SUP-2", "active"),
    ]
    for each in (*trails[0], *trails[1]):
        del each["recorded_at"], each["late"]
    assert trails[0] == trails[1]
    assert not elsewhere.exists()
