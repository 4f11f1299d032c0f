"""Listening to /live: in the server's own loop, or as a browser does, over a connection."""

import asyncio
import http.client
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.types import Message

from roadlog.application import Application, Wish
from roadlog.domain.commands import AddNote
from roadlog.web.live import Live


def note(folder: Path, *texts: str, key: str = "SUP-1") -> None:
    """Notes that paula writes now, each a command of its own."""
    with Application.open(folder) as application:
        for text in texts:
            application.execute(Wish(actor="paula"), AddNote(stream=key, text=text))


def records(stream: bytes) -> list[dict[str, Any]]:
    """What a stream told of records, each held against the id that it came with."""
    found = []
    for message in stream.decode().split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in message.split("\n"))
        if lines.get("event") == "record":
            said = json.loads(lines["data"])
            assert lines["id"] == str(said["position"])
            found.append(said)
    return found


class Ear:
    """A listener in the same loop.

    heard: all that was sent to him; sent: in how many pieces; deaf: whether he takes nothing more
    bearer: the token that he brings
    """

    def __init__(self, live: Live, query: str = "", *, deaf: bool = False, bearer: str = "") -> None:
        self.heard = b""
        self.status = 0
        self.sent = 0
        self._listens = asyncio.Event()
        self._left = asyncio.Event()
        self._came = asyncio.Event()
        if not deaf:
            self._listens.set()
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/live",
            "query_string": query.encode(),
            "headers": [(b"authorization", f"Bearer {bearer}".encode())] if bearer else [],
            "asgi": {"spec_version": "2.3"},
        }
        self.task = asyncio.create_task(live(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent += 1
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            await self._listens.wait()
            self.heard += message["body"]
            self._came.set()

    def listen(self) -> None:
        self._listens.set()

    async def leave(self) -> None:
        self._left.set()
        await self.task

    def positions(self) -> list[int]:
        return [each["position"] for each in records(self.heard)]

    async def until(self, count: int) -> list[int]:
        """The positions he was told of, once they are so many."""
        await self.hears(lambda: len(self.positions()) >= count)
        return self.positions()

    async def hears(self, enough: Callable[[], bool]) -> None:
        """Waits until he heard enough."""
        async with asyncio.timeout(10):
            while not enough():
                self._came.clear()
                await self._came.wait()


class Connection:
    """A listener over a connection. Use it in a `with`."""

    def __init__(self, address: str, after: int | None = None, last: int | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=15)
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        self._connection.request("GET", "/live" if after is None else f"/live?after={after}", headers=headers)
        self.answer = self._connection.getresponse()

    def __enter__(self) -> Iterator[dict[str, Any]]:
        return self.records()

    def __exit__(self, *exception: object) -> None:
        self.answer.close()
        self._connection.close()

    def records(self) -> Iterator[dict[str, Any]]:
        """The records as they come, until the stream ends."""
        message = b""
        while line := self.answer.readline():
            message += line
            if line == b"\n":
                yield from records(message)
                message = b""
