"""Other people's words in every field: no export obeys them, and those that can hold them hold them whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlog.interop import xes
from roadlog.interop.tables import TABLES
from roadlog.visible import escaped, plain
from tests.cli.hostile import LINE, TEXT, hostile_store, raw
from tests.cli.line import Line
from tests.interop.exports import exported
from tests.interop.xes_structure import faults

LONG = ("]]></string>\u202e=1+1\n" * 819).rstrip()
"""As long a text as may be recorded, of what is worst."""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        line = hostile_store(folder)
        for words in (("note", "SUP-1", LONG), ("reframe", "SUP-1", "--problem", LONG, "--because", LONG)):
            assert line.run(*words).exit_code == 0
        yield line


def texts(value: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


@pytest.mark.parametrize("form", ["jsonl", "cloudevents", "ocel", "xes"])
def test_nothing_that_a_terminal_obeys_is_in_a_text(hostile: Line, form: str) -> None:
    assert raw(exported(hostile, form).decode()) == []


def test_nothing_that_a_terminal_obeys_is_in_a_table(hostile: Line) -> None:
    for table in TABLES:
        content = exported(hostile, "csv", "--table", table).decode()
        assert raw(content.replace("\r\n", "\n")) == []
        found = list(csv.reader(io.StringIO(content, newline=""), strict=True))
        assert len({len(row) for row in found}) == 1
        cells = [each for row in found for each in row]
        assert not any(each.lstrip().startswith(tuple("=+@＝")) for each in cells)


def test_json_holds_every_text_whole(hostile: Line) -> None:
    for form in ("jsonl", "cloudevents"):
        found = set(texts([json.loads(each) for each in exported(hostile, form).splitlines()]))
        assert {LINE, TEXT, LONG} <= found
    assert LINE in set(texts(json.loads(exported(hostile, "ocel"))))


def test_parquet_holds_every_text_whole(hostile: Line, tmp_path: Path) -> None:
    hostile("export", "parquet", "--out", str(tmp_path / "tables"))
    with duckdb.connect() as connection:
        query = "SELECT problem, title FROM read_parquet(?) ORDER BY key LIMIT 1"
        found = connection.execute(query, [str(tmp_path / "tables" / "initiatives.parquet")]).fetchall()
    assert found == [(LONG, LINE)]


def test_xes_is_one_element_after_another_and_holds_titles_whole(hostile: Line) -> None:
    log = ET.fromstring(exported(hostile, "xes"))  # noqa: S314 (we wrote it)
    names = {each.tag.partition("}")[2] for each in log.iter()}
    kinds = {"string", "date", "int", "float"}
    assert names == {"log", "extension", "global", "classifier", "trace", "event", *kinds}
    titles = {each.get("value") for each in log.iter() if each.get("key") == "title"}
    assert titles == {LINE, "Done", "Young"}
    assert faults(exported(hostile, "xes")) == []


def test_every_attribute_of_xes_has_its_meaning(history: Line) -> None:
    space = "{http://www.xes-standard.org/}"
    log = ET.fromstring(exported(history, "xes"))  # noqa: S314
    for kind, meanings in (("trace", xes.TRACE), ("event", xes.EVENT)):
        found = {
            each.get("key")
            for one in log.iter(f"{space}{kind}")
            for each in one
            if each.tag != f"{space}event"
        }
        assert found == set(meanings)


def test_a_title_that_is_not_escaped_is_found(hostile: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a writer that lets texts be."""
    monkeypatch.setattr(xes, "attribute", lambda text: text)
    with pytest.raises(ET.ParseError):
        ET.fromstring(exported(hostile, "xes"))  # noqa: S314


@given(st.text(st.characters(codec="utf-8")))
def test_an_attribute_says_every_text_that_xml_can_hold(text: str) -> None:
    written = xes.attribute(text)
    assert raw(written) == []
    read = ET.fromstring(f'<a b="{written}"/>').get("b")  # noqa: S314
    assert read == xes.NO_XML.sub(lambda found: escaped(found[0]), text)


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1b", "\ufffe", "\uffff", "\ud800"])
def test_what_xml_cannot_hold_is_written_out(character: str) -> None:
    assert xes.attribute(f"a{character}b") == f"a{plain(character)}b" == f"a{escaped(character)}b"
