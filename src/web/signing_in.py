"""Signing in to the page with a code, and out again."""

from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from roadlog import machine
from roadlog.web import sessions
from roadlog.web.asked import Asked
from roadlog.web.posted import posted, text_of
from roadlog.web.rendering import bare
from roadlog.web.sessions import CSRF, Session
from roadlog.web.site import Site

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
TO = "to"
"""The page to go on to."""
SMALL = 16 * 1024


def routes(site: Site) -> list[Route]:
    """Where the forms are, and what takes them."""
    return [
        Route(SIGN_IN, partial(_sign_in, site), methods=["GET"]),
        Route(SIGN_IN, partial(_signed_in, site), methods=["POST"]),
        Route(SIGN_OUT, partial(_sign_out, site), methods=["GET"]),
        Route(SIGN_OUT, partial(_signed_out, site), methods=["POST"]),
    ]


def sign_in_first(request: Request) -> Response:
    """Leads whoever is not signed in to where they can be, and then back.

    To a link on another site no browser adds a SameSite=Strict cookie: from a page here it goes on with it.
    """
    back = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") == "cross-site":
        return HTMLResponse(bare("go_on", to=back), headers={"Cache-Control": "no-store"})
    return RedirectResponse(f"{SIGN_IN}?{TO}={quote(back)}", 303)


async def _sign_in(site: Site, request: Request) -> Response:
    return await _form(site, request, request.query_params.get(TO, ""))


async def _signed_in(site: Site, request: Request) -> Response:
    """The cookie of a session for a code; a message, and a failure more, for what is none."""
    address, now = request.client.host if request.client else "", machine.clock()
    async with posted(request, SMALL) as form:
        to, code = text_of(form, TO), "".join(text_of(form, "code").split()).lower()
    wait = site.limiter.wait(address, now)
    if wait:
        why = f"Too many codes were wrong. Try again in {wait} seconds."
        answer = await _form(site, request, to, why=why, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    site.limiter.failed(address, now)  # until it is known better: who asks meanwhile is counted, too
    secret = await run_in_threadpool(site.tokens.sign_in, code, now)
    token = site.tokens.holder(secret, "session", now) if secret else None
    if not secret or not token:
        why = "This code signs nobody in: it was used, has expired, was revoked, or never was one."
        return await _form(site, request, to, why=why, status=403)
    site.limiter.succeeded(address)
    before = site.session(request)
    if before:
        site.tokens.sign_out(before.secret)
    response = RedirectResponse(_within(to), 303)
    sessions.begin(response, request, Session(token, secret), now)
    return response


async def _form(site: Site, request: Request, to: str, *, why: str = "", status: int = 200) -> Response:
    def made(_: Asked) -> dict[str, Any]:
        return {"to": _within(to), "why": why}

    return await site.own("sign_in", request, made, status=status)


async def _sign_out(site: Site, request: Request) -> Response:
    session = site.session(request)
    if session is None:
        return RedirectResponse("/", 303)

    def made(_: Asked) -> dict[str, Any]:
        return {"csrf": session.csrf, "token": session.token}

    return await site.own("sign_out", request, made)


async def _signed_out(site: Site, request: Request) -> Response:
    async with posted(request, SMALL) as form:
        session = sessions.check(site.session(request), text_of(form, CSRF))
    await run_in_threadpool(site.tokens.sign_out, session.secret)
    response = RedirectResponse("/", 303)
    sessions.end(response, request)
    return response


def _within(path: str) -> str:
    """The path where it is one of this site, else the board."""
    inside = path.startswith("/") and not path.startswith("//") and path.isascii() and path.isprintable()
    return path if inside and "\\" not in path else "/"
