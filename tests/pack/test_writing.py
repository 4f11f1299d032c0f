"""What a pack holds: the same bytes for the same log, one initiative's words and nobody else's."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from freezegun import freeze_time

from roadlog.application import Application
from roadlog.domain.refusals import StoreFailure
from tests.cli.line import Line
from tests.demo.conftest import TODAY
from tests.pack.packs import checked, contents, files, headers, packed, root_of

DATED = ("tables/milestones.csv", "controls.json", "tables/controls.csv")
"""How long the present milestone lasts, and what was due by then, is counted to the last record."""
LATER = TODAY + timedelta(days=40)


def test_the_same_log_gives_the_same_bytes(
    demo: Path, whole: Path, of_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At another time, from another folder, of a copy, in another zone."""
    copy = Path(shutil.copytree(demo, tmp_path / "elsewhere" / ".roadlog"))
    (copy / "config.toml").write_text('zone = "Asia/Tokyo"\n')
    monkeypatch.chdir(tmp_path)
    with freeze_time(LATER):
        assert files(packed(copy, Path("again"))) == files(whole)
        assert files(packed(copy, Path("one"), "SUP-1")) == files(of_one)


def test_a_later_checkpoint_of_the_same_records_changes_nothing(
    demo: Path, of_one: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(demo, tmp_path / ".roadlog"))
    with freeze_time(LATER):
        Line(copy)("checkpoint")
        assert files(packed(copy, tmp_path / "one", "SUP-1")) == files(of_one)


def test_another_record_makes_another_pack(demo: Path, of_one: Path, tmp_path: Path) -> None:
    """The control."""
    copy = Path(shutil.copytree(demo, tmp_path / ".roadlog"))
    with freeze_time(LATER):
        Line(copy)("note", "SUP-2", "Something new", by="jonas")
        later = files(packed(copy, tmp_path / "one", "SUP-1"))
    differing = {name for name, content in files(of_one).items() if later[name] != content}
    assert differing == {"README", "SHA256SUMS", "checkpoint.note", "headers.txt", "report.html", *DATED}


def test_it_has_the_headers_of_the_whole_log_under_the_root(demo: Path, whole: Path, of_one: Path) -> None:
    answer = Line(demo).run("verify", "--json")
    said = json.loads(answer.stdout)
    assert len(headers(of_one)) == said["size"]
    assert root_of(of_one).hex() == said["root"] == root_of(whole).hex()
    assert (of_one / "headers.txt").read_bytes() == (whole / "headers.txt").read_bytes()


def test_it_has_the_bytes_of_one_initiative_and_of_the_roadmap_alone(whole: Path, of_one: Path) -> None:
    streams = {place: each.split("\n")[2] for place, each in enumerate(headers(of_one), 1)}
    every, some = contents(whole), contents(of_one)
    assert set(every) == set(streams)
    assert set(some) == {place for place, stream in streams.items() if stream in ("SUP", "SUP-1")}
    assert {place: every[place] for place in some} == some


def test_other_initiatives_words_are_nowhere_in_it(demo: Path, whole: Path, of_one: Path) -> None:
    """Each text of another's records is in the pack of all, and in no file of the pack of one."""
    own = {text for place, content in contents(of_one).items() for text in _texts(json.loads(content))}
    others = {
        text
        for place, content in contents(whole).items()
        if place not in contents(of_one)
        for text in _texts(json.loads(content)["data"])
    }
    words = {text for text in others - own if len(text) > 20}
    assert len(words) > 20
    everything = b"".join((*files(of_one).values(), *contents(of_one).values())).decode()
    assert [each for each in words if each in everything] == []
    told = (whole / "tables" / "changes.csv").read_text()
    assert any(each in told for each in words)


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def test_a_consent_about_another_initiative_is_withheld(line: Line, tmp_path: Path) -> None:
    line("define", "Another one", "--problem", "Refunds take 9 days")
    line("note", "SUP-2", "To be voided")
    line("void", "10", "--because", "Nobody else should read this", by="carla")
    line("consent", "11", "--because", "Nor this", by="dan")
    line("note", "SUP-1", "To be voided as well")
    line("void", "14", "--because", "This is of SUP-1", by="carla")
    pack = packed(line.folder, tmp_path / "pack", "SUP-1")
    everything = b"".join((*files(pack).values(), *contents(pack).values()))
    assert b"Nobody else should read this" not in everything
    assert b"Nor this" not in everything
    assert b"This is of SUP-1" in everything
    assert checked(pack, tmp_path / "empty").code == 1


def test_a_time_bounds_what_is_told_and_not_the_headers(line: Line, tmp_path: Path) -> None:
    with freeze_time("2026-03-03T09:00:00Z"):
        line("note", "SUP-1", "On the third")
    with freeze_time("2026-03-04T09:00:00Z"):
        line("note", "SUP-1", "On the fourth")
    with freeze_time("2026-03-05T09:00:00Z"):
        line("note", "SUP-1", "On the fifth")
        window = ("--from", "2026-03-03T09:00:00.000001Z", "--to", "2026-03-05T09:00:00Z")
        pack = packed(line.folder, tmp_path / "pack", "SUP-1", *window)
    assert checked(pack, tmp_path / "empty").code == 1
    assert len(headers(pack)) == 11
    assert sorted(contents(pack)) == list(range(1, 11))
    rows = (pack / "tables" / "changes.csv").read_text().splitlines()
    assert [each.split(",")[0] for each in rows] == ["position", "10"]
    report = (pack / "report.html").read_text()
    assert ("On the third" in report, "On the fourth" in report, "On the fifth" in report) == (
        False,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ("SUP-9",)),
        (2, ("SUP",)),
        (2, ("--from", "2999-01-01")),
        (2, ("--to", "2999-01-01")),
        (2, ("--to", "2020-01-01")),
        (2, ("--from", "2026-03-03", "--to", "2026-03-03")),
        (5, ("--out", ".")),
        (6, ("--out", "file/pack")),
        (6, ("--out", "nope/pack")),
    ],
)
def test_what_cannot_be_packed_leaves_nothing(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: tuple[str, ...]
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "file").write_text("")
    monkeypatch.chdir(folder)
    line.fails(code, "evidence-pack", "--out", "pack", *words)
    assert os.listdir(folder) == ["file"]


def test_a_store_that_takes_no_checkpoint_says_what_is_missing(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise StoreFailure("store", "attempt to write a readonly database")

    monkeypatch.setattr(Application, "checkpoint", refused)
    said = line.fails(6, "evidence-pack", "--out", str(tmp_path / "pack"))
    assert "A pack needs a checkpoint of all 8 records, and none can be kept here: " in str(said)
    monkeypatch.undo()
    line("checkpoint")
    monkeypatch.setattr(Application, "checkpoint", refused)
    packed(line.folder, tmp_path / "pack")


def test_a_damaged_record_makes_no_pack(line: Line, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(line.folder / "events.db") as store:
        for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {name}")
        store.execute(
            "UPDATE stored_events SET recorded_at = '2026-03-02T09:00:00.000001Z' WHERE position = 5"
        )
    store.close()
    line.fails(4, "evidence-pack", "--out", str(tmp_path / "pack"))
    assert not (tmp_path / "pack").exists()
