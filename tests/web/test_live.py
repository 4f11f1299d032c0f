"""The stream of what is recorded: each record once and in order, whoever comes, goes and comes back."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from itertools import islice
from pathlib import Path

import httpx2
import pytest

from roadlog import machine
from roadlog.domain.refusals import OutsideFailure
from roadlog.tokens import Tokens
from roadlog.web import live
from roadlog.web.live import Live
from roadlog.web.site import Site
from tests.web.apart import finished
from tests.web.asking import client
from tests.web.listening import Connection, Ear, note
from tests.web.serving import running

FIRST = 8
"""The last position of the store as it is made."""
BEAT = b'event: beat\ndata: {"position":8}\n\n'


@asynccontextmanager
async def listened(folder: Path, *, open_reading: bool = True) -> AsyncIterator[tuple[Site, Live]]:
    site = Site(folder, UTC, open_reading=open_reading)
    stream = Live(site)
    try:
        yield site, stream
    finally:
        stream.end()
        await asyncio.sleep(0.05)
        site.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK", 0.01)


def test_each_record_is_told_as_another_process_records_it(folder: Path, address: str) -> None:
    with Connection(address) as told:
        note(folder, "Line one\nand \u202ehidden")
        said = next(told)
    assert said.pop("recorded_at").endswith("Z")
    assert said == {
        "position": FIRST + 1,
        "key": "SUP-1",
        "type": "NoteAdded",
        "actor": "paula",
        "sentence": "noted: Line one and \\u202ehidden",
    }


def test_a_stream_begins_where_the_listener_says(folder: Path, address: str) -> None:
    note(folder, "a", "b")
    with Connection(address, after=6) as told:
        assert [each["position"] for each in islice(told, 4)] == [7, 8, 9, 10]
    with Connection(address, last=9) as told:
        assert next(told)["position"] == 10
    with Connection(address, after=3, last=9) as told:
        assert next(told)["position"] == 10  # a browser that connects again says so of its own


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(folder: Path, address: str) -> None:
    """While somebody else writes all the time."""
    writing = (
        "from pathlib import Path; import sys; from tests.web.listening import note\n"
        "for each in range(40): note(Path(sys.argv[1]), str(each))"
    )
    found: list[int] = []
    with subprocess.Popen([sys.executable, "-c", writing, str(folder)]) as writer:
        while len(found) < 40:
            with Connection(address, last=found[-1] if found else FIRST) as told:
                some = min(1 + len(found) % 7, 40 - len(found))
                found += [each["position"] for each in islice(told, some)]
        assert writer.wait(30) == 0
    assert found == list(range(FIRST + 1, FIRST + 41))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("after=9", "after 9 is beyond the log, which holds 8 records."),
        ("after=-1", "after is no whole number"),
        ("after=x", "after is no whole number"),
    ],
)
def test_a_position_that_is_not_there_is_refused(folder: Path, query: str, why: str) -> None:
    with client(folder) as site:
        answer = site.get(f"/live?{query}")
    assert answer.status_code == 400
    assert why in answer.text


def test_what_a_stream_is_can_be_asked_without_listening(folder: Path) -> None:
    with client(folder) as site:
        answer = site.head("/live")
        assert site.post("/live").status_code == 405
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


@pytest.mark.usefixtures("quick")
def test_one_follower_looks_for_all_and_none_where_nobody_listens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    head = Site.head

    def counted(site: Site) -> int:
        nonlocal looks
        looks += 1
        return head(site)

    async def story() -> None:
        monkeypatch.setattr(live, "LOOK", 0.05)
        async with listened(folder) as (_, stream):
            ears = [Ear(stream) for _ in range(20)]
            await asyncio.sleep(0.02)
            monkeypatch.setattr(Site, "head", counted)
            await asyncio.sleep(0.5)
            assert 2 <= looks <= 11
            note(folder, "a")
            assert [await each.until(1) for each in ears] == [[FIRST + 1]] * 20
            for each in ears:
                await each.leave()
            await asyncio.sleep(0.1)
            before = looks
            await asyncio.sleep(0.3)
            assert looks == before

    finished(story())


@pytest.mark.usefixtures("quick")
def test_who_is_far_behind_is_told_from_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PART", 2)
    monkeypatch.setattr(live, "RECENT", 3)

    async def story() -> None:
        async with listened(folder) as (_, stream):
            first = Ear(stream, "after=0")
            assert await first.until(FIRST) == list(range(1, FIRST + 1))
            note(folder, *"abcdefg")
            second = Ear(stream, "after=2")
            for each, since in ((first, 0), (second, 2)):
                assert await each.until(FIRST + 7 - since) == list(range(since + 1, FIRST + 8))

    finished(story())


@pytest.mark.usefixtures("quick")
def test_who_takes_nothing_keeps_nothing_waiting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """He is sent one thing, which he does not take; everybody else hears all."""
    monkeypatch.setattr(live, "PART", 2)

    async def story() -> None:
        async with listened(folder) as (_, stream):
            deaf, other = Ear(stream, "after=0", deaf=True), Ear(stream, "after=0")
            note(folder, *"abcdefgh")
            await other.until(FIRST + 8)
            assert deaf.sent == 2  # that it begins, and how soon to come back
            deaf.listen()
            assert await deaf.until(FIRST + 8) == list(range(1, FIRST + 9))

    finished(story())


@pytest.mark.usefixtures("quick")
def test_so_many_may_listen_and_no_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST", 2)

    async def story() -> None:
        async with listened(folder) as (_, stream):
            ears = [Ear(stream), Ear(stream)]
            await asyncio.sleep(0.02)
            with pytest.raises(OutsideFailure) as refused:
                await Ear(stream).task
            assert refused.value.message == "2 pages listen already, and no more can. Load it later."
            await ears[0].leave()
            another = Ear(stream, f"after={FIRST}")
            note(folder, "a")
            assert await another.until(1) == await ears[1].until(1) == [FIRST + 1]

    finished(story())


@pytest.mark.usefixtures("quick")
def test_while_nothing_is_recorded_a_listener_hears_that_the_server_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT", 0.02)

    async def story() -> None:
        async with listened(folder) as (_, stream):
            ear = Ear(stream)
            await ear.hears(lambda: ear.heard.count(BEAT) >= 3)
            assert ear.positions() == []

    finished(story())


@pytest.mark.usefixtures("quick")
def test_streams_end_where_the_log_cannot_be_read(folder: Path) -> None:
    async def story() -> None:
        async with listened(folder) as (site, stream):
            ear = Ear(stream)
            await asyncio.sleep(0.05)
            site.close()
            site.head = lambda: 3  # type: ignore[method-assign]  # another log, a shorter one
            async with asyncio.timeout(5):
                await ear.task

    finished(story())


@pytest.mark.usefixtures("quick")
def test_a_stream_ends_after_a_while(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LASTS", 0.1)
    monkeypatch.setattr(live, "BEAT", 0.02)

    async def story() -> None:
        async with listened(folder) as (_, stream):
            ear = Ear(stream, "after=0")
            async with asyncio.timeout(5):
                await ear.task
            assert ear.positions() == list(range(1, FIRST + 1))

    finished(story())


@pytest.mark.usefixtures("quick")
def test_where_reading_needs_a_token_a_stream_ends_with_it_before_it_tells_more(folder: Path) -> None:
    tokens, now = Tokens(folder), machine.clock()
    mine, theirs = (tokens.new("dan", now + timedelta(days=1), "read", now).bearer for _ in range(2))

    async def story() -> None:
        async with listened(folder, open_reading=False) as (_, stream):
            ears = [Ear(stream, f"after={FIRST - 1}", bearer=each) for each in (mine, theirs)]
            for each in ears:
                assert await each.until(1) == [FIRST]
            tokens.revoke(1, machine.clock())
            note(folder, "after")
            async with asyncio.timeout(5):
                await ears[0].task
            assert ears[0].positions() == [FIRST]
            assert await ears[1].until(2) == [FIRST, FIRST + 1]  # the control

    finished(story())


def test_a_program_listens_with_its_token_where_reading_needs_one(folder: Path) -> None:
    now = machine.clock()
    bearer = Tokens(folder).new("dan", now + timedelta(days=1), "read", now, page=False).bearer
    with client(folder, open_reading=False) as site:
        answers = [
            site.head("/live", headers={"Authorization": f"Bearer {each}"}).status_code
            for each in (bearer, "x")
        ]
    assert answers == [200, 303]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_though_pages_listen(folder: Path, how: signal.Signals) -> None:
    with running(folder) as (process, address):
        streams = [Connection(address) for _ in range(10)]
        idle = httpx2.Client()
        assert idle.get(address).status_code == 200
        began = time.monotonic()
        process.send_signal(how)
        process.wait(3)
        assert time.monotonic() - began < 3
        assert [each.answer.read() for each in streams] == [b"retry: 1000\n\n"] * 10
        for each in streams:
            each.__exit__()
        idle.close()
