"""What went wrong, as RFC 9457 has it, with the members of the command line's error object beside."""

from http import HTTPStatus
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from roadlog.domain.refusals import Conflict, OutsideFailure, RoadlogError
from roadlog.visible import encodable, safe_json, shortened
from roadlog.web.errors import OUTSIDE, status_of
from roadlog.web.option_names import in_names, in_text

MEDIA_TYPE = "application/problem+json"
BASE = "/api/v1/"
"""Where the kinds of problems are told; each type is a place on that page."""
TITLES = {
    2: "Not understood",
    3: "Conflict",
    4: "Damaged",
    5: "Refused",
    6: "Store failure",
    70: "A defect in roadlog",
}
"""By the exit code of the command line."""
RULES = {
    400: "body",
    401: "token",
    403: "scope",
    404: "address",
    405: "method",
    413: "size",
    415: "media-type",
    429: "attempts",
}
"""What a request that is none of the API's breaks."""
NOT_UNDERSTOOD, REFUSED, DEFECT = 2, 5, 70


def problem(
    status: int,
    code: int,
    rule: str,
    message: str,
    *,
    missing: tuple[str, ...] = (),
    try_: tuple[str, ...] = (),
    title: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer that says what went wrong; `code` is the command line's exit code."""
    said = encodable(shortened(message))
    content: dict[str, Any] = {
        "type": f"{BASE}#exit-{code}",
        "title": title or TITLES[code],
        "status": status,
        "detail": said,
        "exit": code,
        "rule": rule,
        "message": said,
        "missing": [encodable(shortened(each)) for each in missing],
        "try": [encodable(shortened(each)) for each in try_],
    }
    text = safe_json(orjson.dumps(content).decode())
    return Response(text, status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


async def of_error(request: Request, error: Exception) -> Response:
    """Of a RoadlogError. Where the version that If-Match names is not the one there, the status is 412."""
    assert isinstance(error, RoadlogError)  # noqa: S101
    status = status_of(error)
    if isinstance(error, Conflict) and error.rule == "conflict" and "if-match" in request.headers:
        status = HTTPStatus.PRECONDITION_FAILED
    title = OUTSIDE if isinstance(error, OutsideFailure) else None
    joint = "_" if request.method == "POST" else "-"
    message, missing = in_text(error.message, joint), in_names(error.missing, joint)
    return problem(
        status, error.exit_code, error.rule, message, missing=missing, try_=error.try_, title=title
    )


async def of_request(request: Request, error: Exception) -> Response:
    """Of a request that is none of the API's: its address, its method, its token, its body."""
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    code = REFUSED if status in (401, 403, 429) else NOT_UNDERSTOOD
    said = error.detail if error.detail != status.phrase else f"{request.url.path}: {error.detail}."
    return problem(status, code, RULES[status], said, headers=dict(error.headers or {}))


async def of_defect(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """Of what should not have gone wrong. The server's own log says where."""
    message = f"This is a defect in roadlog: {type(error).__name__}."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, DEFECT, "defect", message)
