"""`roadlog export`: what goes where, of which moment, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from hashlib import sha256
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from roadlog.interop import formats, jsonl, parquet
from roadlog.interop.formats import FORMATS
from roadlog.interop.tables import TABLES
from roadlog.interop.xes import write as write_xes
from tests.cli.hostile import raw
from tests.cli.line import Line
from tests.interop.exports import SAMPLES, exported, samples

AGAIN = "`python -m tests.interop.exports` writes it as it is today; read what changed before you commit it"
HEAD = ("--position", "27")


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file."""
    return {each.name: sha256(each.read_bytes()).hexdigest() for each in folder.iterdir() if each.is_file()}


def records(line: Line, *words: str) -> list[dict[str, Any]]:
    return [json.loads(each) for each in exported(line, "jsonl", *words).splitlines()]


def test_the_same_log_at_the_same_moment_gives_the_same_bytes(history: Line) -> None:
    found = samples(history)
    assert set(found) == {each.name for each in SAMPLES.iterdir()}
    for name, content in found.items():
        assert content == (SAMPLES / name).read_bytes(), f"{name}: {AGAIN}"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_holds_what_goes_to_stdout(history: Line, tmp_path: Path, form: str) -> None:
    more = ("--table", "records") if FORMATS[form].tables else ()
    out = tmp_path / "out"
    said = history("export", form, *more, *HEAD, "--out", str(out))
    assert out.read_bytes() == exported(history, form, *more, *HEAD)
    assert said.splitlines()[1] == "It is of the whole roadmap up to record 27."
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_hyphen_is_stdout(
    history: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    more = ("--table", "records") if FORMATS[form].tables else ()
    assert exported(history, form, *more, *HEAD, "--out", "-") == exported(history, form, *more, *HEAD)
    assert list(tmp_path.iterdir()) == []
    history("export", form, *more, *HEAD, "--out", "./-")
    assert [each.name for each in tmp_path.iterdir()] == ["-"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_holds_every_table_and_what_they_mean(history: Line, tmp_path: Path, form: str) -> None:
    out = tmp_path / "tables"
    answer = history.json("export", form, *HEAD, "--out", str(out))
    assert {each.name for each in out.iterdir()} == {"README", *(f"{name}.{form}" for name in TABLES)}
    assert answer == {
        "format": form,
        "out": str(out),
        "table": None,
        "origin": "roadlog/SUP/670a751e6c283436",
        "key": None,
        "as_of": "2026-03-09T09:00:00.000024Z",
        "known_at": "2026-03-09T09:00:00.000024Z",
        "position": 27,
        "head": "376a01aa74f88519ff5a19371696725034d9d8a314798ec4421fcc8c48003436",
        "holds": {
            "records": 27,
            "initiatives": 2,
            "visits": 10,
            "cycles": 3,
            "iterations": 4,
            "approvals": 1,
            "risks": 1,
            "measurements": 2,
        },
    }
    for name, table in TABLES.items():
        one = exported(history, form, "--table", name, *HEAD)
        assert (out / f"{name}.{form}").read_bytes() == one
        for column in table.columns:
            assert f"{column.kind}: {column.meaning}" in (out / "README").read_text(encoding="utf-8")


def test_a_folder_made_again_is_the_same(history: Line, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        for name in ("one", "two"):
            history("export", form, *HEAD, "--out", str(tmp_path / f"{form}-{name}"))
        assert digests(tmp_path / f"{form}-one") == digests(tmp_path / f"{form}-two")


def test_of_one_initiative_there_is_nothing_of_others(history: Line) -> None:
    assert {each["stream"] for each in records(history, "SUP-2")} == {"SUP-2"}
    rows = list(csv.DictReader(io.StringIO(exported(history, "csv", "sup-2", "--table", "visits").decode())))
    assert [each["initiative"] for each in rows] == ["SUP-2"]
    for form in ("ocel", "xes", "cloudevents"):
        assert b"SUP-1" not in exported(history, form, "SUP-2")


def test_a_position_is_what_the_log_said_then(history: Line) -> None:
    assert [each["position"] for each in records(history, "--position", "5")] == [1, 2, 3, 4, 5]
    assert exported(history, "jsonl").startswith(exported(history, "jsonl", "--position", "5"))
    assert exported(history, "csv", "--table", "cycles", "--position", "7").count(b"\r\n") == 1


def test_known_at_is_the_same_by_time(history: Line) -> None:
    whole = records(history)
    time = whole[9]["recorded_at"]
    assert exported(history, "xes", "--known-at", time) == exported(history, "xes", "--position", "10")


def test_as_of_leaves_out_what_had_not_happened_yet(history: Line) -> None:
    time = "2026-03-05T07:00:00.000010Z"
    found = records(history, "--as-of", time)
    assert found == [each for each in records(history) if each["effective_at"] <= time]
    rows = exported(history, "csv", "--table", "visits", "--as-of", time).decode().splitlines()
    assert [each.split(",")[3] for each in rows[1:]] == ["feasibility", "prototype", "feasibility"]
    assert exported(history, "xes", "--as-of", time).count(b"<event>") == 3


def test_before_all_records_every_format_is_empty_and_whole(history: Line, tmp_path: Path) -> None:
    start = ("--position", "0")
    assert exported(history, "jsonl", *start) == exported(history, "cloudevents", *start) == b""
    assert json.loads(exported(history, "ocel", *start))["events"] == []
    assert exported(history, "xes", *start).endswith(b"</log>\n")
    answer = history.json("export", "csv", *start, "--out", str(tmp_path / "tables"))
    assert answer["holds"] == dict.fromkeys(TABLES, 0)


def test_a_void_record_is_in_it_and_says_so(history: Line) -> None:
    voided = next(each["data"]["position"] for each in records(history) if each["type"] == "RecordVoided")
    by = str(next(each["position"] for each in records(history) if each["type"] == "RecordVoided"))
    rows = csv.DictReader(io.StringIO(exported(history, "csv", "--table", "records").decode(), newline=""))
    assert {each["position"]: each["voided_by"] for each in rows if each["voided_by"]} == {str(voided): by}
    events = json.loads(exported(history, "ocel"))["events"]
    marks = {
        each["id"]: one["value"] for each in events for one in each["attributes"] if "void" in one["name"]
    }
    assert marks == {str(voided): by}
    assert b",-5," not in exported(history, "csv", "--table", "measurements")


def test_nothing_is_written_over_and_nothing_half(history: Line, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    for form in FORMATS:
        error = history.error("export", form, "--out", str(there))
        assert (error["exit"], error["rule"]) == (5, "file-exists")
        assert history.error("export", form, "--out", str(tmp_path / "no" / "folder"))["exit"] == 6
    assert [each.name for each in tmp_path.iterdir()] == ["there"]
    assert there.read_text() == "mine"


@pytest.mark.parametrize("form", ["xes", "csv"])
def test_where_it_breaks_off_nothing_stays(
    history: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("roadlog.interop.exported.Exported.initiatives", full)
    error = history.error("export", form, "--out", str(tmp_path / "out"))
    assert error["exit"] == 6
    assert "No space left" in error["message"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("csv",),
            "csv has several tables. Give --out DIR for a folder of all, or --table for one: records,",
        ),
        (("csv", "--out", "-"), "csv has several tables. Give --out DIR"),
        (("jsonl", "--table", "records"), "--table goes with csv and parquet: jsonl has no tables."),
        (("xls",), "'xls' is not one of"),
        (("csv", "--table", "visit"), "'visit' is not one of"),
        (("jsonl", "SUP-9"), "There is no initiative 'SUP-9'."),
        (("jsonl", "--as-of", "2999-01-01"), "is after now"),
        (("jsonl", "SUP-2", "--position", "3"), "There is no initiative 'SUP-2' at position 3"),
        (("xes", "--json"), "xes is no JSON. Give --out FILE"),
    ],
)
def test_what_cannot_be_is_refused_in_words(history: Line, words: tuple[str, ...], said: str) -> None:
    assert said in history.fails(2, "export", *words)


def test_parquet_says_what_to_install(history: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    for more in (("--table", "records"), ("--out", str(tmp_path / "out"))):
        said = history.fails(6, "export", "parquet", *more)
        assert 'pip install "roadlog[parquet]"' in said
        assert said.startswith("Failed: ")
    assert list(tmp_path.iterdir()) == []


def test_the_other_formats_need_nothing_more(history: Line) -> None:
    script = (
        "import sys; sys.modules.update(pyarrow=None, pandas=None, lxml=None)\n"
        "from roadlog.cli.main import main; main()"
    )
    for form in ("jsonl", "xes", "ocel", "cloudevents", "csv"):
        words = [form, *(("--table", "records") if form == "csv" else ())]
        done = subprocess.run(
            [sys.executable, "-c", script, "--store", str(history.folder), "export", *words],
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert util.find_spec("pm4py") is None


def test_a_reader_who_has_enough_ends_it_quietly(history: Line) -> None:
    for form in FORMATS:
        words = [form, *(("--table", "records") if FORMATS[form].tables else ())]
        command = [sys.executable, "-m", "roadlog.cli.main", "--store", str(history.folder), "export", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            assert running.stderr.read() == b""
        assert running.returncode == 0


def test_it_leaves_the_store_as_it_was(history: Line) -> None:
    exported(history, "jsonl")
    before = digests(history.folder)
    for form in ("jsonl", "xes", "ocel"):
        exported(history, form, *HEAD)
    assert digests(history.folder) == before


def test_a_place_with_a_hostile_name_is_told_and_not_obeyed(history: Line, tmp_path: Path) -> None:
    out = f"{tmp_path}/\x1b[31m"
    assert history.json("export", "jsonl", "--out", out)["out"] == out
    assert raw(history("export", "xes", "--out", f"{out}2")) == []
    assert raw(history.fails(5, "export", "xes", "--out", out)) == []


def test_every_format_has_its_writer() -> None:
    assert [each.written_by().__name__ for each in FORMATS.values()] == [
        f"roadlog.interop.{each.module}" for each in FORMATS.values()
    ]
    assert formats.FORMATS["jsonl"].written_by() is jsonl
    assert formats.FORMATS["xes"].written_by().write is write_xes
