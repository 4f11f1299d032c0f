"""Where reading is not open: who is let in, and where everybody else is led."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from roadlog.web.signing_in import SIGN_IN, sign_in_first
from roadlog.web.site import Site
from roadlog.web.writing import PATH

OPEN = (SIGN_IN, "/static/", "/api/")
"""What is answered to everybody: nothing of the store stands there. The API asks for a token by itself."""
LIVE = "/live"
"""The stream, which programs follow, too: with a bearer token."""
FORM = compile_path(PATH)[0]
"""Who posts a form and is not signed in any more gets back what they typed, and nothing of the store."""


class Door:
    """Answers nobody who is not signed in, but for what is `OPEN`."""

    def __init__(self, app: ASGIApp, *, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OPEN) or _is_posted_form(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        may = self._site.may_read if scope["path"] == LIVE else self._site.session
        if may(request):
            await self._app(scope, receive, send)
        elif request.method in ("GET", "HEAD"):
            await sign_in_first(request)(scope, receive, send)
        else:
            await PlainTextResponse("Sign in first.\n", 403)(scope, receive, send)


def _is_posted_form(scope: Scope) -> bool:
    return scope["method"] == "POST" and FORM.fullmatch(scope["path"]) is not None
