"""Bodies to stored bytes and back: canonical JSON in, strictly read out, by a closed registry of types."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol

import msgspec
import orjson

from roadlog.event_store.errors import PayloadTooLarge, Unreadable, Unstorable
from roadlog.event_store.records import rfc3339

MAX_PAYLOAD = 256 * 1024
"""Bytes of one record's state."""

WHOLE = len("2026-01-31T09:30:00.000000Z")
FORM = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
"""How orjson writes a body; a time it would write without six fractional digits, it asks `_time` for."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""From a raw body of one schema number to the next; it sets `schema` itself."""


class StoredBody(Protocol):
    """What the codec asks of a body: it is a msgspec Struct, and says the schema number of its type."""

    @property
    def schema(self) -> int: ...


class Codec:
    """Writes and reads the bodies of a closed set of types: no name in a row ever imports anything.

    `types` maps a type's name to its schema number and to what `body_of` makes, when the type is first met,
    the msgspec type of its whole body of; `upcasters` maps (name, schema number) to the step that brings a
    raw body to the next number.
    """

    def __init__(
        self,
        types: Mapping[str, tuple[int, Any]],
        upcasters: Mapping[tuple[str, int], Upcaster] | None = None,
        *,
        body_of: Callable[[Any], Any] = lambda kind: kind,
    ) -> None:
        self._types = types
        self._body_of = body_of
        self._upcasters = upcasters or {}
        self._decoders: dict[str, tuple[int, msgspec.json.Decoder[Any]]] = {}

    def encode(self, type_name: str, body: StoredBody) -> bytes:
        """The body as JSON: sorted keys, no spaces, times as RFC 3339 with six fractional digits and `Z`.

        Raises `Unstorable` for what would not read back equal: NaN, infinities, lone surrogates, integers
        beyond 64 bits, values of another type than declared; `PayloadTooLarge` beyond 256 KiB; KeyError for
        an unknown type.
        """
        schema, decoder = self._reader(type_name)
        try:
            plain = msgspec.to_builtins(body, builtin_types=(datetime,), enc_hook=_written)
            state = orjson.dumps(plain, default=_time, option=FORM)
            if len(state) > MAX_PAYLOAD:
                raise PayloadTooLarge(type_name, len(state), MAX_PAYLOAD)
            back = decoder.decode(state)
        except msgspec.ValidationError as error:
            why, path = _where(error)
            raise Unstorable(f"{type_name} at {_not_finite(plain) or path}: {why}") from error
        except (TypeError, ValueError) as error:
            if isinstance(error, Unstorable):
                raise
            raise Unstorable(f"{type_name}: {error.__cause__ or error}") from error
        if back != body or body.schema != schema:
            place = _not_finite(plain)
            raise Unstorable(
                f"{type_name} at {place}: not a finite number"
                if place
                else f"{type_name} (schema {schema}) does not read back as it was given: {body!r}"
            )
        return state

    def decode(
        self, type_name: str, state: bytes, *, position: int | None = None, stream: str | None = None
    ) -> Any:
        """The body in `state`; `position` and `stream` only name it in errors.

        Raises `Unreadable` for an unknown type name, bytes that are not JSON, missing, extra or mistyped
        fields, and schema numbers that this version does not know.
        """
        try:
            schema, decoder = self._decoders[type_name]
            body = decoder.decode(state)
        except (KeyError, ValueError, RecursionError, TypeError):  # not met before, or not as it is today
            schema, body = 0, None
        if body is not None and body.schema == schema:
            return body
        path: str | None = None
        try:
            return self._decode(type_name, state)
        except msgspec.ValidationError as error:
            why, path = _where(error)
        except _NoWay as error:
            why, path = str(error), error.path
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError) as error:
            why = f"not JSON: {error}"
        raise Unreadable(why, position=position, stream=stream, type_name=type_name, path=path)

    def _decode(self, type_name: str, state: bytes) -> Any:
        if type_name not in self._types:
            raise _NoWay(f"no type is named {type_name!r}", None)
        schema, decoder = self._reader(type_name)
        try:
            body = decoder.decode(state)
        except msgspec.ValidationError:
            raw = msgspec.json.decode(state)
            number = raw.get("schema") if isinstance(raw, dict) else None
            if type(number) is not int or number == schema:
                raise
        else:
            if body.schema == schema:
                return body
            raw = msgspec.json.decode(state)
        return self._upcast(type_name, raw, schema)

    def _reader(self, type_name: str) -> tuple[int, msgspec.json.Decoder[Any]]:
        """The schema number and the decoder of a type, made when it is first met: most commands meet few."""
        try:
            return self._decoders[type_name]
        except KeyError:
            schema, kind = self._types[type_name]
            reader = self._decoders[type_name] = (schema, msgspec.json.Decoder(self._body_of(kind)))
            return reader

    def _upcast(self, type_name: str, raw: dict[str, Any], schema: int) -> Any:
        """The body of an older schema, brought to the present one step by step and then read strictly."""
        if raw["schema"] > schema:
            why = f"schema {raw['schema']} is newer than {schema}, the newest that this version reads"
            raise _NoWay(why, "$.schema")
        while (number := raw["schema"]) != schema:
            step = self._upcasters.get((type_name, number))
            if step is None:
                raise _NoWay(f"no upcaster leads on from schema {number}", "$.schema")
            try:
                raw = step(raw)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise _NoWay(f"it is not of schema {number}: {error!r}", "$") from error
        _, kind = self._types[type_name]
        return msgspec.convert(raw, self._body_of(kind), strict=True)


class _NoWay(Exception):
    """There is no way from these bytes to a body of this version."""

    def __init__(self, why: str, path: str | None) -> None:
        super().__init__(why)
        self.path = path


def _written(value: object) -> str:
    """The stored form of a time, and of the day of a clock set by a test, a type that msgspec refuses."""
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in stored bytes")


def _time(moment: datetime) -> str:
    """What `rfc3339` says, in a third of its time: msgspec only leaves out a fraction that is zero."""
    if moment.tzinfo is not UTC:
        return rfc3339(moment)
    text: str = msgspec.to_builtins(moment, enc_hook=rfc3339)
    return text if len(text) == WHOLE else f"{text[:-1]}.000000Z"


def _where(error: msgspec.ValidationError) -> tuple[str, str]:
    """msgspec's message, `… - at `$.path``, as what is wrong and where."""
    why, _, path = str(error).partition(" - at `")
    return why, path.rstrip("`") or "$"


def _not_finite(value: object, path: str = "$") -> str | None:
    """The path of the first NaN or infinity, which JSON has no word for (orjson would write null)."""
    if isinstance(value, float):
        return None if math.isfinite(value) else path
    items: list[tuple[str, object]] = []
    if isinstance(value, dict):
        items = [(f"{path}.{key}", inner) for key, inner in value.items()]
    elif isinstance(value, list | tuple):
        items = [(f"{path}[{place}]", inner) for place, inner in enumerate(value)]
    for inner_path, inner in items:
        if found := _not_finite(inner, inner_path):
            return found
    return None
