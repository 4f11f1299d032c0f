"""What a form posted: its fields, within bounds, with line breaks as texts here have them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, ImmutableMultiDict, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

Typed = ImmutableMultiDict[str, Any]
"""What was typed: posted, or standing in an address."""
FORM = 2**20
"""Bytes of a form that holds no file, at most."""
FILE = 2**28
"""Bytes of a form that holds one."""


@asynccontextmanager
async def posted(request: Request, most: int = FORM) -> AsyncIterator[FormData]:
    """The form, with its files open. Answers 413 where it is too large, or does not say how large; 415 for
    another charset than UTF-8."""
    size = request.headers.get("content-length", "")
    if not (size.isascii() and size.isdigit() and len(size) < 12 and int(size) <= most):
        larger = "; of a larger file, give a link and its SHA-256" if most == FILE else ""
        raise HTTPException(413, f"A form holds {most:,} bytes at most{larger}")
    _, kind = parse_options_header(request.headers.get("content-type", ""))
    if kind.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(415, "A form is written in UTF-8")
    async with request.form(max_files=2, max_fields=100, max_part_size=FORM) as form:
        yield form


def text_of(form: Typed, name: str) -> str:
    """A field's text without what stands around it; empty where there is none."""
    value = form.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def file_of(form: Typed, name: str) -> UploadFile | None:
    """A field's file; None where none was chosen."""
    value = form.get(name)
    return value if isinstance(value, UploadFile) and value.filename else None


def name_of(file: UploadFile) -> str:
    """What a file is called, without where it stood; browsers encode three signs of it, and no percent.

    https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    """
    name = str(file.filename)
    for encoded, sign in (("%0A", "\n"), ("%0D", "\r"), ("%22", '"')):
        name = name.replace(encoded, sign)
    return name.replace("\\", "/").rpartition("/")[2]
