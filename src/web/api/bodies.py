"""What a request to record brings: a JSON object of values, and what the headers say of the wish."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from roadlog.application import Wish
from roadlog.domain.refusals import Malformed
from roadlog.trust.signing import GivenSignature
from roadlog.web.commands import KEY, converted

LARGEST = 2**20
"""Bytes of a body. A record's own limit is a quarter of it."""
MEDIA_TYPE = "application/json"


class Wished(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may stand in a body beside the command's values; they are the options of every writing command."""

    at: Annotated[
        Annotated[datetime, Meta(tz=True)] | None, Meta(description="When it happened; now, unless given.")
    ] = None
    because: Annotated[str | None, Meta(description="Why, in your words.")] = None
    command_id: Annotated[
        str | None, Meta(description="Sent again with the same id, it is recorded once.")
    ] = None
    expect_version: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(description="Record only on this version of the initiative."),
    ] = None
    dry_run: Annotated[bool, Meta(description="Say what would be recorded; store nothing.")] = False


class WishedApproval(Wished, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of an approval, which its holder may have signed."""

    signature: Annotated[
        str | None,
        Meta(description="What ssh-keygen made of the text; empty in a dry run, which tells the text."),
    ] = None


def options_of(name: str) -> type[Wished]:
    """What may stand in the body of that command beside its values."""
    return WishedApproval if name == "approve" else Wished


async def values_of(request: Request) -> dict[str, Any]:
    """The object that a request brings; an empty one where it brings nothing.

    Answers 413 where it is too large, which is known before all of it is read, 415 where it is no JSON by its
    type, 400 where it is none.
    """
    body = await _bytes(request)
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != MEDIA_TYPE or request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, f"A body is {MEDIA_TYPE}, and not compressed.", {"Accept-Post": MEDIA_TYPE})
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed("json", f"The body is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Malformed("json", "The body is no object of values.")
    if KEY in found:
        raise Malformed("malformed-key", "The key stands in the address, not in the body.")
    return found


async def _bytes(request: Request) -> bytes:
    too_large = HTTPException(413, f"A body has {LARGEST:,} bytes at most.", {"Connection": "close"})
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > len(str(LARGEST)) or int(length) > LARGEST):
        raise too_large
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST:
                raise too_large
    except ClientDisconnect as error:
        raise HTTPException(400, "The body ended before it was whole.") from error
    return bytes(body)


def taken(handle: str, request: Request, name: str, body: dict[str, Any]) -> tuple[Wish, dict[str, Any]]:
    """The wish of a request, and the values that are left for its command. Raises Malformed."""
    options = options_of(name)
    given = {field: value for field, value in body.items() if field in options.__struct_fields__}
    values = {field: value for field, value in body.items() if field not in given}
    headers = {"command_id": _idempotency_key(request), "expect_version": _if_match(request)}
    for field, value in headers.items():
        if value is not None and given.setdefault(field, value) != value:
            message = f"{field} of {name} is said twice, by the header and by the body, and differs."
            raise Malformed(f"malformed-{field.replace('_', '-')}", message, missing=(field,))
    wished = converted(name, options, given)
    wish = Wish(
        actor=handle,
        at=wished.at,
        reason=wished.because or None,
        command_id=wished.command_id,
        expect_version=wished.expect_version,
        dry_run=wished.dry_run,
        key=_signature(wished),
    )
    return wish, values


def _signature(wished: Wished) -> GivenSignature | None:
    if not isinstance(wished, WishedApproval) or wished.signature is None:
        return None
    return GivenSignature(wished.signature)


def _idempotency_key(request: Request) -> str | None:
    """As the draft of the IETF has it, a quoted string, or without the quotes."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return None
    return given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given


def _if_match(request: Request) -> int | None:
    """The version of an entity tag, as a GET of the initiative answers it."""
    given = request.headers.get("if-match")
    if given is None:
        return None
    text = given.strip()
    version = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else ""
    if not (version.isascii() and version.isdigit() and len(version) < 19):
        message = f'If-Match is the version in quotes, such as "12", not {given!r}.'
        raise Malformed("malformed-if-match", message, missing=("If-Match",))
    return int(version)
