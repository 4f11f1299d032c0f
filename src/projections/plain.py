"""Values of the domain as plain JSON: structs become objects, times RFC 3339 text, dates ISO."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from roadlog.domain.moments import rfc3339

ATOMS = frozenset({str, int, float, bool, type(None)})
"""What JSON has as it is; most values are, and are not looked at twice."""


def plain(value: Any) -> Any:
    """The value as orjson writes it without help, every time with six fractional digits."""
    if type(value) in ATOMS:
        return value
    if isinstance(value, Struct):
        return {name: each if type(each) in ATOMS else plain(each) for name, each in asdict(value).items()}
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value
