"""Recording from the page: a form is shown, posted, and carried out once; what is refused is shown again."""

from datetime import datetime
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from roadlog.application import Done
from roadlog.domain.refusals import Conflict, RoadlogError
from roadlog.machine import clock
from roadlog.visible import plain
from roadlog.web import to_sign, too_late
from roadlog.web.asked import MOMENT, Asked
from roadlog.web.errors import status_of
from roadlog.web.filled_in import MORE, PRESSED
from roadlog.web.forms import BY_SLUG, REASON, Form
from roadlog.web.posted import FILE, FORM, Typed, posted, text_of
from roadlog.web.recorded import address
from roadlog.web.sessions import CSRF, Session
from roadlog.web.shown_form import filled as shown
from roadlog.web.shown_form import meanwhile
from roadlog.web.signing_in import sign_in_first
from roadlog.web.site import Site
from roadlog.web.wished import COMMAND_ID, VERSION, Filled, carry_out

PATH = "/initiatives/{key}/do/{form}"
SIGN, TEXT = "sign", "text"
"""What is pressed for the text to sign, and for its download."""
DIGESTED = ("conditions", "statement")
"""Fields that stand in the text as digests; so does the reason."""
OWN = (CSRF, PRESSED, COMMAND_ID, VERSION, to_sign.AT, to_sign.SIGNATURE, to_sign.FILE)
"""The fields that are not what somebody fills in."""


def routes(site: Site) -> list[Route]:
    """Where each form is, and what takes it."""
    return [
        Route(PATH, partial(_show, site), methods=["GET"]),
        Route(PATH, partial(_take, site), methods=["POST"]),
    ]


async def _show(site: Site, request: Request) -> Response:
    session = site.session(request)
    if session is None:
        return sign_in_first(request)
    if any(name in request.query_params for name in MOMENT):
        return RedirectResponse(request.url.path, 303)  # nothing is recorded in the past
    typed = Typed([(name, plain(text, lines=True)) for name, text in request.query_params.multi_items()])
    filled = Filled(_form(request), _writing(session), request.path_params["key"], typed, site.zone)
    return await _shown(site, request, filled)


async def _take(site: Site, request: Request) -> Response:
    session, form = site.session(request), _form(request)
    if session is None:
        return await too_late.signed_out(request, form)
    _writing(session)
    async with posted(request, FILE if form.takes_file else FORM) as typed:
        if not session.proves(text_of(typed, CSRF)):
            return too_late.of_another_session(request, form, typed)
        filled = Filled(form, session, request.path_params["key"], typed, site.zone)
        try:
            if text_of(typed, PRESSED) == MORE:
                return await _shown(site, request, filled)
            if form.command == "approve" and await _is_signed(site, filled):
                return await _signing(site, request, filled)
            done = await run_in_threadpool(carry_out, site.folder, filled, version=filled.version)
        except RoadlogError as error:
            return await _shown(site, request, filled, error)
        return _recorded(filled, done)


async def _is_signed(site: Site, filled: Filled) -> bool:
    """Whether the approver wants to sign, does so already, or has to."""
    if to_sign.is_shown(filled.typed) or text_of(filled.typed, PRESSED) == SIGN:
        return True
    return await run_in_threadpool(to_sign.demanded, site.folder, filled)


async def _signing(site: Site, request: Request, filled: Filled) -> Response:
    """The page that shows the text to sign; or what comes of it, unless that is refused."""
    refusal: RoadlogError | None = None
    at, version = clock(), filled.version
    if to_sign.is_shown(filled.typed):
        at = to_sign.at(filled.typed)
        try:
            return await _of_shown_text(site, filled, at)
        except Conflict as error:
            refusal, at, version = error, clock(), None
        except RoadlogError as error:
            refusal = error
    text = await run_in_threadpool(to_sign.to_sign, site.folder, filled, at=at, version=version)
    if text is None:
        return _already(filled)
    items = [(name, value) for name, value in filled.typed.multi_items() if name not in OWN]
    texts = [(name, value.replace("\r\n", "\n")) for name, value in items if isinstance(value, str)]

    def made(asked: Asked) -> dict[str, Any]:
        return {
            "key": filled.key,
            "meanwhile": [*meanwhile(asked, filled.typed)],
            "csrf": filled.session.csrf,
            "command_id": text_of(filled.typed, COMMAND_ID),
            "typed": texts,
            "wrote": [text for name, text in texts if name in (*DIGESTED, REASON) and text],
            "to_sign": text,
            "file": to_sign.NAME,
            "refusal": refusal,
            "is_new": isinstance(refusal, Conflict),
        }

    return await site.own("to_sign", request, made, status=status_of(refusal) if refusal else 200)


async def _of_shown_text(site: Site, filled: Filled, at: datetime) -> Response:
    """The text that was shown, as a file; or the approval, recorded signed. Raises RoadlogError."""
    version = filled.version
    if text_of(filled.typed, PRESSED) == TEXT:
        text = await run_in_threadpool(to_sign.to_sign, site.folder, filled, at=at, version=version)
        return _download(text) if text else _already(filled)
    signature = await to_sign.given(filled.typed)
    done = await run_in_threadpool(
        carry_out, site.folder, filled, at=at, version=version, signature=signature
    )
    return _recorded(filled, done)


def _download(text: to_sign.ToSign) -> Response:
    attached = f'attachment; filename="{to_sign.NAME}"'
    return PlainTextResponse(
        text.text, headers={"Content-Disposition": attached, "Cache-Control": "no-store"}
    )


def _already(filled: Filled) -> Response:
    """Leads to the initiative, where all that was wished is so already."""
    return RedirectResponse(address(f"/initiatives/{filled.key}", ()), 303)


async def _shown(
    site: Site, request: Request, filled: Filled, refusal: RoadlogError | None = None
) -> Response:
    def made(asked: Asked) -> dict[str, Any]:
        return {
            **shown(site.folder, asked, filled.form, filled.typed, refusal),
            "csrf": filled.session.csrf,
        }

    return await site.own("form", request, made, status=status_of(refusal) if refusal else 200)


def _recorded(filled: Filled, done: Done) -> Response:
    place = "/" if filled.key == done.roadmap.key else f"/initiatives/{filled.key}"
    return RedirectResponse(address(place, done.records), 303)


def _form(request: Request) -> Form:
    """Answers 404 where there is none of that name."""
    form = BY_SLUG.get(request.path_params["form"])
    if form is None:
        raise HTTPException(404, "There is no such form")
    return form


def _writing(session: Session) -> Session:
    """The session. Answers 403 unless it may record."""
    if not session.writes:
        raise HTTPException(403, "Your token is for reading alone")
    return session
