"""Pages that are kept: of whom and of what, and how much of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from threading import Event
from time import sleep

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from roadlog.domain.commands import AddNote
from roadlog.store import EVENTS
from roadlog.web import kept_pages
from roadlog.web import site as site_of
from roadlog.web.asked import Asked
from roadlog.web.kept_pages import KeptPages, Written
from roadlog.web.site import SLOW
from tests.stores import Store
from tests.web.asking import HOST, client
from tests.web.listening import note
from tests.web.signed_in import sign_in

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGE = Written(b"text", b"gzip")


@pytest.fixture
def site(team: Store) -> Iterator[TestClient]:
    with client(team.folder) as asked:
        yield asked


def ask(site: TestClient, query: bytes) -> str:
    """The board for a query as no browser sends it, byte for byte."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/", "query_string": query}
    scope |= {"headers": [(b"host", HOST.encode())], "client": ("127.0.0.1", 1)}
    assert site.portal is not None
    site.portal.call(site.app, scope, receive, send)
    return b"".join(each.get("body", b"") for each in said).decode()


@pytest.mark.parametrize("query", [b"#&text=nothing", b"text=nothing#", b"%23&text=nothing"])
def test_no_address_is_answered_with_the_page_of_another(site: TestClient, team: Store, query: bytes) -> None:
    key = team.define()
    assert key not in ask(site, query)
    assert (key in site.get("/").text, key in ask(site, b"")) == (True, True)


def test_long_addresses_take_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "ROOM", 1_000)
    kept = KeptPages()
    names = [(None, "/", f"{number}".rjust(300)) for number in range(9)]
    for name in names:
        kept.put(name, 1, NOW, PAGE)
    assert [kept.get(name, 1, NOW) for name in names] == [None] * 6 + [PAGE] * 3


def test_one_that_is_larger_than_the_room_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "ROOM", 10)
    kept = KeptPages()
    kept.put((None, "/", ""), 1, NOW, PAGE)
    kept.put((None, "/", "too long"), 1, NOW, PAGE)
    assert kept.get((None, "/", "too long"), 1, NOW) is None


def test_a_page_is_kept_for_the_log_as_it_was_and_the_minute() -> None:
    kept, name = KeptPages(), (None, "/", "")
    kept.put(name, 8, NOW, PAGE)
    assert kept.get(name, 8, NOW.replace(second=59)) == PAGE  # the control
    assert kept.get(name, 9, NOW) is None
    assert kept.get(name, 8, NOW + timedelta(minutes=1)) is None


def test_who_may_only_read_is_not_shown_the_page_of_the_same_person_s_other_token(
    site: TestClient, team: Store
) -> None:
    key = team.define()
    place = f"/initiatives/{key}"
    with client(team.folder) as other:
        other.app = site.app
        sign_in(site, team.folder, "carla")
        sign_in(other, team.folder, "carla", "read")
        offered = ["/do/note" in each.get(place).text for each in (site, other, site)]
    assert offered == [True, False, True]


@pytest.mark.parametrize("path", ["/initiatives/SUP-1/do/note", "/sign-in", "/sign-out"])
def test_what_is_of_one_session_is_kept_nowhere(site: TestClient, team: Store, path: str) -> None:
    team.define()
    sign_in(site, team.folder, "carla")
    assert site.get(path).headers["cache-control"] == "no-store"
    assert site.get("/").headers["cache-control"] == "private, no-cache"  # the control


def test_another_file_in_the_log_s_place_is_noticed(team: Store, tmp_path: Path) -> None:
    """As where somebody restores a backup: of another log, or of an earlier day."""
    team.define()
    with closing(connect(team.folder / EVENTS)) as log, closing(connect(tmp_path / EVENTS)) as backup:
        log.backup(backup)
    with client(team.folder) as site:
        team.do(AddNote(stream="SUP-1", text="Lost with the disk"))
        assert "Lost with the disk" in site.get("/trail").text
        for each in ("-wal", "-shm"):
            (team.folder / f"{EVENTS}{each}").unlink(missing_ok=True)
        (tmp_path / EVENTS).replace(team.folder / EVENTS)
        assert "Lost with the disk" not in site.get("/trail").text
        note(team.folder, "Typed again")
        assert "Typed again" in site.get("/trail").text


def test_what_many_ask_for_at_once_is_made_once(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made, go = [], Event()

    def slow(asked: Asked) -> None:
        made.append(asked.path)
        go.wait(20)

    monkeypatch.setattr(site_of, "compared", slow)
    with client(team.folder) as site, ThreadPoolExecutor(20) as people:
        waiting = [people.submit(site.get, "/?position=3&compare=now") for _ in range(19)]
        while not made:
            sleep(0.01)
        others = people.submit(site.get, "/static/roadlog.css")  # the control: nobody else waits
        assert others.result(10).status_code == 200
        go.set()
        assert {each.result(10).status_code for each in waiting} == {200}
    assert made == ["/"]


def test_of_what_takes_long_few_are_made_at_one_time(team: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    team.define()
    made, go = [], Event()

    def slow(asked: Asked) -> None:
        if "compare" in asked.query:
            made.append(asked.path)
            go.wait(20)

    monkeypatch.setattr(site_of, "compared", slow)
    with client(team.folder) as site, ThreadPoolExecutor(20) as people:
        waiting = [people.submit(site.get, f"/?position=3&compare=now&n={each}") for each in range(12)]
        while len(made) < SLOW:
            sleep(0.01)
        assert people.submit(site.get, "/trail").result(10).status_code == 200
        assert len(made) == SLOW
        go.set()
        assert {each.result(10).status_code for each in waiting} == {200}
    assert len(made) == len(waiting)
