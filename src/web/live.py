"""What is recorded, told to open pages as it is recorded: server-sent events, as the HTML standard has them.

One follower looks at the log while somebody listens. A listener has nothing of his own but the position up to
which he was told: whoever reads slowly is told later, and keeps nothing waiting in memory.
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import islice
from time import monotonic
from typing import NamedTuple

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from roadlog import failures, machine
from roadlog.domain.records import Record
from roadlog.domain.refusals import OutsideFailure, RoadlogError
from roadlog.projections.trail import from_record
from roadlog.reading import Reading
from roadlog.visible import plain
from roadlog.web.asked import whole
from roadlog.web.site import Site

LOOK = 0.25
"""Seconds between two looks at the log."""
BEAT = 15.0
"""Seconds without a record after which a listener is told that the server is still there."""
LASTS = 900.0
"""Seconds of a stream at most; who listens on connects again, and is asked again who that is."""
MOST = 200
"""Listeners at one time."""
PART = 200
"""Records told at once."""
RECENT = 1_000
"""Records that are kept as they are told; who is further behind is told what the log says."""
TOLD = ("position", "key", "type", "actor", "sentence", "recorded_at")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Told(NamedTuple):
    """A record as every listener is told of it."""

    position: int
    message: bytes


class Live:
    """The stream at /live, for all who listen. All but reading the log happens in the server's loop."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._listeners = 0
        self._head = 0
        self._recent: deque[Told] = deque(maxlen=RECENT)
        self._follower: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request. Raises Malformed for a position beyond the log, OutsideFailure beyond `MOST`."""
        request = Request(scope, receive)
        if request.method == "HEAD":
            await Response(headers=HEADERS, media_type="text/event-stream")(scope, receive, send)
            return
        after = self._after(request)
        with self._listening():
            answer = StreamingResponse(
                self._stream(after, request), headers=HEADERS, media_type="text/event-stream"
            )
            await answer(scope, receive, send)

    def end(self) -> None:
        """Ends every stream: the server stops."""
        self._ended = True
        self._wake()

    def _after(self, request: Request) -> int:
        """The last position that a listener knows: what his browser says, else his address, else the head."""
        head = self._site.head()
        given = {"after": request.headers.get("last-event-id") or request.query_params.get("after", "")}
        after = whole(given, "after")
        if after is not None and after > head:
            raise failures.beyond(after, head)
        return head if after is None else after

    @contextmanager
    def _listening(self) -> Iterator[None]:
        if self._listeners >= MOST:
            raise OutsideFailure("listeners", f"{MOST} pages listen already, and no more can. Load it later.")
        self._listeners += 1
        if self._follower is None or self._follower.done():
            self._head = self._site.head()
            self._recent.clear()
            self._follower = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            self._listeners -= 1

    async def _stream(self, after: int, request: Request) -> AsyncIterator[bytes]:
        """The records beyond a position as they land, each once, while the stream and its token last."""
        follower, until = self._follower, monotonic() + LASTS
        yield b"retry: 1000\n\n"
        while not (self._ended or follower is None or follower.done() or monotonic() > until):
            news = self._news
            try:
                if not self._site.may_read(request):
                    return  # the token ended meanwhile
                part = await self._beyond(after) if after < self._head else []
            except RoadlogError:
                return  # whoever connects again is told
            if part:
                yield b"".join(each.message for each in part)
                after = part[-1].position
                continue
            try:
                async with asyncio.timeout(BEAT):
                    await news.wait()
            except TimeoutError:
                yield b'event: beat\ndata: {"position":%d}\n\n' % after

    async def _beyond(self, after: int) -> list[Told]:
        """Some of the records beyond a position that is before the head."""
        if self._recent and self._recent[0].position <= after + 1:
            start = after + 1 - self._recent[0].position
            return list(islice(self._recent, start, start + PART))
        return await run_in_threadpool(self._read, after, min(after + PART, self._head))

    async def _follow(self) -> None:
        """Looks at the log for as long as somebody listens. Where it cannot be read, all streams end."""
        try:
            while self._listeners and not self._ended:
                head = self._site.head()
                if head < self._head:
                    return
                if head > self._head:
                    await self._gather(head)
                    self._wake()
                await asyncio.sleep(LOOK)
        except RoadlogError:
            return
        finally:
            self._wake()

    async def _gather(self, head: int) -> None:
        """Keeps what was recorded since the last look, or the end of it where that is much."""
        if head - self._head > RECENT:
            self._recent.clear()
        self._recent.extend(await run_in_threadpool(self._read, max(self._head, head - RECENT), head))
        self._head = head

    def _read(self, after: int, upto: int) -> list[Told]:
        with Reading(self._site.folder, now=machine.clock()) as reading:
            return [_told(each) for each in reading.records(after=after, upto=upto)]

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _told(record: Record) -> Told:
    line = from_record(record)
    said = {name: line[name] for name in TOLD} | {"sentence": plain(line["sentence"])}
    data = orjson.dumps(said)
    return Told(record.position, b"id: %d\nevent: record\ndata: %s\n\n" % (record.position, data))
