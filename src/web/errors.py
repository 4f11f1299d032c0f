"""What went wrong, as an answer: the same rule, message and way out as on the command line."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from roadlog.domain.refusals import Malformed, OutsideFailure, RoadlogError, Unknown
from roadlog.web.guard import HEADERS
from roadlog.web.option_names import in_text
from roadlog.web.pages.registry import NAVIGATION, PAGES
from roadlog.web.rendering import bare

HEADINGS = {
    2: "Not understood",
    3: "Somebody recorded first",
    4: "The log is damaged",
    5: "Refused",
    6: "The store cannot be read",
}
"""By the exit code of the command line; those of what has no exit code, by the status."""
OUTSIDE, NOT_FOUND = "Something beside the store failed", "Not found"
OF_THE_MOMENT = ("future", "moment", "position", "time")
"""Rules that a moment breaks which no page can be about."""
OF_REQUESTS = {403: HEADINGS[5], 404: NOT_FOUND, 405: "Not possible here"}
PATHS = frozenset(page.path for page in PAGES)
STATUSES = {2: 400, 3: 409, 4: 500, 5: 422, 6: 503}
"""By the exit code of the command line; what is not there is 404."""


def status_of(error: RoadlogError) -> int:
    """The status of an error's answer."""
    return 404 if isinstance(error, Unknown) else STATUSES[error.exit_code]


def heading(error: RoadlogError) -> str:
    """What a page about an error is headed by, in the words of whoever reads it."""
    if isinstance(error, Unknown):
        return NOT_FOUND
    if isinstance(error, Malformed) and error.rule in OF_THE_MOMENT:
        return "That moment cannot be shown"
    return OUTSIDE if isinstance(error, OutsideFailure) else HEADINGS[error.exit_code]


async def refused(request: Request, error: Exception) -> Response:
    """A page for a RoadlogError."""
    assert isinstance(error, RoadlogError)  # noqa: S101
    html = _page(request, heading(error), in_text(error.message), rule=error.rule, try_=error.try_)
    return HTMLResponse(html, status_of(error))


async def not_there(request: Request, error: Exception) -> Response:
    """A page for an address that leads nowhere, or a method that does not fit."""
    assert isinstance(error, HTTPException)  # noqa: S101
    title = OF_REQUESTS.get(error.status_code, HEADINGS[2])
    html = _page(request, title, f"{request.url.path}: {error.detail}.")
    return HTMLResponse(html, error.status_code, error.headers)


async def defect(request: Request, error: Exception) -> Response:
    """A page for what should not have gone wrong, which is made outside of the guard: with its headers."""
    message = f"{type(error).__name__}. The server's own log says where."
    return HTMLResponse(_page(request, "This is a defect in roadlog", message), 500, HEADERS)


def _page(request: Request, title: str, message: str, *, rule: str = "", try_: Sequence[str] = ()) -> str:
    """Where the question is at fault, and not the page, the page is a link away, a form empty."""
    path = request.url.path
    again = path if request.method == "POST" or (request.url.query and path in PATHS) else None
    return bare(
        "error", title=title, message=message, rule=rule, try_=try_, again=again, navigation=NAVIGATION
    )
