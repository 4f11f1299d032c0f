"""What went wrong, as an answer: the same rule, message and way out as on the command line."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from roadlog.domain.refusals import RoadlogError, Unknown
from roadlog.web.rendering import bare

STATUSES = {2: 400, 3: 409, 4: 500, 5: 422, 6: 503}
"""By the exit code of the command line; what is not there is 404."""


def status_of(error: RoadlogError) -> int:
    """The status of an error's answer."""
    return 404 if isinstance(error, Unknown) else STATUSES[error.exit_code]


async def refused(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """A page for a RoadlogError."""
    assert isinstance(error, RoadlogError)  # noqa: S101
    html = bare("error", title=error.rule, message=error.message, try_=error.try_, missing=error.missing)
    return HTMLResponse(html, status_of(error))


async def not_there(request: Request, error: Exception) -> Response:
    """A page for an address that leads nowhere, or a method that does not fit."""
    assert isinstance(error, HTTPException)  # noqa: S101
    message = f"{request.url.path}: {error.detail}."
    html = bare("error", title=error.detail, message=message, try_=(), missing=())
    return HTMLResponse(html, error.status_code, error.headers)
