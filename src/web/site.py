"""One store's site: which question each request is, and its page, kept while nothing changes."""

import asyncio
import gzip
import os
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext
from datetime import datetime, tzinfo
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from roadlog import machine
from roadlog.markup import POLICY
from roadlog.reading import Reading
from roadlog.store import EVENTS
from roadlog.tokens import Token, Tokens
from roadlog.web.asked import Asked, moment_of
from roadlog.web.compared import COMPARE, compared
from roadlog.web.kept_pages import KeptPages, Name, Written, minute
from roadlog.web.limiter import Limiter
from roadlog.web.long_answers import LongAnswers
from roadlog.web.pages.registry import NAVIGATION, Page, Picture
from roadlog.web.pages.verification import broken
from roadlog.web.recorded import recorded
from roadlog.web.rendering import render
from roadlog.web.sessions import Session, session_of

Answer = TypeVar("Answer")
SLOW = 4
"""Answers that can take seconds, at one time: they leave threads and memory for those that are quick."""


class Site:
    """What all requests share.

    folder: the store's; zone: in which days are told
    open_reading: whether somebody reads who is not signed in
    """

    def __init__(self, folder: str | os.PathLike[str], zone: tzinfo, *, open_reading: bool) -> None:
        self.folder = folder
        self.zone = zone
        self.open_reading = open_reading
        self.tokens = Tokens(folder)
        self.limiter = Limiter()
        self._kept = KeptPages()
        self._long = LongAnswers(folder)
        self._slow = asyncio.Semaphore(SLOW)
        self._making: dict[tuple[Name, int, datetime], asyncio.Task[Written]] = {}
        self._log: Reading | None = None
        self._file: tuple[int, int] | None = None

    def close(self) -> None:
        if self._log:
            self._log.close()

    def head(self) -> int:
        """The log's last position as it is now. Only the server's own loop may ask.

        Where another file is there, such as one from a backup, nothing is kept of the one before.
        """
        file = _file_of(self.folder)
        if self._log is None or file != self._file:
            self.close()
            self._log, self._file, self._kept = Reading(self.folder, now=machine.clock()), file, KeptPages()
        self._log.release()
        return self._log.head_now()

    async def page(self, page: Page, request: Request) -> Response:
        """A page, as it was kept or made anew. Raises RoadlogError."""
        make = _page(page.template, page.make)
        is_kept = page.anew not in request.query_params
        is_slow = page.is_slow or COMPARE in request.query_params
        written = await self._written(request, make, is_kept=is_kept, is_slow=is_slow)
        return _response(written, request, "text/html")

    async def picture(self, picture: Picture, request: Request) -> Response:
        """A picture, as it was kept or made anew. It styles itself, and does nothing else."""
        answer = _response(await self._written(request, picture.make), request, "image/svg+xml")
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    async def own(
        self, template: str, request: Request, make: Callable[[Asked], dict[str, Any]], *, status: int = 200
    ) -> Response:
        """A page about now for this session alone, which is not kept. Raises RoadlogError."""
        html = await run_in_threadpool(
            self.asking, request, {}, self.session(request), machine.clock(), _page(template, make)
        )
        return Response(html, status, {"Cache-Control": "no-store"}, "text/html")

    async def json(self, make: Callable[[Asked], str], request: Request) -> Response:
        """An answer for a script, as it was kept or made anew. Raises RoadlogError."""
        return _response(await self._written(request, make), request, "application/json")

    async def _written(
        self,
        request: Request,
        make: Callable[[Asked], str],
        *,
        is_kept: bool = True,
        is_slow: bool = False,
    ) -> Written:
        session, now, head = self.session(request), machine.clock(), self.head()
        whose = (session.handle, session.token.scope) if session else (None, None)
        # as it came: an address put together from it ends at the first # that somebody sent
        address = request.scope["path"], request.scope["query_string"].decode("latin-1")
        name = (*whose, *address, str(self._long.count))

        async def made() -> Written:
            return await self.in_thread(lambda: self._write(make, request, session, now), is_slow=is_slow)

        if not is_kept:
            return await made()
        written = self._kept.get(name, head, now)
        if written is None:
            written = await self._once((name, head, minute(now)), made)
            self._kept.put(name, head, now, written)
        return written

    async def _once(
        self, name: tuple[Name, int, datetime], make: Callable[[], Coroutine[Any, Any, Written]]
    ) -> Written:
        """What many ask for while it is made is made once; who leaves takes it from nobody else."""
        task = self._making.get(name)
        if task is None:
            task = self._making[name] = asyncio.create_task(make())
            task.add_done_callback(lambda _: self._making.pop(name))
        return await asyncio.shield(task)

    async def in_thread(self, make: Callable[[], Answer], *, is_slow: bool) -> Answer:
        """What is made in a thread; of what can take seconds, few at one time."""
        async with self._slow if is_slow else nullcontext():
            return await run_in_threadpool(make)

    def session(self, request: Request) -> Session | None:
        """The session that a request is signed in with, where its token still holds."""
        return session_of(request, self.tokens, machine.clock())

    def may_read(self, request: Request) -> bool:
        """Whether it is open to everybody, or whoever asks is signed in, or brings a bearer token."""
        return self.open_reading or self.session(request) is not None or self.bearer(request) is not None

    def bearer(self, request: Request) -> Token | None:
        """The bearer token of RFC 6750 that a request brings, where it holds."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self.tokens.holder(secret.strip(), "api", machine.clock())

    def viewer(self, request: Request) -> str | None:
        """The handle of whoever is signed in."""
        session = self.session(request)
        return session.handle if session else None

    def _write(
        self, make: Callable[[Asked], str], request: Request, session: Session | None, now: datetime
    ) -> Written:
        text = self.asking(request, dict(request.query_params), session, now, make).encode()
        return Written(text, gzip.compress(text, 6, mtime=0))

    def asking(
        self,
        request: Request,
        query: Mapping[str, str],
        session: Session | None,
        now: datetime,
        make: Callable[[Asked], Answer],
    ) -> Answer:
        """What `make` makes of the question that a request is with a query. Raises RoadlogError."""
        with Reading(self.folder, now=now) as reading:
            asked = Asked(
                reading=reading,
                moment=moment_of(reading, query, self.zone),
                path=request.scope["path"],
                parts={
                    name: value.upper() if name == "key" else value
                    for name, value in request.path_params.items()
                },
                query=query,
                viewer=session.handle if session else None,
                zone=self.zone,
                now=now,
                long=self._long,
                writes=session is not None and session.writes,
            )
            return make(asked)


def _file_of(folder: str | os.PathLike[str]) -> tuple[int, int] | None:
    """Which file the log is; None where there is none."""
    try:
        found = os.stat(os.path.join(folder, EVENTS))
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _page(template: str, make: Callable[[Asked], dict[str, Any]]) -> Callable[[Asked], str]:
    """A page's HTML: what all pages show, and what it makes itself."""

    def html(asked: Asked) -> str:
        shared = {
            "navigation": NAVIGATION,
            "broken": broken(asked),
            "recorded": recorded(asked),
            "compared": compared(asked),
        }
        return render(template, asked, {**shared, **make(asked)})

    return html


def _response(written: Written, request: Request, kind: str) -> Response:
    headers = {"Vary": "Accept-Encoding, Cookie", "Cache-Control": "private, no-cache"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(written.text, headers=headers, media_type=kind)
    headers["Content-Encoding"] = "gzip"
    return Response(written.gzipped, headers=headers, media_type=kind)
