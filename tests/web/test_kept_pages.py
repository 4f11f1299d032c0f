"""Pages that are kept: of whom and of what, and how much of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from roadlog.web import kept_pages
from roadlog.web.kept_pages import KeptPages, Written
from tests.stores import Store
from tests.web.asking import HOST, client

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
