"""Jira's answers that cannot be read: files that are none, and bad issues, each named with its place."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from roadlog.domain.refusals import Malformed
from roadlog.interop.claims import BadLine
from roadlog.interop.jira_answers import NOT_ASKED_FOR, SEARCH
from tests.interop.boards import MOVED, Claims, Json, files, history, issue, page, status
from tests.interop.logs import NOW, at


def claims(tmp_path: Path, *answers: Any) -> Claims:
    return Claims(files(tmp_path, answers))


# Files that cannot be read


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "page-1.json is empty"),
        (b" \n", "page-1.json is empty"),
        (b"<xml>", "page-1.json, line 1, byte 1: it is no JSON: invalid character"),
        (b"\n<!DOCTYPE html><html>", "page-1.json: this is HTML, perhaps a page to log in: give the"),
        (b"<HTML lang=en>", "page-1.json: this is HTML"),
        (gzip.compress(b"{}", mtime=0), "page-1.json: this is gzip: unpack it first"),
        (b"PK\x03\x04\x14\x00", "page-1.json: this is a zip archive, .*: unpack it first"),
        ('{"issues": []}'.encode("utf-16"), "page-1.json: this is UTF-16: save it as UTF-8"),
        ('{"issues": []}'.encode("utf-16-le"), "page-1.json: this is UTF-16: save it as UTF-8"),
        ('{"issues": []}'.encode("utf-16-be"), "page-1.json: this is UTF-16: save it as UTF-8"),
        (
            b'{"issues": [\n{"key": "A-1"},\n{"key": nope}]}',
            "line 3, byte 39: it is no JSON: invalid character",
        ),
        (b'{"issues": [\n{"key": "A-1"', "line 2, byte 26: it is no JSON: it ends too early"),
        (b'{"issues": []}{}', "line 1, byte 15: several JSON values in one file: give a page each, or"),
        (b'{"key": "A-1"}\n{"key": "A-2"}\n', "line 2, byte 16: several JSON values in one file"),
        (b'{"issues": []} nope', "line 1, byte 16: it is no JSON: trailing characters"),
        (b'{"issues": [{"key": NaN}]}', "line 1, byte 21: it is no JSON: invalid character"),
        (b'{"issues": [{"key": "a\x01"}]}', "line 1, byte 23: it is no JSON: invalid character"),
        (b"[" * 100_000, "page-1.json: it is nested too deeply"),
        (b'{"errorMessages": ["No such field"], "errors": {}}', "issues in it. Jira said: No such field$"),
        (b'{"errorMessages": [], "errors": {"jql": "No such board"}}', "Jira said: No such board$"),
        (b'{"message": "Client must be authenticated."}', "Jira said: Client must be authenticated.$"),
        (b'{"sum": 4}', "page-1.json holds no answer of Jira with issues in it"),
    ],
)
def test_a_file_that_is_no_answer_is_refused_with_its_place(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        claims(tmp_path, content)


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="cannot be read: Is a directory"):
        Claims((tmp_path,))


# Issues that cannot be read

AS_FIRST = "changelog.histories[0]"


def changed(path: str, value: Any) -> Json:
    """An issue with this value at that path."""
    made: Json = json.loads(json.dumps(issue("DEMO-1", *MOVED)))
    here: Any = made
    *steps, last = [int(each) if each.isdigit() else each for each in path.split(".")]
    for step in steps:
        here = here[step]
    here[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "field", "why"),
    [
        ("key", None, "issues[0].key", f"it is missing; Jira gives it with {SEARCH}"),
        ("key", "DEMO", "issues[0].key", "it is no issue's key"),
        ("key", "DEMO-1/2", "issues[0].key", "it is no issue's key"),
        ("key", 7, "issues[0].key", "expected str | null, got int"),
        ("fields", None, "DEMO-1.fields", f"they are missing; give the answer to {SEARCH}"),
        ("fields", [], "DEMO-1.fields", "expected object | null, got array"),
        ("fields.created", None, "DEMO-1.fields.created", f"it is missing; Jira gives it with {SEARCH}"),
        ("fields.created", 1772442000, "DEMO-1.fields.created", "expected str | null, got int"),
        ("fields.created", "NaN", "DEMO-1.fields.created", "'NaN' is no time"),
        (
            "fields.created",
            "1899-12-31T23:00:00.000+0000",
            "DEMO-1.fields.created",
            "1899-12-31T23:00:00.000",
        ),
        ("fields.summary", "a\ud800b", "DEMO-1.fields.summary", "it holds a lone surrogate at place 2"),
        ("fields.summary", "é" * 9000, "DEMO-1.fields.summary", "it is 18,007 bytes long; at most 16,384"),
        ("fields.status.name", "\x07", "DEMO-1.fields.status.name", "it is empty"),
        ("fields.status.name", "x" * 201, "DEMO-1.fields.status.name", "it is 201 characters long"),
        ("changelog", None, "DEMO-1.changelog", f"it is missing; Jira gives it with {SEARCH}"),
        ("changelog.total", -1, "DEMO-1.changelog.total", "expected int >= 0"),
        ("changelog.histories", {}, "DEMO-1.changelog.histories", "expected array | null, got object"),
        ("changelog.histories.0", 3, f"DEMO-1.{AS_FIRST}", "expected object, got int"),
        ("changelog.histories.0.id", None, f"DEMO-1.{AS_FIRST}.id", "it is missing"),
        ("changelog.histories.0.id", 0, f"DEMO-1.{AS_FIRST}.id", "'0' is no history's id"),
        ("changelog.histories.0.id", "x1", f"DEMO-1.{AS_FIRST}.id", "'x1' is no history's id"),
        ("changelog.histories.0.created", None, f"DEMO-1.{AS_FIRST}.created", "it is missing"),
        (
            "changelog.histories.0.created",
            "2026-06-01T12:00:00.001+0000",
            f"DEMO-1.{AS_FIRST}.created",
            "2026-06-01T12:00:00.001+0000 is in the future",
        ),
        (
            "changelog.histories.0.author.displayName",
            "\ud800",
            f"DEMO-1.{AS_FIRST}.author.displayName",
            "it holds a lone surrogate at place 1",
        ),
        (
            "changelog.histories.0.items.0.toString",
            None,
            f"DEMO-1.{AS_FIRST}.items[0].toString",
            "it is missing",
        ),
        (
            "changelog.histories.0.items.0.toString",
            " ",
            f"DEMO-1.{AS_FIRST}.items[0].toString",
            "it is empty",
        ),
        (
            "changelog.histories.0.items.0.field",
            3,
            f"DEMO-1.{AS_FIRST}.items[0].field",
            "expected str | null",
        ),
    ],
)
def test_a_bad_issue_is_named_with_its_field(
    tmp_path: Path, path: str, value: Any, field: str, why: str
) -> None:
    found = claims(tmp_path, page(changed(path, value), issue("DEMO-2")))
    (bad,) = found.bad
    assert (bad.file, bad.line, bad.field) == ("page-1.json", 1, field)
    assert bad.why.startswith(why)
    assert found.stays("DEMO-2") == [("Done", at(1))]


def test_an_issue_without_status_or_change_is_bad(tmp_path: Path) -> None:
    (bad,) = claims(tmp_path, page(issue("DEMO-1", now=None))).bad
    assert (bad.field, bad.why) == ("DEMO-1.fields.status", NOT_ASKED_FOR)


def test_an_error_of_jira_among_answers_is_named_as_jira_says_it(tmp_path: Path) -> None:
    found = claims(tmp_path, [issue("DEMO-1"), {"errorMessages": ["Issue does not exist"]}])
    assert [(each.field, each.why) for each in found.bad] == [("[1]", "Jira said: Issue does not exist")]
    assert found.stays("DEMO-1") == [("Done", at(1))]


def test_control_characters_are_read_as_blanks(tmp_path: Path) -> None:
    """As they stand in what was pasted into a form: one of them would keep a whole board out."""
    moved = history(7, at(2), status("To\x07Do", "Do\x1b[31mne"), who="A\x9bna")
    found = claims(tmp_path, page(issue("DEMO-1", moved, summary="a\x1b[2Jb\x00", now="Do\x1b[31mne")))
    assert found.told() == [
        ("DEMO-1", "To Do", at(1), "Paula", 0),
        ("DEMO-1", "Do [31mne", at(2), "A na", 7),
    ]
    assert [each.title for each in found.lines] == ["DEMO-1 a [2Jb"] * 2


def test_what_is_no_issue_is_named_by_its_place(tmp_path: Path) -> None:
    found = claims(tmp_path, [page(issue("DEMO-1"), total=1), {"id": "4"}, 3], {"issues": 5})
    assert [(each.field, each.why) for each in found.bad] == [
        ("[1].key", NOT_ASKED_FOR),
        ("[2]", "it is no issue"),
        ("issues", "expected array, got int"),
    ]


def test_arrays_in_arrays_come_to_an_end(tmp_path: Path) -> None:
    (bad,) = claims(tmp_path, "[" * 900 + "]" * 900).bad
    assert (bad.field, bad.why) == ("[0]" * 8, "it is no issue")


def test_a_changelog_names_its_issue_by_the_key(tmp_path: Path) -> None:
    answer = {"self": "https://example.com/rest/api/3/issue/10106/changelog", "total": 0, "values": []}
    (bad,) = claims(tmp_path, answer).bad
    assert bad.field == "self"
    assert bad.why.startswith("it names no issue by its key, as https://example.com/")


def test_bytes_that_are_no_utf_8_are_named_where_they_are_read(tmp_path: Path) -> None:
    content = (
        json.dumps(page(issue("DEMO-1", summary="cafX"), issue("DEMO-2"))).encode().replace(b"X", b"\xe9")
    )
    found = claims(tmp_path, content)
    assert found.bad == [
        BadLine(file="page-1.json", line=1, field="DEMO-1", why="it holds bytes that are no UTF-8 text")
    ]
    assert found.stays("DEMO-2") == [("Done", at(1))]


def test_a_bad_issue_is_named_with_the_line_on_which_it_begins(tmp_path: Path) -> None:
    issues = [issue(f"DEMO-{number}", *MOVED) for number in range(1, 6)]
    issues[2]["fields"]["created"] = "soon"
    issues[4] = {"key": "DEMO-5"}
    content = json.dumps([page(*issues[:2]), page(*issues[2:])], indent=2)
    found = claims(tmp_path, content)
    keys = [content[: content.index(f'"key": "DEMO-{number}"')].count("\n") for number in (3, 5)]
    assert [each.line for each in found.bad] == keys


def test_an_issue_that_stands_twice_is_named_twice(tmp_path: Path) -> None:
    bad = changed("fields.created", "soon")
    found = claims(tmp_path, json.dumps(page(bad, bad), indent=0))
    first, second = (each.line for each in found.bad)
    assert second == first + json.dumps(bad, indent=0).count("\n") + 1


@settings(deadline=None)
@for_all(st.binary(max_size=200))
def test_any_bytes_are_claims_or_refused(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("noise")
    whole = json.dumps(page(issue("DEMO-1", *MOVED))).encode()
    for content in (noise, whole[: len(noise)] + noise + whole[len(noise) :], b"[" + noise + b"]"):
        paths = files(folder, [content])
        with suppress(Malformed):
            assert all(each.at <= NOW for each in Claims(paths).lines)


FINITE = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: str = "") -> Iterator[str]:
    """The path of everything in a value."""
    for name, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield f"{path}{name}"
        if isinstance(each, dict | list):
            yield from places(each, f"{path}{name}.")


@settings(deadline=None)
@for_all(st.sampled_from(list(places(issue("DEMO-1", *MOVED)))), VALUES)
def test_any_value_anywhere_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, path: str, value: Any
) -> None:
    found = Claims(files(tmp_path_factory.mktemp("odd"), [page(changed(path, value), issue("DEMO-2"))]))
    assert (
        len(found.bad) + len({each.case for each in found.lines} | {each.case for each in found.truncated})
        >= 2
    )
    assert all(each.field.partition(".")[0] in ("DEMO-1", "issues[0]") for each in found.bad)
