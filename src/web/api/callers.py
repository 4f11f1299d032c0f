"""Who asks: the holder of the bearer token of RFC 6750 that a request brings, and what they may."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from roadlog import machine
from roadlog.tokens import Token
from roadlog.web.site import Site

CHALLENGE = 'Bearer realm="roadlog"'
NEW = "roadlog token new HANDLE --days N"


async def reader(site: Site, request: Request) -> str | None:
    """The handle of whoever asks; None where anybody may ask, and nobody is known.

    Who is signed in to the page may read the API, too. Answers 401 where somebody has to be known.
    """
    token = await _holder(site, request)
    handle = token.handle if token else await run_in_threadpool(site.viewer, request)
    if handle is None and not site.open_reading:
        raise _unknown(f"Reading here needs a token: Authorization: Bearer …; {NEW} makes one.")
    return handle


async def writer(site: Site, request: Request) -> str:
    """The handle of whoever records. The page's session is no token: another site might use it.

    Answers 401 without a token that holds, 403 with one that may only read.
    """
    token = await _holder(site, request)
    if token is None:
        raise _unknown(f"Recording needs a token: Authorization: Bearer …; {NEW} makes one.")
    if token.scope != "write":
        raise HTTPException(
            403,
            f"Token {token.id} of {token.handle} may read, and not record.",
            {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope"'},
        )
    return token.handle


async def _holder(site: Site, request: Request) -> Token | None:
    """The token that a request brings, None where it brings none.

    Answers 401 where it does not hold, and 429 to an address that tried too many such; one that holds is
    heard there, too: many programs may have one address.
    """
    if "authorization" not in request.headers:
        return None
    now, address = machine.clock(), request.client.host if request.client else ""
    token = await run_in_threadpool(site.bearer, request)
    if token is None:
        if wait := site.limiter.wait(address, now):
            message = f"Too many tokens from {address} did not hold: ask again in {wait} seconds."
            raise HTTPException(429, message, {"Retry-After": str(wait)})
        site.limiter.failed(address, now)
        raise _unknown("This token does not hold: it is another, it ended, or it was revoked.", bad=True)
    return token


def _unknown(message: str, *, bad: bool = False) -> HTTPException:
    challenge = f'{CHALLENGE}, error="invalid_token"' if bad else CHALLENGE
    return HTTPException(401, message, {"WWW-Authenticate": challenge})
