"""The application: its routes, what stands before them, and what is answered where they fail."""

import os
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from functools import partial
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from roadlog.domain.refusals import RoadlogError
from roadlog.web import errors, signing_in, writing
from roadlog.web.api import app as api
from roadlog.web.door import LIVE, Door
from roadlog.web.guard import Guard
from roadlog.web.live import Live
from roadlog.web.pages.registry import PAGES, PICTURES, Page, Picture
from roadlog.web.site import Site
from roadlog.web.time.machine import TimeMachine


def application(
    folder: str | os.PathLike[str],
    *,
    hosts: Collection[str],
    scheme: str = "http",
    zone: tzinfo = UTC,
    open_reading: bool = True,
    pages: Sequence[Page] = PAGES,
) -> Starlette:
    """A store's site, for a server whose addresses `hosts` are, such as 127.0.0.1:8080.

    open_reading: whether somebody reads who is not signed in
    """
    site = Site(folder, zone, open_reading=open_reading)
    live = Live(site)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        yield
        live.end()
        site.close()

    routes: list[BaseRoute] = [Route(page.path, partial(_page, site, page)) for page in pages]
    routes += [Route(each.path, partial(_picture, site, each)) for each in PICTURES]
    routes += [*signing_in.routes(site), *writing.routes(site)]
    routes.append(Mount("/api/v1", api.application(site)))
    routes += TimeMachine(site).routes()
    routes.append(Route(LIVE, live, methods=["GET"]))
    files = StaticFiles(packages=[("roadlog.web", "static")], follow_symlink=True)
    routes.append(Mount("/static", GZipMiddleware(files)))
    made = Starlette(
        routes=routes,
        middleware=[
            Middleware(Guard, hosts=hosts, scheme=scheme),
            *([] if open_reading else [Middleware(Door, site=site)]),
        ],
        exception_handlers={
            RoadlogError: errors.refused,
            HTTPException: errors.not_there,
            Exception: errors.defect,
        },
        lifespan=life,
    )
    made.state.live = live
    return made


async def _page(site: Site, page: Page, request: Request) -> Response:
    key = request.query_params.get("key", "").strip()
    if page.alone is not None and key:
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "key"]
        place = page.alone.format(key=quote(key.upper(), safe=""))
        return RedirectResponse(f"{place}?{urlencode(rest)}" if rest else place, 303)
    return await site.page(page, request)


async def _picture(site: Site, picture: Picture, request: Request) -> Response:
    return await site.picture(picture, request)
