"""Sessions: which token a request is signed in with, and what a form proves that it comes from this page."""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from roadlog.tokens import Token, Tokens

CSRF = "csrf"
"""The field in which a form brings the session's proof."""
NOBODY = "You are not signed in, or not any more"
NOT_YOURS = "This form is not of your session, and nothing came of it: open it again"


class Session(NamedTuple):
    """Somebody who is signed in: their token, and the secret that only their browser has."""

    token: Token
    secret: str

    @property
    def handle(self) -> str:
        return self.token.handle

    @property
    def writes(self) -> bool:
        return self.token.scope == "write"

    @property
    def csrf(self) -> str:
        """What stands in each form: no other site can read it, and it fits no other session."""
        return hmac.new(self.secret.encode(), b"roadlog/csrf/v1", sha256).hexdigest()

    def proves(self, proof: str) -> bool:
        """Whether a form brought what this session's forms hold."""
        return hmac.compare_digest(proof.encode(), self.csrf.encode())


def session_of(request: Request, tokens: Tokens, now: datetime) -> Session | None:
    """The session of a request, None where nobody is signed in."""
    secret = request.cookies.get(_cookie(request))
    token = tokens.holder(secret, "session", now) if secret else None
    return Session(token, secret) if token and secret else None


def begin(response: Response, request: Request, session: Session, now: datetime) -> None:
    """Has the browser bring the session from now on, to this site alone, as long as it lasts."""
    response.set_cookie(
        _cookie(request),
        session.secret,
        max_age=int((session.token.expires_at - now).total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def check(session: Session | None, proof: str) -> Session:
    """The session that posts a form. Answers 403 where there is none, or the form is not of it."""
    if session is None:
        raise HTTPException(403, NOBODY)
    if not session.proves(proof):
        raise HTTPException(403, NOT_YOURS)
    return session


def end(response: Response, request: Request) -> None:
    """Has the browser forget the session."""
    response.delete_cookie(
        _cookie(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )


def _cookie(request: Request) -> str:
    """Its name. A browser has one jar for all ports of a host: two servers there need two names.

    By `__Host-` a browser takes it from nobody but this host, by TLS (RFC 6265bis, section 4.1.3.2).
    """
    prefix = "__Host-" if request.url.scheme == "https" else ""
    return f"{prefix}roadlog-{request.url.port or request.url.scheme}"
