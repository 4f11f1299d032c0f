"""One store's site: which question each request is, and its page, kept while nothing changes."""

import gzip
import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from roadlog import machine
from roadlog.markup import POLICY
from roadlog.reading import Reading
from roadlog.web.asked import Asked, moment_of
from roadlog.web.kept_pages import KeptPages, Written
from roadlog.web.pages.registry import NAVIGATION, Page, Picture
from roadlog.web.rendering import render

Answer = TypeVar("Answer")


class Site:
    """What all requests share.

    folder: the store's; zone: in which days are told
    open_reading: whether somebody reads who is not signed in
    """

    def __init__(self, folder: str | os.PathLike[str], zone: tzinfo, *, open_reading: bool) -> None:
        self.folder = folder
        self.zone = zone
        self.open_reading = open_reading
        self._kept = KeptPages()
        self._log: Reading | None = None

    def close(self) -> None:
        if self._log:
            self._log.close()

    def head(self) -> int:
        """The log's last position as it is now. Only the server's own loop may ask."""
        if self._log is None:
            self._log = Reading(self.folder, now=machine.clock())
        self._log.release()
        return self._log.head_now()

    async def page(self, page: Page, request: Request) -> Response:
        """A page, as it was kept or made anew. Raises RoadlogError."""

        def html(asked: Asked) -> str:
            return render(page.template, asked, {"navigation": NAVIGATION, **page.make(asked)})

        return _response(await self._written(request, html), request, "text/html")

    async def picture(self, picture: Picture, request: Request) -> Response:
        """A picture, as it was kept or made anew. It styles itself, and does nothing else."""
        answer = _response(await self._written(request, picture.make), request, "image/svg+xml")
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    async def _written(self, request: Request, make: Callable[[Asked], str]) -> Written:
        viewer, now, head = self.viewer(request), machine.clock(), self.head()
        name = (viewer, request.url.path, request.url.query)
        written = self._kept.get(name, head, now)
        if written is None:
            written = await run_in_threadpool(self._write, make, request, viewer, now)
            self._kept.put(name, head, now, written)
        return written

    def viewer(self, request: Request) -> str | None:  # noqa: ARG002
        """The handle of whoever is signed in."""
        return None

    def _write(
        self, make: Callable[[Asked], str], request: Request, viewer: str | None, now: datetime
    ) -> Written:
        text = self.asking(request, viewer, now, make).encode()
        return Written(text, gzip.compress(text, 6, mtime=0))

    def asking(
        self, request: Request, viewer: str | None, now: datetime, make: Callable[[Asked], Answer]
    ) -> Answer:
        """What `make` makes of the question that a request is. Raises RoadlogError."""
        query = dict(request.query_params)
        with Reading(self.folder, now=now) as reading:
            moment = moment_of(reading, query, self.zone)
            asked = Asked(
                reading, moment, request.url.path, request.path_params, query, viewer, self.zone, now
            )
            return make(asked)


def _response(written: Written, request: Request, kind: str) -> Response:
    headers = {"Vary": "Accept-Encoding, Cookie", "Cache-Control": "no-cache"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(written.text, headers=headers, media_type=kind)
    headers["Content-Encoding"] = "gzip"
    return Response(written.gzipped, headers=headers, media_type=kind)
