"""How an answer goes out: as JSON, as JSON lines, as a part of which more follow, as what was recorded."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from roadlog.application import Done
from roadlog.domain.events import InitiativeAdopted, ProblemDefined
from roadlog.recorded import touched
from roadlog.visible import safe_json
from roadlog.web.api.answers import Part
from roadlog.web.api.problems import BASE
from roadlog.web.commands import answer

JSON, LINES = "application/json", "application/jsonl"
FRESH = {"Cache-Control": "no-store"}
"""An answer is about the moment at which it was asked for."""


def json(content: Any, status: int = 200, *, tag: int | None = None, **headers: str) -> Response:
    """A JSON value, the same bytes as the command line prints; `tag` is the initiative's version."""
    tagged = {} if tag is None else {"ETag": f'"{tag}"'}
    return Response(_text(content), status, {**FRESH, **tagged, **headers}, JSON)


def part(found: Part, request: Request, *, lines: bool) -> Response:
    """Some of many entries, with a link to those after them (RFC 8288)."""
    headers = FRESH if found.following is None else {**FRESH, "Link": _link(request, found.following)}
    content = "".join(f"{_text(each)}\n" for each in found.entries) if lines else _text(found.entries)
    return Response(content, 200, headers, LINES if lines else JSON)


def write(name: str, done: Done) -> Response:
    """What was recorded: 201, or 200 where nothing new was, as where it is sent again."""
    keys, new = touched(done), done.records and not done.replayed and not done.dry_run
    tag = done.initiatives[keys[0]].version if len(keys) == 1 and not done.dry_run else None
    begun = next(iter(_begun(done)), None)
    headers = {"Location": f"{BASE}initiatives/{begun}"} if begun and not done.dry_run else {}
    return json(answer(name, done), 201 if new else 200, tag=tag, **headers)


def _begun(done: Done) -> Iterable[str]:
    """The initiatives that begin with what was recorded."""
    beginnings = (ProblemDefined, InitiativeAdopted)
    return (each.stream for each in done.records if each.version == 1 and isinstance(each.event, beginnings))


def _link(request: Request, following: Any) -> str:
    query = {**dict(request.query_params), **following}
    return f'<{quote(request.url.path)}?{urlencode(query)}>; rel="next"'


def _text(content: Any) -> str:
    return safe_json(orjson.dumps(content).decode())
