"""Bodies to stored bytes and back: canonical JSON in, strictly read out, by a closed registry of types."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol

import msgspec
import orjson
from msgspec.inspect import (
    BoolType,
    IntType,
    ListType,
    LiteralType,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)
from msgspec.structs import replace

from roadlog.event_store.errors import PayloadTooLarge, Unreadable, Unstorable
from roadlog.event_store.records import rfc3339

MAX_PAYLOAD = 256 * 1024
"""Bytes of one record's state."""

WHOLE = len("2026-01-31T09:30:00.000000Z")

Path = tuple[str, ...]
"""Names of fields, from the outside in."""
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
        self._reserved_paths: dict[str, tuple[Path, ...]] = {}

    def encode(self, type_name: str, body: StoredBody) -> bytes:
        """The body as JSON: sorted keys, no spaces, times as RFC 3339 with six fractional digits and `Z`.

        Raises `Unstorable` for what would not read back equal: NaN, infinities, lone surrogates, integers
        beyond 64 bits, values of another type than declared; `PayloadTooLarge` beyond 256 KiB; KeyError for
        an unknown type.
        """
        schema, decoder = self._reader(type_name)
        try:
            _check_integers(body)
            ready = body
            for reserved in self._reserved(type_name):
                ready = _with_stored(ready, reserved)
            state = _write(ready)
            if len(state) > MAX_PAYLOAD:
                raise PayloadTooLarge(type_name, len(state), MAX_PAYLOAD)
            back = decoder.decode(state)
        except msgspec.ValidationError as error:
            why, path = _where(error)
            raise Unstorable(f"{type_name} at {_not_finite(body) or path}: {why}") from error
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, Unstorable):
                raise
            raise Unstorable(f"{type_name}: {error}") from error
        if back != body or body.schema != schema:
            place = _not_finite(body)
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

    def _reserved(self, type_name: str) -> "tuple[Path, ...]":
        """What of a body of that type is not left to msgspec, looked up when one is first written."""
        if type_name not in self._reserved_paths:
            _, kind = self._types[type_name]
            found = _reserved_in(type_info(self._body_of(kind)), ())
            self._reserved_paths[type_name] = tuple(dict.fromkeys(found))
        return self._reserved_paths[type_name]

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


_write = msgspec.json.Encoder(order="sorted").encode
_check_integers = msgspec.msgpack.Encoder(enc_hook=str).encode
"""Raises OverflowError for one beyond 64 bits: MessagePack has none, where msgspec's JSON takes any."""


def _reserved_in(kind: Type, path: Path) -> Iterator[Path]:
    """The paths of what msgspec writes in another form than the stored one, or may: times, floats, dicts."""
    match kind:
        case StrType() | IntType() | BoolType() | NoneType() | LiteralType():
            return
        case StructType():
            for field in kind.fields:
                yield from _reserved_in(field.type, (*path, field.name))
        case UnionType():
            for each in kind.types:
                yield from _reserved_in(each, path)
        case ListType() | VarTupleType() if not list(_reserved_in(kind.item_type, path)):
            return
        case _:
            yield path


def _with_stored(value: Any, path: Path) -> Any:
    """The struct with what stands at the path in its stored form, which msgspec then writes as it is."""
    name, inner = path[0], path[1:]
    part = getattr(value, name, None)
    if part is None:
        return value
    return replace(value, **{name: _with_stored(part, inner) if inner else _stored(part)})


def _stored(part: Any) -> str | msgspec.Raw:
    if isinstance(part, datetime):
        return _time(part)
    plain = msgspec.to_builtins(part, builtin_types=(datetime,), enc_hook=_set_time)
    form = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
    return msgspec.Raw(orjson.dumps(plain, default=_time, option=form))


def _time(moment: datetime) -> str:
    """What `rfc3339` says, in a third of its time: msgspec only leaves out a fraction that is zero."""
    if moment.tzinfo is not UTC:
        return rfc3339(moment)
    text: str = msgspec.to_builtins(moment, enc_hook=rfc3339)
    return text if len(text) == WHOLE else f"{text[:-1]}.000000Z"


def _set_time(value: object) -> str:
    """The stored form of a subclass's time or day, which a clock set by a test gives; msgspec has others."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in stored bytes")


def _where(error: msgspec.ValidationError) -> tuple[str, str]:
    """msgspec's message, `… - at `$.path``, as what is wrong and where."""
    why, _, path = str(error).partition(" - at `")
    return why, path.rstrip("`") or "$"


def _not_finite(value: object, path: str = "$") -> str | None:
    """The path of the first NaN or infinity, which JSON has no word for (orjson would write null)."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value, enc_hook=_set_time)
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
