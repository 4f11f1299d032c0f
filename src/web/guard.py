"""What stands before every route: whose page this is, who may speak to it, what a browser may do with it."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer, a form's own Origin is null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
"""Each unless the answer says otherwise."""
ELSEWHERE = "Another site may not ask this one.\n"
RUN, WAIT = "run", "wait"
"""In an address, what has the server work long: a page of its own may ask for it, or whoever types it."""


class Guard:
    """Answers only requests to one of `hosts` that come from no other site.

    hosts: `127.0.0.1:8080` and the like, as they stand in addresses; scheme: http or https
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], scheme: str) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(f"{scheme}://{host}" for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # the server's own life; there are no web sockets
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        refused = self._refused(headers, scope["method"], QueryParams(scope["query_string"]))
        answer = self._app if refused is None else PlainTextResponse(refused, 403)
        await answer(scope, receive, guarded)

    def _refused(self, headers: Headers, method: str, query: QueryParams) -> str | None:
        """Why a request is not answered, None where it is."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return "This server is not at that address.\n"
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins:
            return ELSEWHERE
        if headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none"):
            return None
        if method not in ("GET", "HEAD"):
            return "Another site may not write here.\n"
        if headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest") != "document":
            return ELSEWHERE  # else each picture there could have this one work for it
        if RUN in query or WAIT in query:
            return "A link on another site may not set this off.\n"
        return None  # a link there leads here
