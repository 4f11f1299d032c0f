"""What a form was filled in with, as the values of its command."""

import re
from datetime import UTC, date, datetime, tzinfo
from hashlib import sha256
from itertools import zip_longest
from math import isinf
from typing import Any, BinaryIO

from starlette.datastructures import UploadFile

from roadlog.domain.refusals import Malformed, Refused
from roadlog.media_type import media_type
from roadlog.web.commands import rule_of
from roadlog.web.forms import AT, FILE, REASON, Field, Form
from roadlog.web.posted import Typed, file_of, name_of, text_of

PART = 2**20
"""Bytes of a file that are in memory at once."""
WHOLE = re.compile(r"[+-]?[0-9]{1,16}")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
"""How numbers are written: as JSON has them, or a little freer."""
MOST = 2**53 - 1
"""The largest whole number that every reader of JSON has."""
PRESSED, MORE = "press", "more"
"""Which button was pressed, where it is not the one that records; room for more conditions."""
DUE = "due"
"""The days of the conditions, each in a field beside its text."""


def values_of(form: Form, posted: Typed) -> dict[str, Any]:
    """The values by field; what was left empty is left out. Raises Malformed, Refused."""
    values: dict[str, Any] = {}
    for field in form.fields:
        if field.kind == "conditions":
            rows = (each for each in typed_conditions(posted) if any(each))
            values[field.name] = [_condition(text, due) for text, due in rows]
        elif field.kind == "several":
            values[field.name] = texts_of(posted, field.name)
        elif field.name not in (REASON, FILE, AT) and (text := text_of(posted, field.name)):
            values[field.name] = _value(field, text)
        elif field.required and field.name != REASON:
            raise _expected(field, "this has to be filled in")
    return _attached(values, file_of(posted, FILE)) if form.takes_file else values


def texts_of(typed: Typed, name: str) -> list[str]:
    """The texts of a field that may stand several times."""
    return [each.replace("\r\n", "\n").strip() for each in typed.getlist(name) if isinstance(each, str)]


def typed_conditions(typed: Typed) -> list[tuple[str, str]]:
    """The conditions, each with the day that stands beside it, as they were typed."""
    return list(zip_longest(texts_of(typed, "conditions"), texts_of(typed, DUE), fillvalue=""))


def happened(typed: Typed, zone: tzinfo) -> datetime | None:
    """When it happened, as somebody in that zone writes it; None is now. Raises Malformed."""
    text = text_of(typed, AT)
    try:
        found = datetime.fromisoformat(text) if text else None
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC) if found else None
    except (ValueError, OverflowError) as error:
        message = f"It happened at a time, such as 2026-05-01T09:00, and not at {text!r}."
        raise Malformed("time", message, missing=(AT,)) from error


def _value(field: Field, text: str) -> str | int | float:
    """What a field says. Raises Malformed, in the words of the form."""
    if field.kind == "whole":
        if not WHOLE.fullmatch(text) or abs(int(text)) > MOST:
            raise _expected(field, "a whole number, such as 30")
        return int(text)
    if field.kind == "number":
        if not NUMBER.fullmatch(text) or isinf(float(text)):
            raise _expected(field, "a number, such as 0.81")
        return int(text) if WHOLE.fullmatch(text) else float(text)
    return text


def _expected(field: Field, what: str) -> Malformed:
    return Malformed(rule_of(field.name), f"{field.label}: {what}.", missing=(field.name,))


def _condition(text: str, due: str) -> tuple[str, str | None]:
    try:
        day = date.fromisoformat(due).isoformat() if due else None
    except ValueError as error:
        message = f"A condition is due on a day, such as 2026-05-01, and not on {due!r}."
        raise Malformed("day", message, missing=("conditions",)) from error
    if not text:
        message = f"Say which condition is due on {day}, or empty that day: a day alone asks for nothing."
        raise Malformed("condition", message, missing=("conditions",))
    return text, day


def _attached(values: dict[str, Any], file: UploadFile | None) -> dict[str, Any]:
    """Evidence of a file or of a link, fixed by its SHA-256, as the command line fixes it."""
    wanted, uri = values.get("sha256", "").lower(), values.pop("uri", "")
    if file is None:
        if not (uri and wanted):
            message = "Choose a file, or give a link and the SHA-256 of what stands there: a link can change."
            raise Malformed("evidence", message, missing=("sha256",) if uri else (FILE,))
        name = uri.rstrip("/").rpartition("/")[2] or uri
        return {"title": name, **values, "sha256": wanted, "uri": uri}
    if uri:
        raise Malformed("evidence", "Give a file or a link, not both: each is its own.", missing=("uri",))
    name = name_of(file)
    digest = _digest(file.file)
    if wanted and wanted != digest:
        raise Refused(
            "sha256-differs",
            f"{name} is another file than the one you mean: its SHA-256 is {digest}, not {wanted}.",
            missing=("sha256",),
        )
    about = {"sha256": digest, "uri": name, "media_type": media_type(name), "size": file.size}
    return {"title": name, **values, **about}


def _digest(file: BinaryIO) -> str:
    found = sha256()
    while part := file.read(PART):
        found.update(part)
    return found.hexdigest()
