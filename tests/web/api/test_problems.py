"""What goes wrong is said as RFC 9457 has it, with the exit code and the rule of the command line."""

from __future__ import annotations

import os
import re
import sqlite3
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from roadlog.web.api import answers, bodies
from tests.cli.line import Line
from tests.web.apart import finished
from tests.web.api.conftest import BASE, Site

MEMBERS = ["type", "title", "status", "detail", "exit", "rule", "message", "missing", "try"]
NOTE = "/initiatives/SUP-1/note"


def problem(answer: Any) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert list(said) == MEMBERS
    assert (said["status"], said["detail"]) == (answer.status_code, said["message"])
    assert said["type"] == f"{BASE}/#exit-{said['exit']}"
    return said


def agrees(said: dict[str, Any], error: dict[str, Any]) -> None:
    """It is the command line's error, but for a help that nobody can ask for here."""
    error["try"] = [each for each in error["try"] if not each.endswith("--help")]
    error["message"] = re.sub("--(as-of|from|to|by)", r"“\1”", error["message"])
    error["missing"] = ["because" if each == "reason" else each for each in error["missing"]]
    assert {name: said[name] for name in error} == error


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/initiatives/SUP-9", ("show", "SUP-9")),
        ("/initiatives/SUP-1/why/nothing", ("why", "SUP-1", "nothing")),
        ("/board?position=99", ("board", "--position", "99")),
        ("/board?as-of=2030-01-01T00:00:00Z", ("board", "--as-of", "2030-01-01T00:00:00Z")),
        ("/next?for=nobody", ("next", "--for", "nobody")),
        ("/log?type=Nothing", ("log", "--type", "Nothing")),
        ("/log?actor=nobody", ("log", "--actor", "nobody")),
        ("/metrics?role=nothing", ("metrics", "--role", "nothing")),
        ("/metrics?milestone=nothing", ("metrics", "--milestone", "nothing")),
        ("/audit?control=nothing", ("audit", "--control", "nothing")),
        ("/replay?from=5&to=2", ("replay", "--from", "5", "--to", "2")),
        ("/forecast?by=2020-01-01", ("forecast", "--by", "2020-01-01")),
        ("/search?q=%22", ("search", '"')),
        ("/records/99", None),
        ("/prove/99", ("prove", "99")),
    ],
)
def test_a_question_fails_as_on_the_command_line(
    site: Site, path: str, typed: tuple[str, ...] | None
) -> None:
    said = problem(site.get(path))
    if typed is not None:
        agrees(said, Line(site.folder).error(*typed))


@pytest.mark.parametrize(
    ("path", "values", "by", "typed"),
    [
        ("retire", {"because": "Old"}, "paula", ("retire", "SUP-1", "--because", "Old")),
        ("reject", {"role": "compliance"}, "carla", ("reject", "SUP-1", "--role", "compliance")),
        ("approve", {"role": "x"}, "paula", ("approve", "SUP-1", "--role", "x")),
        ("note", {"text": ""}, "dan", ("note", "SUP-1", "")),
        ("risk-reopen", {"risk": "R7", "because": "Back"}, "dan",
         ("risk", "reopen", "SUP-1", "R7", "--because", "Back")),
        ("note", {"text": "x", "expect_version": 7}, "dan", ("note", "SUP-1", "x", "--expect-version", "7")),
    ],
)  # fmt: skip
def test_a_wish_is_refused_as_on_the_command_line(
    site: Site, path: str, values: dict[str, Any], by: str, typed: tuple[str, ...]
) -> None:
    error = Line(site.folder).error(*typed, by=by)
    said = problem(site.post(f"/initiatives/SUP-1/{path}", values, by=by))
    agrees(said, error)
    assert Line(site.folder).records() == 8


STATUSES = {
    2: ("/initiatives/SUP-1/note", {"text": 5}, 400),
    3: ("/initiatives/SUP-1/note", {"text": "x", "expect_version": 9}, 409),
    5: ("/initiatives/SUP-1/retire", {"because": "It is old"}, 422),
}


@pytest.mark.parametrize("code", STATUSES)
def test_each_exit_code_has_its_status(site: Site, code: int) -> None:
    path, values, status = STATUSES[code]
    said = problem(site.post(path, values))
    assert (said["exit"], said["status"]) == (code, status)


def test_a_damaged_log_is_500_and_exit_4(site: Site) -> None:
    rows = sqlite3.connect(site.folder / "events.db")
    with rows:
        rows.execute("DROP TRIGGER IF EXISTS stored_events_no_update")
        rows.execute("UPDATE stored_events SET state = x'00' WHERE position = 8")
    rows.close()
    said = problem(site.get("/records/8"))
    assert (said["status"], said["exit"], said["try"]) == (500, 4, ["roadlog verify"])


def test_a_store_that_is_gone_is_503_and_exit_6(site: Site) -> None:
    os.rename(site.folder / "events.db", site.folder / "elsewhere.db")
    said = problem(site.get("/board"))
    assert (said["status"], said["exit"]) == (503, 6)


def test_a_defect_is_500_and_exit_70_and_tells_nothing_of_the_inside(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("what nobody should read")

    monkeypatch.setattr("roadlog.reading.Reading.board", broken)
    said = problem(site.get("/board"))
    assert (said["status"], said["exit"], said["rule"]) == (500, 70, "defect")
    assert "nobody" not in said["message"]


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("/board?nothing=1", []),
        ("/initiatives/SUP-1?key=SUP-2", []),
        ("/board?position=x", ["position"]),
        ("/board?position=-1", ["position"]),
        ("/board?as-of=monday", ["as-of"]),
        ("/board?as-of=2026-03-01T00:00:00", ["as-of"]),
        ("/records/0", ["position"]),
        ("/records/x", ["position"]),
        ("/records?count=1001", ["count"]),
        ("/forecast?by=monday", ["by"]),
        ("/forecast?by=2027-01-01&count=3", ["count", "by"]),
        ("/catalogue?schema=yes", ["schema"]),
        ("/search", ["q"]),
        ("/diff", ["from"]),
        ("/next", ["for"]),
        ("/digest", ["for"]),
    ],
)
def test_an_address_that_says_what_cannot_be_is_not_understood(
    site: Site, path: str, missing: list[str]
) -> None:
    said = problem(site.get(path))
    assert (said["status"], said["exit"], said["missing"]) == (400, 2, missing)


@pytest.mark.parametrize(
    ("path", "by", "values", "rule", "says", "missing"),
    [
        ("initiatives", "paula", {"title": "Use GPT-5", "problem": "We need a bot"}, "problem-first",
         "That belongs in “approach”.", ["approach"]),
        ("initiatives/SUP-1/note", "dan", {"text": "x", "at": "2099-01-01T00:00:00Z"}, "future",
         "“at”", ["at"]),
        ("initiatives/SUP-1/note", "dan", {"txt": "x"}, "malformed-txt",
         "note takes no value called 'txt'.", []),
        ("initiatives/SUP-1/reject", "carla", {"role": "compliance"}, "reason",
         "needs a reason", ["because"]),
    ],
)  # fmt: skip
def test_fields_are_named_as_the_body_has_them(
    site: Site, path: str, by: str, values: dict[str, Any], rule: str, says: str, missing: list[str]
) -> None:
    said = problem(site.post(f"/{path}", values, by=by))
    assert (said["rule"], said["missing"]) == (rule, missing)
    assert says in said["message"]
    assert "--" not in said["message"]


def test_a_command_id_that_comes_again_is_named_as_the_body_has_it(site: Site) -> None:
    for text in ("One", "Another"):
        answer = site.post(NOTE, {"text": text, "command_id": "again"})
    assert problem(answer)["message"].endswith("Give another “command_id”, or none.")


def test_what_comes_after_the_end_is_not_understood_and_no_tampering(site: Site) -> None:
    assert site.get("/records?after=8").text == ""
    said = problem(site.get("/records?after=9999"))
    assert (said["status"], said["exit"], said["rule"], said["try"]) == (400, 2, "position", [])
    assert said["message"] == "after 9999 is beyond the log, which holds 8 records."


def test_what_is_nowhere_and_what_is_not_taken_there(site: Site) -> None:
    assert problem(site.get("/nowhere"))["status"] == 404
    answer = site.client.delete(f"{BASE}/board")
    assert (problem(answer)["status"], allowed(answer)) == (405, {"GET", "HEAD"})
    answer = site.client.put(f"{BASE}/initiatives")
    assert (problem(answer)["status"], allowed(answer)) == (405, {"GET", "HEAD", "POST"})


def allowed(answer: Any) -> set[str]:
    return set(answer.headers["allow"].split(", "))


BODIES = {
    "no JSON": b"{",
    "two values": b'{"text": "x"} {}',
    "no object": b'["text"]',
    "no number": b'{"text": NaN}',
    "no UTF-8": b'{"text": "\xff"}',
    "a lone surrogate": b'{"text": "\\ud800"}',
    "too deep": b"[" * 100_000,
    "the key": b'{"text": "x", "key": "SUP-1"}',
    "the stream": b'{"text": "x", "stream": "SUP-1"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_object_of_values_is_400(site: Site, body: bytes) -> None:
    answer = sent(site, body, "application/json")
    assert (problem(answer)["status"], Line(site.folder).records()) == (400, 8)


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded", "application/jsonx"])
def test_a_body_that_is_no_json_by_its_type_is_415(site: Site, kind: str) -> None:
    answer = sent(site, b'{"text": "x"}', kind)
    assert (problem(answer)["status"], answer.headers["accept-post"]) == (415, "application/json")


def test_a_compressed_body_is_415(site: Site) -> None:
    answer = sent(site, b'{"text": "x"}', "application/json", {"Content-Encoding": "gzip"})
    assert problem(answer)["status"] == 415


def test_a_control_that_body_is_taken(site: Site) -> None:
    assert sent(site, b'{"text": "x"}', "application/json; charset=utf-8").status_code == 201


@pytest.mark.parametrize("is_told", [True, False])
def test_a_body_that_is_too_large_is_413(site: Site, is_told: bool) -> None:
    def parts() -> Any:
        yield from (b" " * 2**16 for _ in range(40))

    told = {"Content-Length": str(40 * 2**16)} if is_told else {}
    answer = sent(site, parts(), "application/json", told)
    assert (problem(answer)["status"], answer.headers["connection"]) == (413, "close")


@pytest.mark.parametrize(
    ("told", "read"), [([(b"content-length", b"2621440")], 0), ([], bodies.LARGEST // 2**16 + 1)]
)
def test_no_more_of_it_is_read_than_is_too_much(told: list[tuple[bytes, bytes]], read: int) -> None:
    parts = 0

    async def receive() -> dict[str, Any]:
        nonlocal parts
        parts += 1
        return {"type": "http.request", "body": b" " * 2**16, "more_body": True}

    request = Request({"type": "http", "method": "POST", "headers": told}, receive)
    with pytest.raises(HTTPException) as refused:
        finished(bodies.values_of(request))
    assert (refused.value.status_code, parts) == (413, read)


def test_a_body_that_ends_early_is_no_defect() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(HTTPException) as refused:
        finished(bodies.values_of(Request({"type": "http", "method": "POST", "headers": []}, receive)))
    assert refused.value.status_code == 400


def sent(site: Site, body: Any, kind: str, more: dict[str, str] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {site.bearers['dan']}", "Content-Type": kind, **(more or {})}
    return site.client.post(f"{BASE}{NOTE}", content=body, headers=headers)


def test_a_digest_of_more_than_an_answer_holds_is_asked_in_parts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 4)
    whole = site.get("/digest?for=paula&after=0")
    assert (whole.status_code, whole.json()["rule"]) == (400, "window")
    part = site.get("/digest?for=paula&after=0&position=4")
    assert (part.status_code, part.json()["upto"]) == (200, 4)
