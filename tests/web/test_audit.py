"""The audit and the verification: as the commands answer them, at once or where somebody waits for them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from freezegun import freeze_time
from starlette.testclient import TestClient

from roadlog import machine
from roadlog.audit import audit as audited
from roadlog.domain.commands import AddNote
from roadlog.domain.refusals import Malformed
from roadlog.projections.moment import Moment
from roadlog.web.long_answers import ROOM, LongAnswers
from roadlog.web.pages import audit
from tests.cli.line import Line
from tests.stores import Store
from tests.web.asking import client
from tests.web.seen import Seen, obeyed, seen


def controls(page: Seen) -> list[str]:
    """The ids of the controls that a page tells."""
    return [str(each["id"]) for tag, each in page.elements if tag == "li" and each.get("class") == "control"]


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("", []),
        ("?key=sup-1", ["SUP-1"]),
        ("?from=2026-06-01&to=2026-08-01", ["--from", "2026-06-01", "--to", "2026-08-01"]),
        ("?framework=soc2", ["--control", "soc2"]),
        ("?position=100", ["--position", "100"]),
    ],
)
def test_it_answers_as_the_command_does(site: TestClient, demo: Path, query: str, typed: list[str]) -> None:
    result = Line(demo).run("audit", *typed, "--json")
    answer = json.loads(result.stdout)
    page = seen(site, f"/audit{query}")
    assert sorted(controls(page)) == sorted(each["id"] for each in answer["controls"])
    assert Counter(each["status"] for each in answer["controls"]) == Counter(
        status
        for status in ("finding", "absent", "satisfied", "out-of-scope")
        for _ in range(shown(page, status))
    )
    for each in answer["controls"]:
        assert each["title"] in page.text
        for found in each["findings"]:
            assert found["text"] in page.text
    positions = {each for control in answer["controls"] for each in control["evidence"][:1]}
    assert {f"#p{each}" for each in positions} <= {each[each.find("#") :] for each in page.links("/trail?")}


def shown(page: Seen, status: str) -> int:
    """How many controls a page tells with that status; the summary tells it once more."""
    marks = {"finding": "✗", "absent": "○", "satisfied": "✓", "out-of-scope": "–"}
    return page.text.count(f"{marks[status]} {status}") - 1


def test_what_another_control_tells_is_told_where_that_one_is_not_shown(site: TestClient) -> None:
    text = "erik's approval as engineering did not count"
    assert seen(site, "/audit").text.count(text) == 1
    assert "#approval-at-gate" in seen(site, "/audit").links("#")
    soc2 = seen(site, "/audit?framework=soc2")
    assert text in soc2.text
    assert "#approval-at-gate" not in soc2.links("#")


def test_filters_choose(site: TestClient) -> None:
    page = seen(site, "/audit?status=finding&framework=roadlog")
    assert "approval-at-gate" in controls(page)
    assert shown(page, "satisfied") == 0
    assert "No control is like this" in seen(site, "/audit?status=absent&framework=roadlog").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("key=SUP-99", 404),
        ("framework=none", 404),
        ("status=bad", 400),
        ("from=x", 400),
        ("from=2026-08-01&to=2026-07-01", 400),
    ],
)
def test_what_cannot_be_asked_is_told(site: TestClient, query: str, status: int) -> None:
    assert site.get(f"/audit?{query}").status_code == status


def test_a_long_log_is_audited_where_somebody_waits(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "AT_ONCE", 100)
    made: list[str] = []

    def counted(*given: Any, **more: Any) -> Any:
        made.append("once")
        return audited(*given, **more)

    monkeypatch.setattr(audit, "audited", counted)
    with client(demo) as site:
        first = seen(site, "/audit?status=finding")
        (waiting,) = (each for tag, each in first.elements if "hx-get" in each)
        assert waiting["hx-get"] in first.links("/audit")
        assert controls(first) == []
        found = seen(site, str(waiting["hx-get"]))
        assert "approval-at-gate" in controls(found)
        assert len(controls(seen(site, "/audit"))) > len(controls(found))
        then = seen(site, "/audit?position=120")
        assert [each for _, each in then.elements if "hx-get" in each] == []
        assert made == ["once"]
        (wanted,) = then.links("/audit?position=120&wait")
        assert "approval-at-gate" in controls(seen(site, wanted))
    assert made == ["once", "once"]


@pytest.mark.parametrize("path", ["/audit", "/api/v1/audit"])
def test_who_waits_for_an_audit_holds_nobody_else_up(
    demo: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    done, asked = Event(), [f"{path}?from=2026-03-01T00:00:{second:02}Z" for second in range(45)]

    def held(*_: Any, **__: Any) -> Any:
        done.wait(30)
        raise Malformed("time", "It took too long.")

    monkeypatch.setattr(audit, "audited", held)
    monkeypatch.setattr("roadlog.audit.audit", held)
    with client(demo) as site, ThreadPoolExecutor(len(asked) + 1) as people:
        waiting = [people.submit(site.get, each) for each in asked]
        try:
            for other in ("/risks", "/trail", "/timeline", "/catalogue", "/inbox"):
                assert people.submit(site.get, other).result(10).status_code == 200
            assert not any(each.done() for each in waiting)
        finally:
            done.set()
        assert {each.result().status_code for each in waiting} == {400}


def test_what_is_recorded_is_audited_anew(team: Store) -> None:
    team.define()
    with client(team.folder) as site:
        assert "position 8" in seen(site, "/audit").text
        team.do(AddNote(stream="SUP-1", text="hm"))
        assert "position 9" in seen(site, "/audit").text


@pytest.mark.parametrize(("size", "seconds"), [(5_000, 60), (7, 600)])
def test_what_lapses_with_time_is_audited_anew_soon(
    team: Store, monkeypatch: pytest.MonkeyPatch, size: int, seconds: int
) -> None:
    team.define()
    team.clock.move_to("2026-03-04T09:00:00Z")
    monkeypatch.setattr(audit, "AT_ONCE", size)
    asked: list[datetime] = []

    def noted(reading: Any, moment: Moment, **more: Any) -> Any:
        asked.append(moment.as_of)
        return audited(reading, moment, **more)

    monkeypatch.setattr(audit, "audited", noted)
    with client(team.folder) as site:
        for pause in (seconds - 1, 1, 1):
            seen(site, "/audit?wait=1")
            seen(site, "/audit?position=3&wait=1")
            team.clock.tick(timedelta(seconds=pause))
    then, first, later = asked[1], asked[0], asked[2]
    assert (len(asked), later - first) == (3, timedelta(seconds=seconds))
    assert then < first  # what was then is audited once


def test_a_roadmap_without_initiatives_reads_well(team: Store) -> None:
    with client(team.folder) as site:
        assert "Audit of SUP, the whole log" in seen(site, "/audit").text
        assert site.get("/audit?position=0").status_code == 200


def test_nothing_is_verified_until_somebody_asks(site: TestClient, demo: Path) -> None:
    before = seen(site, "/verification")
    assert "was not verified since this server started" in before.text
    page = seen(site, before.links("/verification?run")[0])
    answer = Line(demo).run("verify", "--json")
    verdict = json.loads(answer.stdout)
    assert f"✓ {verdict['verdict']}" in page.text
    assert verdict["root"] in page.text
    for each in verdict["not_proved"]:
        assert each in page.text
    assert f"position {verdict['size']}" in page.text
    printed = Line(demo).run("verify").stdout.replace(" · ", " ").replace("· ", "").split()
    said = "".join(page.text.split())
    assert [each for each in printed if each not in said] == []
    assert "Verify again" in seen(site, "/verification").text


def test_what_was_recorded_since_is_counted(team: Store) -> None:
    with client(team.folder) as site:
        seen(site, "/verification?run=1")
        assert "So said the verification" not in seen(site, "/").text
        team.define()
        assert "1 record since" in seen(site, "/verification").text
        team.clock.tick(timedelta(seconds=1))
        assert "record since" not in seen(site, "/verification?run=1").text


def test_a_store_that_was_tampered_with_is_told(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / ".roadlog")
    with closing(sqlite3.connect(tmp_path / ".roadlog" / "events.db", isolation_level=None)) as store:
        for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {name}")
        store.execute(
            "UPDATE stored_events SET state = "
            "CAST(replace(CAST(state AS TEXT), 'refund', 'refuse') AS BLOB) WHERE position > 20"
        )
    with client(tmp_path / ".roadlog") as site:
        page = seen(site, "/verification?run=1").text
    assert "✗ altered" in page
    assert "Record nothing more here" in page


def test_where_the_log_did_not_hold_every_page_says_so_from_then_on(team: Store) -> None:
    key = team.define()
    with closing(sqlite3.connect(team.folder / "events.db", isolation_level=None)) as store:
        (name, *_), *_ = store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        store.execute(f"DROP TRIGGER {name}")
    paths = ("/", f"/initiatives/{key}?position=8", "/search", "/sign-in", "/verification?run=1")
    with client(team.folder) as site:
        before = [seen(site, path).text.count("✗ altered") for path in paths]
        board, then, search, signing_in, verdict = [seen(site, path) for path in paths]
    assert before == [0, 0, 0, 0, 1]
    meaning = "The log, or what was derived from it, is not what was recorded."
    for page in (board, then, search):
        assert f"✗ altered {meaning} So said the verification at " in page.text
    assert then.links("/verification")[-1] == "/verification?position=8"
    assert "✗ altered" not in signing_in.text
    assert verdict.text.count("✗ altered") == 1


def test_hostile_text_is_shown_as_text(hostile: Path) -> None:
    with client(hostile) as site:
        pages = [site.get(each).text for each in ("/audit", "/audit?key=SUP-1", "/verification?run=1")]
        assert [obeyed(each) for each in pages] == [[], [], []]
        assert obeyed(site.get("/audit", params={"key": "<img src=x onerror=y>\u202e"}).text) == []


NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_long_answer_is_made_once_whoever_asks() -> None:
    long, made = LongAnswers("x"), []
    threads = [Thread(target=long.made, args=("a", NOW, lambda: made.append(1))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made == [1]


def test_a_long_answer_is_made_anew_where_it_was_begun_before_somebody_asked() -> None:
    long, minute = LongAnswers("x"), timedelta(minutes=1)
    with freeze_time(NOW) as clock:
        assert long.made("a", NOW, lambda: 1) == (NOW, 1)
        clock.tick(minute)
        assert long.made("a", NOW + minute, lambda: 2) == (NOW, 1)  # the control
        assert long.made("a", NOW + minute, lambda: 3, anew=True) == (NOW + minute, 3)


def test_those_who_wait_for_a_long_answer_share_the_next_one() -> None:
    """Each asks while the first one is being made, and its making began before."""
    long, made, begun, go = LongAnswers("x"), [], Event(), Event()

    def make() -> None:
        made.append(1)
        begun.set()
        go.wait()

    first = Thread(target=long.made, args=("a", NOW, make))
    first.start()
    begun.wait()
    asked = machine.clock()
    others = [Thread(target=long.made, args=("a", asked, make), kwargs={"anew": True}) for _ in range(5)]
    for each in others:
        each.start()
    go.set()
    for each in (first, *others):
        each.join()
    assert made == [1, 1]


def test_of_many_long_answers_the_last_are_kept() -> None:
    long = LongAnswers("x")
    for each in range(ROOM + 1):
        long.made(each, NOW, lambda: None)
        long.get(0)
    assert [each for each in range(ROOM + 1) if long.get(each) is None] == [1]


def test_an_answer_that_fails_is_not_kept() -> None:
    long = LongAnswers("x")
    with pytest.raises(ZeroDivisionError):
        long.made("a", NOW, lambda: 1 // 0)
    assert long.made("a", NOW, lambda: 1).answer == 1
